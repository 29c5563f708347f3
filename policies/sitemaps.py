"""What search engines may find: the pages of the site, and every current factsheet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from policies import finding
from policies.models import Edition

PAGES = ("home", "factsheet_list", "policy_list", "compare", "search", "about", "accessibility")


class Pages(Sitemap):
    def items(self) -> list[tuple[str, list[int]]]:
        years = Edition.objects.order_by("-year").values_list("year", flat=True)
        methods = [("methodology", [year]) for year in years]
        return [*((name, []) for name in PAGES), *methods]

    def location(self, item: tuple[str, Sequence[Any]]) -> str:
        name, arguments = item
        return reverse(f"policies:{name}", args=arguments)


class Factsheets(Sitemap):
    """In files that are made quickly; the protocol would take 50 times as many in one."""

    limit = 1000

    def items(self) -> QuerySet[Any, Any]:
        return finding.dated()

    def location(self, item: Any) -> str:
        return reverse("policies:factsheet_detail", args=[item.year, item.slug])

    def lastmod(self, item: Any) -> datetime:
        return item.published_at

    def get_latest_lastmod(self) -> datetime | None:
        """Django would go through all of them, and the index of the files needs only one."""
        return None


SECTIONS: "dict[str, type[Sitemap[Any]] | Sitemap[Any]]" = {
    "pages": Pages,
    "factsheets": Factsheets,
}
