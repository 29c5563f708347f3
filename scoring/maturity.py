"""The score: facts and a rubric in, a maturity out. Pure; the same call serves every use."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import TypeAlias

from .facts import Facts, digest
from .pooling import Policies, Pooled, PooledFact, Value, pool
from .reasons import Reason, plain_points, points_in_words, words
from .rules import RULES

__all__ = [
    "CriterionResult",
    "CriterionTable",
    "Derived",
    "LevelTable",
    "Maturity",
    "Reason",
    "RubricTable",
    "assess",
    "points_in_words",
    "words",
]


@dataclass(frozen=True)
class LevelTable:
    points: Decimal
    label: str
    annex_label: str
    rule: str


@dataclass(frozen=True)
class CriterionTable:
    code: str
    title: str
    description: str
    levels: tuple[LevelTable, ...]
    known_gap: str = ""
    annex_title: str = ""

    @property
    def maximum(self) -> Decimal:
        return max((level.points for level in self.levels), default=Decimal(0))

    @property
    def rules(self) -> tuple[str, ...]:
        """The codes of all its rules, the one of the known gap last."""
        codes = tuple(level.rule for level in self.levels)
        return (*codes, self.known_gap) if self.known_gap else codes

    @property
    def reads(self) -> tuple[str, ...]:
        """The pooled facts that its rules read, each once, in the order of the rules."""
        return tuple(dict.fromkeys(fact for code in self.rules for fact in RULES[code].reads))

    def is_gap(self, combination: Mapping[str, Value]) -> bool:
        return bool(self.known_gap) and RULES[self.known_gap].matches(combination)

    def matching(self, combination: Mapping[str, Value]) -> tuple[LevelTable, ...]:
        """The levels whose rule holds for facts that are all known."""
        return tuple(level for level in self.levels if RULES[level.rule].matches(combination))

    def fitting(self, combination: Mapping[str, Value]) -> tuple[LevelTable, ...]:
        """The levels that match; none inside the known gap."""
        return () if self.is_gap(combination) else self.matching(combination)


Possible: TypeAlias = Mapping[str, tuple[Value, ...]]  # all values that each fact may have
# The levels that fit each way in which the facts a criterion reads may turn out.
Outcomes: TypeAlias = dict[tuple[Value, ...], tuple[LevelTable, ...]]


@dataclass(frozen=True)
class RubricTable:
    code: str
    criteria: tuple[CriterionTable, ...]
    title: str = ""

    @property
    def maximum(self) -> Decimal:
        return sum((criterion.maximum for criterion in self.criteria), Decimal(0))


@dataclass(frozen=True)
class Derived:
    """The level that follows from the facts, or none, and why."""

    points: Decimal | None
    reasons: tuple[Reason, ...]
    facts_hash: str


@dataclass(frozen=True)
class CriterionResult:
    code: str
    title: str
    description: str
    levels: tuple[LevelTable, ...]
    derived: Derived
    judged: Decimal | None
    maximum: Decimal

    @property
    def points(self) -> Decimal | None:
        """The judged level wins over the derived one."""
        return self.derived.points if self.judged is None else self.judged


@dataclass(frozen=True)
class Maturity:
    criteria: tuple[CriterionResult, ...]
    total: Decimal
    judged_total: Decimal
    maximum: Decimal
    complete: bool


def assess(
    facts: Facts, rubric: RubricTable, judged: Mapping[str, Decimal] | None = None
) -> Maturity:
    """Score the facts; `judged` gives the points of judged criteria by their code."""
    pooled = pool(facts)
    judged = judged or {}
    criteria = tuple(
        _result(criterion, derive(criterion, pooled), judged.get(criterion.code))
        for criterion in rubric.criteria
    )
    points = [criterion.points for criterion in criteria]
    return Maturity(
        criteria=criteria,
        total=_sum(points),
        judged_total=_sum([criterion.judged for criterion in criteria]),
        maximum=rubric.maximum,
        complete=None not in points,
    )


def derive(criterion: CriterionTable, pooled: Pooled) -> Derived:
    """The level that fits whatever the unknown facts are, or none where it depends on them."""
    facts = {name: pooled.facts[name] for name in criterion.reads}
    facts_hash = _facts_hash(facts, pooled)
    if pooled.obstacle:
        reason = _about(pooled.obstacle.code, pooled.obstacle.policies)
        return Derived(None, (reason,), facts_hash)
    outcomes = dict(_outcomes(criterion, {name: fact.possible for name, fact in facts.items()}))
    level = _only_level(outcomes.values())
    if level is None:
        return Derived(None, _why_none(criterion, facts, outcomes), facts_hash)
    return Derived(level.points, _why(level, facts), facts_hash)


def derived_points(criterion: CriterionTable, possible: Possible) -> Decimal | None:
    """The points that `derive` finds where no obstacle is, without why."""
    level = _only_level(fits for _way, fits in _outcomes(criterion, possible))
    return None if level is None else level.points


def _outcomes(
    criterion: CriterionTable, possible: Possible
) -> Iterator[tuple[tuple[Value, ...], tuple[LevelTable, ...]]]:
    for way in product(*possible.values()):
        yield way, criterion.fitting(dict(zip(possible, way, strict=True)))


def _only_level(outcomes: Iterable[tuple[LevelTable, ...]]) -> LevelTable | None:
    """The one level that fits in every way; the first other one ends the search."""
    ways = iter(outcomes)
    levels = next(ways)
    alone = len(levels) == 1 and all(other == levels for other in ways)
    return levels[0] if alone else None


def _why(level: LevelTable, facts: Mapping[str, PooledFact]) -> tuple[Reason, ...]:
    reason = Reason(level.rule, {"points": plain_points(level.points)})
    return (reason, *_shown(level.rule, facts))


def _why_none(
    criterion: CriterionTable, facts: Mapping[str, PooledFact], outcomes: Outcomes
) -> tuple[Reason, ...]:
    missing = [
        _about(f"unknown.{name}", fact.unknown_in)
        for position, (name, fact) in enumerate(facts.items())
        if _matters(position, outcomes)
    ]
    if missing:
        return (*missing, Reason("unknown.outcome", {"levels": _levels(outcomes)}))
    if any(outcomes.values()):
        return (Reason("rubric.overlap", {"levels": _levels(outcomes)}),)
    return _why_no_level(criterion, facts, outcomes)


def _why_no_level(
    criterion: CriterionTable, facts: Mapping[str, PooledFact], outcomes: Outcomes
) -> tuple[Reason, ...]:
    gap = criterion.known_gap
    if all(criterion.is_gap(dict(zip(facts, way, strict=True))) for way in outcomes):
        return (Reason(gap, {}), *_shown(gap, facts))
    return (Reason("rubric.no_level", {}),)


def _matters(position: int, outcomes: Outcomes) -> bool:
    """Whether two ways that differ in this fact alone have different outcomes."""
    seen: dict[tuple[Value, ...], tuple[LevelTable, ...]] = {}
    for way, levels in outcomes.items():
        others = way[:position] + way[position + 1 :]
        if seen.setdefault(others, levels) != levels:
            return True
    return False


def _levels(outcomes: Outcomes) -> list[str | None]:
    """The points that are possible, ascending, and None last where no level may fit."""
    points = {level.points for levels in outcomes.values() for level in levels}
    none: list[str | None] = [None] if () in outcomes.values() else []
    return [*(plain_points(value) for value in sorted(points)), *none]


def _shown(rule: str, facts: Mapping[str, PooledFact]) -> list[Reason]:
    """Which policies show the facts that the rule reads."""
    shown = ((name, facts[name]) for name in RULES[rule].reads)
    return [_shows(name, fact) for name, fact in shown if fact.shown_by]


def _shows(name: str, fact: PooledFact) -> Reason:
    shortest = fact.possible[0]
    if name == "kind":
        return _about(f"shown.kind.{shortest}", fact.shown_by)
    if name == "cluster_years":
        return _about("shown.cluster_years", fact.shown_by, years=shortest)
    return _about(f"shown.{name}", fact.shown_by)


def _about(code: str, policies: Policies, **parameters: Value) -> Reason:
    names = {"policies": [policy.name for policy in policies]} if policies else {}
    return Reason(code, {**names, **parameters})


def _facts_hash(facts: Mapping[str, PooledFact], pooled: Pooled) -> str:
    """Changes when a judgement of this criterion must be looked at again; ignores names."""
    read = {
        name: [fact.possible, _codes(fact.shown_by), _codes(fact.unknown_in)]
        for name, fact in facts.items()
    }
    obstacle = pooled.obstacle
    hindrance = [obstacle.code, _codes(obstacle.policies)] if obstacle else None
    return digest({"read": read, "obstacle": hindrance})


def _codes(policies: Policies) -> list[str]:
    return sorted(policy.code for policy in policies)


def _result(criterion: CriterionTable, derived: Derived, judged: Decimal | None) -> CriterionResult:
    return CriterionResult(
        code=criterion.code,
        title=criterion.title,
        description=criterion.description,
        levels=criterion.levels,
        derived=derived,
        judged=judged,
        maximum=criterion.maximum,
    )


def _sum(points: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in points if value is not None), Decimal(0))
