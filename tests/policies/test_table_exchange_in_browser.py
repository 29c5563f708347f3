"""Sending a reference table in, in Chromium: by keyboard, wide and narrow."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from policies.models import Country
from policies.roles import Role
from tests.browser import LOOKS, assert_accessible
from tests.factory import make_user


def send(window: Page, text: str) -> None:
    file = {"name": "countries.csv", "mimeType": "text/csv", "buffer": text.encode()}
    window.locator("input[type=file]").set_input_files(file)
    window.get_by_role("button", name="Check the file").press("Enter")


def assert_fits(window: Page) -> None:
    assert_accessible(window)
    assert not window.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_table_goes_out_and_comes_in(browse, reference, width: int, scheme: str) -> None:
    window: Page = browse(width=width, scheme=scheme, user=make_user("eva", Role.ADMINISTRATOR))
    window.goto(reverse("admin:policies_country_changelist"))
    window.get_by_role("link", name="Export").click()
    window.wait_for_url("**/export/*")
    assert_fits(window)
    with window.expect_download() as download:
        window.get_by_role("button", name="Export").press("Enter")
    assert download.value.suggested_filename.endswith(".xlsx")
    window.goto(reverse("admin:policies_country_import"))
    assert_fits(window)
    send(window, "code,nmae,group\nMX,,europe\nXA,,\n")
    expect(window.get_by_role("heading", name="errors")).to_be_visible()
    expect(window.get_by_text("Did you mean “european”?")).to_be_visible()
    assert_fits(window)
    send(window, "code,note\nMX,In the tropics.\nFR,\n")
    expect(window.get_by_text("0 new, 1 changed, 1 unchanged.")).to_be_visible()
    assert_fits(window)
    window.get_by_role("button", name="Confirm and import").press("Enter")
    expect(window.get_by_text("The import is done: 0 new, 1 changed.")).to_be_visible()
    assert Country.objects.get(code="MX").note == "In the tropics."
