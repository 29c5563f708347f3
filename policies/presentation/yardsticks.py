"""Points of several factsheets, side by side only where one rubric gave them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from policies.presentation.score import Criterion, criteria_of, radar_in_words, radar_of
from policies.presentation.sides import Side
from policies.presentation.words import Document
from policies.tongues import filled

OVERLAID = 3  # outlines; more in one chart can't be told apart


@dataclass(frozen=True)
class Scored:
    """A criterion with what each side reached."""

    name: str
    reached: list[tuple[Side, Criterion]]

    @property
    def title(self) -> str:
        """Among rows of other tables."""
        return filled(_("Points: %(name)s"), {"name": self.name})

    @property
    def same(self) -> bool:
        """If all reached the same in the same way; points that nobody knows are not the same."""
        found = {(criterion.points, criterion.basis) for _side, criterion in self.reached}
        return len(found) == 1 and all(basis != "open" for _points, basis in found)


@dataclass(frozen=True)
class PointsTable:
    """The sides that one rubric scored; `left_out` counts the rows where they are the same."""

    rubric: str
    sides: list[Side]
    rows: list[Scored]
    left_out: int = 0

    def of_differences(self) -> "PointsTable":
        rows = [row for row in self.rows if not row.same]
        return replace(self, rows=rows, left_out=len(self.rows) - len(rows))


@dataclass(frozen=True)
class Chart:
    """What a radar draws, and the same in words."""

    id: str
    name: str
    titles: list[str]
    data: dict[str, Any]
    words: list[str]

    @property
    def data_id(self) -> str:
        return f"{self.id}-data"


def points_tables(sides: Iterable[Side]) -> list[PointsTable]:
    """One table if all were scored alike, else one of each rubric."""
    alike: dict[Any, list[Side]] = {}
    for side in sides:
        alike.setdefault(_yardstick(side.document), []).append(side)
    return [_table(group) for group in alike.values()]


def _yardstick(document: Document) -> tuple[Any, ...]:
    """What must be equal for points to mean the same."""
    maturity = document["maturity"]
    levels = (
        (criterion["code"], *((level["points"], level["label"]) for level in criterion["levels"]))
        for criterion in maturity["criteria"]
    )
    return maturity["rubric"], *levels


def _table(sides: list[Side]) -> PointsTable:
    columns = [criteria_of(side.document) for side in sides]
    rows = [
        Scored(criteria[0].title, list(zip(sides, criteria, strict=True)))
        for criteria in zip(*columns, strict=True)
    ]
    return PointsTable(sides[0].document["maturity"]["rubric"], sides, rows)


def charts(sides: list[Side]) -> list[Chart]:
    """One chart of up to three outlines, or else a small one of each."""
    groups = [[side] for side in sides] if len(sides) > OVERLAID else [sides]
    return [_chart(f"radar-{number}", group) for number, group in enumerate(groups, 1)]


def _chart(id_: str, sides: list[Side]) -> Chart:
    radars = [radar_of(_titled(side)) for side in sides]
    titles = [side.title for side in sides]
    series = [
        {"name": title, "points": radar["points"]}
        for title, radar in zip(titles, radars, strict=True)
    ]
    labels = radars[0]["labels"]
    data = {
        "labels": [label[:-1] for label in labels] if len(sides) > 1 else labels,
        "maximum": radars[0]["maximum"],
        "series": series,
    }
    words = [radar_in_words(_titled(side)) for side in sides]
    return Chart(id_, _listed(titles), titles, data, words)


def _titled(side: Side) -> Document:
    return {**side.document, "country": {**side.document["country"], "name": side.title}}


def _listed(items: list[str]) -> str:
    if len(items) < 2:
        return "".join(items)
    return _("%(first)s and %(last)s") % {"first": ", ".join(items[:-1]), "last": items[-1]}
