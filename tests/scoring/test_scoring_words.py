"""Reasons: what they name, how they read, and that they survive storing."""

import json
from decimal import Decimal

import pytest
from django.utils import translation

from scoring.maturity import CriterionTable, Reason, RubricTable, assess, points_in_words, words
from scoring.reasons import SENTENCES
from scoring.rules import RULES
from tests.scoring.make import (
    RUBRIC,
    criterion_of,
    make_cluster,
    make_criterion,
    make_facts,
    make_policy,
    score,
    sentences,
)


def reasons_of(criterion: CriterionTable, *policies) -> list[str]:
    result = assess(make_facts(*policies), RubricTable("made-up", (criterion,))).criteria[0]
    return [words(reason) for reason in result.derived.reasons]


def test_a_derived_zero_says_its_rule():
    assert sentences("continuity", make_policy()) == [
        "No policy that counts is a cluster policy, so continuity is 0."
    ]


def test_a_derived_level_names_the_policies_that_show_it():
    assert sentences("scope", make_policy(name="Course for an Industrial Policy")) == [
        "The strongest policy that counts is a broad policy, so policy scope is 0.5.",
        "Course for an Industrial Policy is a broad policy.",
    ]


def test_several_policies_are_joined_readably():
    policies = [make_policy(name=name, shows="ex_ante") for name in ("Ash", "Birch", "Cedar")]
    assert sentences("evidence", *policies)[1] == "Ash, Birch and Cedar have an ex-ante evaluation."


def test_continuity_says_how_long_a_policy_has_run():
    assert sentences("continuity", make_cluster(starting_year=2010))[1] == (
        "The longest known run without a break is 12 years: A cluster policy."
    )


def test_one_year_is_singular():
    assert "1 year:" in sentences("continuity", make_cluster(starting_year=2021))[1]


def test_missing_instruments_are_named_with_what_depends_on_them():
    policy = make_policy(
        name="Course for an Industrial Policy", shows="technical", unknown="financial"
    )
    assert sentences("support", policy) == [
        "It is not known whether Course for an Industrial Policy has financial instruments.",
        "Depending on that, the level would be 0.5 or none.",
    ]


def test_a_missing_start_names_the_policy_and_the_levels():
    assert sentences("continuity", make_cluster(starting_year=None)) == [
        "It is not known since which year the cluster policy A cluster policy has run.",
        "Depending on that, the level would be 0.5, 1 or 2.",
    ]


def test_a_fact_that_changes_nothing_is_not_asked_for():
    policy = make_policy(shows="monitoring", unknown="ex_ante ex_post")
    assert sentences("evidence", policy) == [
        "It is not known whether A broad policy has an ex-ante evaluation.",
        "Depending on that, the level would be 1 or 2.",
    ]


def test_the_known_gap_is_explained():
    assert sentences("support", make_policy(shows="technical")) == [
        "Only broad or sectoral policies have instruments, and these are technical only: "
        "the scoring system has no level for that.",
        "A broad policy has technical assistance.",
    ]


def test_an_ended_policy_is_said_to_have_ended():
    past = make_policy(name="Old plan", shows="ex_post", ending_year=2019)
    assert sentences("evidence", make_policy(), past)[1] == (
        "Old plan, which has ended, was evaluated."
    )


def test_policies_that_are_not_researched_say_so():
    assert sentences("scope", status="not_researched") == [
        "It has not been researched yet which policies exist."
    ]


def test_a_hole_in_a_rubric_gives_no_level():
    assert reasons_of(make_criterion("scope.none"), make_policy()) == [
        "The scoring system has no level for these facts."
    ]


def test_an_overlap_in_a_rubric_gives_no_level():
    assert reasons_of(make_criterion("scope.broad", "scope.broad"), make_policy()) == [
        "More than one level of the scoring system fits: 0 or 1."
    ]


def test_a_criterion_without_levels_gives_none():
    assert reasons_of(make_criterion(), make_policy()) == [
        "The scoring system has no level for these facts."
    ]


def test_reasons_survive_storing_as_json():
    result = criterion_of(score(make_cluster(starting_year=None)), "continuity")
    stored = json.loads(json.dumps([reason.to_dict() for reason in result.derived.reasons]))
    assert tuple(map(Reason.from_dict, stored)) == result.derived.reasons


@pytest.mark.parametrize("code", [*SENTENCES, *RULES])
def test_every_sentence_can_be_said_of_one_and_of_two_policies(code):
    for policies in (["Ash"], ["Ash", "Birch 100%"]):
        parameters = {"policies": policies, "points": "0.5", "levels": ["1", None], "years": 3}
        assert "%(" not in words(Reason(code, parameters))


@pytest.mark.parametrize(
    ("points", "expected"), [("0.0", "0"), ("0.5", "0.5"), ("2.0", "2"), ("10", "10")]
)
def test_points_have_no_trailing_zeros(points, expected):
    assert points_in_words(Decimal(points)) == expected


def test_points_follow_the_language():
    with translation.override("de"):
        assert points_in_words(Decimal("0.5")) == "0,5"


def test_every_level_of_the_rubric_can_be_explained():
    rules = [level.rule for criterion in RUBRIC.criteria for level in criterion.levels]
    assert all(RULES[rule].guidance for rule in rules)
