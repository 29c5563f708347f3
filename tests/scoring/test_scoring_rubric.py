"""Rubrics in the database: loading, reading, constraints, and the checks of their levels."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from django.core.checks import Tags, registry, run_checks
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.db.models import ProtectedError

from scoring.checks import check_criterion, check_rubrics
from scoring.coverage import cover, gap_in_words, gaps
from scoring.loading import RUBRIC_2022, copied, load_rubric
from scoring.models import Criterion, Level, Rubric
from scoring.pooling import DOMAINS, pool
from scoring.situations import in_words
from tests.scoring.make import RUBRIC, make_criterion, make_facts, make_policy

SUPPORT = RUBRIC.criteria[3]


@pytest.fixture
def rubric(db):
    return load_rubric(RUBRIC_2022)


def level(rubric, criterion, points):
    return Level.objects.get(criterion__rubric=rubric, criterion__code=criterion, points=points)


def found():
    return [message.id for message in check_rubrics(None, databases=["default"])]


def test_a_loaded_rubric_is_the_one_of_the_file(rubric):
    assert rubric.table() == RUBRIC


def test_loading_again_changes_nothing(rubric):
    assert load_rubric(RUBRIC_2022).table() == RUBRIC


def test_loading_again_keeps_what_a_person_edited(rubric):
    Level.objects.filter(points=2).update(label="Edited", points=Decimal("2.5"))
    edited = rubric.table()
    assert load_rubric(RUBRIC_2022).table() == edited


def test_a_rubric_is_read_in_two_queries(rubric, django_assert_num_queries):
    with django_assert_num_queries(2):
        rubric.table()


def test_a_rubric_is_read_afresh_each_time(rubric):
    rubric.table()
    Level.objects.update(label="Edited")
    assert rubric.table().criteria[0].levels[0].label == "Edited"


def test_the_rubric_gives_at_most_eight_points(rubric):
    assert rubric.table().maximum == 8


def test_the_annex_words_continuity_in_its_own_way():
    assert RUBRIC.criteria[1].annex_title == "Continuity of cluster policies"


def test_a_level_says_its_points_and_label(rubric):
    assert str(level(rubric, "scope", Decimal("0.5"))) == "0.5: Broad policy"


def test_a_level_needs_a_rule_that_exists(rubric):
    broken = level(rubric, "scope", 2)
    broken.rule = "scope.magic"
    with pytest.raises(ValidationError, match="not a valid choice"):
        broken.full_clean()


def test_a_gap_is_no_rule_for_a_level(rubric):
    broken = level(rubric, "support", 2)
    broken.rule = "support.technical_elsewhere"
    with pytest.raises(ValidationError, match="not a valid choice"):
        broken.full_clean()


def test_points_are_not_negative(rubric):
    with pytest.raises(IntegrityError):
        Level.objects.filter(pk=level(rubric, "scope", 0).pk).update(points=-1)


def test_points_are_unique_in_a_criterion(rubric):
    with pytest.raises(IntegrityError):
        Level.objects.filter(pk=level(rubric, "scope", 0).pk).update(points=2)


def test_codes_are_unique_in_a_rubric(rubric):
    with pytest.raises(IntegrityError):
        Criterion.objects.filter(code="scope").update(code="support")


def test_a_rubric_with_criteria_can_not_be_deleted(rubric):
    with pytest.raises(ProtectedError):
        rubric.delete()


def test_a_criterion_takes_its_levels_with_it(rubric):
    Criterion.objects.get(code="scope").delete()
    assert Level.objects.count() == 12


# Exactly one level for whatever is the case


@pytest.mark.parametrize("criterion", RUBRIC.criteria, ids=lambda criterion: criterion.code)
def test_the_levels_of_2022_neither_overlap_nor_leave_a_hole(criterion):
    coverage = cover(criterion)
    assert (coverage.overlaps, coverage.holes) == ((), ())


def test_the_known_gap_is_one_combination():
    assert gaps(SUPPORT) == (
        {
            "cluster_financial": False,
            "cluster_technical": False,
            "other_financial": False,
            "other_technical": True,
        },
    )


@pytest.mark.parametrize("criterion", RUBRIC.criteria[:3], ids=lambda criterion: criterion.code)
def test_the_other_criteria_have_no_gap(criterion):
    assert (gaps(criterion), gap_in_words(criterion)) == ((), "")


def test_the_known_gap_can_be_told():
    assert gap_in_words(SUPPORT).endswith("the scoring system has no level for that.")


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (make_criterion("scope.none", "scope.broad", "scope.sectoral", "scope.cluster"), []),
        (make_criterion("scope.none", "scope.broad", "scope.sectoral"), ["scoring.E002"]),
        (
            make_criterion("scope.none", "scope.broad", "scope.sectoral", "scope.broad"),
            ["scoring.E001", "scoring.E002"],
        ),
        (make_criterion("scope.none", "scope.magic"), ["scoring.E003"]),
        (make_criterion("scope.none", known_gap="scope.magic"), ["scoring.E003"]),
        (make_criterion(), ["scoring.E004"]),
        (make_criterion("support.none", known_gap="support.technical_elsewhere"), ["scoring.E002"]),
    ],
)
def test_a_broken_criterion_is_found(criterion, expected):
    assert [message.id for message in check_criterion(criterion, "made-up")] == expected


def test_an_overlap_is_shown_by_an_example():
    criterion = make_criterion("scope.none", "scope.broad", "scope.sectoral", "scope.broad")
    assert check_criterion(criterion, "2030/scope")[0].msg == (
        "Criterion 2030/scope: levels 1 and 3 fit the same facts, in 1 of 4 cases. "
        "An example: The strongest policy that counts is a broad policy."
    )


def test_a_hole_is_shown_by_an_example():
    criterion = make_criterion("scope.none", "scope.broad", "scope.sectoral")
    assert check_criterion(criterion, "2030/scope")[0].msg == (
        "Criterion 2030/scope: no level fits in 1 of 4 cases. "
        "An example: The strongest policy that counts is a cluster policy."
    )


def test_every_fact_can_be_said():
    combination = {fact: domain[-1] for fact, domain in DOMAINS.items()}
    denied = {fact: domain[0] for fact, domain in DOMAINS.items()}
    for each in (combination, denied, {"cluster_years": 0}):
        assert in_words(each).count(".") == len(each)


def test_facts_that_contradict_each_other_are_no_hole():
    """No cluster policy counts, yet one has run for years: nobody can report that."""
    criterion = make_criterion("scope.cluster", "continuity.none")
    assert check_criterion(criterion, "mixed") == []


def test_a_level_inside_the_known_gap_overlaps_it():
    criterion = make_criterion("support.one_kind", known_gap="support.technical_elsewhere")
    both = replace(criterion, levels=RUBRIC.criteria[3].levels, known_gap="support.both_kinds")
    assert "level 2 and the known gap fit" in check_criterion(both, "2030/support")[0].msg


@pytest.mark.parametrize(
    "rules", [("scope.none", "continuity.recent"), ("support.one_kind", "scope.cluster")]
)
def test_whatever_factsheets_report_is_among_the_combinations(rules):
    """What the coverage leaves out, no facts give."""
    criterion = make_criterion(*rules)
    coverage = cover(criterion)
    tried = [*coverage.holes, *(each for each, _levels in coverage.overlaps)]
    for kind, shows in product(("broad", "sectoral", "cluster"), ("", "financial", "technical")):
        pooled = pool(make_facts(make_policy(kind, shows))).facts
        found = {name: pooled[name].possible[0] for name in criterion.reads}
        assert criterion.matching(found) or found in tried


def test_a_gap_that_is_not_declared_is_a_hole(rubric):
    Criterion.objects.update(known_gap="")
    assert found() == ["scoring.E002"]


def test_the_loaded_rubric_has_no_findings(rubric):
    assert found() == []


def test_a_rule_given_twice_is_found(rubric):
    Level.objects.filter(rule="scope.broad").update(rule="scope.none")
    assert found() == ["scoring.E001", "scoring.E002"]


def test_a_deleted_level_is_found(rubric):
    level(rubric, "continuity", 2).delete()
    assert found() == ["scoring.E002"]


def test_a_draft_is_only_warned_of(rubric):
    copied(rubric, "2024", "Copy").criteria.get(code="scope").levels.all()[0].delete()
    Rubric.objects.create(code="empty", title="Empty")
    assert found() == ["scoring.W002", "scoring.W005"]


def test_the_checks_ask_no_database_unless_they_are_told_to():
    assert check_rubrics(None) == []


def test_the_checks_are_registered_as_database_checks(rubric):
    assert check_rubrics in registry.registry.get_checks(include_deployment_checks=False)
    Level.objects.all().delete()
    messages = run_checks(tags=[Tags.database], databases=["default"])
    assert [message.id for message in messages].count("scoring.E004") == 4


@pytest.mark.parametrize(
    "older",
    [
        "ALTER TABLE scoring_rubric RENAME TO scoring_renamed",
        "ALTER TABLE scoring_rubric RENAME COLUMN title TO renamed",
    ],
)
def test_the_checks_are_silent_before_the_tables_are_migrated(db, older):
    with connection.cursor() as cursor:
        cursor.execute(older)
    assert check_rubrics(None, databases=["default"]) == []
