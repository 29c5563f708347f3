"""A rubric as the methodology page shows it: every level with both wordings and its rule."""

from dataclasses import dataclass

from django.utils.translation import gettext

from policies.models import Of
from policies.presentation.words import points
from policies.wording import said
from scoring.maturity import CriterionTable, LevelTable, RubricTable
from scoring.reasons import plain_points
from scoring.rules import RULES


@dataclass(frozen=True)
class LevelRule:
    points: str
    label: str
    annex_label: str
    rule: str


@dataclass(frozen=True)
class CriterionRules:
    code: str
    title: str
    annex_title: str
    description: str
    levels: list[LevelRule]
    known_gap: str


def criteria_rules(rubric: RubricTable) -> list[CriterionRules]:
    return [_criterion(rubric.code, criterion) for criterion in rubric.criteria]


def _criterion(rubric: str, criterion: CriterionTable) -> CriterionRules:
    key = f"{rubric}.{criterion.code}"
    title = said(Of.CRITERION, key, "title", criterion.title)
    has_other = criterion.annex_title != criterion.title
    return CriterionRules(
        code=criterion.code,
        title=title,
        annex_title=said(Of.CRITERION, key, "annex_title", criterion.annex_title)
        if has_other
        else title,
        description=said(Of.CRITERION, key, "description", criterion.description),
        levels=[_level(key, level) for level in criterion.levels],
        known_gap=_guidance(criterion.known_gap) if criterion.known_gap else "",
    )


def _level(criterion: str, level: LevelTable) -> LevelRule:
    key = f"{criterion}.{plain_points(level.points)}"
    return LevelRule(
        points(level.points),
        said(Of.LEVEL, key, "label", level.label),
        said(Of.LEVEL, key, "annex_label", level.annex_label),
        _guidance(level.rule),
    )


def _guidance(rule: str) -> str:
    """The rule's docstring, which is its help text for people."""
    return gettext(" ".join(RULES[rule].guidance.split()))
