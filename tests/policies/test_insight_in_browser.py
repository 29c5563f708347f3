"""Matrix, category page and statistics in Chromium: by keyboard alone, at both widths."""

import json

import pytest

from policies.reference_data import SAMPLE
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_publication, make_scored_document

PAGES = (
    "/categories/?section=all&by=kind",
    "/categories/objectives/rd/",
    "/statistics/2022/",
    "/statistics/2022/changes/",
)


@pytest.fixture
def published(cast):
    for name in ("mexico", "fictavia"):
        text = (SAMPLE / f"{name}-2022.json").read_text(encoding="utf-8")
        make_publication(cast, json.loads(text))
    make_publication(cast, make_scored_document("FR"))


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_that_count_are_accessible_and_as_wide_as_the_window(
    published, browse, width, scheme
):
    page = browse(width=width, scheme=scheme)
    for address in PAGES:
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


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


def test_a_bar_leads_to_the_list_that_it_counts(published, page):
    page.goto("/statistics/2022/")
    chart = page.locator("#kinds-chart")
    chart.scroll_into_view_if_needed()
    page.wait_for_function("Chart.getChart('kinds-chart')?.getDatasetMeta(0).data.length === 3")
    bar = "Chart.getChart('kinds-chart').getDatasetMeta(0).data[2]"
    place = page.evaluate(f"(({{x, y, base}}) => ({{x: (x + base) / 2, y}}))({bar})")
    chart.click(position=place)
    page.wait_for_url("**/factsheets/?edition=2022&kind=broad")
