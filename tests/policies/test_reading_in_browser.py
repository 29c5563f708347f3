"""The public pages in Chromium: looks, sticking heads, the chart, print, and no script at all."""

import json

import pytest

from policies.models import User
from policies.reference_data import SAMPLE
from policies.workflow import withdraw
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_cast, make_publication
from tests.restoring import kept

MEXICO, FICTAVIA = "/factsheets/2022/mexico/", "/factsheets/2022/fictavia/"
PHONE, TABLET, DESK = 390, 768, 1280


@kept
def make_site(*names):
    cast = make_cast()
    texts = [(SAMPLE / f"{name}-2022.json").read_text(encoding="utf-8") for name in names]
    return [make_publication(cast, json.loads(text)) for text in texts]


@pytest.fixture
def publish(db):
    return make_site


@pytest.fixture
def mexico(publish):
    publish("mexico")


@pytest.fixture
def fictavia(publish):
    publish("fictavia")


def scroll(page, selector, by=0):
    """Bring an element to the top of the window, then move on."""
    script = "([element, by]) => {element.scrollIntoView({block: 'start'}); scrollBy(0, by)}"
    page.evaluate(script, [page.locator(selector).first.element_handle(), by])


def box(page, selector):
    return page.locator(selector).first.bounding_box()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_public_page_is_accessible(publish, browse, width, scheme):
    publish("mexico", "fictavia", "inventoria")
    page = browse(width=width, scheme=scheme)
    addresses = ["/", "/factsheets/", MEXICO, FICTAVIA, "/accessibility/"]
    addresses += ["/factsheets/2022/inventoria/", "/methodology/2022/", "/about/"]
    for address in addresses:
        page.goto(address)
        assert_accessible(page)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_of_what_is_not_there_are_accessible(publish, browse, complaints, width, scheme):
    (publication,) = publish("mexico")
    withdraw(publication, by=User.objects.get(username="cleo"), reason="A wrong year.")
    page = browse(width=width, scheme=scheme)
    for address in (f"{MEXICO}v1/", MEXICO, f"{MEXICO}v9/", "/factsheets/2022/x/", "/nothing/"):
        page.goto(address)
        assert_accessible(page)
    complaints.clear()  # Chromium reports that the addresses themselves are missing.


@pytest.mark.parametrize("width", [320, PHONE, TABLET, DESK])
def test_no_page_scrolls_sideways(publish, browse, width):
    publish("mexico", "fictavia")
    page = browse(width=width)
    addresses = ["/", "/factsheets/", MEXICO, FICTAVIA, "/methodology/2022/", "/about/"]
    for address in [*addresses, "/de/search/?q=innovation"]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_levels_have_room_on_the_smallest_telephone(mexico, browse):
    page = browse(width=320)
    page.goto(f"/de{MEXICO}")
    assert box(page, ".maturity tbody td")["width"] > 140
    assert box(page, ".maturity tbody")["width"] <= 320


def test_the_first_stop_of_the_keyboard_skips_to_the_content(mexico, page):
    page.goto(MEXICO)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


# Heads that stick


def test_the_heads_of_the_policies_stick_to_the_top_of_the_window(mexico, page):
    page.goto(MEXICO)
    scroll(page, ".policies", by=900)
    assert box(page, ".policies thead th + th")["y"] == pytest.approx(0, abs=1)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_address_of_a_cell_leads_to_it_clear_of_what_sticks(mexico, browse, width):
    page = browse(width=width)
    page.goto(f"{MEXICO}#nuevo-leon-strategic-plan.beneficiaries")
    cell = '[id="nuevo-leon-strategic-plan.beneficiaries"]'
    sticking = "thead th + th" if width == DESK else f"tr:has({cell}) th"
    head = box(page, f".policies {sticking}")
    assert head["y"] + head["height"] <= box(page, cell)["y"] + 1 < 300


def test_the_name_of_a_long_row_stays_in_view_below_the_heads(mexico, page):
    page.goto(MEXICO)
    scroll(page, '[id="nuevo-leon-strategic-plan.objectives"]', by=300)
    name = page.locator(".row-head", has_text="Policy objectives").bounding_box()
    head = box(page, ".policies thead th + th")
    assert head["y"] + head["height"] <= name["y"] < 250


