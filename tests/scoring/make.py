"""Facts to score. Everything is known to be absent unless a test says otherwise."""

from decimal import Decimal

from scoring.facts import Facts, Kind, Known, PolicyFacts, Status
from scoring.loading import RUBRIC_2022, read_rubric
from scoring.maturity import CriterionResult, CriterionTable, LevelTable, Maturity, assess, words

YEAR = 2022
RUBRIC = read_rubric(RUBRIC_2022)
NOTHING = dict.fromkeys(
    ("financial", "technical", "ex_ante", "ex_post", "ongoing", "monitoring"), Known.ABSENT
)


def make_policy(kind: str = "broad", shows: str = "", unknown: str = "", **fields) -> PolicyFacts:
    """`shows` and `unknown` name three-valued facts, separated by spaces."""
    known = dict.fromkeys(shows.split(), Known.PRESENT)
    unclear = dict.fromkeys(unknown.split(), Known.UNKNOWN)
    defaults = {"code": f"a-{kind}-policy", "name": f"A {kind} policy", "starting_year": 2020}
    return PolicyFacts(kind=Kind(kind), **{**NOTHING, **known, **unclear, **defaults, **fields})


def make_cluster(shows: str = "", unknown: str = "", **fields) -> PolicyFacts:
    return make_policy("cluster", shows, unknown, **fields)


def make_facts(*policies: PolicyFacts, status: str = "reported", year: int = YEAR) -> Facts:
    return Facts(Status(status), year, policies)


def make_criterion(*rules: str, known_gap: str = "") -> CriterionTable:
    """A criterion whose levels have 0, 1, 2 … points and the given rules."""
    levels = tuple(
        LevelTable(Decimal(points), f"Level {points}", f"level {points}", rule)
        for points, rule in enumerate(rules)
    )
    return CriterionTable("made-up", "Made up", "For a test.", levels, known_gap)


def score(*policies: PolicyFacts, judged: dict[str, Decimal] | None = None, **kwargs) -> Maturity:
    return assess(make_facts(*policies, **kwargs), RUBRIC, judged)


def criterion_of(maturity: Maturity, code: str) -> CriterionResult:
    return next(criterion for criterion in maturity.criteria if criterion.code == code)


def derived(code: str, *policies: PolicyFacts, **kwargs) -> Decimal | None:
    return criterion_of(score(*policies, **kwargs), code).derived.points


def sentences(code: str, *policies: PolicyFacts, **kwargs) -> list[str]:
    result = criterion_of(score(*policies, **kwargs), code)
    return [words(reason) for reason in result.derived.reasons]
