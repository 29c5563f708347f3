"""What a page shows, as a file to take along."""

from collections.abc import Callable, Iterable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from policies import finding
from policies.listing.filters import FactsheetFilters, PolicyFilters
from policies.listing.taking import TYPES
from policies.missing import Link, Missing, Refused
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


def named(*words: str | int | date | None) -> str:
    """A name that tells files of one page apart, such as “statistics-2022-2023-03-15”."""
    return "-".join(str(word) for word in words if word)


def refuse_filters(request: HttpRequest, own: Iterable[str], page: Link) -> None:
    """Raises `Refused` where a file would leave out what another page or a list is narrowed by."""
    known = {"section", "part"} | {
        name
        for filters in (FactsheetFilters, PolicyFilters)
        for name in filters.base_filters
        if name not in filters.SETTINGS
    }
    asked = [name for name in request.GET if any(request.GET.getlist(name))]
    if found := [name for name in asked if name in known.difference(own)]:
        raise unfiltered(found, (page,))


def unfiltered(names: Iterable[str], links: tuple[Link, ...]) -> Refused:
    """Nothing in a file could say that it has more than was asked for."""
    words = _("This file can’t be filtered by %(names)s, so it would have more than you asked for.")
    quoted = ", ".join(f"“{name}”" for name in names)
    return Refused(Missing(words % {"names": quoted}, _("Instead"), links))
