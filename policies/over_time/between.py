"""Why the points of an edition differ from those of the one before, over all countries in both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from policies.folding import alphabetical
from policies.models import Of
from policies.over_time.editions import BetweenEditions, Portion, Summed
from policies.presentation.parts import LABELS, causes_in_words, signed
from policies.presentation.words import moment, points
from policies.wording import said_like
from scoring.decomposing import in_order


@dataclass(frozen=True)
class Due:
    """Points, such as “+1.5”, what they are due to, and how many countries that moved."""

    points: str
    causes: list[str]
    countries: list[tuple[str, str]]  # names, and where their points stand over time

    @property
    def is_together(self) -> bool:
        return len(self.causes) > 1


@dataclass(frozen=True)
class Row:
    title: str
    before: str
    after: str
    change: str
    parts: list[Due]


@dataclass(frozen=True)
class Table:
    countries: int
    rows: list[Row]
    total: Row
    until: str


def causes_of(*tables: BetweenEditions) -> list[tuple[str, str]]:
    """Each cause that any of them names, with what it means."""
    sums = (summed for found in tables for summed in (found.total, *found.criteria.values()))
    return causes_in_words(c for summed in sums for p in summed.portions for c in p.causes)


def table_of(found: BetweenEditions, names: Mapping[str, str]) -> Table:
    """`names` are those of the countries by slug."""
    return Table(
        countries=len(found.countries),
        rows=[
            _row(summed, said_like(Of.CRITERION, "title", summed.title), names)
            for summed in found.criteria.values()
        ],
        total=_row(found.total, _("Total"), names),
        until=moment(found.until),
    )


def _row(summed: Summed, title: str, names: Mapping[str, str]) -> Row:
    before, after = summed.before, summed.after
    return Row(
        title=title,
        before=_("not measured") if before is None else points(before),
        after=_("not measured") if after is None else points(after),
        change=signed(_whole(before, after)),
        parts=_parts(summed.portions, names),
    )


def _whole(before: Decimal | None, after: Decimal | None) -> Decimal:
    """What one of the two scoring systems does not measure adds nothing to a sum."""
    return (after or Decimal(0)) - (before or Decimal(0))


def _parts(portions: Iterable[Portion], names: Mapping[str, str]) -> list[Due]:
    return [
        Due(
            signed(portion.points),
            [str(LABELS[cause]) for cause in in_order(portion.causes)],
            _countries(portion.countries, names),
        )
        for portion in portions
    ]


def _countries(slugs: Iterable[str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    found = sorted(
        ((names.get(slug, slug), slug) for slug in slugs), key=lambda row: alphabetical(row[0])
    )
    return [(name, reverse("policies:country_over_time", args=[slug])) for name, slug in found]
