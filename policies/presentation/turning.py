"""The lines of a comparison under their headings, which a narrow screen shows one at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice

from policies.presentation.side_by_side import Row


@dataclass(frozen=True)
class Heading:
    """`code` is its address on the page; not everything that has one is made of rows."""

    code: str
    title: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Turn:
    """A heading between those that are read before and after it."""

    heading: Heading
    before: Heading | None
    after: Heading | None


def turns(*parts: list[Heading]) -> list[list[Turn]]:
    """Of each part; the first heading of one comes after the last of the part before."""
    every = [heading for part in parts for heading in part]
    around = zip(every, [None, *every], [*every[1:], None], strict=False)
    found = iter([Turn(*three) for three in around])
    return [list(islice(found, len(part))) for part in parts]


def headings(rows: Iterable[Row]) -> Iterator[Heading]:
    for code, found in groupby(rows, lambda row: row.code):
        lines = list(found)
        yield Heading(code, lines[0].group, lines)
