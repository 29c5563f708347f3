"""A selection as a file: CSV for programs, XLSX for Excel, JSON for both."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from policies.listing.columns import Columns, columns_of
from policies.listing.factsheets import Factsheets
from policies.listing.policies import Policies
from policies.listing.selecting import Selection
from policies.spreadsheet.excel import workbook
from policies.spreadsheet.pages import Look, Page
from policies.spreadsheet.separated import separated

Row = dict[str, Any]

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}
NUMBERS = {"edition", "total", "judged_total", "maximum", "starting_year", "ending_year", "version"}
NUMBERS |= {"policies_in_force", "examples"}


def taken(selection: Factsheets | Policies, kind: str, site: str) -> bytes:
    """The whole selection, not only a page of it; `site` begins the permanent addresses."""
    if kind == "json":
        return _json(selection, columns_of(selection, site, flat=False))
    columns = columns_of(selection, site, flat=True)
    page = _page(type(selection).__name__, columns, selection.whole)
    return separated(page) if kind == "csv" else workbook([page])


def _rows(columns: Columns, found: Iterable[Any]) -> Iterator[Row]:
    return ({name: value(row) for name, value in columns.items()} for row in found)


def _page(title: str, columns: Columns, found: Iterable[Any]) -> Page:
    looks = [
        Look(width=16, kind="number" if name in NUMBERS or name.endswith("_points") else "text")
        for name in columns
    ]
    cells = ([_cell(value) for value in row.values()] for row in _rows(columns, found))
    return Page(title, list(columns), cells, looks)


def _cell(value: Any) -> Any:
    return joined(value) if isinstance(value, list) else value


def joined(entries: Iterable[str]) -> str:
    """With semicolons between; an entry that has one stands in quotation marks, as in CSV."""
    return "; ".join(map(_quoted, entries))


def _quoted(entry: str) -> str:
    if ";" not in entry and not entry.startswith('"'):
        return entry
    doubled = entry.replace('"', '""')
    return f'"{doubled}"'


def _json(selection: Selection, columns: Columns) -> bytes:
    """Part by part, since a list that ran them together would have them counted together."""
    parts: dict[str, list[Row]] = {part.code: [] for part in selection.parts()}
    for row in _rows(columns, selection.whole):
        parts[row["part"]].append(row)
    asked = {name: list(values) for name, values in selection.asked.values.items()}
    document = {"edition": selection.edition, "asked": asked, "parts": parts}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
