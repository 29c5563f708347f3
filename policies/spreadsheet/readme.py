"""The first sheet of a workbook: what it is, and how to edit it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from policies.models import User
from policies.spreadsheet.cells import CLEAR
from policies.spreadsheet.formats import Look, Page
from policies.spreadsheet.sheet import Sheet
from policies.spreadsheet.sheets import SHEETS

FORMAT_VERSION = 1
VERSION_LABEL = "Format version"
README = "README"


def readme(by: User | None, now: datetime) -> Page:
    columns = (line for sheet in SHEETS for line in _columns(sheet))
    lines = [*_about(by, now), ("", ""), *_rules(), *columns]
    return text_page(_("Cluster policy factsheets"), lines)


def text_page(title: str, lines: Iterable[tuple[Any, Any]]) -> Page:
    rows = [[first or None, second or None] for first, second in lines]
    looks = [Look(width=26, wrap=True), Look(width=100, wrap=True)]
    return Page(README, (README, title), rows, looks, plain=True)


def when(now: datetime) -> str:
    return f"{localtime(now):%Y-%m-%d %H:%M} {localtime(now).tzname()}"


def _about(by: User | None, now: datetime) -> Iterator[tuple[Any, Any]]:
    yield (VERSION_LABEL, FORMAT_VERSION)
    yield (_("Exported"), when(now))
    yield (_("By"), str(by) if by else "")
    yield (
        _("What this is"),
        _(
            "Drafts of factsheets, to be edited here and brought back. What you bring back "
            "becomes drafts that are reviewed; nothing that is published changes."
        ),
    )


def _rules() -> Iterator[tuple[str, str]]:
    yield (
        _("How to edit"),
        _(
            "Change cells, save, and send the file in the admin under Imports. You see what "
            "would change before anything does. Keep this sheet; other sheets, rows and columns "
            "that you do not need may be left out."
        ),
    )
    yield (
        _("Blank cells"),
        _(
            "A blank cell keeps what the site has, in every sheet. To empty a value, write "
            "%(clear)s. A text that itself reads %(clear)s is written with a backslash in front."
        )
        % {"clear": CLEAR},
    )
    yield (
        _("Rows"),
        _(
            "The first columns name the row: country, edition, and a code. A row that is left "
            "out changes nothing. A new policy or reference is a row with a new code and no "
            "version; delete in the column _action takes one out."
        ),
    )
    yield (
        _("Grey columns"),
        _("They are for reading. The versions tell what you have seen: leave them as they are."),
    )
    yield (
        _("Categories"),
        _(
            "By code or label, with semicolons between them; the sheet Codes lists them all. "
            "What a category needs beside it stands in details, one a line: other: Nature."
        ),
    )
    yield (
        _("Dates and numbers"),
        _("Dates as 2022-09-30. Formulas are refused: paste their values instead."),
    )
    yield (
        _("In CSV files"),
        _(
            "A text that begins with = + - @, a tab, an apostrophe or one of their full-width "
            "forms has an apostrophe in front, so that no program takes it for a formula. It is "
            "taken away when the file is read."
        ),
    )


def _columns(sheet: type[Sheet]) -> Iterator[tuple[str, str]]:
    yield ("", "")
    yield (sheet.sheet_name, (sheet.__doc__ or "").split("\n")[0])
    for column in sheet.fields.values():
        yield (column.name, str(column.meaning))
