"""What a page shows, as a file to take along."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from policies import finding
from policies.listing.taking import TYPES
from policies.pages import respond


def as_file(
    request: HttpRequest, render: Callable[[], bytes], *, address: str, kind: str, name: str
) -> HttpResponse:
    """Made anew for whoever has an older one: a file may be large, and few ask for the same."""
    response = respond(
        request,
        finding.site_state(),
        render,
        address=address,
        content_type=TYPES[kind],
        remember=False,
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
