"""What if, in Chromium: at once by keyboard, on a phone, on paper, without scripts."""

import json

import pytest

from policies.reference_data import SAMPLE
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_publication

MEXICO = "/factsheets/2022/mexico/what-if/"
COURSE = "course-for-an-industrial-policy"
COVERS_NOTHING = """() =>
  document.activeElement.getBoundingClientRect().bottom <=
  document.querySelector(".what-if-total").getBoundingClientRect().top
"""


@pytest.fixture
def published(cast):
    for name in ("mexico", "fictavia"):
        text = (SAMPLE / f"{name}-2022.json").read_text(encoding="utf-8")
        make_publication(cast, json.loads(text))


def test_a_fact_is_changed_by_keyboard_and_taken_back(published, page, complaints):
    page.goto("/factsheets/2022/mexico/")
    page.get_by_role("link", name="What if the facts were others?").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{MEXICO}")
    kind = page.get_by_label("Kind", exact=True)
    kind.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url(f"**?{COURSE}.kind=sectoral")
    total = page.locator("#total")
    total.get_by_text("2 of 8").wait_for()
    assert page.evaluate("document.activeElement.id") == f"{COURSE}.kind"
    german = page.get_by_role("link", name="Deutsch").get_attribute("href")
    assert german == f"/de{MEXICO}?{COURSE}.kind=sectoral"
    page.get_by_role("link", name="Course for an Industrial Policy is monitored").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**?{COURSE}.kind=sectoral&{COURSE}.monitoring=present")
    assert page.evaluate("document.activeElement.id") == "result-title"
    assert page.get_by_label("Monitoring", exact=True).input_value() == "present"
    page.get_by_label("Ending year", exact=True).fill("1999")
    page.keyboard.press("Tab")
    page.get_by_role("alert").get_by_text("can not end in 1999").wait_for()
    complaints.clear()  # the browser says that the answer was a refusal
    wrong = page.locator("#facts [aria-invalid='true']")
    assert wrong.evaluate_all(
        "fields => fields.map(field => [field.name, field.getAttribute('aria-describedby')])"
    ) == [[f"{COURSE}.end", "complaint"]]
    page.get_by_label("Ending year", exact=True).fill("")
    page.keyboard.press("Tab")
    page.get_by_role("alert").wait_for(state="hidden")
    assert wrong.count() == 0
    page.go_back()
    page.wait_for_url(f"**?{COURSE}.kind=sectoral")
    total.get_by_text("2 of 8").wait_for()
    assert page.get_by_label("Monitoring", exact=True).input_value() == "absent"


def test_arrow_keys_add_one_policy_and_go_on_in_it(published, browse, complaints):
    page = browse(width=390)
    page.goto(MEXICO)
    page.get_by_label("Add a policy").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**?new.1.kind=broad")
    page.wait_for_function("document.activeElement.id === 'new.1.kind'")
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**?new.1.kind=sectoral")
    page.get_by_label("Ending year", exact=True).first.fill("1999")
    page.keyboard.press("Tab")
    alert = page.get_by_role("alert")
    alert.get_by_text("can not end in 1999").wait_for()
    complaints.clear()  # the browser says that the answer was a refusal
    box = alert.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= page.viewport_size["height"]


def test_nothing_that_has_the_keyboard_is_behind_the_total_on_a_phone(published, browse):
    page = browse(width=390)
    page.goto(MEXICO)
    places = page.locator("#facts select, #facts input, #steps a")
    for place in places.all():
        place.evaluate("place => place.focus()")
        page.wait_for_function(COVERS_NOTHING)


def test_what_is_taken_away_leaves_the_keyboard_where_it_was(published, page):
    page.goto(f"{MEXICO}?new.1.kind=broad")
    out = page.get_by_label("Leave this policy out")
    out.focus()
    page.keyboard.press("Space")
    page.wait_for_url(f"**?{COURSE}.out=1&new.1.kind=broad")
    page.get_by_role("row", name="Left out").wait_for()
    assert page.evaluate("document.activeElement.id") == f"{COURSE}.out"
    kind = page.locator("[id='new.1.kind']")
    kind.focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_url(f"**?{COURSE}.out=1")
    kind.wait_for(state="detached")
    assert page.evaluate("document.activeElement.id") == "adding"


def test_back_to_an_address_that_is_refused_shows_its_way_out(published, page, complaints):
    page.goto(MEXICO)
    page.evaluate(f"history.replaceState(null, '', '?{COURSE}.start=1')")
    page.get_by_label("Kind", exact=True).select_option("sectoral")
    page.wait_for_url(f"**?{COURSE}.kind=sectoral")
    page.go_back()
    page.get_by_role("heading", name="Instead").wait_for()
    assert page.url.endswith(f"?{COURSE}.start=1")
    complaints.clear()  # the browser says that the answer was a refusal


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_it_is_accessible_as_wide_as_the_window_and_says_what_it_is_on_paper(
    published, browse, width, scheme
):
    page = browse(width=width, scheme=scheme)
    for query in ("", f"?{COURSE}.kind=cluster&new.1.kind=broad"):
        page.goto(f"{MEXICO}{query}")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"{MEXICO}?{COURSE}.kind=cluster")
    page.emulate_media(media="print")
    assert page.get_by_text("This is a simulation, not a score.").is_visible()
    assert page.get_by_role("cell", name="Cluster policy").first.is_visible()
    assert page.locator("#facts").is_hidden()


def test_without_scripts_a_button_simulates(published, browse):
    page = browse(javascript=False)
    page.goto(MEXICO)
    page.get_by_label("Add a policy").select_option("cluster")
    page.get_by_role("button", name="Simulate").click()
    page.wait_for_url(f"**{MEXICO}?new.1.kind=cluster")
    assert page.locator("#total").inner_text().startswith("Simulated: 3.5 of 8")
