"""Who is told that somebody else has the same form open, and for how long."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from policies.models import Factsheet, Policy, Presence, SectionRevision, User
from tests.factory import make_factsheet, make_policy


@pytest.fixture
def factsheet(cast: dict[str, User]) -> Factsheet:
    made = make_factsheet()
    made.editors.add(cast["ada"])
    return made


@pytest.fixture
def policy(factsheet: Factsheet) -> Policy:
    return make_policy(factsheet)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, row: Policy | Factsheet) -> str:
    name = f"admin:policies_{row._meta.model_name}_change"
    return browser(user).get(reverse(name, args=[row.pk])).text


def beat(user: User, row: Policy | Factsheet, **data: str) -> Any:
    name = f"admin:policies_{row._meta.model_name}_presence"
    return browser(user).post(reverse(name, args=[row.pk]), data)


@pytest.mark.parametrize("of", ["policy", "factsheet"])
def test_whoever_opens_a_page_is_seen_by_the_next(request, cast, of):
    row = request.getfixturevalue(of)
    assert "editing this too" not in page(cast["ada"], row)
    assert "Ada is editing this too." in page(cast["ben"], row)


def test_a_page_that_is_open_is_told_who_came(cast, policy):
    page(cast["ada"], policy)
    page(cast["ben"], policy)
    assert beat(cast["ada"], policy).text == "Ben is editing this too."


def test_people_are_called_by_their_names(cast, policy):
    User.objects.filter(username="ada").update(first_name="Ada", last_name="Lovelace")
    page(cast["ada"], policy)
    page(User.objects.create_superuser("eve"), policy)
    assert beat(cast["ben"], policy).text == "Ada Lovelace and eve are editing this too."


def test_who_is_on_another_page_is_not_editing_this(cast, factsheet, policy):
    page(cast["ada"], factsheet)
    assert "editing this too" not in page(cast["ben"], policy)


def test_a_minute_of_silence_ends_it(cast, policy):
    page(cast["ada"], policy)
    Presence.objects.update(at=timezone.now() - timedelta(seconds=61))
    assert "editing this too" not in page(cast["ben"], policy)


def test_leaving_ends_it(cast, policy):
    page(cast["ada"], policy)
    beat(cast["ada"], policy, leaving="1")
    assert "editing this too" not in page(cast["ben"], policy)


def test_who_only_reads_is_told_but_not_named(cast, policy):
    page(cast["ada"], policy)
    assert "Ada is editing this too." in page(cast["cleo"], policy)
    assert beat(cast["cleo"], policy).text == "Ada is editing this too."
    assert "Cleo" not in beat(cast["ada"], policy).text


def test_who_may_not_see_the_factsheet_is_told_nothing(cast, policy):
    page(cast["ben"], policy)
    policy.factsheet.editors.clear()
    assert beat(cast["ada"], policy).status_code == 403
    assert beat(cast["dan"], policy).status_code == 302
    assert set(Presence.objects.values_list("user__username", flat=True)) == {"ben"}


def test_a_page_is_there_once_however_often_it_is_opened(cast, factsheet, policy):
    for row in (factsheet, policy) * 2:
        page(cast["ada"], row)
    assert Presence.objects.count() == 2


def test_it_changes_no_fact(cast, policy):
    before = SectionRevision.objects.count()
    page(cast["ada"], policy)
    beat(cast["ada"], policy)
    assert SectionRevision.objects.count() == before
