"""What an import says while it is read: lines that are sent as it goes on."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from policies.models import Batch, User
from tests.factory import make_factsheet, make_policy
from tests.workbooks import exported

pytestmark = pytest.mark.django_db(transaction=True)
SEND = "/admin/policies/batch/add/"


@pytest.fixture
def ada(client: Client, cast: dict[str, User]) -> Client:
    client.force_login(cast["ada"])
    return client


def lines_of(client: Client, data: bytes) -> list[Any]:
    file = SimpleUploadedFile("sheet.xlsx", data)
    response = client.post(SEND, {"file": file}, headers={"accept": "application/x-ndjson"})
    return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]


def test_who_asks_for_lines_is_told_how_far_it_is(ada, cast) -> None:
    factsheet = make_factsheet()
    factsheet.editors.add(cast["ada"])
    make_policy(factsheet)
    book = exported(factsheet)
    row = book.row("Sections", policy="plan", section="objectives")
    row["availability"], row["text"] = "reported", "New text."
    lines = lines_of(ada, book.write())
    assert lines[0]["stage"] == "Opening the file"
    assert lines[-1] == {"location": f"/admin/policies/batch/{Batch.objects.get().pk}/change/"}


def test_lines_end_with_what_is_wrong(ada) -> None:
    assert "PDF" in lines_of(ada, b"%PDF-1.7")[-1]["problems"][0]
