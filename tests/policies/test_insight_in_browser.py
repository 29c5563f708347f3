"""Matrix, category page and statistics in Chromium: by keyboard alone, at both widths."""

import json

import pytest

from policies.models import Edition
from policies.reference_data import SAMPLE
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_publication, make_scored_document

PAGES = (
    "/categories/?section=all&by=kind",
    "/categories/objectives/rd/",
    "/statistics/2022/",
    "/statistics/2022/changes/",
)

WHOLE = PAGES[1:3]  # their tables fit any width
HIDING = "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"


@pytest.fixture
def published(cast):
    for name in ("mexico", "fictavia"):
        text = (SAMPLE / f"{name}-2022.json").read_text(encoding="utf-8")
        make_publication(cast, json.loads(text))
    make_publication(cast, make_scored_document("FR"))
    values = {"rubric": Edition.objects.get().rubric, "collected_on": "2021-09-30"}
    Edition.objects.create(year=2021, label="Q3 2021", **values)
    make_publication(cast, make_scored_document("FR", edition={"year": 2021}))


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_that_count_are_accessible_and_as_wide_as_the_window(
    published, browse, width, scheme
):
    page = browse(width=width, scheme=scheme)
    for address in PAGES:
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if address in WHOLE:
            assert page.locator(".table-scroll").evaluate_all(HIDING) == []


def test_a_whole_matrix_fits_a_sheet_of_paper_across(published, browse):
    page = browse(width=1062)  # A4 within its margins
    page.emulate_media(media="print")
    page.goto(PAGES[0])
    fits = "all => all.every(e => e.scrollWidth <= e.clientWidth)"
    assert page.locator(".matrix-scroll").evaluate_all(fits)
    page.set_viewport_size({"width": 688, "height": 1000})
    assert page.locator(".table-scroll").evaluate_all(fits)


def test_from_a_number_of_the_matrix_to_a_cell_by_keyboard(published, page):
    page.goto("/categories/")
    page.get_by_label("Section").focus()
    page.keyboard.type("Beneficiaries")
    while page.evaluate("document.activeElement.textContent.trim()") != "Show":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**section=beneficiaries**")
    page.get_by_role("link", name="SMEs", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/categories/beneficiaries/smes/**")
    page.locator("#yes").get_by_role("link", name="Course for an Industrial Policy").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/factsheets/2022/mexico/#*.beneficiaries")


BARS = [  # the figure, which of the bars in a row, and the list of the last row
    ("kinds", 0, "kind=broad"),
    ("groups", 1, "kind=broad&group=third"),
]


def test_a_bar_leads_to_the_list_that_it_counts(published, page):
    for figure, series, listed in BARS:
        page.goto("/statistics/2022/")
        chart = page.locator(f"#{figure}-chart")
        chart.scroll_into_view_if_needed()
        bars = f"Chart.getChart('{figure}-chart')?.getDatasetMeta({series}).data"
        page.wait_for_function(f"{bars}.length === 3")
        place = page.evaluate(f"(({{x, y, base}}) => ({{x: (x + base) / 2, y}}))({bars}[2])")
        chart.click(position=place)
        page.wait_for_url(f"**/factsheets/?edition=2022&{listed}")
