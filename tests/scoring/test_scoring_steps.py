"""The smallest changes that raise a criterion are found by trying the rules."""

from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.facts import THREE_VALUED, Kind, Known, counts, ended
from scoring.maturity import assess
from scoring.pooling import pool
from scoring.steps import LARGEST, POLICIES, Change, applied, least, search
from tests.scoring.make import (
    RUBRIC,
    YEAR,
    make_cluster,
    make_criterion,
    make_facts,
    make_policy,
)
from tests.scoring.test_scoring_properties import facts as any_facts

CRITERIA = {criterion.code: criterion for criterion in RUBRIC.criteria}


def found(code, facts, above=None):
    """Points and changes of each step, in short."""
    return [
        (str(step.points), " ".join(f"{c.policy}.{c.fact}={c.value}" for c in step.changes))
        for step in search(facts, CRITERIA[code], above).steps
    ]


def points_after(facts, code, changes):
    maturity = assess(applied(facts, changes), RUBRIC)
    return next(each.derived.points for each in maturity.criteria if each.code == code)


PLAN = make_policy(code="plan")
TABLE = [
    ("scope", [PLAN],
     [("2", "plan.kind=cluster"), ("2", "new.1.kind=cluster"),
      ("1", "plan.kind=sectoral"), ("1", "new.1.kind=sectoral")]),
    ("continuity", [PLAN], [("0.5", "plan.kind=cluster"), ("0.5", "new.1.kind=cluster")]),
    ("continuity", [make_cluster(code="c")],
     [("2", f"c.continuous_since={YEAR - 11}"), ("1", f"c.continuous_since={YEAR - 3}")]),
    ("evidence", [PLAN],
     [("1", "plan.monitoring=present"), ("1", "plan.ongoing=present"),
      ("0.5", "plan.ex_ante=present"), ("0.5", "plan.ex_post=present")]),
    ("evidence", [make_policy(code="plan", shows="monitoring")],
     [("2", "plan.ongoing=present"), ("2", "plan.ex_ante=present")]),
    ("support", [make_cluster("financial", code="c")], [("2", "c.technical=present")]),
    ("support", [make_policy("broad", "financial", code="plan")],
     [("1", "plan.kind=cluster"), ("1", "new.1.kind=cluster new.1.financial=present"),
      ("1", "new.1.kind=cluster new.1.technical=present")]),
    ("support",
     [make_cluster(code="c"), make_policy("sectoral", "technical", "financial", code="p")],
     [("1", "c.financial=present"), ("1", "c.technical=present"),
      ("2", "p.kind=cluster p.financial=present")]),
    ("support",
     [make_cluster(code="c"), make_cluster(code="d"),
      make_policy("broad", "financial", "technical", code="p")],
     [("1", "c.financial=present"), ("1", "c.technical=present"),
      ("2", "p.kind=cluster p.technical=present")]),
    ("scope", [make_cluster()], []),
]  # fmt: skip


@pytest.mark.parametrize(("code", "policies", "steps"), TABLE)
def test_the_smallest_changes_are_found(code, policies, steps):
    assert found(code, make_facts(*policies)) == steps


def test_of_no_policy_a_new_one_is_the_first_change():
    none = make_facts(status="none_exist")
    assert found("scope", none)[0] == ("2", "new.1.kind=cluster")
    assert found("support", none)[0] == ("1", "new.1.kind=cluster new.1.financial=present")


def test_what_was_not_researched_becomes_known_first():
    assert found("scope", make_facts(status="not_researched"))[0] == (
        "2",
        ".status=reported new.1.kind=cluster",
    )


def test_where_no_level_is_derived_the_least_that_is_possible_must_be_exceeded():
    unknown = make_facts(make_cluster("financial", "technical", code="c"))
    assert least(unknown, CRITERIA["support"]) == 1
    assert found("support", unknown) == [("2", "c.technical=present")]


def test_an_ended_policy_is_evaluated_as_well_as_one_that_counts():
    past = make_policy(code="old", starting_year=2010, ending_year=2015)
    steps = search(make_facts(PLAN, past), CRITERIA["evidence"]).steps
    instead = {step.changes[0].fact: step.instead for step in steps}
    assert instead == {"monitoring": (), "ongoing": (), "ex_ante": ("old",), "ex_post": ("old",)}


