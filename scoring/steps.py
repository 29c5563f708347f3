"""The smallest changes of facts that would raise a criterion, found by trying its rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from itertools import combinations, product
from typing import Any, NamedTuple, TypeAlias

from .facts import (
    THREE_VALUED,
    Facts,
    Kind,
    Known,
    PolicyFacts,
    Status,
    counts,
    ended,
    years_running,
)
from .maturity import CriterionTable, derive, derived_points
from .pooling import DOMAINS, LONGEST_RUN, PooledFact, Value, pool
from .rules import RULES, Predicate

LARGEST = 3  # changes in a set
POLICIES = 20  # policies that changes are tried on, besides a new one
TRIES = 250  # sets of changes that are tried for a criterion

STATUS, LEFT_OUT, KIND, SINCE = "status", "out", "kind", "continuous_since"
EVALUATIONS = ("ex_post", "ex_ante", "ongoing")  # each makes an ended policy an evaluated one
STRONGEST_FIRST = tuple(reversed(Kind))
ON_ALL = ("monitoring", "ongoing", "ex_ante", "ex_post")  # read of every policy that counts
SUPPORT = ("financial", "technical")  # read of cluster policies and of the others apart


class Change(NamedTuple):
    """One fact made another: a field of a policy, or the status, which belongs to none.

    The kind of a policy that is not there makes a new one; `LEFT_OUT` takes one away.
    """

    policy: str
    fact: str
    value: Any


@dataclass(frozen=True)
class Step:
    """Changes that raise a criterion to `points`, while no part of them does.

    Made to one of the policies `instead`, they do the same.
    """

    changes: tuple[Change, ...]
    points: Decimal
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Search:
    """The steps, fewest changes first; not `is_whole` if it ended before all were tried."""

    above: Decimal
    steps: tuple[Step, ...]
    is_whole: bool


def new_policy(code: str, kind: Kind, year: int) -> PolicyFacts:
    """A policy that starts in `year` and shows nothing yet."""
    known: dict[str, Any] = dict.fromkeys(THREE_VALUED, Known.ABSENT)
    return PolicyFacts(code, code, kind, starting_year=year, **known)


def free_code(facts: Facts) -> str:
    """For one more new policy; no policy of a factsheet has a dot in its code."""
    codes = {policy.code for policy in facts.policies}
    return next(
        code for number in range(1, len(codes) + 2) if (code := f"new.{number}") not in codes
    )


def is_new(code: str) -> bool:
    return code.startswith("new.")


def applied(facts: Facts, changes: Iterable[Change]) -> Facts:
    """The facts after the changes, new policies first; changes of what is not there do nothing."""
    for change in sorted(changes, key=lambda change: change.fact != KIND):
        facts = _changed(facts, change)
    return facts


def _changed(facts: Facts, change: Change) -> Facts:
    if change.fact == STATUS:
        return replace(facts, status=Status(change.value))
    if change.fact == LEFT_OUT:
        rest = tuple(policy for policy in facts.policies if policy.code != change.policy)
        return replace(facts, policies=rest)
    if all(policy.code != change.policy for policy in facts.policies):
        return _with_new(facts, change) if change.fact == KIND else facts
    policies = tuple(
        replace(policy, **{change.fact: change.value}) if policy.code == change.policy else policy
        for policy in facts.policies
    )
    return replace(facts, policies=policies)


def _with_new(facts: Facts, change: Change) -> Facts:
    """Where none exists, one that is added does."""
    added = new_policy(change.policy, Kind(change.value), facts.collection_year)
    is_first = facts.status == Status.NONE_EXIST and not facts.policies
    status = Status.REPORTED if is_first else facts.status
    return replace(facts, status=status, policies=(*facts.policies, added))


def least(facts: Facts, criterion: CriterionTable) -> Decimal:
    """The points that the facts give for certain: the derived ones, or the least possible."""
    derived = derive(criterion, pool(facts))
    if derived.points is not None:
        return derived.points
    possible = [
        level for reason in derived.reasons for level in reason.parameters.get("levels", ())
    ]
    sure = [Decimal(level) for level in possible if level is not None]
    return min(sure or [level.points for level in criterion.levels], default=Decimal(0))


def search(facts: Facts, criterion: CriterionTable, above: Decimal | None = None) -> Search:
    """The smallest sets of changes after which more points than `above` are derived.

    Without `above`, more than the facts give now. Only facts that the rules of the criterion
    read are changed, and only to what strengthens a policy or makes known that it is so.
    """
    return _Trial(facts, criterion, least(facts, criterion) if above is None else above).search()


Key: TypeAlias = tuple[tuple[Value, ...], ...]  # the possible values of each fact that is read
Signature: TypeAlias = tuple[Any, ...]


class _State(NamedTuple):
    facts: Facts
    changes: tuple[Change, ...]
    shape: Signature  # what kinds of policies there are
    key: Key


@dataclass
class _Trial:
    """One search, which remembers the points of all facts that pool alike."""

    facts: Facts
    criterion: CriterionTable
    above: Decimal
    known: dict[Key, Decimal | None] = field(default_factory=dict)
    keys: dict[Signature, Key] = field(default_factory=dict)  # by shape, while only kinds change
    alone: set[Change] = field(default_factory=set)  # those that need no other
    tries: int = 0

    def __post_init__(self) -> None:
        self.untried = {policy.code for policy in self.facts.policies[POLICIES:]}
        self.order = self.criterion.reads
        self.reads = frozenset(self.order)
        self.splits = any(name.startswith(("cluster_", "other_")) for name in self.reads)
        # Of kinds that the rules do not tell apart, the weakest will do.
        self.kinds = tuple({self._kind(kind): kind for kind in STRONGEST_FIRST}.values())
        self.runs = _runs(self.criterion) if "cluster_years" in self.reads else ()

    def search(self) -> Search:
        if self.above >= self.criterion.maximum:
            return Search(self.above, (), is_whole=True)
        found: list[tuple[_State, Decimal]] = []
        frontier = [self._state(self.facts, (), self._shape(self.facts))]
        seen = {(frontier[0].shape, frontier[0].key)}
        smallest: dict[Key, int] = {}
        for size in range(1, LARGEST + 1):
            raised, frontier = self._wider(frontier, seen)
            for state, points in raised:
                as_small = smallest.setdefault(state.key, size) == size
                if as_small and self._is_minimal(state.changes):
                    found.append((state, points))
        return Search(self.above, self._steps(found), self._is_whole)

    @property
    def _is_whole(self) -> bool:
        return self.tries <= TRIES and not self.untried

    def _wider(
        self, frontier: list[_State], seen: set[Signature]
    ) -> tuple[list[tuple[_State, Decimal]], list[_State]]:
        """The states one change further: those that raise the criterion, and the others."""
        raised: list[tuple[_State, Decimal]] = []
        others: list[_State] = []
        for before in frontier:
            for change in self._changes(before):
                self.tries += 1
                if self.tries > TRIES:
                    return raised, []
                after = self._after(before, change)
                points = self._above(after)
                if points is not None and not before.changes:
                    self.alone.add(change)
                if (after.shape, after.key) in seen:
                    continue
                seen.add((after.shape, after.key))
                if points is None:
                    others.append(after)
                else:
                    raised.append((after, points))
        return raised, others

    def _after(self, before: _State, change: Change) -> _State:
        facts, changes = _changed(before.facts, change), (*before.changes, change)
        if change.fact not in (KIND, STATUS):
            return self._state(facts, changes, before.shape)
        shape = self._shape(facts)
        if shape not in self.keys:
            self.keys[shape] = self._key(facts)
        return _State(facts, changes, shape, self.keys[shape])

    def _state(self, facts: Facts, changes: tuple[Change, ...], shape: Signature) -> _State:
        return _State(facts, changes, shape, self._key(facts))

    def _key(self, facts: Facts) -> Key:
        pooled = pool(facts, self.order)
        if pooled.obstacle:
            return ((pooled.obstacle.code,),)
        possible = {name: self._telling(name, fact) for name, fact in pooled.facts.items()}
        key: Key = tuple(possible.values())
        if key not in self.known:
            self.known[key] = derived_points(self.criterion, possible)
        return key

    def _telling(self, name: str, fact: PooledFact) -> tuple[Value, ...]:
        """Its possible values; of years that are not known, those where a rule turns."""
        if name != "cluster_years" or len(fact.possible) == 1:
            return fact.possible
        least, *_longer = fact.possible
        return (least, *(run for run in self.runs if run in fact.possible[1:]))

    def _above(self, state: _State) -> Decimal | None:
        points = self.known.get(state.key)
        return points if points is not None and points > self.above else None

    def _shape(self, facts: Facts) -> Signature:
        """What tells the policies that count apart, whichever of them is which."""
        counting = (policy for policy in facts.policies if counts(policy, facts.collection_year))
        return (facts.status, *sorted(self._look(policy, facts) for policy in counting))

    def _look(self, policy: PolicyFacts, facts: Facts) -> Signature:
        """Two policies that look alike are as good to change the kind of."""
        shown = (getattr(policy, name) for name in SUPPORT) if self.splits else ()
        run = years_running(policy, facts.collection_year) if self.runs else 0
        return (self._kind(policy.kind), *shown, -1 if run is None else run)

    def _kind(self, kind: Kind) -> str:
        """The kinds that the rules tell apart."""
        return kind if "kind" in self.reads else str(self.splits and kind == Kind.CLUSTER)

    def _changes(self, state: _State) -> Iterator[Change]:
        """Those of kinds come first: what a policy shows counts as its kind has it."""
        facts, year = state.facts, state.facts.collection_year
        tried = [policy for policy in facts.policies if policy.code not in self.untried]
        counting = [policy for policy in tried if counts(policy, year)]
        past = [policy for policy in tried if ended(policy, year)]
        touched = {change.policy for change in state.changes}
        changes = [*self._shows(counting, past, touched), *self._longer_runs(counting, year)]
        if all(change.fact in (KIND, STATUS) for change in state.changes):
            changes = [*self._kinds(state, counting), *changes]
        return (change for change in changes if change not in self.alone)

    def _kinds(self, state: _State, counting: list[PolicyFacts]) -> Iterator[Change]:
        """A stronger kind, or one new policy."""
        if state.facts.status != Status.REPORTED:
            yield Change("", STATUS, Status.REPORTED)
        added = {change.policy for change in state.changes if is_new(change.policy)}
        unlike: dict[Signature, PolicyFacts] = {}
        for policy in counting:
            if policy.code not in added:
                unlike.setdefault(self._look(policy, state.facts), policy)
        for policy, kind in product(unlike.values(), self.kinds):
            if STRONGEST_FIRST.index(kind) < STRONGEST_FIRST.index(policy.kind):
                yield Change(policy.code, KIND, kind)
        if not added:
            code = free_code(state.facts)
            yield from (Change(code, KIND, kind) for kind in self.kinds)

    def _shows(
        self, counting: list[PolicyFacts], past: list[PolicyFacts], touched: set[str]
    ) -> Iterator[Change]:
        """What none of the policies shows that the rules pool, shown by one of them."""
        clusters = [policy for policy in counting if policy.kind == Kind.CLUSTER]
        others = [policy for policy in counting if policy.kind != Kind.CLUSTER]
        pooled = [(name, counting, name) for name in ON_ALL]
        pooled += [(f"cluster_{name}", clusters, name) for name in SUPPORT]
        pooled += [(f"other_{name}", others, name) for name in SUPPORT]
        for read, policies, name in pooled:
            if read in self.reads and policies and not _shown_by_any(policies, (name,)):
                yield self._shown_by_one(policies, name, touched)
        if "past_evaluation" in self.reads and past and not _shown_by_any(past, EVALUATIONS):
            yield from (self._shown_by_one(past, name, touched) for name in EVALUATIONS)

    def _shown_by_one(self, policies: list[PolicyFacts], name: str, touched: set[str]) -> Change:
        """By the first; where that raises the criterion alone, by one that changes made count."""
        codes = [policy.code for policy in policies]
        first = Change(codes[0], name, Known.PRESENT)
        other = next((code for code in codes if code in touched), codes[0])
        return first._replace(policy=other) if first in self.alone else first

    def _longer_runs(self, counting: list[PolicyFacts], year: int) -> Iterator[Change]:
        for policy in counting:
            now = years_running(policy, year)
            if policy.kind == Kind.CLUSTER:
                for run in self.runs:
                    if now is None or run > now:
                        yield Change(policy.code, SINCE, year - run)

    def _is_minimal(self, changes: tuple[Change, ...]) -> bool:
        parts = (part for size in range(1, len(changes)) for part in combinations(changes, size))
        return not any(self._raised(part) for part in parts)

    def _raised(self, changes: Iterable[Change]) -> Decimal | None:
        return self._above(self._state(applied(self.facts, changes), (), ()))

    def _steps(self, found: list[tuple[_State, Decimal]]) -> tuple[Step, ...]:
        """One of those that are alike but for the policy they are made to."""
        steps: dict[Signature, Step] = {}
        for state, points in found:
            alike = (
                points,
                frozenset(change._replace(policy=_whose(change)) for change in state.changes),
            )
            if alike not in steps:
                steps[alike] = Step(state.changes, points, self._instead(state.changes, points))
        return tuple(sorted(steps.values(), key=lambda step: (len(step.changes), -step.points)))

    def _instead(self, changes: tuple[Change, ...], points: Decimal) -> tuple[str, ...]:
        """Other policies to which the same can be done with the same result."""
        codes = {change.policy for change in changes}
        there = [policy.code for policy in self.facts.policies[:POLICIES]]
        if len(codes) > 1 or not codes <= set(there):
            return ()
        others = (code for code in there if code not in codes)
        return tuple(code for code in others if self._does(code, changes, points))

    def _does(self, code: str, changes: tuple[Change, ...], points: Decimal) -> bool:
        moved = tuple(change._replace(policy=code) for change in changes)
        return self._raised(moved) == points and self._is_minimal(moved)


def _whose(change: Change) -> str:
    return "new" if is_new(change.policy) else ""


def _shown_by_any(policies: Iterable[PolicyFacts], names: Iterable[str]) -> bool:
    return any(getattr(policy, name) == Known.PRESENT for policy, name in product(policies, names))


def _runs(criterion: CriterionTable) -> tuple[int, ...]:
    """The numbers of years, from which on a rule that reads them says something else."""
    rules = [RULES[code] for code in criterion.rules]
    return tuple(sorted({0}.union(*(_turns(rule.predicate, rule.reads) for rule in rules))))


@cache
def _turns(predicate: Predicate, reads: tuple[str, ...]) -> frozenset[int]:
    if "cluster_years" not in reads:
        return frozenset()
    runs, place = range(LONGEST_RUN + 1), reads.index("cluster_years")
    domains = [DOMAINS[name] for name in reads if name != "cluster_years"]
    said = [
        [predicate(*way[:place], run, *way[place:]) for way in product(*domains)] for run in runs
    ]
    return frozenset(run for run in runs[1:] if said[run] != said[run - 1])
