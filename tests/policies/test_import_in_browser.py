"""A workbook goes out, is edited and comes back, in Chromium."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from policies.changes import change_set
from policies.models import Batch, Factsheet, User
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_factsheet, make_policy, section
from tests.workbooks import opened


@pytest.fixture
def factsheet(reference: None, cast: dict[str, User]) -> Factsheet:
    """Mexico with a policy that has a text, assigned to Ada."""
    made = make_factsheet()
    made.editors.add(cast["ada"])
    policy = make_policy(made)
    for type_ in ("objectives", "focus"):
        cell = section(policy, type_)
        cell.availability, cell.text = "reported", "It supports firms in all regions."
        cell.save()
    return made


def downloaded(window: Page, name: str, folder: Path) -> Path:
    with window.expect_download() as started:
        window.get_by_role("link", name=name).click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def taken_out(window: Page, folder: Path) -> Path:
    """Exported from the page of the list, by keyboard."""
    window.goto("/admin/policies/factsheet/")
    window.get_by_text("Export", exact=True).press("Enter")
    return downloaded(window, "Workbook (XLSX)", folder)


def edited(path: Path, **cells: str) -> Path:
    book = opened(path.read_bytes())
    book.row("Sections", policy="plan", section="objectives").update(cells)
    path.write_bytes(book.write())
    return path


def send(window: Page, path: Path) -> None:
    window.goto("/admin/policies/batch/")
    window.get_by_role("link", name="Import a workbook").click()
    window.get_by_label("Workbook").set_input_files(path)
    window.get_by_role("button", name="Look at what would change").press("Enter")


def text(factsheet: Factsheet) -> str:
    return section(factsheet.policies.get(), "objectives").text


@pytest.mark.parametrize("javascript", [True, False])
def test_a_workbook_is_exported_edited_confirmed_and_undone(
    browse, cast, factsheet, tmp_path, javascript
) -> None:
    window = browse(user=cast["ada"], javascript=javascript)
    path = edited(taken_out(window, tmp_path), text="It supports firms in poor regions.")
    send(window, path)
    change = window.get_by_role("article")
    expect(change.get_by_role("heading")).to_contain_text(
        "Mexico 2022: The Plan, Policy objectives"
    )
    expect(change.locator("ins")).to_contain_text("poor")
    window.get_by_role("button", name="Confirm: write all of this").press("Enter")
    expect(window.get_by_role("heading", name="What changed")).to_be_visible()
    assert text(factsheet) == "It supports firms in poor regions."
    window.get_by_role("button", name="Undo the whole import").press("Enter")
    expect(window.get_by_role("heading", name="What was undone")).to_be_visible()
    assert text(factsheet) == "It supports firms in all regions."


def test_a_conflict_is_decided_by_keyboard(browse, cast, factsheet, tmp_path) -> None:
    window = browse(width=390, user=cast["ada"])
    path = edited(taken_out(window, tmp_path), text="Ada's text.")
    with change_set(by=cast["ben"]):
        cell = section(factsheet.policies.get(), "objectives")
        cell.text = "Ben's text."
        cell.save()
    send(window, path)
    window.get_by_role("button", name="Confirm: write all of this").press("Enter")
    expect(window.get_by_role("alert")).to_contain_text("Decide 1 conflicts first")
    window.get_by_role("article").get_by_label("Take what the file says").press("Space")
    window.get_by_role("button", name="Keep these decisions").press("Enter")
    window.get_by_role("button", name="Confirm: write all of this").press("Enter")
    expect(window.get_by_role("heading", name="What changed")).to_be_visible()
    assert text(factsheet) == "Ada's text."


def test_a_picture_is_refused_where_it_was_chosen(browse, cast, factsheet, tmp_path) -> None:
    window = browse(user=cast["ada"])
    path = tmp_path / "picture.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    send(window, path)
    expect(window.get_by_role("alert")).to_contain_text("This is a PNG file")


def test_every_page_of_an_import_is_accessible(browse, cast, factsheet, tmp_path) -> None:
    first = browse(user=cast["ada"])
    path = taken_out(first, tmp_path)
    send(first, edited(path, text="Ada's text."))
    expect(first.get_by_role("article")).to_be_visible()
    send(first, edited(path, availability="repoted"))
    expect(first.get_by_role("region", name="Errors", exact=True)).to_be_visible()
    cell = section(factsheet.policies.get(), "objectives")
    cell.text = "Ben's text."
    cell.save()
    send(first, edited(path, availability="reported"))
    expect(first.get_by_role("group")).to_be_visible()
    pages = ["add/", "", *(f"{pk}/change/" for pk in Batch.objects.values_list("pk", flat=True))]
    for width, scheme in LOOKS:
        window = browse(width=width, scheme=scheme, user=cast["ada"])
        for page in pages:
            window.goto(f"/admin/policies/batch/{page}")
            assert_accessible(window)
            assert window.evaluate("document.documentElement.scrollWidth <= innerWidth"), page
