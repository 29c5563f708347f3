"""The lists of factsheets and of policies, as pages and as files."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
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
from policies.listing.telling import elsewhere_of, notes_of
from policies.missing import LONGEST, Link, Missing, Refused
from policies.pages import answers_refusals, respond
from policies.presentation import rows
from policies.presentation.map import COLOURS, KIND
from policies.presentation.words import specified
from policies.views.files import as_file, unfiltered


@require_safe
@answers_refusals
def factsheet_list(request: HttpRequest) -> HttpResponse:
    """One edition, the latest unless another is asked for: a list that stays readable.

    Whoever asks for a colour gets the map of the edition above it.
    """
    selection = Factsheets(request.path, request.GET)
    colour = _colour(selection, request)
    address = _coloured(selection.asked.remembered).get(colour, selection.asked.remembered)
    state = finding.site_state()
    return respond(request, state, lambda: _factsheets(selection, colour), address=address)


@require_safe
@answers_refusals
def factsheet_file(request: HttpRequest, kind: str) -> HttpResponse:
    selection = Factsheets(_listed(request, kind), request.GET)
    _colour(selection, request)
    return _file(request, selection, kind)


@require_safe
@answers_refusals
def policy_list(request: HttpRequest) -> HttpResponse:
    selection = Policies(request.path, request.GET)
    state, address = finding.site_state(), selection.asked.remembered
    return respond(request, state, lambda: _policies(selection), address=address)


@require_safe
@answers_refusals
def policy_file(request: HttpRequest, kind: str) -> HttpResponse:
    return _file(request, Policies(_listed(request, kind), request.GET), kind)


def _listed(request: HttpRequest, kind: str) -> str:
    """The address of the list of which this is a file."""
    return f"{request.path.removesuffix(f'.{kind}')}/"


def _file(request: HttpRequest, selection: Factsheets | Policies, kind: str) -> HttpResponse:
    """Refuses what the page says that it does not know: a file has no place to say so."""
    asked = selection.asked
    if asked.foreign:
        raise unfiltered(asked.foreign, elsewhere_of(selection))
    return as_file(
        request,
        lambda: taken(selection, kind, absolute("")),
        address=asked.as_(kind),
        kind=kind,
        name=f"{asked.path.strip('/')}-{asked.one('edition') or 'latest'}",
    )


def _colour(selection: Factsheets, request: HttpRequest) -> str:
    """The colour of the map that is asked for; raises `Refused` for what is none."""
    asked = selection.asked
    colour = single(asked.path, request.GET, "colour")
    if colour and colour not in COLOURS:
        addresses, label = _coloured(asked.address), str(Policies.FOREIGN["colour"])
        links = [Link(str(words), addresses[code]) for code, words in COLOURS.items()]
        links.append(Link(_("The list without “%(name)s”") % {"name": label}, asked.address))
        words = _("“%(value)s” is not among the choices.") % {"value": colour[:LONGEST]}
        raise Refused(Missing(specified(label, words), _("Colours of the map"), tuple(links)))
    return colour


def _coloured(address: str) -> dict[str, str]:
    """The address of the same list with a map, by colour."""
    joined = "&" if "?" in address else "?"
    return {colour: f"{address}{joined}colour={colour}" for colour in COLOURS}


def _mapped_year(selection: Factsheets, parts: list[showing.ShownPart]) -> int | None:
    """The edition, if all of it is listed: a map beside a filtered list would show more."""
    is_filtered = selection.filters.conditions().keys() - {"edition"}
    is_filtered |= {"on"} if selection.day else set()
    is_whole = not is_filtered and selection.edition != ALL and selection.is_first_page
    return int(selection.edition) if is_whole and parts[0].total else None


def _factsheets(selection: Factsheets, colour: str = "") -> str:
    parts, addresses = showing.parts_of(selection), _coloured(selection.asked.address)
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
