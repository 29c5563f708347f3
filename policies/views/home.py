"""The home page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from policies import finding, mapping, presentation
from policies.finding import Found
from policies.pages import respond
from policies.presentation.map import Map, colour_of, map_of
from policies.worldmap import europe, world

LATEST = 6  # cards of each group


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    colour = colour_of(request.GET.get("colour"))
    state, address = (finding.site_state(), colour), f"{request.path}?colour={colour}"
    return respond(request, state, lambda: _home(colour, request.path), address=address)


def _home(colour: str, address: str) -> str:
    real, invented = finding.latest(LATEST)
    context = {
        "latest": _cards(real),
        "demonstration": _cards(invented),
        "figures": _figures(real, invented),
        "map": _map(colour),
        "map_address": address,
    }
    return render_to_string("policies/home.html", context)


def _map(colour: str) -> Map | None:
    """Of the latest edition in which a country is published; before there is one, none."""
    edition = mapping.edition()
    return map_of(edition, colour, world(), europe()) if edition else None


def _cards(found: list[Found]) -> list[presentation.Card]:
    return [presentation.card_of(document, slug) for document, slug in found]


def _figures(*groups: list[Found]) -> dict[str, presentation.Figures]:
    """The key figures of the latest edition of each group that has a factsheet."""
    documents = [max((row.document for row in group), key=_year) for group in groups if group]
    years = set(map(_year, documents))
    scores, policies = finding.points_by_criterion(years), finding.policies_by_kind(years)
    figures = [presentation.figures_of(document, scores, policies) for document in documents]
    return {group.code: group for group in figures}


def _year(document: dict[str, Any]) -> int:
    return document["edition"]["year"]
