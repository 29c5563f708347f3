"""Where the levels of a criterion overlap or leave a hole, over every combination of facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from .maturity import CriterionTable, LevelTable, Reason, words
from .pooling import DOMAINS, Value

Combination: TypeAlias = dict[str, Value]


@dataclass(frozen=True)
class Coverage:
    """Combinations of facts that not exactly one level fits."""

    overlaps: tuple[tuple[Combination, tuple[LevelTable, ...]], ...]
    holes: tuple[Combination, ...]
    gaps: tuple[Combination, ...]


def cover(criterion: CriterionTable) -> Coverage:
    """Try every combination. A level that fits inside the known gap overlaps, too."""
    overlaps, holes, gaps = [], [], []
    for combination in _combinations(criterion):
        levels, is_gap = criterion.matching(combination), criterion.is_gap(combination)
        if len(levels) + is_gap > 1:
            overlaps.append((combination, levels))
        elif is_gap:
            gaps.append(combination)
        elif not levels:
            holes.append(combination)
    return Coverage(tuple(overlaps), tuple(holes), tuple(gaps))


def gaps(criterion: CriterionTable) -> tuple[Combination, ...]:
    """The combinations that the rubric knowingly leaves to a judgement."""
    return cover(criterion).gaps


def gap_in_words(criterion: CriterionTable) -> str:
    """What the known gap is, for the methodology page; empty where there is none."""
    return words(Reason(criterion.known_gap, {})) if criterion.known_gap else ""


def _combinations(criterion: CriterionTable) -> Iterator[Combination]:
    ways = product(*(DOMAINS[fact] for fact in criterion.reads))
    return (dict(zip(criterion.reads, way, strict=True)) for way in ways)
