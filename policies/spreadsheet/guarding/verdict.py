"""What the guard says of a file, and what a file may hold."""

from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
KEPT_ODDITIES = 1000
LARGEST_AREA = 4_000_000
"""In cells, over all sheets: 40 columns of 100,000 rows. Reading that takes 300 MB."""
LONGEST_FORMULA = 8192
"""In characters, as Excel allows; the rest is cut off."""


class Refused(Exception):
    """A file that is not even opened; its words say why, and what to do."""


class Damaged(Refused):
    """A file that is not what its format says it is."""

    def __init__(self, what: str) -> None:
        advice = _(
            "The file is damaged or was not saved completely (%(what)s). "
            "Open it in a spreadsheet program, save it again as XLSX, and upload that."
        )
        super().__init__(advice % {"what": what})


@dataclass(frozen=True)
class Limits:
    """What a file may hold at most."""

    file_bytes: int = 20 * MEGABYTE
    unzipped_bytes: int = 150 * MEGABYTE
    entries: int = 200
    sheets: int = 20
    rows: int = 100_000
    columns: int = 100

    @classmethod
    def from_settings(cls) -> "Limits":
        return cls(**settings.SPREADSHEET_LIMITS)


@dataclass(frozen=True)
class Oddity:
    """A cell that holds something which is no plain value.

    A formula that the file does not spell out for its cell, as in a filled-down range, is “=…”.
    A formula that results in an error counts as a formula.
    """

    sheet: str
    row: int
    column: int
    kind: Literal["formula", "error"]
    value: str


@dataclass(frozen=True)
class Inspected:
    """A file that may be opened; a csv is a zip with one CSV file per sheet."""

    kind: Literal["xlsx", "ods", "csv"]
    oddities: tuple[Oddity, ...] = ()


def too_many_sheets(limits: Limits) -> Refused:
    message = _("The file has more than %(limit)d sheets. Delete the sheets that are not needed.")
    return Refused(message % {"limit": limits.sheets})


def too_far(sheet: str, limits: Limits) -> Refused:
    message = _(
        "The sheet “%(sheet)s” reaches beyond %(rows)d rows or %(columns)d columns. Delete the "
        "rows and columns that are not needed, also those that only look empty, and save it again."
    )
    return Refused(message % {"sheet": sheet[:100], "rows": limits.rows, "columns": limits.columns})


def unzips_too_large(limits: Limits) -> Refused:
    message = _(
        "The file would unpack to more than %(limit)d MB. Delete what is not needed, such as "
        "pictures and rows that only look empty, or upload it in parts."
    )
    return Refused(message % {"limit": limits.unzipped_bytes // MEGABYTE})


def with_password() -> Refused:
    return Refused(
        _("This workbook is protected by a password. Remove the password and save it again.")
    )


def with_links() -> Refused:
    return Refused(
        _(
            "This workbook takes data from other files, programs or databases (external links, "
            "connections, DDE). Break the links so that only values stay, and save it again."
        )
    )


def with_macros() -> Refused:
    return Refused(
        _("This workbook holds macros. Save it as an ordinary workbook (.xlsx), without macros.")
    )


def with_objects() -> Refused:
    return Refused(
        _(
            "This workbook holds embedded objects or controls, such as a Word document or a "
            "button. Delete them and save it again."
        )
    )


def with_strange_part(name: str) -> Refused:
    message = _(
        "The file holds “%(name)s”, which is no part of a plain workbook. "
        "Copy the sheets into a new workbook and upload that."
    )
    return Refused(message % {"name": name[:100]})
