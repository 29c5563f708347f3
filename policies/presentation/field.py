"""Where a country stands among those of its edition: how many have which points, and its own mark.

No order of countries follows from it, and none is made: scores are levels and no measure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from policies.models import Country
from policies.presentation.factsheet import Page
from policies.presentation.score import Criterion
from policies.presentation.words import moment, share


@dataclass(frozen=True)
class Rung:
    """A level with how many countries reached it; the country of the page is on one of them."""

    points: str
    label: str
    count: int
    share: str
    url: str
    is_own: bool


@dataclass(frozen=True)
class Field:
    of: int
    rungs: list[Rung]
    words: str
    until: str  # the day of the latest publication among them


def placed(page: Page, rows: Iterable[Mapping[str, Any]]) -> Page:
    """The page with the field of each criterion; `rows` are `finding.points_by_criterion`."""
    alike = [row for row in rows if row["is_demonstration"] is page.card.is_demonstration]
    counts: dict[str, dict[float, int]] = {}
    for row in alike:
        counts.setdefault(row["criterion"], {})[float(row["points"])] = row["count"]
    latest = max((row["latest"] for row in alike), default=None)
    until = moment(timezone.localdate(latest)) if latest else ""
    criteria = [
        _placed(criterion, counts.get(criterion.code, {}), until, page)
        for criterion in page.criteria
    ]
    return replace(page, criteria=criteria)


def _placed(criterion: Criterion, counts: Mapping[float, int], until: str, page: Page) -> Criterion:
    of = sum(counts.values())
    rungs = [
        Rung(
            level.points,
            level.label,
            counts.get(level.value, 0),
            share(counts.get(level.value, 0), of),
            _listed(criterion.code, level.value, page),
            level.reached,
        )
        for level in criterion.levels
    ]
    alike = sum(rung.count for rung in rungs if rung.is_own)
    if not alike or of < 2:  # nobody to stand among
        return criterion
    words = ngettext(
        "%(alike)d of %(of)d countries has these points.",
        "%(alike)d of %(of)d countries have these points.",
        alike,
    )
    return replace(criterion, field=Field(of, rungs, words % {"alike": alike, "of": of}, until))


def _listed(code: str, points: float, page: Page) -> str:
    query = {"edition": page.card.year, "points": f"{code}-{points:g}"}
    if page.card.is_demonstration:
        query["group"] = Country.Group.DEMONSTRATION.value
    return f"{reverse('policies:factsheet_list')}?{urlencode(query)}"
