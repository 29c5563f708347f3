"""Submitting, returning, approving, publishing and withdrawing in the admin."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from policies.changes import change_set
from policies.loading import load
from policies.models import (
    ChangeKind,
    Factsheet,
    Publication,
    ReviewEvent,
    Section,
    SectionRevision,
    State,
    User,
)
from policies.workflow import publish_whole, submit
from tests.admin_form import form_data, said
from tests.factory import make_publication, make_scored_document

FACTSHEETS = "admin:policies_factsheet_changelist"
SECTIONS = "admin:policies_section_changelist"
POLICIES = "admin:policies_policy_changelist"
PUBLICATIONS = "admin:policies_publication_changelist"


@pytest.fixture
def factsheet(cast: dict[str, User]) -> Factsheet:
    """Written by Ada, with points on every criterion."""
    loaded = load(make_scored_document(), by=cast["ada"]).factsheet
    loaded.editors.add(cast["ada"])
    return loaded


def act(client: Client, user: User, page: str, action: str, *rows: Any, **data: str) -> Any:
    """Choose rows on a list and run an action, as its form does."""
    client.force_login(user)
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(reverse(page), {**chosen, "index": "0", **data})


def confirm(client: Client, page: str, action: str, *rows: Any, **data: str) -> Any:
    """Send the page that asks for a note."""
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(reverse(page), {**chosen, **data})


def states(factsheet: Factsheet) -> set[str]:
    return set(factsheet.sections.values_list("state", flat=True))


def test_an_editor_submits_all_drafts_of_a_factsheet(client, cast, factsheet):
    response = act(client, cast["ada"], FACTSHEETS, "submit", factsheet)
    assert states(factsheet) == {State.SUBMITTED}
    assert said(response) == [f"{factsheet.sections.count()} sections submitted."]


def test_a_section_that_cites_nothing_known_is_refused_and_named(client, cast, factsheet):
    Section.objects.filter(type__code="introduction").update(text="So it is [@nobody].")
    response = act(client, cast["ada"], FACTSHEETS, "submit", factsheet)
    assert "Introduction cites “nobody”, which is not in the bibliography." in said(response)
    assert states(factsheet) == {State.SUBMITTED, State.DRAFT}


def test_a_reviewer_approves_one_section_from_the_list(client, cast, factsheet):
    act(client, cast["ada"], FACTSHEETS, "submit", factsheet)
    section = factsheet.sections.get(type__code="scope")
    act(client, cast["ben"], SECTIONS, "approve", section)
    assert list(factsheet.sections.filter(state=State.APPROVED)) == [section]


def test_an_editor_can_not_approve(client, cast, factsheet):
    section = factsheet.sections.get(type__code="scope")
    act(client, cast["ada"], SECTIONS, "submit", section)
    response = act(client, cast["ada"], SECTIONS, "approve", section)
    assert "ada may not approve here" in said(response)[-1]
    assert State.APPROVED not in states(factsheet)


def test_a_reviewer_is_told_that_the_text_is_their_own(client, cast):
    factsheet = load(make_scored_document(), by=cast["ben"]).factsheet
    section = factsheet.sections.get(type__code="scope")
    act(client, cast["ben"], SECTIONS, "submit", section)
    response = act(client, cast["ben"], SECTIONS, "approve", section)
    assert "nobody approves their own text" in said(response)[-1]


def test_a_reviewer_returns_a_section_with_a_comment(client, cast, factsheet):
    section = factsheet.sections.get(type__code="scope")
    act(client, cast["ada"], SECTIONS, "submit", section)
    asked = act(client, cast["ben"], SECTIONS, "return_", section)
    assert "What should be changed" in asked.text
    confirm(client, SECTIONS, "return_", section, note="Say more.")
    assert ReviewEvent.objects.get(action="returned").comment == "Say more."
    assert State.CHANGES_REQUESTED in states(factsheet)


def test_a_return_without_a_comment_asks_again(client, cast, factsheet):
    section = factsheet.sections.get(type__code="scope")
    act(client, cast["ada"], SECTIONS, "submit", section)
    client.force_login(cast["ben"])
    assert "This is needed." in confirm(client, SECTIONS, "return_", section, note=" ").text
    assert State.SUBMITTED in states(factsheet)


def test_nothing_to_approve_is_said(client, cast, factsheet):
    response = act(client, cast["ben"], FACTSHEETS, "approve", factsheet)
    assert said(response) == ["There is nothing to approve: no section chosen is submitted."]


def test_a_button_on_the_page_leads_back_to_the_page(client, cast, factsheet):
    response = act(client, cast["ada"], FACTSHEETS, "submit", factsheet, from_row="1")
    assert response.url == reverse("admin:policies_factsheet_change", args=[factsheet.pk])


def test_a_page_offers_only_the_steps_that_lead_on(client, cast, factsheet):
    client.force_login(cast["ben"])
    page = client.get(reverse("admin:policies_factsheet_change", args=[factsheet.pk]))
    assert [step.name for step in page.context["next_steps"]] == ["submit"]
    submit(factsheet.sections.get(type__code="scope"), by=cast["ada"])
    page = client.get(reverse("admin:policies_factsheet_change", args=[factsheet.pk]))
    names = [step.name for step in page.context["next_steps"]]
    assert names == ["submit", "approve", "return_"]  # no one press takes all of it back


def test_a_publisher_publishes_with_a_note(client, cast, factsheet):
    act(client, cast["ada"], FACTSHEETS, "submit", factsheet)
    act(client, cast["ben"], FACTSHEETS, "approve", factsheet)
    asked = act(client, cast["cleo"], FACTSHEETS, "publish", factsheet)
    assert "What changed since the last version" in asked.text
    assert "Not ready yet" not in asked.text
    response = confirm(client, FACTSHEETS, "publish", factsheet, note="First.")
    publication = Publication.objects.get()
    assert (publication.change_note, publication.published_by) == ("First.", cast["cleo"])
    assert "is published: readers see it now." in said(response)[-1]


def test_a_factsheet_that_is_not_ready_says_why_and_stays(client, cast, factsheet):
    asked = act(client, cast["cleo"], FACTSHEETS, "publish", factsheet)
    assert "Mexico 2022: not yet approved: " in asked.text
    response = confirm(client, FACTSHEETS, "publish", factsheet, note="")
    assert "not yet approved" in said(response)[0]
    assert not Publication.objects.exists()


def test_one_refusal_does_not_keep_the_others_from_being_published(client, cast, factsheet):
    ready = load(make_scored_document("FR"), by=cast["ada"]).factsheet
    ready.editors.add(cast["ada"])
    act(client, cast["ada"], FACTSHEETS, "submit", ready)
    act(client, cast["ben"], FACTSHEETS, "approve", ready)
    client.force_login(cast["cleo"])
    confirm(client, FACTSHEETS, "publish", factsheet, ready, note="")
    assert Publication.objects.get().factsheet == ready


@pytest.mark.parametrize("page", [FACTSHEETS, PUBLICATIONS])
def test_a_publisher_withdraws_a_version_with_a_reason(client, cast, page):
    publication = make_publication(cast)
    row = publication if page == PUBLICATIONS else publication.factsheet
    asked = act(client, cast["cleo"], page, "withdraw", row)
    assert "Why it is withdrawn" in asked.text
    confirm(client, page, "withdraw", row, note="A wrong figure.")
    publication.refresh_from_db()
    assert publication.withdrawn_reason == "A wrong figure."


def test_a_withdrawal_without_a_reason_asks_again(client, cast):
    publication = make_publication(cast)
    client.force_login(cast["cleo"])
    response = confirm(client, PUBLICATIONS, "withdraw", publication, note="")
    assert "This is needed." in response.text
    assert Publication.objects.current().exists()


# Changes of what is published


@pytest.fixture
def changed(cast: dict[str, User]) -> Section:
    """Published, and changed by Ada since."""
    section = make_publication(cast).factsheet.sections.get(type__code="introduction")
    with change_set(by=cast["ada"]):
        section.text = "At one glance."
        section.save()
    return section


def test_submitting_a_change_of_what_is_published_asks_which_it_is(client, cast, changed):
    page = act(client, cast["ada"], SECTIONS, "submit", changed).text
    assert "What kind of change is it?" in page
    assert "Introduction" in page
    confirm(client, SECTIONS, "submit", changed, kind="record_corrected", note="A slip.")
    event = ReviewEvent.objects.latest("pk")
    assert (event.change_kind, event.comment) == (ChangeKind.RECORD_CORRECTED, "A slip.")


def test_without_the_kind_it_asks_again_and_keeps_the_comment(client, cast, changed):
    client.force_login(cast["ada"])
    page = confirm(client, SECTIONS, "submit", changed, note="A slip.").text
    assert "This is needed." in page
    assert ">A slip.</textarea>" in page
    changed.refresh_from_db()
    assert changed.state == State.DRAFT


def test_a_policy_is_submitted_from_its_own_page(client, cast, factsheet):
    policy = factsheet.policies.get()
    client.force_login(cast["ada"])
    page = client.get(reverse("admin:policies_policy_change", args=[policy.pk]))
    (step,) = [step for step in page.context["next_steps"] if step.name == "submit"]
    response = act(client, cast["ada"], POLICIES, "submit", policy, from_row="1", seen=step.seen)
    assert set(policy.sections.values_list("state", flat=True)) == {State.SUBMITTED}
    assert State.DRAFT in states(factsheet)
    assert response.url == reverse("admin:policies_policy_change", args=[policy.pk])


def test_an_approved_section_is_taken_back_to_draft(client, cast, factsheet):
    section = factsheet.sections.get(type__code="scope")
    act(client, cast["ada"], SECTIONS, "submit", section)
    act(client, cast["ben"], SECTIONS, "approve", section)
    assert said(act(client, cast["ada"], SECTIONS, "reopen", section))[-1] == (
        "1 section is a draft again."
    )
    section.refresh_from_db()
    assert (section.state, section.approved_revision) == (
        State.DRAFT,
        section.revisions.get(number=section.version),
    )


# What is refused


def mine(client: Client, cast: dict[str, User], factsheet: Factsheet) -> Section:
    """Written and submitted by Ben, who is a reviewer."""
    section = factsheet.sections.get(type__code="scope")
    with change_set(by=cast["ben"]):
        section.text = "All by Ben."
        section.save()
    act(client, cast["ben"], SECTIONS, "submit", section)
    return section


@pytest.mark.parametrize("page", [SECTIONS, FACTSHEETS])
def test_an_author_can_not_approve_through_a_list(client, cast, factsheet, page, caplog):
    section = mine(client, cast, factsheet)
    row = section if page == SECTIONS else factsheet
    response = act(client, cast["ben"], page, "approve", row)
    assert "nobody approves their own text" in said(response)[-1]
    assert State.APPROVED not in states(factsheet)
    assert "refused: ben, own text" in caplog.text


def test_a_superuser_can_not_approve_their_own_text_either(client, admin_user, factsheet, caplog):
    section = factsheet.sections.get(type__code="scope")
    with change_set(by=admin_user):
        section.text = "All by the administrator."
        section.save()
    act(client, admin_user, SECTIONS, "submit", section)
    response = act(client, admin_user, SECTIONS, "approve", section)
    assert "nobody approves their own text" in said(response)[-1]
    assert "own text" in caplog.text


def test_the_assigned_editor_approves_what_a_reviewer_mended(client, cast, factsheet):
    section = mine(client, cast, factsheet)
    client.force_login(cast["ada"])
    page = client.get(reverse("admin:policies_factsheet_change", args=[factsheet.pk]))
    assert "approve" in [step.name for step in page.context["next_steps"]]
    act(client, cast["ada"], SECTIONS, "approve", section)
    assert State.APPROVED in states(factsheet)


def test_a_text_that_changed_since_the_list_was_opened_is_not_approved(client, cast, factsheet):
    section = factsheet.sections.get(type__code="scope")
    act(client, cast["ada"], SECTIONS, "submit", section)
    client.force_login(cast["ben"])
    section.refresh_from_db()
    seen = f"{section.pk}:{section.version}"
    assert f'name="seen" value="{seen}"' in client.get(reverse(SECTIONS)).text
    with change_set(by=cast["ada"]):
        section.text = "Something else."
        section.save()
    act(client, cast["ada"], SECTIONS, "submit", section)
    response = act(client, cast["ben"], SECTIONS, "approve", section, seen=seen)
    assert "was edited since you opened it" in said(response)[-1]
    assert State.APPROVED not in states(factsheet)


@pytest.mark.parametrize(
    ("who", "page", "action"),
    [
        ("cleo", SECTIONS, "approve"),
        ("cleo", FACTSHEETS, "submit"),
        ("ada", FACTSHEETS, "publish"),
        ("ben", FACTSHEETS, "withdraw"),
        ("ada", SECTIONS, "return_"),
    ],
)
def test_an_action_that_is_not_offered_is_refused_and_kept_in_the_log(
    client, cast, factsheet, caplog, who, page, action
):
    for section in factsheet.sections.all():
        submit(section, by=cast["ada"])
    row = factsheet.sections.first() if page == SECTIONS else factsheet
    for response in (act(client, cast[who], page, action, row), confirm(client, page, action, row)):
        assert f"{who} may not" in said(response)[-1]
    assert states(factsheet) == {State.SUBMITTED}
    assert caplog.text.count(f"refused: {who}") == 2


def test_saving_as_new_or_in_a_popup_approves_nothing(client, cast, factsheet):
    """A form never moves a section on, whatever else it claims to be."""
    submit(factsheet.sections.get(type__code="scope"), by=cast["ada"])
    client.force_login(cast["ben"])
    address = reverse("admin:policies_factsheet_change", args=[factsheet.pk])
    data = form_data(client.get(address).text, "factsheet_form")
    for extra in ({"_saveasnew": "1"}, {"_popup": "1"}):
        client.post(address, {**data, **extra, "state": "approved", "sections-0-state": "approved"})
        assert State.APPROVED not in states(factsheet)
    assert Factsheet.objects.count() == 1


# Lists and records


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("factsheet", "mexico"),
        ("policy", "the plan"),
        ("section", "the plan"),
        ("sectionrevision", "ada"),
        ("reviewevent", "cleo"),
        ("publication", "mexico"),
    ],
)
def test_lists_are_searched(client, cast, name, words):
    make_publication(cast)
    client.force_login(cast["ben"])
    address = reverse(f"admin:policies_{name}_changelist")
    assert client.get(address, {"q": words}).context["cl"].result_count > 0
    assert client.get(address, {"q": "nowhere"}).context["cl"].result_count == 0


def test_a_publication_leads_to_its_page(client, cast):
    publication = make_publication(cast)
    client.force_login(cast["cleo"])
    page = client.get(reverse("admin:policies_publication_change", args=[publication.pk])).text
    assert f'href="{publication.get_absolute_url()}"' in page


def test_a_superseded_publication_is_no_error(client, cast):
    old = make_publication(cast)
    load(make_scored_document(language="es"), by=cast["ada"], replace=True)
    people = {"author": cast["ada"], "reviewer": cast["ben"], "publisher": cast["cleo"]}
    publish_whole(old.factsheet, **people, note="In Spanish.", kind=ChangeKind.WORDING_ONLY)
    client.force_login(cast["cleo"])
    page = client.get(reverse(PUBLICATIONS)).text
    assert re.findall('<td class="field-current[^>]*>(.*?)</td>', page) == ["yes", "–"]
    assert "icon-no" not in page


@pytest.mark.parametrize("model", [Publication, ReviewEvent, SectionRevision])
def test_records_are_read_and_never_written(admin_client, cast, model):
    make_publication(cast)
    row = model.objects.first()
    base = f"admin:policies_{model._meta.model_name}"
    assert admin_client.get(reverse(f"{base}_changelist")).status_code == 200
    assert admin_client.get(reverse(f"{base}_change", args=[row.pk])).status_code == 200
    assert admin_client.get(reverse(f"{base}_add")).status_code == 403
    for name in ("change", "delete"):
        address = reverse(f"{base}_{name}", args=[row.pk])
        assert admin_client.post(address, {"post": "yes"}).status_code == 403


def test_a_section_shows_what_a_reviewer_must_read(client, cast, factsheet):
    client.force_login(cast["ben"])
    section = factsheet.sections.get(policy__isnull=False, type__code="evaluation")
    page = client.get(reverse("admin:policies_section_change", args=[section.pk])).text
    assert "Ex-ante" in page
    assert f"#section-{section.type.code}" in page


def test_a_reviewer_sees_citations_as_readers_will(client, cast, factsheet):
    factsheet.references.create(key="eccp-2022", authors="ECCP", year=2022, title="A title")
    section = factsheet.sections.get(type__code="introduction")
    section.text = "So it is [@eccp-2022, p. 12]."
    section.save()
    client.force_login(cast["ben"])
    revision = section.revisions.order_by("number").last()
    for row, name in ((section, "section"), (revision, "sectionrevision")):
        page = client.get(reverse(f"admin:policies_{name}_change", args=[row.pk])).text
        assert "ECCP 2022, p. 12" in page
        assert "cite missing" not in page


def test_a_section_is_written_on_its_own_page_only(client, cast, factsheet):
    client.force_login(cast["ada"])
    section = factsheet.sections.first()
    address = reverse("admin:policies_section_change", args=[section.pk])
    assert client.post(address, {"text": "Smuggled in."}).status_code == 403
    assert "text" not in form_data(client.get(address).text, "section_form")
