"""The map of an edition: each country's class and words, and the drawings they go into."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.folding import alphabetical
from policies.presentation.score import Score, score_of_row
from policies.presentation.translated import country_name, level_label
from policies.presentation.words import points, sentence_case
from policies.worldmap import Drawing, Shape
from scoring.reasons import plain_points

KIND, TOTAL = "kind", "total"
COLOURS = {KIND: gettext_lazy("kind of policy"), TOTAL: gettext_lazy("total score")}
SCOPE = "scope"  # the criterion that says which kind of policy a country has
STRONGEST = 4  # tones go from 1 to this; 0 is hatched, and is no lack of a factsheet
QUARTERS = 4  # classes of totals, beside 0


@dataclass(frozen=True)
class Place:
    """A country with a factsheet, and its tone: none where its class is not known."""

    name: str
    slug: str
    year: int
    numeric: str
    kind: str
    score: Score
    tone: int | None

    @property
    def words(self) -> str:
        kind = sentence_case(self.kind)
        return _("%(name)s: %(kind)s, %(score)s") % {
            "name": self.name,
            "kind": kind,
            "score": self.score.words,
        }


@dataclass(frozen=True)
class Drawn:
    """A place in a drawing. The keyboard stops once at each country: where it is larger."""

    place: Place
    shape: Shape
    is_stop: bool


@dataclass(frozen=True)
class View:
    code: str
    title: str
    width: int
    height: int
    land: str
    specks: str
    drawn: list[Drawn]


@dataclass(frozen=True)
class Class:
    """A class of the legend, and how many countries are in it; without a tone, no factsheet."""

    tone: int | None
    label: str
    count: int
    url: str = ""  # of the list of those that are in it


@dataclass(frozen=True)
class Colour:
    """What the countries may be coloured by, and the address of the page where they are."""

    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Map:
    year: int
    count: int
    countries: int
    colours: list[Colour]
    classes: list[Class]
    views: list[View]
    places: list[Place]
    undrawn: list[str]


def colour_of(asked: str | None) -> str:
    """What the countries are coloured by: the kind of policy, unless the total is asked for."""
    return TOTAL if asked == TOTAL else KIND


def map_of(
    edition: Any, colour: str, addresses: dict[str, str], world: Drawing, europe: Drawing
) -> Map:
    """`edition` is a `mapping.Edition`; `addresses` has the page of each colour."""
    tones = _tones(edition.levels)
    places = [_place(row, colour, tones) for row in edition.mapped]
    places.sort(key=lambda place: alphabetical(place.name))
    near = {code for code, shape in europe.shapes.items() if shape.is_whole}
    return Map(
        year=edition.year,
        count=len(places),
        countries=edition.countries,
        colours=[
            Colour(str(label), f"{addresses[code]}#map", code == colour)
            for code, label in COLOURS.items()
        ],
        classes=_classes(edition, colour, places, tones),
        views=[
            _view("world", _("The world"), world, places, world.shapes.keys() - near),
            _view("europe", _("Europe, larger"), europe, places, near),
        ],
        places=places,
        undrawn=[place.name for place in places if place.numeric not in world.shapes],
    )


def _tones(levels: Iterable[Any]) -> dict[Any, int]:
    """No points are hatched; the other levels share the tones evenly."""
    above = sorted(level for level in levels if level)
    steps = max(len(above) - 1, 1)
    spread = {each: 1 + round(i * (STRONGEST - 1) / steps) for i, each in enumerate(above)}
    return {level: 0 for level in levels if not level} | spread


def _place(row: Any, colour: str, tones: dict[Any, int]) -> Place:
    return Place(
        name=country_name(row.name),
        slug=row.slug,
        year=row.year,
        numeric=row.numeric,
        kind=level_label(row.level) or _("Not settled"),
        score=score_of_row(row),
        tone=tones.get(row.points) if colour == KIND else _quarter(row),
    )


def _quarter(row: Any) -> int:
    return ceil(QUARTERS * row.total / row.maximum) if row.maximum else 0


def _classes(edition: Any, colour: str, places: list[Place], tones: dict[Any, int]) -> list[Class]:
    counts = Counter(place.tone for place in places)
    by_tone = {tones[level]: level_label(label) for level, label in edition.levels.items()}
    labels = by_tone if colour == KIND else _totals(edition.mapped[0].maximum)
    lists = _lists(edition, colour, tones)
    known = [
        Class(tone, label, counts[tone], lists.get(tone, ""))
        for tone, label in sorted(labels.items())
    ]
    return [*known, Class(None, _("No factsheet"), edition.countries - len(places))]


def _lists(edition: Any, colour: str, tones: dict[Any, int]) -> dict[int | None, str]:
    """Of classes of totals from the lowest to the highest that a country has."""
    asked: dict[int | None, dict[str, Any]] = {
        tone: {"points": f"{SCOPE}-{plain_points(level)}"} for level, tone in tones.items()
    }
    if colour == TOTAL:
        found = groupby(sorted(edition.mapped, key=lambda row: row.total), key=_quarter)
        totals = {tone: [plain_points(row.total) for row in rows] for tone, rows in found}
        asked = {t: {"total_from": each[0], "total_to": each[-1]} for t, each in totals.items()}
    path = reverse("policies:factsheet_list")
    return {
        tone: f"{path}?{urlencode({'edition': edition.year, **query})}"
        for tone, query in asked.items()
    }


def _totals(maximum: Any) -> dict[int, str]:
    bounds = [points(maximum * quarter / QUARTERS) for quarter in range(QUARTERS + 1)]
    between = pairwise(bounds)
    words = [
        _("up to %(to)s") % {"to": high}
        if low == "0"
        else _("over %(low)s, up to %(to)s") % {"low": low, "to": high}
        for low, high in between
    ]
    return dict(enumerate([_("0 of %(maximum)s") % {"maximum": bounds[-1]}, *words]))


def _view(code: str, title: str, drawing: Drawing, places: list[Place], stops: set[str]) -> View:
    with_factsheet = {place.numeric for place in places}
    others = [shape for found, shape in drawing.shapes.items() if found not in with_factsheet]
    drawn = [
        Drawn(place, drawing.shapes[place.numeric], place.numeric in stops)
        for place in places
        if place.numeric in drawing.shapes
    ]
    return View(
        code=code,
        title=title,
        width=drawing.frame.width,
        height=drawing.frame.height,
        land=drawing.rest + "".join(shape.path for shape in others),
        specks="".join(_speck(shape) for shape in others if shape.is_small),
        drawn=sorted(drawn, key=lambda each: each.shape.is_small),
    )


def _speck(shape: Shape) -> str:
    """A line of no length, which a round end makes a dot."""
    return f"M{shape.middle[0]} {shape.middle[1]}h0"
