"""An OpenDocument spreadsheet, where one element may stand for a million cells."""

import re

from django.utils.translation import gettext as _

from policies.spreadsheet.guarding.archive import Archive
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
    Oddity,
    Refused,
    too_far,
    too_many_sheets,
    unzips_too_large,
    with_links,
    with_macros,
    with_objects,
    with_password,
    with_strange_part,
)

TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = "META-INF/manifest.xml"
CONTENT = "content.xml"

_USUAL = re.compile(
    r"(content|styles|meta|settings)\.xml$|manifest\.rdf$|mimetype$|layout-cache$"
    r"|(META-INF|Thumbnails|Pictures|Configurations2|ObjectReplacements|Object \d+)/"
)
_REPEATED_ROW = "table:number-rows-repeated"
_REPEATED_CELL = "table:number-columns-repeated"
_VALUES = frozenset(
    ["table:formula", "calcext:value-type"]
    + [f"office:{name}" for name in ("value-type", "value", "string-value", "date-value")]
    + [f"office:{name}" for name in ("time-value", "boolean-value", "currency")]
)
_PREFIX = re.compile(r"^([A-Za-z]+:)?=?")  # in “of:=SUM(…)”


def inspect(archive: Archive) -> tuple[Oddity, ...]:
    _check_parts(archive)
    Scanner(MANIFEST, {"encryption-data": _locked, "encrypted-key": _locked}).scan(
        archive.chunks(MANIFEST)
    )
    for name in sorted(archive.unread - {CONTENT}):
        if name.endswith((".xml", ".rdf")) and archive.entries[name].file_size:
            Scanner(name, _FORBIDDEN).scan(archive.chunks(name))
    tables = _Tables(archive.limits)
    tables.scan(archive.chunks(CONTENT))
    archive.read_the_rest()
    return tuple(tables.oddities.kept)


def _check_parts(archive: Archive) -> None:
    names = [name for name in archive.entries if not name.endswith("/")]
    if "encrypted-package" in names:
        raise with_password()
    for name in ("mimetype", MANIFEST, CONTENT):
        if name not in names:
            raise Damaged(_("a part is missing: “%s”") % name)
    if archive.read("mimetype").strip() != TYPE:
        raise Refused(
            _("This is an OpenDocument file, but not a workbook. Save it as ODS or XLSX.")
        )
    for name in names:
        _check_name(name)


def _check_name(name: str) -> None:
    if name.startswith(("Basic/", "Scripts/", "Dialogs/")):
        raise with_macros()
    if re.fullmatch(r"Object \d+", name):
        raise with_objects()
    if not _USUAL.match(name):
        raise with_strange_part(name)


def _locked(_attributes: Attributes) -> None:
    raise with_password()


def _scripted(_attributes: Attributes) -> None:
    raise with_macros()


def _linked(_attributes: Attributes) -> None:
    raise with_links()


def _embedded(_attributes: Attributes) -> None:
    raise with_objects()


_FORBIDDEN = {
    **dict.fromkeys(["script", "event-listener"], _scripted),
    **dict.fromkeys(["object-ole", "plugin", "applet", "floating-frame"], _embedded),
    **dict.fromkeys(["table-source", "cell-range-source", "source-service"], _linked),
    **dict.fromkeys(
        ["database-source-sql", "database-source-table", "database-source-query"], _linked
    ),
    **dict.fromkeys(["dde-links", "dde-link", "dde-source", "dde-connection-decl"], _linked),
}


