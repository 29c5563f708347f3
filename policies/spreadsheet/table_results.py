"""What was sent for a reference table, and what it does there or what is wrong with it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from import_export.results import Result, RowResult
from tablib import Dataset

from policies.differences import Change
from policies.spreadsheet.cells import Raw

NUMBER = "#"  # the column in which every row carries its number in the file

Key = tuple[str, ...]
Line = dict[str, Raw]


@dataclass
class Sent:
    """A file: its table, and the cells that hold something which is no plain value."""

    dataset: Dataset
    oddities: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """By row and column, both counted from 1: what is wrong there."""

    @cached_property
    def headers(self) -> list[Any]:
        return list(self.dataset.headers or [])

    @cached_property
    def lines(self) -> list[Line]:
        """The rows that hold something, each with its number; of columns twice there, the last."""
        odd = {row for row, _column in self.oddities}
        return [
            {NUMBER: number, **dict(zip(self.headers, row, strict=True))}
            for number, row in enumerate(self.dataset, 2)
            if number in odd or any(value is not None for value in row)
        ]

    def value(self, row: int, place: int) -> Raw:
        inside = 2 <= row < len(self.dataset) + 2 and place < len(self.headers)
        return self.dataset[row - 2][place] if inside else None


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong in a cell; without a cell in a row (from 1), and without a row in the file."""

    row: int
    cell: str
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Difference:
    """What a row changes in one column."""

    column: str
    before: Any
    after: Any


class TableRow(RowResult):
    number: int
    key: Key
    differences: list[Difference]
    changes: list[Change]
    """The same in words."""


class TableResult(Result):
    """What a file does, or did, to a table."""

    problems: list[Problem]
    drafts: int = 0
    """How many drafts are settled, because of what it changes."""

    @property
    def is_sound(self) -> bool:
        return not self.problems

    @property
    def counts(self) -> dict[str, int]:
        names = {"new": "new", "changed": "update", "unchanged": "skip"}
        return {name: self.totals[what] for name, what in names.items()}

    @property
    def changed(self) -> list[Any]:
        return [row for row in self.rows if row.is_new() or row.is_update()]

    @property
    def fingerprint(self) -> str:
        """Of all that is done: the same only if every row is found as it was."""
        told = [
            [row.import_type, row.key, [(d.column, d.before, d.after) for d in row.differences]]
            for row in self.changed
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def append_invalid_row(self, number, row, validation_error):
        super().append_invalid_row(row[NUMBER], row, validation_error)
