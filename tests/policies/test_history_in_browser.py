"""The histories in Chromium: every look, and the way back by keyboard and without a script."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from policies import workflow
from policies.changes import Source, change_set
from policies.models import Factsheet, Objection, Policy, Publication, Section, Validation
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_cast, make_policy, make_publication, section, tick
from tests.lasting import lent
from tests.restoring import kept

LONG = " ".join(f"Sentence {number} stays." for number in range(40))


@kept
def make_once() -> SimpleNamespace:
    """Two versions that differ in a text, a fact and a score; validated, objected to."""
    cast = make_cast()
    first = make_publication(cast)
    policy = first.factsheet.policies.get()
    with change_set(by=cast["ada"], source=Source.ADMIN, note="after a call"):
        row = tick(policy, "objectives", "cooperation")
        row.text = f"The aim is trade. {LONG} The end."
        row.save()
        Policy.objects.filter(pk=policy.pk).update(kind="sectoral")
    make_policy(first.factsheet, "mistake", names=["A mistake"], order=4).delete()
    for row in Section.objects.exclude(state="approved"):
        workflow.submit(row, by=cast["ada"], kind="policy_changed")
        workflow.approve(row, by=cast["ben"])
    second = workflow.publish(first.factsheet, by=cast["cleo"], note="After a call.")
    by = {"by": cast["cleo"], "at": timezone.now()}
    day = date(2023, 1, 5)
    Validation.objects.create(
        publication=first, status="validated", office="Ministry", on=day, **by
    )
    Objection.objects.create(publication=second, office="O", text="T", received_on=day, **by)
    with change_set(by=cast["ada"], source=Source.ADMIN):
        row = section(policy, "objectives")
        row.text = row.text.replace("trade", "growth").replace("The end.", "That is all.")
        row.save()
    return SimpleNamespace(cast=cast, changed=second)


@pytest.fixture
def once(db: None) -> SimpleNamespace:
    return make_once()


cast, changed = lent("cast"), lent("changed")


def of(row: Section | Factsheet) -> str:
    return reverse(f"admin:policies_{row._meta.model_name}_history", args=[row.pk])


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_history_is_accessible(
    changed: Publication, browse: Callable[..., Page], cast, width: int, scheme: str
) -> None:
    page = browse(width=width, scheme=scheme, user=cast["cleo"])
    objectives = section(changed.factsheet.policies.get(), "objectives")
    add = reverse("admin:policies_objection_add")
    for address in (
        "/factsheets/2022/mexico/history/",
        of(objectives),
        of(changed.factsheet),
        reverse("admin:policies_publication_change", args=[changed.pk]),
        f"{add}?publication={changed.pk}",
    ):
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_an_editor_reads_what_changed_and_restores_it_without_a_script(
    changed: Publication, browse: Callable[..., Page], cast
) -> None:
    objectives = section(changed.factsheet.policies.get(), "objectives")
    page = browse(user=cast["ada"], javascript=False)
    page.goto(of(objectives))
    page.get_by_role("radio", name="from #2").check()
    page.get_by_role("radio", name="to #3").check()
    page.get_by_role("button", name="Compare the two chosen").press("Enter")
    expect(page.get_by_role("heading", name="What changed from #2 to #3")).to_be_visible()
    expect(page.get_by_text("Sentence 20 stays.")).to_be_hidden()
    page.get_by_text("unchanged words").click()
    expect(page.get_by_text("Sentence 20 stays.")).to_be_visible()
    page.get_by_label("Note on this change").fill("The ministry takes it back")
    page.get_by_role("button", name="Restore #2").click()
    expect(page.get_by_text("Restored from #2; the section is now #4, a draft.")).to_be_visible()
    objectives.refresh_from_db()
    assert objectives.text.startswith("The aim is trade.")


def test_an_editor_brings_a_deleted_policy_back(
    changed: Publication, browse: Callable[..., Page], cast
) -> None:
    page = browse(user=cast["ada"])
    page.goto(of(changed.factsheet))
    page.get_by_role("button", name="Restore this policy").press("Enter")
    expect(page.get_by_text("“A mistake” is back")).to_be_visible()
    assert changed.factsheet.policies.filter(code="mistake").exists()


def test_a_reader_chooses_two_versions(changed: Publication, page: Page) -> None:
    page.goto("/factsheets/2022/mexico/")
    page.get_by_role("link", name="All versions, and what changed between them").click()
    expect(page.get_by_text("Policy scope: 0.5 → 1")).to_be_visible()
    expect(page.get_by_text("The Plan: Kind: Broad policy → Sectoral policy").first).to_be_visible()
    page.get_by_label("From").select_option("2")
    page.get_by_label("To", exact=True).select_option("1")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("From version 2 to version 1")).to_be_visible()
    expect(page.get_by_text("Policy scope: 1 → 0.5")).to_be_visible()