class _Tables(Scanner):
    """The content: tables of rows of cells. What is called for each cell is short."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(CONTENT, {"table": self._table, **_FORBIDDEN})
        self.limits = limits
        self.oddities = Oddities()
        self.area = Area()
        self.sheet = ""
        self.sheets: set[str] = set()
        self.table_depth = self.row_depth = self.cell_depth = 0
        self.row = self.last_row = self.rows = self.row_start = 0
        self.column = self.last_column = self.columns = self.cell_start = 0
        self.filled = False
        self.formula: str | None = None
        self.error: list[str] | None = None
        self.extra_in_row = self.extra_bytes = 0

    def start(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._excessive()
        kind = self.local[name]
        if kind in ("table-cell", "covered-table-cell"):
            self._cell(attributes)
        elif kind == "p":
            if self.depth == self.cell_depth + 1:
                self._paragraph()
        elif kind == "table-row":
            self._row(attributes)
        elif kind in self.hear:
            self.hear[kind](attributes)

    def end(self, _name: str) -> None:
        if self.depth == self.cell_depth:
            self._end_cell()
        elif self.depth == self.row_depth:
            self._end_row()
        elif self.depth == self.table_depth:
            self._end_table()
        self.depth -= 1

    def _table(self, attributes: Attributes) -> None:
        if self.table_depth:
            raise Damaged(_("a table inside a table"))
        self.sheet = attributes.get("table:name", "")
        if len(self.sheets) >= self.limits.sheets:
            raise too_many_sheets(self.limits)
        if self.sheet.casefold() in self.sheets:
            raise Damaged(_("two sheets have the same name"))
        self.sheets.add(self.sheet.casefold())
        self.table_depth = self.depth
        self.row = self.rows = self.last_row = self.last_column = 0

    def _end_table(self) -> None:
        self.area.add(self.last_row, self.last_column)
        self.table_depth = 0

    def _row(self, attributes: Attributes) -> None:
        if self.row_depth or not self.table_depth:
            raise Damaged(_("a row inside a row"))
        self.row_depth = self.depth
        self.row_start = self.parser.CurrentByteIndex
        self.row += self.rows
        self.rows = _times(attributes, _REPEATED_ROW)
        self.column = self.columns = self.extra_in_row = 0

    def _end_row(self) -> None:
        """A row or cell that stands for many is read as often: its bytes count each time."""
        self.row_depth = 0
        if self.last_row > self.row and (self.rows > 1 or self.extra_in_row):
            size = self.parser.CurrentByteIndex - self.row_start
            self.extra_bytes += (size + self.extra_in_row) * self.rows - size
            if self.extra_bytes > self.limits.unzipped_bytes:
                raise unzips_too_large(self.limits)

    def _cell(self, attributes: Attributes) -> None:
        if self.cell_depth or not self.row_depth:
            raise Damaged(_("a cell inside a cell"))
        self.cell_depth = self.depth
        self.column += self.columns
        self.columns = 1
        if _REPEATED_CELL in attributes:
            self.columns = _times(attributes, _REPEATED_CELL)
            self.cell_start = self.parser.CurrentByteIndex
        self.filled = not _VALUES.isdisjoint(attributes)
        if self.filled:
            self._fill()
            self.formula = attributes.get("table:formula")
            if attributes.get("calcext:value-type") == "error":
                self.error = []

    def _fill(self) -> None:
        self.filled = True
        rows, columns = self.row + self.rows, self.column + self.columns
        if rows > self.limits.rows or columns > self.limits.columns:
            raise too_far(self.sheet, self.limits)
        self.last_row = rows
        if columns > self.last_column:
            self.last_column = columns

    def _paragraph(self) -> None:
        if not self.filled:
            self._fill()
        if self.error is not None:
            self.parser.CharacterDataHandler = self._hear

    def _hear(self, text: str) -> None:
        if self.error is not None and len(self.error) < MOST_PIECES:
            self.error.append(text)

    def _end_cell(self) -> None:
        if self.formula is not None or self.error is not None:
            self._note()
        if self.columns > 1 and self.filled:
            size = self.parser.CurrentByteIndex - self.cell_start
            self.extra_in_row += size * (self.columns - 1)
        self.cell_depth = 0

    def _note(self) -> None:
        """One oddity for each cell that this one stands for."""
        formula, error = self.formula, "".join(self.error or [])[:LONGEST_FORMULA]
        if formula is not None:
            formula = _PREFIX.sub("", formula, count=1)
        self.formula = self.error = self.parser.CharacterDataHandler = None
        for row in range(self.row + 1, self.row + self.rows + 1):
            for column in range(self.column + 1, self.column + self.columns + 1):
                if self.oddities.full:
                    return
                self.oddities.note(self.sheet, row, column, formula, error)


def _times(attributes: Attributes, name: str) -> int:
    return whole_number(attributes[name]) if name in attributes else 1
