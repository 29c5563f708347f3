"""What a publisher reads before publishing."""

import json

import pytest
from django.test import Client

from policies.loading import load
from policies.models import Factsheet
from policies.reference_data import SAMPLE
from tests.factory import make_publication, make_scored_document, reported, tick

pytestmark = pytest.mark.django_db


def asked(client: Client, user, factsheet: Factsheet) -> str:
    client.force_login(user)
    data = {"action": "publish", "_selected_action": [factsheet.pk]}
    return client.post("/admin/policies/factsheet/", data).content.decode()


def test_it_names_what_contradicts_itself(client: Client, cast) -> None:
    mexico = json.loads((SAMPLE / "mexico-2022.json").read_text(encoding="utf-8"))
    page = asked(client, cast["cleo"], load(mexico, by=cast["ada"]).factsheet)
    assert "Worth a look first" in page
    assert "$1,400,000" in page
    assert "by 2021" in page


def test_it_is_silent_where_nothing_does(client: Client, cast) -> None:
    document = make_scored_document()
    explained = {"type": "instruments", **reported(text="Grants to projects.")}
    document["policies"][0]["sections"].append(explained)
    document["policies"][0]["sections"][2]["text"] = "Studied beforehand."
    page = asked(client, cast["cleo"], load(document, by=cast["ada"]).factsheet)
    assert "Not ready yet" in page
    assert "Worth a look first" not in page


def test_what_is_not_ready_is_an_error_and_leaves_nothing_to_send(client: Client, cast) -> None:
    page = asked(client, cast["cleo"], load(make_scored_document(), by=cast["ada"]).factsheet)
    assert '<p class="errornote">Not ready yet:</p>' in page
    assert 'name="note"' not in page
    assert 'value="Publish"' not in page


def test_what_is_ready_can_be_sent_and_has_not_moved(client: Client, cast) -> None:
    page = asked(client, cast["cleo"], make_publication(cast).factsheet)
    assert 'name="note"' in page
    assert 'value="Publish"' in page
    assert "since version" not in page


def test_it_says_how_the_total_moved_since_the_current_version(client: Client, cast) -> None:
    factsheet = make_publication(cast).factsheet
    tick(factsheet.policies.get(), "evaluation", "ex-ante", "monitoring")
    assert "1.5 → 3 since version 1" in asked(client, cast["cleo"], factsheet)
