"""One revision per change of a section, whatever rows the change touched."""

import pytest

from policies.changes import Source, change_set
from policies.history import contents
from policies.models import (
    Policy,
    Reference,
    ReviewEvent,
    Section,
    SectionRevision,
    SectionType,
    State,
)
from policies.models.frozen import Frozen
from tests.factory import current_document, make_factsheet, make_policy, section, tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy(reference: None) -> Policy:
    return make_policy(make_factsheet())


def test_every_section_has_a_first_revision(policy: Policy) -> None:
    assert policy.sections.count() == 12
    assert policy.factsheet.sections.filter(policy=None).count() == 6
    assert SectionRevision.objects.filter(number=1).count() == 18


def test_a_text_and_its_categories_make_one_revision(policy: Policy, cast) -> None:
    with change_set(by=cast["ada"], source=Source.ADMIN, note="from the ministry"):
        cell = tick(policy, "objectives", "cooperation", "rd")
        cell.text = "Two aims."
        cell.save()
    revision = SectionRevision.objects.get(number=2)
    assert revision.content == {
        "availability": "reported",
        "availability_note": "",
        "categories": [{"code": "cooperation", "detail": ""}, {"code": "rd", "detail": ""}],
        "text": "Two aims.",
    }
    assert (revision.author, revision.source, revision.note) == (
        cast["ada"],
        "admin",
        "from the ministry",
    )


@pytest.mark.parametrize(
    ("fields", "type_"),
    [
        ({"names": ["Another name"]}, "heading"),
        ({"is_example": True}, "heading"),
        ({"starting_year": 2015}, "history"),
        ({"period": "limited", "ending_year": 2030}, "history"),
        ({"overall_availability": "no_data"}, "budget"),
        ({"annual_words": "about two million"}, "budget"),
    ],
)
def test_a_fact_of_a_policy_belongs_to_one_section(policy: Policy, fields, type_: str) -> None:
    Policy.objects.filter(pk=policy.pk).update(**fields)
    assert SectionRevision.objects.get(number=2).type.code == type_


def test_references_belong_to_the_bibliography(policy: Policy) -> None:
    Reference.objects.create(factsheet=policy.factsheet, key="plan", title="The Plan")
    assert SectionRevision.objects.get(number=2).type.code == "bibliography"


def test_every_authored_key_stands_in_exactly_one_section(policy: Policy) -> None:
    document = current_document(policy.factsheet)
    parts = contents(document)
    heading, history, budget = (
        set(parts["plan", code]) for code in ("heading", "history", "budget")
    )
    derived = {"code", "sections", "budget", "heading_footnotes"}
    assert (heading | history) - {"order"} >= set(document["policies"][0]) - derived
    assert budget >= set(document["policies"][0]["budget"])
    assert not heading & history


def test_an_edit_of_an_approved_section_makes_it_a_draft_again(policy: Policy) -> None:
    Section.bookkeeping.update(state=State.APPROVED)
    tick(policy, "focus", "sectoral")
    assert section(policy, "focus").state == State.DRAFT
    assert section(policy, "objectives").state == State.APPROVED


def test_history_survives_the_deletion_of_its_policy(policy: Policy) -> None:
    tick(policy, "focus", "sectoral")
    policy.delete()
    assert SectionRevision.objects.get(number=2).policy_code == "plan"


def test_a_new_section_type_reaches_existing_factsheets(policy: Policy) -> None:
    SectionType.objects.create(
        code="smart", part="chapter", heading="Smart", title="Smart", order=99
    )
    assert policy.factsheet.sections.filter(type__code="smart").exists()


def test_a_section_type_of_a_country_group_reaches_only_that(policy: Policy) -> None:
    SectionType.objects.create(
        code="eu", part="chapter", heading="EU", title="EU", order=99, country_groups=["eu"]
    )
    french = make_factsheet("FR")
    assert not policy.factsheet.sections.filter(type__code="eu").exists()
    assert french.sections.filter(type__code="eu").exists()


@pytest.mark.parametrize("model", [SectionRevision, ReviewEvent])
def test_history_can_not_be_rewritten_in_bulk(policy: Policy, model) -> None:
    for attempt in (
        lambda: model.objects.all().delete(),
        lambda: model.objects.update(pk=1),
        lambda: model.objects.bulk_update([], ["pk"]),
        lambda: model.objects.bulk_create([], ignore_conflicts=True),
    ):
        with pytest.raises(Frozen):
            attempt()


def test_a_revision_can_not_be_changed_or_deleted(policy: Policy) -> None:
    revision = SectionRevision.objects.first()
    for attempt in (revision.save, revision.delete):
        with pytest.raises(Frozen):
            attempt()
