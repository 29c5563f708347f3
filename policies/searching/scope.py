"""Where there is something to search, and how much of what is there was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from policies.languages import ENGLISH, language
from policies.models import Country, Translation


class Published(NamedTuple):
    """A current publication by what a result and a filter say of it."""

    publication: int
    year: int
    slug: str
    country: str
    code: str
    is_invented: bool
    language: str  # of its prose
    names: tuple[str, ...]  # of the country in each language, the English one first


LANGUAGES = (ENGLISH, *Translation.LANGUAGES)

# Written out, for Django takes twice as long as the database to read thousands of rows.
PUBLISHED = """
    SELECT publication.id, edition.year, country.slug, country.name, country.code,
        country."group" = %s, factsheet.language, name.es, name.fr, name.de
    FROM policies_publication publication
    JOIN policies_factsheet factsheet ON factsheet.id = publication.factsheet_id
    JOIN policies_edition edition ON edition.id = factsheet.edition_id
    JOIN policies_country country ON country.id = factsheet.country_id
    LEFT JOIN policies_translation name
        ON name."of" = 'country' AND name.key = country.code AND name.field = 'name'
    WHERE publication.is_current
    ORDER BY edition.year DESC, country.name
"""


def published() -> list[Published]:
    """All of them, the latest edition first."""
    with connection.cursor() as cursor:
        cursor.execute(PUBLISHED, [Country.Group.DEMONSTRATION.value])
        return [_published(*row) for row in cursor.fetchall()]


def _published(
    publication: int,
    year: int,
    slug: str,
    english: str,
    code: str,
    is_invented: bool,
    written_in: str,
    *others: str | None,
) -> Published:
    names = (english, *(name or english for name in others))
    name = names[LANGUAGES.index(language())]
    return Published(publication, year, slug, name, code, is_invented, written_in, names)


def names(published: Iterable[Published]) -> Iterable[tuple[str, ...]]:
    """Of each country."""
    return {place.code: place.names for place in published}.values()


def latest(published: Sequence[Published]) -> int:
    """The edition that is meant where none is named, as in `finding.published_years`."""
    real = (place.year for place in published if not place.is_invented)
    return max(real, default=0) or published[0].year


@dataclass(frozen=True)
class Tally:
    """How many places were found, in how many countries of how many that were searched.

    Those of policies that do not count are `aside`, and in no other number.
    """

    places: int
    countries: int
    of: int
    aside: int

    @property
    def shown(self) -> int:
        return self.places + self.aside


Found = tuple[Published, bool]  # one that was found, and whether it counts


def tallies(found: Iterable[Found], searched: Iterable[Published]) -> tuple[Tally, Tally]:
    """Of real countries, and of invented ones: they are never counted together."""
    found, searched = list(found), list(searched)
    real, invented = (
        _tally(
            [(place.code, counts) for place, counts in found if place.is_invented == group],
            {place.code for place in searched if place.is_invented == group},
        )
        for group in (False, True)
    )
    return real, invented


def _tally(found: list[tuple[str, bool]], searched: set[str]) -> Tally:
    counted = [code for code, counts in found if counts]
    return Tally(len(counted), len(set(counted)), len(searched), len(found) - len(counted))
