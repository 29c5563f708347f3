"""The desk, the progress of an edition and my settings in Chromium: looks, keyboard, phone."""

import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect

from policies import workflow
from policies.loading import load
from policies.models import Edition
from tests.browser import LOOKS, assert_accessible
from tests.edition import make_edition
from tests.factory import make_cast, make_scored_document
from tests.lasting import lent
from tests.restoring import kept

PAGES = ["/admin/", "/admin/progress/", "/admin/me/"]


@kept
def make_once() -> SimpleNamespace:
    """Of Ada, with a returned section, a comment and a deadline that has passed."""
    cast = make_cast()
    made = load(make_scored_document(), by=cast["ada"]).factsheet
    made.editors.add(cast["ada"])
    Edition.objects.update(submit_by=date(2022, 9, 1))
    for type_ in ("objectives", "focus"):
        workflow.submit(made.sections.get(type__code=type_), by=cast["ada"])
    returned = made.sections.get(type__code="objectives")
    workflow.return_(returned, by=cast["ben"], comment="Which sectors?")
    workflow.comment(made, by=cast["ben"], text="Shorter, please.")
    load(make_scored_document("QM"), by=cast["ada"])
    return SimpleNamespace(cast=cast, sheet=made)


@pytest.fixture
def once(db: None) -> SimpleNamespace:
    return make_once()


cast, sheet = lent("cast"), lent("sheet")


def press_to(page: Page, target: Locator, limit: int = 60) -> None:
    """Reach an element with the Tab key alone."""
    for _ in range(limit):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached within {limit} presses of Tab")


def focused(page: Page) -> str:
    """What a screen reader says of the cell that has the focus."""
    return page.evaluate("document.activeElement.querySelector('.visually-hidden').textContent")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_is_accessible_in_every_look(
    browse: Callable[..., Page], sheet, cast, width, scheme
):
    for name in ("ada", "ben"):
        page = browse(width=width, scheme=scheme, user=cast[name])
        for address in PAGES:
            page.goto(address)
            assert_accessible(page)


@pytest.mark.parametrize("address", PAGES)
def test_only_the_table_scrolls_sideways_on_a_phone(
    browse: Callable[..., Page], sheet, cast, address
):
    page = browse(width=390, user=cast["ada"])
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_from_the_desk_to_the_returned_section_by_keyboard(
    browse: Callable[..., Page], sheet, cast
):
    page = browse(user=cast["ada"])
    page.goto("/admin/")
    press_to(page, page.get_by_role("link", name="The Plan, Policy objectives", exact=True))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#plan\.objectives$"))


def test_a_small_desk_shows_what_waits_and_a_big_one_folds_it(
    browse: Callable[..., Page], sheet, cast
):
    page = browse(user=cast["ben"])
    page.goto("/admin/")
    expect(page.get_by_role("link", name="The Plan, Policy focus")).to_be_visible()
    make_edition(5, 30, author=cast["ada"])
    page.reload()
    expect(page.get_by_role("link", name="The Plan, Policy focus")).to_be_hidden()
    page.get_by_text("Sections Mexico 2022").click()
    expect(page.get_by_role("link", name="The Plan, Policy focus")).to_be_visible()


def test_arrow_keys_walk_the_table(browse: Callable[..., Page], sheet, cast):
    page = browse(user=cast["ben"])
    page.goto("/admin/progress/")
    press_to(page, page.get_by_role("rowheader", name="Mexico").get_by_role("link"))
    page.keyboard.press("ArrowRight")
    assert focused(page) == "Mexico: 0 of 18 approved, 1 submitted, 1 changes requested, 16 draft"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "Mexico, Introduction: 0 of 1 approved, 1 draft"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Introduction: approved in 0 of 1 countries"
    page.keyboard.press("End")
    assert focused(page) == "Bibliography: approved in 0 of 1 countries"


def test_the_table_is_one_stop_of_the_tab_key(browse: Callable[..., Page], sheet, cast):
    make_edition(20, 30, author=cast["ada"])
    page = browse(user=cast["ben"])
    page.goto("/admin/progress/")
    press_to(page, page.locator(".matrix a").first)
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('.matrix')")


def test_without_javascript_every_cell_is_reached_and_the_table_skipped(
    browse: Callable[..., Page], sheet, cast
):
    page = browse(user=cast["ben"], javascript=False)
    page.goto("/admin/progress/")
    expect(page.locator(".matrix a[tabindex]")).to_have_count(0)
    expect(page.get_by_role("link", name="Skip the table")).to_have_attribute(
        "href", "#after-matrix"
    )


def test_head_and_first_column_stay_in_sight(browse: Callable[..., Page], sheet, cast):
    make_edition(40, 30, author=cast["ada"])
    page = browse(width=390, user=cast["ben"])
    page.goto("/admin/progress/")
    frame = page.locator(".matrix-frame")
    frame.evaluate("frame => frame.scrollTo(600, 900)")
    corner, box = page.locator(".matrix .corner").bounding_box(), frame.bounding_box()
    assert corner
    assert box
    assert abs(corner["x"] - box["x"]) < 3
    assert abs(corner["y"] - box["y"]) < 3


def test_a_filter_keeps_what_was_chosen(browse: Callable[..., Page], sheet, cast):
    page = browse(user=cast["ben"])
    page.goto("/admin/progress/")
    page.get_by_label("Countries", exact=True).select_option("Demonstration country")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("rowheader", name="Mexico")).to_have_count(0)
    expect(page.get_by_label("Countries", exact=True)).to_have_value("demonstration")
    page.get_by_role("link", name="Clear the filters").click()
    expect(page.get_by_role("rowheader", name="Mexico")).to_have_count(1)
