"""What an edition adds up to, as it is today or was on a day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from policies import finding, missing
from policies.addresses import absolute
from policies.insight import statistics, taking, telling
from policies.insight.asking import Asked, check_year, read
from policies.insight.collected import Collected, Published, collect, until
from policies.insight.statistics import Crossed, Figure, Rung, completed, kinds_by, matched
from policies.insight.vocabulary import Heading, headings
from policies.listing.taking import TYPES
from policies.missing import Link
from policies.models import Of
from policies.over_time import between
from policies.over_time.editions import decomposed_editions
from policies.pages import answers_refusals, nothing_here, respond
from policies.presentation.translated import country_name, level_label
from policies.presentation.words import day
from policies.views.files import as_file, named, refuse_filters
from policies.wording import said_like
from scoring.models import Level

REAL, DEMONSTRATION = "countries", "demonstration"
NAMES = ("part", "on")


@require_safe
def statistics_latest(request: HttpRequest) -> HttpResponse:
    latest = finding.latest_edition()
    if latest is None:
        return nothing_here(missing.Missing(_("No factsheet is published yet.")))
    return redirect("policies:statistics", latest.year)


@require_safe
@answers_refusals
def of_edition(request: HttpRequest, year: int) -> HttpResponse:
    asked = read(request.path, request.GET, NAMES)
    on, state = asked.day, finding.site_state()
    return respond(request, state, lambda: _page(asked, year, on), address=asked.address)


@require_safe
@answers_refusals
def file(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """Every bar of every figure, one row each."""
    asked = read(request.path.removesuffix(f".{kind}") + "/", request.GET, NAMES)
    refuse_filters(request, NAMES, Link(_("The page without it"), asked.address))
    on = asked.day

    def render() -> bytes:
        counted = Counted.of(asked, year, on)
        dated = taking.dated(on, until(counted.countries(counted.edition)))
        rows = list(_rows(counted, dated))
        return taking.taken("Statistics", rows, kind, {"edition": str(year), **asked.values})

    part = DEMONSTRATION if asked.one("part") == DEMONSTRATION else ""
    name = named("statistics", year, part, on)
    return as_file(request, render, address=asked.as_(kind), kind=kind, name=name)


@require_safe
@answers_refusals
def changes(request: HttpRequest, year: int) -> HttpResponse:
    """Why the points of an edition differ from those of the one before."""
    asked = read(request.path, request.GET, ("on",))
    on, state = asked.day, finding.site_state()
    return respond(request, state, lambda: _changes(asked, year, on), address=asked.address)


def _changes(asked: Asked, year: int, on: date | None) -> str:
    years = finding.published_years(on)
    check_year(asked, str(year), years)
    before = max((each for each in years if each < year), default=None)
    real, invented = decomposed_editions(before, year, on) if before else (None, None)
    names = {slug: country_name(name) for slug, name in finding.countries()}
    context = {
        "own_address": absolute(asked.address),
        "canonical": absolute(asked.path),
        "year": year,
        "before": before,
        "real": between.table_of(real, names) if real else None,
        "invented": between.table_of(invented, names) if invented else None,
        "causes": between.causes_of(real, invented) if real and invented else [],
        "on": day(on.isoformat()) if on else "",
        "today": asked.with_(on=""),
        "statistics": asked.at(reverse("policies:statistics", args=[year])).address,
    }
    return render_to_string("policies/statistics_changes.html", context)


@dataclass(frozen=True)
class Counted:
    """An edition, and the one before it, of which one part is counted."""

    year: int
    years: list[int]
    before: int | None
    part: str
    edition: Collected
    earlier: Collected | None

    @classmethod
    def of(cls, asked: Asked, year: int, on: date | None) -> "Counted":
        years = finding.published_years(on)
        part = asked.choose("part", (REAL, DEMONSTRATION))
        check_year(asked, str(year), years)
        before = max((each for each in years if each < year), default=None)
        found = collect([year, *([before] if before else [])], on)
        return cls(year, years, before, part, found[year], found[before] if before else None)

    def countries(self, edition: Collected) -> list[Published]:
        return edition.invented if self.part == DEMONSTRATION else edition.countries

    @cached_property
    def figures(self) -> list[tuple[Figure, Figure | None]]:
        known = headings()
        ladders, titles = _ladders({self.year, self.before or self.year})
        countries, ladder = self.countries(self.edition), ladders[self.year]
        rungs = completed(ladder.rungs, countries, titles)
        now = statistics.figures(countries, _in(known, self.year), rungs)
        before: list[Figure] = []
        if self.earlier and self.before and self.countries(self.earlier):
            # Points of two rubrics mean different things, so they do not stand side by side.
            then = self.countries(self.earlier)
            alike = ladders[self.before] == ladder and rungs == ladder.rungs == completed(
                ladder.rungs, then, titles
            )
            before = statistics.figures(
                then, _in(known, self.before), rungs if alike else [], scored=alike
            )
        return matched(now, before)

    @cached_property
    def crossed(self) -> list[tuple[Crossed, Crossed | None]]:
        before = self.countries(self.earlier) if self.earlier else []
        return matched(kinds_by(self.countries(self.edition)), kinds_by(before) if before else [])


def _in(known: list[Heading], year: int) -> list[Heading]:
    return [heading for heading in known if heading.is_in(year)]


class Ladder(NamedTuple):
    """The rubric of an edition today, and its levels."""

    rubric: int | None
    rungs: list[Rung]


def _ladders(years: set[int]) -> tuple[dict[int, Ladder], dict[str, str]]:
    """By edition; and the titles of the criteria of all rubrics."""
    levels = Level.objects.filter(criterion__rubric__released_at__isnull=False)
    levels = levels.order_by("criterion__order", "criterion__code", "points")
    place = "criterion__rubric__edition__year"
    words = ("criterion__code", "criterion__title", "points", "label")
    found, titles = {year: Ladder(None, []) for year in years}, {}
    for year, rubric, code, title, points, label in levels.values_list(
        place, "criterion__rubric", *words
    ):
        titles[code] = title = said_like(Of.CRITERION, "title", title)
        if year in found:
            rungs = [*found[year].rungs, Rung(code, title, points, level_label(label))]
            found[year] = Ladder(rubric, rungs)
    return found, titles


def _page(asked: Asked, year: int, on: date | None) -> str:
    counted = Counted.of(asked, year, on)
    part = telling.Part(year, counted.part == DEMONSTRATION, asked.one("on"))
    countries = counted.countries(counted.edition)
    earlier = None
    if counted.before and counted.earlier and counted.countries(counted.earlier):
        earlier = replace(part, year=counted.before)
    found = [telling.shown(now, before, part, earlier) for now, before in counted.figures]
    kinds = next(now for now, _before in counted.figures if now.code == "kinds")
    newest = until(countries)
    context = {
        "own_address": absolute(asked.address),
        "canonical": absolute(asked.with_(on="")),
        "asked": asked,
        "year": year,
        "years": [
            (each, asked.at(reverse("policies:statistics", args=[each])).address)
            for each in counted.years
        ],
        "before": earlier.year if earlier else None,
        "is_demonstration": part.invented,
        "others": len(counted.edition.countries if part.invented else counted.edition.invented),
        "other_part": asked.with_(part="" if part.invented else DEMONSTRATION),
        "countries": len(countries),
        "policies": sum(len(country.policies) for country in countries),
        "changes": asked.at(reverse("policies:statistics_changes", args=[year])).with_(part=""),
        "judged": statistics.judged(countries),
        "sentence": telling.sentence(kinds, part) if countries else telling.nobody(part),
        "elsewhere": None if countries else _elsewhere(asked, part.invented, on),
        "lists": telling.lists(part),
        "newest": day(newest.isoformat()) if newest else "",
        "on": day(on.isoformat()) if on else "",
        "today": asked.with_(on=""),
        "figures": found,
        "crossed": [telling.crossed(now, before, part, earlier) for now, before in counted.crossed]
        if countries
        else [],
        "files": [(kind.upper(), asked.as_(kind)) for kind in TYPES],
    }
    return render_to_string("policies/statistics.html", context)


def _elsewhere(asked: Asked, invented: bool, on: date | None) -> Link | None:
    """The latest edition that has countries of the part."""
    years = finding.years_of_part(invented, on)
    links = (
        Link(
            _("Statistics %(year)s") % {"year": year},
            asked.at(reverse("policies:statistics", args=[year])).address,
        )
        for year in years
    )
    return next(links, None)


def _rows(counted: Counted, dated: dict[str, str]) -> Iterator[dict[str, Any]]:
    place = {"edition": counted.year, "part": counted.part, **dated}
    for figure, before in counted.figures:
        for row in _bars(figure, before, counted.before):
            yield {**place, **row}
    for table, then in counted.crossed:
        for figure, before in matched(table.parts, then.parts if then else []):
            for row in _bars(figure, before, counted.before):
                yield {**place, **row}


def _bars(
    figure: Figure, before: Figure | None, year_before: int | None
) -> Iterator[dict[str, Any]]:
    earlier = {bar.code: bar.count for bar in (*before.bars, *before.nothing)} if before else {}
    name, dot, value = figure.code.partition(".")
    for bars, is_nothing in ((figure.bars, False), (figure.nothing, True)):
        for bar in bars:
            yield {
                "figure": name,
                "figure_title": telling.title_of(figure),
                "unit": figure.unit,
                "code": f"{bar.code}{dot}{value}",
                "label": telling.label_of(bar, figure),
                "is_nothing": is_nothing,
                "count": bar.count,
                "of": figure.of,
                "edition_before": year_before if before else None,
                "count_before": earlier.get(bar.code),
                "of_before": before.of if before else None,
            }
