"""A zip with one CSV file per sheet: how far each reaches, and that it is text."""

import csv
import io
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from policies.spreadsheet.guarding.archive import Archive
from policies.spreadsheet.guarding.scanning import Area
from policies.spreadsheet.guarding.verdict import (
    Damaged,
    Limits,
    Refused,
    too_far,
    too_many_sheets,
)
from policies.spreadsheet.separated import DELIMITERS

_LONGEST_ROW = 2 * 1024 * 1024
"""In characters: 60 of the longest texts."""

# What systems leave in the folders that they zip.
_LITTER = {".ds_store", "thumbs.db", "desktop.ini"}
_ZIPS = (".zip", ".xlsx", ".xlsm", ".ods")


def inspect(archive: Archive) -> None:
    names = _sheets(archive)
    if len(names) > archive.limits.sheets:
        raise too_many_sheets(archive.limits)
    area = Area()
    for name in names:
        area.add(*_extent(archive, name))
    archive.read_the_rest()


def _sheets(archive: Archive) -> list[str]:
    names = [name for name in sorted(archive.unread) if not _is_litter(PurePosixPath(name))]
    for name in names:
        if not name.lower().endswith(".csv"):
            raise _no_sheet(name)
    if len({PurePosixPath(name).stem.casefold() for name in names}) < len(names):
        raise Damaged(_("two sheets have the same name"))
    if not names:
        raise Refused(_("The zip file holds no CSV file. Choose another file."))
    return names


def _is_litter(path: PurePosixPath) -> bool:
    return path.parts[0] == "__MACOSX" or path.name.lower() in _LITTER


def _no_sheet(name: str) -> Refused:
    if name.lower().endswith(_ZIPS):
        message = _("The zip file holds another packed file, “%(name)s”. Upload that by itself.")
    else:
        message = _(
            "This zip file is no spreadsheet: it holds “%(name)s”. The CSV format is a zip of one "
            "CSV file per sheet, as exported, and nothing else; or use XLSX."
        )
    return Refused(message % {"name": name[:100]})


def _extent(archive: Archive, name: str) -> tuple[int, int]:
    """The rows and columns of one file."""
    sheet = PurePosixPath(name).stem
    rows = columns = 0
    try:
        for row in _Rows(archive.chunks(name), sheet):
            rows += 1
            columns = max(columns, len(row))
            _check(sheet, rows, columns, archive.limits)
    except UnicodeDecodeError as error:
        raise _no_text(sheet) from error
    except csv.Error as error:
        message = _(
            "The CSV file “%(sheet)s” is not well-formed after row %(row)d: %(error)s. "
            "A quotation mark may be missing there."
        )
        raise Refused(message % {"sheet": sheet[:100], "row": rows, "error": error}) from error
    return rows, columns


def _check(sheet: str, rows: int, columns: int, limits: Limits) -> None:
    if rows > limits.rows or columns > limits.columns:
        raise too_far(sheet, limits)


class _Rows:
    """Rows of a CSV file, none of them longer than what is worth parsing."""

    def __init__(self, chunks: Iterator[bytes], sheet: str) -> None:
        text = io.TextIOWrapper(io.BufferedReader(_Stream(chunks)), "utf-8-sig", newline="")
        self.lines = iter(lambda: text.readline(_LONGEST_ROW + 1), "")
        self.sheet = sheet
        self.length = 0

    def __iter__(self) -> Iterator[list[str]]:
        first = next(self.lines, "")
        for row in csv.reader(self._bounded(first), delimiter=_delimiter(first), strict=True):
            self.length = 0
            yield row

    def _bounded(self, line: str) -> Iterator[str]:
        while line:
            self.length += len(line)
            if "\0" in line:
                raise _no_text(self.sheet)
            if self.length > _LONGEST_ROW:
                raise _too_long(self.sheet)
            yield line
            line = next(self.lines, "")


class _Stream(io.RawIOBase):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks = chunks
        self.rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.rest = self.rest or next(self.chunks, b"")
        size = min(len(buffer), len(self.rest))
        buffer[:size], self.rest = self.rest[:size], self.rest[size:]
        return size


def _delimiter(line: str) -> str:
    return max(DELIMITERS, key=line.count)


def _no_text(sheet: str) -> Refused:
    message = _("The CSV file “%(sheet)s” is not text in UTF-8. Save it as “CSV UTF-8”.")
    return Refused(message % {"sheet": sheet[:100]})


def _too_long(sheet: str) -> Refused:
    message = _(
        "The CSV file “%(sheet)s” has a row of more than %(limit)d characters. "
        "A quotation mark may be missing there."
    )
    return Refused(message % {"sheet": sheet[:100], "limit": _LONGEST_ROW})
