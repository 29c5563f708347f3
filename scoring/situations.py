"""A combination of pooled facts in words, as an example of what a rubric has to decide."""

from collections.abc import Mapping
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .pooling import Value

Words: TypeAlias = str | Promise

KINDS: dict[Value, Words] = {
    None: _("No policy counts."),
    "broad": _("The strongest policy that counts is a broad policy."),
    "sectoral": _("The strongest policy that counts is a sectoral policy."),
    "cluster": _("The strongest policy that counts is a cluster policy."),
}

# What is said if it is so, and if not.
SAID: dict[str, tuple[Words, Words]] = {
    "cluster_financial": (
        _("A cluster policy has financial instruments."),
        _("No cluster policy has financial instruments."),
    ),
    "cluster_technical": (
        _("A cluster policy has technical assistance."),
        _("No cluster policy has technical assistance."),
    ),
    "other_financial": (
        _("A broad or sectoral policy has financial instruments."),
        _("No broad or sectoral policy has financial instruments."),
    ),
    "other_technical": (
        _("A broad or sectoral policy has technical assistance."),
        _("No broad or sectoral policy has technical assistance."),
    ),
    "monitoring": (_("A policy is monitored."), _("No policy is monitored.")),
    "ongoing": (
        _("A policy has an ongoing evaluation."),
        _("No policy has an ongoing evaluation."),
    ),
    "ex_ante": (
        _("A policy has an ex-ante evaluation."),
        _("No policy has an ex-ante evaluation."),
    ),
    "ex_post": (
        _("A policy has an ex-post evaluation."),
        _("No policy has an ex-post evaluation."),
    ),
    "past_evaluation": (
        _("A policy that has ended was evaluated."),
        _("No policy that has ended was evaluated."),
    ),
}


def in_words(combination: Mapping[str, Value]) -> str:
    """A sentence for each fact, in the active language."""
    return " ".join(_sentence(fact, value) for fact, value in combination.items())


def _sentence(fact: str, value: Value) -> str:
    if fact == "kind":
        return str(KINDS[value])
    if fact == "cluster_years":
        return _run(value)
    is_so, is_not = SAID[fact]
    return str(is_so if value else is_not)


def _run(years: Value) -> str:
    if years is None:
        return str(_("No cluster policy counts."))
    count = int(years)
    message = ngettext(
        "The cluster policy that has run longest has run for %(count)d year.",
        "The cluster policy that has run longest has run for %(count)d years.",
        count,
    )
    return message % {"count": count}
