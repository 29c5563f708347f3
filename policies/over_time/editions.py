"""Why the points of an edition differ from those of another, over all countries in both."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Q
from django.utils import timezone

from policies.finding import YEAR
from policies.models import Country, Publication
from policies.models.publication import end_of
from policies.over_time.versions import Rules, Step, Version, read, steps
from scoring.decomposing import Causes, Change, Part, Points, rank, total_of

TOTAL = ""  # stands for the code of a criterion


@dataclass(frozen=True)
class Portion:
    """What these causes added to the sum of points; of several causes nobody can tell each."""

    causes: Causes
    points: Decimal
    countries: tuple[str, ...]  # those that it moved, by slug


@dataclass(frozen=True)
class Summed:
    """The points of a criterion, or the totals, summed over all countries.

    None where a rubric of these editions has no such criterion.
    """

    title: str
    before: Points
    after: Points
    portions: tuple[Portion, ...]


@dataclass(frozen=True)
class BetweenEditions:
    """The countries that both editions publish, by slug, and their points by criterion.

    The portions of a criterion add up to what its sum changed by. Divided by the number of
    countries they are what its mean changed by.
    """

    countries: tuple[str, ...]
    criteria: dict[str, Summed]
    total: Summed
    until: date | None  # the day of the latest version that is counted


def decomposed_editions(
    before: int, after: int, on: date | None = None, rules: Rules | None = None
) -> tuple[BetweenEditions, BetweenEditions]:
    """Real countries, and invented ones; the years in this order. Three queries, one without rules.

    From the version of the earlier edition that is current, over all of the later edition, to
    the one that is current there; as of the end of the day `on`, if that is given.
    """
    rules = rules or Rules.read()
    real, invented = _Sum(), _Sum()
    for country, found in groupby(
        steps(_versions(before, after, on), rules), key=lambda pair: (pair[0].slug, pair[0].group)
    ):
        slug, group = country
        taken = [_Taken.of(step) for _version, step in found if step]
        if taken:
            (invented if group == Country.Group.DEMONSTRATION else real).add(slug, taken)
    return real.summed(), invented.summed()


def _versions(before: int, after: int, on: date | None) -> Iterator[Version]:
    """Of countries in both: the version that is current in one, all up to it in the other."""
    shown = Publication.objects.as_of(on)
    earlier, later = (shown.filter(**{YEAR: year}) for year in (before, after))
    in_both = Publication.objects.filter(
        factsheet__country__in=earlier.values("factsheet__country")
    ).filter(factsheet__country__in=later.values("factsheet__country"))
    known, readable = Q(), Q(withdrawn_at=None)
    if on:
        known, readable = Q(published_at__lt=end_of(on)), readable | Q(withdrawn_at__gte=end_of(on))
    wanted = Q(pk__in=earlier.values("pk")) | Q(factsheet__in=later.values("factsheet"))
    return read(in_both.filter(wanted, known), readable)


@dataclass(frozen=True)
class _Taken:
    """What is kept of a step once its documents are gone."""

    titles: dict[str, str]
    changes: dict[str, Change]
    until: date

    @classmethod
    def of(cls, step: Step) -> "_Taken":
        found = step.why.decomposition.criteria
        return cls(
            {
                criterion["code"]: criterion["title"]
                for version in (step.before, step.after)
                if version.document
                for criterion in version.document["maturity"]["criteria"]
            },
            {**found, TOTAL: total_of(found.values())},
            timezone.localdate(max(step.before.published_at, step.after.published_at)),
        )


class _Sum:
    """Grows country by country."""

    def __init__(self) -> None:
        self.countries: list[str] = []
        self.days: list[date] = []
        self.titles: dict[str, str] = {TOTAL: ""}
        self.before: dict[str, Decimal] = defaultdict(Decimal)
        self.after: dict[str, Decimal] = defaultdict(Decimal)
        self.portions: dict[str, dict[Causes, list[tuple[str, Decimal]]]] = defaultdict(dict)

    def add(self, slug: str, taken: list[_Taken]) -> None:
        self.countries.append(slug)
        for each in taken:
            self.titles |= each.titles
            self.days.append(each.until)
            for code, change in each.changes.items():
                self._note(code, slug, change.parts)
        for code, change in taken[0].changes.items():
            self._count(self.before, code, change.before, change.is_measured[0])
        for code, change in taken[-1].changes.items():
            self._count(self.after, code, change.after, change.is_measured[1])

    def _note(self, code: str, slug: str, parts: Iterable[Part]) -> None:
        for part in parts:
            self.portions[code].setdefault(part.causes, []).append((slug, part.points))

    def _count(
        self, sums: dict[str, Decimal], code: str, points: Points, is_measured: bool
    ) -> None:
        if is_measured and points is not None:  # no level is missing from what is published
            sums[code] += points

    def summed(self) -> BetweenEditions:
        found = {code: self._summed(code) for code in self.titles}
        total = found.pop(TOTAL)
        until = max(self.days, default=None)
        return BetweenEditions(tuple(self.countries), found, total, until)

    def _summed(self, code: str) -> Summed:
        portions = self.portions[code]
        return Summed(
            self.titles[code],
            self.before.get(code),
            self.after.get(code),
            tuple(
                Portion(
                    causes,
                    sum((points for _slug, points in portions[causes]), Decimal(0)),
                    tuple(dict.fromkeys(slug for slug, _points in portions[causes])),
                )
                for causes in sorted(portions, key=rank)
            ),
        )
