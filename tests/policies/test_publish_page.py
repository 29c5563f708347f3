"""What a publisher reads, says and is told when publishing."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from policies.loading import load
from policies.models import Factsheet, Publication, Section, WarningReason
from policies.reference_data import SAMPLE
from policies.workflow import approve, submit
from tests.admin_form import said
from tests.factory import make_publication, make_scored_document, tick

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/policies/factsheet/"


def asked(client: Client, user, *factsheets: Factsheet) -> str:
    client.force_login(user)
    data = {"action": "publish", "_selected_action": [f.pk for f in factsheets]}
    return client.post(ADDRESS, data).text


def send(client: Client, user, *factsheets: Factsheet, **typed: str) -> Any:
    client.force_login(user)
    data = {"action": "publish", "_selected_action": [f.pk for f in factsheets], "note": ""}
    return client.post(ADDRESS, {**data, **typed})


def approved(cast, document: dict[str, Any] | None = None) -> Factsheet:
    """Written by Ada, and approved by Ben as a whole."""
    factsheet = load(document or make_scored_document(), by=cast["ada"]).factsheet
    factsheet.editors.add(cast["ada"])
    walk(cast, factsheet)
    return factsheet


def walk(cast, factsheet: Factsheet) -> None:
    for section in factsheet.sections.filter(state="draft"):
        submit(section, by=cast["ada"], kind="policy_changed")
    for section in factsheet.sections.filter(state="submitted"):
        approve(section, by=cast["ben"])


def doubtful(cast, country: str = "MX") -> Factsheet:
    """Approved as a whole, with a dollar sign that may be of many countries."""
    document = make_scored_document(country)
    document["sections"][0]["text"] = "It cost $5 million."
    return approved(cast, document)


def fields(page: str) -> list[str]:
    return re.findall(r'<textarea name="(reason-[^"]+)"', page)


def test_it_names_what_contradicts_itself(client: Client, cast) -> None:
    mexico = json.loads((SAMPLE / "mexico-2022.json").read_text(encoding="utf-8"))
    page = asked(client, cast["cleo"], load(mexico, by=cast["ada"]).factsheet)
    assert "$1,400,000" in page
    assert "by 2021" in page


def test_it_is_silent_where_nothing_does(client: Client, cast) -> None:
    page = asked(client, cast["cleo"], load(make_scored_document(), by=cast["ada"]).factsheet)
    assert "Not ready yet" in page
    assert 'class="warned"' not in page


def test_what_is_not_ready_is_an_error_and_leaves_nothing_to_send(client: Client, cast) -> None:
    page = asked(client, cast["cleo"], load(make_scored_document(), by=cast["ada"]).factsheet)
    assert '<p class="errornote">Not ready yet:</p>' in page
    assert 'name="note"' not in page
    assert 'value="Publish"' not in page


def test_an_error_leads_to_its_section_on_the_review_page(client: Client, cast) -> None:
    factsheet = approved(cast)
    Section.objects.filter(type__code="introduction").update(text="So it is [@nobody].")
    page = asked(client, cast["cleo"], factsheet)
    assert f'href="{ADDRESS}{factsheet.pk}/review/#review-introduction"' in page


def test_what_is_ready_can_be_sent_and_has_not_moved(client: Client, cast) -> None:
    page = asked(client, cast["cleo"], make_publication(cast).factsheet)
    assert 'name="note"' in page
    assert 'value="Publish"' in page
    assert "since version" not in page


def test_it_says_how_the_total_moved_since_the_current_version(client: Client, cast) -> None:
    factsheet = make_publication(cast).factsheet
    tick(factsheet.policies.get(), "evaluation", "ex-ante", "monitoring")
    assert "1.5 → 3 since version 1" in asked(client, cast["cleo"], factsheet)


def test_a_warning_asks_for_one_reason(client: Client, cast) -> None:
    factsheet = doubtful(cast)
    (field,) = fields(asked(client, cast["cleo"], factsheet))
    send(client, cast["cleo"], factsheet, **{field: "The source does not say which."})
    assert Publication.objects.get().factsheet == factsheet
    assert WarningReason.objects.get().reason == "The source does not say which."


def test_without_the_reason_nothing_is_published_and_the_note_stays(client: Client, cast) -> None:
    factsheet = doubtful(cast)
    page = send(client, cast["cleo"], factsheet, note="The first of many.").text
    assert not Publication.objects.exists()
    assert ">The first of many.</textarea>" in page
    assert "mend it, or say why it may stand" in page


def test_a_reason_for_what_has_changed_since_is_not_kept(client: Client, cast) -> None:
    factsheet = doubtful(cast)
    (field,) = fields(asked(client, cast["cleo"], factsheet))
    section = factsheet.sections.get(type__code="continuity")
    section.text = "Again $5 million."
    section.save()
    walk(cast, factsheet)
    send(client, cast["cleo"], factsheet, **{field: "The source does not say which."})
    assert not WarningReason.objects.exists()
    assert not Publication.objects.exists()


def test_a_reason_holds_for_the_next_version(client: Client, cast) -> None:
    factsheet = doubtful(cast)
    (field,) = fields(asked(client, cast["cleo"], factsheet))
    send(client, cast["cleo"], factsheet, **{field: "The source does not say which."})
    page = asked(client, cast["cleo"], factsheet)
    assert fields(page) == []
    assert "May stand: The source does not say which. (cleo" in page


def test_a_second_version_needs_a_note_and_keeps_the_reasons(client: Client, cast) -> None:
    factsheet = make_publication(cast).factsheet
    section = factsheet.sections.get(type__code="introduction")
    section.text = "It cost $5 million."
    section.save()
    walk(cast, factsheet)
    (field,) = fields(asked(client, cast["cleo"], factsheet))
    page = send(client, cast["cleo"], factsheet, **{field: "As printed."}).text
    assert "say what changed since version 1" in page
    assert ">As printed.</textarea>" in page
    assert Publication.objects.count() == 1


def test_several_are_published_each_on_its_own_with_a_report(client: Client, cast) -> None:
    ready, other = approved(cast), approved(cast, make_scored_document("FR"))
    doubted = doubtful(cast, "DE")
    response = send(client, cast["cleo"], ready, other, doubted)
    assert set(Publication.objects.values_list("factsheet", flat=True)) == {ready.pk, other.pk}
    told = said(response)
    assert sum("is published" in message for message in told) == 2
    assert sum(message.startswith("Germany 2022: ") for message in told) == 1
    assert f'name="_selected_action" value="{doubted.pk}"' in response.text
    assert f'name="_selected_action" value="{ready.pk}"' not in response.text


def test_the_queries_grow_by_factsheets_and_not_by_sections(client: Client, cast) -> None:
    """The page reads the same tables whether a factsheet has one policy or four."""
    small = load(make_scored_document(), by=cast["ada"]).factsheet
    document = make_scored_document("FR")
    plan = document["policies"][0]
    document["policies"] = [{**plan, "code": f"plan-{n}"} for n in range(4)]
    big = load(document, by=cast["ada"]).factsheet
    counts = []
    for factsheet in (small, small, big):
        with CaptureQueriesContext(connection) as queries:
            asked(client, cast["cleo"], factsheet)
        counts.append(len(queries))
    assert counts[1] == counts[2]
