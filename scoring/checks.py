"""System checks of the rubrics in the database: exactly one level for whatever is the case."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections, models

from .coverage import Combination, cover
from .maturity import CriterionTable, LevelTable, points_in_words
from .models import Criterion, Level, Rubric
from .rules import RULES


@register(Tags.database)
def check_rubrics(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    return [
        message
        for alias in databases or ()
        if _is_migrated(alias)
        for rubric in Rubric.objects.using(alias)
        for criterion in rubric.table().criteria
        for message in check_criterion(criterion, f"{rubric.code}/{criterion.code}")
    ]


def check_criterion(criterion: CriterionTable, name: str) -> list[CheckMessage]:
    """What is wrong with the levels of a criterion; `name` says which one it is."""
    unheard_of = [code for code in criterion.rules if code not in RULES]
    if unheard_of:
        return [_unknown_rule(name, code) for code in unheard_of]
    if not criterion.levels:
        return [_no_level(name)]
    return list(_uncovered(criterion, name))


def _uncovered(criterion: CriterionTable, name: str) -> Iterator[CheckMessage]:
    coverage = cover(criterion)
    if coverage.overlaps:
        combination, levels = coverage.overlaps[0]
        yield _overlap(name, levels, combination)
    if coverage.holes:
        yield _hole(name, coverage.holes[0], len(coverage.holes))


def _overlap(name: str, levels: Iterable[LevelTable], example: Combination) -> Error:
    points = [points_in_words(level.points) for level in levels]
    fits = f"levels {' and '.join(points)}" if points[1:] else f"level {points[0]} and its gap"
    return Error(
        f"Criterion {name}: {fits} fit the same facts, such as {_spelt(example)}.",
        hint="Give one of the levels another rule, or delete it.",
        id="scoring.E001",
    )


def _hole(name: str, example: Combination, count: int) -> Error:
    return Error(
        f"Criterion {name}: no level fits {_spelt(example)} ({count} in all).",
        hint="Add a level whose rule fits these facts, or declare them as the known gap.",
        id="scoring.E002",
    )


def _unknown_rule(name: str, code: str) -> Error:
    return Error(
        f"Criterion {name}: there is no rule “{code}”.",
        hint=f"Choose one of {', '.join(RULES)}.",
        id="scoring.E003",
    )


def _no_level(name: str) -> Error:
    return Error(
        f"Criterion {name} has no level.",
        hint="Add its levels in the admin, or delete the criterion.",
        id="scoring.E004",
    )


def _spelt(combination: Combination) -> str:
    return ", ".join(f"{fact} = {value}" for fact, value in combination.items())


def _is_migrated(alias: str) -> bool:
    """Whether the tables have the columns that the models want: `migrate` checks before it runs."""
    return all(_has_columns(alias, model) for model in (Rubric, Criterion, Level))


def _has_columns(alias: str, model: type[models.Model]) -> bool:
    connection, table = connections[alias], model._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return False
        found = connection.introspection.get_table_description(cursor, table)
    wanted = {field.column for field in model._meta.local_concrete_fields}
    return wanted <= {column.name for column in found}
