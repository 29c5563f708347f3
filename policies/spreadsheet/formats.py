"""Cells in, cells out, without a loss: the formats, as django-import-export knows them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any, ClassVar

import python_calamine as calamine
import tablib
from django.utils.translation import gettext as _
from import_export.formats import base_formats

from policies.spreadsheet.excel import workbook
from policies.spreadsheet.opendocument import TYPE as ODS_TYPE
from policies.spreadsheet.opendocument import opendocument, readable
from policies.spreadsheet.pages import Look, Page, Value
from policies.spreadsheet.separated import bundle, cells, is_bundle, separated, unbundled
from policies.text import normalise

__all__ = ["CSV", "FORMATS", "ODS", "XLSX", "Format", "Look", "Page", "Value"]


class Format(base_formats.Format):
    """Reads and writes whole files, and one table for the library's own admin pages."""

    name: ClassVar[str]
    content_type: ClassVar[str]
    file_extension: ClassVar[str]
    """Of what `write` gives, as is the next: a CSV file holds one page, so that many are a zip."""
    file_type: ClassVar[str]

    def __init__(self, encoding: str | None = None) -> None:
        """The library offers an encoding; every format here has its own."""

    def write(self, pages: Iterable[Page]) -> bytes:
        raise NotImplementedError

    def read(self, data: bytes) -> tablib.Databook:
        """Every sheet, hidden or not; a row of the dataset is two lower than on the sheet.

        Raises ValueError, in words for the editor, for what is no file of this format.
        """
        raise NotImplementedError

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        return self.read(in_stream).sheets()[0]

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return self.write([_page(dataset)])

    def get_title(self) -> str:
        return self.name

    def get_extension(self) -> str:
        return self.name

    def get_content_type(self) -> str:
        return self.content_type

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True


class Workbook(Format):
    """What calamine reads."""

    def read(self, data: bytes) -> tablib.Databook:
        try:
            with calamine.load_workbook(BytesIO(data)) as book:
                return tablib.Databook(list(_sheets(book)))
        except calamine.PasswordError as error:
            message = _("The file is protected by a password. Save it without one.")
            raise ValueError(message) from error
        except calamine.CalamineError as error:
            message = _("The file can not be read as %(format)s: %(error)s")
            raise ValueError(message % {"format": self.name, "error": error}) from error


class XLSX(Workbook):
    name = file_extension = "xlsx"
    content_type = file_type = base_formats.XLSX.CONTENT_TYPE

    def write(self, pages: Iterable[Page]) -> bytes:
        return workbook(pages)


class ODS(Workbook):
    name = file_extension = "ods"
    content_type = file_type = ODS_TYPE

    def write(self, pages: Iterable[Page]) -> bytes:
        return opendocument(pages)

    def read(self, data: bytes) -> tablib.Databook:
        return super().read(readable(data))


class CSV(Format):
    """A file holds one page; `write` gives a zip of files, `read` takes either."""

    name = "csv"
    content_type = "text/csv; charset=utf-8"
    file_extension = "zip"
    file_type = "application/zip"

    def write(self, pages: Iterable[Page]) -> bytes:
        return bundle(pages)

    def read(self, data: bytes) -> tablib.Databook:
        found = unbundled(data) if is_bundle(data) else [("", cells(data))]
        return tablib.Databook([dataset(title, rows) for title, rows in found])

    def create_dataset(self, in_stream: bytes | str) -> tablib.Dataset:
        data = in_stream.encode() if isinstance(in_stream, str) else in_stream
        return dataset("", cells(data))

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return separated(_page(dataset))


FORMATS: dict[str, type[Format]] = {kind.name: kind for kind in (XLSX, CSV, ODS)}


def _page(dataset: tablib.Dataset) -> Page:
    headers = [str(header or "") for header in dataset.headers or ()]
    title = (dataset.title or _("Table"))[:31]
    return Page(title, headers, iter(dataset), [Look()] * len(headers))


def _sheets(book: calamine.CalamineWorkbook) -> Iterator[tablib.Dataset]:
    for number, sheet in enumerate(book.sheets_metadata):
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
            cells = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
            yield dataset(sheet.name, ([_value(cell) for cell in row] for row in cells))


def _value(cell: object) -> Value:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 10**15 else cell
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == time.min else cell
    if isinstance(cell, time | timedelta):
        return str(cell)
    assert isinstance(cell, str | int | date)  # noqa: S101 there is no other kind of cell
    if isinstance(cell, str):
        return normalise(cell) or None
    return cell


def dataset(title: str, rows: Iterable[Sequence[Value]]) -> tablib.Dataset:
    """A sheet without the empty rows and columns at its end; its first row is the header."""
    table = [list(row[: _length(row)]) for row in rows]
    while table and not table[-1]:
        table.pop()
    width = max(map(len, table), default=0)
    padded = [row + [None] * (width - len(row)) for row in table]
    headers = [None if cell is None else str(cell) for cell in padded[0]] if padded else None
    return tablib.Dataset(*padded[1:], headers=headers, title=title)


def _length(row: Sequence[Value]) -> int:
    """Up to the last cell that holds something."""
    for position in range(len(row), 0, -1):
        if row[position - 1] is not None:
            return position
    return 0
