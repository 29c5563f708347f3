"""XML as it streams by: nothing is built from it, and nothing in it is expanded."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from policies.spreadsheet.guarding.verdict import (
    KEPT_ODDITIES,
    LARGEST_AREA,
    LONGEST_FORMULA,
    Damaged,
    Oddity,
    Refused,
)

# Far beyond what spreadsheet programs write; beyond that, parsing itself would be the attack.
DEEPEST = 200
MOST_PIECES = 64  # of one text, which comes in pieces of up to 8 KB
_MOST_NAMES = 5000
_LONGEST_TAG = 512 * 1024

Attributes = dict[str, str]
Hear = Callable[[Attributes], None]


class LocalNames(dict[str, str]):
    """Names of elements without their prefix: readers do not agree on what a prefix means."""

    def __missing__(self, name: str) -> str:
        self[name] = local = name.rpartition(":")[2]
        return local


class Scanner:
    """Reads one part and calls what listens to the names of elements, whatever their prefix."""

    def __init__(self, part: str, hear: Mapping[str, Hear] | None = None) -> None:
        self.part = part
        self.hear = hear or {}
        self.depth = 0
        self.local = LocalNames()
        self.names: dict[str, str] = {}
        self.parser = expat.ParserCreate("utf-8", None, self.names)
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declared
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def scan(self, chunks: Iterable[bytes]) -> None:
        fed = 0
        try:
            for chunk in chunks:
                if not fed:
                    self._check_encoding(chunk)
                fed += len(chunk)
                self.parser.Parse(chunk, False)
                self._check_size(fed)
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Damaged(f"{self.part[:100]}: {error}") from error

    def start(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._excessive()
        heard = self.hear.get(self.local[name])
        if heard:
            heard(attributes)

    def end(self, _name: str) -> None:
        self.depth -= 1

    def _check_encoding(self, chunk: bytes) -> None:
        if chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in chunk[:4]:
            raise _encoded("UTF-16")

    def _check_size(self, fed: int) -> None:
        """Names are kept by the parser, and a tag is read again with each chunk until it ends."""
        pending = fed - max(self.parser.CurrentByteIndex, 0)
        if len(self.names) > _MOST_NAMES or pending > _LONGEST_TAG:
            raise self._excessive()

    def _excessive(self) -> Refused:
        message = _(
            "The file holds a part that no spreadsheet program writes (%(part)s). "
            "Copy the sheets into a new workbook and upload that."
        )
        return Refused(message % {"part": self.part[:100]})

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
            raise _encoded(encoding)

    def _doctype(self, *_declaration: Any) -> None:
        message = _(
            "The file declares entities or a document type (%(part)s), which no spreadsheet "
            "program does. Copy the sheets into a new workbook and upload that."
        )
        raise Refused(message % {"part": self.part[:100]})


class Oddities:
    """What is kept of cells that hold no plain value."""

    def __init__(self) -> None:
        self.kept: list[Oddity] = []

    @property
    def full(self) -> bool:
        return len(self.kept) >= KEPT_ODDITIES

    def note(self, sheet: str, row: int, column: int, formula: str | None, error: str) -> None:
        if self.full:
            return
        if formula is None:
            self.kept.append(Oddity(sheet, row, column, "error", error))
        elif formula.startswith("#"):  # how LibreOffice spells an error without a formula
            self.kept.append(Oddity(sheet, row, column, "error", formula[:LONGEST_FORMULA]))
        else:
            text = "=" + (formula[:LONGEST_FORMULA] or "…")
            self.kept.append(Oddity(sheet, row, column, "formula", text))


class Area:
    """The cells between the first and the last of each sheet: readers keep them all."""

    def __init__(self) -> None:
        self.cells = 0

    def add(self, rows: int, columns: int) -> None:
        self.cells += rows * columns
        if self.cells > LARGEST_AREA:
            message = _(
                "The sheets span more than %(limit)d cells, empty ones included. Delete the rows "
                "and columns that are not needed, or upload the file in parts."
            )
            raise Refused(message % {"limit": LARGEST_AREA})


def whole_number(text: str) -> int:
    """From 1 on, written as every reader reads it."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if number < 1 or str(number) != text:
        raise Damaged(_("“%s” is no position in a sheet") % text[:40])
    return number


def _encoded(encoding: str) -> Refused:
    message = _(
        "The file is written in the encoding %(encoding)s instead of UTF-8. "
        "Open it in a spreadsheet program and save it again as XLSX."
    )
    return Refused(message % {"encoding": encoding[:40]})
