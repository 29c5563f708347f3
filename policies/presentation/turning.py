"""The lines of a comparison under their headings, which a narrow screen shows one at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from policies.presentation.side_by_side import Row


@dataclass(frozen=True)
class Heading:
    """`code` is its address on the page."""

    code: str
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Turn:
    """A heading between those that are read before and after it."""

    heading: Heading
    before: Heading | None
    after: Heading | None


def turns(*tables: Iterable[Row]) -> list[list[Turn]]:
    """Of each table; the first heading of one comes after the last of the one before."""
    found = [list(_headings(rows)) for rows in tables]
    every = [heading for headings in found for heading in headings]
    places = {heading.code: place for place, heading in enumerate(every)}
    around = [None, *every, None]
    return [
        [Turn(h, around[places[h.code]], around[places[h.code] + 2]) for h in headings]
        for headings in found
    ]


def _headings(rows: Iterable[Row]) -> Iterator[Heading]:
    for code, found in groupby(rows, lambda row: row.code):
        lines = list(found)
        yield Heading(code, lines[0].group, lines)
