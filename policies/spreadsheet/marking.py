"""A file with errors once more, each marked where it stands and listed on a sheet of its own.

It can be mended and sent as it is: the list is not read.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from tablib import Dataset

from policies.spreadsheet.exporting import look
from policies.spreadsheet.formats import FORMATS, Look, Page
from policies.spreadsheet.opening import BY_NAME, ERRORS, opened
from policies.spreadsheet.readme import README

Problem = Mapping[str, Any]  # as a batch keeps them
HEADERS = ("sheet", "cell", "value", "problem")


def marked(data: bytes, filename: str, problems: Sequence[Problem]) -> bytes:
    """An XLSX file; raises `Refused` as reading the file would."""
    sheets = opened(data, filename).sheets
    return FORMATS["xlsx"]().write(_pages(sheets, problems))


def _pages(sheets: Mapping[str, Dataset], problems: Sequence[Problem]) -> Iterator[Page]:
    rows = [[p["sheet"], p["cell"], p["value"], p["message"]] for p in problems]
    looks = [Look(width=14), Look(width=10), Look(width=40, wrap=True), Look(width=100, wrap=True)]
    yield Page(ERRORS, HEADERS, rows, looks)
    for name, dataset in sheets.items():
        if name != ERRORS:
            headers = [header or "" for header in dataset.headers or []]
            looks = [_look(name, header) for header in headers]
            marks = _marks(headers, [p for p in problems if p["sheet"] == name])
            yield Page(name, headers, iter(dataset), looks, marks, plain=name == README)


def _look(sheet: str, header: str) -> Look:
    columns = BY_NAME[sheet].fields if sheet in BY_NAME else {}
    if header in columns:
        return look(columns[header], {})
    return Look(width=26 if sheet == README else 20, wrap=True)


def _marks(headers: Sequence[str], problems: Sequence[Problem]) -> dict[tuple[int, int], str]:
    marks: dict[tuple[int, int], str] = {}
    for problem in problems:
        column = headers.index(problem["column"]) if problem["column"] in headers else 0
        place = (max(0, problem["row"] - 1), column)
        said = marks.get(place)
        message = problem["message"] or _("There is something wrong here.")
        marks[place] = f"{said}\n{message}" if said else message
    return marks
