"""Two to six countries of an edition, or editions of a country, side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from policies import finding
from policies.abreast import choosing, chosen, reading, refusing
from policies.abreast.asking import MOST, Asked
from policies.addresses import absolute
from policies.pages import answers_refusals, respond
from policies.presentation.side_by_side import policy_rows, text_rows
from policies.presentation.sides import Side, invented, side_of
from policies.presentation.turning import Heading, headings, turns
from policies.presentation.yardsticks import charts, points_tables

WIDE = 3  # columns; more do not fit a screen and scroll sideways


@require_safe
@answers_refusals
def compare(request: HttpRequest) -> HttpResponse:
    """The comparison; where fewer than two are named, the boxes to choose from.

    Of more than six nothing is compared: the boxes come back as they were ticked.
    """
    asked = reading.read(request.GET)
    refused_page: dict[str, Any] = {"status": 400, "remember": False}
    kept: dict[str, Any] = refused_page if asked.asks_too_much else {"address": asked.address}
    return respond(request, finding.site_state(), lambda: _page(asked), **kept)


def _page(asked: Asked) -> str:
    if asked.is_crossed and not asked.asks_too_much:
        raise refusing.crossed(asked)
    years = finding.published_years()
    if not years:
        return render_to_string("policies/compare_choose.html", {})
    asked = choosing.settled(asked, years)
    if asked.is_comparison and asked.countries and not asked.asks_too_much:
        return _comparison(asked, _sides(asked))
    return _choice(asked, years)


def _sides(asked: Asked) -> list[Side]:
    """In the order of the address; none may be missing."""
    found = chosen.current_documents(map(int, asked.editions), asked.countries)
    known = {(str(current.year), current.slug): current for current in found}
    pairs = [(year, slug) for year in asked.editions for slug in asked.countries]
    for year, slug in pairs:
        if (year, slug) not in known:
            raise refusing.factsheet(asked, year, slug)
    return [
        side_of(current.document, current.slug, current.name, by_year=asked.by_year)
        for current in (known[pair] for pair in pairs)
    ]


def _comparison(asked: Asked, sides: list[Side]) -> str:
    tables = points_tables(sides)
    rows = [policy_rows(sides), text_rows(sides)]
    alike = tables[0].rows if len(tables) == 1 else []  # points of different rules never are
    equal = [row.title for row in alike if row.same]
    equal += [row.title for found in rows for row in found if row.same]
    if asked.only_differences:
        tables = [table.of_differences() for table in tables] if alike else tables
        rows = [[row for row in found if not row.same] for found in rows]
    scores = Heading("maturity", _("Maturity"))
    (maturity,), policies, texts = turns([scores], *(list(headings(found)) for found in rows))
    whole = asked.changed(only_differences=False)
    context = {
        "asked": asked,
        "sides": [(side, _without(whole, side)) for side in sides],
        "names": [side.label for side in sides],
        "by_year": asked.by_year,
        "year": asked.editions[0],
        "country": sides[0].card.name,
        "wide": len(sides) > WIDE,
        "invented": invented(sides),
        "is_mixed": 0 < len(invented(sides)) < len({side.card.name for side in sides}),
        "points": tables,
        "charts": charts(sides) if len(tables) == 1 else [],
        "maturity": maturity,
        "policies": policies,
        "texts": texts,
        "equal": equal,
        "whole": whole.address,
        "differences": asked.changed(only_differences=True).address,
        "canonical": absolute(whole.address),
        "own_address": absolute(asked.address),
        **_boxes(asked),
    }
    return render_to_string("policies/compare.html", context)


def _without(asked: Asked, side: Side) -> str:
    return asked.without(str(side.card.year), side.card.slug).address


def _boxes(asked: Asked) -> dict[str, Any]:
    if asked.by_year:
        return {"editions": choosing.editions(asked, asked.editions)}
    return {"countries": choosing.countries(asked)}


def _choice(asked: Asked, years: list[int]) -> str:
    countries = choosing.countries(asked)
    if len(asked.countries) == 1 and not countries.ticked:
        raise refusing.factsheet(asked, asked.editions[0], asked.countries[0])
    context = {
        "countries": countries,
        "editions": choosing.editions(asked, asked.editions),
        "others": [
            (year, asked.changed(editions=(str(year),)).address)
            for year in years
            if str(year) != countries.edition
        ],
        "complaint": _complaint(asked),
        "canonical": absolute(asked.address),
        "own_address": absolute(asked.address),
    }
    return render_to_string("policies/compare_choose.html", context)


def _complaint(asked: Asked) -> str:
    """What keeps this from being compared, where more is wrong than that little was chosen."""
    if asked.asks_too_much:
        many = max(len(asked.editions), len(asked.countries))
        message = _("%(many)d are too many to compare: leave at most %(most)d ticked.")
        return message % {"many": many, "most": MOST}
    if asked.by_year:
        return _("To compare editions, choose the one country that they are of.")
    return ""
