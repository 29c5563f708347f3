"""Why points changed: the way from one score to another in stages, and what each stage moved.

Pure. The method comes first: the earlier content is scored anew under the later rubric. Then the
content changes, stage by stage, under that rubric. So the parts always add up to the whole change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from .facts import Facts
from .maturity import RubricTable, assess

Points: TypeAlias = Decimal | None  # None: no level follows
NOTHING = Decimal(0)


class Cause(StrEnum):
    """Why points can change, in the order in which the changes are made one after the other."""

    METHOD = "method"
    CORRECTED = "corrected"
    WORDING = "wording"
    TIME = "time"
    NOT_STATED = "not_stated"
    POLICY = "policy"


Causes: TypeAlias = frozenset[Cause]
METHOD: Causes = frozenset({Cause.METHOD})


def in_order(causes: Iterable[Cause]) -> list[Cause]:
    return sorted(causes, key=list(Cause).index)


@dataclass(frozen=True)
class Content:
    """What is scored: facts, and the points of judged criteria by their code."""

    facts: Facts
    judged: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    """The content once all that these causes changed is as in the later version."""

    causes: Causes
    content: Content


@dataclass(frozen=True)
class Part:
    """Points gained or lost; where there are several causes, nobody can tell them apart."""

    causes: Causes
    points: Decimal


@dataclass(frozen=True)
class Change:
    """Of one criterion, or of the total. `is_measured`: whether each of the two rubrics has it.

    `anew` is what the earlier content gets under the later rubric.
    """

    before: Points
    after: Points
    parts: tuple[Part, ...] = ()
    anew: Points = None
    is_measured: tuple[bool, bool] = (True, True)

    @property
    def whole(self) -> Points:
        """What is not measured adds nothing to a total; what is unknown can't be taken from."""
        before = self.before if self.is_measured[0] else NOTHING
        after = self.after if self.is_measured[1] else NOTHING
        return None if before is None or after is None else after - before

    @property
    def is_moved(self) -> bool:
        return self.before != self.after or bool(self.parts)


@dataclass(frozen=True)
class Decomposition:
    criteria: Mapping[str, Change]
    total: Change


class Scored(NamedTuple):
    """The points of a criterion, and a value that differs wherever what they rest on does."""

    points: Points
    rests_on: object


Scores: TypeAlias = Mapping[str, Scored]


def rescored(content: Content, rubric: RubricTable | None) -> dict[str, Scored]:
    """Content under a rubric, by criterion; without a rubric, nothing.

    A judgement stays where the rubric has a level of its points, as when it is carried over to
    another edition. Elsewhere somebody would have to judge anew, so no level follows.
    """
    if rubric is None:
        return {}
    levels = {c.code: {level.points for level in c.levels} for c in rubric.criteria}
    lost = {code for code, points in content.judged.items() if points not in levels.get(code, ())}
    return {
        result.code: Scored(
            None if result.code in lost else result.points,
            (result.derived.facts_hash, result.judged),
        )
        for result in assess(content.facts, rubric, content.judged).criteria
    }


def decompose(
    before: Mapping[str, Points],
    after: Mapping[str, Points],
    stages: Sequence[Stage],
    rubric: RubricTable | None,
) -> Decomposition:
    """`before` and `after` are points as they were published, by criterion.

    `stages` begin with the method, whose content is the earlier, and end at the later content;
    `rubric` is the later one. Without it nothing can be scored anew, so nothing told apart.
    """
    scored = [(stage.causes, rescored(stage.content, rubric)) for stage in stages]
    criteria = {
        code: _change(code, before, after, scored) for code in dict.fromkeys([*after, *before])
    }
    return Decomposition(criteria, total_of(criteria.values()))


def total_of(changes: Iterable[Change]) -> Change:
    changes = list(changes)
    return Change(
        before=_sum(change.before for change in changes if change.is_measured[0]),
        after=_sum(change.after for change in changes if change.is_measured[1]),
        parts=gathered(part for change in changes for part in change.parts),
        anew=_sum(change.anew for change in changes if change.is_measured[1]),
    )


def gathered(parts: Iterable[Part]) -> tuple[Part, ...]:
    """One part of the same causes, those of one cause first, in the order of the causes."""
    found: dict[Causes, Decimal] = {}
    for part in parts:
        found[part.causes] = found.get(part.causes, NOTHING) + part.points
    return tuple(Part(causes, found[causes]) for causes in sorted(found, key=rank))


def rank(causes: Causes) -> tuple[int, list[int]]:
    return len(causes), [list(Cause).index(cause) for cause in in_order(causes)]


def _change(
    code: str,
    before: Mapping[str, Points],
    after: Mapping[str, Points],
    scored: Sequence[tuple[Causes, Scores]],
) -> Change:
    anew = scored[0][1].get(code)
    change = Change(
        before=before.get(code),
        after=after.get(code),
        anew=anew.points if anew else None,
        is_measured=(code in before, code in after),
    )
    if change.whole is None:
        return change
    way = [*_way(code, scored, code in after), (METHOD, after.get(code, NOTHING))]
    parts = _parts(before.get(code) or NOTHING, way)
    return replace(change, parts=gathered(part for part in parts if _tells(part, change)))


def _tells(part: Part, change: Change) -> bool:
    """Nought points tell something only of several causes, or of what is measured no more."""
    is_method = part.causes == METHOD and not all(change.is_measured)
    return bool(part.points) or len(part.causes) > 1 or is_method


def _way(
    code: str, scored: Sequence[tuple[Causes, Scores]], is_measured: bool
) -> Iterator[tuple[Causes, Points]]:
    """The points after each stage that touches what the criterion rests on."""
    rested_on: object = None
    for causes, scores in scored if is_measured else ():
        points, rests_on = scores.get(code, Scored(None, object()))
        if rests_on != rested_on:
            yield causes, points
        rested_on = rests_on


def _parts(start: Decimal, way: Iterable[tuple[Causes, Points]]) -> Iterator[Part]:
    """A stage after which no level follows is one with the next after which one does."""
    causes = Causes()
    for more, points in way:
        causes |= more
        if points is not None:
            yield Part(causes, points - start)
            start, causes = points, Causes()


def _sum(values: Iterable[Points]) -> Points:
    found = list(values)
    known = [value for value in found if value is not None]
    return sum(known, NOTHING) if len(known) == len(found) else None
