"""What a factsheet would score if its facts were others. Nothing is kept but the address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from policies import finding
from policies.pages import answers_refusals, respond
from policies.presentation.translated import translated
from policies.what_if.asking import Moved, Pairs, addressed, read, told
from policies.what_if.finding import published, rubric_of
from policies.what_if.showing import context_of
from scoring.facts import Facts


@require_safe
@answers_refusals
def factsheet_what_if(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """The simulation of what the address supposes; a longer address leads to the shortest."""
    path, pairs = request.path, told(request.GET)
    try:
        return respond(
            request,
            finding.site_state(),
            lambda: _page(path, pairs, year, slug),
            address=addressed(path, pairs),
        )
    except Moved as moved:
        return redirect(moved.address)


def _page(path: str, pairs: Pairs, year: int, slug: str) -> str:
    found = published(year, slug)
    asked = read(path, pairs, Facts.from_dict(translated(found.document)["maturity"]["facts"]))
    return render_to_string("policies/what_if.html", context_of(asked, found, rubric_of(found)))
