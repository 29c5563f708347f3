"""Opening an edition, and confirming what it carried over, in Chromium."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from policies.editions import Chosen, open_edition
from policies.loading import load
from policies.models import Country, Edition, Factsheet, Section, User
from policies.roles import Role
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_judged, make_scored_document, make_user, section
from tests.policies.test_editions import next_edition

REASON = {"points": 1, "reason": "A start."}


@pytest.fixture
def eva(cast: dict[str, User]) -> User:
    return make_user("eva", Role.ADMINISTRATOR)


@pytest.fixture
def last(cast: dict[str, User]) -> Factsheet:
    """Mexico of 2022, with a judgement and a reference."""
    made = load(
        make_scored_document(
            maturity=make_judged({"evidence": REASON}),
            references=[{"key": "a", "title": "A title", "accessed": "2022-05-01"}],
        ),
        by=cast["ada"],
    ).factsheet
    made.editors.add(cast["ada"])
    return made


@pytest.fixture
def carried(last: Factsheet, eva: User, cast: dict[str, User]) -> Factsheet:
    mexico = Chosen(Country.objects.get(code="MX"), [cast["ada"]])
    made = open_edition(next_edition(), [mexico], by=eva)[0].factsheet
    Section.objects.filter(factsheet=made, type__code="instruments").update(text="Loans.")
    return made


def address(name: str, row: Factsheet | Edition) -> str:
    return reverse(f"admin:policies_{name}", args=[row.pk])


def test_an_edition_is_opened_with_and_without_script(browse, last, eva) -> None:
    for year, javascript in (("2023", True), ("2024", False)):
        window: Page = browse(width=390, user=eva, javascript=javascript)
        window.goto(reverse("admin:policies_edition_changelist"))
        window.get_by_role("link", name="Open an edition").click()
        expect(window.get_by_label("Year")).to_have_value(year)
        expect(window.get_by_label("Editors: Mexico")).to_have_value("ada")
        window.get_by_label("EU member").check()
        expect(window.get_by_label("Mexico", exact=True)).to_be_hidden()
        window.get_by_role("button", name="Open the edition").press("Enter")
        expect(window.get_by_role("heading", name=f"The {year} edition")).to_be_visible()
        assert Factsheet.objects.filter(edition__year=year).count() == 1


def test_a_section_is_confirmed_at_its_form(browse, carried, cast) -> None:
    window: Page = browse(user=cast["ada"])
    policy = carried.policies.get()
    window.goto(reverse("admin:policies_policy_change", args=[policy.pk]))
    beside = window.get_by_role(
        "region", name="Carried over from 2022: The Plan, Policy evaluation"
    )
    expect(beside).to_contain_text("Before the start.")
    window.get_by_label("Still true, unchanged: The Plan, Policy evaluation").check()
    window.get_by_role("button", name="Save", exact=True).click()
    expect(window.get_by_text("1 section confirmed as still true.")).to_be_visible()
    assert not section(policy, "evaluation").is_unconfirmed


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_pages_are_accessible(
    browse: Callable[..., Page], carried, cast, eva, width: int, scheme: str
) -> None:
    administrator = browse(width=width, scheme=scheme, user=eva)
    for address_ in (
        reverse("admin:policies_edition_open"),
        address("edition_opened", carried.edition),
        address("edition_extend", carried.edition),
    ):
        administrator.goto(address_)
        assert_accessible(administrator)
    editor = browse(width=width, scheme=scheme, user=cast["ada"])
    policy = reverse("admin:policies_policy_change", args=[carried.policies.get().pk])
    for address_ in (policy, address("factsheet_change", carried)):
        editor.goto(address_)
        expect(editor.get_by_text("not yet confirmed").first).to_be_visible()
        assert_accessible(editor)
        wide = editor.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide
