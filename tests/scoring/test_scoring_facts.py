"""Facts: what counts, storing them, and the hashes that tell whether they changed."""

import json
from dataclasses import replace

import pytest

from scoring.facts import Facts, Known, counts, ended, years_running
from scoring.pooling import any_of
from tests.scoring.make import (
    RUBRIC,
    criterion_of,
    make_cluster,
    make_facts,
    make_policy,
    score,
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"starting_year": 2022}, True),
        ({"starting_year": 2023}, False),
        ({"starting_year": None}, True),
        ({"ending_year": 2022}, True),
        ({"ending_year": 2021}, False),
        ({"is_example": True}, False),
    ],
)
def test_a_policy_counts_while_it_is_in_force_and_no_example(fields, expected):
    assert counts(make_policy(**fields), 2022) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"ending_year": 2021}, True),
        ({"ending_year": 2022}, False),
        ({"ending_year": None}, False),
        ({"ending_year": 2021, "is_example": True}, False),
    ],
)
def test_a_policy_has_ended_after_its_last_year(fields, expected):
    assert ended(make_policy(**fields), 2022) is expected


@pytest.mark.parametrize(
    ("fields", "years"),
    [
        ({"starting_year": 2022}, 0),
        ({"starting_year": 2015, "continuous_since": 2004}, 18),
        ({"starting_year": None, "continuous_since": 2004}, 18),
        ({"starting_year": None}, None),
    ],
)
def test_years_are_counted_from_the_last_break(fields, years):
    assert years_running(make_policy(**fields), 2022) == years


@pytest.mark.parametrize(
    ("values", "pooled"),
    [
        ([], Known.ABSENT),
        ([Known.ABSENT], Known.ABSENT),
        ([Known.ABSENT, Known.UNKNOWN], Known.UNKNOWN),
        ([Known.UNKNOWN, Known.PRESENT, Known.ABSENT], Known.PRESENT),
    ],
)
def test_one_policy_that_shows_a_fact_is_enough(values, pooled):
    assert any_of(values) == pooled


def test_facts_survive_storing_as_json():
    facts = make_facts(make_cluster("financial", "ex_post", continuous_since=2004), make_policy())
    assert Facts.from_dict(json.loads(json.dumps(facts.to_dict()))) == facts


def test_facts_with_a_word_that_is_no_fact_are_refused():
    data = make_facts(make_policy()).to_dict()
    data["policies"][0]["financial"] = "perhaps"
    with pytest.raises(ValueError, match="perhaps"):
        Facts.from_dict(data)


def test_the_hash_ignores_names_and_order():
    ash, birch = make_policy(code="ash"), make_cluster(code="birch")
    renamed = replace(ash, name="Another name")
    assert make_facts(ash, birch).hash == make_facts(birch, renamed).hash


@pytest.mark.parametrize(
    "change",
    [{"financial": Known.UNKNOWN}, {"starting_year": 2019}, {"is_example": True}, {"code": "new"}],
)
def test_the_hash_changes_with_every_fact(change):
    policy = make_policy()
    assert make_facts(policy).hash != make_facts(replace(policy, **change)).hash


def hashes(*policies, **kwargs):
    maturity = score(*policies, **kwargs)
    codes = [criterion.code for criterion in RUBRIC.criteria]
    return {code: criterion_of(maturity, code).derived.facts_hash for code in codes}


def changed(before, after):
    return {code for code in before if before[code] != after[code]}


@pytest.mark.parametrize(
    ("after", "criteria"),
    [
        (make_policy(name="Another name"), set()),
        (make_policy(starting_year=2001), set()),
        (make_policy(shows="financial"), {"support"}),
        (make_policy(unknown="financial"), {"support"}),
        (make_policy(shows="monitoring"), {"evidence"}),
        (make_policy("sectoral", code="a-broad-policy"), {"scope"}),
        (make_policy(code="another"), {"scope"}),
    ],
)
def test_only_the_facts_that_a_criterion_reads_change_its_hash(after, criteria):
    assert changed(hashes(make_policy()), hashes(after)) == criteria


def test_another_policy_behind_a_fact_changes_the_hash():
    ash, birch = make_policy(code="ash"), make_policy(code="birch")
    before = hashes(make_policy(shows="financial", code="ash"), birch)
    after = hashes(ash, make_policy(shows="financial", code="birch"))
    assert changed(before, after) == {"support"}


def test_the_status_of_the_policies_changes_every_hash():
    assert len(changed(hashes(status="none_exist"), hashes())) == 4
