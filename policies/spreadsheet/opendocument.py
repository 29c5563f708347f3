"""Pages as an OpenDocument spreadsheet, written row by row.

Of the libraries, odfpy has had no release since 2020, and odfdo, which is kept well, holds the
document as a tree and takes over a minute for 20,000 rows. Hence these few elements by hand.
"""

import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from xlsxwriter.utility import xl_col_to_name

from policies.spreadsheet import opendocument_looks as looks
from policies.spreadsheet.pages import LINES, Look, Page, Row, Value, by_row, lines

TYPE = "application/vnd.oasis.opendocument.spreadsheet"
NEW_ROWS = 10_000
"""So many rows below the data have the rules of their columns."""

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = (
    f'xmlns:office="{_OASIS}:office:1.0" xmlns:table="{_OASIS}:table:1.0" '
    f'xmlns:text="{_OASIS}:text:1.0" xmlns:style="{_OASIS}:style:1.0" '
    f'xmlns:number="{_OASIS}:datastyle:1.0" xmlns:fo="{_OASIS}:xsl-fo-compatible:1.0" '
    f'xmlns:of="{_OASIS}:of:1.2" xmlns:config="{_OASIS}:config:1.0" '
    f'xmlns:manifest="{_OASIS}:manifest:1.0" xmlns:ooo="http://openoffice.org/2004/office"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_DATE = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


def opendocument(pages: Iterable[Page]) -> bytes:
    pages = list(pages)  # not their rows
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr(ZipInfo("mimetype", _DATE), TYPE, ZIP_STORED)
        _write_part(archive, "content.xml", _content(pages))
        _write_part(archive, "styles.xml", _page_style())
        _write_part(archive, "settings.xml", _settings(pages))
        _write_part(archive, "META-INF/manifest.xml", _manifest())
    return stream.getvalue()


def _write_part(archive: ZipFile, name: str, parts: Iterable[str]) -> None:
    entry = ZipInfo(name, _DATE)
    entry.compress_type = ZIP_DEFLATED
    with archive.open(entry, "w") as part:
        part.write(_HEAD.encode())
        for text in parts:
            part.write(text.encode())


def _content(pages: Sequence[Page]) -> Iterator[str]:
    yield f'<office:document-content {NAMESPACES} office:version="1.3"><office:automatic-styles>'
    yield from looks.styles({look.width for page in pages for look in page.columns()})
    yield "</office:automatic-styles><office:body><office:spreadsheet><table:content-validations>"
    for number, page in enumerate(pages):
        yield from (looks.rule(number, column, look) for column, look in enumerate(page.columns()))
    yield "</table:content-validations>"
    filters = []
    for number, page in enumerate(pages):
        last = yield from _table(number, page)
        filters.append(_filter(number, page, last))
    yield "<table:database-ranges>"
    yield from filters
    yield "</table:database-ranges></office:spreadsheet></office:body></office:document-content>"


def _page_style() -> Iterator[str]:
    yield f'<office:document-styles {NAMESPACES} office:version="1.3">{looks.PAGE_STYLE}'
    yield "</office:document-styles>"


def _table(number: int, page: Page) -> Generator[str, None, int]:
    """Gives the sheet, and returns how many rows it has below the header."""
    columns = page.columns()
    rules = [looks.rule_attribute(number, column, look) for column, look in enumerate(columns)]
    yield f'<table:table table:name={quoteattr(page.title)} table:style-name="sheet">'
    yield "".join(map(looks.column, columns)) or "<table:table-column/>"
    yield _header(page, columns)
    last = 0
    for row in page.body():
        yield _row(row, columns, rules)
        last = row.number
    if any(rules):
        cells = "".join(f"<table:table-cell{rule}/>" for rule in rules)
        yield f'<table:table-row table:number-rows-repeated="{NEW_ROWS}">{cells}</table:table-row>'
    yield "</table:table>"
    return last


def _header(page: Page, columns: list[Look]) -> str:
    marks = by_row(page.marks).get(0, {})
    cells = []
    for column, (header, look) in enumerate(zip(page.headers, columns, strict=False)):
        wrong = marks.get(column, "")
        style = looks.header_style(look, bool(wrong), page.plain)
        remark = "\n\n".join(filter(None, [wrong, look.note]))
        cells.append(_cell(header or None, f' table:style-name="{style}"', remark))
    return f'<table:table-row table:style-name="row">{"".join(cells)}</table:table-row>'


def _row(row: Row, columns: list[Look], rules: list[str]) -> str:
    height, cells = "row", []
    for column, value, wrong in row.cells():
        known = column < len(columns)
        look, rule = (columns[column], rules[column]) if known else (Look(), "")
        if lines(value, look) == LINES:
            height = "tall"
        style = looks.cell_style(_kind(value, look), look, bool(wrong))
        cells.append(_cell(value, f' table:style-name="{style}"{rule}', wrong))
    inside = "".join(cells) or "<table:table-cell/>"
    return f'<table:table-row table:style-name="{height}">{inside}</table:table-row>'


def _kind(value: Value, look: Look) -> str:
    """What the cell itself is shown as: a text stays a text in a column of numbers."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, datetime):
        return "time"
    if isinstance(value, date):
        return "date"
    return look.kind if value is None or look.kind == "amount" else "number"


def _cell(value: Value, attributes: str, remark: str) -> str:
    inside = f"<office:annotation>{paragraphs(remark)}</office:annotation>" if remark else ""
    if isinstance(value, str):
        inside += paragraphs(value)
    return f"<table:table-cell{attributes}{_typed(value)}>{inside}</table:table-cell>"


def _typed(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        # LibreOffice overlooks the tabs of a paragraph.
        whole = f" office:string-value={quoteattr(value)}" if "\t" in value else ""
        return f' office:value-type="string"{whole}'
    if isinstance(value, bool):
        return f' office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    if isinstance(value, date):
        return f' office:value-type="date" office:date-value="{value.isoformat()}"'
    return f' office:value-type="float" office:value="{value}"'


_GAP = re.compile(r"^ +| +$|  +|\t")


def paragraphs(text: str) -> str:
    """A paragraph a line; spaces that XML would run together are counted."""
    return "".join(f"<text:p>{_GAP.sub(_gap, escape(line))}</text:p>" for line in text.split("\n"))


def _gap(found: re.Match[str]) -> str:
    if found[0] == "\t":
        return "<text:tab/>"
    return f'<text:s text:c="{len(found[0])}"/>'


# Filters and frozen headers


def _filter(number: int, page: Page, last: int) -> str:
    if page.plain or not page.headers:
        return ""
    title = page.title.replace("'", "''")
    corner = f"{xl_col_to_name(len(page.headers) - 1)}{last + 1}"
    target = quoteattr(f"'{title}'.A1:'{title}'.{corner}")
    return (
        f'<table:database-range table:name="__Anonymous_Sheet_DB__{number}" '
        f'table:target-range-address={target} table:display-filter-buttons="true"/>'
    )


def _settings(pages: Sequence[Page]) -> Iterator[str]:
    yield f'<office:document-settings {NAMESPACES} office:version="1.3"><office:settings>'
    yield '<config:config-item-set config:name="ooo:view-settings">'
    yield '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
    yield '<config:config-item-map-named config:name="Tables">'
    yield from (_frozen(page) for page in pages if not page.plain)
    yield "</config:config-item-map-named></config:config-item-map-entry>"
    yield "</config:config-item-map-indexed></config:config-item-set>"
    yield "</office:settings></office:document-settings>"


def _frozen(page: Page) -> str:
    places = {"VerticalSplitMode": 2, "VerticalSplitPosition": 1, "PositionBottom": 1}
    items = "".join(
        f'<config:config-item config:name="{name}" config:type="int">{place}</config:config-item>'
        for name, place in places.items()
    )
    title = quoteattr(page.title)
    return (
        f"<config:config-item-map-entry config:name={title}>{items}</config:config-item-map-entry>"
    )


def _manifest() -> Iterator[str]:
    yield f'<manifest:manifest {NAMESPACES} manifest:version="1.3">'
    yield f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{TYPE}"/>'
    for name in ("content.xml", "styles.xml", "settings.xml"):
        yield f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
    yield "</manifest:manifest>"


# Reading

_OVERLOOKED = {
    re.compile(rb"<text:tab\b[^>]*?(/>|></text:tab>)"): b"\t",
    re.compile(rb"<text:line-break\b[^>]*?(/>|></text:line-break>)"): b"\n",
}


def readable(data: bytes) -> bytes:
    """The same file for calamine, which overlooks the elements for tabs and line breaks."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            content = archive.read("content.xml")
            manifest = archive.read("META-INF/manifest.xml")  # says if it is encrypted
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError):
        return data  # calamine says what is wrong
    for element, character in _OVERLOOKED.items():
        content = element.sub(character, content)
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        archive.writestr("mimetype", TYPE)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return stream.getvalue()
