"""A country's points over its editions and versions."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from policies import finding, missing
from policies.missing import Refused
from policies.over_time.showing import timeline_of
from policies.pages import answers_refusals, respond


@require_safe
@answers_refusals
def country_over_time(request: HttpRequest, slug: str) -> HttpResponse:
    """The same whatever is asked of it; a country of which nothing was published is missing."""
    return respond(request, finding.site_state(), lambda: _page(slug))


def _page(slug: str) -> str:
    timeline = timeline_of(slug)
    if timeline is None:
        raise Refused(missing.unknown_country(slug), 404)
    return render_to_string("policies/over_time.html", {"timeline": timeline})
