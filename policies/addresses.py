"""Where the workplace shows something, for whoever links there."""

from django.urls import reverse


def review_page(factsheet: int, anchor: str = "") -> str:
    """The page on which a factsheet is reviewed, at one of its sections."""
    page = reverse("admin:policies_factsheet_review", args=[factsheet])
    return f"{page}#{anchor}" if anchor else page
