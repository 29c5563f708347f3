"""What to say at an address where nothing is, and where its reader may want to go instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from django.urls import reverse
from django.utils.translation import gettext as _

from policies import finding
from policies.presentation import Version

LONGEST = 80  # letters of what was asked for; comparing more costs too much and helps nobody


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Missing:
    message: str
    heading: str = ""
    links: tuple[Link, ...] = ()
    guesses: tuple[Link, ...] = ()  # what may have been meant
    about: tuple[str, ...] = ()  # the parameters that are wrong


class Refused(Exception):
    """An address asks for what there is not, or what can not be; `missing` says what to change."""

    def __init__(self, missing: Missing, status: int = 400) -> None:
        super().__init__(missing.message)
        self.missing, self.status = missing, status


def edition(asked: str | int, years: Iterable[int]) -> Missing:
    address = reverse("policies:factsheet_list")
    links = tuple(Link(str(year), f"{address}?edition={year}") for year in years)
    return Missing(no_factsheet_in(asked), _("Editions with factsheets"), links)


def no_factsheet_in(asked: str | int) -> str:
    """A year is said with the four digits that its address has."""
    words = f"{asked:04d}" if isinstance(asked, int) else asked[:LONGEST]
    return _("No factsheet is published in the %(asked)s edition.") % {"asked": words}


def country(year: int, slug: str) -> Missing:
    """An unknown factsheet: point to the country's other editions, or the edition's countries."""
    if years := finding.years_of(slug):
        return _other_editions(year, slug, years)
    if countries := finding.countries_of(year):
        return _other_countries(year, slug, countries)
    return edition(year, finding.published_years())


def _other_editions(year: int, slug: str, years: list[tuple[int, str]]) -> Missing:
    values = {"name": years[0][1], "year": year}
    return Missing(
        _("%(name)s has no factsheet in the %(year)04d edition.") % values,
        _("Factsheets: %(name)s") % values,
        tuple(_factsheet(found, slug, str(found)) for found, _name in years),
    )


def _other_countries(year: int, slug: str, countries: list[tuple[str, str]]) -> Missing:
    values = {"slug": slug[:LONGEST], "year": year}
    return Missing(
        _("No country “%(slug)s” is published in the %(year)d edition.") % values,
        _("Countries of the %(year)d edition") % values,
        tuple(_factsheet(year, found, name) for found, name in countries),
        tuple(_factsheet(year, found, name) for found, name in near(slug, countries)),
    )


def unknown_country(slug: str) -> Missing:
    """No factsheet of any edition is of a country at this address."""
    guesses = near(slug, finding.countries())
    return Missing(
        _("No country “%(slug)s” is published here.") % {"slug": slug[:LONGEST]},
        guesses=tuple(
            Link(name, reverse("policies:factsheet_latest", args=[found]))
            for found, name in guesses
        ),
    )


def near(slug: str, countries: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The countries whose addresses are written almost like this, the nearest first."""
    known = dict(countries)
    near = get_close_matches(slug.lower()[:LONGEST], known, n=3, cutoff=0.7)
    return [(found, known[found]) for found in near]


def _factsheet(year: int, slug: str, label: str) -> Link:
    return Link(label, reverse("policies:factsheet_detail", args=[year, slug]))


def version(number: int | str, versions: Iterable[Version]) -> Missing:
    label = _("Version %(number)d of %(day)s")
    return Missing(
        _("This factsheet has no version %(number)s.") % {"number": str(number)[:12]},
        _("Its versions"),
        tuple(
            Link(label % {"number": found.number, "day": found.published}, found.url)
            for found in versions
        ),
    )


def methodology(year: int, years: Iterable[int]) -> Missing:
    return Missing(
        _("There is no %(year)04d edition, so it has no method.") % {"year": year},
        _("Methods of other editions"),
        tuple(Link(str(y), reverse("policies:methodology", args=[y])) for y in years),
    )
