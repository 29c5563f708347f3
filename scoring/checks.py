"""System checks of the rubrics in the database: exactly one level for whatever is the case."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections, models
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from .coverage import Coverage, cover
from .maturity import CriterionTable, points_in_words
from .models import Criterion, Level, Rubric
from .rules import RULES
from .situations import in_words


@register(Tags.database)
def check_rubrics(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    return [
        message
        for alias in databases or ()
        if _is_migrated(alias)
        for rubric in Rubric.objects.using(alias)
        for message in check_rubric(rubric)
    ]


def check_rubric(rubric: Rubric) -> list[CheckMessage]:
    """What is wrong with a rubric. In a draft it keeps nobody from working, so it is a warning."""
    criteria = rubric.table().criteria
    messages = [
        message
        for criterion in criteria
        for message in check_criterion(
            criterion, f"{criterion.title} ({rubric.code}/{criterion.code})"
        )
    ]
    if not criteria:
        messages.append(_no_criterion(rubric.code))
    return messages if rubric.released_at else [_as_warning(message) for message in messages]


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
        yield _overlap(name, coverage)
    if coverage.holes:
        yield _hole(name, coverage)


def _overlap(name: str, coverage: Coverage) -> Error:
    combination, levels = coverage.overlaps[0]
    points = [points_in_words(level.points) for level in levels]
    if points[1:]:
        fits = _("levels %(points)s") % {"points": get_text_list(points, _("and"))}
    else:
        fits = _("level %(points)s and the known gap") % {"points": points[0]}
    message = _(
        "Criterion %(criterion)s: %(levels)s fit the same facts, in %(count)d of %(all)d cases. "
        "An example: %(example)s"
    )
    return Error(
        message
        % {
            "criterion": name,
            "levels": fits,
            "count": len(coverage.overlaps),
            "all": coverage.tried,
            "example": in_words(combination),
        },
        hint=_("Give one of the levels another rule, or delete it."),
        id="scoring.E001",
    )


def _hole(name: str, coverage: Coverage) -> Error:
    message = _(
        "Criterion %(criterion)s: no level fits in %(count)d of %(all)d cases. "
        "An example: %(example)s"
    )
    return Error(
        message
        % {
            "criterion": name,
            "count": len(coverage.holes),
            "all": coverage.tried,
            "example": in_words(coverage.holes[0]),
        },
        hint=_("Add a level whose rule fits these facts, or declare them as the known gap."),
        id="scoring.E002",
    )


def _unknown_rule(name: str, code: str) -> Error:
    message = _("Criterion %(criterion)s: there is no rule “%(rule)s”.")
    return Error(
        message % {"criterion": name, "rule": code},
        hint=_("Choose one of %(rules)s.") % {"rules": ", ".join(RULES)},
        id="scoring.E003",
    )


def _no_level(name: str) -> Error:
    return Error(
        _("Criterion %(criterion)s has no level.") % {"criterion": name},
        hint=_("Add its levels in the admin, or delete the criterion."),
        id="scoring.E004",
    )


def _no_criterion(name: str) -> Error:
    return Error(
        _("Scoring system %(rubric)s has no criterion.") % {"rubric": name},
        hint=_("Add its criteria in the admin, or delete it."),
        id="scoring.E005",
    )


def _as_warning(message: CheckMessage) -> CheckMessage:
    number = (message.id or "").replace(".E", ".W")
    return checks.Warning(message.msg, hint=message.hint, id=number)


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
