"""The rules of review that go beyond its states: four eyes, kinds of change, reasons, comments."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from policies.changes import Source, change_set
from policies.loading import load
from policies.models import Comment, Factsheet, Publication, ReviewEvent, Section, State, User
from policies.roles import Role
from policies.workflow import (
    approve,
    comment,
    confirm,
    explain,
    publish,
    reopen,
    resolve,
    return_,
    submit,
    withdraw,
)
from tests.factory import EXPLAINED, make_publication, make_scored_document, make_user, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def factsheet(cast) -> Factsheet:
    loaded = load(make_scored_document(), by=cast["ada"]).factsheet
    loaded.editors.add(cast["ada"])
    return loaded


@pytest.fixture
def cell(factsheet: Factsheet) -> Section:
    return section(factsheet.policies.get(), "focus")


@pytest.fixture
def published(cast) -> Publication:
    return make_publication(cast)


def write(found: Section, text: str, by: User, **change) -> Section:
    """Somebody types a text into a section."""
    with change_set(by=by, **change):
        found.text = text
        found.availability = "reported"
        found.save()
    found.refresh_from_db()
    return found


def state_of(found: Section) -> str:
    return Section.objects.get(pk=found.pk).state


# What is asked for at submission


def test_a_required_section_that_nobody_researched_can_not_be_submitted(cast, cell) -> None:
    with change_set(by=cast["ada"]):
        cell.availability = "not_researched"
        cell.save()
    cell.refresh_from_db()
    with pytest.raises(ValidationError, match="is required and has not been researched"):
        submit(cell, by=cast["ada"])


def test_saying_which_nothing_it_is_completes_a_required_section(cast, cell) -> None:
    submit(cell, by=cast["ada"])
    assert state_of(cell) == State.SUBMITTED


def test_a_first_submission_is_asked_for_no_kind(cast, cell) -> None:
    submit(cell, by=cast["ada"], kind="policy_changed")
    assert ReviewEvent.objects.get().change_kind == ""


@pytest.mark.parametrize("kind", ["", "nonsense"])
def test_a_change_of_what_is_published_needs_its_kind(cast, published, kind: str) -> None:
    cell = write(section(published.factsheet.policies.get(), "focus"), "New.", cast["ada"])
    with pytest.raises(ValidationError, match="the policy changed, the record was corrected"):
        submit(cell, by=cast["ada"], kind=kind)
    assert state_of(cell) == State.DRAFT


def test_the_publication_keeps_the_weightiest_kind_that_was_said(cast, published) -> None:
    cell = section(published.factsheet.policies.get(), "focus")
    for text, kind in (("Fixed.", "record_corrected"), ("Phrased.", "wording_only")):
        submit(write(cell, text, cast["ada"]), by=cast["ada"], kind=kind)
    cell.refresh_from_db()
    approve(cell, by=cast["ben"])
    second = publish(published.factsheet, by=cast["cleo"], note="Focus.", reasons=EXPLAINED)
    assert second.changes == [{"section": "plan.focus", "kind": "record_corrected"}]


def test_a_section_that_is_as_published_again_needs_no_kind(cast, published) -> None:
    cell = section(published.factsheet.policies.get(), "objectives")
    before = (cell.text, cell.availability)
    write(cell, "New.", cast["ada"])
    with change_set(by=cast["ada"]):
        cell.text, cell.availability = before
        cell.save()
    cell.refresh_from_db()
    submit(cell, by=cast["ada"])
    assert state_of(cell) == State.SUBMITTED


def test_the_kind_of_a_removed_policy_is_that_of_the_list(cast) -> None:
    document = make_scored_document()
    document["policies"].append({**document["policies"][0], "code": "older", "is_example": True})
    published = make_publication(cast, document)
    with change_set(by=cast["ada"]):
        published.factsheet.policies.get(code="older").delete()
    introduction = published.factsheet.sections.get(type__code="introduction")
    submit(introduction, by=cast["ada"], kind="policy_changed")
    approve(introduction, by=cast["ben"])
    second = publish(published.factsheet, by=cast["cleo"], note="One ended.", reasons=EXPLAINED)
    assert {"section": "older.focus", "kind": "policy_changed"} in second.changes


# Four eyes


def test_the_editor_accepts_what_a_reviewer_mended(cast, cell) -> None:
    write(cell, "Mended.", cast["ben"])
    submit(cell, by=cast["ben"])
    approve(cell, by=cast["ada"])
    assert state_of(cell) == State.APPROVED


def test_an_editor_accepts_no_editors_text(cast, cell) -> None:
    eve = make_user("eve", Role.EDITOR)
    cell.factsheet.editors.add(eve)
    write(cell, "By Ada.", cast["ada"])
    submit(cell, by=cast["ada"])
    with pytest.raises(PermissionDenied):
        approve(cell, by=eve)


def test_an_editor_who_is_not_assigned_accepts_nothing(cast, cell) -> None:
    write(cell, "Mended.", cast["ben"])
    submit(cell, by=cast["ben"])
    with pytest.raises(PermissionDenied):
        approve(cell, by=make_user("eve", Role.EDITOR))


def test_an_editor_who_is_a_reviewer_too_does_not_accept_their_own_text(cast, cell) -> None:
    both = make_user("fay", Role.EDITOR)
    both.groups.add(cast["ben"].groups.get())
    cell.factsheet.editors.add(both)
    write(cell, "By Fay.", both)
    submit(cell, by=both)
    with pytest.raises(ValidationError, match="nobody approves their own text"):
        approve(cell, by=both)


def test_a_refusal_leaves_an_event_in_the_log(cast, cell, caplog) -> None:
    submit(cell, by=cast["ada"])
    with pytest.raises(PermissionDenied):
        approve(cell, by=cast["dan"])
    write(cell, "By Ben.", cast["ben"])
    submit(cell, by=cast["ada"])
    with pytest.raises(ValidationError):
        approve(cell, by=cast["ben"])
    assert [record.args[0] for record in caplog.records if "refused" in record.msg] == [
        cast["dan"],
        cast["ben"],
    ]


# Reopening


@pytest.mark.parametrize("approved", [True, False])
def test_a_section_can_be_taken_back(cast, cell, approved: bool) -> None:
    submit(cell, by=cast["ada"])
    if approved:
        approve(cell, by=cast["ben"])
    reopen(cell, by=cast["ada"], comment="One more source.")
    cell.refresh_from_db()
    assert cell.state == State.DRAFT
    assert bool(cell.approved_revision) == approved
    assert ReviewEvent.objects.first().comment == "One more source."


def test_a_draft_can_not_be_reopened(cast, cell) -> None:
    with pytest.raises(ValidationError, match="is draft, so it can't be reopened"):
        reopen(cell, by=cast["ada"])


def test_a_save_that_changes_nothing_changes_nothing(cast, cell) -> None:
    submit(cell, by=cast["ada"])
    approve(cell, by=cast["ben"])
    before = Section.objects.filter(pk=cell.pk).values().get()
    with change_set(by=cast["ada"]):
        cell.save()
    assert Section.objects.filter(pk=cell.pk).values().get() == before
    assert cell.revisions.count() == before["version"]


def test_an_edit_of_an_approved_section_keeps_the_approved_revision(cast, cell) -> None:
    submit(cell, by=cast["ada"])
    approve(cell, by=cast["ben"])
    approved = cell.version
    write(cell, "Another.", cast["ada"])
    assert (cell.state, cell.approved_revision.number) == (State.DRAFT, approved)


# What was carried over


@pytest.fixture
def carried(cast) -> Section:
    root = make_user("root", Role.ADMINISTRATOR)
    factsheet = load(make_scored_document(), by=root, source=Source.EDITION).factsheet
    factsheet.editors.add(cast["ada"])
    return section(factsheet.policies.get(), "focus")


def test_what_was_carried_over_can_not_be_submitted(cast, carried) -> None:
    with pytest.raises(ValidationError, match="confirm that it is still true, or change it"):
        submit(carried, by=cast["ada"])


def test_a_confirmed_section_goes_through_review(cast, carried) -> None:
    confirm(carried, by=cast["ada"])
    submit(carried, by=cast["ada"])
    approve(carried, by=cast["ben"])
    event = ReviewEvent.objects.get(action="confirmed")
    assert (event.by, event.revision.number) == (cast["ada"], carried.version)


def test_a_changed_section_needs_no_confirmation(cast, carried) -> None:
    write(carried, "As of this year.", cast["ada"])
    submit(carried, by=cast["ada"])
    with pytest.raises(ValidationError, match="can't be confirmed"):
        confirm(carried, by=cast["ada"])


def test_nobody_approves_what_they_confirmed_themselves(cast, carried) -> None:
    confirm(carried, by=cast["ben"])
    submit(carried, by=cast["ada"])
    with pytest.raises(ValidationError, match="nobody approves their own text"):
        approve(carried, by=cast["ben"])


def test_a_section_that_says_nothing_needs_no_confirmation(carried) -> None:
    assert not section(carried.policy, "budget").is_unconfirmed


# Comments


def test_a_return_leaves_its_comment_open(cast, cell) -> None:
    submit(cell, by=cast["ada"])
    return_(cell, by=cast["ben"], comment="Name the sectors.")
    remark = Comment.objects.open().get()
    assert (remark.text, remark.anchor, remark.revision.number) == (
        "Name the sectors.",
        "plan.focus",
        cell.version,
    )


def test_a_comment_stays_until_it_is_resolved_and_is_resolved_once(cast, cell) -> None:
    remark = comment(cell.factsheet, by=cast["ben"], text="Really?", section=cell)
    resolve(remark, by=cast["ada"])
    resolve(remark, by=cast["ben"])
    assert remark.resolved_by == cast["ada"]
    assert not Comment.objects.open().exists()


def test_a_comment_outlives_its_policy(cast, cell) -> None:
    comment(cell.factsheet, by=cast["ben"], text="Really?", section=cell)
    cell.policy.delete()
    assert Comment.objects.get().anchor == "plan.focus"


@pytest.mark.parametrize("who", ["dan", "eve"])
def test_outsiders_do_not_comment(cast, cell, who: str) -> None:
    cast["eve"] = make_user("eve", Role.EDITOR)
    with pytest.raises(PermissionDenied):
        comment(cell.factsheet, by=cast[who], text="Hello.")
    remark = comment(cell.factsheet, by=cast["ben"], text="Really?")
    with pytest.raises(PermissionDenied):
        resolve(remark, by=cast[who])


def test_a_comment_is_about_a_section_of_its_factsheet(cast, cell) -> None:
    other = load(make_scored_document("FR"), by=cast["ada"]).factsheet
    with pytest.raises(ValidationError, match="another factsheet"):
        comment(other, by=cast["ben"], text="Really?", section=cell)


# Reasons for warnings


@pytest.fixture
def doubtful(cast) -> Factsheet:
    """Approved as a whole, with one warning."""
    document = make_scored_document()
    document["sections"][0]["text"] = "It gave $5,000."
    factsheet = load(document, by=cast["ada"]).factsheet
    factsheet.editors.add(cast["ada"])
    for each in factsheet.sections.all():
        submit(each, by=cast["ada"])
        approve(each, by=cast["ben"])
    return factsheet


def test_a_warning_without_a_reason_blocks_publishing(cast, doubtful) -> None:
    with pytest.raises(ValidationError, match="say why it may stand"):
        publish(doubtful, by=cast["cleo"])


def test_a_reason_is_kept_for_the_next_version(cast, doubtful) -> None:
    publish(doubtful, by=cast["cleo"], reasons={"dollar-without-currency": "So printed."})
    cell = write(section(doubtful.policies.get(), "history"), "New.", cast["ada"])
    submit(cell, by=cast["ada"], kind="policy_changed")
    approve(cell, by=cast["ben"])
    assert publish(doubtful, by=cast["cleo"], note="History.").number == 2


def test_a_reason_ends_when_the_findings_of_its_rule_change(cast, doubtful) -> None:
    publish(doubtful, by=cast["cleo"], reasons={"dollar-without-currency": "So printed."})
    introduction = doubtful.sections.get(type__code="introduction")
    write(introduction, "It gave $5,000 and $7,000.", cast["ada"])
    submit(introduction, by=cast["ada"], kind="policy_changed")
    approve(introduction, by=cast["ben"])
    with pytest.raises(ValidationError, match="say why it may stand"):
        publish(doubtful, by=cast["cleo"], note="More.")


def test_a_reason_says_something(cast, doubtful) -> None:
    with pytest.raises(ValidationError, match="Say why"):
        explain(
            doubtful, by=cast["cleo"], rule="dollar-without-currency", fingerprint="x", reason=" "
        )


# Publication


def test_a_second_version_says_what_changed(cast, published) -> None:
    cell = write(section(published.factsheet.policies.get(), "focus"), "New.", cast["ada"])
    submit(cell, by=cast["ada"], kind="policy_changed")
    approve(cell, by=cast["ben"])
    with pytest.raises(ValidationError, match="say what changed since version 1"):
        publish(published.factsheet, by=cast["cleo"], note=" ", reasons=EXPLAINED)


def test_after_a_withdrawal_a_correction_still_says_its_kind(cast, published) -> None:
    withdraw(published, by=cast["cleo"], reason="Wrong.")
    cell = write(section(published.factsheet.policies.get(), "focus"), "Right.", cast["ada"])
    with pytest.raises(ValidationError, match="Say which it is"):
        submit(cell, by=cast["ada"])


def test_a_required_section_can_not_be_published_unresearched(cast) -> None:
    document = make_scored_document()
    document["sections"] = []
    with pytest.raises(ValidationError, match="Introduction is required"):
        make_publication(cast, document)
