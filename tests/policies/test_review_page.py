"""The review page: what it shows to whom, and what it does with what is sent to it."""

import html
import logging
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from policies.changes import change_set
from policies.loading import load
from policies.models import (
    ChangeKind,
    Comment,
    Factsheet,
    ReviewEvent,
    Section,
    State,
    User,
    WarningReason,
)
from policies.roles import Role
from policies.workflow import approve, comment, return_, submit
from tests.admin_form import queries, said
from tests.factory import make_cast, make_publication, make_scored_document, make_user
from tests.lasting import lent


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    """Written by Ada, with points on every criterion."""
    cast = make_cast()
    loaded = load(make_scored_document(), by=cast["ada"]).factsheet
    loaded.editors.add(cast["ada"])
    return SimpleNamespace(cast=cast, factsheet=loaded)


cast, factsheet = lent("cast"), lent("factsheet")


@pytest.fixture
def section(factsheet: Factsheet, cast: dict[str, User]) -> Section:
    """Submitted by Ada."""
    found = factsheet.sections.get(policy=None, type__code="introduction")
    submit(found, by=cast["ada"])
    return found


@pytest.fixture
def published(cast: dict[str, User]) -> Factsheet:
    """Published, and its introduction changed by Ada since."""
    found = make_publication(cast, make_scored_document("FR")).factsheet
    write(found.sections.get(type__code="introduction"), cast["ada"], "At one glance.")
    return found


def address(factsheet: Factsheet) -> str:
    return reverse("admin:policies_factsheet_review", args=[factsheet.pk])


def write(section: Section, by: User, text: str) -> None:
    with change_set(by=by):
        section.text = text
        section.save()
    section.refresh_from_db()


def open_(client: Client, user: User, factsheet: Factsheet) -> str:
    client.force_login(user)
    return html.unescape(client.get(address(factsheet)).text)


def strip(page: str, anchor: str) -> str:
    """The strip beside the part with this address, as text between tags."""
    after = page.partition(f'id="review-{anchor}"')[2]
    return re.split(r'id="review-[\w.-]+" tabindex', after)[0]


def send(client: Client, user: User, factsheet: Factsheet, step: str, **typed: str) -> Any:
    client.force_login(user)
    return client.post(address(factsheet), {"step": step, **typed})


def about(step: str, section: Section, version: int | None = None) -> str:
    return f"{step}:{section.pk}:{section.version if version is None else version}"


def state(section: Section) -> str:
    return Section.objects.values_list("state", flat=True).get(pk=section.pk)


# What it shows


def test_it_shows_the_factsheet_as_it_would_be_published(client, cast, published):
    page = open_(client, cast["ben"], published)
    assert "Draft, not published." in page
    assert "At one glance." in page
    assert "version 2" in page
    assert "At one glance." not in client.get(published.get_absolute_url()).text


def test_public_pages_know_nothing_of_it(client, published):
    page = client.get(published.get_absolute_url()).text
    assert "review-" not in page
    assert "<form" not in page


def test_it_is_never_kept_and_never_indexed(client, cast, factsheet):
    client.force_login(cast["ben"])
    response = client.get(address(factsheet))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in response.text


def test_every_section_has_its_strip(client, cast, factsheet):
    page = open_(client, cast["ben"], factsheet)
    strips = re.findall(r'id="review-([\w.-]+)" tabindex="-1" role="group"', page)
    assert sorted(strips) == sorted(section.anchor for section in factsheet.sections.all())


def test_a_draft_that_is_far_from_whole_still_shows(client, cast):
    document = make_scored_document("FR", maturity={"criteria": []})
    document["policies"][0]["sections"] = []
    factsheet = load(document, by=cast["ada"]).factsheet
    write(factsheet.sections.get(type__code="introduction"), cast["ada"], "See [@nobody].")
    page = open_(client, cast["ben"], factsheet)
    assert "not complete" in page
    assert "cites “nobody”, which is not in the bibliography" in strip(page, "introduction")


