"""The stored score of drafts: computed from the document shape, compared, written in batches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from policies.bulk import upsert
from policies.document import Document, maturity_of, outline, vocabulary
from policies.models import Assessment, CriterionScore, Factsheet
from scoring.maturity import CriterionResult, Maturity, RubricTable
from scoring.models import Rubric


@dataclass(frozen=True)
class Difference:
    """A stored value that is not what the facts give."""

    factsheet: Factsheet
    what: str
    stored: Any
    computed: Any


def rescore(
    factsheets: Iterable[Factsheet],
    now: datetime,
    *,
    write: bool = True,
    documents: Mapping[int, Document] | None = None,
) -> list[Difference]:
    """Compute the scores of drafts from `document.drafts`, write what differs, and report it.

    `documents` are their outlines, by key, where the caller has them already.
    """
    rubrics = _Rubrics()
    proves = vocabulary()
    differences: list[Difference] = []
    assessments: list[Assessment] = []
    scores: list[CriterionScore] = []
    obsolete: list[int] = []
    for factsheet in factsheets:
        rubric = rubrics[factsheet.edition.rubric]
        document = documents[factsheet.pk] if documents else outline(factsheet)
        facts, maturity = maturity_of(document, rubric.table, proves)
        assessment = _assessment(factsheet, facts.to_dict(), facts.hash, maturity, now)
        if changed := _changes(factsheet, getattr(factsheet, "assessment", None), assessment):
            differences += changed
            assessments.append(assessment)
        for score, changed in _scores(factsheet, maturity, rubric):
            differences += changed
            scores.append(score)
        for score in _obsolete(factsheet, rubric):
            differences.append(Difference(factsheet, score.criterion.code, score.points, None))
            obsolete.append(score.pk)
    if write:
        _write(assessments, scores, obsolete)
    return differences


class _Rubric:
    """A rubric as a table, and the keys of its criteria where a score has to be added."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self.table: RubricTable = rubric.table()
        self.codes = {criterion.code for criterion in self.table.criteria}

    @cached_property
    def keys(self) -> dict[str, int]:
        return dict(self.rubric.criteria.values_list("code", "pk"))


class _Rubrics(dict[Rubric, _Rubric]):
    """The rubrics of a batch, each read once; never kept longer, for rules are data."""

    def __missing__(self, rubric: Rubric) -> _Rubric:
        self[rubric] = found = _Rubric(rubric)
        return found


def _assessment(
    factsheet: Factsheet, facts: Document, facts_hash: str, maturity: Maturity, now: datetime
) -> Assessment:
    return Assessment(
        factsheet_id=factsheet.pk,  # by key, for the object would hide the stored assessment
        total=maturity.total,
        judged_total=maturity.judged_total,
        maximum=maturity.maximum,
        complete=maturity.complete,
        facts=facts,
        facts_hash=facts_hash,
        computed_at=now,
    )


COMPARED = ("total", "judged_total", "maximum", "complete", "facts", "facts_hash")


def _changes(factsheet: Factsheet, old: Assessment | None, new: Assessment) -> list[Difference]:
    return [
        Difference(factsheet, name, getattr(old, name, None), getattr(new, name))
        for name in COMPARED
        if old is None or getattr(old, name) != getattr(new, name)
    ]


def _scores(
    factsheet: Factsheet, maturity: Maturity, rubric: _Rubric
) -> Iterable[tuple[CriterionScore, list[Difference]]]:
    stored = {score.criterion.code: score for score in factsheet.criterion_scores.all()}
    for result in maturity.criteria:
        score = stored.get(result.code) or CriterionScore(factsheet=factsheet)
        if score.pk and score.criterion.rubric_id == rubric.rubric.pk:
            criterion = score.criterion_id
        else:
            criterion = rubric.keys[result.code]
        if changed := _derive(score, result, criterion):
            yield score, changed


def _derive(score: CriterionScore, result: CriterionResult, criterion: int) -> list[Difference]:
    """Set the derived columns of a score; the differences say what they were before."""
    derived = {
        "criterion_id": criterion,
        "derived_points": result.derived.points,
        "derived_reasons": [reason.to_dict() for reason in result.derived.reasons],
        "facts_hash": result.derived.facts_hash,
    }
    if score.judged_points is not None and not score.judged_facts_hash:
        derived["judged_facts_hash"] = result.derived.facts_hash
    changed = []
    for name, value in derived.items():
        if (before := getattr(score, name)) != value or score.pk is None:
            changed.append(Difference(score.factsheet, f"{result.code}.{name}", before, value))
            setattr(score, name, value)
    return changed


def _obsolete(factsheet: Factsheet, rubric: _Rubric) -> list[CriterionScore]:
    """Scores of criteria that the edition's rubric does not have; a judgement stays."""
    return [
        score
        for score in factsheet.criterion_scores.all()
        if score.criterion.code not in rubric.codes and score.judged_points is None
    ]


def _write(
    assessments: list[Assessment], scores: list[CriterionScore], obsolete: list[int]
) -> None:
    if obsolete:
        CriterionScore.bookkeeping.filter(pk__in=obsolete).delete()
    upsert([score for score in scores if score.pk is None], unique=("factsheet", "criterion"))
    upsert([score for score in scores if score.pk is not None], unique=("id",))
    upsert(assessments, unique=("factsheet",))
