"""The guard at the door: what is refused, and in which words; what passes, and what is odd."""

import io
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from policies.spreadsheet.guard import Inspected, Limits, Oddity, Refused, inspect
from tests import hostile
from tests.hostile import CORPUS

MEGABYTE = 1024 * 1024

EMPTY_CELLS = '<table:table-cell table:number-columns-repeated="16384"/>'


@pytest.fixture(scope="module", params=CORPUS)
def hostile_file(request):
    """The bytes, the name and the phrase; built once for all tests of one file."""
    name, build, phrase = CORPUS[request.param]
    return build(), name, phrase


def test_a_hostile_file_is_refused_with_its_reason(hostile_file):
    data, name, phrase = hostile_file
    with pytest.raises(Refused, match=phrase):
        inspect(data, name)


def test_a_hostile_file_is_refused_in_little_memory(hostile_file):
    data, name, _phrase = hostile_file
    tracemalloc.start()
    try:
        with pytest.raises(Refused):
            inspect(data, name)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 60 * MEGABYTE


def test_a_file_cut_off_anywhere_is_refused():
    data = hostile.xlsx()
    for length in range(0, len(data), 7):
        with pytest.raises(Refused):
            inspect(data[:length], "a.xlsx")


# --- What passes -----------------------------------------------------------------------------


def written_by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Policies"
    page.append(["code", "name"])
    page["A2"].comment = Comment("a remark", "Ada")
    page["B2"].hyperlink = "https://example.org/"
    page.merge_cells("A4:B4")
    book.create_sheet("hidden").sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def written_by_xlsxwriter(*, constant_memory: bool = False) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": constant_memory}) as book:
        page = book.add_worksheet("Policies")
        page.write_row(0, 0, ["code", 1, 2.5, True])
        page.write_blank(1, 3, None, book.add_format({"bg_color": "yellow"}))
        page.data_validation("A3:A9", {"validate": "list", "source": ["x", "y"]})
        page.write_comment("A1", "a remark")
        page.write_url("A4", "https://example.org/")
        page.conditional_format("A1:A9", {"type": "formula", "criteria": "=A1>3"})
        if not constant_memory:
            page.add_table("F1:G3")
        book.define_name("First", "=Policies!$A$1")
    return stream.getvalue()


def as_libreoffice_writes() -> bytes:
    """Two cells, and then a million empty rows of 16,384 empty cells."""
    rows = (
        hostile.row(hostile.TEXT * 2 + EMPTY_CELLS)
        + hostile.row(EMPTY_CELLS, repeated=1_048_574)
        + hostile.row(EMPTY_CELLS)
    )
    return hostile.ods(
        hostile.table(rows) + hostile.table(hostile.row("<table:table-cell/>"), "hidden"),
        {
            "Configurations2/accelerator/current.xml": "",
            "Configurations2/menubar/": "",
            "Thumbnails/thumbnail.png": b"\x89PNG",
            "manifest.rdf": "<x/>",
            "styles.xml": "<x/>",
        },
    )


@pytest.mark.parametrize(
    ("build", "kind"),
    [
        (hostile.xlsx, "xlsx"),
        (written_by_openpyxl, "xlsx"),
        (written_by_xlsxwriter, "xlsx"),
        (lambda: written_by_xlsxwriter(constant_memory=True), "xlsx"),
        (hostile.ods, "ods"),
        (as_libreoffice_writes, "ods"),
        (hostile.csv_zip, "csv"),
    ],
)
def test_a_harmless_file_passes_whatever_its_name(build, kind):
    assert inspect(build(), "factsheets.zip") == Inspected(kind)


def test_a_zip_made_on_a_mac_passes():
    litter = {"__MACOSX/._Policies.csv": b"\0\5\x16\7", ".DS_Store": b"\0", "sheets/": ""}
    assert inspect(hostile.csv_zip({**litter, "sheets/Texts.csv": "a\n"}), "a.zip").kind == "csv"


