"""Workbooks as an editor handles them: exported, changed in a spreadsheet program, sent back.

A test takes an `exported` book, writes into the cells of a `row`, and `send`s it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from policies.document import Document, drafts
from policies.history import contents
from policies.models import Batch, BatchChange, Factsheet, User
from policies.spreadsheet import applying
from policies.spreadsheet.cells import CLEAR
from policies.spreadsheet.exporting import export, look
from policies.spreadsheet.formats import FORMATS, Look, Page
from policies.spreadsheet.hearing import Hearing
from policies.spreadsheet.receiving import receive
from policies.spreadsheet.sheets import SHEETS
from policies.spreadsheet.standing import Standing, standing_of

AT = datetime(2022, 10, 1, 12, tzinfo=UTC)
BY_NAME = {sheet.sheet_name: sheet for sheet in SHEETS}

Row = dict[Any, Any]  # by header


@dataclass
class Book:
    """The sheets of a file. A header that stands in `headers` twice is written twice."""

    kind: str
    headers: dict[str, list[Any]] = field(default_factory=dict)
    sheets: dict[str, list[Row]] = field(default_factory=dict)

    def row(self, sheet: str, **cells: Any) -> Row:
        """The one row that has these cells; a blank one is given as None."""
        found = list(self._having(sheet, cells))
        assert len(found) == 1, f"{len(found)} rows of {sheet} have {cells}"
        return found[0]

    def add(self, sheet: str, **cells: Any) -> Row:
        """A row of Mexico 2022 at the end, or of what `cells` say otherwise."""
        row = {"country": "MX", "edition": 2022, **cells}
        self.sheets[sheet].append(row)
        return row

    def keep(self, sheet: str, **cells: Any) -> None:
        """Leave out all other rows."""
        self.sheets[sheet] = list(self._having(sheet, cells))

    def drop(self, sheet: str, **cells: Any) -> None:
        for row in list(self._having(sheet, cells)):
            self.sheets[sheet].remove(row)

    def drop_sheets(self, *names: str) -> None:
        for name in names:
            del self.headers[name], self.sheets[name]

    def keep_sheets(self, *names: str) -> None:
        """And the README."""
        self.drop_sheets(*(name for name in list(self.sheets) if name not in ("README", *names)))

    def drop_columns(self, sheet: str, *names: str) -> None:
        self.headers[sheet] = [name for name in self.headers[sheet] if name not in names]

    def rename(self, sheet: str, name: str) -> None:
        self.headers[name], self.sheets[name] = self.headers.pop(sheet), self.sheets.pop(sheet)

    def number(self, sheet: str, row: Row) -> int:
        """The row as spreadsheet programs count."""
        return 2 + next(n for n, each in enumerate(self.sheets[sheet]) if each is row)

    def write(self, kind: str = "") -> bytes:
        return FORMATS[kind or self.kind]().write(map(self._page, self.headers))

    def _having(self, sheet: str, cells: Row) -> Iterator[Row]:
        """A CSV file has texts only, so 2022 and "2022" are the same here."""
        for row in self.sheets[sheet]:
            if all(str(row.get(name)) == str(value) for name, value in cells.items()):
                yield row

    def _page(self, name: str) -> Page:
        headers = self.headers[name]
        rows = [[row.get(header) for header in headers] for row in self.sheets[name]]
        looks = [_look(name, header) for header in headers]
        return Page(name, [header or "" for header in headers], rows, looks)


def _look(sheet: str, header: Any) -> Look:
    column = BY_NAME[sheet].fields.get(header) if sheet in BY_NAME else None
    return look(column, {}) if column else Look()


def opened(data: bytes, kind: str = "xlsx") -> Book:
    """A file of this format as a book."""
    book = Book(kind)
    for dataset in FORMATS[kind]().read(data).sheets():
        book.headers[dataset.title] = list(dataset.headers or [])
        book.sheets[dataset.title] = [
            dict(zip(dataset.headers, row, strict=True)) for row in dataset
        ]
    return book


def exported(*factsheets: Factsheet, kind: str = "xlsx", by: User | None = None) -> Book:
    return opened(file_of(*factsheets, kind=kind, by=by), kind)


def file_of(*factsheets: Factsheet, kind: str = "xlsx", by: User | None = None) -> bytes:
    keys = [factsheet.pk for factsheet in factsheets]
    return export(keys, kind=kind, by=by, now=AT).data


def send(book: Book, *, by: User, kind: str = "") -> Batch:
    kind = kind or book.kind
    return receive(book.write(kind), f"workbook.{kind}", by=by)


def apply(book: Book, *, by: User) -> Batch:
    """Send a book that has no errors and no conflicts, and confirm it."""
    batch = send(book, by=by)
    assert batch.problems == [], batch.problems
    assert applying.confirm(batch, by=by)
    return batch


def changed(batch: Batch) -> list[tuple[str, str]]:
    """What a batch does: each section and its status."""
    return [(str(change), change.status) for change in changes_of(batch)]


def changes_of(batch: Batch) -> list[BatchChange]:
    return list(batch.changes.select_related("type"))


def problems(batch: Batch) -> list[str]:
    """Sheet, cell, value and message of every error, in a line."""
    return [
        f"{each['sheet']} {each['cell']} [{each['value']}] {each['message']}"
        for each in batch.problems
    ]


def contents_of(factsheet: Factsheet) -> dict[Any, Document]:
    """What people wrote in a factsheet, by section."""
    return contents(standing(factsheet).document)


def standing(factsheet: Factsheet) -> Standing:
    return standing_of(drafts([factsheet.pk])[0])


# A book that says a document


def say(book: Book, wanted: dict[Any, Document], has: dict[Any, Document]) -> None:
    """Edit the export of a factsheet that holds `has` so that it says `wanted` (`contents_of`)."""
    _say_lists(book, "Policies", "policy", _policies(wanted), _policies(has))
    _say_lists(book, "References", "key", _references(wanted), _references(has))
    for name, sheet in BY_NAME.items():
        for line in sheet(Hearing({}, by=None)).lines(_as_standing(wanted)):
            keys = {k: v or None for k, v in line.keys.items()}
            rows = list(book._having(name, keys))
            row = rows[0] if rows else book.add(name, **keys)
            for column in line.sheet.columns:
                if column.use in ("fact", "place"):
                    said = column.cell.render(line.value(column))
                    row[column.name] = _said(said, row.get(column.name))
    _drop_sections_of(book, set(_policies(has)) - set(_policies(wanted)))


def _said(cell: Any, before: Any) -> Any:
    return CLEAR if cell is None and before is not None else cell


def _policies(parts: dict[Any, Document]) -> list[str]:
    return parts["", "introduction"]["policies"]


def _references(parts: dict[Any, Document]) -> list[str]:
    return [each["key"] for each in parts["", "bibliography"]["references"]]


def _say_lists(book: Book, sheet: str, key: str, wanted: list[str], has: list[str]) -> None:
    for gone in set(has) - set(wanted):
        book.row(sheet, **{key: gone})["_action"] = "delete"


def _drop_sections_of(book: Book, policies: set[str]) -> None:
    for policy in policies:
        book.drop("Sections", policy=policy)


def _as_standing(parts: dict[Any, Document]) -> Any:
    """Another factsheet's contents in the place of those of Mexico 2022."""
    found = standing(Factsheet.objects.get(country__code="MX"))
    return Standing(
        **{**vars(found), "contents": parts, "stands": dict.fromkeys(parts, None)},  # type: ignore[arg-type]
    )
