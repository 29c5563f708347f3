"""Spreadsheet files: what is written is read back to the letter, and nothing is ever a formula."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
import tablib
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from policies.spreadsheet.formats import CSV, FORMATS, ODS, XLSX, Format, Look, Page, Value
from policies.text import MAX_LENGTH, normalise
from tests.office import Soffice

TEXTS = [
    *["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠a", '=HYPERLINK("http://a.b")'],
    *["'", "''", "'=1", "'a", '"', '"quoted"', 'a"b', "a,b", "a;b", "]]>", "<b>&amp;"],
    *["  leading", "trailing  ", "a  b", " ", "   ", "\xa0", "\ufefftext"],
    *["\n", "\n\na\n\n", " \n ", "a  \n  b", "a\n"],
    *["\t", "a\tb", "\t\ta", " \t ", "\ta\n\t"],
    *["_x000D_", "_x0041_", "_x0041", "__x0041__x0042_", "<r>a</r>", "<r>_x0041_</r>", "<r>"],
    *["😀", "x\u0301\u0302", "\u200fabc", "é"],
    *["007", "1/2/2024", "2024-01-02", "1e5", "TRUE", "#N/A", "http://a.b", "mailto:a@b.c"],
    *["a" * MAX_LENGTH, "😀" * (MAX_LENGTH // 2)],
]
# LibreOffice reads them well and writes the first underscore of two only.
OVERLAPPING = ["_x005F_x0041_", "a_x0041_x0042_", "_x0041_x0042_x0043_"]

NUMBERS: list[Value] = [0, 7, -7, 0.5, 123456789012345, Decimal("1234567.25"), 1e-7]
DATES: list[Value] = [
    date(1900, 3, 1),
    date(2024, 2, 29),
    date(9999, 12, 31),
    datetime(2024, 1, 2, 3, 4, 5),  # noqa: DTZ001 a cell knows no time zone
]

every_format = pytest.mark.parametrize("kind", FORMATS)
workbooks = pytest.mark.parametrize("kind", ["xlsx", "ods"])


def write(kind: str, rows: Sequence[Sequence[Value]], **options) -> bytes:
    width = max(map(len, rows), default=1)
    headers = options.pop("headers", [f"column {place}" for place in range(width)])
    looks = options.pop("looks", [Look()] * len(headers))
    return FORMATS[kind]().write([Page("Sheet", headers, rows, looks, **options)])


def read(kind: str, data: bytes) -> tablib.Dataset:
    return FORMATS[kind]().read(data).sheets()[0]


def again(kind: str, rows: Sequence[Sequence[Value]], **options) -> list[tuple[Value, ...]]:
    return list(read(kind, write(kind, rows, **options)))


def xlsx(data: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def typed(rows) -> list[list[tuple[type, Value]]]:
    """1 and 1.0 and True are equal, and not the same."""
    return [[(type(cell), cell) for cell in row] for row in rows]


# Nothing is lost


@every_format
@pytest.mark.parametrize("text", TEXTS + OVERLAPPING, ids=lambda text: ascii(text[:20]))
def test_a_text_comes_back_to_the_letter(kind, text):
    assert again(kind, [[text, "end"]]) == [(text, "end")]


@every_format
@pytest.mark.parametrize("text", ["=1", "_x0041_", "a\tb", "a\nb", "a;b;c;d", "'", "<r>a</r>"])
def test_a_header_comes_back_to_the_letter(kind, text):
    assert read(kind, write(kind, [["a", "b"]], headers=["a", text])).headers == ["a", text]


@workbooks
@pytest.mark.parametrize("look", ["text", "number", "amount", "date"])
def test_a_text_stays_a_text_in_every_column(kind, look):
    rows = [["007"], ["1/2/2024"], ["1e5"], ["2024-01-02"]]
    assert again(kind, rows, looks=[Look(kind=look)]) == [tuple(row) for row in rows]


@workbooks
@pytest.mark.parametrize("value", [*NUMBERS, *DATES], ids=str)
def test_a_number_or_date_comes_back(kind, value):
    assert again(kind, [[value]]) == [(value,)]


@workbooks
def test_whole_numbers_come_back_whole(kind):
    assert typed(again(kind, [[7, 7.0, 7.5]])) == typed([[7, 7, 7.5]])


@workbooks
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(1899, 12, 31), "1899-12-31"),
        (date(1900, 2, 28), "1900-02-28"),
        (datetime(1900, 1, 2, 3), "1900-01-02 03:00:00"),  # noqa: DTZ001
        (datetime(2024, 1, 2, 3, tzinfo=UTC), "2024-01-02 03:00:00+00:00"),
        (1234567890123456789, "1234567890123456789"),
        (Decimal("1234567890123456.78"), "1234567890123456.78"),
        (Decimal("Infinity"), "Infinity"),
    ],
)
def test_what_no_cell_holds_exactly_is_written_as_text(kind, value, text):
    assert again(kind, [[value]]) == [(text,)]


def test_csv_gives_texts_only():
    rows = [[7, Decimal("1.50"), date(2024, 1, 2), -0.5]]
    assert again("csv", rows) == [("7", "1.50", "2024-01-02", "-0.5")]


@every_format
def test_an_empty_text_is_an_empty_cell(kind):
    assert again(kind, [["", None, "end"]]) == [(None, None, "end")]


def test_an_empty_text_leaves_no_trace_in_a_workbook():
    with zipfile.ZipFile(io.BytesIO(write("xlsx", [["", "end"]]))) as archive:
        assert b'r="A2"' not in archive.read("xl/worksheets/sheet1.xml")


def test_spaces_that_xml_would_run_together_are_counted_in_an_ods_file():
    with zipfile.ZipFile(io.BytesIO(write("ods", [[" a  b "]]))) as archive:
        content = archive.read("content.xml").decode()
    assert '<text:s text:c="1"/>a<text:s text:c="2"/>b<text:s text:c="1"/>' in content


texts = st.text(
    st.one_of(st.characters(), st.sampled_from(list("=+-@'\"_x0041 \t\n\r,;<>&＝"))), max_size=30
).map(normalise)
numbers = st.integers(-(10**15) + 1, 10**15 - 1) | st.decimals(
    -(10**9), 10**9, places=4, allow_nan=False
)
dates = st.dates(date(1900, 3, 1))


def tables(cells: st.SearchStrategy[Value]) -> st.SearchStrategy[list[list[Value]]]:
    row = st.tuples(st.just("start"), cells, cells, st.just("end")).map(list)
    return st.lists(row, max_size=5)


@every_format
@given(rows=tables(texts), headers=st.lists(texts.filter(bool), min_size=4, max_size=4))
def test_any_table_of_texts_comes_back(kind, rows, headers):
    dataset = read(kind, write(kind, rows, headers=headers))
    assert dataset.headers == headers
    assert list(dataset) == [tuple(cell or None for cell in row) for row in rows]


@workbooks
@given(rows=tables(texts | numbers | dates | st.none()))
def test_any_table_of_values_comes_back(kind, rows):
    wanted = [tuple(plain(cell) for cell in row) for row in rows]
    assert typed(again(kind, rows)) == typed(wanted)


@given(rows=tables(texts | numbers | dates | st.none()))
def test_any_table_of_values_comes_back_from_csv_as_text(rows):
    assert again("csv", rows) == [tuple(as_text(cell) for cell in row) for row in rows]


def as_text(cell: Value) -> str | None:
    text = f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
    return None if cell is None else text or None


def plain(cell: Value) -> Value:
    """How a workbook gives back a value: it knows no decimals and no empty texts."""
    if isinstance(cell, Decimal):
        return int(cell) if cell == int(cell) else float(cell)
    return None if cell == "" else cell


# LibreOffice between


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_file_that_libreoffice_saved_reads_the_same(kind: str, soffice: Soffice):
    known_to_break = OVERLAPPING if kind == "ods" else []
    values = [*TEXTS, *known_to_break, *NUMBERS, *DATES, None, date(1899, 1, 1)]
    rows = [["start", value, None, value] for value in values]
    looks = [Look(read_only=True), Look(wrap=True, note="Note"), Look(), Look(kind="amount")]
    codes = Page("Codes", ["code"], [["a"], ["b"]], [Look(choices="=Codes!$A$2:$A$3")])
    headers = ["=a", "b\nb", "c;c", "_x0041_"]
    page = Page("Sheet", headers, rows, looks, marks={(1, 1): "Wrong", (2, 2): "Empty"})
    data = FORMATS[kind]().write([page, codes])
    assert everything(kind, soffice(data, kind)) == everything(kind, data)


def everything(kind: str, data: bytes) -> list[tuple]:
    sheets = FORMATS[kind]().read(data).sheets()
    return [(sheet.title, sheet.headers, typed(sheet)) for sheet in sheets]


# Nothing is live


def test_no_cell_of_a_workbook_is_a_formula_or_a_link():
    with zipfile.ZipFile(io.BytesIO(write("xlsx", [[text] for text in TEXTS]))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search(r"<f[ >]|<hyperlink|<v>", sheet)


def test_no_cell_of_an_ods_file_is_a_formula_or_a_link():
    with zipfile.ZipFile(io.BytesIO(write("ods", [[text] for text in TEXTS]))) as archive:
        content = archive.read("content.xml").decode()
    assert not re.search(r"<[^>]+(table:formula=|office:value=)|<text:a[ >]", content)


def test_no_cell_of_a_csv_file_begins_like_a_formula():
    rows = csv.reader(io.StringIO(csv_text(CSV(), TEXTS), newline=""))
    assert not [row for row in rows if row[0].startswith(tuple("=+-@\t＝＋－＠"))]


def csv_text(format_: CSV, texts: Sequence[str]) -> str:
    dataset = tablib.Dataset(*[[text] for text in texts], headers=["text"])
    return format_.export_data(dataset).decode("utf-8-sig")


def test_a_column_of_texts_keeps_as_text_what_is_typed_below():
    assert xlsx(write("xlsx", [["a"]])).column_dimensions["A"].number_format == "@"


# Rows and columns keep their places


@every_format
def test_empty_rows_keep_the_numbers_of_those_below(kind):
    rows: list[list[Value]] = [["a", "b"], [None, None], [], ["c", "d"]]
    assert again(kind, rows) == [("a", "b"), (None, None), (None, None), ("c", "d")]


@every_format
def test_an_empty_first_row_and_column_keep_their_places(kind):
    dataset = read(kind, write(kind, [[None, None], [None, "a"]], headers=["", ""]))
    assert dataset.headers == [None, None]
    assert list(dataset) == [(None, None), (None, "a")]


@every_format
def test_empty_rows_and_columns_at_the_end_are_cut(kind):
    dataset = read(kind, write(kind, [["a", None], [None, None]], headers=["one", ""]))
    assert (dataset.headers, list(dataset)) == (["one"], [("a",)])


@every_format
def test_short_rows_are_padded_and_long_rows_pad_the_header(kind):
    dataset = read(kind, write(kind, [["a"], ["b", "c", "d"]], headers=["one", "two"]))
    assert dataset.headers == ["one", "two", None]
    assert list(dataset) == [("a", None, None), ("b", "c", "d")]


@every_format
def test_a_page_without_rows_has_its_header(kind):
    assert read(kind, write(kind, [], headers=["one", "two"])).headers == ["one", "two"]


@every_format
def test_pages_come_back_in_order_by_their_titles(kind):
    pages = [Page(title, ["a"], [[title]], [Look()]) for title in ("README", "Policies", "A b")]
    book = FORMATS[kind]().read(FORMATS[kind]().write(pages))
    assert [(sheet.title, *sheet[0]) for sheet in book.sheets()] == [
        ("README", "README"),
        ("Policies", "Policies"),
        ("A b", "A b"),
    ]


def test_hidden_sheets_are_read():
    book = openpyxl.Workbook()
    book.create_sheet("Hidden").sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    assert [sheet.title for sheet in XLSX().read(stream.getvalue()).sheets()] == ["Sheet", "Hidden"]


@every_format
def test_the_same_pages_give_the_same_bytes(kind):
    assert write(kind, [["a", 1]]) == write(kind, [["a", 1]])


@every_format
def test_rows_may_come_one_by_one(kind):
    page = Page("Sheet", ["n"], ([str(number)] for number in range(3)), [Look()])
    assert list(read(kind, FORMATS[kind]().write([page]))) == [("0",), ("1",), ("2",)]


# How a workbook looks


def test_the_header_is_bold_frozen_and_filtered():
    sheet = xlsx(write("xlsx", [["a", "b"]]))
    assert sheet["A1"].font.bold
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B2")


def test_a_plain_page_is_neither_frozen_nor_filtered():
    sheet = xlsx(write("xlsx", [["a"]], plain=True))
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == (None, None)


def test_a_read_only_column_is_shaded_and_refuses_typing():
    sheet = xlsx(write("xlsx", [["a"]], looks=[Look(read_only=True)]))
    (rule,) = sheet.data_validations.dataValidation
    assert (rule.type, rule.formula1, str(rule.sqref)) == ("custom", "FALSE", "A2:A1048576")
    assert rule.error == "This column is for reading only."
    assert sheet["A2"].fill.fgColor.rgb == "FFEDEDED"


def test_a_column_with_choices_has_a_list_that_reaches_new_rows():
    sheet = xlsx(write("xlsx", [["a"]], looks=[Look(choices="=Codes!$C$2:$C$6", prompt="Pick")]))
    (rule,) = sheet.data_validations.dataValidation
    assert (rule.type, rule.formula1, rule.prompt) == ("list", "Codes!$C$2:$C$6", "Pick")
    assert str(rule.sqref) == "A2:A1048576"


@pytest.mark.parametrize(
    ("look", "value", "shown_as"),
    [("amount", Decimal("1.5"), "#,##0.00"), ("date", date(2024, 1, 2), "yyyy-mm-dd")],
)
def test_values_are_shown_as_their_column_says(look, value, shown_as):
    assert xlsx(write("xlsx", [[value]], looks=[Look(kind=look)]))["A2"].number_format == shown_as


def test_notes_are_comments_on_the_header():
    sheet = xlsx(write("xlsx", [["a"]], looks=[Look(note="What belongs here")]))
    assert sheet["A1"].comment.text == "What belongs here"


def test_a_long_text_does_not_make_a_row_enormous():
    sheet = xlsx(write("xlsx", [["a" * MAX_LENGTH]], looks=[Look(wrap=True)]))
    assert sheet.row_dimensions[2].height == 180


# Marks


MARKS = {(0, 1): "no such column", (1, 0): "no such code", (2, 1): "is missing", (4, 0): "no row"}


@pytest.mark.parametrize(
    ("cell", "text"),
    [("B1", "no such column"), ("A2", "no such code"), ("B3", "is missing"), ("A5", "no row")],
)
def test_a_mark_is_a_red_cell_with_a_comment(cell, text):
    marked = xlsx(write("xlsx", [["a", "b"], ["c", None]], marks=MARKS))[cell]
    assert (marked.fill.fgColor.rgb, marked.comment.text) == ("FFFFC7CE", text)


@workbooks
def test_marks_change_no_value(kind):
    rows: list[list[Value]] = [["a", "b"], ["c", None]]
    assert again(kind, rows, marks=MARKS) == again(kind, rows)


def test_marks_of_an_ods_file_are_annotations():
    with zipfile.ZipFile(io.BytesIO(write("ods", [["a", "b"]], marks=MARKS))) as archive:
        content = archive.read("content.xml").decode()
    found = re.findall(r"<office:annotation><text:p>(.*?)</text:p>", content)
    assert found == ["no such column", "no such code", "is missing", "no row"]


# What people bring


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_csv_file_may_use_any_usual_delimiter(delimiter, mark):
    text = f'{mark}code{delimiter}"a,b;c"{delimiter}name\r\n1{delimiter}"x\ny"{delimiter}Ü\r\n'
    dataset = CSV().create_dataset(text.encode())
    assert (dataset.headers, list(dataset)) == (["code", "a,b;c", "name"], [("1", "x\ny", "Ü")])


def test_an_apostrophe_that_guards_nothing_stays():
    assert list(CSV().create_dataset(b"a\r\n'tis\r\n")) == [("'tis",)]


def test_several_csv_files_come_in_a_zip():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("export/Policies.csv", "a\r\n1\r\n")
        archive.writestr("__MACOSX/export/._Policies.csv", b"\x00\xff")
    (sheet,) = CSV().read(stream.getvalue()).sheets()
    assert (sheet.title, list(sheet)) == ("Policies", [("1",)])


@pytest.mark.parametrize("data", ["a\r\nÜ\r\n".encode("latin-1"), "a\r\n".encode("utf-16"), b"\0"])
def test_a_csv_file_that_is_not_utf_8_is_refused_with_a_way_out(data):
    with pytest.raises(ValueError, match="is not UTF-8 text: save as CSV UTF-8"):
        CSV().read(data)


@pytest.mark.parametrize("data", [b'a\r\n"b', b'a\r\n"b"c', b"a\r\n" + b"b" * 200_000])
def test_malformed_csv_is_refused(data):
    with pytest.raises(ValueError, match="not well-formed CSV near line 2"):
        CSV().read(data)


@pytest.mark.parametrize(
    ("format_", "data"),
    [(XLSX(), b""), (XLSX(), b"PK\3\4"), (ODS(), b"text"), (ODS(), b"PK\3\4"), (CSV(), b"PK\3\4")],
)
def test_what_is_no_such_file_is_refused(format_: Format, data: bytes):
    with pytest.raises(ValueError, match="can not be read"):
        format_.read(data)


# As the library uses them


@every_format
def test_the_library_gets_one_table_there_and_back(kind):
    table = tablib.Dataset(["=1", "a\nb"], headers=["code", "name"])
    data = FORMATS[kind]().export_data(table)
    dataset = FORMATS[kind]().create_dataset(data)
    assert (dataset.headers, list(dataset)) == (["code", "name"], [("=1", "a\nb")])


@every_format
def test_the_library_is_told_what_a_format_is(kind):
    format_ = FORMATS[kind](encoding="utf-8")
    assert (format_.get_title(), format_.get_extension()) == (kind, kind)
    assert (format_.can_import(), format_.can_export(), format_.is_binary()) == (True, True, True)
    assert format_.get_read_mode() == "rb"