def test_csv_with_semicolons_and_long_texts_passes():
    text = '\ufeff"code";"text"\r\n"a";"' + "x, y\n" * 6_000 + '"\r\n'
    assert inspect(hostile.csv_zip({"a.csv": text}), "a.zip").kind == "csv"


def test_the_same_long_text_in_thousands_of_rows_passes():
    row = f"<row><c t='inlineStr'><is><t>{'a long text ' * 150}</t></is></c></row>"
    assert inspect(hostile.xlsx(rows=row * 6_000), "a.xlsx").kind == "xlsx"


def test_a_last_row_without_cells_passes():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576" ht="12.8"></row>'
    assert inspect(hostile.xlsx(rows=rows), "a.xlsx").oddities == ()


def test_the_last_allowed_cells_pass():
    limits = Limits(rows=3, columns=2)
    rows = '<row r="3"><c r="A3"/><c r="B3"><v>1</v></c></row>'
    assert inspect(hostile.xlsx(rows=rows), "a.xlsx", limits).oddities == ()


def test_long_texts_that_few_cells_share_pass():
    strings = "<sst>" + f"<si><t>{'x' * 32_000}</t></si>" * 50 + "</sst>"
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>49</v></c></row>'
    data = hostile.xlsx({"xl/sharedStrings.xml": strings}, rows)
    assert inspect(data, "a.xlsx").oddities == ()


def test_entries_with_sizes_after_their_content_pass():
    stream = io.BytesIO()
    with zipfile.ZipFile(Unseekable(stream), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in hostile.workbook().items():
            archive.writestr(name, content or "")
    assert inspect(stream.getvalue(), "a.xlsx").kind == "xlsx"


class Unseekable:
    """Makes the writer put sizes behind the content, as LibreOffice does."""

    def __init__(self, stream: io.BytesIO) -> None:
        self.write, self.flush = stream.write, stream.flush


def test_a_relation_may_name_its_part_from_the_root():
    links = hostile.relations(
        hostile.relation(f"{hostile.OFFICE}/worksheet", f"/{hostile.SHEET}", "rId1")
    )
    data = hostile.xlsx({"xl/_rels/workbook.xml.rels": links}, FORMULA)
    assert inspect(data, "a.xlsx").oddities[0].sheet == "Policies"


# --- Oddities --------------------------------------------------------------------------------

FORMULA = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'


def oddities_of_rows(rows: str) -> tuple[Oddity, ...]:
    return inspect(hostile.xlsx(rows=rows), "a.xlsx").oddities


def oddities_of_cells(*rows: str) -> tuple[Oddity, ...]:
    return inspect(hostile.ods(hostile.table("".join(rows))), "a.ods").oddities


def test_formulas_and_errors_of_a_workbook_are_found_in_their_cells():
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Policies"
    page["B2"], page["D7"] = "=SUM(A1:A2)", "#N/A"
    book.create_sheet("Zürich & Bern")["AA3"] = '=A1&"<x>"'
    stream = io.BytesIO()
    book.save(stream)
    assert inspect(stream.getvalue(), "a.xlsx").oddities == (
        Oddity("Policies", 2, 2, "formula", "=SUM(A1:A2)"),
        Oddity("Policies", 7, 4, "error", "#N/A"),
        Oddity("Zürich & Bern", 3, 27, "formula", '=A1&"<x>"'),
    )


def test_a_shared_formula_is_found_in_every_cell():
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>1</v></c><c r="B2"><v>5</v></c></row>'
    )
    assert oddities_of_rows(rows) == (
        Oddity("Policies", 1, 1, "formula", "=B1"),
        Oddity("Policies", 2, 1, "formula", "=…"),
    )


def test_a_formula_with_an_error_is_a_formula():
    rows = '<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    assert oddities_of_rows(rows) == (Oddity("Policies", 1, 1, "formula", "=1/0"),)


