"""What to say where a comparison can not be made, and which address to take instead."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from policies import finding
from policies.abreast import chosen
from policies.abreast.asking import Asked
from policies.missing import Link, Missing, Refused, no_factsheet_in

LONGEST = 50  # characters of what was asked that are said again


def only(asked: Asked) -> Refused:
    message = _("“Only what differs” is either chosen once or left out.")
    return Refused(_instead(message, Link(_("Show everything"), asked.address)))


def no_year(asked: Asked, edition: str) -> Refused:
    message = _("Edition: “%(value)s” is no year.") % {"value": edition[:LONGEST]}
    return Refused(_instead(message, *_left(asked.without_edition(edition))))


def no_country(asked: Asked, slug: str) -> Refused:
    message = _("Country: “%(value)s” can’t stand for a country in an address.")
    rest = asked.without_country(slug)
    return Refused(_instead(message % {"value": slug[:LONGEST]}, *_left(rest)))


def twice(asked: Asked, value: str) -> Refused:
    """`asked` has it once."""
    message = _("“%(value)s” is chosen twice and would stand beside itself.")
    once = Link(_("The same with each once"), asked.address)
    return Refused(_instead(message % {"value": value[:LONGEST]}, once))


def crossed(asked: Asked) -> Refused:
    """Several countries in several editions would be a table of tables."""
    message = _("Compare several countries in one edition, or one country in several editions.")
    links = [_in_edition(asked, edition) for edition in asked.editions]
    links += [_of_country(asked, country) for country in asked.countries]
    return Refused(_instead(message, *links))


def _in_edition(asked: Asked, edition: str) -> Link:
    label = _("All these countries in %(edition)s") % {"edition": edition}
    return Link(label, asked.changed(editions=(edition,)).address)


def _of_country(asked: Asked, country: str) -> Link:
    label = _("“%(country)s” in all these editions") % {"country": country}
    return Link(label, asked.changed(countries=(country,)).address)


def edition(asked: Asked, unknown: str, years: Iterable[int]) -> Refused:
    """The same in editions that exist."""
    links = [Link(str(year), asked.changed(editions=(str(year),)).address) for year in years]
    found = Missing(no_factsheet_in(unknown), _("Compare in another edition"), tuple(links))
    return Refused(found, 404)


def factsheet(asked: Asked, year: str, slug: str) -> Refused:
    """The same without what is not there, and what there is in its place."""
    message = _("No factsheet of “%(slug)s” is published in the %(year)s edition.")
    values = {"slug": slug, "year": year}
    links = [*_left(asked.without(year, slug)), *_there(asked, year, slug)]
    return Refused(_instead(message % values, *links), 404)


def _there(asked: Asked, year: str, slug: str) -> Iterator[Link]:
    """Editions of this country if they are compared, else countries of this edition."""
    if asked.by_year and (years := finding.years_of(slug)):
        for found, name in years:
            address = Asked((str(found),), (slug,)).address
            yield Link(f"{name} {found}", address)
        return
    for place in chosen.places_of(int(year)):
        if place.slug not in asked.countries:
            kept = (place.slug if country == slug else country for country in asked.countries)
            yield Link(place.title, Asked((year,), tuple(kept)).address)


def _left(rest: Asked) -> list[Link]:
    if rest.is_comparison:
        return [Link(_("The comparison without it"), rest.address)]
    return [Link(_("Choose from what is published"), Asked(rest.editions[:1]).address)]


def _instead(message: str, *links: Link) -> Missing:
    return Missing(message, _("Compare instead"), links)
