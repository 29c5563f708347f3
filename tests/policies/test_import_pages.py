"""Imports through the admin: what is sent, shown, decided, confirmed and undone, and by whom."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from policies.changes import change_set
from policies.models import Batch, Factsheet, Publication, SectionRevision, User
from policies.spreadsheet.opening import opened
from policies.spreadsheet.undoing import undo
from tests.factory import (
    make_cast,
    make_factsheet,
    make_policy,
    make_publication,
    make_scored_document,
    section,
)
from tests.lasting import lent
from tests.workbooks import apply, exported

pytestmark = pytest.mark.django_db

SEND = "/admin/policies/batch/add/"


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    """Mexico with one policy, assigned to Ada."""
    cast = make_cast()
    made = make_factsheet()
    made.editors.add(cast["ada"])
    make_policy(made)
    return SimpleNamespace(cast=cast, factsheet=made)


cast, factsheet = lent("cast"), lent("factsheet")


@pytest.fixture
def ada(client: Client, cast: dict[str, User]) -> Client:
    client.force_login(cast["ada"])
    return client


def changed(factsheet: Factsheet, text: str = "New text.") -> bytes:
    book = exported(factsheet)
    row = book.row("Sections", policy="plan", section="objectives")
    row["availability"], row["text"] = "reported", text
    return book.write()


def send(client: Client, data: bytes, name: str = "sheet.xlsx", **extra: Any) -> Any:
    return client.post(SEND, {"file": SimpleUploadedFile(name, data)}, **extra)


def act(client: Client, batch: Batch, step: str, data: dict[str, str] | None = None) -> Any:
    return client.post(f"/admin/policies/batch/{batch.pk}/{step}/", data or {})


def write(factsheet: Factsheet, text: str, by: User) -> None:
    cell = section(factsheet.policies.get(), "objectives")
    cell.text = text
    with change_set(by=by):
        cell.save()


def stored(factsheet: Factsheet) -> str:
    return section(factsheet.policies.get(), "objectives").text


# Out


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("xlsx", "factsheets-2022-mexico.xlsx"),
        ("ods", "factsheets-2022-mexico.ods"),
        ("csv", "factsheets-2022-mexico.zip"),
        ("wide", "factsheets-2022-mexico-wide.xlsx"),
    ],
)
def test_a_factsheet_leaves_in_every_format(ada, factsheet, kind, name) -> None:
    address = reverse("admin:policies_factsheet_export", args=[factsheet.pk, kind])
    assert ada.get(address)["Content-Disposition"] == f'attachment; filename="{name}"'


def test_the_selected_factsheets_leave_together(ada, factsheet, cast) -> None:
    other = make_factsheet("FR")
    other.editors.add(cast["ada"])
    data = {"action": "export_xlsx", "_selected_action": [factsheet.pk, other.pk], "index": 0}
    file = ada.post(reverse("admin:policies_factsheet_changelist"), data).content
    rows = opened(file, "x.xlsx").sheets["Factsheets"]
    assert sorted(rows["country"]) == ["FR", "MX"]


def test_the_list_exports_what_its_filters_show(ada, factsheet, cast) -> None:
    make_factsheet("FR").editors.add(cast["ada"])
    address = reverse("admin:policies_factsheet_export_list", args=["xlsx"])
    file = ada.get(address, {"q": "Mexico"}).content
    assert opened(file, "x.xlsx").sheets["Factsheets"]["country"] == ["MX"]


def test_a_draft_of_others_does_not_leave(ada, factsheet) -> None:
    other = make_factsheet("FR")
    address = reverse("admin:policies_factsheet_export", args=[other.pk, "xlsx"])
    assert ada.get(address).status_code == 404


# In


def test_what_would_change_is_shown_by_words_before_anything_does(ada, factsheet) -> None:
    write(factsheet, "The old text.", by=User.objects.get(username="ada"))
    page = ada.get(send(ada, changed(factsheet, "The new text.")).url).text
    assert "[removed:" in page
    assert ">old<" in page.replace(" </span>old<", ">old<")
    assert stored(factsheet) == "The old text."


def test_confirming_writes_and_says_where_it_came_from(ada, factsheet) -> None:
    send(ada, changed(factsheet))
    batch = Batch.objects.get()
    act(ada, batch, "confirm")
    revision = SectionRevision.objects.latest("pk")
    assert (stored(factsheet), revision.source, revision.batch) == (
        "New text.",
        "spreadsheet",
        batch,
    )


def test_undoing_brings_the_old_text_back(ada, factsheet) -> None:
    send(ada, changed(factsheet))
    batch = Batch.objects.get()
    act(ada, batch, "confirm")
    page = ada.get(act(ada, batch, "undo").url).text
    assert stored(factsheet) == ""
    assert "What was undone" in page


def test_a_file_with_errors_lists_them_and_offers_no_way_to_write_it(ada, factsheet) -> None:
    book = exported(factsheet)
    book.row("Sections", policy="plan", section="objectives")["availability"] = "repoted"
    page = ada.get(send(ada, book.write()).url).text
    assert "Did you mean “reported”?" in page
    assert "Confirm" not in page


def test_two_hundred_errors_are_shown_and_all_are_in_the_marked_file(ada, factsheet) -> None:
    book = exported(factsheet)
    for number in range(250):
        book.add("References", key=f"key-{number}", title="A title", year="soon")
    response = send(ada, book.write())
    page = ada.get(response.url).text
    batch = Batch.objects.get()
    marked = ada.get(f"/admin/policies/batch/{batch.pk}/errors/").content
    errors = opened(marked, "x.xlsx").sheets["Errors"]
    assert (page.count("A whole number is expected"), len(errors)) == (200, 250)


def test_the_marked_file_comments_the_cell_and_can_be_mended_and_sent(ada, factsheet) -> None:
    book = exported(factsheet)
    row = book.row("Sections", policy="plan", section="objectives")
    row["availability"] = "repoted"
    number = book.number("Sections", row)
    send(ada, book.write())
    marked = ada.get(f"/admin/policies/batch/{Batch.objects.get().pk}/errors/").content
    workbook = openpyxl.load_workbook(BytesIO(marked))
    cell = workbook["Sections"].cell(number, 7)
    assert "Did you mean “reported”?" in cell.comment.text
    cell.value = "reported"
    mended = BytesIO()
    workbook.save(mended)
    send(ada, mended.getvalue())
    assert Batch.objects.first().state == "ready"


def test_a_file_that_is_no_spreadsheet_is_refused_at_the_form(ada, factsheet) -> None:
    page = send(ada, b"\x89PNG\r\n\x1a\n" + b"0" * 40, "picture.xlsx").text
    assert "not a spreadsheet" in page
    assert not Batch.objects.exists()


def test_a_form_without_a_file_asks_for_one(ada, factsheet) -> None:
    assert "This field is required." in ada.post(SEND, {}).text


# Conflicts


@pytest.fixture
def conflict(ada: Client, factsheet: Factsheet, cast: dict[str, User]) -> Batch:
    """Ben writes after Ada has exported."""
    data = changed(factsheet, "Ada's text.")
    write(factsheet, "Ben's text.", by=cast["ben"])
    send(ada, data)
    return Batch.objects.get()


def test_an_undecided_conflict_keeps_all_from_being_written(ada, factsheet, conflict) -> None:
    page = ada.get(act(ada, conflict, "confirm").url).text
    assert "Decide 1 conflicts first" in page
    assert stored(factsheet) == "Ben's text."


@pytest.mark.parametrize(("side", "text"), [("keep", "Ben's text."), ("take", "Ada's text.")])
def test_a_conflict_is_decided_on_its_own(ada, factsheet, conflict, side, text) -> None:
    change = conflict.changes.get()
    act(ada, conflict, "decide", {f"side-{change.pk}": side})
    act(ada, conflict, "confirm")
    assert stored(factsheet) == text


@pytest.mark.parametrize(("side", "text"), [("keep", "Ben's text."), ("take", "Ada's text.")])
def test_all_conflicts_are_decided_at_once(ada, factsheet, conflict, side, text) -> None:
    act(ada, conflict, "decide", {"all": side})
    act(ada, conflict, "confirm")
    assert stored(factsheet) == text


def test_a_decision_that_makes_no_sense_changes_nothing(ada, conflict) -> None:
    change = conflict.changes.get()
    act(ada, conflict, "decide", {f"side-{change.pk}": "both", "side-x": "keep", "all": "none"})
    assert conflict.changes.undecided().count() == 1


def test_an_edit_between_look_and_confirm_is_shown_as_a_conflict(ada, factsheet, cast) -> None:
    send(ada, changed(factsheet, "Ada's text."))
    write(factsheet, "Ben's text.", by=cast["ben"])
    page = ada.get(act(ada, Batch.objects.get(), "confirm").url).text
    assert "Nothing was written: something was changed after you looked at it." in page
    assert stored(factsheet) == "Ben's text."


# Who


def test_an_import_is_its_senders_and_the_administrators(ada, factsheet, cast) -> None:
    send(ada, changed(factsheet))
    batch = Batch.objects.get()
    ada.force_login(cast["ben"])
    assert [
        ada.get(f"/admin/policies/batch/{batch.pk}/change/").status_code,
        act(ada, batch, "confirm").status_code,
        ada.get(f"/admin/policies/batch/{batch.pk}/errors/").status_code,
    ] == [404, 404, 404]


def test_an_import_publishes_nothing(ada, factsheet) -> None:
    send(ada, changed(factsheet))
    act(ada, Batch.objects.get(), "confirm")
    assert not Publication.objects.exists()


@pytest.mark.parametrize("step", ["decide", "confirm", "undo"])
def test_looking_at_a_steps_address_takes_no_step(ada, factsheet, step) -> None:
    send(ada, changed(factsheet))
    batch = Batch.objects.get()
    assert ada.get(f"/admin/policies/batch/{batch.pk}/{step}/").status_code == 404
    batch.refresh_from_db()
    assert batch.state == "ready"


# What it costs


def test_the_preview_of_many_changes_is_one_page_of_some(
    ada, factsheet, django_assert_max_num_queries
) -> None:
    for number in range(30):
        make_policy(factsheet, code=f"plan-{number}")
    book = exported(factsheet)
    for row in book.sheets["Sections"]:
        if row["section"] == "objectives":
            row["text"] = "word " * 6000
    address = send(ada, book.write()).url
    with django_assert_max_num_queries(18):
        page = ada.get(address)
    assert page.text.count('<article class="card change') == 20
    assert len(page.content) < 100_000


# Review


def test_undoing_gives_approved_sections_their_approval_back(reference, cast) -> None:
    factsheet = make_publication(cast, make_scored_document("FR")).factsheet
    before = set(factsheet.sections.values_list("policy__code", "type__code", "state"))
    book = exported(factsheet)
    book.row("Policies", policy="plan")["_action"] = "delete"
    book.row("Sections", policy=None, section="introduction")["text"] = "Otherwise."
    batch = apply(book, by=cast["ada"])
    undo(batch, by=cast["ada"])
    assert set(factsheet.sections.values_list("policy__code", "type__code", "state")) == before
    assert {state for _policy, _type, state in before} == {"approved"}
