"""What is wrong with a file, told by the cell, the row or the column that is to blame."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from import_export.results import InvalidRow
from tablib import Dataset
from xlsxwriter.utility import xl_col_to_name

from policies.checking import cut
from policies.spreadsheet.table_results import NUMBER, Problem, Sent
from policies.spreadsheet.wording import wrong_headers


def file_flaws(sent: Sent, known: Sequence[str], keys: Sequence[str]) -> Iterable[Problem]:
    """What is wrong with its headers, and with the file as a whole."""
    for place, message in wrong_headers(sent.headers, known, keys):
        if place is None:
            yield Problem(0, "", "", "", message)
        else:
            yield _flaw(sent, 1, place, message)
    if not sent.lines and not sent.oddities:
        yield Problem(0, "", "", "", _("The file has no rows below the header."))


def odd_flaws(sent: Sent, read: Dataset) -> Iterable[Problem]:
    """The odd cells among those that are not read; the others are told as their row is."""
    numbers = read[NUMBER]
    for (row, place), message in sent.oddities.items():
        header = sent.headers[place - 1] if place <= len(sent.headers) else None
        if row not in numbers or header not in read.headers:
            yield _flaw(sent, row, place - 1, message)


def row_flaws(sent: Sent, invalid: InvalidRow) -> Iterable[Problem]:
    for name, messages in invalid.error_dict.items():
        for message in messages:
            if name in sent.headers:
                yield _flaw(sent, invalid.number, sent.headers.index(name), message)
            else:
                column = "" if name == NON_FIELD_ERRORS else name
                yield Problem(invalid.number, "", column, "", message)


def _flaw(sent: Sent, row: int, place: int, message: str) -> Problem:
    header = sent.headers[place] if place < len(sent.headers) else None
    value = sent.value(row, place)
    shown = "" if value is None else cut(str(value))
    shown = "" if shown in message else shown
    return Problem(row, f"{xl_col_to_name(place)}{row}", cut(str(header or "")), shown, message)
