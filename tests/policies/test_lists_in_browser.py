"""The lists in Chromium: filters by keyboard, in both looks, at every width."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from policies.reference_data import SAMPLE
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_publication

LISTS = ("/factsheets/?colour=kind", "/policies/?part=demonstration&category=objectives.rd")
EMPTY = "/factsheets/?group=eu&kind=cluster"
# 28 pixels with our font are more than 24 with any that stands in for it.
SMALL = """[...document.querySelectorAll("main a:not(svg a)")]
  .filter(link => link.checkVisibility() && link.getBoundingClientRect().height < 28)
  .map(link => link.textContent)"""


@pytest.fixture
def published(cast):
    for name in ("mexico", "fictavia", "inventoria"):
        document = json.loads((SAMPLE / f"{name}-2022.json").read_text(encoding="utf-8"))
        make_publication(cast, document)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_lists_are_accessible_and_fit(published, browse, width: int, scheme: str) -> None:
    page: Page = browse(width=width, scheme=scheme)
    for address in (*LISTS, EMPTY):
        page.goto(address)
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        assert_accessible(page)
        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.set_viewport_size({"width": width, "height": 900})


def test_filters_are_set_and_taken_away_by_keyboard(published, page: Page) -> None:
    page.goto("/policies/")
    page.get_by_role("searchbox", name="Text").focus()
    for _control in ("edition", "sort", "show", "more filters"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="EU member")).to_be_focused()
    for _group in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="Broad policy")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    chip = page.get_by_role("link", name="Remove the filter Kind of policy: Broad policy")
    expect(chip).to_be_visible()
    expect(page).to_have_url(re.compile(r"kind=broad"))
    chip.press("Enter")
    expect(chip).to_have_count(0)


def test_ticked_countries_are_compared(published, page: Page) -> None:
    page.goto("/factsheets/")
    for name in ("Fictavia", "Inventoria"):
        page.get_by_role("checkbox", name=f"Compare {name}").press("Space")
    page.get_by_role("button", name="Compare the ticked").press("Enter")
    expect(page.get_by_role("heading", level=1, name=re.compile("Side by side"))).to_be_visible()
