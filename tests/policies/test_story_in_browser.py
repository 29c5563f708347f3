"""One change from the first keystroke to the readers, as five people see it in their browsers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from policies.models import Policy, Publication, User
from policies.roles import Role
from tests.factory import make_publication, make_user

WORD = (Path(__file__).parent / "pasted" / "word.html").read_text(encoding="utf-8")
PASTE = """(field, html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  const init = {clipboardData, bubbles: true, cancelable: true};
  field.dispatchEvent(new ClipboardEvent("paste", init));
}"""
KEPT = "words => Object.values(localStorage).some(kept => kept.includes(words))"
MEXICO = "/factsheets/2022/mexico/"

Browse = Callable[..., Page]


@pytest.fixture
def policy(cast: dict[str, User]) -> Policy:
    """A policy of a published factsheet that Ada and Eve both write."""
    factsheet = make_publication(cast).factsheet
    factsheet.reviewers.add(cast["ben"])
    cast["eve"] = make_user("eve", Role.EDITOR)
    factsheet.editors.add(cast["eve"])
    return factsheet.policies.get()


class Story:
    """The windows of everybody, and where they work."""

    def __init__(self, browse: Browse, cast: dict[str, User], policy: Policy) -> None:
        self.windows = {name: browse(user=cast[name]) for name in ("ada", "eve", "ben", "cleo")}
        self.form = reverse("admin:policies_policy_change", args=[policy.pk])
        self.review = reverse("admin:policies_factsheet_review", args=[policy.factsheet_id])

    def opens_form(self, name: str) -> Page:
        self.windows[name].goto(self.form)
        return self.windows[name]

    def opens_review(self, name: str) -> Page:
        self.windows[name].goto(self.review)
        return self.windows[name]


def field(page: Page, title: str):
    return page.get_by_label(f"Text: {title}", exact=True)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def strip(page: Page, title: str):
    return page.get_by_role("group", name=f"Review of The Plan, {title}", exact=True)


def unfold(strip_) -> None:
    """Open what is folded below the state of a section."""
    strip_.locator("details.strip-more > summary").click()


@pytest.mark.django_db(transaction=True)
def test_a_change_goes_from_two_editors_to_the_readers(browse, cast, policy) -> None:
    story = Story(browse, cast, policy)

    # Ada and Eve open the same policy; Eve is quicker, Ada pastes from Word
    ada, eve = story.opens_form("ada"), story.opens_form("eve")
    expect(eve.get_by_text("Ada is editing this too.")).to_be_visible()
    field(eve, "Policy focus").fill("Harbours, says Eve.")
    save(eve)
    expect(eve.get_by_text("Harbours, says Eve.").first).to_be_visible()
    field(ada, "Policy objectives").fill("To grow, says Ada.")
    field(ada, "Policy focus").evaluate(PASTE, WORD)
    save(ada)

    # What nobody else touched is saved; the rest comes back with both versions
    expect(ada.get_by_text("Eve saved another version at")).to_be_visible()
    expect(ada.get_by_text("Saved: Policy objectives.")).to_be_visible()
    assert "- grow the **harbour** cluster" in field(ada, "Policy focus").input_value()
    field(ada, "Policy focus").fill("Harbours, say Eve and Ada.")
    save(ada)
    expect(ada.get_by_text("Eve saved another version at")).to_have_count(0)

    # A tab dies; its typing comes back
    field(ada, "History").fill("It began at the quay.")
    ada.wait_for_function(KEPT, arg="It began at the quay.")
    reborn = ada.context.new_page()
    ada.close(run_before_unload=False)
    ada = story.windows["ada"] = reborn
    story.opens_form("ada")
    ada.locator("#section-history").get_by_role("button", name="Put it back").click()
    expect(field(ada, "History")).to_have_value("It began at the quay.")
    save(ada)

    # She submits all of it at once and says which kind of change it is
    story.opens_review("ada")
    ada.get_by_label("This changes what is published. Which is it?", exact=True).select_option(
        label="The policy changed"
    )
    ada.get_by_role("button", name="Submit all drafts (3)").click()
    expect(ada.get_by_text("3 sections submitted.")).to_be_visible()

    # Ben returns one section with a comment
    ben = story.opens_review("ben")
    unfold(strip(ben, "Policy focus"))
    strip(ben, "Policy focus").get_by_label("Comment").fill("Which harbours?")
    strip(ben, "Policy focus").get_by_role("button", name="Return with the comment").click()
    expect(ben.get_by_text("1 section returned.")).to_be_visible()

    # Ada sees it where she writes, mends the text, and submits it again
    story.opens_form("ada")
    expect(ada.locator("#section-focus").get_by_text("Which harbours?")).to_be_visible()
    field(ada, "Policy focus").fill("Harbours of the northern coast.")
    save(ada)
    story.opens_review("ada")
    mended = strip(ada, "Policy focus")
    mended.locator("details.strip-since > summary").first.click()
    expect(mended.locator("ins").first).to_be_visible()
    mended.get_by_role("button", name="Resolve").click()
    expect(ada.get_by_text("The comment is resolved.")).to_be_visible()
    ada.get_by_label("This changes what is published. Which is it?", exact=True).select_option(
        label="The policy changed"
    )
    ada.get_by_role("button", name="Submit all drafts (1)").click()

    # Ben approves, Cleo says why the warnings may stand and publishes
    story.opens_review("ben")
    ben.get_by_role("button", name="Approve all that is submitted (3)").click()
    expect(ben.get_by_text("3 sections approved.")).to_be_visible()
    cleo = story.opens_review("cleo")
    while cleo.get_by_role("button", name="Keep the reason").count():
        cleo.get_by_label("Why it may stand").first.fill("It is known.")
        cleo.get_by_role("button", name="Keep the reason").first.click()
    cleo.get_by_role("button", name="Publish…").click()
    cleo.get_by_label("What changed since the last version").fill("The harbours are named.")
    cleo.get_by_role("button", name="Publish", exact=True).click()
    expect(cleo.get_by_text("is published: readers see it now.")).to_be_visible()

    # Readers see the text, and in the history what changed and why
    reader = browse()
    reader.goto(MEXICO)
    expect(reader.get_by_text("Harbours of the northern coast.")).to_be_visible()
    reader.goto(f"{MEXICO}history/")
    expect(reader.get_by_text("The harbours are named.")).to_be_visible()
    expect(reader.get_by_text("the policy changed").first).to_be_visible()
    expect(reader.get_by_text("Harbours of the northern coast.").first).to_be_visible()
    assert Publication.objects.current().get().number == 2
