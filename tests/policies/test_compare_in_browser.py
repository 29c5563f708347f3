"""The comparison in Chromium: by keyboard alone, on a phone, in both schemes, on paper."""

import json

import pytest

from policies.reference_data import SAMPLE
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_publication, make_scored_document

PHONE = 390
THREE = "/compare/?edition=2022&country=mexico&country=fictavia&country=france"
SIX = "&country=".join([THREE, "germany", "spain", "inventoria"])

# How many pixels of a canvas have one of these colours.
PAINTED = """
(names) => {
  const canvas = document.querySelector(".radar canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const probe = document.body.appendChild(document.createElement("i"));
  return names.map((name) => {
    probe.setAttribute("class", name);
    const [r, g, b] = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i] === r && data[i + 1] === g && data[i + 2] === b) count += 1;
    return count;
  });
}
"""


@pytest.fixture
def published(cast):
    for name in ("mexico", "fictavia", "inventoria"):
        text = (SAMPLE / f"{name}-2022.json").read_text(encoding="utf-8")
        make_publication(cast, json.loads(text))
    for code in ("FR", "DE", "ES"):
        make_publication(cast, make_scored_document(code))


def test_a_comparison_is_chosen_by_keyboard_from_a_factsheet(published, page):
    page.goto("/factsheets/2022/mexico/")
    page.get_by_role("link", name="Compare with…").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare/**")
    page.get_by_role("checkbox", name="Mexico").focus()
    while page.evaluate("document.activeElement.value") != "fictavia":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**country=mexico&country=fictavia")
    assert page.locator(".compare-sides h2").all_inner_texts() == ["Mexico 2022", "Fictavia 2022"]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_comparisons_are_accessible_drawn_and_as_wide_as_the_window(
    published, browse, width, scheme
):
    page = browse(width=width, scheme=scheme)
    for address in ("/compare/?edition=2022&country=mexico", THREE, SIX):
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"{THREE}#section-objectives")
    assert_accessible(page)
    page.goto(f"{THREE}#maturity")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_function(f"({PAINTED})(['key-1', 'key-2', 'key-3']).every(n => n > 100)")
    page.emulate_media(media="print")
    assert page.locator(".more .prose").first.is_visible()


def test_on_a_phone_two_lines_name_the_section_and_the_country(published, browse):
    page = browse(width=PHONE)
    page.goto(f"{THREE}#section-objectives")
    row = page.locator("#section-objectives tr").first
    cell = row.locator("td").nth(1)
    script = "cell => {cell.scrollIntoView({block: 'start'}); scrollBy(0, 200)}"
    cell.evaluate(script)
    section = row.locator("th").bounding_box()
    country = cell.locator(".cell-policy")
    assert section["y"] == pytest.approx(0, abs=1)
    assert country.bounding_box()["y"] == pytest.approx(section["height"], abs=1)
    assert country.inner_text() == "Fictavia"


SHOWN = """
() => [...document.querySelectorAll(".compare-parts > section, .compare-table > tbody")]
  .filter(part => part.getClientRects().length)
  .map(part => part.id).filter(Boolean)
"""


def test_a_phone_shows_one_section_at_a_time_without_scripts_and_prints_all(published, browse):
    page = browse(width=PHONE, javascript=False)
    page.goto(THREE)
    assert page.evaluate(SHOWN) == ["maturity"]
    page.get_by_text("Choose a section").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Policy objectives").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#section-objectives")
    assert page.evaluate(SHOWN) == ["section-objectives"]
    page.get_by_role("link", name="Next: Policy focus").press("Enter")
    page.wait_for_url("**#section-focus")
    page.reload()
    assert page.evaluate(SHOWN) == ["section-focus"]
    page.emulate_media(media="print")
    assert len(page.evaluate(SHOWN)) > 15
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert len(page.evaluate(SHOWN)) > 15
