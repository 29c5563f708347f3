"""The list of factsheets."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from policies import finding, missing, presentation
from policies.finding import Found
from policies.pages import nothing_here, respond


def _cards(found: list[Found]) -> list[presentation.Card]:
    return [presentation.card_of(document, slug) for document, slug in found]


@require_safe
def factsheet_list(request: HttpRequest) -> HttpResponse:
    """One edition, the latest unless another is asked for: a list that stays readable."""
    listed = finding.listed()
    years = finding.years(listed)
    asked = request.GET.get("edition", "")
    if asked and asked not in map(str, years):
        return nothing_here(missing.edition(asked, years))
    year = int(asked) if asked else max(years, default=None)
    address = f"{request.path}?edition={asked}"
    return respond(request, listed, lambda: _list(year, years), address=address)


def _list(year: int | None, years: list[int]) -> str:
    cards = _cards(finding.of_edition(year) if year else [])
    context = {
        "year": year,
        "other_years": [other for other in years if other != year],
        "groups": presentation.groups_of(cards),
    }
    return render_to_string("policies/factsheet_list.html", context)


@require_safe
def policy_list(request: HttpRequest) -> HttpResponse:
    return nothing_here(missing.Missing("This page is being built."))
