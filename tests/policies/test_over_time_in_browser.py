"""Points over time in Chromium: drawn, accessible, as wide as the window, and by keyboard."""

import pytest

from tests.browser import LOOKS, assert_accessible
from tests.over_time import begin, make_edition, make_rubric, make_versions

# Whether anything was drawn on each canvas.
DRAWN = """
[...document.querySelectorAll(".over-time-box canvas")].map(canvas => canvas.getContext("2d")
  .getImageData(0, 0, canvas.width, canvas.height).data.some(value => value))
"""


@pytest.fixture
def published(cast):
    make_edition(2024, make_rubric())
    make_versions(cast, 2022)
    begin(cast, 2024)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_points_over_time_are_drawn_and_read_by_keyboard(published, browse, width, scheme):
    page = browse(width=width, scheme=scheme)
    page.goto("/factsheets/2022/mexico/")
    page.get_by_role("link", name="Points over time").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/factsheets/mexico/over-time/")
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate(DRAWN) == [True] * 5
    for summary in page.locator("main summary").all():
        summary.focus()
        page.keyboard.press("Enter")
    assert page.get_by_text("A cluster policy counts, so policy scope is 2.").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)
    page.get_by_role("link", name="Compare 2022, version 2 and 2022, version 3").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/history/?from=2&to=3")
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto("/de/factsheets/mexico/over-time/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
