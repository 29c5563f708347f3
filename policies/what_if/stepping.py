"""The smallest changes that would raise each criterion, as links, with who made them."""

from dataclasses import dataclass

from policies.document import Document, number
from policies.presentation.what_if import step_in_words
from policies.presentation.words import points
from policies.what_if.asking import Asked
from policies.what_if.finding import Published
from policies.what_if.precedents import Deed, Field, Precedents, deeds
from policies.what_if.simulating import Simulation
from scoring.facts import Facts
from scoring.maturity import CriterionResult, RubricTable
from scoring.steps import Search, Step, applied

MOST = 8  # steps of a criterion that are shown


@dataclass(frozen=True)
class StepRow:
    """A step with its address, and with those of the same for other policies, by their names."""

    words: list[str]
    url: str
    points: str
    level: str
    instead: list[tuple[str, str]]
    precedents: Precedents | None


@dataclass(frozen=True)
class CriterionSteps:
    """The steps of a criterion beyond `above` points; `hidden` are too many to show."""

    code: str
    title: str
    above: str
    maximum: str
    is_open: bool
    is_judged: bool
    is_highest: bool
    rows: list[StepRow]
    hidden: int
    is_whole: bool


def steps_of(
    asked: Asked,
    found: Published,
    rubric: RubricTable,
    simulation: Simulation,
    supposed: Document,
) -> list[CriterionSteps]:
    """`supposed` is the document that says, in the language of the page, what is called what."""
    wanted: dict[str, list[tuple[Step, frozenset[Deed]]]] = {
        criterion.code: [
            (step, deeds(step, asked.changed, criterion))
            for step in simulation.searches[criterion.code].steps[:MOST]
        ]
        for criterion in rubric.criteria
    }
    every = {deed for steps in wanted.values() for _step, brought in steps for deed in brought}
    field = Field(found.year, found.before, found.slug, every)
    written = {criterion["code"]: criterion for criterion in supposed["maturity"]["criteria"]}
    return [
        _criterion(
            result,
            written[result.code]["title"],
            simulation.searches[result.code],
            [
                _row(asked, written[result.code], step, field.precedents(brought))
                for step, brought in wanted[result.code]
            ],
        )
        for result in simulation.after.criteria
    ]


def _criterion(
    result: CriterionResult, title: str, search: Search, rows: list[StepRow]
) -> CriterionSteps:
    return CriterionSteps(
        code=result.code,
        title=title,
        above=points(search.above),
        maximum=points(result.maximum),
        is_open=result.points is None,
        is_judged=result.judged is not None,
        is_highest=search.above >= result.maximum,
        rows=rows,
        hidden=len(search.steps) - len(rows),
        is_whole=search.is_whole,
    )


def _row(asked: Asked, written: Document, step: Step, precedents: Precedents | None) -> StepRow:
    names = {policy.code: policy.name for policy in asked.changed.policies}
    level = next(level for level in written["levels"] if level["points"] == number(step.points))
    moved = [
        (names[code], asked.with_(change._replace(policy=code) for change in step.changes))
        for code in step.instead
    ]
    return StepRow(
        words=_words(step, asked.changed),
        url=asked.with_(step.changes),
        points=points(step.points),
        level=level["label"],
        instead=moved,
        precedents=precedents,
    )


def _words(step: Step, facts: Facts) -> list[str]:
    """Each change as it follows on those before it."""
    words = []
    for change in step.changes:
        words.append(step_in_words(change, facts))
        facts = applied(facts, [change])
    return words
