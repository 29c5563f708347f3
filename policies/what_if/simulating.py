"""The score of supposed facts, by the function and the rubric that scored the published ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.facts import Facts
from scoring.maturity import CriterionResult, CriterionTable, Maturity, RubricTable, assess
from scoring.steps import Search, least, search


@dataclass(frozen=True)
class Simulation:
    """Two maturities, judged criteria whose judgement was set aside, and the steps from here."""

    before: Maturity
    after: Maturity
    set_aside: frozenset[str]
    searches: dict[str, Search]


def simulate(
    published: Facts, supposed: Facts, rubric: RubricTable, judged: Mapping[str, Decimal]
) -> Simulation:
    """A judgement is kept unless a fact changes that its criterion reads."""
    before, bare = assess(published, rubric, judged), assess(supposed, rubric)
    set_aside = frozenset(
        old.code
        for old, new in zip(before.criteria, bare.criteria, strict=True)
        if old.judged is not None and old.derived.facts_hash != new.derived.facts_hash
    )
    kept = {code: points for code, points in judged.items() if code not in set_aside}
    after = assess(supposed, rubric, kept) if kept else bare
    return Simulation(
        before,
        after,
        set_aside,
        {
            result.code: _steps(supposed, criterion, result)
            for criterion, result in zip(rubric.criteria, after.criteria, strict=True)
        },
    )


def _steps(facts: Facts, criterion: CriterionTable, result: CriterionResult) -> Search:
    """Only what raises the points that are shown, be they derived or judged."""
    return search(facts, criterion, max(least(facts, criterion), result.points or Decimal(0)))