@pytest.mark.parametrize(("who", "status"), [("dan", 302), ("eve", 403), ("cleo", 200)])
def test_only_those_who_may_see_a_draft_see_it(client, cast, factsheet, who, status):
    people = {**cast, "eve": make_user("eve", Role.EDITOR)}  # of other factsheets
    client.force_login(people[who])
    assert client.get(address(factsheet)).status_code == status
    assert client.post(address(factsheet), {"step": "comment"}).status_code in (status, 302)
    assert not Comment.objects.exists()


def test_a_factsheet_that_is_not_there_is_not_found(client, cast, factsheet):
    client.force_login(cast["ben"])
    assert client.get(f"/admin/policies/factsheet/{10**30}/review/").status_code == 404


def test_a_strip_tells_what_changed_since_the_version_that_readers_see(client, cast, published):
    found = strip(open_(client, cast["ben"], published), "introduction")
    assert "Changed since version 1" in found
    assert re.search(r"<ins>.*one.*</ins>", found)


def test_what_was_approved_since_is_compared_on_its_own(client, cast, published):
    section = published.sections.get(type__code="introduction")
    submit(section, by=cast["ada"], kind=ChangeKind.WORDING_ONLY)
    approve(section, by=cast["ben"])
    write(section, cast["ada"], "At a third glance.")
    found = strip(open_(client, cast["ben"], published), "introduction")
    assert "Changed since it was approved" in found
    assert "Changed since version 1" in found


def test_a_strip_offers_what_the_person_may_do_now(client, cast, factsheet, section):
    page = open_(client, cast["ben"], factsheet)
    assert f'value="{about("approve", section)}"' in page
    assert f'value="{about("return", section)}"' in page
    page = open_(client, cast["ada"], factsheet)
    assert 'value="approve:' not in page
    assert f'value="{about("reopen", section)}"' in page
    page = open_(client, cast["cleo"], factsheet)
    assert not re.search(r'value="(approve|return|submit|reopen):', page)


def test_a_reviewer_is_told_that_the_text_is_their_own(client, cast, factsheet, section):
    write(section, cast["ben"], "Mended.")
    submit(section, by=cast["ben"])
    assert "Your own text" in strip(open_(client, cast["ben"], factsheet), "introduction")
    assert f'value="{about("approve", section)}"' not in open_(client, cast["ben"], factsheet)
    assert f'value="{about("approve", section)}"' in open_(client, cast["ada"], factsheet)


def test_the_queries_do_not_grow_with_the_sections(client, cast, factsheet):
    document = make_scored_document("FR")
    document["policies"] = [
        {**document["policies"][0], "code": f"plan-{number}"} for number in range(4)
    ]
    big = load(document, by=cast["ada"]).factsheet
    for each in (factsheet, big):
        for section in each.sections.all():
            submit(section, by=cast["ada"] if each == factsheet else cast["ben"])
            comment(each, by=cast["ben"], text="Look again.", section=section)
    client.force_login(cast["cleo"])
    assert queries(client, address(big)) == queries(client, address(factsheet)) <= 34


# Steps


def test_a_reviewer_approves_and_is_led_to_the_next(client, cast, factsheet, section):
    other = factsheet.sections.get(type__code="scope")
    submit(other, by=cast["ada"])
    response = send(client, cast["ben"], factsheet, about("approve", section))
    assert state(section) == State.APPROVED
    assert response.url == f"{address(factsheet)}#review-scope"
    assert said(response) == ["1 section approved."]


def test_a_text_that_changed_since_it_was_shown_is_not_approved(client, cast, factsheet, section):
    shown = about("approve", section)
    write(section, cast["ada"], "Something else.")
    submit(section, by=cast["ada"])
    response = send(client, cast["ben"], factsheet, shown)
    assert said(response) == ["Introduction was edited since you opened it; read it again."]
    assert state(section) == State.SUBMITTED


