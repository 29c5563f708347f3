"""The history pages of the admin: what differs, who did it, and the way back."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from policies import workflow
from policies.changes import Source, change_set
from policies.models import Factsheet, Policy, Section, SectionRevision, State, User
from policies.roles import Role
from tests.admin_form import form_data, queries, said
from tests.factory import make_cast, make_policy, make_publication, make_user, section, tick
from tests.lasting import lent

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    """Version 1 is published; since then Ada has changed the plan's focus twice."""
    cast = make_cast()
    published = make_publication(cast).factsheet
    policy = published.policies.get()
    with change_set(by=cast["ada"], source=Source.ADMIN, note="after a call"):
        row = tick(policy, "focus", "sectoral")
        row.text = "The plan is for one sector."
        row.save()
    with change_set(by=cast["ada"], source=Source.ADMIN):
        row.text = "The plan is for one <b>region</b>."
        row.save()
    return SimpleNamespace(cast=cast, factsheet=Factsheet.objects.get(pk=published.pk))


cast, factsheet = lent("cast"), lent("factsheet")


@pytest.fixture
def focus(factsheet: Factsheet) -> Section:
    return section(factsheet.policies.get(), "focus")


@pytest.fixture
def ada(client: Client, cast: dict[str, User]) -> Client:
    client.force_login(cast["ada"])
    return client


def history(row: Section | Factsheet) -> str:
    return reverse(f"admin:policies_{row._meta.model_name}_history", args=[row.pk])


def numbered(row: Section, number: int) -> int:
    return row.revisions.get(number=number).pk


def read(client: Client, row: Section, query: str = "") -> str:
    response = client.get(f"{history(row)}{query}")
    assert response.status_code == 200
    return " ".join(response.text.split())


# A section


def test_every_version_is_listed_with_who_when_how_and_why(ada, focus) -> None:
    page = read(ada, focus)
    for number in (1, 2, 3):
        assert f">#{number}</a>" in page
    assert "after a call" in page
    assert "<td>ada</td> <td>admin</td>" in page
    assert "<td>JSON</td>" in page


def test_what_was_decided_stands_at_the_version_that_it_was_decided_of(ada, focus, cast) -> None:
    workflow.submit(focus, by=cast["ada"], kind="wording_only")
    workflow.return_(focus, by=cast["ben"], comment="Which region?")
    page = read(ada, focus)
    assert "returned, ben" in page
    assert ": Which region?" in page
    assert "approved, ben" in page  # the first version, on its way to version 1


def test_unasked_the_newest_is_compared_with_the_one_before_it(ada, focus) -> None:
    page = read(ada, focus)
    assert "What changed from #2 to #3" in page
    assert "[removed: </span>sector" in page
    assert "<b>region" not in page


def test_any_two_can_be_compared(ada, focus) -> None:
    page = read(ada, focus, f"?from={numbered(focus, 1)}&to={numbered(focus, 2)}")
    assert "What changed from #1 to #2" in page
    assert "added: </span>Sectoral" in page


def test_the_first_version_is_compared_with_nothing(ada, focus) -> None:
    page = read(ada, focus, f"?to={numbered(focus, 1)}")
    assert "What changed from an empty section to #1" in page


@pytest.mark.parametrize(
    ("since", "words"),
    [("approved", "What changed from #1 to #3"), ("published", "from version 1, as published to")],
)
def test_what_changed_since_a_decision_is_one_click_away(ada, focus, since, words) -> None:
    assert f'href="?from={since}"' in read(ada, focus)
    page = read(ada, focus, f"?from={since}")
    assert words in page
    assert "added: </span>Sectoral" in page


def test_a_published_bibliography_is_compared_by_what_people_wrote(ada, factsheet) -> None:
    row = factsheet.sections.get(type__code="bibliography")
    assert "No difference" in read(ada, row, "?from=published")


@pytest.mark.parametrize("asked", ["0", "x", "99999999999999999999"])
def test_a_version_that_is_not_there_is_said_to_be_missing(ada, focus, asked: str) -> None:
    assert "One of the two is not there" in read(ada, focus, f"?from={asked}")


def test_the_version_of_another_section_is_not_there(ada, focus) -> None:
    other = section(focus.policy, "objectives").revisions.get().pk
    assert "One of the two is not there" in read(ada, focus, f"?from={other}")


def restore(client: Client, row: Section, number: int, **typed: str) -> Any:
    page = client.get(f"{history(row)}?from={numbered(row, number)}").text
    return client.post(history(row), {**form_data(page, "restore"), **typed})


def test_an_older_version_is_restored_with_a_note(ada, focus) -> None:
    response = restore(ada, focus, 2, note="The ministry says so")
    assert response.url == history(focus)
    assert said(response)[0] == "Restored from #2; the section is now #4, a draft."
    focus.refresh_from_db()
    assert focus.text == "The plan is for one sector."
    assert focus.revisions.get(number=4).note == "Restored from #2: The ministry says so"


