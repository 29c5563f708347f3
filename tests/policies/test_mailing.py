"""Who gets mail after a step: one a person and action, after the commit, and only if wanted."""

import logging
from contextlib import suppress
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from policies import mailing, workflow
from policies.loading import load
from policies.models import Factsheet, Section, State, User
from policies.roles import Role, grant
from tests.admin_form import form_data
from tests.factory import make_publication, make_scored_document, make_user


@pytest.fixture
def people(cast: dict[str, User]) -> dict[str, User]:
    """The cast, each with an address; a second reviewer, Eve."""
    everybody = {**cast, "eve": make_user("eve", Role.REVIEWER)}
    for name, user in everybody.items():
        user.email = f"{name}@example.org"
        user.save()
    return everybody


@pytest.fixture
def sheet(people: dict[str, User]) -> Factsheet:
    """Ada's, reviewed by Ben."""
    made = load(make_scored_document(), by=people["ada"]).factsheet
    made.editors.add(people["ada"])
    made.reviewers.add(people["ben"])
    return made


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def one(sheet: Factsheet, type_: str = "objectives") -> Section:
    return sheet.sections.get(type__code=type_)


class Failure(Exception):
    pass


@transaction.atomic
def submit_and_fail(section: Section, by: User) -> None:
    workflow.submit(section, by=by)
    raise Failure


def told() -> set[str]:
    return {address for message in mail.outbox for address in message.to}


def test_the_reviewer_of_a_factsheet_is_told_of_what_is_submitted(sheet, people, commit):
    with commit():
        workflow.submit(one(sheet), by=people["ada"])
    assert told() == {"ben@example.org"}
    assert mail.outbox[0].subject == "Mexico 2022: 1 section submitted"


def test_without_reviewers_of_its_own_all_reviewers_are_told(sheet, people, commit):
    sheet.reviewers.clear()
    with commit():
        workflow.submit(one(sheet), by=people["ada"])
    assert told() == {"ben@example.org", "eve@example.org"}


def test_the_mail_links_to_the_section_from_outside(sheet, people, commit, settings):
    settings.SITE_URL = "https://factsheets.example"
    with commit():
        workflow.submit(one(sheet), by=people["ada"], comment="Please have a look.")
    body = mail.outbox[0].body
    assert "The Plan, Policy objectives" in body
    assert "Please have a look." in body
    assert f"https://factsheets.example/admin/policies/factsheet/{sheet.pk}/" in body
    assert "#plan.objectives" in body
    assert "https://factsheets.example/admin/me/" in body


def test_a_name_stands_in_plain_text_as_it_is(sheet, people, commit):
    policy = sheet.policies.get()
    policy.names = ["Research & Growth"]
    policy.save()
    with commit():
        workflow.submit(one(sheet), by=people["ada"])
    assert "Research & Growth" in mail.outbox[0].body


def test_twelve_sections_submitted_at_once_are_one_mail(sheet, people, commit, client: Client):
    client.force_login(people["ada"])
    chosen = list(sheet.sections.filter(policy__isnull=False).values_list("pk", flat=True))
    with commit():
        client.post(
            reverse("admin:policies_section_changelist"),
            {"action": "submit", "_selected_action": chosen},
        )
    assert [message.subject for message in mail.outbox] == ["Mexico 2022: 12 sections submitted"]
    assert mail.outbox[0].body.count("- The Plan, ") == 12


def test_a_digest_says_nothing_of_what_was_refused(sheet, people, commit):
    submitted = one(sheet)
    with commit(), mailing.digest():
        workflow.submit(submitted, by=people["ada"])
        with pytest.raises(Exception, match="can't be submitted"):
            workflow.submit(submitted, by=people["ada"])
    assert mail.outbox[0].subject == "Mexico 2022: 1 section submitted"


def test_what_is_rolled_back_sends_nothing(sheet, people, commit):
    with commit(), mailing.digest(), suppress(Failure):
        submit_and_fail(one(sheet), people["ada"])
    assert mail.outbox == []


def test_a_part_that_is_rolled_back_is_left_out(sheet, people, commit):
    with commit(), mailing.digest():
        workflow.submit(one(sheet), by=people["ada"])
        with suppress(Failure):
            submit_and_fail(one(sheet, "focus"), people["ada"])
    assert mail.outbox[0].subject == "Mexico 2022: 1 section submitted"


def test_nothing_is_sent_before_the_commit(sheet, people, commit):
    with commit():
        workflow.submit(one(sheet), by=people["ada"])
        assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_mail_leaves_with_a_real_commit(sheet, people):
    with transaction.atomic():
        workflow.submit(one(sheet), by=people["ada"])
        assert mail.outbox == []
    assert told() == {"ben@example.org"}


