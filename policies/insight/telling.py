"""Statistics as their page shows them: sentences, tables with links and denominators, charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from policies.insight.collected import Has
from policies.insight.signs import sign
from policies.insight.statistics import (
    AGES_IN_WORDS,
    COUNTRIES,
    KINDS_IN_WORDS,
    POLICIES,
    Bar,
    Crossed,
    Figure,
    matched,
)
from policies.models import Availability, Country, Kind, Level, Period
from policies.presentation.words import DASH, points, share
from policies.tongues import filled

LISTS = {COUNTRIES: "policies:factsheet_list"}

TITLES: dict[str, str | Promise] = {
    "strongest": gettext_lazy("Strongest kind of policy"),
    "kinds": gettext_lazy("Countries with a policy of each kind"),
    "levels": gettext_lazy("Kind and level of policy"),
    "groups": gettext_lazy("Kind of policy by country group"),
    "totals": gettext_lazy("Total scores"),
    "periods": gettext_lazy("Periods of policies"),
    "ages": gettext_lazy("Ages of policies"),
    "overall-budget": gettext_lazy("Overall budgets"),
    "annual-budget": gettext_lazy("Annual budgets"),
}
SEVERAL = gettext_lazy(
    "A country is counted where it has at least one such policy, and may be in several bars."
)
NOTES: dict[str, str | Promise] = {
    "kinds": gettext_lazy("A country with policies of several kinds is in several bars."),
    "ages": gettext_lazy("Years from the start to the year of the collection."),
    "levels": SEVERAL,
    "groups": SEVERAL,
    "totals": gettext_lazy(
        "A score measures how far cluster policy was developed when the data was collected, "
        "and not the performance of a country."
    ),
}
WORDS: dict[str, Mapping[str, str | Promise]] = {  # by figure and bar
    "ages": AGES_IN_WORDS,
    **dict.fromkeys(("strongest", "kinds", "levels", "groups"), KINDS_IN_WORDS),
    "periods": dict(Period.choices),
}


@dataclass(frozen=True)
class Line:
    """A bar: what it is, how many of how many, and the list of just these."""

    label: str
    count: int
    share: str
    url: str
    before: str = ""
    before_url: str = ""


@dataclass(frozen=True)
class Shown:
    """A figure with its chart; `missing` are the ways in which there is nothing, never a bar."""

    code: str
    title: str
    notes: list[str]
    unit: str
    url: str  # of the list of all that it is counted of
    lines: list[Line]
    missing: list[Line]
    chart: dict[str, Any]


@dataclass(frozen=True)
class ShownCrossed:
    """A figure in several parts: one table, and one chart with a row of bars for each part."""

    code: str
    title: str
    note: str
    parts: list[Shown]
    chart: dict[str, Any]


@dataclass(frozen=True)
class Part:
    """Whose figures they are, and of which day: what every address of a list repeats."""

    year: int
    invented: bool
    on: str = ""

    def listed(self, unit: str, query: dict[str, str] | None) -> str:
        if query is None:
            return ""
        told = {"edition": str(self.year), **({"on": self.on} if self.on else {}), **query}
        if self.invented:
            told["group"] = Country.Group.DEMONSTRATION.value
        return f"{reverse(LISTS.get(unit, 'policies:policy_list'))}?{urlencode(told)}"


def sentence(figure: Figure, part: Part) -> str:
    """ "28 of 56 countries have a dedicated cluster policy." """
    having = next(bar.count for bar in figure.bars if bar.code == Kind.CLUSTER)
    if part.invented:
        words = ngettext(
            "%(having)d of %(of)d invented countries has a dedicated cluster policy.",
            "%(having)d of %(of)d invented countries have a dedicated cluster policy.",
            having,
        )
    else:
        words = ngettext(
            "%(having)d of %(of)d countries has a dedicated cluster policy.",
            "%(having)d of %(of)d countries have a dedicated cluster policy.",
            having,
        )
    return words % {"having": having, "of": figure.of}


def nobody(part: Part) -> str:
    """What stands instead where no country is of the part."""
    if part.invented:
        return _("No invented country is published in this edition.")
    return _("No real country is published in this edition yet.")


def shown(figure: Figure, before: Figure | None, part: Part, earlier: Part | None) -> Shown:
    """`before` is the figure of the edition of `earlier`, where it can stand beside this one."""
    known = _known(before, earlier) if before and earlier else {}
    lines = [_line(bar, figure, known, part) for bar in figure.bars]
    return Shown(
        code=figure.code,
        title=_title(figure),
        notes=_notes(figure, before, earlier),
        unit=_unit(figure),
        url=part.listed(figure.unit, figure.query),
        lines=lines,
        missing=[_line(bar, figure, known, part) for bar in figure.nothing],
        chart={
            "labels": [line.label for line in lines],
            "counts": [line.count for line in lines],
            "urls": [line.url for line in lines],
            "of": figure.of,
        },
    )


def crossed(
    table: Crossed, before: Crossed | None, part: Part, earlier: Part | None
) -> ShownCrossed:
    found = matched(table.parts, before.parts if before else [])
    parts = [shown(figure, then, part, earlier) for figure, then in found]
    drawn = [each for each in parts if each.lines]
    return ShownCrossed(
        code=table.code,
        title=str(TITLES[table.code]),
        note=str(NOTES[table.code]),
        parts=parts,
        chart={
            "labels": drawn[0].chart["labels"],
            "series": [_series(each) for each in drawn],
            "of": max(each.chart["of"] for each in drawn),
        },
    )


def _series(shown: Shown) -> dict[str, Any]:
    """Where bars are not all counted of the same, each says of how many it is."""
    of = shown.chart["of"]
    words = [_of(count, of) for count in shown.chart["counts"]]
    return {"name": shown.title, "words": words, **shown.chart}


def _of(number: int, of: int) -> str:
    return _("%(number)d of %(of)d") % {"number": number, "of": of}


def _title(figure: Figure) -> str:
    table, _dot, value = figure.code.partition(".")
    if value:
        words = {"levels": Level, "groups": Country.Group}[table]
        return capfirst(words(value).label)
    return figure.title or str(TITLES[figure.code])


def _unit(figure: Figure) -> str:
    if figure.unit == COUNTRIES:
        return ngettext("Of %(of)d country", "Of %(of)d countries", figure.of) % {"of": figure.of}
    words = ngettext("Of %(of)d policy in force", "Of %(of)d policies in force", figure.of)
    return words % {"of": figure.of}


def _notes(figure: Figure, before: Figure | None, earlier: Part | None) -> list[str]:
    notes = [str(NOTES[figure.code])] if figure.code in NOTES else []
    if earlier and not before:
        words = _("The edition of %(year)d was scored by another method: it can’t stand beside.")
        notes.append(words % {"year": earlier.year})
    return notes


def _known(before: Figure, earlier: Part) -> dict[str, tuple[str, str]]:
    """By bar, how many of how many the edition before had, and the list of them."""
    return {
        bar.code: (_of(bar.count, before.of), earlier.listed(before.unit, bar.query))
        for bar in (*before.bars, *before.nothing)
    }


def _line(bar: Bar, figure: Figure, known: dict[str, tuple[str, str]], part: Part) -> Line:
    """With a dash where the edition before did not know such a bar."""
    before, before_url = known.get(bar.code, (DASH, ""))
    return Line(
        label=_label(bar, figure),
        count=bar.count,
        share=share(bar.count, figure.of),
        url=part.listed(figure.unit, bar.query),
        before=before,
        before_url=before_url,
    )


def lists(part: Part) -> dict[str, str]:
    """What the numbers at the head of the page count."""
    return {
        "countries": part.listed(COUNTRIES, {}),
        "policies": part.listed(POLICIES, {}),
        "cluster": part.listed(COUNTRIES, {"kind": Kind.CLUSTER.value}),
        "judged": part.listed(COUNTRIES, {"judged": "yes"}),
    }


def title_of(figure: Figure) -> str:
    """Of a figure that is crossed, that of all its parts."""
    return str(TITLES.get(figure.code.partition(".")[0], figure.title))


def label_of(bar: Bar, figure: Figure) -> str:
    """A bar by itself, wherever it is read: one that is crossed says with what."""
    label = bar.label or _label(bar, figure)
    return f"{label}: {_title(figure)}" if "." in figure.code else label


def _label(bar: Bar, figure: Figure) -> str:
    if words := WORDS.get(figure.code.partition(".")[0]):
        return str(words[bar.code])
    if bar.label and bar in figure.bars and figure.unit == COUNTRIES:
        values = {"points": points_of(bar), "label": bar.label}
        return filled(_("%(points)s: %(label)s"), values)
    return bar.label or _word(bar, figure)


def points_of(bar: Bar) -> str:
    return points(float(bar.code))


def _word(bar: Bar, figure: Figure) -> str:
    if figure.code == "totals":
        return points_of(bar)
    if bar in figure.bars:
        return str(Availability(bar.code).label)
    return sign(Has(bar.code)).words
