"""What an address of the search asks for, and what to say if there is no such thing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.missing import Link, Missing, Refused, near, no_factsheet_in
from policies.models import Place
from policies.searching.entries import Filters
from policies.searching.query import Query, parse
from policies.searching.scope import Published, latest

ALL = "all"  # editions
LONGEST = 50  # characters of a filter
LABELS = {  # as on the form
    "q": gettext_lazy("Words to search for"),
    "edition": gettext_lazy("Edition"),
    "country": gettext_lazy("Country"),
    "part": gettext_lazy("Kind of place"),
    "page": gettext_lazy("Page"),
}

_PAGE = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True)
class Asked:
    """The address as it was understood; without an edition the latest is searched."""

    query: Query
    edition: str = ""
    country: str = ""
    part: str = ""
    page: int = 1

    @classmethod
    def read(cls, given: QueryDict) -> "Asked":
        """Raises `Refused` where an address says a thing twice, or names no page."""
        values = {name: _values(given, name) for name in LABELS}
        one = {name: found[0] if found else "" for name, found in values.items()}
        for name, found in values.items():
            if len(found) > 1:
                message = _("This address says “%(label)s” more than once; only one makes sense.")
                raise _unfit(message % {"label": LABELS[name]}, [_without(name, one)])
        page = one["page"] or "1"
        if not _PAGE.fullmatch(page):
            message = _("%(label)s: not a number of a page.")
            raise _unfit(message % {"label": LABELS["page"]}, [_without("page", one)])
        filters = {name: one[name][:LONGEST] for name in ("edition", "country", "part")}
        return cls(parse(one["q"]), page=int(page), **filters)

    def address(self, **changes: Any) -> str:
        """Where this is asked, or the same with changes."""
        asked = replace(self, **{"page": 1, **changes}) if changes else self
        return _address(
            {
                "q": asked.query.text,
                "edition": asked.edition,
                "country": asked.country,
                "part": asked.part,
                "page": str(asked.page) if asked.page > 1 else "",
            }
        )

    def year(self, published: Sequence[Published]) -> int | None:
        """The edition to search, the latest unless another is asked for; None for all of them."""
        if self.edition == ALL or not published:
            return None
        return int(self.edition) if self.edition else latest(published)

    def filters(self, published: Sequence[Published]) -> Filters:
        codes = {place.slug: place.code for place in published}
        country = codes.get(self.country, "")
        return Filters(year=self.year(published), country=country, part=self.part)


def _values(given: QueryDict, name: str) -> list[str]:
    """What an address says of one thing, each value once."""
    values = (str(value).replace("\0", "").strip() for value in given.getlist(name))
    return list(dict.fromkeys(filter(None, values)))


def _address(values: Mapping[str, str]) -> str:
    told = urlencode({name: value for name, value in values.items() if value})
    return reverse("policies:search") + (f"?{told}" if told else "")


def _without(name: str, values: Mapping[str, str]) -> Link:
    kept = {other: value for other, value in values.items() if other not in (name, "page")}
    return Link(_("The search without it"), _address(kept))


def _unfit(message: str, links: Sequence[Link]) -> Refused:
    return Refused(Missing(message, _("Search instead"), tuple(links)))


def check(asked: Asked, published: Sequence[Published]) -> None:
    """Refuse what no filter offers."""
    years = list(dict.fromkeys(str(place.year) for place in published))
    if asked.edition not in ("", ALL, *years):
        raise Refused(_no_edition(asked, years), 404)
    if asked.country and asked.country not in {place.slug for place in published}:
        raise Refused(_no_country(asked, published), 404)
    if asked.part and asked.part not in Place.values:
        links = [Link(str(place.label), asked.address(part=place.value)) for place in Place]
        message = _("%(label)s: “%(value)s” is not among the choices.")
        raise _unfit(message % {"label": LABELS["part"], "value": asked.part}, links)


def _no_edition(asked: Asked, years: Sequence[str]) -> Missing:
    links = [Link(year, asked.address(edition=year)) for year in years]
    links.append(Link(_("All editions"), asked.address(edition=ALL)))
    return Missing(no_factsheet_in(asked.edition), _("Search instead"), tuple(links))


def _no_country(asked: Asked, published: Sequence[Published]) -> Missing:
    guesses = near(asked.country, [(place.slug, place.country) for place in published])
    message = _("No country “%(value)s” is published here.")
    return Missing(
        message % {"value": asked.country},
        _("Search instead"),
        (Link(_("All countries"), asked.address(country="")),),
        tuple(Link(name, asked.address(country=slug)) for slug, name in guesses),
    )
