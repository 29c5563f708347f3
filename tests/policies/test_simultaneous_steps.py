"""Two people at once, in threads and in processes: nothing is lost, and a step is taken once."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from policies import workflow
from policies.loading import load
from policies.models import (
    Country,
    Edition,
    Factsheet,
    Policy,
    Presence,
    Publication,
    ReviewEvent,
    Section,
    State,
    User,
)
from policies.roles import Role
from tests import racing
from tests.admin_form import form_data
from tests.factory import make_factsheet, make_policy, make_scored_document, make_user, section

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def processes(django_db_setup: None) -> Iterator[racing.Race]:
    with racing.processes(2) as race:
        yield race


@pytest.fixture(params=["threads", "processes"])
def race(request: pytest.FixtureRequest) -> racing.Race:
    if request.param == "threads":
        return racing.threads
    return request.getfixturevalue("processes")


@pytest.fixture
def eve(cast: dict[str, User]) -> User:
    """A second reviewer."""
    return make_user("eve", Role.REVIEWER)


@pytest.fixture
def policy(cast: dict[str, User]) -> Policy:
    factsheet = make_factsheet()
    factsheet.editors.add(cast["ada"])
    return make_policy(factsheet)


@pytest.fixture
def approved(cast: dict[str, User]) -> Factsheet:
    """Every section is approved, and nothing is published."""
    factsheet = load(make_scored_document(), by=cast["ada"]).factsheet
    factsheet.editors.add(cast["ada"])
    for each in factsheet.sections.all():
        workflow.submit(each, by=cast["ada"])
        workflow.approve(each, by=cast["ben"])
    return factsheet


def submitted(factsheet: Factsheet, cast: dict[str, User]) -> Section:
    focus = factsheet.sections.get(type__code="focus")
    workflow.reopen(focus, by=cast["ben"])
    workflow.submit(focus, by=cast["ada"])
    return focus


def events(action: str) -> int:
    return ReviewEvent.objects.filter(action=action).count()


def test_saves_of_different_sections_are_both_kept(race, cast, policy):
    focus, budget = section(policy, "focus"), section(policy, "budget")
    told = race(("write", "ada", focus.pk, "Hers."), ("write", "ben", budget.pk, "His."))
    assert told == ["saved", "saved"]
    for each, text in ((focus, "Hers."), (budget, "His.")):
        each.refresh_from_db()
        assert (each.text, each.version, each.revisions.count()) == (text, 2, 2)


def test_of_two_saves_of_one_section_the_second_is_shown_the_first(race, cast, policy):
    focus = section(policy, "focus")
    told = race(("write", "ada", focus.pk, "Hers."), ("write", "ben", focus.pk, "His."))
    assert sorted(told) == ["saved", "shown again"]
    focus.refresh_from_db()
    assert focus.text == dict(zip(told, ["Hers.", "His."], strict=True))["saved"]
    assert focus.revisions.count() == 2


def test_a_form_that_is_sent_twice_at_once_is_saved_once(race, cast, policy):
    client = Client()
    client.force_login(cast["ada"])
    address = reverse("admin:policies_policy_add")
    data = form_data(client.get(address).text, "policy_form")
    data |= {"factsheet": policy.factsheet_id, "names": "Another", "kind": "broad"}
    sent = ("send", client.cookies["sessionid"].value, address, data)
    assert race(sent, sent) == ["saved", "saved"]
    assert policy.factsheet.policies.filter(code__startswith="another").count() == 1


def test_a_country_gets_one_factsheet(race, reference):
    address = reverse("admin:policies_factsheet_add")
    place = {"country": Country.objects.get(code="FR").pk, "edition": Edition.objects.get().pk}
    deeds = []
    for name in ("root", "other"):
        client = Client()
        client.force_login(User.objects.create_superuser(name))
        data = form_data(client.get(address).text, "factsheet_form") | place
        deeds.append(("send", client.cookies["sessionid"].value, address, data))
    assert sorted(race(*deeds)) == ["saved", "shown again"]
    assert Factsheet.objects.count() == 1


def test_two_approvals_are_one(race, cast, eve, approved):
    focus = submitted(approved, cast)
    before = events("approved")
    told = race(("approve", "ben", focus.pk), ("approve", "eve", focus.pk))
    assert sorted(told)[0] == "done"
    assert "is approved, so it can't be approved" in sorted(told)[1]
    assert events("approved") == before + 1


def test_two_submissions_are_one(race, cast, approved):
    focus = approved.sections.get(type__code="focus")
    workflow.reopen(focus, by=cast["ben"])
    before = events("submitted")
    told = race(("submit", "ada", focus.pk), ("submit", "ben", focus.pk))
    assert [line.partition(":")[0] for line in sorted(told)] == ["done", "refused"]
    assert events("submitted") == before + 1


def test_two_publications_are_one(race, cast, approved):
    told = race(("publish", "cleo", approved.pk), ("publish", "cleo", approved.pk))
    assert [line.partition(":")[0] for line in sorted(told)] == ["done", "refused"]
    assert Publication.objects.get().is_current


def test_a_text_saved_while_it_is_approved_is_a_draft(race, cast, approved):
    focus = submitted(approved, cast)
    seen = focus.version
    told = race(("approve", "ben", focus.pk), ("write", "ada", focus.pk, "Newer."))
    assert told[1] == "saved"
    focus.refresh_from_db()
    assert (focus.text, focus.state, focus.version) == ("Newer.", State.DRAFT, seen + 1)
    assert focus.approved_revision.number == seen


def test_what_is_published_was_approved_though_it_is_being_edited(race, cast, approved):
    focus = approved.sections.get(type__code="focus")
    told = race(("publish", "cleo", approved.pk), ("write", "ada", focus.pk, "Newer."))
    assert told[1] == "saved"
    published = Publication.objects.all()
    assert published.exists() == (told[0] == "done")
    assert not any("Newer." in publication.document_json for publication in published)
    focus.refresh_from_db()
    assert (focus.text, focus.state) == ("Newer.", State.DRAFT)


def test_a_page_opened_at_two_windows_is_one_presence(race, cast, policy):
    assert race(("open", "ada", policy.pk), ("open", "ada", policy.pk)) == ["there", "there"]
    assert Presence.objects.count() == 1


def test_many_saves_in_a_row_lose_nothing(race, cast, policy):
    focus, budget = section(policy, "focus"), section(policy, "budget")
    for number in range(3):
        hers = ("write", "ada", focus.pk, f"Hers {number}.")
        his = ("write", "ben", budget.pk, f"His {number}.")
        assert race(hers, his) == ["saved", "saved"]
    assert [section(policy, type_).version for type_ in ("focus", "budget")] == [4, 4]


def test_readers_of_other_processes_see_a_publication_and_its_withdrawal_at_once(
    processes, cast, approved
):
    """Each process remembers its pages, and asks the database whether they are still right."""
    pages = ["/", "/factsheets/", "/policies/", "/factsheets/2022/mexico/", "/search/?q=grants"]
    read = ("read", *pages)

    def seen() -> set[str]:
        return {words for told in processes(read, read) for words in told.split(", ")}

    assert seen() == {"not there"}
    publication = workflow.publish(approved, by=cast["cleo"])
    assert seen() == {"there"}
    assert seen() == {"there"}
    workflow.withdraw(publication, by=cast["cleo"], reason="A mistake.")
    assert processes(read, read) == ["not there, not there, not there, there, not there"] * 2
