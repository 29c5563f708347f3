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
from policies.models.facts import Moved
from policies.models.frozen import Frozen
from tests.factory import current_document, make_factsheet, make_policy, section, tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy(reference: None) -> Policy:
    return make_policy(make_factsheet())


def last(policy: Policy, type_: str) -> SectionRevision:
    return section(policy, type_).revisions.latest("number")


def test_every_section_has_a_first_revision(policy: Policy) -> None:
    assert policy.sections.count() == 12
    assert policy.factsheet.sections.filter(policy=None).count() == 6
    assert SectionRevision.objects.filter(number=1).count() == 18


def test_a_text_and_its_categories_make_one_revision(policy: Policy, cast) -> None:
    with change_set(by=cast["ada"], source=Source.ADMIN, note="from the ministry"):
        cell = tick(policy, "objectives", "cooperation", "rd")
        cell.text = "Two aims."
        cell.save()
    revision = last(policy, "objectives")
    assert revision.number == 2
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
    before = SectionRevision.objects.count()
    Policy.objects.filter(pk=policy.pk).update(**fields)
    assert SectionRevision.objects.count() == before + 1
    assert last(policy, type_).number == 2


def test_references_belong_to_the_bibliography(policy: Policy) -> None:
    Reference.objects.create(factsheet=policy.factsheet, key="plan", title="The Plan")
    assert SectionRevision.objects.latest("pk").type.code == "bibliography"


def test_every_authored_key_stands_in_exactly_one_section(policy: Policy) -> None:
    document = current_document(policy.factsheet)
    parts = contents(document)
    heading, history, budget = (
        set(parts["plan", code]) for code in ("heading", "history", "budget")
    )
    derived = {"code", "sections", "budget", "heading_footnotes"}
    assert heading | history >= set(document["policies"][0]) - derived
    assert budget >= set(document["policies"][0]["budget"])
    assert not heading & history


@pytest.mark.parametrize("state", [State.APPROVED, State.SUBMITTED])
def test_an_edit_of_a_text_on_its_way_makes_it_a_draft_again(policy: Policy, state: str) -> None:
    Section.bookkeeping.update(state=state)
    tick(policy, "focus", "sectoral")
    assert section(policy, "focus").state == State.DRAFT
    assert section(policy, "objectives").state == state


def test_history_survives_the_deletion_of_its_policy(policy: Policy) -> None:
    tick(policy, "focus", "sectoral")
    policy.delete()
    kept = SectionRevision.objects.get(type__code="focus", number=2)
    assert (kept.policy_code, kept.section) == ("plan", None)


def test_adding_moving_or_deleting_a_policy_is_a_change_of_the_introduction(
    policy: Policy,
) -> None:
    make_policy(policy.factsheet, "other", order=1)
    Section.bookkeeping.update(state=State.APPROVED)
    policy.delete()
    introduction = policy.factsheet.sections.get(type__code="introduction")
    assert introduction.state == State.DRAFT
    assert introduction.revisions.latest("number").content["policies"] == ["other"]
    assert not Section.objects.filter(policy__code="other").exclude(state="approved").exists()


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


def test_one_object_can_be_saved_twice(policy: Policy) -> None:
    cell = section(policy, "focus")
    for text in ("First.", "Second."):
        cell.text = text
        cell.save()
    assert last(policy, "focus").number == 3


def test_an_object_loaded_long_ago_brings_no_approval_back(policy: Policy) -> None:
    Section.bookkeeping.update(state=State.APPROVED)
    old = section(policy, "focus")
    tick(policy, "focus", "sectoral")
    old.save()
    assert section(policy, "focus").state == State.DRAFT
    assert section(policy, "focus").version == last(policy, "focus").number


class TestNothingMoves:
    @pytest.fixture
    def other(self, policy: Policy) -> Policy:
        return make_policy(make_factsheet("FR"))

    def test_by_save(self, policy: Policy, other: Policy) -> None:
        cell = tick(policy, "evaluation", "monitoring")
        use = cell.uses.get()
        use.section = section(other, "evaluation")
        for row, name, target in (
            (use, "section", use.section),
            (policy, "factsheet", other.factsheet),
            (policy.factsheet, "country", other.factsheet.country),
        ):
            setattr(row, name, target)
            with pytest.raises(Moved):
                row.save()

    @pytest.mark.parametrize("name", ["factsheet", "factsheet_id"])
    def test_by_update(self, policy: Policy, other: Policy, name: str) -> None:
        target = other.factsheet if name == "factsheet" else other.factsheet_id
        with pytest.raises(Moved):
            Policy.objects.filter(pk=policy.pk).update(**{name: target})


def test_names_are_normalised_whichever_way_they_come(policy: Policy) -> None:
    Policy.objects.filter(pk=policy.pk).update(names=["A\u0000b\tc"])
    assert Policy.objects.get(pk=policy.pk).names == ["Ab c"]
    policy.names = ["e\u0301"]
    policy.save()
    assert policy.names == ["é"]