def test_a_reviewer_returns_with_a_comment_that_stays_open(client, cast, factsheet, section):
    text = {f"text-{section.pk}": "Say more."}
    send(client, cast["ben"], factsheet, about("return", section), **text)
    assert state(section) == State.CHANGES_REQUESTED
    assert "Say more." in strip(open_(client, cast["ada"], factsheet), "introduction")


def test_a_return_without_a_comment_asks_for_one(client, cast, factsheet, section):
    response = send(client, cast["ben"], factsheet, about("return", section))
    assert said(response) == ["Say in a comment what should be changed."]
    assert state(section) == State.SUBMITTED


def test_what_was_typed_elsewhere_comes_back(client, cast, factsheet, section):
    other = factsheet.sections.get(type__code="scope")
    typed = {f"text-{section.pk}": "", f"text-{other.pk}": "Half a thought"}
    send(client, cast["ben"], factsheet, about("approve", section), **typed)
    assert ">Half a thought</textarea>" in open_(client, cast["ben"], factsheet)
    send(client, cast["ben"], factsheet, about("comment", other), **typed)
    page = open_(client, cast["ben"], factsheet)
    assert ">Half a thought</textarea>" not in page
    assert "<p>Half a thought</p>" in strip(page, "scope")


def test_a_comment_is_resolved_and_gone(client, cast, factsheet, section):
    return_(section, by=cast["ben"], comment="Say more.")
    key = Comment.objects.get().pk
    send(client, cast["ada"], factsheet, f"resolve:{key}")
    assert Comment.objects.get().resolved_by == cast["ada"]
    assert "Say more." not in open_(client, cast["ada"], factsheet)


def test_a_comment_on_the_whole_factsheet_stands_above_it(client, cast, factsheet):
    send(client, cast["cleo"], factsheet, "comment", **{"text-all": "Which title?"})
    panel = open_(client, cast["ada"], factsheet).partition('<header class="hero">')[0]
    assert "Which title?" in panel


def test_a_change_of_what_is_published_is_submitted_with_its_kind(client, cast, published):
    section = published.sections.get(type__code="introduction")
    response = send(client, cast["ada"], published, about("submit", section))
    assert "Say which it is" in said(response)[0]
    kind = {f"kind-{section.pk}": "wording_only"}
    send(client, cast["ada"], published, about("submit", section), **kind)
    assert ReviewEvent.objects.latest("pk").change_kind == ChangeKind.WORDING_ONLY


def test_all_that_the_page_showed_is_approved_at_once(client, cast, factsheet, section):
    page = open_(client, cast["ben"], factsheet)
    (seen,) = re.findall(r'name="seen-approve" value="([^"]*)"', page)
    later = factsheet.sections.get(type__code="scope")
    submit(later, by=cast["ada"])
    send(client, cast["ben"], factsheet, "approve", **{"seen-approve": seen})
    assert (state(section), state(later)) == (State.APPROVED, State.SUBMITTED)


def test_all_drafts_are_submitted_and_returned_at_once(client, cast, factsheet):
    sections = list(factsheet.sections.all())
    seen = " ".join(f"{each.pk}:{each.version}" for each in sections)
    send(client, cast["ada"], factsheet, "submit", **{"seen-submit": seen})
    assert {state(each) for each in sections} == {State.SUBMITTED}
    send(
        client,
        cast["ben"],
        factsheet,
        "return",
        **{"seen-return": seen, "text-return-all": "Once more."},
    )
    assert {state(each) for each in sections} == {State.CHANGES_REQUESTED}


def test_a_second_press_changes_nothing(client, cast, factsheet, section):
    step = about("approve", section)
    send(client, cast["ben"], factsheet, step)
    response = send(client, cast["ben"], factsheet, step)
    assert "is approved, so it can't be approved" in said(response)[-1]
    assert ReviewEvent.objects.filter(action="approved").count() == 1


# Checks


def doubt(factsheet: Factsheet, by: User) -> None:
    write(factsheet.sections.get(type__code="introduction"), by, "It cost $5 million.")


def explained(page: str) -> str:
    """The value of the button that keeps the reason."""
    return re.findall(r'value="(explain:[^"]+)"', page)[0]


