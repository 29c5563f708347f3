"""Feeds of what was published."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from policies import feeds, finding, missing
from policies.models import Country
from policies.pages import nothing_here, respond

ATOM = "application/atom+xml; charset=utf-8"


class _Unknown(Exception):
    """No country has this word in its address."""


@require_safe
def publications(request: HttpRequest) -> HttpResponse:
    state = finding.site_state()
    return respond(request, state, lambda: feeds.written(request, None), content_type=ATOM)


@require_safe
def of_country(request: HttpRequest, slug: str) -> HttpResponse:
    state = finding.site_state()
    try:
        return respond(request, state, lambda: _of_country(request, slug), content_type=ATOM)
    except _Unknown:
        return nothing_here(missing.unknown_country(slug))


def _of_country(request: HttpRequest, slug: str) -> str:
    country = Country.objects.filter(slug=slug).first()
    if country is None:
        raise _Unknown
    return feeds.written(request, country)
