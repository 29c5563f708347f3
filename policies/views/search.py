"""Search in what is published."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from policies.missing import Missing
from policies.pages import nothing_here


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    return nothing_here(Missing(_("This page is being built.")))
