"""Pages as an Excel workbook, written row by row."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from policies.spreadsheet.pages import Look, Page, Row, Value, by_row, is_whole, lines

LAST_ROW = 1_048_575
LINE_HEIGHT = 15  # points
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 the same content gives the same bytes
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}

GREY = "#EDEDED"
RED = "#FFC7CE"
BLUE = "#DCE6F1"
SHOWN_AS = {
    "text": "@",
    "number": "General",
    "amount": "#,##0.00",
    "date": "yyyy-mm-dd",
    "time": "yyyy-mm-dd hh:mm:ss",
    "long": "0",
}

_LITERAL = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")


def workbook(pages: Iterable[Page]) -> bytes:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    book.set_properties({"created": CREATED})
    styles = Styles(book)
    for page in pages:
        _write_page(book.add_worksheet(page.title, TextSheet), page, styles)
    book.close()
    return stream.getvalue()


class TextSheet(Worksheet):
    """A worksheet that keeps every text to the letter.

    In a workbook `_x0041_` stands for A. The library escapes such literals but for two that share
    an underscore; and it takes a text from <r> to </r> for a formatted one, which it writes as it
    is. Such a text is therefore formatted here, with the plain text inside.
    """

    @staticmethod
    def _escape_control_characters(text: Any) -> Any:
        if not isinstance(text, str):  # a truth value
            return text
        text = _LITERAL.sub("_x005F_", text)
        if text.startswith("<r>") and text.endswith("</r>"):
            return f'<r><t xml:space="preserve">{escape(text)}</t></r>'
        return text


class Styles:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.made: dict[tuple[Any, ...], Format] = {}

    def cell(self, kind: str, look: Look, marked: bool = False) -> Format:
        fill = RED if marked else GREY if look.read_only else ""
        return self._make(num_format=SHOWN_AS[kind], text_wrap=look.wrap, bg_color=fill)

    def header(self, look: Look, marked: bool = False, plain: bool = False) -> Format:
        fill = RED if marked else "" if plain else GREY if look.read_only else BLUE
        size = 14 if plain else 11
        return self._make(num_format="@", text_wrap=True, bold=True, bg_color=fill, font_size=size)

    def _make(self, **properties: Any) -> Format:
        key = tuple(properties.items())
        if key not in self.made:
            given = {name: value for name, value in properties.items() if value}
            self.made[key] = self.book.add_format({"valign": "top", **given})
        return self.made[key]


def _write_page(sheet: Worksheet, page: Page, styles: Styles) -> None:
    looks = page.columns()
    for column, look in enumerate(looks):
        sheet.set_column(column, column, look.width, styles.cell(look.kind, look))
    _write_header(sheet, page, looks, styles)
    last = 0
    for row in page.body():
        _write_row(sheet, row, looks, styles)
        last = row.number
    _lay_out(sheet, page, last)
    for column, look in enumerate(looks):
        _validate(sheet, column, look)


def _write_header(sheet: Worksheet, page: Page, looks: list[Look], styles: Styles) -> None:
    marks = by_row(page.marks).get(0, {})
    for column, (header, look) in enumerate(zip(page.headers, looks, strict=False)):
        wrong = marks.get(column, "")
        style = styles.header(look, bool(wrong), page.plain)
        _write_value(sheet, 0, column, header or None, style)
        _comment(sheet, 0, column, "\n\n".join(filter(None, [wrong, look.note])))


def _write_row(sheet: Worksheet, row: Row, looks: list[Look], styles: Styles) -> None:
    height = 1
    for column, value, wrong in row.cells():
        look = looks[column] if column < len(looks) else Look()
        height = max(height, lines(value, look))
        if value is None and not wrong:
            continue
        style = styles.cell(kind_of(value, look), look, bool(wrong))
        _write_value(sheet, row.number, column, value, style)
        _comment(sheet, row.number, column, wrong)
    if height > 1:  # LibreOffice does not find it out by itself
        sheet.set_row(row.number, height * LINE_HEIGHT)


def kind_of(value: Value, look: Look) -> str:
    """What the cell itself is shown as: a text stays a text in a column of numbers."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, datetime):
        return "time"
    if isinstance(value, date):
        return "date"
    if value is None or look.kind == "amount":
        return look.kind
    return "long" if is_whole(value) and abs(int(value)) >= 10**11 else "number"


def _write_value(sheet: Worksheet, row: int, column: int, value: Value, style: Format) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def _comment(sheet: Worksheet, row: int, column: int, text: str) -> None:
    if text:
        height = text.count("\n") + len(text) // 35 + 2
        size = {"width": 260, "height": min(height, 20) * 18}
        sheet.write_comment(row, column, text, size)


def _lay_out(sheet: Worksheet, page: Page, last: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    if page.plain:
        sheet.hide_gridlines(2)
    elif page.headers:
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, last, len(page.headers) - 1)


def _validate(sheet: Worksheet, column: int, look: Look) -> None:
    rule = _rule(look)
    if look.prompt:
        rule["input_message"] = Truncator(look.prompt).chars(255)
    if rule:
        sheet.data_validation(1, column, LAST_ROW, column, {"validate": "any", **rule})


def _rule(look: Look) -> dict[str, Any]:
    if look.read_only:
        refusal = {
            "error_title": _("Read only"),
            "error_message": _("This column is for reading only."),
        }
        return {"validate": "custom", "value": "=FALSE", **refusal}
    if look.choices:
        refusal = {"error_title": _("Not in the list"), "error_message": _("Pick one of the list.")}
        return {"validate": "list", "source": look.choices, **refusal}
    return {}
