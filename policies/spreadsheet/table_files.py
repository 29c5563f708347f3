"""A file with one table, in and out: a workbook with one sheet, or a CSV file."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from tablib import Dataset

from policies.checking import cut
from policies.spreadsheet.cells import Codes
from policies.spreadsheet.formats import XLSX, Look, Page, dataset
from policies.spreadsheet.guard import Inspected, Refused, inspect
from policies.spreadsheet.separated import cells, separated
from policies.spreadsheet.strict_table import StrictTable
from policies.spreadsheet.table_cells import Text
from policies.spreadsheet.table_results import Sent
from policies.spreadsheet.wording import odd

LARGEST = 2_000
"""In rows. A file is imported within one request, and each row costs a few statements."""
LONGEST = 32_767
"""In UTF-16 units: what is longer is cut by a workbook's cell."""
_ZIP = b"PK"


def opened(data: bytes, filename: str) -> Sent:
    """Raises `Refused`, in words for the editor, for what holds no single table."""
    try:
        if filename.lower().endswith(".csv") and not data.startswith(_ZIP):
            return Sent(_small(_text(data)))
        return _workbook(data, inspect(data, filename))
    except ValueError as error:
        raise Refused(str(error)) from error


def _text(data: bytes) -> Dataset:
    limits = settings.SPREADSHEET_LIMITS
    if len(data) > limits["file_bytes"]:
        message = _("The file is too large: at most %(limit)d MB can be uploaded.")
        raise Refused(message % {"limit": limits["file_bytes"] // 1024**2})
    rows = cells(data)
    if len(rows) > LARGEST + 1:
        raise _too_long()
    if max(map(len, rows), default=0) > limits["columns"]:
        message = _("The file has more than %(limit)d columns.")
        raise Refused(message % {"limit": limits["columns"]})
    return dataset("", rows)


def _workbook(data: bytes, inspected: Inspected) -> Sent:
    if inspected.kind != "xlsx":
        raise Refused(_("This is neither an XLSX nor a CSV file: save it as one of them."))
    sheets = [sheet for sheet in XLSX().read(data).sheets() if sheet.headers]
    if len(sheets) > 1:
        message = _(
            "The file has %(count)d sheets, and one is expected: %(names)s. Delete the others, "
            "also those that are hidden."
        )
        names = ", ".join(cut(sheet.title) for sheet in sheets)
        raise Refused(message % {"count": len(sheets), "names": names})
    sheet = _small(sheets[0] if sheets else Dataset())
    oddities = {
        (oddity.row, oddity.column): odd(oddity)
        for oddity in inspected.oddities
        if oddity.sheet == sheet.title
    }
    return Sent(sheet, oddities)


def _small(sheet: Dataset) -> Dataset:
    if not sheet.headers:
        raise Refused(_("The file is empty. Choose another file."))
    if len(sheet) > LARGEST:
        raise _too_long()
    return sheet


def _too_long() -> Refused:
    message = _("The file has more than %(limit)d rows, which no table here has.")
    return Refused(message % {"limit": LARGEST})


def written(kind: str, table: StrictTable, rows: QuerySet) -> bytes:
    """The rows as a file of this format, which can be sent back; raises `Refused`."""
    title = capfirst(str(table._meta.model._meta.verbose_name_plural))
    exported = table.export(rows)
    looks = [_look(table, name) for name in table.headers()]
    page = Page(title, table.headers(), exported, looks)
    if kind == "csv":
        return separated(page)
    _check_lengths(exported)
    return XLSX().write([page])


def _check_lengths(exported: Dataset) -> None:
    for row in exported:
        for header, value in zip(exported.headers, row, strict=True):
            if isinstance(value, str) and len(value.encode("utf-16-le")) > 2 * LONGEST:
                message = _(
                    "A cell of a workbook holds %(limit)d characters, and the column %(column)s "
                    "has a longer text, which begins “%(text)s”. Export CSV."
                )
                words = {"limit": LONGEST, "column": header, "text": cut(value)}
                raise Refused(message % words)


def _look(table: StrictTable, name: str) -> Look:
    field = table._meta.model._meta.get_field(name)
    cell = table.cell(name)
    long = isinstance(cell, Text)
    wide = long or isinstance(cell, Codes) or (field.max_length or 0) > 20
    note = str(getattr(field, "help_text", ""))
    return Look(width=60 if long else 30 if wide else 14, kind=cell.look, wrap=long, note=note)
