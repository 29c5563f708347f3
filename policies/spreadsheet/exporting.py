"""From drafts to the pages of a workbook: data, explanations, and the codes that may be used."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from policies import bulk
from policies.checking import Tables
from policies.models import (
    Availability,
    Category,
    Edition,
    Kind,
    Level,
    Period,
    PoliciesStatus,
    User,
)
from policies.spreadsheet import wide
from policies.spreadsheet.columns import Column
from policies.spreadsheet.formats import FORMATS, Look, Page
from policies.spreadsheet.hearing import Hearing
from policies.spreadsheet.progress import Progress, silent
from policies.spreadsheet.readme import readme
from policies.spreadsheet.sheet import Sheet
from policies.spreadsheet.sheets import SHEETS
from policies.spreadsheet.standing import Standing, standings

CODES = "Codes"
WRAP_FROM = 24  # characters; a narrower column holds codes, years, numbers
CHOICES = {
    "policies_status": PoliciesStatus,
    "kind": Kind,
    "level": Level,
    "period": Period,
    "availability": Availability,
}
CODE_HEADERS = ("list", "section", "code", "label", "definition", "needs_detail")
CODE_WIDTHS = (18, 24, 30, 60, 80, 12)

Code = tuple[str, str, Any, str, str, str]


@dataclass(frozen=True)
class Exported:
    """A file to be sent."""

    data: bytes
    filename: str
    content_type: str


@bulk.many_objects()
def export(
    factsheets: Collection[int],
    *,
    kind: str = "xlsx",
    layout: str = "",
    by: User | None = None,
    now: datetime,
    progress: Progress = silent,
) -> Exported:
    """The drafts with these keys as a workbook; `layout` may be `wide`."""
    found = standings(factsheets, progress)
    made = wide.pages if layout else pages
    progress(_("Writing the workbook"), 0, 1)
    data = FORMATS[kind]().write(made(found, Tables(), by=by, now=now))
    format_ = FORMATS[kind]
    return Exported(data, _filename(found, layout, format_.file_extension), format_.file_type)


def _filename(found: Sequence[Standing], layout: str, extension: str) -> str:
    """What is in it, as far as a name can say."""
    years = sorted({standing.edition.year for standing in found})
    countries = [standing.country.slug for standing in found]
    words = ["factsheets", *map(str, years[:3]), *(countries if len(countries) == 1 else [])]
    return f"{'-'.join([*words, *([layout] if layout else [])])}.{extension}"


def pages(
    found: Sequence[Standing], tables: Tables, *, by: User | None, now: datetime
) -> Iterator[Page]:
    """The whole workbook."""
    codes = list(_codes(tables, {standing.edition for standing in found}))
    hearing = Hearing({}, by=by, tables=tables)
    yield readme(by, now)
    for sheet in SHEETS:
        yield page(sheet(hearing), found, _ranges(codes))
    looks = [Look(width=width, wrap=width > WRAP_FROM) for width in CODE_WIDTHS]
    yield Page(CODES, CODE_HEADERS, codes, looks)


def page(sheet: Sheet, found: Iterable[Standing], ranges: dict[str, str]) -> Page:
    rows = (sheet.export_resource(line) for standing in found for line in sheet.lines(standing))
    looks = [look(column, ranges) for column in sheet.columns]
    return Page(sheet.sheet_name, sheet.headers(), rows, looks)


def look(column: Column, ranges: dict[str, str]) -> Look:
    return Look(
        width=column.width,
        kind=column.cell.look,
        read_only=column.use in ("reading", "version"),
        wrap=column.width >= WRAP_FROM,
        note=str(column.meaning),
        choices=ranges.get(column.codes, ""),
    )


# Codes


def _codes(tables: Tables, editions: set[Edition]) -> Iterator[Code]:
    """Every word that a cell may hold, list by list."""
    for name, choices in CHOICES.items():
        for code, label in choices.choices:
            yield (name, "", code, str(label), "", "")
    yield from (("yes_no", "", word, word, "", "") for word in ("yes", "no"))
    yield ("delete", "", "delete", _("take the row out"), "", "")
    yield ("confirm", "", "confirm", _("carried over and still true"), "", "")
    for points in _points(tables, editions):
        yield ("points", "", points, "", "", "")
    for type_ in tables.types.values():
        yield ("section", "", type_.code, str(type_), type_.guidance, "")
    for section, categories in tables.categories.items():
        for category in categories.values():
            yield _category(section, category)


def _points(tables: Tables, editions: set[Edition]) -> list[int | float]:
    found = {
        points
        for edition in editions
        for levels in tables.points(edition).values()
        for points in levels
    }
    return [int(points) if points == int(points) else points for points in sorted(found)]


def _category(section: str, category: Category) -> Code:
    detail = "yes" if category.needs_detail else ""
    return ("category", section, category.code, category.label, category.definition, detail)


def _ranges(codes: Sequence[Code]) -> dict[str, str]:
    """By list, the cells on the sheet of codes in which its codes stand."""
    ranges: dict[str, tuple[int, int]] = {}
    for row, (name, *_rest) in enumerate(codes, 2):
        first, _last = ranges.get(name, (row, row))
        ranges[name] = (first, row)
    return {name: f"={CODES}!$C${first}:$C${last}" for name, (first, last) in ranges.items()}
