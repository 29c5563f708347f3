"""A rubric as the methodology page shows it: every level with both wordings and its rule."""

from dataclasses import dataclass

from policies.presentation.words import points
from scoring.maturity import CriterionTable, LevelTable, RubricTable
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
    return [_criterion(criterion) for criterion in rubric.criteria]


def _criterion(criterion: CriterionTable) -> CriterionRules:
    return CriterionRules(
        code=criterion.code,
        title=criterion.title,
        annex_title=criterion.annex_title,
        description=criterion.description,
        levels=[_level(level) for level in criterion.levels],
        known_gap=_guidance(criterion.known_gap) if criterion.known_gap else "",
    )


def _level(level: LevelTable) -> LevelRule:
    return LevelRule(points(level.points), level.label, level.annex_label, _guidance(level.rule))


def _guidance(rule: str) -> str:
    """The rule's docstring, which is its help text for people."""
    return " ".join(RULES[rule].guidance.split())
