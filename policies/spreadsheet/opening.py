"""From a file to the rows of its sheets, and what is wrong with the file as a whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from tablib import Dataset

from policies.checking import cut, did_you_mean
from policies.spreadsheet.checks import Flaw
from policies.spreadsheet.exporting import CODES
from policies.spreadsheet.formats import FORMATS
from policies.spreadsheet.guard import Oddity, Refused, inspect
from policies.spreadsheet.readme import FORMAT_VERSION, README, VERSION_LABEL
from policies.spreadsheet.sheet import Sheet
from policies.spreadsheet.sheets import SHEETS
from policies.spreadsheet.wording import odd, wrong_headers

BY_NAME = {sheet.sheet_name: sheet for sheet in SHEETS}
ERRORS = "Errors"  # of a file in which errors were marked
FOR_READING = {README, CODES, ERRORS}


@dataclass
class Opened:
    """The sheets of a file by name, as its cells are, and what is wrong with them."""

    kind: str
    sheets: dict[str, Dataset] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)

    @property
    def readable(self) -> list[tuple[type[Sheet], Dataset]]:
        """In the order in which they are to be read; only where the columns that name rows are."""
        return [
            (sheet, self.sheets[name])
            for name, sheet in BY_NAME.items()
            if name in self.sheets and _keys(sheet) <= set(self.sheets[name].headers or [])
        ]

    def value(self, flaw: Flaw) -> Any:
        """What stands in the cell that a flaw speaks of."""
        dataset = self.sheets.get(flaw.sheet)
        if dataset is None or flaw.column not in (dataset.headers or []):
            return None
        if flaw.row == 1:
            return flaw.column
        row = flaw.row - 2
        column = dataset.headers.index(flaw.column)
        return dataset[row][column] if 0 <= row < len(dataset) else None


def opened(data: bytes, filename: str) -> Opened:
    """Raises `Refused` for a file that can't be read at all."""
    inspected = inspect(data, filename)
    try:
        book = FORMATS[inspected.kind]().read(data)
    except ValueError as error:
        raise Refused(str(error)) from error
    found = Opened(inspected.kind)
    for dataset in book.sheets():
        _take(found, dataset)
    found.flaws += _format_flaws(found)
    found.flaws += [flaw for oddity in inspected.oddities for flaw in _odd(found, oddity)]
    return found


def _take(found: Opened, dataset: Dataset) -> None:
    name = dataset.title
    if name in FOR_READING:
        found.sheets[name] = dataset
    elif name in BY_NAME:
        found.sheets[name] = dataset
        found.flaws += _header_flaws(BY_NAME[name], dataset.headers or [])
    else:
        message = _("There is no sheet of this name in the format: rename it, or delete it.")
        names = [*BY_NAME, *sorted(FOR_READING)]
        found.flaws.append(Flaw(name, 0, "", message + did_you_mean(name, names)))


def _header_flaws(sheet: type[Sheet], headers: Sequence[Any]) -> Iterator[Flaw]:
    for place, message in wrong_headers(headers, sheet.headers(), _keys(sheet)):
        header = None if place is None else headers[place]
        yield Flaw(sheet.sheet_name, 1, str(header or ""), message, place)


def _keys(sheet: type[Sheet]) -> set[str]:
    return {column.name for column in sheet.fields.values() if column.use == "key"}


def _format_flaws(found: Opened) -> list[Flaw]:
    flaws = []
    if not BY_NAME.keys() & found.sheets.keys():
        message = _("The file has none of the sheets %(names)s. Start from an export.")
        flaws.append(Flaw("", 0, "", message % {"names": ", ".join(BY_NAME)}))
    version = _version(found.sheets.get(README))
    if version is None:
        message = _("The sheet README with the format version is missing. Start from an export.")
        flaws.append(Flaw(README, 0, "", message))
    elif str(version) != str(FORMAT_VERSION):
        message = _(
            "The file has format version %(version)s, and this site reads %(known)d. Export again, "
            "and bring your changes over."
        )
        words = {"version": cut(str(version)), "known": FORMAT_VERSION}
        flaws.append(Flaw(README, 0, "", message % words))
    return flaws


def _version(readme: Dataset | None) -> Any:
    for label, *values in readme or []:
        if label == VERSION_LABEL:
            return values[0] if values else ""
    return None


def _odd(found: Opened, oddity: Oddity) -> list[Flaw]:
    dataset = found.sheets.get(oddity.sheet)
    if dataset is None or oddity.sheet in FOR_READING:
        return []
    headers = dataset.headers or []
    column = headers[oddity.column - 1] if oddity.column <= len(headers) else ""
    return [Flaw(oddity.sheet, oddity.row, str(column or ""), odd(oddity))]
