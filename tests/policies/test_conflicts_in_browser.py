"""Two editors at two windows: they see each other, collide, and lose nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from policies.models import Policy, Presence, User
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_factsheet, make_policy, section

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def policy(cast: dict[str, User]) -> Policy:
    factsheet = make_factsheet()
    factsheet.editors.add(cast["ada"])
    return make_policy(factsheet)


def opened(window: Page, policy: Policy) -> Page:
    window.goto(reverse("admin:policies_policy_change", args=[policy.pk]))
    return window


def write(window: Page, type_: str, text: str) -> None:
    window.locator(f"#section-{type_} textarea").fill(text)
    window.get_by_role("button", name="Save", exact=True).click()
    window.locator(".messagelist").wait_for()


@pytest.mark.parametrize("javascript", [True, False])
def test_two_editors_collide_and_both_texts_can_be_read(browse, cast, policy, javascript):
    ada = opened(browse(user=cast["ada"], javascript=javascript), policy)
    ben = opened(browse(user=cast["ben"], javascript=javascript), policy)
    write(ben, "focus", "Five sectors are named.")
    write(ada, "focus", "Six sectors are named.")
    panel = ada.get_by_role("group", name="Ben saved another version")
    expect(panel.locator("del")).to_contain_text("Five")
    expect(panel.locator("ins")).to_contain_text("Six")
    expect(ada.locator("#section-focus textarea")).to_have_value("Six sectors are named.")
    panel.get_by_label("Keep the saved version").check()
    ada.get_by_role("button", name="Save", exact=True).click()
    expect(ada.locator("#section-focus textarea")).to_have_value("Five sectors are named.")
    assert section(policy, "focus").text == "Five sectors are named."


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_conflict_is_accessible(browse, cast, policy, width, scheme):
    ada = opened(browse(width=width, scheme=scheme, user=cast["ada"]), policy)
    ben = opened(browse(user=cast["ben"]), policy)
    write(ben, "focus", "Five sectors are named.")
    write(ada, "focus", "Six sectors are named.")
    expect(ada.locator(".conflict")).to_be_focused()
    assert_accessible(ada)
    assert ada.evaluate("document.documentElement.scrollWidth") <= width


def test_each_sees_the_other_come_and_go(browse, cast, policy):
    ada = opened(browse(user=cast["ada"]), policy)
    ben = opened(browse(user=cast["ben"]), policy)
    expect(ben.get_by_text("Ada is editing this too.")).to_be_visible()
    look_again = "document.dispatchEvent(new Event('visibilitychange'))"
    ada.evaluate(look_again)
    expect(ada.get_by_text("Ben is editing this too.")).to_be_visible()
    ben.goto(reverse("admin:index"))
    for _question in range(50):  # the farewell may arrive after the next page
        with ada.expect_response("**/presence/"):
            ada.evaluate(look_again)
        if not Presence.objects.filter(user=cast["ben"]).exists():
            break
    ada.evaluate(look_again)
    expect(ada.locator("#presence")).to_be_empty()
