"""Where there is something to search, and how much of what is there was found."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from policies.finding import YEAR
from policies.models import Country, Publication


class Published(NamedTuple):
    """A current publication by what a result and a filter say of it."""

    publication: int
    year: int
    slug: str
    country: str
    code: str
    is_invented: bool


def published() -> list[Published]:
    """All of them, the latest edition first."""
    current = Publication.objects.current().order_by(f"-{YEAR}", "factsheet__country__name")
    country = [f"factsheet__country__{name}" for name in ("slug", "name", "code", "group")]
    return [
        Published(key, year, slug, name, code, group == Country.Group.DEMONSTRATION)
        for key, year, slug, name, code, group in current.values_list("pk", YEAR, *country)
    ]


@dataclass(frozen=True)
class Tally:
    """How many places were found, in how many countries of how many that were searched."""

    places: int
    countries: int
    of: int


def tallies(found: Iterable[Published], searched: Iterable[Published]) -> tuple[Tally, Tally]:
    """Of real countries, and of invented ones: they are never counted together."""
    found, searched = list(found), list(searched)
    real, invented = (
        _tally(
            [place.code for place in found if place.is_invented is group],
            {place.code for place in searched if place.is_invented is group},
        )
        for group in (False, True)
    )
    return real, invented


def _tally(found: list[str], searched: set[str]) -> Tally:
    return Tally(len(found), len(set(found)), len(searched))
