"""What search engines may find: the pages of the site, and every current factsheet."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from policies import finding
from policies.addresses import absolute, by_language

PAGES = (
    "home",
    "factsheet_list",
    "policy_list",
    "categories",
    "compare",
    "search",
    "about",
    "accessibility",
)


class InEachLanguage(Sitemap):
    """Addresses that begin as the site is known, and not as it was asked.

    Each page is there once in every language, and tells of the others.
    """

    def get_protocol(self, protocol: Any = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_urls(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        found = super().get_urls(*args, **kwargs)
        return [address for page in found for address in self._versions(page)]

    def _versions(self, page: dict[str, Any]) -> Iterator[dict[str, Any]]:
        found = by_language(self.location(page["item"]))
        alternates = [{"lang_code": code, "location": address} for code, address in found]
        for _code, address in found[:-1]:
            yield {**page, "location": address, "alternates": alternates}


class Pages(InEachLanguage):
    def items(self) -> list[tuple[str, list[int]]]:
        years = finding.years()
        methods = [("methodology", [year]) for year in years]
        statistics = [("statistics", [year]) for year, published in years.items() if published]
        return [*((name, []) for name in PAGES), *methods, *statistics]

    def location(self, item: tuple[str, Sequence[Any]]) -> str:
        name, arguments = item
        return reverse(f"policies:{name}", args=arguments)


class Dated(InEachLanguage):
    def lastmod(self, item: Any) -> datetime:
        return item.published_at


class Factsheets(Dated):
    """In files that are made quickly; the protocol would take 50 times as many in one."""

    limit = 250

    def items(self) -> QuerySet[Any, Any]:
        return finding.dated()

    def location(self, item: Any) -> str:
        return reverse("policies:factsheet_detail", args=[item.year, item.slug])


class OverTime(Dated):
    def items(self) -> QuerySet[Any, Any]:
        return finding.dated_countries()

    def location(self, item: Any) -> str:
        return reverse("policies:country_over_time", args=[item.slug])


SECTIONS: "dict[str, type[Sitemap[Any]] | Sitemap[Any]]" = {
    "pages": Pages(),
    "factsheets": Factsheets(),
    "over-time": OverTime(),
}


def files() -> Iterator[str]:
    """The address of each file; only factsheets are so many that they have several."""
    for section in SECTIONS:
        yield absolute(reverse("policies:sitemap_section", args=[section]))
    address = absolute(reverse("policies:sitemap_section", args=["factsheets"]))
    paginator: Any = SECTIONS["factsheets"].paginator
    for page in range(2, paginator.num_pages + 1):
        yield f"{address}?p={page}"