def test_a_returned_section_is_told_to_its_author_and_the_editors(sheet, people, commit):
    fay = make_user("fay", Role.EDITOR)
    User.objects.filter(pk=fay.pk).update(email="fay@example.org")
    sheet.editors.add(fay)
    workflow.submit(one(sheet), by=people["ada"])
    with commit():
        workflow.return_(one(sheet), by=people["ben"], comment="Which sectors?")
    assert told() == {"ada@example.org", "fay@example.org"}
    assert "Which sectors?" in mail.outbox[0].body


def test_a_published_factsheet_is_told_to_its_editors_and_reviewers(people, commit):
    with commit():
        version = make_publication(people)
    editors = [message for message in mail.outbox if message.to == ["ada@example.org"]]
    assert [message.subject for message in editors] == ["Mexico 2022: published"]
    assert version.get_absolute_url() in editors[0].body


def test_what_was_approved_in_the_same_breath_is_no_work_for_reviewers(people, commit):
    with commit():
        make_publication(people)
    assert told() == {"ada@example.org"}


def test_a_withdrawn_version_is_told_with_its_reason(people, commit):
    version = make_publication(people)
    version.factsheet.reviewers.add(people["ben"])
    with commit():
        workflow.withdraw(version, by=people["cleo"], reason="Two years are wrong.")
    assert told() == {"ada@example.org", "ben@example.org"}
    assert "Two years are wrong." in mail.outbox[0].body


def test_nobody_is_told_of_what_they_did_themselves(sheet, people, commit):
    sheet.editors.add(people["ben"])
    workflow.submit(one(sheet), by=people["ada"])
    with commit():
        workflow.return_(one(sheet), by=people["ben"], comment="Why?")
    assert told() == {"ada@example.org"}


@pytest.mark.parametrize("change", [{"wants_mail": False}, {"is_active": False}, {"email": ""}])
def test_who_wants_no_mail_or_is_gone_gets_none(sheet, people, commit, change):
    User.objects.filter(pk=people["ben"].pk).update(**change)
    with commit():
        workflow.submit(one(sheet), by=people["ada"])
    assert "ben@example.org" not in told()


@pytest.mark.parametrize("is_active", [True, False])
def test_where_no_assigned_reviewer_is_left_the_others_are_told(sheet, people, commit, is_active):
    User.objects.filter(pk=people["ben"].pk).update(is_active=is_active)
    people["ben"].groups.clear()
    with commit():
        workflow.submit(one(sheet), by=people["ada"])
    assert told()
    assert "ben@example.org" not in told()


def test_an_editor_who_was_taken_off_a_factsheet_gets_no_mail(sheet, people, commit):
    workflow.submit(one(sheet), by=people["ada"])
    sheet.editors.clear()
    with commit():
        workflow.return_(one(sheet), by=people["ben"], comment="Why?")
    assert mail.outbox == []


def test_a_failing_mail_server_breaks_no_step(sheet, people, commit, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with caplog.at_level(logging.ERROR), commit():
        workflow.submit(one(sheet), by=people["ada"])
    assert one(sheet).state == State.SUBMITTED
    assert "no mail sent, 1 lost" in caplog.text


# My settings


def test_everybody_turns_their_own_mail_off_and_on(client: Client, people):
    client.force_login(people["ben"])
    page = reverse("desk:settings")
    client.post(page, {})
    assert not User.objects.get(username="ben").wants_mail
    client.post(page, {"wants_mail": "on"})
    assert User.objects.get(username="ben").wants_mail


def test_nothing_else_of_an_account_changes_there(client: Client, people):
    client.force_login(people["ben"])
    before = User.objects.order_by("pk").values()
    was = [{**row, "wants_mail": None, "last_login": None} for row in before]
    forged = {
        "wants_mail": "on",
        "is_superuser": "on",
        "is_active": "",
        "email": "other@example.org",
        "username": "cleo",
        "groups": "1",
        "id": people["cleo"].pk,
        "pk": people["cleo"].pk,
    }
    client.post(reverse("desk:settings"), forged)
    now = [
        {**row, "wants_mail": None, "last_login": None}
        for row in User.objects.order_by("pk").values()
    ]
    assert now == was
    assert [str(group) for group in people["ben"].groups.all()] == [Role.REVIEWER]


def test_my_settings_are_for_staff_only(client: Client, people):
    assert client.get(reverse("desk:settings")).status_code == 302
    client.force_login(people["dan"])
    assert client.get(reverse("desk:settings")).status_code == 302


def test_my_settings_show_the_address_that_mail_goes_to(client: Client, people):
    client.force_login(people["ada"])
    page = client.get(reverse("desk:settings")).text
    assert "ada@example.org" in page
    assert 'type="email"' not in page


def test_administrators_see_who_wants_mail(client: Client, people):
    boss = make_user("boss")
    grant(boss, Role.ADMINISTRATOR)
    client.force_login(boss)
    page = client.get(reverse("admin:policies_user_change", args=[people["ada"].pk])).text
    assert form_data(page, "user_form")["wants_mail"] == ["on"]
