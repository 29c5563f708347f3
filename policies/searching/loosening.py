"""What to try when nothing is found."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from policies.missing import Link
from policies.searching import engine
from policies.searching.asking import ALL, Asked
from policies.searching.query import parse
from policies.searching.scope import Published

WORDS = 8  # terms that are tried alone


@dataclass(frozen=True)
class Advice:
    """Searches that find something, and words that are found nowhere."""

    links: list[Link]
    unknown: list[str]


def advice(asked: Asked, published: Sequence[Published]) -> Advice:
    """In one query: each filter left out, all of them, and each word alone and everywhere."""
    looser = _looser(asked)
    terms, words = asked.query.terms[:WORDS], asked.query.words[:WORDS]
    everywhere = Asked(asked.query, edition=ALL)
    questions = [(asked.query.terms, other.filters(published)) for _label, other in looser]
    questions += [((term,), everywhere.filters(published)) for term in terms]
    found = engine().finds(questions)
    links = [
        Link(label, other.address())
        for (label, other), is_found in zip(looser, found, strict=False)
        if is_found
    ]
    alone = dict(zip(words, found[len(looser) :], strict=True))
    if not links and len(terms) > 1:
        links = [_alone(word) for word, is_found in alone.items() if is_found]
    return Advice(links, [word for word, is_found in alone.items() if not is_found])


def _looser(asked: Asked) -> list[tuple[str, Asked]]:
    """The same words with fewer filters, each with what it is called."""
    wider: list[tuple[str, dict[str, str]]] = []
    if asked.country:
        wider.append((_("Search all countries"), {"country": ""}))
    if asked.part:
        wider.append((_("Search all kinds of places"), {"part": ""}))
    if asked.edition != ALL:
        wider.append((_("Search all editions"), {"edition": ALL}))
    if len(wider) > 1:
        everything = {"country": "", "part": "", "edition": ALL}
        wider.append((_("Search everywhere"), everything))
    values = vars(asked)
    return [(label, Asked(**{**values, "page": 1, **changes})) for label, changes in wider]


def _alone(words: str) -> Link:
    typed = f'"{words}"' if " " in words else words
    asked = Asked(parse(typed), edition=ALL)
    return Link(_("Search only for “%(words)s”") % {"words": words}, asked.address())
