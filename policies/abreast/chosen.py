"""What can stand side by side, and the documents of what was chosen, as queries."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from policies.finding import SLUG, YEAR
from policies.folding import alphabetical
from policies.models import Country, Publication
from policies.presentation.translated import country_name


class Place(NamedTuple):
    """A country that is published in an edition, as the site calls it today."""

    slug: str
    name: str
    is_demonstration: bool

    @property
    def title(self) -> str:
        if self.is_demonstration:
            return _("%(country)s (invented)") % {"country": self.name}
        return self.name


def places_of(year: int) -> list[Place]:
    """By name."""
    current = Publication.objects.current().filter(**{YEAR: year})
    country = "factsheet__country"
    rows = current.order_by().values_list(SLUG, f"{country}__name", f"{country}__group")
    places = [
        Place(slug, country_name(name), group == Country.Group.DEMONSTRATION)
        for slug, name, group in rows
    ]
    return sorted(places, key=lambda place: alphabetical(place.name))


def years_by_country(slugs: Iterable[str]) -> dict[str, set[int]]:
    """In which editions each of these countries is published."""
    current = Publication.objects.current().filter(**{f"{SLUG}__in": set(slugs)})
    found: dict[str, set[int]] = {}
    for year, slug in current.order_by().values_list(YEAR, SLUG):
        found.setdefault(slug, set()).add(year)
    return found


class Current(NamedTuple):
    """A current document, with the name and the word in addresses that its country has today."""

    year: int
    slug: str
    name: str
    document: dict[str, Any]


def current_documents(years: Iterable[int], slugs: Iterable[str]) -> list[Current]:
    """Of these countries in these editions, in one query and no order."""
    of = {f"{YEAR}__in": set(years), f"{SLUG}__in": set(slugs)}
    rows = Publication.objects.current().filter(**of).order_by()
    found = rows.values_list(YEAR, SLUG, "factsheet__country__name", "document_json")
    return [Current(year, slug, name, json.loads(text)) for year, slug, name, text in found]
