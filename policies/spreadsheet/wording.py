"""What is wrong with headers and with odd cells, in the words of workbooks and tables alike."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from policies.checking import cut, did_you_mean
from policies.spreadsheet.guard import Oddity


def wrong_headers(
    headers: Sequence[Any], known: Sequence[str], keys: Collection[str]
) -> Iterator[tuple[int | None, str]]:
    """Each with its place, counted from 0; None for a column that is not there."""
    for place, header in enumerate(headers):
        if header is None:
            yield place, _("This column has cells, but no header.")
        elif header not in known:
            message = _("“%(header)s” is no column of this sheet.") % {"header": cut(str(header))}
            yield place, message + did_you_mean(str(header), known)
        elif header in headers[:place]:
            yield place, _("This column stands there twice.")
    for key in sorted(set(keys) - set(headers)):
        yield None, _("The column “%(key)s” is missing: it names the rows.") % {"key": key}


def odd(oddity: Oddity) -> str:
    if oddity.kind == "formula":
        message = _("The cell holds the formula %(value)s: paste its value in its place.")
    else:
        message = _("The cell holds the error %(value)s: put in a value, or leave it blank.")
    return message % {"value": cut(oddity.value)}