def test_an_error_that_is_spelled_as_a_formula_is_an_error():
    rows = '<row r="1"><c r="A1" t="e"><f>#N/A</f><v>#N/A</v></c></row>'
    assert oddities_of_rows(rows) == (Oddity("Policies", 1, 1, "error", "#N/A"),)


def test_cells_without_a_place_are_counted():
    rows = '<row><c><v>1</v></c></row><row><c/><c t="e"><v>#REF!</v></c></row>'
    assert oddities_of_rows(rows) == (Oddity("Policies", 2, 2, "error", "#REF!"),)


def test_rules_outside_the_cells_are_no_formulas():
    rules = "</sheetData><dataValidation><f>A1</f></dataValidation><sheetData>"
    assert oddities_of_rows('<row r="1"><c r="A1"/></row>' + rules) == ()


def test_a_text_that_looks_like_a_formula_is_none():
    assert (
        oddities_of_rows('<row r="1"><c r="A1" t="inlineStr"><is><t>=1+1</t></is></c></row>') == ()
    )


def test_at_most_a_thousand_oddities_are_kept():
    rows = "".join("<row><c><f>1</f></c></row>" for _ in range(1_500))
    assert len(oddities_of_rows(rows)) == 1_000


def test_a_long_formula_is_cut():
    (oddity,) = oddities_of_rows(f"<row><c><f>{'1+' * 1_000_000}</f></c></row>")
    assert len(oddity.value) == 8_193


def test_formulas_and_errors_of_opendocument_are_found_in_their_cells():
    formula = (
        '<table:table-cell table:formula="of:=[.A1]+1" office:value-type="float" '
        'office:value="2"><text:p>2</text:p></table:table-cell>'
    )
    error = (
        '<table:table-cell office:value-type="string" calcext:value-type="error">'
        "<text:p>#N/A</text:p></table:table-cell>"
    )
    spelled = error.replace("cell office", 'cell table:formula="of:=#N/A" office')
    empty = '<table:table-cell table:number-columns-repeated="2"/>'
    rows = [
        hostile.row(hostile.TEXT + formula),
        hostile.row(EMPTY_CELLS, repeated=3),
        hostile.row(empty + error + "<table:covered-table-cell/>" + spelled),
    ]
    assert oddities_of_cells(*rows) == (
        Oddity("Policies", 1, 2, "formula", "=[.A1]+1"),
        Oddity("Policies", 5, 3, "error", "#N/A"),
        Oddity("Policies", 5, 5, "error", "#N/A"),
    )


def test_a_repeated_formula_is_found_in_every_cell():
    formula = (
        '<table:table-cell table:number-columns-repeated="2" table:formula="of:=1" '
        'office:value-type="float"/>'
    )
    found = oddities_of_cells(hostile.row(formula, repeated=2))
    assert [(oddity.row, oddity.column) for oddity in found] == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_a_remark_fills_no_cell():
    remark = (
        '<table:table-cell table:number-columns-repeated="999"><office:annotation><text:p>x'
        "</text:p></office:annotation></table:table-cell>"
    )
    assert oddities_of_cells(hostile.row(remark)) == ()


# --- Limits ----------------------------------------------------------------------------------


def test_limits_come_from_the_settings(settings):
    settings.SPREADSHEET_LIMITS = {**settings.SPREADSHEET_LIMITS, "sheets": 1}
    data = hostile.ods(hostile.table("", "a") + hostile.table("", "b"))
    with pytest.raises(Refused, match="more than 1 sheets"):
        inspect(data, "a.ods")


def test_every_variable_of_the_limits_is_explained(settings):
    source = Path(settings.BASE_DIR, "clusterpolicy/settings.py").read_text(encoding="utf-8")
    readme = Path(settings.BASE_DIR, "README.md").read_text(encoding="utf-8")
    variables = [word for word in source.split('"') if word.startswith("SPREADSHEET_MAX_")]
    assert [name for name in variables if f"`{name}`" not in readme] == []
