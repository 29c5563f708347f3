"""The facts of many policies pooled: per fact, every value it may still have."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .facts import Facts, Kind, Known, PolicyFacts, Status, counts, ended, years_running

Value: TypeAlias = bool | int | str | None
Policies: TypeAlias = tuple[PolicyFacts, ...]

LONGEST_RUN = 300  # years; no rule asks for more
EITHER = (False, True)

# Every value that a pooled fact can have; the rules are checked against all of them.
DOMAINS: dict[str, tuple[Value, ...]] = {
    "kind": (None, *map(str, Kind)),  # the strongest kind
    "cluster_years": (None, *range(LONGEST_RUN + 1)),  # None: no cluster policy
    "cluster_financial": EITHER,
    "cluster_technical": EITHER,
    "other_financial": EITHER,
    "other_technical": EITHER,
    "monitoring": EITHER,
    "ongoing": EITHER,
    "ex_ante": EITHER,
    "ex_post": EITHER,
    "past_evaluation": EITHER,
}


@dataclass(frozen=True)
class PooledFact:
    """The values a fact may have, and the policies that show it or leave it unknown."""

    possible: tuple[Value, ...]
    shown_by: Policies = ()
    unknown_in: Policies = ()


@dataclass(frozen=True)
class Obstacle:
    """Why no criterion at all can be derived."""

    code: str
    policies: Policies = ()


@dataclass(frozen=True)
class Pooled:
    facts: Mapping[str, PooledFact]
    obstacle: Obstacle | None = None


def pool(facts: Facts, names: Iterable[str] = tuple(DOMAINS)) -> Pooled:
    """Pool these facts over the policies that count; ended ones only give `past_evaluation`."""
    if facts.status == Status.NOT_RESEARCHED:
        anything = {name: PooledFact(DOMAINS[name]) for name in names}
        return Pooled(anything, Obstacle("policies.not_researched"))
    year = facts.collection_year
    counting = tuple(policy for policy in facts.policies if counts(policy, year))
    past = tuple(policy for policy in facts.policies if ended(policy, year))
    pooled = _ways(counting, past, year)
    return Pooled({name: pooled[name]() for name in names}, _obstacle(facts.status, counting))


def any_of(values: Iterable[Known]) -> Known:
    """Present if one is present; else unknown if one is unknown; else absent."""
    found = set(values)
    for known in (Known.PRESENT, Known.UNKNOWN):
        if known in found:
            return known
    return Known.ABSENT


def _obstacle(status: Status, counting: Policies) -> Obstacle | None:
    if status == Status.NONE_EXIST and counting:
        return Obstacle("policies.contradiction", counting)
    if status == Status.REPORTED and not counting:
        return Obstacle("policies.none_counts")
    return None


def _ways(counting: Policies, past: Policies, year: int) -> Mapping[str, Callable[[], PooledFact]]:
    """How to pool each fact."""
    clusters = tuple(policy for policy in counting if policy.kind == Kind.CLUSTER)
    others = tuple(policy for policy in counting if policy.kind != Kind.CLUSTER)
    return {
        "kind": lambda: _strongest_kind(counting),
        "cluster_years": lambda: _longest_run(clusters, year),
        "cluster_financial": lambda: _shown(clusters, lambda policy: policy.financial),
        "cluster_technical": lambda: _shown(clusters, lambda policy: policy.technical),
        "other_financial": lambda: _shown(others, lambda policy: policy.financial),
        "other_technical": lambda: _shown(others, lambda policy: policy.technical),
        "monitoring": lambda: _shown(counting, lambda policy: policy.monitoring),
        "ongoing": lambda: _shown(counting, lambda policy: policy.ongoing),
        "ex_ante": lambda: _shown(counting, lambda policy: policy.ex_ante),
        "ex_post": lambda: _shown(counting, lambda policy: policy.ex_post),
        "past_evaluation": lambda: _shown(past, _evaluated),
    }


def _evaluated(policy: PolicyFacts) -> Known:
    return any_of((policy.ex_ante, policy.ex_post, policy.ongoing))


def _shown(policies: Policies, fact: Callable[[PolicyFacts], Known]) -> PooledFact:
    present = tuple(policy for policy in policies if fact(policy) == Known.PRESENT)
    if present:
        return PooledFact((True,), shown_by=present)
    unknown = tuple(policy for policy in policies if fact(policy) == Known.UNKNOWN)
    if unknown:
        return PooledFact(EITHER, unknown_in=unknown)
    return PooledFact((False,))


def _strongest_kind(policies: Policies) -> PooledFact:
    for kind in reversed(Kind):
        shown_by = tuple(policy for policy in policies if policy.kind == kind)
        if shown_by:
            return PooledFact((str(kind),), shown_by=shown_by)
    return PooledFact((None,))


def _longest_run(clusters: Policies, year: int) -> PooledFact:
    """A policy without a start may have run for any time, so it can only lengthen the run."""
    if not clusters:
        return PooledFact((None,))
    runs = [(policy, years_running(policy, year)) for policy in clusters]
    longest = max((run for _, run in runs if run is not None), default=0)
    shown_by = tuple(policy for policy, run in runs if run == longest)
    unknown_in = tuple(policy for policy, run in runs if run is None)
    upper = max(longest, LONGEST_RUN) if unknown_in else longest
    return PooledFact(tuple(range(longest, upper + 1)), shown_by, unknown_in)
