"""The cells of a workbook's sheets: how far they reach, and which hold no plain value."""

import re
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from policies.spreadsheet.guarding.scanning import (
    DEEPEST,
    MOST_PIECES,
    Area,
    Attributes,
    Oddities,
    Scanner,
    whole_number,
)
from policies.spreadsheet.guarding.verdict import (
    LONGEST_FORMULA,
    Damaged,
    Limits,
    Refused,
    too_far,
    unzips_too_large,
    with_links,
    with_objects,
)

_DIGITS = "0123456789"
_STRINGS = "xl/sharedstrings.xml"
_LETTERS = re.compile("[A-Z]{1,3}")
_LAST_ROW = 1 << 20  # in Excel; LibreOffice likes to mention it, without a cell in it
_SHORT = 100
"""Texts up to this many bytes are not counted each time that a cell refers to them."""


def _linked(_attributes: Attributes) -> None:
    raise with_links()


def _embedded(_attributes: Attributes) -> None:
    raise with_objects()


_FORBIDDEN = {"ddeLink": _linked, "oleLink": _linked, "oleObjects": _embedded}


class Cells:
    """All parts of one workbook, with what they have in common."""

    def __init__(self, limits: Limits, sheets: dict[str, str]) -> None:
        self.limits = limits
        self.sheets = sheets
        self.columns = {letters_of(number): number for number in range(1, limits.columns + 1)}
        self.long_texts: dict[int, int] = {}
        self.text_bytes = 0
        self.area = Area()
        self.oddities = Oddities()

    def scan(self, part: str, chunks: Iterable[bytes]) -> None:
        if part.casefold() == _STRINGS:
            _Texts(part, self).scan(chunks)
        else:
            _Part(part, self).scan(chunks)

    def check_texts(self) -> None:
        """A long text that many cells share is read as often as they are."""
        if self.text_bytes > self.limits.unzipped_bytes:
            raise unzips_too_large(self.limits)


class _Texts(Scanner):
    """The texts that cells share; of long ones the size is kept."""

    def __init__(self, part: str, cells: Cells) -> None:
        super().__init__(part)
        self.long_texts = cells.long_texts
        self.count = 0
        self.start_of_text = 0

    def scan(self, chunks: Iterable[bytes]) -> None:
        super().scan(chunks)
        self._text()

    def start(self, name: str, _attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._excessive()
        if self.local[name] == "si":
            self._text()

    def _text(self) -> None:
        at = self.parser.CurrentByteIndex
        if self.count and at - self.start_of_text > _SHORT:
            self.long_texts[self.count - 1] = at - self.start_of_text
        self.count += 1
        self.start_of_text = at


class _Part(Scanner):
    """Any other part: one that has `sheetData` is a sheet, whatever it is called."""

    def __init__(self, part: str, cells: Cells) -> None:
        super().__init__(part, {"sheetData": self._sheet, "sst": self._texts, **_FORBIDDEN})
        self.cells = cells

    def _sheet(self, _attributes: Attributes) -> None:
        sheet = _Sheet(self, self.cells)
        self.parser.StartElementHandler = sheet.start
        self.parser.EndElementHandler = sheet.end

    def _texts(self, _attributes: Attributes) -> None:
        raise Damaged(_("shared texts in a strange place: “%s”") % self.part[:100])


class _Sheet:
    """What is inside `sheetData`, called for each cell and therefore short."""

    def __init__(self, part: _Part, cells: Cells) -> None:
        self.part, self.cells, self.limits = part, cells, cells.limits
        self.name = cells.sheets.get(part.part, part.part)
        self.local, self.parser, self.long_texts = part.local, part.parser, cells.long_texts
        self.columns: dict[str, int] = {}
        self.depth = self.row = self.last_row = self.last_column = 0
        self.row_text = "0"
        self.column = 0
        self.type: str | None = None
        self.odd = self.hearing = False
        self.formula: list[str] | None = None
        self.error: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        kind = self.local[name]
        if kind == "c":
            if self.odd:
                self._note()
            place = attributes.get("r") or self._next_place()
            letters = place.rstrip(_DIGITS)
            column = self.columns.get(letters, 0)
            if column <= self.column or letters + self.row_text != place:
                raise self._misplaced(place)
            self.column = column
            self.type = attributes.get("t")
        elif kind == "v" and self.type == "s" and self.long_texts:
            self._listen(self._index)
        elif kind == "v" and self.type == "e":
            self.odd = True
            self._listen(self._error)
        elif kind == "row":
            self._row(attributes)
        elif kind == "f":
            self.odd = True
            self.formula = []
            self._listen(self._formula)
        elif self.hearing or self.depth > DEEPEST:
            raise self._disordered()

    def end(self, _name: str) -> None:
        self.depth -= 1
        if self.hearing:
            self.hearing = False
            self.parser.CharacterDataHandler = None
        if self.depth < 0:
            self._end_row()
            self.cells.area.add(self.last_row, self.last_column)
            self.parser.StartElementHandler = self.part.start
            self.parser.EndElementHandler = self.part.end
            self.part.end(_name)

    def _row(self, attributes: Attributes) -> None:
        self._end_row()
        row = whole_number(attributes["r"]) if "r" in attributes else self.row + 1
        if not self.row < row <= _LAST_ROW or self.depth > DEEPEST:
            raise self._disordered()
        self.row, self.row_text, self.column = row, str(row), 0
        if row <= self.limits.rows:
            self.columns = self.cells.columns
        else:
            self.columns = {}  # there may be a row, but no cell in it

    def _end_row(self) -> None:
        if self.odd:
            self._note()
        if self.column:
            self.last_row = self.row
            self.last_column = max(self.last_column, self.column)
        self.cells.check_texts()

    def _note(self) -> None:
        formula = None if self.formula is None else "".join(self.formula)
        error = "".join(self.error)[:LONGEST_FORMULA]
        self.cells.oddities.note(self.name, self.row, self.column, formula, error)
        self.odd = False
        self.formula = None
        self.error.clear()

    def _next_place(self) -> str:
        return letters_of(self.column + 1) + self.row_text

    def _misplaced(self, place: str) -> Refused:
        """Beyond the limits, unless it is no place in this row at all."""
        letters = place.removesuffix(self.row_text)
        if self.row and _LETTERS.fullmatch(letters) and letters not in self.columns:
            return too_far(self.name, self.limits)
        return self._disordered()

    def _listen(self, hear: Callable[[str], None]) -> None:
        if self.hearing:
            raise self._disordered()
        self.hearing = True
        self.parser.CharacterDataHandler = hear

    def _index(self, text: str) -> None:
        try:
            self.cells.text_bytes += self.long_texts.get(int(text), 0)
        except ValueError as error:
            raise self._disordered() from error

    def _error(self, text: str) -> None:
        if len(self.error) < MOST_PIECES:
            self.error.append(text)

    def _formula(self, text: str) -> None:
        if self.formula is not None and len(self.formula) < MOST_PIECES:
            self.formula.append(text)

    def _disordered(self) -> Damaged:
        message = _("the cells of “%(sheet)s” are out of order in row %(row)s")
        return Damaged(message % {"sheet": self.name[:100], "row": self.row_text})


def letters_of(number: int) -> str:
    """A column as spreadsheets name it: 1 is A, 27 is AA."""
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
