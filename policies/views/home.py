"""The home page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from policies import finding, presentation
from policies.finding import Found
from policies.pages import respond

LATEST = 6  # cards of each group


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return respond(request, finding.site_state(), _home)


def _home() -> str:
    real, invented = (finding.latest(LATEST, demonstration=group) for group in (False, True))
    context = {
        "latest": _cards(real),
        "demonstration": _cards(invented),
        "figures": _figures(real, invented),
    }
    return render_to_string("policies/home.html", context)


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
