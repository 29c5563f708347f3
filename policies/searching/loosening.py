"""What to try when nothing is found."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from policies.missing import Link
from policies.searching import engine
from policies.searching.asking import ALL, Asked
from policies.searching.query import parse
from policies.searching.scope import Published
from policies.searching.vocabulary import Named
from policies.searching.wanting import Wanted, alone

WORDS = 8  # wishes that are tried alone


@dataclass(frozen=True)
class Advice:
    """Searches that find something, and words that are found nowhere."""

    links: list[Link]
    unknown: list[str]


def advice(
    asked: Asked, wanted: Wanted, categories: Sequence[Named], published: Sequence[Published]
) -> Advice:
    """In one query: each filter left out, all of them, and each word alone and everywhere."""
    looser, wishes = _looser(asked), wanted.wishes[:WORDS]
    everywhere = Asked(asked.query, edition=ALL).filters(published)
    questions = [(wanted, other.filters(published)) for _label, other in looser]
    questions += [(alone(wish, categories), everywhere) for wish in wishes]
    found = engine().finds(questions)
    links = [
        Link(label, other.address())
        for (label, other), is_found in zip(looser, found, strict=False)
        if is_found
    ]
    by_words = dict(zip((wish.words for wish in wishes), found[len(looser) :], strict=True))
    if not links and len(wishes) > 1:
        links = [_only(words) for words, is_found in by_words.items() if is_found]
    return Advice(links, [words for words, is_found in by_words.items() if not is_found])


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


def _only(words: str) -> Link:
    typed = f'"{words}"' if " " in words else words
    asked = Asked(parse(typed), edition=ALL)
    return Link(_("Search only for “%(words)s”") % {"words": words}, asked.address())
