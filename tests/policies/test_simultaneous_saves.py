"""Two people who save facts of one factsheet at once both count."""

import pytest
from django.utils import timezone

from policies.assessing import rescore
from policies.changes import change_set
from policies.document import drafts
from policies.models import Availability, Category, Factsheet, Policy, SectionCategory
from tests.factory import make_factsheet, make_policy, section
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def stored_is_computed(factsheet: Factsheet) -> bool:
    return rescore(drafts([factsheet.pk]), timezone.now(), write=False) == []


def monitor(policy: Policy) -> None:
    cell = section(policy, "evaluation")
    with change_set():
        cell.availability = Availability.REPORTED
        cell.save()
        category = Category.objects.get(section_type=cell.type, code="monitoring")
        SectionCategory.objects.create(section=cell, category=category)


def test_saves_of_different_sections_are_both_scored(reference: None) -> None:
    factsheet = make_factsheet()
    policies = [make_policy(factsheet, f"plan-{number}") for number in range(4)]
    at_once(*[lambda policy=policy: monitor(policy) for policy in policies])
    assert stored_is_computed(factsheet)
    assert len(factsheet.criterion_scores.get(criterion__code="evidence").derived_reasons) == 2


def test_policies_added_at_once_are_all_scored(reference: None) -> None:
    factsheet = make_factsheet()
    kinds = ["broad", "sectoral", "cluster"]
    at_once(*[lambda kind=kind: make_policy(factsheet, kind, kind=kind) for kind in kinds])
    assert stored_is_computed(factsheet)
    assert factsheet.criterion_scores.get(criterion__code="scope").derived_points == 2
    assert factsheet.sections.count() == 6 + 3 * 12
