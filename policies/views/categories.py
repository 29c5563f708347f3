"""Categories: the matrix of an edition, and everything about one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from policies import finding
from policies.addresses import absolute
from policies.finding import Mentioned
from policies.insight import refusing, showing, signs, sorting, taking
from policies.insight.asking import Asked, read, year_of
from policies.insight.category import Category, category_of
from policies.insight.collected import collect
from policies.insight.matrix import GROUPINGS, Matrix, matrix_of
from policies.insight.vocabulary import Heading, headings, sections_of
from policies.listing.taking import TYPES
from policies.missing import Link
from policies.pages import answers_refusals, respond
from policies.presentation.words import day
from policies.views.files import as_file, named, refuse_filters

NAMES = ("edition", "section", "by", "rows", "columns", "on")
OF_ONE = ("edition", "on")
WHOLE = ("edition", "section")  # the others show the same in another way
ROWS, COLUMNS = ("name", "count"), ("order", "count")


@require_safe
@answers_refusals
def categories(request: HttpRequest) -> HttpResponse:
    """The matrix of one edition, section by section unless all are asked for."""
    asked = read(request.path, request.GET, NAMES)
    on, state = asked.day, finding.site_state()
    return respond(request, state, lambda: _matrix(asked, on), address=asked.address)


@require_safe
@answers_refusals
def categories_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The matrix as it is asked for, as a file."""
    path = request.path.removesuffix(f".{kind}") + "/"
    asked = read(path, request.GET, NAMES)
    refuse_filters(request, NAMES, Link(_("The page without it"), asked.address))
    on = asked.day
    years = finding.published_years(on)

    def render() -> bytes:
        found = Found.of(asked, on, years)
        rows = taking.matrix_rows(*found.matrices, found.year, on, absolute(""))
        return taking.taken("Categories", rows, kind, asked.values)

    name = named("categories", _year(asked, years), asked.one("section"), on)
    return as_file(request, render, address=asked.as_(kind), kind=kind, name=name)


def _year(asked: Asked, years: Iterable[int]) -> str:
    """The edition that a file holds, for its name; there may be none."""
    return asked.one("edition") or str(next(iter(years), ""))


@require_safe
@answers_refusals
def of_section(request: HttpRequest, section: str) -> HttpResponse:
    """The address of a category cut short leads to the matrix of its section."""
    asked = read(reverse("policies:categories"), request.GET, OF_ONE)
    known = headings()
    if section not in sections_of(known):
        raise refusing.category(section, known)
    return redirect(asked.with_(section=section))


@dataclass(frozen=True)
class Found:
    """What an address of the matrix asks for, found."""

    year: int
    years: list[int]
    section: str
    sections: dict[str, str]
    matrices: tuple[Matrix, Matrix]  # real countries, and invented ones

    @classmethod
    def of(cls, asked: Asked, on: date | None, years: list[int]) -> "Found":
        year = year_of(asked, years)
        known = [heading for heading in headings() if heading.is_in(year)]
        sections = sections_of(known)
        section = asked.choose("section", [*sections, showing.ALL])
        columns = [heading for heading in known if section in (heading.section, showing.ALL)]
        edition = collect([year], on)[year]
        order = _order(asked, columns, [c.slug for c in edition.countries])
        real = matrix_of(edition.countries, columns, *order)
        invented = matrix_of(edition.invented, real.columns, order[0])
        return cls(year, years, section, sections, (real, invented))


def _order(asked: Asked, columns: list[Heading], slugs: list[str]) -> tuple[str, str, str]:
    return (
        asked.choose("by", list(GROUPINGS)),
        asked.choose("rows", [*ROWS, *(heading.address for heading in columns)]),
        asked.choose("columns", [*COLUMNS, *slugs]),
    )


