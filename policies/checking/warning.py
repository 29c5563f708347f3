"""What the operator should know of a document that can be loaded."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from policies.checking.problem import Problem
from policies.document import Document, scored, vocabulary
from policies.models import Availability, Edition
from scoring.maturity import RubricTable


def warnings(document: Document, edition: Edition) -> list[Problem]:
    """Of a valid and complete document: stated points that differ, ticks that do not count."""
    return [*_points_that_differ(document, edition), *_ticks_that_do_not_count(document)]


def computed_maturity(
    document: Document, edition: Edition, rubric: RubricTable | None = None
) -> Document:
    """The `maturity` of a complete document, computed anew; nothing is written.

    Under the rubric of its edition, unless another is given.
    """
    criteria = document.get("maturity", {}).get("criteria", [])
    full = {
        **document,
        "edition": {**document["edition"], "collected_on": edition.collected_on.isoformat()},
        "maturity": {"criteria": criteria},
    }
    return scored(full, rubric or edition.rubric.table(), vocabulary())["maturity"]


def _points_that_differ(document: Document, edition: Edition) -> Iterator[Problem]:
    """Where a document states points that its facts and judgements do not give."""
    stated = document.get("maturity", {})
    if not stated:
        return
    computed = computed_maturity(document, edition)
    for name in ("total", "judged_total"):
        yield from _differs("maturity", name, stated, computed)
    by_code = {criterion["code"]: criterion for criterion in computed["criteria"]}
    for index, criterion in enumerate(stated["criteria"]):
        path, anew = f"maturity.criteria[{index}]", by_code[criterion["code"]]
        yield from _differs(path, "points", criterion, anew)
        derived = criterion.get("derived", {})
        yield from _differs(f"{path}.derived", "points", derived, anew["derived"])


def _differs(path: str, name: str, stated: Document, computed: Document) -> Iterator[Problem]:
    if name in stated and stated[name] != computed[name]:
        message = _("It states %(stated)s, but its facts give %(computed)s.")
        points = {"stated": _points(stated[name]), "computed": _points(computed[name])}
        yield Problem(f"{path}.{name}", message % points)


def _points(value: Any) -> Any:
    return "–" if value is None else value


def _ticks_that_do_not_count(document: Document) -> Iterator[Problem]:
    for index, policy in enumerate(document["policies"]):
        for number, section in enumerate(policy["sections"]):
            if section["categories"] and section["availability"] != Availability.REPORTED:
                path = f"policies[{index}].sections[{number}].categories"
                message = _(
                    "Categories are ticked, but the section is not reported, so they do not count."
                )
                yield Problem(path, message)
