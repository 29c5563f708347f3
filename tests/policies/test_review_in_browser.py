"""The review page in Chromium: looked at by axe, and gone through by keyboard."""

import re
from types import SimpleNamespace

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from policies.changes import change_set
from policies.models import ChangeKind, Factsheet, Section, State
from policies.workflow import comment, return_, submit
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_cast, make_publication
from tests.lasting import lent
from tests.restoring import kept


@kept
def make_once() -> SimpleNamespace:
    """Published; changed by Ada since, submitted, returned and commented on."""
    cast = make_cast()
    found = make_publication(cast).factsheet
    texts = {
        "introduction": "At one glance.",
        "scope": "It cost $5 million.",
        "continuity": "In *fewer* words.",
        "evidence": "See [@nobody].",
    }
    with change_set(by=cast["ada"]):
        for type_, text in texts.items():
            section = found.sections.get(type__code=type_)
            section.text = text
            section.save()
    for type_ in ("introduction", "scope", "continuity"):
        submit(named(found, type_), by=cast["ada"], kind=ChangeKind.WORDING_ONLY)
    return_(named(found, "continuity"), by=cast["ben"], comment="Say more.")
    comment(found, by=cast["cleo"], text="Which title?")
    return SimpleNamespace(cast=cast, factsheet=found)


@pytest.fixture
def once(db: None) -> SimpleNamespace:
    return make_once()


cast, factsheet = lent("cast"), lent("factsheet")


def named(factsheet: Factsheet, type_: str) -> Section:
    return factsheet.sections.get(type__code=type_)


def address(factsheet: Factsheet) -> str:
    return reverse("admin:policies_factsheet_review", args=[factsheet.pk])


def press_to(page: Page, target: Locator, limit: int = 60) -> None:
    """Reach an element as somebody without a mouse does."""
    for _ in range(limit):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_it_is_accessible(browse, cast, factsheet, width, scheme):
    page = browse(width=width, scheme=scheme, user=cast["ben"])
    page.goto(address(factsheet))
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_pages_that_ask_are_accessible(browse, cast, factsheet, width, scheme):
    page = browse(width=width, scheme=scheme, user=cast["cleo"])
    page.goto(address(factsheet))
    page.get_by_role("button", name="Publish…").click()
    expect(page.get_by_text("Not ready yet:")).to_be_visible()
    assert_accessible(page)
    page = browse(width=width, scheme=scheme, user=cast["ada"])
    page.goto(reverse("admin:policies_section_change", args=[named(factsheet, "continuity").pk]))
    page.get_by_role("button", name="Submit the drafts").click()
    expect(page.get_by_role("group", name="What kind of change is it?")).to_be_visible()
    assert_accessible(page)
    page.goto(reverse("admin:policies_factsheet_change", args=[factsheet.pk]))
    expect(page.locator("#section-continuity .comments")).to_contain_text("Say more.")
    assert_accessible(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_reviewer_gets_through_by_keyboard(browse, cast, factsheet, javascript):
    page = browse(user=cast["ben"], javascript=javascript)
    page.goto(address(factsheet))
    press_to(page, page.get_by_role("link", name="To the first that waits for you"))
    page.keyboard.press("Enter")
    first = page.get_by_role("group", name="Review of Introduction")
    press_to(page, first.get_by_text("Changed since version 1"))
    page.keyboard.press("Enter")
    expect(first.locator("ins")).to_contain_text("one")
    press_to(page, first.get_by_role("button", name="Approve"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#review-scope$"))
    expect(page.get_by_role("status")).to_have_text("1 section approved.")
    expect(page.get_by_role("status")).to_be_in_viewport()
    second = page.get_by_role("group", name="Review of Policy scope")
    expect(second).to_be_in_viewport()
    press_to(page, second.get_by_text("Return, comment or edit"), limit=6)
    page.keyboard.press("Enter")
    press_to(page, second.get_by_label("Comment"))
    page.keyboard.type("Which dollar?")
    press_to(page, second.get_by_role("button", name="Return with the comment"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("1 section returned.")
    expect(second.locator(".comments")).to_contain_text("Which dollar?")
    assert named(factsheet, "introduction").state == State.APPROVED
    assert named(factsheet, "scope").state == State.CHANGES_REQUESTED
