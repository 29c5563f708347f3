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
from policies.addresses import absolute
from policies.models import Edition

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


class OfThisSite(Sitemap):
    """Addresses begin as the site is known, and not as it was asked."""

    def get_protocol(self, protocol: Any = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Pages(OfThisSite):
    """In each language; of a factsheet the page itself tells of the others."""

    i18n = alternates = x_default = True

    def items(self) -> list[tuple[str, list[int]]]:
        years = Edition.objects.order_by("-year").values_list("year", flat=True)
        methods = [("methodology", [year]) for year in years]
        statistics = [("statistics", [year]) for year in finding.published_years()]
        return [*((name, []) for name in PAGES), *methods, *statistics]

    def location(self, item: tuple[str, Sequence[Any]]) -> str:
        name, arguments = item
        return reverse(f"policies:{name}", args=arguments)


class Factsheets(OfThisSite):
    """In files that are made quickly; the protocol would take 50 times as many in one."""

    limit = 1000

    def items(self) -> QuerySet[Any, Any]:
        return finding.dated()

    def location(self, item: Any) -> str:
        return reverse("policies:factsheet_detail", args=[item.year, item.slug])

    def lastmod(self, item: Any) -> datetime:
        return item.published_at


SECTIONS: "dict[str, type[Sitemap[Any]] | Sitemap[Any]]" = {
    "pages": Pages(),
    "factsheets": Factsheets(),
}


def files() -> Iterator[str]:
    """The address of each file; the first of a section has no number."""
    for section, made in SECTIONS.items():
        address = absolute(reverse("policies:sitemap_section", args=[section]))
        yield address
        paginator: Any = made.paginator
        for page in range(2, paginator.num_pages + 1):
            yield f"{address}?p={page}"
