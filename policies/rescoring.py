"""Published documents under another rubric: the points their facts would get there, and why.

Pure. The facts and judgements are those that were frozen with the document.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from policies.document import Document, judgements
from scoring.facts import Facts
from scoring.maturity import CriterionResult, Maturity, RubricTable, assess, words


@dataclass(frozen=True)
class Side:
    """A criterion under one rubric. `points` are None where no level follows.

    `is_lost`: it was judged at points that are no level of this rubric, so somebody would have to
    judge anew.
    """

    points: Decimal | None
    maximum: Decimal
    is_judged: bool
    is_lost: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class CriterionMove:
    """A criterion under both rubrics; None where a rubric has no such criterion."""

    code: str
    title: str
    before: Side | None
    after: Side | None

    @property
    def moves(self) -> bool:
        return _points(self.before) != _points(self.after)


@dataclass(frozen=True)
class Total:
    """`is_complete`: whether each criterion has points."""

    points: Decimal
    maximum: Decimal
    is_complete: bool


@dataclass(frozen=True)
class Move:
    """What a rubric would make of a published document."""

    before: Total
    after: Total
    criteria: tuple[CriterionMove, ...]

    @property
    def moves(self) -> bool:
        return any(criterion.moves for criterion in self.criteria)


def rescored(document: Document, rubric: RubricTable) -> Maturity:
    """The same facts and judgements; a judgement of a criterion that the rubric lacks is gone."""
    return assess(Facts.from_dict(document["maturity"]["facts"]), rubric, judgements(document))


def move(document: Document, rubric: RubricTable) -> Move:
    before = {criterion["code"]: criterion for criterion in document["maturity"]["criteria"]}
    after = {criterion.code: criterion for criterion in rescored(document, rubric).criteria}
    criteria = tuple(_criteria(before, after, document))
    return Move(
        _total(each.before for each in criteria), _total(each.after for each in criteria), criteria
    )


def _criteria(
    before: dict[str, Document], after: dict[str, CriterionResult], document: Document
) -> Iterator[CriterionMove]:
    for code in dict.fromkeys([*after, *before]):
        old, new = before.get(code), after.get(code)
        title = new.title if new else before[code]["title"]
        said = old["judged"]["reason"] if old and old["judged"] else ""
        yield CriterionMove(
            code, title, _published(old) if old else None, _anew(new, said) if new else None
        )


def _published(criterion: Document) -> Side:
    judged = criterion["judged"]
    derived = tuple(reason["text"] for reason in criterion["derived"]["reasons"])
    reasons = (judged["reason"],) if judged else derived
    points, maximum = _decimal(criterion["points"]), Decimal(str(criterion["maximum"]))
    return Side(points, maximum, judged is not None, False, reasons)


def _anew(result: CriterionResult, said: str) -> Side:
    is_judged = result.judged is not None
    is_lost = is_judged and result.judged not in {level.points for level in result.levels}
    reasons = (said,) if is_judged else tuple(words(reason) for reason in result.derived.reasons)
    points = None if is_lost else result.points
    return Side(points, result.maximum, is_judged, is_lost, reasons)


def _total(sides: Iterator[Side | None]) -> Total:
    found = [side for side in sides if side]
    points = [side.points for side in found]
    return Total(
        sum((value for value in points if value is not None), Decimal(0)),
        sum((side.maximum for side in found), Decimal(0)),
        None not in points,
    )


def _points(side: Side | None) -> tuple[Decimal | None] | None:
    """A criterion that is not there differs from one without points."""
    return (side.points,) if side else None


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