def _matrix(asked: Asked, on: date | None) -> str:
    found = Found.of(asked, on, finding.published_years(on))
    real, invented = found.matrices
    whole = {name: value for name, value in asked.values.items() if name in WHOLE}
    context = {
        "own_address": absolute(asked.address),
        "canonical": absolute(Asked(asked.path, whole).address),
        "asked": asked,
        "year": found.year,
        "years": found.years,
        "section": found.section,
        "sections": found.sections,
        "title": found.sections.get(found.section, ""),
        "real": showing.table_of(real, asked, found.year),
        "invented": showing.table_of(invented, asked, found.year, invented=True),
        "legend": signs.legend(),
        "on": day(on.isoformat()) if on else "",
        "today": asked.with_(on=""),
        "by_name": asked.with_(rows="") + showing.MATRIX,
        "by_most": asked.with_(rows="count") + showing.MATRIX,
        "by_order": asked.with_(columns="") + showing.COUNTS,
        "by_count": asked.with_(columns="count") + showing.COUNTS,
        "orders": sorting.orders(real, asked),
        "sorting": sorting.choices(real, asked),
        "kept": [item for item in asked.values.items() if item[0] not in sorting.AXES],
        "fields": showing.choices_of(asked, found.year, found.years, found.section, found.sections),
        "files": [(kind.upper(), asked.as_(kind)) for kind in TYPES],
    }
    return render_to_string("policies/categories.html", context)


@require_safe
@answers_refusals
def category(request: HttpRequest, section: str, code: str) -> HttpResponse:
    """Who has a category, who has not, and of whom it is not known."""
    asked = read(request.path, request.GET, OF_ONE)
    on, state = asked.day, finding.site_state()
    render = partial(_category, asked, on, section, code)
    return respond(request, state, render, address=asked.address)


@require_safe
@answers_refusals
def category_file(request: HttpRequest, section: str, code: str, kind: str) -> HttpResponse:
    """Who has it and who has not, and what they write, as a file."""
    path = request.path.removesuffix(f".{kind}") + "/"
    asked = read(path, request.GET, OF_ONE)
    refuse_filters(request, OF_ONE, Link(_("The page without it"), asked.address))
    on = asked.day
    over = finding.mentions(section, code, on)

    def render() -> bytes:
        found = _found(asked, on, section, code, headings(), over)
        rows = taking.category_rows(found, on, absolute(""))
        return taking.taken("Category", rows, kind, asked.values)

    name = named(section, code, _year(asked, [row.year for row in over]), on)
    return as_file(request, render, address=asked.as_(kind), kind=kind, name=name)


def _found(
    asked: Asked,
    on: date | None,
    section: str,
    code: str,
    known: list[Heading],
    over: list[Mentioned],
) -> Category:
    heading = next((h for h in known if (h.section, h.code) == (section, code)), None)
    if heading is None:
        raise refusing.category(section, known)
    year = year_of(asked, [row.year for row in over])
    if not heading.is_in(year):
        raise refusing.edition(heading, year, [row.year for row in over], asked)
    return category_of(heading, year, on, over)


def _category(asked: Asked, on: date | None, section: str, code: str) -> str:
    known = headings()
    found = _found(asked, on, section, code, known, finding.mentions(section, code, on))
    context = {
        "own_address": absolute(asked.address),
        "canonical": absolute(asked.with_(on="")),
        "asked": asked,
        "category": showing.page_of(found, asked),
        "year": found.year,
        "on": day(on.isoformat()) if on else "",
        "today": asked.with_(on=""),
        "replaced_by": _replacing(found.heading, known),
        "files": [(kind.upper(), asked.as_(kind)) for kind in TYPES],
        "back": asked.at(reverse("policies:categories")).with_(section=section),
    }
    return render_to_string("policies/category.html", context)


def _replacing(heading: Heading, known: list[Heading]) -> Link | None:
    found = (h for h in known if (h.section, h.code) == (heading.section, heading.replaced_by))
    return next(
        (Link(h.label, reverse("policies:category", args=[h.section, h.code])) for h in found), None
    )
