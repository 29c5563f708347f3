"""The stored score is the computed one after every kind of write."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from policies.assessing import rescore
from policies.changes import change_set
from policies.document import drafts
from policies.models import (
    Assessment,
    Availability,
    Category,
    CriterionScore,
    Edition,
    Factsheet,
    Kind,
    PoliciesStatus,
    Policy,
    Section,
    SectionCategory,
    SectionRevision,
)
from scoring.models import Rubric
from tests.factory import make_factsheet, make_policy, section, tick

pytestmark = pytest.mark.django_db


def points(factsheet: Factsheet, criterion: str) -> Decimal | None:
    return factsheet.criterion_scores.get(criterion__code=criterion).points


@pytest.fixture
def policy(reference: None) -> Policy:
    return make_policy(make_factsheet())


def test_a_new_factsheet_has_an_empty_score(reference: None) -> None:
    factsheet = make_factsheet(status=PoliciesStatus.NOT_RESEARCHED)
    assert not factsheet.assessment.complete
    assert [score.points for score in factsheet.criterion_scores.all()] == [None] * 4


def test_no_policy_at_all_scores_zero_when_stated(reference: None) -> None:
    factsheet = make_factsheet(status=PoliciesStatus.NONE_EXIST)
    assert factsheet.assessment.complete
    assert factsheet.assessment.total == 0


def test_saving_a_policy_rescores(policy: Policy) -> None:
    assert points(policy.factsheet, "scope") == Decimal("0.5")
    policy.kind = Kind.CLUSTER
    policy.save()
    assert points(policy.factsheet, "scope") == 2


def test_updating_a_queryset_rescores(policy: Policy) -> None:
    Policy.objects.filter(pk=policy.pk).update(kind=Kind.SECTORAL)
    assert points(policy.factsheet, "scope") == 1


def test_updating_a_related_queryset_rescores(policy: Policy) -> None:
    policy.factsheet.policies.update(kind=Kind.SECTORAL)
    assert points(policy.factsheet, "scope") == 1


def test_bulk_update_rescores(policy: Policy) -> None:
    policy.kind = Kind.CLUSTER
    Policy.objects.bulk_update([policy], ["kind"])
    assert points(policy.factsheet, "scope") == 2


def test_bulk_create_makes_sections_and_rescores(policy: Policy) -> None:
    new = Policy(factsheet=policy.factsheet, code="b", names=["B"], kind=Kind.CLUSTER)
    Policy.objects.bulk_create([new])
    assert points(policy.factsheet, "scope") == 2
    assert new.sections.count() == 12


def test_deleting_a_policy_rescores(policy: Policy) -> None:
    make_policy(policy.factsheet, "b", kind=Kind.CLUSTER).delete()
    assert points(policy.factsheet, "scope") == Decimal("0.5")


def test_deleting_a_queryset_rescores(policy: Policy) -> None:
    make_policy(policy.factsheet, "b", kind=Kind.CLUSTER)
    Policy.objects.filter(code="b").delete()
    assert points(policy.factsheet, "scope") == Decimal("0.5")


def test_ticking_a_category_rescores(policy: Policy) -> None:
    tick(policy, "evaluation", "monitoring")
    assert points(policy.factsheet, "evidence") == 1
    tick(policy, "evaluation", "monitoring", "ex-ante")
    assert points(policy.factsheet, "evidence") == 2


@pytest.mark.parametrize("way", ["add", "through", "through_bulk"])
def test_every_way_to_add_a_category_rescores(policy: Policy, way: str) -> None:
    cell = tick(policy, "evaluation", "monitoring")
    category = Category.objects.get(section_type=cell.type, code="ex-ante")
    use = SectionCategory(section=cell, category=category)
    {
        "add": lambda: cell.categories.add(category),
        "through": use.save,
        "through_bulk": lambda: SectionCategory.objects.bulk_create([use]),
    }[way]()
    assert points(policy.factsheet, "evidence") == 2


@pytest.mark.parametrize("way", ["remove", "set", "through", "through_queryset"])
def test_every_way_to_remove_a_category_rescores(policy: Policy, way: str) -> None:
    cell = tick(policy, "evaluation", "monitoring", "ex-ante")
    use = cell.uses.get(category__code="ex-ante")
    {
        "remove": lambda: cell.categories.remove(use.category),
        "set": lambda: cell.categories.set(cell.categories.exclude(code="ex-ante")),
        "through": use.delete,
        "through_queryset": lambda: cell.uses.filter(pk=use.pk).delete(),
    }[way]()
    assert points(policy.factsheet, "evidence") == 1


def test_clearing_categories_leaves_the_level_unknown(policy: Policy) -> None:
    cell = tick(policy, "evaluation", "monitoring")
    cell.categories.clear()
    assert points(policy.factsheet, "evidence") is None


def test_availability_decides_between_absent_and_unknown(policy: Policy) -> None:
    for availability, expected in (
        (Availability.NONE_EXISTS, 0),
        (Availability.NOT_APPLICABLE, 0),
        (Availability.NO_DATA, None),
        (Availability.NOT_RESEARCHED, None),
    ):
        Section.objects.filter(pk=section(policy, "evaluation").pk).update(
            availability=availability
        )
        assert points(policy.factsheet, "evidence") == expected


def test_what_a_category_proves_can_change(policy: Policy) -> None:
    tick(policy, "evaluation", "monitoring")
    category = Category.objects.get(code="monitoring")
    category.evidence = "ex_post"
    category.save()
    assert points(policy.factsheet, "evidence") == Decimal("0.5")


def test_the_collection_date_of_an_edition_can_change(policy: Policy) -> None:
    Policy.objects.update(kind=Kind.CLUSTER, starting_year=2012)
    edition = Edition.objects.get(year=2022)
    assert points(policy.factsheet, "continuity") == 1
    edition.collected_on = edition.collected_on.replace(year=2023)
    edition.save()
    assert points(policy.factsheet, "continuity") == 2


def test_a_judged_level_wins_and_is_said(policy: Policy) -> None:
    score = policy.factsheet.criterion_scores.get(criterion__code="support")
    assert score.points is None
    score.judge(Decimal("0.5"), "General support is announced.", by=None, now=timezone.now())
    score.save()
    factsheet = Factsheet.objects.get()
    assert factsheet.assessment.judged_total == Decimal("0.5")
    assert factsheet.assessment.total == 1


def test_a_judgement_is_stale_once_its_facts_change(policy: Policy) -> None:
    score = policy.factsheet.criterion_scores.get(criterion__code="support")
    score.judge(Decimal("0.5"), "General support is announced.", by=None, now=timezone.now())
    score.save()
    tick(policy, "evaluation", "monitoring")
    assert not CriterionScore.objects.get(pk=score.pk).is_stale
    tick(policy, "technical-assistance", "networking")
    assert CriterionScore.objects.get(pk=score.pk).is_stale


def test_a_cluster_policy_without_a_start_has_no_derived_continuity(policy: Policy) -> None:
    policy.kind = Kind.CLUSTER
    policy.save()
    assert points(policy.factsheet, "continuity") is None


def test_a_change_set_is_scored_and_recorded_once(policy: Policy) -> None:
    before = SectionRevision.objects.count()
    with change_set():
        policy.kind = Kind.CLUSTER
        policy.save()
        policy.kind = Kind.SECTORAL
        policy.save()
    assert SectionRevision.objects.count() == before + 1
    assert points(policy.factsheet, "scope") == 1


def test_a_failing_change_set_leaves_nothing(policy: Policy) -> None:
    def fail() -> None:
        with change_set():
            policy.kind = Kind.CLUSTER
            policy.save()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert Policy.objects.get().kind == Kind.BROAD
    assert points(policy.factsheet, "scope") == Decimal("0.5")


def test_saving_without_a_change_writes_nothing(policy: Policy) -> None:
    factsheet = Factsheet.objects.get()
    revisions, computed = SectionRevision.objects.count(), factsheet.assessment.computed_at
    for row in (factsheet, policy, *policy.sections.all()):
        row.save()
    assert SectionRevision.objects.count() == revisions
    assert Assessment.objects.get().computed_at == computed


def test_a_recomputation_takes_at_most_twelve_queries(
    policy: Policy, django_assert_max_num_queries
) -> None:
    tick(policy, "evaluation", "monitoring")
    Assessment.objects.all().delete()
    CriterionScore.bookkeeping.update(derived_points=2)
    with django_assert_max_num_queries(12):
        rescore(drafts([policy.factsheet_id]), timezone.now())
    assert points(policy.factsheet, "evidence") == 1


def test_many_factsheets_take_no_more_queries_than_one(
    reference: None, django_assert_max_num_queries
) -> None:
    with change_set():
        for code in ("MX", "FR", "DE", "ES", "IT", "PL", "SE", "CH"):
            make_policy(make_factsheet(code))
    Assessment.objects.all().delete()
    CriterionScore.bookkeeping.all().delete()
    keys = list(Factsheet.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(12):
        rescore(drafts(keys), timezone.now())
    assert Assessment.objects.count() == 8


class TestCheckScores:
    def test_is_silent_when_all_is_right(self, policy: Policy, capsys) -> None:
        call_command("check_scores")
        assert "0 differences" in capsys.readouterr().out

    def test_reports_what_raw_sql_changed(self, policy: Policy, capsys) -> None:
        self.spoil()
        with pytest.raises(CommandError) as error:
            call_command("check_scores")
        assert error.value.returncode == 1
        assert "Mexico 2022: total is 7.0, should be 0.5" in capsys.readouterr().out
        assert Assessment.objects.get().total == 7

    def test_reports_a_score_that_the_rubric_has_no_criterion_for(self, policy: Policy) -> None:
        rubric = Rubric.objects.create(code="old", title="Old")
        criterion = rubric.criteria.create(code="gone", title="Gone", description="Gone.")
        lost = CriterionScore(factsheet=policy.factsheet, criterion=criterion)
        CriterionScore.bookkeeping.bulk_create([lost])
        with pytest.raises(CommandError):
            call_command("check_scores")
        call_command("check_scores", "--fix")
        assert not CriterionScore.objects.filter(criterion=criterion).exists()

    def test_repairs_it(self, policy: Policy) -> None:
        self.spoil()
        call_command("check_scores", "--fix")
        assert Assessment.objects.get().total == Decimal("0.5")

    def spoil(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE policies_assessment SET total = 7")
