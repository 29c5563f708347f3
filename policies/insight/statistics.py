"""What an edition adds up to: countries and policies counted by every standardised fact.

Nothing but policies in force of real countries, or of invented ones, is counted together. What is
not known is counted as just that, apart from the bars, and never as zero.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from policies.insight.collected import Policy, Published, by_group
from policies.insight.matrix import NO_POLICY, UNRESEARCHED, strongest_kind
from policies.insight.vocabulary import Heading
from policies.models import Availability, Kind, Level, Period

Query = dict[str, str]  # parameters of the list that a bar counts

COUNTRIES, POLICIES = "countries", "policies"
SECTIONS = (
    "objectives",
    "financial-instruments",
    "technical-assistance",
    "beneficiaries",
    "evaluation",
    "eu-priorities",
)
NOTHING = (  # in the order in which they are always named
    Availability.NONE_EXISTS,
    Availability.NOT_APPLICABLE,
    Availability.REPORTED,
    Availability.NO_DATA,
    Availability.NOT_RESEARCHED,
)

# Years since the start: more than, and at most. 2 and 10 are the bounds of continuity, too.
AGES: dict[str, tuple[int | None, int | None]] = {
    "2": (None, 2),
    "5": (2, 5),
    "10": (5, 10),
    "over": (10, None),
}
UNKNOWN_AGE = "unknown"
AGES_IN_WORDS: dict[str, Promise] = {
    "2": _("Up to 2 years"),
    "5": _("Over 2, up to 5 years"),
    "10": _("Over 5, up to 10 years"),
    "over": _("Over 10 years"),
    UNKNOWN_AGE: _("Starting year not known"),
}
KINDS_IN_WORDS: dict[str, str | Promise] = {
    **dict(reversed(Kind.choices)),
    NO_POLICY: _("No policy in force"),
    UNRESEARCHED: _("Not yet researched"),
}
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Bar:
    """Some of what a figure counts; `query` asks for the list of just these, where there is one."""

    code: str
    count: int
    query: Query | None
    label: str = ""  # where it is no fixed word but data


@dataclass(frozen=True)
class Figure:
    """Bars that are all counted `of` the same; `nothing` are the ways in which there is nothing.

    Where `adds_up`, every one is in just one bar or one way of nothing. `query` asks for the list
    of them all.
    """

    code: str
    unit: str
    of: int
    bars: list[Bar]
    nothing: list[Bar] = field(default_factory=list)
    adds_up: bool = True
    title: str = ""
    query: Query = field(default_factory=dict)


@dataclass(frozen=True)
class Crossed:
    """Counts by two facts at once: a figure for each value of the one, with bars by the other.

    Behind a dot in the code of each stands that value; without one it is what all of them lack.
    """

    code: str
    parts: list[Figure]


@dataclass(frozen=True)
class Rung:
    """A level by which countries are counted."""

    criterion: str
    title: str
    points: Decimal
    label: str


def figures(
    countries: Sequence[Published],
    headings: Iterable[Heading],
    ladder: Iterable[Rung],
    *,
    scored: bool = True,
) -> list[Figure]:
    """All figures of one part of an edition, in the order of the page.

    Without those of points unless `scored`: by the ladder of another rubric they would be false.
    """
    policies = [(country, policy) for country in countries for policy in country.policies]
    found = [strongest(countries), having_kind(countries)]
    found += [_section(code, policies, list(headings)) for code in SECTIONS]
    found += [_criterion(title, rungs, countries) for title, rungs in _by_criterion(ladder)]
    found += [_totals(countries)] if scored else []
    found += [_periods(policies), _ages(policies)]
    return [*found, *(_budget(name, policies) for name in ("overall", "annual"))]


def strongest(countries: Sequence[Published]) -> Figure:
    """By the strongest kind of their policies in force: each country once."""
    counts = Counter(map(strongest_kind, countries))
    kinds = [Bar(kind, counts[kind], {"strongest": kind}) for kind in reversed(Kind.values)]
    return Figure("strongest", COUNTRIES, len(countries), kinds, _without(countries))


def having_kind(countries: Sequence[Published]) -> Figure:
    """With at least one policy in force of a kind: a country may be in several bars."""
    bars = [_having(kind, countries) for kind in reversed(Kind.values)]
    return Figure("kinds", COUNTRIES, len(countries), bars, _without(countries), adds_up=False)


def kinds_by(countries: Sequence[Published]) -> list[Crossed]:
    """Countries with a policy of each kind, by its level and by the group of the country."""
    levels = [_level(level, countries) for level in Level.values]
    rest = Figure("levels", COUNTRIES, len(countries), [], _without(countries))
    groups = [_group(group, members) for group, members in by_group(countries).items()]
    return [Crossed("levels", [*levels, rest]), Crossed("groups", groups)]


def _level(level: str, countries: Sequence[Published]) -> Figure:
    bars = [_having(kind, countries, level=level) for kind in reversed(Kind.values)]
    return Figure(f"levels.{level}", COUNTRIES, len(countries), bars, adds_up=False)


def _group(group: str, members: Sequence[Published]) -> Figure:
    query = {"group": group}
    bars = [_having(kind, members, **query) for kind in reversed(Kind.values)]
    nothing = _without(members, **query)
    code, of = f"groups.{group}", len(members)
    return Figure(code, COUNTRIES, of, bars, nothing, adds_up=False, query=query)


def _having(kind: str, countries: Iterable[Published], **query: str) -> Bar:
    level = query.get("level")
    count = sum(
        any(p.kind == kind and level in (None, p.level) for p in country.policies)
        for country in countries
    )
    return Bar(kind, count, {"kind": kind, **query})


def _without(countries: Iterable[Published], **query: str) -> list[Bar]:
    """Those that have no policy in force, and those of which nobody knows."""
    counts = Counter(map(strongest_kind, countries))
    return [
        Bar(code, counts[code], {"strongest": code, **query}) for code in (NO_POLICY, UNRESEARCHED)
    ]


Pairs = Sequence[tuple[Published, Policy]]


def _section(code: str, policies: Pairs, headings: Sequence[Heading]) -> Figure:
    """Policies by the categories that they name in a section; one may name several."""
    own = [heading for heading in headings if heading.section == code]
    named = Counter(
        category for _country, policy in policies for category in policy.categories.get(code, ())
    )
    without = Counter(
        policy.sections.get(code, Availability.NOT_RESEARCHED)
        for _country, policy in policies
        if not policy.categories.get(code)
    )
    return Figure(
        code,
        POLICIES,
        len(policies),
        [Bar(h.code, named[h.code], {"category": h.address}, label=h.label) for h in own],
        [Bar(kind, without[kind], {"said": f"{code}.{kind}"}) for kind in NOTHING],
        adds_up=False,
        title=next((heading.section_title for heading in own), code),
    )


def completed(
    ladder: Sequence[Rung], countries: Iterable[Published], titles: Mapping[str, str]
) -> list[Rung]:
    """The rungs that publications have: those of the edition's rubric of today, and of former ones.

    Criteria that no country was measured by are left out; `titles` names those of all rubrics.
    """
    given = {
        (code, score.points): score.level
        for country in countries
        for code, score in country.scores.items()
    }
    if not given:
        return list(ladder)
    measured = {code for code, _points in given}
    there = {(rung.criterion, rung.points): rung for rung in ladder if rung.criterion in measured}
    titles = {**titles, **{rung.criterion: rung.title for rung in ladder}}
    former = {
        (code, points): Rung(code, titles.get(code, code), points, level)
        for (code, points), level in given.items()
    }
    order = list(dict.fromkeys(rung.criterion for rung in [*there.values(), *former.values()]))
    rungs = {**former, **there}.values()
    return sorted(rungs, key=lambda rung: (order.index(rung.criterion), rung.points))


def _by_criterion(ladder: Iterable[Rung]) -> list[tuple[str, list[Rung]]]:
    found: dict[str, list[Rung]] = {}
    for rung in ladder:
        found.setdefault(rung.title, []).append(rung)
    return list(found.items())


UNMEASURED = _("Not measured: scored by a system without this criterion")


def _criterion(title: str, rungs: Sequence[Rung], countries: Sequence[Published]) -> Figure:
    """Countries by the points that they were given."""
    code = rungs[0].criterion
    counts = Counter(c.scores[code].points for c in countries if code in c.scores)
    unmeasured = len(countries) - sum(counts.values())
    return Figure(
        code,
        COUNTRIES,
        len(countries),
        [
            Bar(
                _plain(rung.points),
                counts[rung.points],
                {"points": f"{code}-{_plain(rung.points)}"},
                label=rung.label,
            )
            for rung in rungs
        ],
        [Bar("unmeasured", unmeasured, None, label=str(UNMEASURED))] if unmeasured else [],
        title=title,
    )


def _totals(countries: Sequence[Published]) -> Figure:
    """In steps of half a point, and every other total that a country has."""
    maximum = max((country.maximum for country in countries), default=Decimal(0))
    steps = [HALF * number for number in range(int(maximum / HALF) + 1)]
    counts = Counter(country.total for country in countries)
    bars = [
        Bar(_plain(t), counts[t], {"total_from": _plain(t), "total_to": _plain(t)})
        for t in sorted({*steps, *counts})
    ]
    return Figure("totals", COUNTRIES, len(countries), bars)


def judged(countries: Iterable[Published]) -> int:
    """How many countries have at least one criterion that was judged."""
    return sum(any(score.is_judged for score in c.scores.values()) for c in countries)


def _periods(policies: Pairs) -> Figure:
    counts = Counter(policy.period for _country, policy in policies)
    bars = [Bar(period, counts[period], {"period": period}) for period in Period.values[:2]]
    unknown = Bar(Period.UNKNOWN.value, counts[Period.UNKNOWN], {"period": Period.UNKNOWN.value})
    return Figure("periods", POLICIES, len(policies), bars, [unknown])


def age_band(policy: Policy, collection_year: int) -> str:
    """A code of `AGES`, or `UNKNOWN_AGE`."""
    if policy.starting_year is None:
        return UNKNOWN_AGE
    age = collection_year - policy.starting_year
    return next(code for code, (_over, most) in AGES.items() if most is None or age <= most)


def _ages(policies: Pairs) -> Figure:
    """Years from the starting year to that of the collection."""
    counts = Counter(age_band(policy, country.collection_year) for country, policy in policies)
    bars = [Bar(band, counts[band], {"age": band}) for band in AGES]
    unknown = Bar(UNKNOWN_AGE, counts[UNKNOWN_AGE], {"age": UNKNOWN_AGE})
    return Figure("ages", POLICIES, len(policies), bars, [unknown])


def _budget(name: str, policies: Pairs) -> Figure:
    """Whether an amount is reported; which, is not added up: currencies and years differ."""
    counts: Counter[Any] = Counter(getattr(p, f"{name}_budget") for _country, p in policies)
    known = Availability.REPORTED.value
    return Figure(
        f"{name}-budget",
        POLICIES,
        len(policies),
        [Bar(known, counts[known], {"budget": f"{name}.{known}"})],
        [
            Bar(kind, counts[kind], {"budget": f"{name}.{kind}"})
            for kind in NOTHING
            if kind != Availability.REPORTED
        ],
    )


def _plain(points: Decimal) -> str:
    return f"{points.normalize():f}"


Counts = TypeVar("Counts", Figure, Crossed)


def matched(
    found: Sequence[Counts], before: Sequence[Counts]
) -> list[tuple[Counts, Counts | None]]:
    """Each figure with that of the edition before, where both have it."""
    known = {each.code: each for each in before}
    return [(each, known.get(each.code)) for each in found]
