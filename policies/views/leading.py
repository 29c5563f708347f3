"""Short addresses that lead on to a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from policies import finding, missing
from policies.pages import nothing_here


@require_safe
def edition(request: HttpRequest, year: int) -> HttpResponse:
    """The list says itself what it does not have."""
    return redirect(f"{reverse('policies:factsheet_list')}?edition={year:04d}")


@require_safe
def latest(request: HttpRequest, slug: str) -> HttpResponse:
    """A country's factsheet of the latest edition that has one."""
    years = finding.years_of(slug)
    if not years:
        return nothing_here(missing.unknown_country(slug))
    return redirect("policies:factsheet_detail", years[0][0], slug)
