"""A text as readers would see it, rendered by the server."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from policies import text
from policies.admin.base import allowed
from policies.admin.content import bibliography
from policies.models import Factsheet
from policies.roles import Step
from policies.text import FactsheetText

FRAGMENT = "X-Fragment"  # sent by the script that puts the preview under the text


@require_POST
def preview(request: HttpRequest) -> TemplateResponse:
    """Render the field that the button names; `factsheet` says whose bibliography it cites."""
    factsheet = _factsheet(request)
    source = request.POST.get(request.POST.get("preview", ""), "")
    context = {
        **admin.site.each_context(request),
        "title": _("Preview"),
        "subtitle": factsheet,
        **_rendered(source, factsheet),
    }
    name = "_preview" if FRAGMENT in request.headers else "preview"
    return TemplateResponse(request, f"admin/policies/{name}.html", context)


def _factsheet(request: HttpRequest) -> Factsheet:
    named = request.POST.get("factsheet", "")
    return viewable(request, int(named) if named.isdecimal() and len(named) < 19 else 0)


def viewable(request: HttpRequest, key: int) -> Factsheet:
    """The factsheet, if there is one of this key and the person may see its draft."""
    found = Factsheet.objects.select_related("country", "edition")
    factsheet = found.filter(pk=key).first()
    if factsheet is None or not allowed(request, Step.VIEW, factsheet):
        raise PermissionDenied
    return factsheet


def _rendered(source: str, factsheet: Factsheet) -> dict[str, Any]:
    references = bibliography(factsheet.pk)
    texts = FactsheetText(references)
    problems = text.problems(source)
    html = "" if problems else texts.html(source, "")
    return {
        "html": mark_safe(html),  # noqa: S308  sanitised by policies.text
        "notes": [(note["number"], mark_safe(note["html"])) for note in texts.footnotes],  # noqa: S308
        "problems": problems,
        "missing": text.unresolved(source, references) if html else [],
    }
