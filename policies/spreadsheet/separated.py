"""A page as comma-separated text, which keeps neither types nor looks."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from policies.spreadsheet.pages import Page, Value

Rows = list[list[str | None]]

DELIMITERS = ",;\t"
"""Where the comma marks decimals, Excel saves with semicolons."""

# Texts that a program may take for a formula, and the apostrophe that says they are none.
_GUARDED = tuple("=+-@\t\r'＝＋－＠")
_DATE = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


def separated(page: Page) -> bytes:
    stream = StringIO(newline="")
    # Quotes around each header tell commas between headers from commas inside.
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerow(map(_cell, page.headers))
    csv.writer(stream).writerows(map(_cell, row) for row in page.rows)
    return stream.getvalue().encode("utf-8-sig")


def bundle(pages: Iterable[Page]) -> bytes:
    """A zip with a file for each page."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for page in pages:
            entry = ZipInfo(f"{page.title}.csv", _DATE)
            archive.writestr(entry, separated(page), ZIP_DEFLATED)
    return stream.getvalue()


def _cell(value: Value) -> str:
    if isinstance(value, str):
        return "'" + value if value.startswith(_GUARDED) else value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def is_bundle(data: bytes) -> bool:
    return data.startswith(b"PK")


def unbundled(data: bytes) -> Iterator[tuple[str, Rows]]:
    """The title and the cells of each file in the zip."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            for name in archive.namelist():
                path = PurePosixPath(name)
                if path.suffix.lower() == ".csv" and path.parts[0] != "__MACOSX":
                    yield path.stem, cells(archive.read(name), path.name)
    except (BadZipFile, NotImplementedError, RuntimeError) as error:
        message = _("The zip file can not be read: %(error)s")
        raise ValueError(message % {"error": error}) from error


def cells(data: bytes, name: str = "") -> Rows:
    """Raises ValueError, in words for the editor, for what is no such text."""
    name = name or _("The file")
    text = _text(data, name)
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return [[_read(cell) for cell in row] for row in reader]
    except csv.Error as error:
        message = _("%(name)s is not well-formed CSV near line %(line)d: %(error)s")
        words = {"name": name, "line": reader.line_num, "error": error}
        raise ValueError(message % words) from error


def _text(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ValueError(_("%(name)s is not UTF-8 text: save as CSV UTF-8.") % {"name": name})
    return text


def _delimiter(text: str) -> str:
    """What splits the headers into most."""
    return max(DELIMITERS, key=lambda delimiter: _count(text, delimiter))


def _count(text: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)))
    except (csv.Error, StopIteration):
        return 0


def _read(cell: str) -> str | None:
    if cell.startswith("'") and cell[1:].startswith(_GUARDED):
        return cell[1:]
    return cell or None
