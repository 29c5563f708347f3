"""Where the levels of a criterion overlap or leave a hole, over every combination of facts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from .facts import Kind
from .maturity import CriterionTable, LevelTable, Reason, words
from .pooling import DOMAINS, Value
from .rules import RULES, Rule

Combination: TypeAlias = dict[str, Value]

FEW = 10  # values of a fact; more are tried once for each way in which rules take them

# Facts that only cluster policies can show, and those that only policies that count can.
OF_CLUSTERS = ("cluster_financial", "cluster_technical")
OF_COUNTING = ("other_financial", "other_technical", "monitoring", "ongoing", "ex_ante", "ex_post")


@dataclass(frozen=True)
class Coverage:
    """Combinations of facts that not exactly one level fits."""

    overlaps: tuple[tuple[Combination, tuple[LevelTable, ...]], ...]
    holes: tuple[Combination, ...]
    gaps: tuple[Combination, ...]
    tried: int


def cover(criterion: CriterionTable) -> Coverage:
    """Try every combination. A level that fits inside the known gap overlaps, too."""
    overlaps, holes, gaps = [], [], []
    combinations = list(_combinations(criterion))
    for combination in combinations:
        levels, is_gap = criterion.matching(combination), criterion.is_gap(combination)
        if len(levels) + is_gap > 1:
            overlaps.append((combination, levels))
        elif is_gap:
            gaps.append(combination)
        elif not levels:
            holes.append(combination)
    return Coverage(tuple(overlaps), tuple(holes), tuple(gaps), len(combinations))


def gaps(criterion: CriterionTable) -> tuple[Combination, ...]:
    """The combinations that the rubric knowingly leaves to a judgement."""
    return cover(criterion).gaps


def gap_in_words(criterion: CriterionTable) -> str:
    """What the known gap is, for the methodology page; empty where there is none."""
    return words(Reason(criterion.known_gap, {})) if criterion.known_gap else ""


def _combinations(criterion: CriterionTable) -> Iterator[Combination]:
    ways = product(*(_told_apart(fact, criterion) for fact in criterion.reads))
    every = (dict(zip(criterion.reads, way, strict=True)) for way in ways)
    return filter(_can_be, every)


def _told_apart(fact: str, criterion: CriterionTable) -> Iterable[Value]:
    """The values of a fact; of many, only the first of those that all rules take for the same."""
    domain = DOMAINS[fact]
    if len(domain) <= FEW:
        return domain
    rules = [RULES[code] for code in criterion.rules if fact in RULES[code].reads]
    first: dict[tuple[bool, ...], Value] = {}
    for value in domain:
        first.setdefault((value is None, *_verdicts(rules, fact, value)), value)
    return first.values()


def _verdicts(rules: Iterable[Rule], fact: str, value: Value) -> Iterator[bool]:
    for rule in rules:
        others = [other for other in rule.reads if other != fact]
        for way in product(*(DOMAINS[other] for other in others)):
            yield rule.matches({fact: value, **dict(zip(others, way, strict=True))})


def _can_be(combination: Combination) -> bool:
    """Whether facts of different criteria, read together by one, do not contradict each other."""
    said = set()
    if "kind" in combination:
        said.add(combination["kind"] == Kind.CLUSTER)
    if "cluster_years" in combination:
        said.add(combination["cluster_years"] is not None)
    if any(combination.get(fact) for fact in OF_CLUSTERS):
        said.add(True)
    nothing_counts = "kind" in combination and combination["kind"] is None
    of_any = any(combination.get(fact) for fact in OF_COUNTING)
    return len(said) < 2 and not (nothing_counts and of_any)
