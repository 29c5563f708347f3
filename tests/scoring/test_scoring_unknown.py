"""Unknown is not zero: a level is derived only if it follows whatever the unknown facts are."""

from decimal import Decimal

import pytest

from tests.scoring.make import (
    criterion_of,
    derived,
    make_cluster,
    make_policy,
    score,
    sentences,
)

NONE = None
HALF = Decimal("0.5")
ALL = ("scope", "continuity", "evidence", "support")


def all_derived(*policies, **kwargs):
    return [result.derived.points for result in score(*policies, **kwargs).criteria]


@pytest.mark.parametrize(
    ("shows", "unknown", "points"),
    [
        ("", "ex_ante", NONE),
        ("ex_post", "ex_ante", HALF),
        ("ex_post", "ongoing", NONE),
        ("monitoring", "ex_post", 1),
        ("monitoring", "ex_ante", NONE),
        ("ongoing", "ex_ante ex_post", 1),
        ("ongoing", "monitoring", NONE),
        ("monitoring ongoing", "ex_ante ex_post", 2),
        ("monitoring ex_ante", "ongoing", 2),
    ],
)
def test_evidence_with_unknown_facts(shows, unknown, points):
    assert derived("evidence", make_policy(shows=shows, unknown=unknown)) == points


@pytest.mark.parametrize(
    ("policies", "points"),
    [
        ([make_policy(unknown="financial")], NONE),
        ([make_policy(shows="technical", unknown="financial")], NONE),
        ([make_policy(shows="financial", unknown="technical")], HALF),
        ([make_cluster(shows="financial", unknown="technical")], NONE),
        ([make_cluster(shows="financial technical"), make_policy(unknown="financial")], 2),
        ([make_cluster(shows="financial"), make_policy(unknown="financial technical")], 1),
        ([make_cluster(unknown="financial"), make_cluster(shows="financial")], 1),
        ([make_policy(shows="financial"), make_cluster(unknown="technical")], NONE),
    ],
)
def test_support_with_unknown_facts(policies, points):
    assert derived("support", *policies) == points


def test_unknown_evaluations_of_an_ended_policy_leave_evidence_open():
    past = make_policy(unknown="ex_post", ending_year=2021)
    assert derived("evidence", make_policy(), past) is None


def test_unknown_monitoring_of_an_ended_policy_does_not_matter():
    past = make_policy(unknown="monitoring", ending_year=2021)
    assert derived("evidence", make_policy(), past) == 0


def test_a_cluster_policy_without_a_start_has_no_derived_continuity():
    assert derived("continuity", make_cluster(starting_year=None)) is None


def test_a_run_that_begins_after_the_collection_year_is_unknown():
    assert derived("continuity", make_cluster(continuous_since=2023)) is None


def test_a_long_run_decides_whatever_an_unknown_start_is():
    policies = make_cluster(starting_year=None), make_cluster(starting_year=2010)
    assert derived("continuity", *policies) == 2


def test_a_short_run_does_not_decide_beside_an_unknown_start():
    policies = make_cluster(starting_year=None), make_cluster(starting_year=2015)
    assert derived("continuity", *policies) is None


def test_the_unknown_start_of_a_broad_policy_does_not_matter():
    assert derived("continuity", make_policy(starting_year=None)) == 0


def test_nothing_is_derived_before_policies_are_researched():
    assert all_derived(make_cluster(), status="not_researched") == [None] * 4


def test_none_exist_derives_zero():
    assert all_derived(status="none_exist") == [0, 0, 0, 0]


def test_none_exist_with_an_evaluated_ended_policy_has_evidence():
    past = make_policy(shows="ex_post", ending_year=2021)
    assert all_derived(past, status="none_exist") == [0, 0, HALF, 0]


def test_none_exist_with_an_example_is_no_contradiction():
    assert all_derived(make_cluster(is_example=True), status="none_exist") == [0, 0, 0, 0]


def test_none_exist_contradicts_a_policy_that_counts():
    assert all_derived(make_cluster(), status="none_exist") == [None] * 4


def test_reported_without_a_policy_derives_nothing():
    assert all_derived() == [None] * 4


def test_reported_with_an_ended_policy_only_derives_nothing():
    assert all_derived(make_policy(ending_year=2021)) == [None] * 4


@pytest.mark.parametrize("code", ALL)
def test_a_contradiction_names_the_policy(code):
    assert sentences(code, make_cluster(), status="none_exist") == [
        "The factsheet states that no policy exists, but A cluster policy is in force."
    ]


@pytest.mark.parametrize("code", ALL)
def test_reported_without_a_policy_says_the_way_out(code):
    assert sentences(code) == [
        "None of the reported policies counts: a score takes one that is in force, or the "
        "statement that none exists."
    ]


def test_a_judgement_completes_what_is_not_derived():
    policy = make_policy(shows="technical", unknown="financial")
    result = criterion_of(score(policy, judged={"support": HALF}), "support")
    assert (result.derived.points, result.judged, result.points) == (None, HALF, HALF)


def test_a_judgement_wins_over_a_derived_level():
    result = criterion_of(score(make_policy(), judged={"scope": Decimal(2)}), "scope")
    assert (result.derived.points, result.points) == (HALF, 2)
