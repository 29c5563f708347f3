"""The boxes to tick: countries of an edition, editions of a country."""

from dataclasses import dataclass

from policies import finding
from policies.abreast import chosen, refusing
from policies.abreast.asking import MOST, Asked


@dataclass(frozen=True)
class Box:
    value: str
    label: str
    ticked: bool


@dataclass(frozen=True)
class Countries:
    """Those of one edition, real and invented apart."""

    edition: str
    real: list[Box]
    invented: list[Box]

    @property
    def ticked(self) -> list[Box]:
        return [box for box in (*self.real, *self.invented) if box.ticked]


@dataclass(frozen=True)
class Editions:
    """Those of one country."""

    slug: str
    name: str
    boxes: list[Box]

    @property
    def several(self) -> bool:
        return len(self.boxes) > 1


def settled(asked: Asked, years: list[int]) -> Asked:
    """The same with an edition: without one, the latest that has all the countries."""
    for edition in asked.editions:
        if edition not in map(str, years):
            raise refusing.edition(asked, edition, years[:MOST])
    if not asked.editions:
        asked = asked.changed(editions=(str(_latest(asked, years)),))
    return asked


def _latest(asked: Asked, years: list[int]) -> int:
    if not asked.countries or asked.asks_too_much:
        return years[0]
    published = chosen.years_by_country(asked.countries)
    having = [published.get(slug, set()) for slug in asked.countries]
    return next((year for year in years if all(year in found for found in having)), years[0])


def countries(asked: Asked) -> Countries:
    edition = asked.editions[0]
    boxes = [
        (place, Box(place.slug, place.name, place.slug in asked.countries))
        for place in chosen.places_of(int(edition))
    ]
    return Countries(
        edition,
        [box for place, box in boxes if not place.is_demonstration],
        [box for place, box in boxes if place.is_demonstration],
    )


def editions(asked: Asked, ticked: tuple[str, ...]) -> Editions | None:
    """Of the one country that is asked for."""
    if len(asked.countries) != 1:
        return None
    (slug,) = asked.countries
    found = finding.years_of(slug)
    boxes = [Box(str(year), str(year), str(year) in ticked) for year, _name in found]
    return Editions(slug, found[0][1], boxes) if found else None