def test_restoring_what_is_there_already_writes_nothing(ada, focus) -> None:
    data = {"revision": numbered(focus, 3), "seen": focus.version}
    response = ada.post(history(focus), data)
    assert said(response)[0] == "Nothing was written: the section holds just what #3 held."
    assert focus.revisions.count() == 3


def test_a_stale_page_restores_nothing(ada, focus) -> None:
    data = {"revision": numbered(focus, 1), "seen": focus.version - 1}
    response = ada.post(history(focus), data)
    assert "was changed after you opened this page" in said(response)[0]
    assert focus.revisions.count() == 3


@pytest.mark.parametrize("data", [{}, {"revision": "x", "seen": 3}, {"revision": 10**30}])
def test_a_form_that_names_no_version_is_refused(ada, focus, data) -> None:
    assert ada.post(history(focus), data).status_code == 404


def test_a_version_of_another_section_can_not_be_restored_here(ada, focus) -> None:
    other = section(focus.policy, "objectives").revisions.get().pk
    data = {"revision": other, "seen": focus.version}
    assert ada.post(history(focus), data).status_code == 404


@pytest.mark.parametrize("name", ["cleo", "fay", "dan"])
def test_only_who_may_write_restores(client, focus, cast, name: str) -> None:
    fay = make_user("fay", Role.EDITOR)  # of no factsheet
    client.force_login({**cast, "fay": fay}[name])
    assert 'id="restore"' not in client.get(history(focus)).text
    data = {"revision": numbered(focus, 1), "seen": focus.version}
    response = client.post(history(focus), data)
    assert response.status_code in (302, 403)
    assert focus.revisions.count() == 3
    if name == "cleo":  # who may read it, and so gets a message
        assert "cleo may not write here" in said(response)[0]


def test_an_outsider_reads_no_history(client, focus, factsheet) -> None:
    client.force_login(make_user("fay", Role.EDITOR))
    for row in (focus, factsheet):
        assert client.get(history(row)).status_code == 302  # as if there was no such row


def test_the_history_of_a_section_takes_as_many_queries_however_long_it_is(ada, focus) -> None:
    before = queries(ada, history(focus))
    for number in range(5):
        focus.text = f"Text {number}."
        focus.save()
        Section.bookkeeping.filter(pk=focus.pk).update(state=State.DRAFT)
    assert queries(ada, history(focus)) == before <= 16


# A factsheet


def test_what_one_step_changed_stands_in_one_line(ada, factsheet) -> None:
    page = ada.get(history(factsheet))
    first, *_others, last = page.context["changes"]
    assert [str(revision) for revision in first.revisions] == ["plan.focus #3"]
    assert len(last.revisions) == SectionRevision.objects.filter(number=1).count()
    assert "The Plan, Policy focus" in page.text


def test_a_deleted_policy_is_offered_and_comes_back(ada, factsheet) -> None:
    Policy.objects.get().delete()
    page = ada.get(history(factsheet)).text
    assert "Deleted policies" in page
    data = {**form_data(page, "restore-plan"), "note": "Deleted by mistake"}
    response = ada.post(history(factsheet), data)
    assert said(response)[0] == "“The Plan” is back, with all its sections as they last were."
    back = section(factsheet.policies.get(), "focus")
    assert "<b>region</b>" in back.text
    assert f">#{back.version}</a>" in read(ada, back)
    assert ">#1</a>" in read(ada, back)  # its history before the deletion


@pytest.mark.parametrize("code", ["plan", "nowhere", ""])
def test_a_policy_that_is_not_deleted_can_not_be_restored(ada, factsheet, code: str) -> None:
    response = ada.post(history(factsheet), {"policy": code})
    assert "“" in said(response)[0]
    assert factsheet.policies.count() == 1


@pytest.mark.parametrize("name", ["cleo", "dan"])
def test_only_who_may_write_restores_a_policy(client, factsheet, cast, name: str) -> None:
    Policy.objects.get().delete()
    client.force_login(cast[name])
    assert client.post(history(factsheet), {"policy": "plan"}).status_code in (302, 403)
    assert not factsheet.policies.exists()


def test_the_history_of_a_factsheet_takes_as_many_queries_however_long_it_is(
    ada, factsheet
) -> None:
    before = queries(ada, history(factsheet))
    make_policy(factsheet, "second", order=2)
    make_policy(factsheet, "third", order=3).delete()
    assert queries(ada, history(factsheet)) == before <= 14


# Records


def test_records_name_sections_by_their_titles(ada, focus) -> None:
    page = ada.get(reverse("admin:policies_sectionrevision_changelist")).text
    assert "The Plan, Policy focus" in page
    events = ada.get(reverse("admin:policies_reviewevent_changelist")).text
    assert "The Plan, Policy focus #1" in events


def test_a_section_shows_why_it_was_last_changed_and_the_footnotes_of_its_text(ada, focus) -> None:
    with change_set(note="as printed"):
        focus.text = "A claim.[^1]\n\n[^1]: The source of it."
        focus.save()
    page = ada.get(reverse("admin:policies_section_change", args=[focus.pk])).text
    assert ": as printed" in page
    assert "The source of it." in page.partition('class="footnotes"')[2]
