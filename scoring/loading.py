"""Rubrics that come with the project, from their JSON files into the database."""

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from .maturity import CriterionTable, LevelTable, RubricTable
from .models import Criterion, Level, Rubric

RUBRIC_2022 = Path(__file__).parent / "data" / "rubric-2022.json"


def read_rubric(path: Path) -> RubricTable:
    """The rubric of a file as a plain value; the database is not asked."""
    data = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    criteria = tuple(_criterion(criterion) for criterion in data["criteria"])
    return RubricTable(data["code"], criteria, data["title"])


@transaction.atomic
def load_rubric(path: Path, now: datetime | None = None) -> Rubric:
    """Create the rubric of a file, released, unless there is one with its code.

    One that exists is left alone as a whole: to add what it lacks would bring back a level
    that somebody has deleted or given other points, and then two levels would fit.
    """
    table = read_rubric(path)
    found = Rubric.objects.filter(code=table.code).first()
    return found or _create(table, now or timezone.now())


@transaction.atomic
def copied(rubric: Rubric, code: str, title: str) -> Rubric:
    """All of a rubric under another code, as a draft."""
    return _create(replace(rubric.table(), code=code, title=title), None)


def _create(table: RubricTable, released_at: datetime | None) -> Rubric:
    rubric = Rubric.objects.create(code=table.code, title=table.title, released_at=released_at)
    for order, criterion in enumerate(table.criteria, start=1):
        _create_criterion(rubric, criterion, order)
    return rubric


def _create_criterion(rubric: Rubric, table: CriterionTable, order: int) -> None:
    criterion = Criterion.objects.create(
        rubric=rubric,
        code=table.code,
        title=table.title,
        annex_title=table.annex_title if table.annex_title != table.title else "",
        description=table.description,
        known_gap=table.known_gap,
        order=order,
    )
    Level.objects.bulk_create(
        Level(
            criterion=criterion,
            points=level.points,
            label=level.label,
            annex_label=level.annex_label,
            rule=level.rule,
        )
        for level in table.levels
    )


def _criterion(data: dict[str, Any]) -> CriterionTable:
    return CriterionTable(
        code=data["code"],
        title=data["title"],
        description=data["description"],
        levels=tuple(
            LevelTable(**{**level, "points": Decimal(level["points"])}) for level in data["levels"]
        ),
        known_gap=data["known_gap"],
        annex_title=data["annex_title"] or data["title"],
    )
