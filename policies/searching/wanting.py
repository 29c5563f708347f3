"""What must stand in a place, given what somebody typed and what things are called on the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from policies.folding import fold
from policies.searching.query import SMALL, TOO_COMMON, Query, Term
from policies.searching.vocabulary import Named, labels

MOST = 8  # words of a country's name

SAYS_NOTHING = TOO_COMMON.union(*SMALL.values())


class Wish(NamedTuple):
    """Any of the terms is enough; `words` is what was typed of it."""

    words: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Wanted:
    """A place is found that fulfils every wish, or ticks a category that is published so."""

    wishes: tuple[Wish, ...]
    labels: tuple[Term, ...] = ()

    @classmethod
    def of(cls, terms: Iterable[Term]) -> "Wanted":
        """Just these terms."""
        return cls(tuple(Wish(" ".join(term), (term,)) for term in terms))


Names = Mapping[Term, tuple[Term, ...]]


def names_of(countries: Iterable[Sequence[str]]) -> Names:
    """By what counts in a name in any language: it, and the English one that entries have.

    Each country is its names, the English one first.
    """
    found: dict[Term, dict[Term, None]] = {}
    for english, *others in countries:
        first = _words(english)
        for name in map(_words, others):
            if _telling(name):
                found.setdefault(_telling(name), {}).update({name: None, first: None})
    return {key: tuple(terms) for key, terms in found.items()}


def wanted(query: Query, names: Names, categories: Iterable[Named]) -> Wanted:
    """What was typed, or the categories whose label has all of it in the language of the page."""
    return Wanted(_wishes(query, names), tuple(map(_words, labels(query.terms, categories))))


def alone(wish: Wish, categories: Iterable[Named]) -> Wanted:
    """One wish by itself."""
    return Wanted((wish,), tuple(map(_words, labels(wish.terms[:1], categories))))


def _wishes(query: Query, names: Names) -> tuple[Wish, ...]:
    """Words side by side that name a country are one wish, the longest name first."""
    found, at = [], 0
    while at < len(query.terms):
        end = min(at + MOST, len(query.terms))
        while end > at + 1 and _telling(sum(query.terms[at:end], ())) not in names:
            end -= 1
        term = sum(query.terms[at:end], ())
        words = " ".join(query.words[at:end])
        found.append(Wish(words, names.get(_telling(term), (term,))))
        at = end
    return tuple(found)


def _words(text: str) -> Term:
    return tuple(fold(text).split())


def _telling(term: Term) -> Term:
    return tuple(word for word in term if word not in SAYS_NOTHING)
