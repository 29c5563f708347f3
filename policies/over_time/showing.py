"""The page of a country's points over its editions and versions: a chart, a table, each change."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from policies.comparing import kinds_of, titles_by_anchor
from policies.models import ChangeKind, Country
from policies.over_time.versions import Rules, Step, Version, of_country, steps
from policies.presentation.parts import Explanation, causes_in_words, explanation_of
from policies.presentation.translated import country_name, translated
from policies.presentation.words import enumerated, moment, points
from scoring.decomposing import Cause

TOTAL = ""  # stands for the code of a criterion


@dataclass(frozen=True)
class Shown:
    """A version; one that was withdrawn has no points. `maxima` and `points` are by criterion."""

    label: str
    short: list[str]
    url: str
    published: str
    is_current: bool
    year: int
    number: int
    withdrawn: str
    reason: str
    rubric: str = ""
    points: dict[str, float | None] = field(default_factory=dict)
    maxima: dict[str, float] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """What was stated of sections, and of which."""

    title: str
    sections: list[str]


@dataclass(frozen=True)
class Changed:
    """A version against the last one before it that can be read."""

    anchor: str
    before: Shown
    after: Shown
    note: str
    explanation: Explanation
    crosses: bool
    kinds: list[str]
    said: list[Said]
    comparison: str = ""


@dataclass(frozen=True)
class Run:
    """Versions on end that one scoring system scored."""

    rubric: str
    rows: list[tuple[Shown, list[str]]]  # with their points in words, by column


@dataclass(frozen=True)
class Chart:
    """A line of points by version, and the same in words."""

    id: str
    title: str
    words: str
    data: dict[str, Any]

    @property
    def data_id(self) -> str:
        return f"{self.id}-data"


@dataclass(frozen=True)
class Timeline:
    name: str
    slug: str
    is_demonstration: bool
    readable: list[Shown]
    withdrawn: list[Shown]
    changes: list[Changed]  # the latest first

    @property
    def columns(self) -> dict[str, str]:
        """Titles by code of all criteria of all scoring systems, and of the total."""
        titles = {code: title for shown in self.readable for code, title in shown.titles.items()}
        return {TOTAL: _("Total"), **titles}

    @property
    def runs(self) -> list[Run]:
        return [
            Run(
                rubric, [(each, [_reached(each, code) for code in self.columns]) for each in scored]
            )
            for rubric, scored in groupby(self.readable, key=lambda version: version.rubric)
        ]

    @property
    def charts(self) -> list[Chart]:
        return [self._chart(number, *column) for number, column in enumerate(self.columns.items())]

    @property
    def causes(self) -> list[tuple[str, str]]:
        return causes_in_words(Cause)

    def _row(self, version: Shown) -> list[str]:
        return [_reached(version, code) for code in self.columns]

    def _chart(self, number: int, code: str, title: str) -> Chart:
        versions = self.readable
        pairs = list(pairwise(versions))
        sentence = _("%(label)s: %(points)s of %(maximum)s")
        words = [
            sentence
            % {
                "label": version.label,
                "points": points(version.points[code]),
                "maximum": points(version.maxima[code]),
            }
            for version in versions
            if code in version.points
        ]
        data = {
            "labels": [version.short for version in versions],
            "points": [version.points.get(code) for version in versions],
            "maximum": max(version.maxima.get(code, 0) for version in versions),
            "breaks": [n for n, (one, other) in enumerate(pairs, 1) if one.rubric != other.rubric],
            "changed": _("method changed"),
        }
        return Chart(f"over-time-{number}", title, enumerated(words), data)


def _reached(version: Shown, code: str) -> str:
    return points(version.points[code]) if code in version.points else _("not measured")


def timeline_of(slug: str) -> Timeline | None:
    """None where no version of this country was ever published."""
    shown: list[Shown] = []
    changes: list[Changed] = []
    last: Version | None = None
    for version, step in steps(of_country(slug), Rules.read()):
        last = version
        shown.append(_shown(version))
        if step:
            changes.append(_changed(step))
    if last is None:
        return None
    current = {version.year for version in shown if version.is_current}
    return Timeline(
        name=country_name(last.name),
        slug=slug,
        is_demonstration=last.group == Country.Group.DEMONSTRATION,
        readable=[version for version in shown if not version.withdrawn],
        withdrawn=[version for version in shown if version.withdrawn],
        changes=[_leading_on(change, slug, current) for change in reversed(changes)],
    )


def _leading_on(change: Changed, slug: str, current: set[int]) -> Changed:
    """With the page that sets texts side by side: of two editions, as they are now."""
    before, after = change.before, change.after
    if not change.crosses:
        page = reverse("policies:factsheet_history", args=[after.year, slug])
        asked = urlencode({"from": before.number, "to": after.number})
        return replace(change, comparison=f"{page}?{asked}")
    if not {before.year, after.year} <= current:
        return change
    asked = urlencode([("country", slug), ("edition", before.year), ("edition", after.year)])
    return replace(change, comparison=f"{reverse('policies:compare')}?{asked}")


def _shown(version: Version) -> Shown:
    place = [version.year, version.slug, version.number]
    values = {"year": version.year, "number": version.number}
    document = translated(version.document) if version.document else {}
    maturity = document.get("maturity", {"criteria": []})
    criteria = {criterion["code"]: criterion for criterion in maturity["criteria"]}
    scores = {code: criterion["points"] for code, criterion in criteria.items()}
    maxima = {code: criterion["maximum"] for code, criterion in criteria.items()}
    if document:
        scores[TOTAL], maxima[TOTAL] = maturity["total"], maturity["maximum"]
    return Shown(
        label=_("%(year)d, version %(number)d") % values,
        short=[str(version.year), _("v%(number)d") % values],
        url=reverse("policies:factsheet_version", args=place),
        published=moment(version.published_at),
        is_current=version.is_current,
        year=version.year,
        number=version.number,
        withdrawn=moment(version.withdrawn_at),
        reason=version.withdrawn_reason,
        rubric=maturity.get("rubric", ""),
        points=scores,
        maxima=maxima,
        titles={code: criterion["title"] for code, criterion in criteria.items()},
    )


def _changed(step: Step) -> Changed:
    before, after = step.before, step.after
    one, other = before.document or {}, after.document or {}
    return Changed(
        anchor=f"change-{after.year}-{after.number}",
        before=_shown(before),
        after=_shown(after),
        note=after.change_note,
        explanation=explanation_of(
            one, other, step.why.decomposition, step.why.later_under_earlier
        ),
        crosses=before.year != after.year,
        kinds=kinds_of(step.changes),
        said=_said(step.changes, titles_by_anchor(one, other)),
    )


def _said(changes: Iterable[dict[str, str]], titles: dict[str, str]) -> list[Said]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for change in changes:
        found[change["kind"]][titles.get(change["section"], change["section"])] = None
    return [Said(str(kind.label), list(found[kind])) for kind in ChangeKind if kind in found]
