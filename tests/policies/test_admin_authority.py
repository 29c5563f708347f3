"""A publisher records what the national authority said of a version, and objections to it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from policies import workflow
from policies.models import Objection, Publication, User, Validation
from tests.admin_form import errors, form_data
from tests.factory import make_cast, make_publication
from tests.lasting import lent

pytestmark = pytest.mark.django_db

ADD = {name: f"/admin/policies/{name}/add/" for name in ("validation", "objection")}


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    cast = make_cast()
    return SimpleNamespace(cast=cast, version=make_publication(cast))


cast, version = lent("cast"), lent("version")


@pytest.fixture
def cleo(client: Client, cast: dict[str, User]) -> Client:
    client.force_login(cast["cleo"])
    return client


def add(client: Client, name: str, version: Publication, **typed: Any) -> Any:
    address = f"{ADD[name]}?publication={version.pk}"
    page = client.get(address).text
    return client.post(address, {**form_data(page, f"{name}_form"), **typed})


def objection(client: Client, version: Publication, **typed: Any) -> Objection:
    fields = {"received_on": "2023-01-05", "office": "Office", "text": "The year is wrong."}
    response = add(client, "objection", version, **fields, **typed)
    assert response.status_code == 302
    return Objection.objects.get()


def page_of(version: Publication) -> str:
    return reverse("admin:policies_publication_change", args=[version.pk])


def test_a_validation_is_recorded_from_the_page_of_its_version(cleo, version, cast) -> None:
    page = cleo.get(page_of(version)).text
    assert f'href="{ADD["validation"]}?publication={version.pk}"' in page
    response = add(
        cleo, "validation", version, status="validated", office="Ministry", on="2023-03-01"
    )
    assert response.url == page_of(version)
    found = Validation.objects.get()
    assert (found.publication, found.by, found.office) == (version, cast["cleo"], "Ministry")
    assert "validated, Ministry 2023-03-01" in cleo.get(page_of(version)).text


def test_a_step_of_validation_names_the_office_and_the_day(cleo, version) -> None:
    response = add(cleo, "validation", version, status="asked")
    assert "Name the office and the date." in errors(response)


@pytest.mark.parametrize("name", ["validation", "objection"])
def test_nothing_is_recorded_before_it_happened(cleo, version, name: str) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    typed = {"status": "asked", "on": tomorrow, "received_on": tomorrow, "office": "O", "text": "T"}
    assert "This day is still to come." in errors(add(cleo, name, version, **typed))


def test_a_validation_can_not_be_changed_afterwards(cleo, version) -> None:
    add(cleo, "validation", version, status="not_asked")
    address = reverse("admin:policies_validation_change", args=[Validation.objects.get().pk])
    assert cleo.post(address, {"status": "validated"}).status_code == 403
    assert Validation.objects.get().status == "not_asked"


def test_a_withdrawn_version_is_not_offered(cleo, version, cast) -> None:
    workflow.withdraw(version, by=cast["cleo"], reason="Wrong.")
    assert ADD["validation"] not in cleo.get(page_of(version)).text
    response = add(cleo, "validation", version, status="not_asked", publication=version.pk)
    assert "That choice is not one of the available choices" in errors(response)


def test_an_objection_is_decided_with_a_day_and_its_text_stays(cleo, version, cast) -> None:
    row = objection(cleo, version)
    address = reverse("admin:policies_objection_change", args=[row.pk])
    data = form_data(cleo.get(address).text, "objection_form")
    data |= {"decision": "rejected", "decided_on": "2023-02-01", "decision_note": "It is right."}
    response = cleo.post(address, {**data, "text": "Forged.", "office": "Forged"})
    assert response.url == page_of(version)
    row.refresh_from_db()
    assert (row.decision, row.decided_by, row.text) == (
        "rejected",
        cast["cleo"],
        "The year is wrong.",
    )


@pytest.mark.parametrize(
    ("decision", "day", "words"),
    [
        ("upheld", "", "A decision has a date"),
        ("open", "2023-02-01", "an open objection has none"),
        ("upheld", "2023-01-04", "before it was received"),
    ],
)
def test_a_decision_has_a_day_that_can_be(cleo, version, decision, day, words) -> None:
    row = objection(cleo, version)
    address = reverse("admin:policies_objection_change", args=[row.pk])
    data = form_data(cleo.get(address).text, "objection_form")
    response = cleo.post(address, {**data, "decision": decision, "decided_on": day})
    assert words in errors(response)


@pytest.mark.parametrize("name", ["ada", "ben", "dan"])
@pytest.mark.parametrize("model", ["validation", "objection"])
def test_only_a_publisher_records(client, version, cast, name: str, model: str) -> None:
    client.force_login(cast[name])
    data = {"publication": version.pk, "status": "not_asked", "received_on": "2023-01-05"}
    response = client.post(ADD[model], {**data, "office": "O", "text": "T"})
    assert response.status_code in (302, 403)
    assert not Validation.objects.exists()
    assert not Objection.objects.exists()


def test_editors_read_what_was_recorded(client, version, cast) -> None:
    client.force_login(cast["cleo"])
    row = objection(client, version)
    client.force_login(cast["ada"])
    assert "Office, 2023-01-05" in client.get(page_of(version)).text
    address = reverse("admin:policies_objection_change", args=[row.pk])
    assert "The year is wrong." in client.get(address).text
    assert client.post(address, {"decision": "upheld"}).status_code == 403


def test_an_objection_that_is_sent_twice_is_one_objection(cleo, version) -> None:
    address = f"{ADD['objection']}?publication={version.pk}"
    data = form_data(cleo.get(address).text, "objection_form")
    data |= {"received_on": "2023-01-05", "office": "Office", "text": "The year is wrong."}
    first, second = cleo.post(address, data), cleo.post(address, data)
    assert first.url == second.url
    assert Objection.objects.count() == 1
