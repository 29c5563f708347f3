"""Why the points of an edition differ from those of the one before, over all countries in both."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.over_time.editions import BetweenEditions, Portion, Summed
from policies.presentation.parts import LABELS, causes_in_words, signed
from policies.presentation.words import points
from scoring.decomposing import in_order


@dataclass(frozen=True)
class Due:
    """Points, such as “+1.5”, what they are due to, and how many countries that moved."""

    points: str
    causes: list[str]
    countries: str

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
    causes: list[tuple[str, str]]


def table_of(found: BetweenEditions) -> Table:
    portions = [
        *found.total.portions,
        *(p for each in found.criteria.values() for p in each.portions),
    ]
    return Table(
        countries=len(found.countries),
        rows=[_row(summed, summed.title) for summed in found.criteria.values()],
        total=_row(found.total, _("Total")),
        causes=causes_in_words(cause for portion in portions for cause in portion.causes),
    )


def _row(summed: Summed, title: str) -> Row:
    before, after = summed.before, summed.after
    return Row(
        title=title,
        before=_("not measured") if before is None else points(before),
        after=_("not measured") if after is None else points(after),
        change=signed(_whole(before, after)),
        parts=_parts(summed.portions),
    )


def _whole(before: Decimal | None, after: Decimal | None) -> Decimal:
    """What one of the two scoring systems does not measure adds nothing to a sum."""
    return (after or Decimal(0)) - (before or Decimal(0))


def _parts(portions: Iterable[Portion]) -> list[Due]:
    return [
        Due(
            signed(portion.points),
            [str(LABELS[cause]) for cause in in_order(portion.causes)],
            ngettext("%(count)d country", "%(count)d countries", len(portion.countries))
            % {"count": len(portion.countries)},
        )
        for portion in portions
    ]
