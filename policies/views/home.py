"""The home page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from policies import finding, mapping, presentation
from policies.finding import Found
from policies.pages import respond
from policies.presentation.map import KIND, TOTAL, colour_of

LATEST = 6  # cards of each group


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    colour = colour_of(request.GET.get("colour"))
    addresses = {KIND: request.path, TOTAL: f"{request.path}?colour={TOTAL}"}
    state, address = (finding.site_state(), colour), addresses[colour]
    return respond(request, state, lambda: _home(colour, addresses), address=address)


def _home(colour: str, addresses: dict[str, str]) -> str:
    real, invented = finding.latest(LATEST)
    context = {
        "latest": _cards(real),
        "demonstration": _cards(invented),
        "figures": _figures(real, invented),
        "map": mapping.drawn(colour, addresses),
    }
    return render_to_string("policies/home.html", context)


def _cards(found: list[Found]) -> list[presentation.Card]:
    return [presentation.card_of(*each) for each in found]


def _figures(*groups: list[Found]) -> dict[str, presentation.Figures]:
    """The key figures of the latest edition of each group that has a factsheet."""
    documents = [max((row.document for row in group), key=_year) for group in groups if group]
    years = set(map(_year, documents))
    scores, policies = finding.points_by_criterion(years), finding.policies_by_kind(years)
    figures = [presentation.figures_of(document, scores, policies) for document in documents]
    return {group.code: group for group in figures}


def _year(document: dict[str, Any]) -> int:
    return document["edition"]["year"]
