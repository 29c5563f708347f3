"""The bibliography of a factsheet, for the picker of citations."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from policies.admin.preview import viewable
from policies.models import Reference


@require_safe
def references(request: HttpRequest, factsheet: int) -> JsonResponse:
    """What a text may cite, in the bibliography's order."""
    found = Reference.objects.filter(factsheet=viewable(request, factsheet))
    return JsonResponse({"references": list(found.values("key", "authors", "year", "title"))})
