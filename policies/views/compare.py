"""Two to six countries of an edition, or editions of a country, side by side."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from policies.missing import Missing
from policies.pages import nothing_here


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    return nothing_here(Missing(_("This page is being built.")))
