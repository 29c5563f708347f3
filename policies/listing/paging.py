"""Pages whose cost does not grow with depth: each begins after a row, not after so many rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from policies.listing.filters import together

SIZE = 60  # rows; an edition of today is one page


@dataclass(frozen=True)
class Cut:
    """A page of rows, and whether there are rows before and after it."""

    rows: list[Any]
    has_earlier: bool
    has_later: bool


def cut(
    rows: QuerySet[Any], order: Sequence[str], start: Any = None, *, backwards: bool = False
) -> Cut:
    """The first page, the one after the row `start`, or the one before it.

    `order` names fields that together tell all rows apart, "-" before one that descends; `start`
    holds their values under the same names.
    """
    if start is None:
        found = list(rows.order_by(*order)[: SIZE + 1])
        return Cut(found[:SIZE], False, len(found) > SIZE)
    order = [_turned(field) for field in order] if backwards else order
    found = list(rows.filter(_beyond(order, start)).order_by(*order)[: SIZE + 1])
    page, more = found[:SIZE], len(found) > SIZE
    return Cut(page[::-1], more, True) if backwards else Cut(page, True, more)


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _beyond(order: Sequence[str], start: dict[str, Any]) -> Q:
    """What comes after the row: later in one field, and the same in all fields before that."""
    beyond = Q()
    for place, field in enumerate(order):
        name = field.removeprefix("-")
        same = [Q(**{n: start[n]}) for n in (f.removeprefix("-") for f in order[:place])]
        way = "lt" if field.startswith("-") else "gt"
        beyond |= together([*same, Q(**{f"{name}__{way}": start[name]})])
    return beyond
