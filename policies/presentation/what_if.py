"""A what-if in words: facts that differ, two scores side by side, steps and who made them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.models import Kind, PoliciesStatus
from policies.presentation.score import Criterion, criteria_of, radar_in_words, radar_of
from policies.presentation.words import DASH, Document
from policies.presentation.yardsticks import Chart
from policies.tongues import filled
from scoring.facts import Facts, Known, PolicyFacts, Status, counts, ended
from scoring.steps import KIND, LEFT_OUT, SINCE, STATUS, Change

Words = str | Promise

KNOWN: Mapping[str, Words] = {
    Known.PRESENT: gettext_lazy("yes"),
    Known.ABSENT: gettext_lazy("no"),
    Known.UNKNOWN: gettext_lazy("not known"),
}

BECOMES: Mapping[str, Words] = {
    "broad": gettext_lazy("%(policy)s becomes a broad policy"),
    "sectoral": gettext_lazy("%(policy)s becomes a sectoral policy"),
    "cluster": gettext_lazy("%(policy)s becomes a cluster policy"),
}
STARTS: Mapping[str, Words] = {
    "broad": gettext_lazy("a new broad policy starts"),
    "sectoral": gettext_lazy("a new sectoral policy starts"),
    "cluster": gettext_lazy("a new cluster policy starts"),
}
SHOWS: Mapping[str, Words] = {
    "financial": gettext_lazy("%(policy)s gives financial support"),
    "technical": gettext_lazy("%(policy)s gives technical assistance"),
    "ex_ante": gettext_lazy("%(policy)s has an ex-ante evaluation"),
    "ex_post": gettext_lazy("%(policy)s has an ex-post evaluation"),
    "ongoing": gettext_lazy("%(policy)s has an ongoing evaluation"),
    "monitoring": gettext_lazy("%(policy)s is monitored"),
}
TURNS_OUT: Mapping[str, Words] = {
    "financial": gettext_lazy("it becomes known that %(policy)s gives financial support"),
    "technical": gettext_lazy("it becomes known that %(policy)s gives technical assistance"),
    "ex_ante": gettext_lazy("it becomes known that %(policy)s has an ex-ante evaluation"),
    "ex_post": gettext_lazy("it becomes known that %(policy)s has an ex-post evaluation"),
    "ongoing": gettext_lazy("it becomes known that %(policy)s has an ongoing evaluation"),
    "monitoring": gettext_lazy("it becomes known that %(policy)s is monitored"),
}
SETTLES: Mapping[str, Words] = {
    Status.NOT_RESEARCHED: gettext_lazy("it becomes known which policies there are"),
    Status.NONE_EXIST: gettext_lazy("the factsheet no longer states that no policy exists"),
}


def step_in_words(change: Change, facts: Facts) -> str:
    """One change of a step, as a part of a sentence; `facts` are those before it."""
    if change.fact == STATUS:
        return str(SETTLES[facts.status])
    policy = next((each for each in facts.policies if each.code == change.policy), None)
    if change.fact == KIND and policy is None:
        return str(STARTS[change.value])
    values = {"policy": _name(policy), "year": change.value}
    if change.fact == KIND:
        return filled(BECOMES[change.value], values)
    if change.fact == SINCE:
        return filled(_("%(policy)s has run without a break since %(year)d"), values)
    unknown = policy is not None and getattr(policy, change.fact) == Known.UNKNOWN
    return filled((TURNS_OUT if unknown else SHOWS)[change.fact], values)


def _name(policy: PolicyFacts | None) -> str:
    """One that the step itself brings has no name yet."""
    if policy is None or policy.name == policy.code:
        return _("the new policy")
    return policy.name


def value_in_words(fact: str, value: Any) -> str:
    """What the table of changed facts says of a value."""
    if fact == STATUS:
        return str(PoliciesStatus(value).label)
    if fact == KIND:
        return str(Kind(value).label)
    if fact == LEFT_OUT:
        return str(KNOWN[Known.PRESENT if value else Known.ABSENT])
    if isinstance(value, Known):
        return str(KNOWN[value])
    return DASH if value is None else str(value)


def standing_in_words(policy: PolicyFacts, year: int) -> str:
    """Why a policy does not count; empty if it does."""
    if counts(policy, year):
        return ""
    if ended(policy, year):
        return _("ended before %(year)d: only its evaluations count") % {"year": year}
    return _("not started by %(year)d, so it does not count") % {"year": year}


@dataclass(frozen=True)
class Difference:
    """A fact that is supposed; `undo` is the address without it."""

    policy: str
    fact: str
    before: str
    after: str
    undo: str


@dataclass(frozen=True)
class Beside:
    """A criterion as published and as supposed; `direction` says which has more points."""

    before: Criterion
    after: Criterion
    direction: str
    judgement: str


def criteria_beside(before: Document, after: Document, set_aside: frozenset[str]) -> list[Beside]:
    pairs = zip(before["maturity"]["criteria"], after["maturity"]["criteria"], strict=True)
    directions = [_direction(old["points"], new["points"]) for old, new in pairs]
    return [
        Beside(old, new, direction, _judgement(new, set_aside))
        for old, new, direction in zip(
            criteria_of(before), criteria_of(after), directions, strict=True
        )
    ]


def _direction(before: float | None, after: float | None) -> str:
    if before == after:
        return "same"
    if before is None or after is None:
        return "other"
    return "up" if after > before else "down"


def _judgement(criterion: Criterion, set_aside: frozenset[str]) -> str:
    if criterion.code in set_aside:
        return _(
            "The published points were judged from other facts. What follows from the supposed "
            "ones is shown instead; a new judgement might differ."
        )
    if criterion.basis == "judged":
        return _("Judged, and kept: no fact that this criterion reads was changed.")
    return ""


def chart_of(before: Document, after: Document, name: str) -> Chart:
    """Both outlines in one radar, the published one below."""
    titles = [_("Published"), _("Simulated")]
    radars = [radar_of(before), radar_of(after)]
    named = zip((before, after), titles, strict=True)
    return Chart(
        id="radar",
        name=name,
        titles=titles,
        data={
            "labels": [label[:-1] for label in radars[0]["labels"]],
            "maximum": radars[0]["maximum"],
            "series": [
                {"name": title, "points": radar["points"]}
                for title, radar in zip(titles, radars, strict=True)
            ],
        },
        words=[radar_in_words({**each, "country": {"name": title}}) for each, title in named],
    )
