"""The guide to spreadsheets, and the README inside a workbook, know the whole format."""

import re
from itertools import groupby, takewhile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from policies.admin.batches import STATUSES
from policies.admin.exchanging import FORMATS as MENU
from policies.models import BatchState, Side
from policies.spreadsheet import marking
from policies.spreadsheet.columns import Column
from policies.spreadsheet.exporting import CODE_HEADERS, CODES
from policies.spreadsheet.formats import FORMATS
from policies.spreadsheet.opening import ERRORS
from policies.spreadsheet.readme import FORMAT_VERSION, README, readme
from policies.spreadsheet.sheet import Sheet
from policies.spreadsheet.sheets import SHEETS
from policies.spreadsheet.tables import CategoryTable, CountryTable, SectionTypeTable
from tests.workbooks import AT

ROOT = Path(settings.BASE_DIR)
GUIDE = ROOT.joinpath("docs/spreadsheets.md").read_text(encoding="utf-8")
CHAPTERS = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", GUIDE, flags=re.M))
SHEET_BY_SHEET = dict(
    re.findall(
        r"^### (.+)\n((?:(?!### ).*\n)*)",
        CHAPTERS["The format, column by column"],
        flags=re.M,
    )
)

Rows = list[list[str]]

every_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.sheet_name)


def table(first: str, text: str = GUIDE) -> Rows:
    """The rows of the first table whose first header is this."""
    lines = text.split(f"\n| {first} |", 1)[1].split("\n")[2:]
    rows = takewhile(lambda line: line.startswith("|"), lines)
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in rows]


def named(words: str) -> list[str]:
    return re.findall(r"`([^`]+)`", words)


def first_cells(rows: Rows) -> list[str]:
    return [cells[0].strip("`") for cells in rows]


def documented(sheet: str) -> dict[str, list[str]]:
    """What a column holds and how it is read, by its name and in the order of the guide."""
    return {cells[0].strip("`"): cells[1:] for cells in table("column", SHEET_BY_SHEET[sheet])}


def columns(sheet: type[Sheet]) -> list[Column]:
    return list(sheet.fields.values())


def test_the_guide_has_every_sheet_in_the_order_of_the_workbook():
    sheets = [README, *(sheet.sheet_name for sheet in SHEETS), CODES, ERRORS]
    assert list(SHEET_BY_SHEET) == sheets


@every_sheet
def test_it_has_every_column_in_the_order_of_the_sheet(sheet):
    assert list(documented(sheet.sheet_name)) == [column.name for column in columns(sheet)]


@every_sheet
def test_it_says_what_each_column_holds_and_how_it_is_read(sheet):
    said = documented(sheet.sheet_name)
    uses = {column.name: column.use for column in columns(sheet)}
    assert {name: use for name, (_holds, use) in said.items()} == {
        name: "for reading" if use == "reading" else use for name, use in uses.items()
    }
    assert [name for name, (holds, _use) in said.items() if not holds] == []


@every_sheet
def test_it_names_every_action(sheet):
    said = documented(sheet.sheet_name)
    actions: list[tuple[str, Any]] = [
        (column.name, action)
        for column in columns(sheet)
        if column.use == "action"
        for action in column.cell.actions  # type: ignore[attr-defined]
    ]
    assert [action for name, action in actions if action not in named(said[name][0])] == []


def test_it_explains_every_use():
    uses = {column.use for sheet in SHEETS for column in columns(sheet)}
    assert {"reading" if use == "for reading" else use for use in first_cells(table("use"))} == uses


@pytest.mark.parametrize(("sheet", "headers"), [(CODES, CODE_HEADERS), (ERRORS, marking.HEADERS)])
def test_it_has_the_columns_of_the_sheets_that_are_not_read_back(sheet, headers):
    assert list(documented(sheet)) == list(headers)


def test_it_has_every_format_under_its_name_in_the_menu():
    rows = table("format")
    assert first_cells(rows) == ["xlsx", "ods", "csv", "wide"]
    assert set(first_cells(rows)) == {*FORMATS, *(kind for kind, _label in MENU)}
    assert [cells[1] for cells in rows] == [f"*{label}*" for _kind, label in MENU]


def test_it_has_every_status_of_the_preview():
    assert first_cells(table("status")) == [str(label) for label in STATUSES.values()]


def test_it_has_every_state_of_an_import():
    assert first_cells(table("state of an import")) == BatchState.labels


def test_it_has_both_sides_of_a_conflict():
    assert [side.lower() for side in first_cells(table("side"))] == Side.labels


def test_it_has_every_limit_with_its_variable():
    rows = table("limit")
    assert first_cells(rows) == list(settings.SPREADSHEET_LIMITS)
    source = ROOT.joinpath("clusterpolicy/settings.py").read_text(encoding="utf-8")
    block = source.split("SPREADSHEET_LIMITS = {")[1].split("\n}")[0]
    read = dict(re.findall(r'"(\w+)": env\.int\("(\w+)"', block))
    assert {cells[0].strip("`"): cells[2].strip("`") for cells in rows} == {
        name: read.get(name, "none") for name in settings.SPREADSHEET_LIMITS
    }


def test_it_has_every_column_of_the_reference_tables():
    said = {cells[0]: [named(cell) for cell in cells[1:]] for cells in table("table")}
    tables = {
        str(each._meta.model._meta.verbose_name_plural).capitalize(): each
        for each in (CountryTable, SectionTypeTable, CategoryTable)
    }
    assert said == {
        title: [list(each.keys), list(each.lasting), _others(each)]
        for title, each in tables.items()
    }


def _others(each: Any) -> list[str]:
    return [name for name in each.headers() if name not in (*each.keys, *each.lasting)]


def test_it_is_about_the_format_version_that_is_written():
    assert re.findall(r"^Format version (\d+)\.", GUIDE, flags=re.M) == [str(FORMAT_VERSION)]


@every_sheet
def test_the_readme_of_a_workbook_explains_every_column(sheet):
    rows = [tuple(row) for row in readme(None, AT).rows]
    blocks = [list(block) for is_text, block in groupby(rows, any) if is_text]
    explained = {block[0][0]: block[1:] for block in blocks}[sheet.sheet_name]
    assert [name for name, meaning in explained if meaning] == sheet.headers()
