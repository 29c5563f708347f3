"""Addresses for those who are not on the page: whole ones, and where the workplace shows what."""

from django.conf import settings
from django.urls import reverse

from policies.languages import versions, without_language


def absolute(path: str) -> str:
    """The whole address by which the site is known, whatever name it was asked by."""
    return f"{settings.SITE_URL}{path}"


def by_language(path: str) -> list[tuple[str, str]]:
    """Of a page, by language, as search engines want them; English is for whoever reads none."""
    found = [(version.code, absolute(version.address)) for version in versions(path)]
    return [*found, ("x-default", absolute(without_language(path)))]


def review_page(factsheet: int, anchor: str = "") -> str:
    """The page on which a factsheet is reviewed, at one of its sections."""
    page = reverse("admin:policies_factsheet_review", args=[factsheet])
    return f"{page}#{anchor}" if anchor else page
