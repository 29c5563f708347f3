"""The editors' workplace in Chromium: from an empty section to the public page, by keyboard."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from policies.loading import load
from policies.models import Factsheet, Policy, Section
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_cast, make_factsheet, make_policy, make_scored_document, tick
from tests.lasting import lent
from tests.restoring import kept


def address(row: Factsheet | Policy) -> str:
    return reverse(f"admin:policies_{row._meta.model_name}_change", args=[row.pk])


@kept
def make_once() -> SimpleNamespace:
    """Written by Ada and scored 1.5 of 8; the section on focus is still open."""
    cast = make_cast()
    made = load(make_scored_document(), by=cast["ada"]).factsheet
    made.editors.add(cast["ada"])
    return SimpleNamespace(cast=cast, factsheet=made)


@pytest.fixture
def once(db: None) -> SimpleNamespace:
    return make_once()


cast, factsheet = lent("cast"), lent("factsheet")


@pytest.fixture
def busy(factsheet: Factsheet) -> Factsheet:
    """A factsheet on whose pages everything shows that can: notes, errors, a stale judgement."""
    policy = factsheet.policies.get()
    Section.objects.filter(policy=policy, type__code="focus").update(text="Some *words*.")
    factsheet.references.create(key="eccp-2022", title="A title", accessed="2022-12-20")
    score = factsheet.criterion_scores.get(criterion__code="evidence")
    score.judge(points=1, reason="A start.", by=None, now=factsheet.assessment.computed_at)
    score.save()
    tick(policy, "evaluation", "ex-ante", "monitoring")
    make_policy(factsheet, code="second", names=["A second policy"], is_example=True)
    return factsheet


def press_to(page: Page, target: Locator, key: str = "Tab", limit: int = 400) -> None:
    """Reach an element as somebody without a mouse does."""
    for _ in range(limit):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{target} is not reached by {key}")


def log_in(page: Page, name: str) -> None:
    page.goto(reverse("admin:login") + "?next=" + reverse("admin:index"))
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Write, review and publish")).to_be_visible()


def follow(page: Page, link: Locator) -> None:
    press_to(page, link)
    page.keyboard.press("Enter")


def test_from_an_empty_section_to_the_public_page(browse: Callable[..., Page], factsheet):
    policy = factsheet.policies.get()
    editor = browse()
    log_in(editor, "ada")
    follow(editor, editor.get_by_role("navigation", name="Tables").get_by_text("Factsheets"))
    follow(editor, editor.get_by_role("link", name="Mexico"))
    follow(editor, editor.get_by_role("rowheader", name="The Plan").get_by_role("link"))
    follow(editor, editor.get_by_role("navigation").get_by_role("link", name="Policy focus"))
    focus = editor.locator("#section-focus")
    press_to(editor, focus.get_by_label("Availability: Policy focus", exact=True))
    editor.keyboard.type("Rep")
    press_to(editor, focus.get_by_label("Sectoral", exact=True))
    editor.keyboard.press("Space")
    press_to(editor, focus.get_by_label("Text: Policy focus"))
    editor.keyboard.type("Five sectors, **chosen** for their weight.")
    press_to(editor, focus.get_by_role("button", name="Preview"))
    editor.keyboard.press("Enter")
    expect(focus.locator(".prose-preview strong")).to_have_text("chosen")
    press_to(editor, editor.get_by_label("Monitoring", exact=True))
    editor.keyboard.press("Space")
    press_to(editor, editor.get_by_role("button", name="Save", exact=True))
    editor.keyboard.press("Enter")
    expect(editor.locator(".messagelist")).to_contain_text("Maturity of Mexico 2022: 1.5 → 3 of 8")
    expect(editor.locator(".messagelist")).to_contain_text("Evidence of performance 0.5 → 2")
    editor.goto(address(factsheet))
    follow(editor, editor.get_by_role("button", name="Submit the drafts"))
    expect(editor.locator(".messagelist")).to_contain_text("sections submitted")

    reviewer = browse()
    log_in(reviewer, "ben")
    reviewer.goto(address(factsheet))
    follow(reviewer, reviewer.get_by_role("button", name="Approve what is submitted"))
    expect(reviewer.locator(".messagelist")).to_contain_text("sections approved")

    publisher = browse()
    log_in(publisher, "cleo")
    publisher.goto(address(factsheet))
    follow(publisher, publisher.get_by_role("button", name="Publish…"))
    press_to(publisher, publisher.get_by_label("What changed since the last version"))
    publisher.keyboard.type("First version.")
    follow(publisher, publisher.get_by_role("button", name="Publish"))
    follow(publisher, publisher.get_by_role("link", name="Mexico 2022 v1"))
    expect(publisher).to_have_url(re.compile("/factsheets/2022/mexico/$"))
    cell = publisher.locator(f'[id="{policy.code}.focus"]')
    expect(cell).to_contain_text("Five sectors, chosen for their weight.")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_big_forms_are_accessible(browse, cast, busy, width, scheme):
    page = browse(width=width, scheme=scheme, user=cast["ada"])
    for row in (busy, busy.policies.first()):
        page.goto(address(row))
        for details in page.locator("details:not(.empty-form details)").all():
            details.evaluate("element => element.open = true")
        assert_accessible(page)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_form_with_errors_and_a_preview_is_accessible(browse, cast, busy, width, scheme):
    page = browse(width=width, scheme=scheme, user=cast["ada"])
    page.goto(address(busy.policies.first()))
    page.locator("#section-beneficiaries").get_by_label("Other", exact=True).check()
    page.get_by_label("Period").select_option("limited")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("A limited period needs an ending year.")).to_be_visible()
    focus = page.locator("#section-focus")
    focus.get_by_role("button", name="Preview").click()
    expect(focus.locator(".prose-preview em")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_big_forms_do_not_scroll_sideways(browse, cast, busy, width):
    page = browse(width=width, user=cast["ada"])
    for row in (busy, busy.policies.first()):
        page.goto(address(row))
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_other_pages_of_the_workplace_are_accessible(browse, cast, busy):
    page = browse(user=cast["ben"])
    section = busy.sections.get(type__code="focus", policy__code="plan")
    for name, arguments in (
        ("index", []),
        ("policies_factsheet_changelist", []),
        ("policies_section_changelist", []),
        ("policies_section_change", [section.pk]),
        ("policies_sectionrevision_changelist", []),
    ):
        page.goto(reverse(f"admin:{name}", args=arguments))
        assert_accessible(page)


def test_enter_in_a_field_saves_and_does_not_preview(browse, cast, factsheet):
    page = browse(user=cast["ada"])
    page.goto(address(factsheet.policies.get()))
    page.get_by_label("Original name").fill("El Plan")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    assert Policy.objects.get().original_name == "El Plan"


@pytest.mark.parametrize("width", [390, 1280])
def test_after_a_failed_save_the_first_mistake_has_the_focus(browse, cast, factsheet, width):
    page = browse(width=width, user=cast["ada"])
    page.goto(address(factsheet.policies.get()))
    page.get_by_label("Period").select_option("limited")
    page.get_by_role("button", name="Save", exact=True).click()
    field = page.get_by_label("Ending year")
    expect(field).to_be_focused()
    bar = page.get_by_role("button", name="Save", exact=True).bounding_box()
    box = field.bounding_box()
    assert bar
    assert box
    assert 0 <= box["y"] <= bar["y"] - box["height"]


def test_without_javascript_a_preview_opens_in_a_window_of_its_own(browse, cast, factsheet):
    page = browse(user=cast["ada"], javascript=False)
    page.goto(address(factsheet.policies.get()))
    focus = page.locator("#section-focus")
    focus.get_by_label("Text: Policy focus").fill("Some **words**.")
    with page.expect_popup() as opened:
        focus.get_by_role("button", name="Preview").click()
    expect(opened.value.locator(".prose-preview strong")).to_have_text("words")


def test_leaving_with_unsaved_changes_asks_first(browse, cast, factsheet):
    page = browse(user=cast["ada"])
    page.goto(address(factsheet.policies.get()))
    page.get_by_label("Original name").fill("El Plan")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(reverse("admin:index"))
    assert asked == ["beforeunload"]


def test_a_reference_is_added_by_keyboard(browse, cast, factsheet):
    page = browse(user=cast["ada"])
    page.goto(address(factsheet))
    follow(page, page.get_by_role("button", name="Add another Reference"))
    expect(page.get_by_label("Key: new reference").first).to_be_focused()
    page.keyboard.type("eccp-2022")
    press_to(page, page.get_by_label("Title: new reference").first)
    page.keyboard.type("Country factsheet")
    press_to(page, page.get_by_role("button", name="Save", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator("summary", has_text="eccp-2022")).to_be_visible()
    assert factsheet.references.get().title == "Country factsheet"


def test_nothing_is_made_up_for_an_empty_factsheet(browse, cast):
    """The pages of a factsheet that has just been opened work like any other."""
    made = make_factsheet("FR")
    made.editors.add(cast["ada"])
    page = browse(user=cast["ada"])
    page.goto(address(made))
    follow(page, page.get_by_role("link", name="Add policy"))
    press_to(page, page.get_by_label("Names"))
    page.keyboard.type("The Plan")
    press_to(page, page.get_by_label("Kind"))
    page.keyboard.type("Clu")
    follow(page, page.get_by_role("button", name="Save and go on"))
    expect(page.get_by_role("heading", name="Policy objectives")).to_be_visible()
