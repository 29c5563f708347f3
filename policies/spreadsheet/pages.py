"""What a spreadsheet file is made of, whichever format it is written in: pages of plain cells."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Literal

from policies.text import normalise

Value = str | int | float | Decimal | bool | date | None

FIRST_DATE = date(1900, 3, 1)
"""Before it, Excel counts a day that never was."""
DIGITS = 15
"""Significant digits that a spreadsheet keeps of a number."""


@dataclass(frozen=True)
class Look:
    """How a column looks in a workbook, and what may be typed there."""

    width: int = 14
    """In characters."""
    kind: Literal["text", "number", "amount", "date"] = "text"
    read_only: bool = False
    """Shaded; typing there is refused by a validation."""
    wrap: bool = False
    note: str = ""
    """Becomes a comment on the header cell."""
    choices: str = ""
    """The range of a drop-down list, such as `=Codes!$C$2:$C$6`."""
    prompt: str = ""
    """Shown when a cell of the column is entered."""


@dataclass(frozen=True)
class Page:
    """One sheet to write. Its rows may be a generator: they are never held as a whole."""

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Value]]
    looks: Sequence[Look] = ()
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """By row (0 is the header) and column: what is wrong with the cell, which is filled in red."""
    plain: bool = False
    """A page to read: no filter, no frozen header."""

    def columns(self) -> list[Look]:
        """A look for each header, wide enough for its words and the button of the filter."""
        looks = [*self.looks, *[Look()] * (len(self.headers) - len(self.looks))]
        if self.plain:
            return looks
        pairs = zip(self.headers, looks, strict=False)
        return [replace(look, width=max(look.width, _width(header))) for header, look in pairs]

    def body(self) -> Iterator["Row"]:
        """The rows below the header, numbered from 1, as far as cells or marks go."""
        marks = by_row(self.marks)
        rows = iter(self.rows)
        for number in count(1):
            values = next(rows, None)
            if values is None:
                break
            yield Row(number, values, marks.pop(number, {}))
        for number in sorted(set(marks) - {0}):
            yield Row(number, (), marks[number])


def _width(header: str) -> int:
    return min(max(map(len, header.split()), default=0) + 4, 30)


@dataclass(frozen=True)
class Row:
    number: int
    values: Sequence[Value]
    marks: Mapping[int, str]

    def cells(self) -> Iterator[tuple[int, Value, str]]:
        """Column, value as it is written, and what is wrong with it."""
        width = max(len(self.values), *(column + 1 for column in self.marks), 0)
        for column in range(width):
            value = self.values[column] if column < len(self.values) else None
            yield column, writable(value), self.marks.get(column, "")


def by_row(marks: Mapping[tuple[int, int], str]) -> dict[int, dict[int, str]]:
    rows: dict[int, dict[int, str]] = {}
    for (row, column), text in marks.items():
        rows.setdefault(row, {})[column] = normalise(text)
    return rows


def writable(value: Value) -> Value:
    """The value as a cell can hold it: what no cell keeps exactly becomes text."""
    if isinstance(value, str):
        return normalise(value) or None  # XML holds no control characters
    if isinstance(value, datetime):
        lost = value.tzinfo or value.date() < FIRST_DATE or value.microsecond
        return value.isoformat(" ") if lost else value
    if isinstance(value, date):
        return value.isoformat() if value < FIRST_DATE else value
    if value is None or isinstance(value, bool):
        return value
    return value if _fits(Decimal(str(value))) else str(value)


def _fits(number: Decimal) -> bool:
    if not number.is_finite():
        return False
    digits = number.normalize().as_tuple().digits
    return len(digits) <= DIGITS and abs(number.adjusted()) < 300


def is_whole(value: Value) -> bool:
    return isinstance(value, int | float | Decimal) and value == int(value)


LINES = 12
"""A row is not made higher than this, however long its texts."""


def lines(value: Value, look: Look) -> int:
    """How many lines of its cell a text takes, about, as far as they are shown."""
    if not look.wrap or not isinstance(value, str):
        return 1
    width = max(look.width, 1)
    head = value[: LINES * width]
    return min(sum(1 + max(len(line) - 1, 0) // width for line in head.split("\n")), LINES)
