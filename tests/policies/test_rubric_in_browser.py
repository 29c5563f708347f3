"""Next year's scoring system, in Chromium: by keyboard, wide and narrow."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from policies.roles import Role
from scoring.models import Rubric
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_publication, make_user


def assert_fits(window: Page) -> None:
    assert_accessible(window)
    assert not window.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_rubric_is_copied_changed_and_released(browse, cast, width: int, scheme: str) -> None:
    make_publication(cast)
    window: Page = browse(width=width, scheme=scheme, user=make_user("eva", Role.ADMINISTRATOR))
    window.goto(reverse("admin:scoring_rubric_change", args=[Rubric.objects.get().pk]))
    assert_fits(window)
    window.get_by_role("link", name="Copy", exact=True).press("Enter")
    window.get_by_label("Code").fill("2024")
    assert_fits(window)
    window.get_by_role("button", name="Copy").press("Enter")
    expect(window.get_by_text("Draft: no edition can choose it")).to_be_visible()
    assert_fits(window)

    window.get_by_role("link", name="Change", exact=True).first.press("Enter")
    rule = window.get_by_label("Rule 2")
    expect(rule).to_have_accessible_description(
        "A broad policy counts, and neither a sectoral nor a cluster policy does."
    )
    rule.focus()
    rule.press("Home")
    rule.press("ArrowDown")  # the first rule, scope.none, comes after the empty choice
    expect(rule).to_have_accessible_description(
        "It is stated that no policy exists; ended ones and examples may be on record."
    )
    findings = window.get_by_role("status").filter(has_text="Criterion Policy scope")
    expect(findings).to_contain_text("levels 0 and 0.5 fit the same facts, in 1 of 4 cases")
    assert_fits(window)
    rule.press("ArrowDown")
    expect(window.get_by_text("Exactly one level fits")).to_be_visible()
    window.get_by_label("Points 2").fill("0.7")
    window.get_by_role("button", name="Save", exact=True).press("Enter")

    copy = Rubric.objects.get(code="2024")
    window.goto(reverse("admin:scoring_rubric_movers", args=[copy.pk]))
    expect(window.get_by_text("1 of 1 country would have other points.")).to_be_visible()
    assert_fits(window)
    window.goto(reverse("admin:scoring_rubric_release", args=[copy.pk]))
    assert_fits(window)
    window.get_by_role("button", name="Release").press("Enter")
    expect(window.get_by_text("is released: editions can choose it.")).to_be_visible()
