"""Why a criterion has its level, as data that can be stored, and in words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Self

from django.utils.formats import number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from .rules import RULES, Sentence


@dataclass(frozen=True)
class Reason:
    """A code of `SENTENCES` or of a rule, and plain JSON values to fill the sentence with."""

    code: str
    parameters: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["code"], data["parameters"])


SENTENCES: dict[str, Sentence] = {
    "policies.not_researched": _("It has not been researched yet which policies exist."),
    "policies.none_counts": _(
        "None of the reported policies counts: a score takes one that is in force, or the "
        "statement that none exists."
    ),
    "policies.contradiction": ngettext_lazy(
        "The factsheet states that no policy exists, but %(policies)s is in force.",
        "The factsheet states that no policy exists, but %(policies)s are in force.",
        "count",
    ),
    "rubric.no_level": _("The scoring system has no level for these facts."),
    "rubric.overlap": _("More than one level of the scoring system fits: %(levels)s."),
    "unknown.outcome": _("Depending on that, the level would be %(levels)s."),
    "unknown.cluster_years": ngettext_lazy(
        "It is not known since which year the cluster policy %(policies)s has run.",
        "It is not known since which years the cluster policies %(policies)s have run.",
        "count",
    ),
    "unknown.cluster_financial": ngettext_lazy(
        "It is not known whether %(policies)s has financial instruments.",
        "It is not known whether %(policies)s have financial instruments.",
        "count",
    ),
    "unknown.cluster_technical": ngettext_lazy(
        "It is not known whether %(policies)s has technical assistance.",
        "It is not known whether %(policies)s have technical assistance.",
        "count",
    ),
    "unknown.monitoring": ngettext_lazy(
        "It is not known whether %(policies)s is monitored.",
        "It is not known whether %(policies)s are monitored.",
        "count",
    ),
    "unknown.ongoing": ngettext_lazy(
        "It is not known whether %(policies)s has an ongoing evaluation.",
        "It is not known whether %(policies)s have an ongoing evaluation.",
        "count",
    ),
    "unknown.ex_ante": ngettext_lazy(
        "It is not known whether %(policies)s has an ex-ante evaluation.",
        "It is not known whether %(policies)s have an ex-ante evaluation.",
        "count",
    ),
    "unknown.ex_post": ngettext_lazy(
        "It is not known whether %(policies)s has an ex-post evaluation.",
        "It is not known whether %(policies)s have an ex-post evaluation.",
        "count",
    ),
    "unknown.past_evaluation": ngettext_lazy(
        "It is not known whether %(policies)s, which has ended, was evaluated.",
        "It is not known whether %(policies)s, which have ended, were evaluated.",
        "count",
    ),
    "shown.kind.broad": ngettext_lazy(
        "%(policies)s is a broad policy.", "%(policies)s are broad policies.", "count"
    ),
    "shown.kind.sectoral": ngettext_lazy(
        "%(policies)s is a sectoral policy.", "%(policies)s are sectoral policies.", "count"
    ),
    "shown.kind.cluster": ngettext_lazy(
        "%(policies)s is a cluster policy.", "%(policies)s are cluster policies.", "count"
    ),
    "shown.cluster_years": ngettext_lazy(
        "The longest known run without a break is %(years)s year: %(policies)s.",
        "The longest known run without a break is %(years)s years: %(policies)s.",
        "years",
    ),
    "shown.cluster_financial": ngettext_lazy(
        "%(policies)s has financial instruments.",
        "%(policies)s have financial instruments.",
        "count",
    ),
    "shown.cluster_technical": ngettext_lazy(
        "%(policies)s has technical assistance.",
        "%(policies)s have technical assistance.",
        "count",
    ),
    "shown.monitoring": ngettext_lazy(
        "%(policies)s is monitored.", "%(policies)s are monitored.", "count"
    ),
    "shown.ongoing": ngettext_lazy(
        "%(policies)s has an ongoing evaluation.",
        "%(policies)s have an ongoing evaluation.",
        "count",
    ),
    "shown.ex_ante": ngettext_lazy(
        "%(policies)s has an ex-ante evaluation.",
        "%(policies)s have an ex-ante evaluation.",
        "count",
    ),
    "shown.ex_post": ngettext_lazy(
        "%(policies)s has an ex-post evaluation.",
        "%(policies)s have an ex-post evaluation.",
        "count",
    ),
    "shown.past_evaluation": ngettext_lazy(
        "%(policies)s, which has ended, was evaluated.",
        "%(policies)s, which have ended, were evaluated.",
        "count",
    ),
}
for _seen in ("unknown", "shown"):
    for _support in ("financial", "technical"):
        SENTENCES[f"{_seen}.other_{_support}"] = SENTENCES[f"{_seen}.cluster_{_support}"]


def words(reason: Reason) -> str:
    """The reason as a sentence in the active language, as plain text."""
    sentence = _sentence(reason.code)
    return str(sentence % _spoken(reason.parameters))


def points_in_words(points: Decimal | str) -> str:
    """0.5, 1 or 2, with the decimal sign of the active language."""
    return number_format(plain_points(points))


def plain_points(points: Decimal | str) -> str:
    """0.5, 1 or 2: without trailing zeros, the same from every database and file."""
    plain = f"{Decimal(points):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _sentence(code: str) -> Sentence:
    return RULES[code].reason if code in RULES else SENTENCES[code]


def _spoken(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as a sentence wants them: lists joined, points as people write them."""
    spoken = dict(parameters)
    if "points" in parameters:
        spoken["points"] = points_in_words(parameters["points"])
    if "levels" in parameters:
        levels = [_level(points) for points in parameters["levels"]]
        spoken["levels"] = get_text_list(levels, gettext("or"))
    if "policies" in parameters:
        spoken["count"] = len(parameters["policies"])
        spoken["policies"] = get_text_list(parameters["policies"], gettext("and"))
    return spoken


def _level(points: str | None) -> str:
    return gettext("none") if points is None else points_in_words(points)
