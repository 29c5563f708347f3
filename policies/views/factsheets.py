"""A factsheet and its versions: fetch publications, decide, render. No draft is read.

Pages are rendered without the request, so none of them can show who reads it.
"""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from policies import finding, missing, presentation
from policies.addresses import absolute
from policies.comparing import compared, kinds_of
from policies.finding import State
from policies.languages import without_language
from policies.models import Of, Publication
from policies.over_time.versions import Rules
from policies.pages import JSON, nothing_here, respond
from policies.presentation.parts import explanation_of
from policies.presentation.translated import country_name, translated
from policies.wording import said_like


@require_safe
def factsheet_detail(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """The current version; where it was withdrawn, the notice says so."""
    states = finding.states(year, slug)
    if not states:
        return nothing_here(missing.country(year, slug))
    current = _first(state for state in states if state.is_current)
    if current is None:
        return respond(request, states, lambda: _withdrawn(year, slug, states[0]), status=410)
    return respond(request, states, lambda: _factsheet(request.path, year, slug, current))


@require_safe
def factsheet_version(request: HttpRequest, year: int, slug: str, number: int) -> HttpResponse:
    """A version at its permanent address: as it was published, or the notice that it is gone."""
    states = finding.states(year, slug)
    if not states:
        return nothing_here(missing.country(year, slug))
    state = _first(state for state in states if state.number == number)
    if state is None:
        return nothing_here(missing.version(number, _versions(year, slug)))
    if state.is_withdrawn:
        return respond(request, states, lambda: _withdrawn(year, slug, state), status=410)
    return respond(request, states, lambda: _factsheet(request.path, year, slug, state))


@require_safe
def factsheet_json(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """The document of the current version, as it was frozen."""
    states = finding.states(year, slug)
    if not states:
        return JsonResponse({"error": missing.country(year, slug).message}, status=404)
    current = _first(state for state in states if state.is_current)
    return _as_data(request, year, slug, current or states[0])


@require_safe
def version_json(request: HttpRequest, year: int, slug: str, number: int) -> HttpResponse:
    """The document of a version, as it was frozen."""
    state = _first(state for state in finding.states(year, slug) if state.number == number)
    if state is None:
        return JsonResponse({"error": _("There is no such version.")}, status=404)
    return _as_data(request, year, slug, state)


CITED_AS = {
    "bib": ("application/x-bibtex; charset=utf-8", presentation.as_bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", presentation.as_ris),
}


@require_safe
def version_citation(
    request: HttpRequest, year: int, slug: str, number: int, kind: str
) -> HttpResponse:
    """How to cite a version, as a file for a program that keeps references."""
    states = finding.states(year, slug)
    if not states:
        return nothing_here(missing.country(year, slug))
    state = _first(state for state in states if state.number == number)
    if state is None:
        return nothing_here(missing.version(number, _versions(year, slug)))
    if state.is_withdrawn:
        return respond(request, states, lambda: _withdrawn(year, slug, state), status=410)
    content_type, written = CITED_AS[kind]

    def render() -> str:
        return written(_citation(_document(year, slug, state), slug, state))

    response = respond(request, states, render, content_type=content_type)
    name = f"clusterpolicy-{slug}-{year}-v{number}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _citation(document: dict[str, Any], slug: str, state: State) -> presentation.Citation:
    place = [document["edition"]["year"], slug, state.number]
    address = without_language(reverse("policies:factsheet_version", args=place))
    rights = presentation.Rights(
        state.author, state.publisher, said_like(Of.EDITION, "licence", state.licence)
    )
    return presentation.citation_of(document, rights, slug, absolute(address))


def _as_data(request: HttpRequest, year: int, slug: str, state: State) -> HttpResponse:
    if state.is_withdrawn:
        notice = _("Version %(number)d of this factsheet was withdrawn.")
        gone = {"error": notice % {"number": state.number}, "reason": state.withdrawn_reason}
        return JsonResponse(gone, status=410)
    publications = Publication.objects.of(year, slug).only("document_json")
    return respond(
        request,
        state.digest,
        lambda: publications.get(number=state.number).document_json,
        content_type=JSON,
    )


def _factsheet(path: str, year: int, slug: str, state: State) -> str:
    versions = _versions(year, slug)
    shown = next(version for version in versions if version.number == state.number)
    current = _first(version for version in versions if version.is_current)
    document = _document(year, slug, state)
    name_today = country_name(state.country_name)
    page, citation = presentation.page_of(document, slug), _citation(document, slug, state)
    if shown.is_current:  # an older version stands where it stood, which is no longer known
        page = presentation.placed(page, finding.points_by_criterion([year]))
    context = {
        "page": page,
        "citation": citation,
        "linked_data": presentation.linked_data(document, citation, _about(page)),
        "name_today": name_today if name_today != page.card.name else "",
        "country_note": said_like(Of.COUNTRY, "note", state.country_note),
        "policies_lead_in": said_like(Of.SECTION, "lead_in", state.policies_lead_in or ""),
        "maturity_lead_in": said_like(Of.SECTION, "lead_in", state.maturity_lead_in or ""),
        "several": state.of_country > 1,
        "shown": shown,
        "permanent": citation.address,
        "permanent_path": without_language(shown.url),
        "canonical": absolute(reverse("policies:factsheet_detail", args=[year, slug])),
        "own_address": absolute(path),
        "newer": current if current and current.number > shown.number else None,
        "others": [version for version in versions if version is not shown],
        "checked": presentation.checked_of(shown.number, finding.validations(year, slug)),
        "objections": presentation.objected_of(shown.number, finding.objections(year, slug)),
    }
    return render_to_string("policies/factsheet_detail.html", context)


def _about(page: presentation.Page) -> str:
    words = _("Cluster policy, %(name)s: data collected in %(label)s. Maturity score: %(score)s.")
    card = page.card
    return words % {"name": card.name, "label": card.label, "score": card.score.words}


def _withdrawn(year: int, slug: str, state: State) -> str:
    versions = _versions(year, slug)
    context = {
        "name": _document(year, slug, state)["country"]["name"],
        "year": year,
        "slug": slug,
        "version": next(version for version in versions if version.number == state.number),
        "current": _first(version for version in versions if version.is_current),
        "others": [version for version in versions if version.number != state.number],
    }
    return render_to_string("policies/factsheet_withdrawn.html", context)


@require_safe
def factsheet_history(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """All versions, and what changed between two: those asked for, or else the latest two.

    The text of a withdrawn version is no longer shown, so it is not compared either.
    """
    states = finding.states(year, slug)
    if not states:
        return nothing_here(missing.country(year, slug))
    numbers = [str(state.number) for state in states]
    latest = [str(state.number) for state in states if not state.is_withdrawn][:2]
    usual = dict(zip(("to", "from"), latest, strict=False)) if len(latest) == 2 else {}
    asked = {name: request.GET.get(name) or usual.get(name, "") for name in ("from", "to")}
    for number in filter(None, asked.values()):
        if number not in numbers:
            return nothing_here(missing.version(number, _versions(year, slug)))
    pair = [int(number) for number in asked.values() if number]
    address = f"{request.path}?{urlencode(asked)}"
    return respond(request, states, lambda: _history(year, slug, states, pair), address=address)


class HistoryRow(NamedTuple):
    """A version in the list of all."""

    version: presentation.Version
    kinds: list[str]
    checked: presentation.Checked
    objections: list[presentation.Objected]


def _history(year: int, slug: str, states: list[State], pair: list[int]) -> str:
    publications = finding.versions(year, slug, pair)
    versions = presentation.versions_of(year, slug, publications)
    withdrawn = [version for version in versions if version.number in pair and version.withdrawn]
    validations, objections = finding.validations(year, slug), finding.objections(year, slug)
    context = {
        "name": country_name(states[0].country_name),
        "year": year,
        "slug": slug,
        "rows": [
            HistoryRow(
                version,
                kinds_of(version.changes),
                presentation.checked_of(version.number, validations),
                presentation.objected_of(version.number, objections),
            )
            for version in versions
        ],
        "readable": [version for version in versions if not version.withdrawn],
        "before": pair[0] if len(pair) == 2 else None,
        "after": pair[1] if len(pair) == 2 else None,
        "withdrawn": withdrawn,
        **({} if withdrawn else _compared(publications, pair)),
    }
    return render_to_string("policies/factsheet_history.html", context)


def _compared(publications: Iterable[Any], pair: list[int]) -> dict[str, Any]:
    """What differs between the two, and why their scores do."""
    if len(pair) < 2:
        return {}
    before, after = (
        json.loads(publication.text)
        for number in pair
        for publication in publications
        if publication.number == number
    )
    between = (each for each in publications if min(pair) < each.number <= max(pair))
    changes = [change for publication in between for change in publication.changes]
    why = Rules.read().why(before, after, changes)
    return {
        "compared": compared(before, after, changes),
        "explanation": explanation_of(before, after, why.decomposition, why.later_under_earlier),
    }


def _document(year: int, slug: str, state: State) -> dict[str, Any]:
    publications = Publication.objects.of(year, slug).only("document_json")
    return translated(publications.get(number=state.number).document)


def _versions(year: int, slug: str) -> list[presentation.Version]:
    return presentation.versions_of(year, slug, finding.versions(year, slug))


def _first(items: Iterable[Any]) -> Any:
    return next(iter(items), None)
