"""The method, the pages about the site, and whether it lives."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policies import contact, finding, missing, presentation
from policies.languages import ENGLISH, language
from policies.models import Edition, Of
from policies.pages import nothing_here, respond
from policies.wording import said
from scoring.maturity import RubricTable


@require_safe
def methodology_latest(request: HttpRequest) -> HttpResponse:
    latest = finding.latest_edition()
    if latest is None:
        return nothing_here(missing.Missing(_("There is no edition yet, so there is no method.")))
    return redirect("policies:methodology", latest.year)


@require_safe
def methodology(request: HttpRequest, year: int) -> HttpResponse:
    """The rubric itself; reading it is the proof that the page is fresh."""
    edition = Edition.objects.select_related("rubric").filter(year=year).first()
    if edition is None:
        years = Edition.objects.order_by("-year").values_list("year", flat=True)
        return nothing_here(missing.methodology(year, years))
    rubric = edition.rubric.table()
    state = (edition.label, rubric, None if language() == ENGLISH else finding.site_state())
    return respond(request, state, lambda: _methodology(edition, rubric))


def _methodology(edition: Edition, rubric: RubricTable) -> str:
    context = {
        "year": edition.year,
        "label": said(Of.EDITION, str(edition.year), "label", edition.label),
        "title": said(Of.RUBRIC, rubric.code, "title", rubric.title),
        "maximum": presentation.points(rubric.maximum),
        "criteria": presentation.criteria_rules(rubric),
    }
    return render_to_string("policies/methodology.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {
        "legend": presentation.kinds_of_nothing(),
        "feed": reverse("policies:feed"),
        "example": reverse("policies:country_feed", args=["mexico"]),
    }
    return respond(request, None, lambda: render_to_string("policies/about.html", context))


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    to = contact.accessibility()
    context = {"contact": to, "written": to.removeprefix("mailto:")}
    return respond(request, to, lambda: render_to_string("policies/accessibility.html", context))


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Whether the process answers; asks nothing of the database."""
    return HttpResponse("The site is running.\n", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Whether the database answers too."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        message = "The site is running, but its database does not answer.\n"
        return HttpResponse(message, content_type="text/plain", status=503)
    return HttpResponse("The site and its database are ready.\n", content_type="text/plain")
