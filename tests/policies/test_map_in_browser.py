"""The map in Chromium: by keyboard alone, on a phone, in both schemes."""

import json

import pytest

from policies.reference_data import SAMPLE
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_publication, make_scored_document


@pytest.fixture
def published(cast):
    make_publication(cast, json.loads((SAMPLE / "mexico-2022.json").read_text(encoding="utf-8")))
    for code in ("MT", "SG", "FR"):
        make_publication(cast, make_scored_document(code))


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_keyboard_goes_from_the_colours_to_mexico_and_opens_it(
    published, browse, width, scheme
):
    page = browse(width=width, scheme=scheme)
    page.goto("/?colour=total")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="kind of policy").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/#map")
    page.get_by_role("link", name="Skip the countries of the map").focus()
    page.keyboard.press("Tab")
    words = "Mexico: broad policy, 1.5 of 8, of which 0.5 judged"
    mexico = page.get_by_role("link", name=words)
    assert mexico.evaluate("link => link === document.activeElement")
    assert_rings(page, mexico)
    page.keyboard.press("Enter")
    page.wait_for_url("**/factsheets/2022/mexico/")


def assert_rings(page, link):
    """The country in focus is drawn otherwise than before, and so that it can be seen."""
    drawn = (
        "link => ['fill', 'stroke'].map(name => getComputedStyle(link.querySelector('path'))[name])"
    )
    focused = link.evaluate(drawn)
    link.evaluate("link => link.blur()")
    assert all(now != before for now, before in zip(focused, link.evaluate(drawn), strict=True))
    link.focus()
