"""What to say where a comparison can not be made, and which address to take instead."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from policies.abreast.asking import Asked
from policies.missing import Link, Missing, Refused

LONGEST = 50  # characters of what was asked that are said again


def crossed(asked: Asked) -> Refused:
    """Several countries in several editions would be a table of tables."""
    message = _("Compare several countries in one edition, or one country in several editions.")
    links = [_in_edition(asked, edition) for edition in asked.editions]
    links += [_of_country(asked, country) for country in asked.countries]
    return Refused(Missing(message, _("Compare instead"), tuple(links)))


def _in_edition(asked: Asked, edition: str) -> Link:
    label = _("All these countries in %(edition)s") % {"edition": edition[:LONGEST]}
    return Link(label, asked.changed(editions=(edition,)).address)


def _of_country(asked: Asked, country: str) -> Link:
    label = _("“%(country)s” in all these editions") % {"country": country[:LONGEST]}
    return Link(label, asked.changed(countries=(country,)).address)


def edition(asked: Asked, unknown: str, years: Iterable[int]) -> Refused:
    """The same in editions that exist."""
    message = _("No factsheet is published in the “%(edition)s” edition.")
    links = [Link(str(year), asked.changed(editions=(str(year),)).address) for year in years]
    found = Missing(
        message % {"edition": unknown[:LONGEST]}, _("Compare in another edition"), tuple(links)
    )
    return Refused(found, 404)


def factsheet(asked: Asked, year: str, slug: str) -> Refused:
    """The same without what is not there, and all that is."""
    message = _("No factsheet of “%(slug)s” is published in the %(year)s edition.")
    rest = asked.changed(editions=tuple(e for e in asked.editions if e != year))
    if not asked.by_year:
        rest = asked.changed(countries=tuple(c for c in asked.countries if c != slug))
    links = [Link(_("Choose from what is published"), Asked(editions=asked.editions[:1]).address)]
    if rest.is_comparison:
        links.insert(0, Link(_("Compare the others"), rest.address))
    values = {"slug": slug[:LONGEST], "year": year[:LONGEST]}
    return Refused(Missing(message % values, _("Compare instead"), tuple(links)), 404)
