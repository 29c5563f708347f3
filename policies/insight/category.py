"""All about one category in an edition: who has it, who has not, and of whom it is unknown."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from policies.finding import Mentioned, texts_of
from policies.insight.collected import Has, Published, collect, until
from policies.insight.matrix import Tally, tally
from policies.insight.vocabulary import Heading
from policies.tongues import in_language

# Who has it first; then the known absences, then the gaps in knowledge.
ORDER = tuple(Has)


@dataclass(frozen=True)
class Said:
    """What a policy in force says in the section: whether it has the category, and its text."""

    code: str
    names: list[str]
    has: Has
    text: str
    language: str


@dataclass(frozen=True)
class Place:
    country: Published
    has: Has
    policies: list[Said]


@dataclass(frozen=True)
class Answer:
    """Countries that say the same, by name."""

    has: Has
    places: list[Place]


@dataclass(frozen=True)
class Side:
    """Real countries, or invented ones."""

    answers: list[Answer]
    tally: Tally
    until: date | None  # the day of the latest publication among them


@dataclass(frozen=True)
class Category:
    heading: Heading
    year: int
    real: Side
    invented: Side
    over_editions: list[Mentioned]


def category_of(heading: Heading, year: int, on: date | None, over: list[Mentioned]) -> Category:
    """Texts are those of today's publications: of a day gone by only the counts are told."""
    edition = collect([year], on)[year]
    texts = {} if on else texts_of(year, heading.section)
    return Category(
        heading,
        year,
        _side(edition.countries, heading, texts),
        _side(edition.invented, heading, texts),
        [row for row in over if heading.is_in(row.year)],
    )


def _side(
    countries: Collection[Published], heading: Heading, texts: dict[tuple[int, str], str]
) -> Side:
    places = [_place(country, heading, texts) for country in countries]
    found = [Answer(has, [place for place in places if place.has == has]) for has in ORDER]
    return Side(
        [answer for answer in found if answer.places],
        tally([place.has for place in places]),
        until(countries),
    )


def _place(country: Published, heading: Heading, texts: dict[tuple[int, str], str]) -> Place:
    said = [
        Said(
            policy.code,
            [in_language(name, policy.language) for name in policy.names],
            policy.has(heading.section, heading.code),
            in_language(texts.get((country.key, policy.code), ""), policy.language),
            policy.language,
        )
        for policy in country.policies
    ]
    said.sort(key=lambda each: ORDER.index(each.has))
    return Place(country, country.has(heading.section, heading.code), said)
