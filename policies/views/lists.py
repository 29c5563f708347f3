"""The lists of factsheets and of policies, as pages and as files."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from policies import finding, mapping
from policies.addresses import absolute
from policies.listing import showing
from policies.listing.asking import single
from policies.listing.choices import ALL
from policies.listing.factsheets import Factsheets
from policies.listing.policies import Policies, read_categories
from policies.listing.selecting import Selection
from policies.listing.taking import TYPES, taken
from policies.listing.telling import notes_of
from policies.pages import answers_refusals, respond
from policies.presentation import rows
from policies.presentation.map import COLOURS, KIND
from policies.views.files import as_file


@require_safe
@answers_refusals
def factsheet_list(request: HttpRequest) -> HttpResponse:
    """One edition, the latest unless another is asked for: a list that stays readable.

    Whoever asks for a colour gets the map of the edition above it.
    """
    colour = single(request.path, request.GET, "colour")
    if colour not in COLOURS:
        return _list(request, Factsheets, _factsheets)
    selection = Factsheets(request.path, request.GET)
    state, addresses = finding.site_state(), _coloured(selection)
    return respond(
        request, state, lambda: _factsheets(selection, colour), address=addresses[colour]
    )


@require_safe
@answers_refusals
def factsheet_file(request: HttpRequest, kind: str) -> HttpResponse:
    return _file(request, Factsheets, kind)


@require_safe
@answers_refusals
def policy_list(request: HttpRequest) -> HttpResponse:
    return _list(request, Policies, _policies)


@require_safe
@answers_refusals
def policy_file(request: HttpRequest, kind: str) -> HttpResponse:
    return _file(request, Policies, kind)


def _list(request: HttpRequest, selects: type[Selection], render: Any) -> HttpResponse:
    selection = selects(request.path, request.GET)
    state, address = finding.site_state(), selection.asked.remembered
    return respond(request, state, lambda: render(selection), address=address)


def _file(request: HttpRequest, selects: type[Factsheets | Policies], kind: str) -> HttpResponse:
    listed = f"{request.path.removesuffix(f'.{kind}')}/"
    selection = selects(listed, request.GET)
    return as_file(
        request,
        lambda: taken(selection, kind, absolute("")),
        address=selection.asked.as_(kind),
        kind=kind,
        name=f"{listed.strip('/')}-{selection.asked.one('edition') or 'latest'}",
    )


def _coloured(selection: Factsheets) -> dict[str, str]:
    """The address of the same list with a map, by colour."""
    address = selection.asked.address
    joined = "&" if "?" in address else "?"
    return {colour: f"{address}{joined}colour={colour}" for colour in COLOURS}


def _mapped_year(selection: Factsheets, parts: list[showing.ShownPart]) -> int | None:
    """The edition, if all of it is listed: a map beside a filtered list would show more."""
    is_filtered = selection.filters.conditions().keys() - {"edition"}
    is_filtered |= {"on"} if selection.day else set()
    is_whole = not is_filtered and selection.edition != ALL and selection.is_first_page
    return int(selection.edition) if is_whole and parts[0].total else None


def _factsheets(selection: Factsheets, colour: str = "") -> str:
    parts, addresses = showing.parts_of(selection), _coloured(selection)
    year = _mapped_year(selection, parts)
    context = {
        **_context(selection, parts),
        "map": mapping.drawn(colour, addresses, year) if colour and year else None,
        "map_link": f"{addresses[KIND]}#map" if year else "",
        "parts": _shown(parts, rows.factsheet_row),
    }
    return render_to_string("policies/factsheet_list.html", context)


def _policies(selection: Policies) -> str:
    parts = showing.parts_of(selection)
    read_categories(*(row for part in parts for row in part.rows))
    context = {
        **_context(selection, parts),
        "parts": _shown(parts, rows.policy_row),
    }
    return render_to_string("policies/policy_list.html", context)


def _shown(parts: list[showing.ShownPart], show: Callable[[Any], Any]) -> list[Any]:
    """Each part with its groups that have rows on this page, and these as they are shown."""
    return [
        (part, [(group, [show(row) for row in group.rows]) for group in part.groups if group.rows])
        for part in parts
    ]


def _context(selection: Selection, parts: list[showing.ShownPart]) -> dict[str, Any]:
    page, fields = selection.page, showing.fields_of(selection)
    own = absolute(selection.asked.address)
    is_narrowed = selection.asked.values.keys() - {"edition"}
    return {
        "own_address": own,
        "canonical": "" if is_narrowed else own,
        "comparable": selection.edition != ALL and selection.day is None,
        "is_fixed": selection.day is not None,
        "linked": [
            (name, value)
            for name in selection.filters.LINKED
            for value in selection.asked.values.get(name, ())
        ],
        "asked": selection.asked,
        "edition": showing.edition_of(selection),
        "fields": fields,
        "more_in_use": showing.in_use(fields),
        "notes": notes_of(selection),
        "chips": showing.chips_of(selection),
        "loosenings": [] if parts[0].count else showing.loosenings_of(selection),
        "earlier": selection.asked.turned(before=selection.cursor(page.rows[0]))
        if page.has_earlier and page.rows
        else "",
        "later": selection.asked.turned(after=selection.cursor(page.rows[-1]))
        if page.has_later and page.rows
        else "",
        "files": [(kind.upper(), selection.asked.as_(kind)) for kind in TYPES],
    }