def test_four_policies_scroll_sideways_below_heads_and_beside_names(fictavia, page):
    page.goto(FICTAVIA)
    scroll(page, ".wide")
    page.locator(".wide").evaluate("region => region.scrollTo(300, 600)")
    region, corner = box(page, ".wide"), box(page, ".wide .corner")
    assert page.locator(".wide").evaluate("region => region.scrollLeft") > 100
    assert corner["x"] == pytest.approx(region["x"] + 1, abs=1)
    assert corner["y"] == pytest.approx(region["y"] + 1, abs=1)


def test_on_a_phone_two_lines_name_the_section_and_the_policy(mexico, browse):
    page = browse(width=PHONE)
    page.goto(MEXICO)
    cell = '[id="nuevo-leon-strategic-plan.objectives"]'
    scroll(page, cell, by=200)
    section = box(page, f"tr:has({cell}) th")
    policy = box(page, f"{cell} .cell-policy")
    assert section["y"] == pytest.approx(0, abs=1)
    assert policy["y"] == pytest.approx(section["height"], abs=1)
    assert page.locator(f"{cell} .cell-policy").is_visible()


def test_on_a_phone_a_line_inside_a_heading_names_both(mexico, browse):
    page = browse(width=PHONE)
    page.goto(MEXICO)
    row = page.locator('tr:has([id="course-for-an-industrial-policy.technical-assistance"]) th')
    assert row.inner_text() == "Instruments: Technical assistance"


# The radar

COLOURS = """
() => {
  const canvas = document.getElementById("radar");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = new Map();
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] < 255) continue;
    const colour = `rgb(${data[i]}, ${data[i + 1]}, ${data[i + 2]})`;
    found.set(colour, (found.get(colour) ?? 0) + 1);
  }
  return Object.fromEntries([...found].filter(([, count]) => count > 100));
}
"""
BLUE, LIGHT_BLUE = "rgb(11, 79, 158)", "rgb(141, 188, 248)"


@pytest.mark.parametrize(("scheme", "colour"), [("light", BLUE), ("dark", LIGHT_BLUE)])
def test_the_radar_is_drawn_in_the_colours_of_the_scheme(mexico, browse, scheme, colour):
    page = browse(scheme=scheme)
    page.goto(MEXICO)
    page.evaluate("document.fonts.ready.then(() => true)")
    assert colour in page.evaluate(COLOURS)


def test_the_radar_follows_a_change_of_scheme(mexico, page):
    page.goto(MEXICO)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"({COLOURS})()['{LIGHT_BLUE}']")


def test_the_radar_of_a_dark_screen_prints_on_white(mexico, browse):
    page = browse(scheme="dark")
    page.goto(MEXICO)
    page.emulate_media(media="print")
    page.wait_for_function(f"({COLOURS})()['{BLUE}']")


# Print, and no script

NEEDS_SCRIPT = "The chart needs JavaScript; the table holds the same numbers."


def test_everything_is_open_in_print(mexico, page):
    page.goto(MEXICO)
    rest = page.locator(".more .prose").first
    assert not rest.is_visible()
    page.emulate_media(media="print")
    assert rest.is_visible()


def test_a_fold_opens_without_a_script(mexico, browse):
    page = browse(javascript=False)
    page.goto(MEXICO)
    page.locator(".more summary").first.click()
    assert page.locator(".more .prose").first.is_visible()


def test_without_a_script_nothing_but_the_radar_is_missing(mexico, browse):
    texts = []
    for javascript in (True, False):
        page = browse(javascript=javascript)
        page.goto(MEXICO)
        words = page.locator("main").inner_text()
        texts.append(
            words.replace("The chart needs JavaScript; the table holds the same numbers.\n", "")
        )
    assert texts[0].split() == texts[1].split()
    assert not page.locator(".radar-box").is_visible()


def test_a_link_to_a_folded_note_opens_the_fold(mexico, page):
    """A footnote's way back may end inside a fold, which the browser then opens."""
    page.goto(MEXICO)
    inside = page.locator(".more .prose").first
    inside.evaluate("fold => fold.id = 'inside'")
    page.evaluate("location.hash = 'inside'")
    assert inside.is_visible()
