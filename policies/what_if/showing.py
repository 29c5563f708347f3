"""The page of a what-if: its form, both scores, and the steps from what is supposed now."""

from collections.abc import Iterable
from typing import Any

from policies.document import Document, as_written, judgements
from policies.presentation import card_of
from policies.presentation.score import score_of
from policies.presentation.translated import translated
from policies.presentation.what_if import (
    Difference,
    chart_of,
    criteria_beside,
    value_in_words,
)
from policies.presentation.words import DASH
from policies.what_if import form, stepping
from policies.what_if.asking import LABELS, Asked
from policies.what_if.finding import Published
from policies.what_if.simulating import Simulation, simulate
from scoring.maturity import CriterionResult, RubricTable
from scoring.steps import LEFT_OUT, STATUS, Change, is_new


def context_of(asked: Asked, found: Published, rubric: RubricTable) -> dict[str, Any]:
    """Everything that the template shows."""
    document = {**found.document, "country": {**found.document["country"], "name": found.name}}
    simulation = simulate(asked.facts, asked.changed, rubric, judgements(document))
    before = translated(document)
    after = translated(_supposed(asked, before, rubric, simulation))
    card = card_of(document, found.slug)
    return {
        "asked": asked,
        "card": card,
        "status": form.status_field(asked),
        "fieldsets": form.fieldsets(asked),
        "adding": form.adding(asked),
        "examples": [policy.name for policy in asked.facts.policies if policy.is_example],
        "differences": list(_differences(asked)),
        "before": card.score,
        "after": score_of(after["maturity"]),
        "rows": criteria_beside(before, after, simulation.set_aside),
        "is_rescored": _published(document) != [_points(r) for r in simulation.before.criteria],
        "chart": chart_of(before, after, f"{card.name} {card.year}"),
        "steps": stepping.steps_of(asked, found, rubric, simulation, after),
    }


def _supposed(
    asked: Asked, document: Document, rubric: RubricTable, simulation: Simulation
) -> Document:
    """The document with the maturity of the supposed facts, without its texts.

    What people wrote in it is marked as theirs already; the name of a new policy is nobody's.
    """
    kept = {
        criterion["code"]: {"judged": criterion["judged"]}
        for criterion in document["maturity"]["criteria"]
        if criterion["code"] not in simulation.set_aside
    }
    maturity = as_written(asked.changed, simulation.after, rubric, kept)
    maturity["criteria"] = [{**criterion, "html": ""} for criterion in maturity["criteria"]]
    return {**document, "language": "", "maturity": maturity}


def _published(document: Document) -> list[float | None]:
    return [criterion["points"] for criterion in document["maturity"]["criteria"]]


def _points(result: CriterionResult) -> float | None:
    return None if result.points is None else float(result.points)


def _differences(asked: Asked) -> Iterable[Difference]:
    names = {
        policy.code: policy.name for policy in (*asked.facts.policies, *asked.changed.policies)
    }
    for change in asked.changes:
        yield Difference(
            policy=names.get(change.policy, ""),
            fact=str(LABELS[change.fact]),
            before=_before(asked, change),
            after=value_in_words(change.fact, change.value),
            undo=asked.without(change),
        )


def _before(asked: Asked, change: Change) -> str:
    """The published value; of a new policy none is."""
    if change.fact == STATUS:
        return value_in_words(STATUS, asked.facts.status)
    if change.fact == LEFT_OUT:
        return value_in_words(LEFT_OUT, False)
    if is_new(change.policy):
        return DASH
    return value_in_words(change.fact, getattr(asked.recorded[change.policy], change.fact))