def test_policies_that_do_as_well_are_named_with_a_step():
    facts = make_facts(PLAN, make_policy(code="other"), make_policy(code="x", is_example=True))
    (kind, *_others) = search(facts, CRITERIA["scope"]).steps
    assert kind.changes == (Change("plan", "kind", Kind.CLUSTER),)
    assert kind.instead == ("other",)


def test_only_more_points_than_those_given_are_a_step():
    assert {points for points, _changes in found("scope", make_facts(PLAN), Decimal(1))} == {"2"}


def test_many_policies_are_searched_in_part_and_it_says_so():
    facts = [make_many(size) for size in (3, POLICIES, POLICIES + 1)]
    assert [search(each, CRITERIA["scope"]).is_whole for each in facts] == [True, True, False]


@pytest.mark.parametrize("size", [3, POLICIES, POLICIES + 1])
def test_a_new_policy_is_tried_however_many_there_are(size):
    assert found("support", make_many(size)) == found("support", make_many(1))


def make_many(size):
    """Policies that differ in when they started, which no rule of broad policies reads."""
    return make_facts(*[make_policy(code=f"p{n}", starting_year=2000 + n) for n in range(size)])


def test_policies_that_no_rule_tells_apart_are_tried_as_one():
    assert search(make_many(POLICIES), CRITERIA["support"]).is_whole


def test_a_search_that_tries_too_much_says_so(monkeypatch):
    monkeypatch.setattr("scoring.steps.TRIES", 5)
    assert not search(make_facts(PLAN), CRITERIA["support"]).is_whole


def test_a_criterion_without_levels_has_no_steps():
    assert search(make_facts(PLAN), make_criterion()).steps == ()


# For any facts


def parts(changes):
    return [part for size in range(1, len(changes)) for part in combinations(changes, size)]


@given(any_facts, st.sampled_from(RUBRIC.criteria))
def test_every_step_raises_the_criterion_and_no_part_of_it_does(given_facts, criterion):
    facts = unique(given_facts)
    result = search(facts, criterion)
    for step in result.steps:
        assert 0 < len(step.changes) <= LARGEST
        assert points_after(facts, criterion.code, step.changes) == step.points > result.above
        moved = [
            tuple(change._replace(policy=code) for change in step.changes) for code in step.instead
        ]
        assert {points_after(facts, criterion.code, each) for each in moved} <= {step.points}
        for changes in (step.changes, *moved):
            below = [points_after(facts, criterion.code, part) for part in parts(changes)]
            assert all(points is None or points <= result.above for points in below)


def single_changes(facts):
    """Every change of one fact that the search may make, without any thought."""
    for policy in facts.policies:
        if counts(policy, YEAR):
            yield from (Change(policy.code, "kind", kind) for kind in Kind if kind != policy.kind)
            if policy.kind == Kind.CLUSTER:
                yield from (Change(policy.code, "continuous_since", YEAR - n) for n in range(30))
        if counts(policy, YEAR) or ended(policy, YEAR):
            yield from (Change(policy.code, name, Known.PRESENT) for name in THREE_VALUED)
    yield from (Change("new.1", "kind", kind) for kind in Kind)
    yield Change("", "status", "reported")


@given(any_facts, st.sampled_from(RUBRIC.criteria))
def test_no_single_change_reaches_points_that_the_search_does_not(given_facts, criterion):
    facts = unique(given_facts)
    result = search(facts, criterion)
    reached = {points_after(facts, criterion.code, [change]) for change in single_changes(facts)}
    more = {points for points in reached if points is not None and points > result.above}
    assert {step.points for step in result.steps if len(step.changes) == 1} == more


@given(any_facts)
def test_no_change_is_no_difference(given_facts):
    assert assess(applied(given_facts, ()), RUBRIC) == assess(given_facts, RUBRIC)
    assert all(
        least(given_facts, criterion) == result.derived.points
        for criterion, result in zip(
            RUBRIC.criteria, assess(given_facts, RUBRIC).criteria, strict=True
        )
        if result.derived.points is not None
    )
    assert pool(applied(given_facts, ())) == pool(given_facts)


def unique(facts):
    """The same with a code of its own for each policy, as a factsheet has it."""
    policies = (replace(policy, code=f"p{n}") for n, policy in enumerate(facts.policies))
    return replace(facts, policies=tuple(policies))
