"""What an address of the search asks for, and what to say if there is no such thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from policies.missing import Link, Missing, Refused
from policies.models import Place
from policies.searching.entries import Filters
from policies.searching.query import Query, parse
from policies.searching.scope import Published, latest

ALL = "all"  # editions
LONGEST = 50  # characters of a filter


@dataclass(frozen=True)
class Asked:
    """The address as it was understood; without an edition the latest is searched."""

    query: Query
    edition: str = ""
    country: str = ""
    part: str = ""
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Asked":
        filters = {
            name: given.get(name, "").strip().replace("\0", "")[:LONGEST]
            for name in ("edition", "country", "part")
        }
        page = given.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
        return cls(parse(given.get("q", "")), page=max(number, 1), **filters)

    def address(self, **changes: Any) -> str:
        """Where this is asked, or the same with changes."""
        asked = replace(self, **{"page": 1, **changes}) if changes else self
        values = {
            "q": asked.query.text,
            "edition": asked.edition,
            "country": asked.country,
            "part": asked.part,
            "page": asked.page if asked.page > 1 else "",
        }
        told = urlencode({name: value for name, value in values.items() if value})
        return reverse("policies:search") + (f"?{told}" if told else "")

    def year(self, published: Sequence[Published]) -> int | None:
        """The edition to search, the latest unless another is asked for; None for all of them."""
        if self.edition == ALL or not published:
            return None
        return int(self.edition) if self.edition else latest(published)

    def filters(self, published: Sequence[Published]) -> Filters:
        codes = {place.slug: place.code for place in published}
        country = codes.get(self.country, "")
        return Filters(year=self.year(published), country=country, part=self.part)


def _unfit(message: str, links: Sequence[Link]) -> Refused:
    return Refused(Missing(message, _("Search instead"), tuple(links)))


def check(asked: Asked, published: Sequence[Published]) -> None:
    """Refuse what no filter offers."""
    years = list(dict.fromkeys(str(place.year) for place in published))
    if asked.edition not in ("", ALL, *years):
        links = [Link(year, asked.address(edition=year)) for year in years]
        every = Link(_("All editions"), asked.address(edition=ALL))
        message = _("No factsheet is published in the “%(value)s” edition.")
        raise _unfit(message % {"value": asked.edition}, [*links, every])
    if asked.country and asked.country not in {place.slug for place in published}:
        every = Link(_("All countries"), asked.address(country=""))
        message = _("No factsheet of “%(value)s” is published.")
        raise _unfit(message % {"value": asked.country}, [every])
    if asked.part and asked.part not in Place.values:
        links = [Link(str(place.label), asked.address(part=place.value)) for place in Place]
        message = _("There is no kind of place “%(value)s” to search in.")
        raise _unfit(message % {"value": asked.part}, links)