def test_a_reason_is_kept_for_what_the_page_showed(client, cast, factsheet):
    doubt(factsheet, cast["ada"])
    step = explained(open_(client, cast["ada"], factsheet))
    reason = {f"reason-{step.split(':')[1]}": "As printed."}
    send(client, cast["ada"], factsheet, step, **reason)
    page = open_(client, cast["ben"], factsheet)
    assert "May stand: As printed." in page
    assert "With findings" not in page


def test_a_reason_for_what_has_changed_since_is_asked_again(client, cast, factsheet):
    doubt(factsheet, cast["ada"])
    step = explained(open_(client, cast["ada"], factsheet))
    reason = {f"reason-{step.split(':')[1]}": "As printed."}
    write(factsheet.sections.get(type__code="scope"), cast["ada"], "And $7 million.")
    response = send(client, cast["ada"], factsheet, step, **reason)
    assert said(response) == ["What this reason explains has changed since: read it again."]
    assert not WarningReason.objects.exists()
    assert ">As printed.</textarea>" in open_(client, cast["ada"], factsheet)


def test_it_says_when_a_factsheet_is_ready(client, cast, published):
    assert "Not ready to publish yet. 1 section is not approved." in open_(
        client, cast["cleo"], published
    )
    section = published.sections.get(type__code="introduction")
    submit(section, by=cast["ada"], kind=ChangeKind.WORDING_ONLY)
    approve(section, by=cast["ben"])
    page = open_(client, cast["cleo"], published)
    assert "Ready to publish." in page
    assert ">Publish…</button>" in page


# What is refused


def test_the_section_of_another_factsheet_is_refused(client, cast, factsheet, section, caplog):
    other = load(make_scored_document("FR"), by=cast["ada"]).factsheet
    response = send(client, cast["ben"], other, about("approve", section))
    assert "is not one of France 2022" in said(response)[0]
    assert state(section) == State.SUBMITTED
    assert f"sections [{section.pk}] not all of factsheet {other.pk}" in caplog.text


def test_a_comment_of_another_factsheet_is_refused(client, cast, factsheet, section, caplog):
    other = load(make_scored_document("FR"), by=cast["ada"]).factsheet
    theirs = comment(factsheet, by=cast["ben"], text="Look again.")
    response = send(client, cast["ben"], other, f"resolve:{theirs.pk}")
    assert said(response) == ["There is no such comment on this factsheet."]
    assert Comment.objects.open().get() == theirs
    assert "refused: ben, resolve" in caplog.text


@pytest.mark.parametrize(
    ("who", "step"),
    [("ada", "approve"), ("ada", "return"), ("cleo", "approve"), ("cleo", "reopen")],
)
def test_a_forged_step_is_refused_and_kept_in_the_log(
    client, cast, factsheet, section, caplog, who, step
):
    text = {f"text-{section.pk}": "Forged."}
    response = send(client, cast[who], factsheet, about(step, section), **text)
    assert f"{who} may not " in said(response)[0]
    assert state(section) == State.SUBMITTED
    assert [r.levelno for r in caplog.records if "refused" in r.message] == [logging.WARNING]


def test_nobody_approves_their_own_text_not_even_a_superuser(client, admin_user, factsheet, caplog):
    section = factsheet.sections.get(type__code="introduction")
    write(section, admin_user, "All mine.")
    submit(section, by=admin_user)
    response = send(client, admin_user, factsheet, about("approve", section))
    assert "nobody approves their own text" in said(response)[0]
    assert state(section) == State.SUBMITTED
    assert "own text" in caplog.text


@pytest.mark.parametrize(
    "step", ["", "publish:1:1", "approve", "approve:x:1", "resolve:", "resolve:x", "explain:a:b"]
)
def test_nonsense_does_nothing_and_says_so(client, cast, factsheet, section, step):
    response = send(client, cast["ben"], factsheet, step, seen="1:x")
    assert response.status_code == 302
    assert len(said(response)) == 1
    assert state(section) == State.SUBMITTED
