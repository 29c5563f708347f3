"""Copying a citation and the address of a cell, and coming back by it."""

import json

import pytest

from policies.reference_data import SAMPLE
from tests.factory import make_publication

MEXICO = "/factsheets/2022/mexico/"
SITE = "https://factsheets.example"
CELL = "nuevo-leon-strategic-plan.objectives"


@pytest.fixture
def mexico(cast):
    make_publication(cast, json.loads((SAMPLE / "mexico-2022.json").read_text(encoding="utf-8")))


def clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


def test_a_citation_and_an_address_are_copied_by_keyboard_and_said_to_be(
    mexico, page, live_server, settings
):
    settings.SITE_URL = SITE
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(MEXICO)
    page.get_by_role("button", name="Copy the citation").focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("The citation is copied.").wait_for()
    assert clipboard(page).endswith(f"{SITE}{MEXICO}v1/")

    button = page.locator(f'[id="{CELL}"]').get_by_role("button", name="Copy the address: Link to")
    button.focus()
    assert button.evaluate("button => getComputedStyle(button).opacity") == "1"
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("Copied: the address").wait_for()
    assert clipboard(page) == f"{SITE}{MEXICO}v1/#{CELL}"

    page.locator(f'[id="{CELL}"] .permalink').press("Enter")
    page.wait_for_url(f"{live_server.url}{MEXICO}v1/#{CELL}")


def test_the_address_of_a_cell_opens_its_folds_and_another_one_too(mexico, page):
    page.goto(f"{MEXICO}v1/#{CELL}")
    assert page.locator(f'[id="{CELL}"] .more .prose').is_visible()
    other = page.locator(f'[id="{CELL}"]').locator("xpath=preceding-sibling::td[1]")
    closed = other.locator(".more .prose")
    assert not closed.is_visible()
    page.evaluate("hash => location.hash = hash", other.get_attribute("id"))
    closed.wait_for(state="visible")


def test_an_address_that_names_nothing_or_nonsense_does_no_harm(mexico, page):
    for address in (f"{MEXICO}#no-such-place", f"{MEXICO}#%E0%A4%A"):
        page.goto("about:blank")
        page.goto(address)
        assert page.locator(".more .prose").first.is_hidden()
