"""From a word to the very cell in Chromium, by keyboard alone."""

import json

import pytest

from policies.reference_data import SAMPLE
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_publication


def focused(page, selector):
    """Move on with Tab, as far as a reader would, until this has the focus."""
    for _step in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is out of reach")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_word_leads_to_the_very_cell_by_keyboard(cast, browse, width, scheme) -> None:
    for name in ("mexico", "mockovia"):
        text = (SAMPLE / f"{name}-2022.json").read_text(encoding="utf-8")
        make_publication(cast, json.loads(text))
    page = browse(width=width, scheme=scheme)
    page.goto("/search/")
    assert_accessible(page)
    focused(page, "#search-q")
    page.keyboard.type("voucher zebra")
    page.keyboard.press("Enter")
    page.wait_for_selector("#nothing")
    assert_accessible(page)
    focused(page, ".link-list a")
    page.keyboard.press("Enter")
    page.wait_for_selector(".find mark")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    focused(page, ".find a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/factsheets/2022/mexico/#*")
    assert "voucher" in page.locator("td:target").inner_text()
