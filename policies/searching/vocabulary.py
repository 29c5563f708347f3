"""Categories that answer a search: by their labels, today's and former ones in every language, and
by the search words that editors keep.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]

from policies.folding import fold
from policies.languages import ENGLISH
from policies.searching.query import SMALL, Term
from policies.tongues import in_language

Stems = tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """A category by all the words that it is found by."""

    key: int
    address: str  # "section.code"
    section: str
    label: str
    search_words: tuple[str, ...] = ()
    language: str = ENGLISH  # of the label
    elsewhere: tuple[tuple[str, str], ...] = ()  # other languages with their labels
    former: tuple[str, ...] = ()  # English labels that it had

    @property
    def published(self) -> tuple[str, ...]:
        """The labels that documents may have."""
        return (dict(self.elsewhere).get(ENGLISH, self.label), *self.former)


@dataclass(frozen=True)
class Answer:
    """A category that was asked for, and all that its label names if that is more than this."""

    category: Named
    found_by: tuple[str, ...]  # search words, another label; none if the label says it itself
    bundled: tuple[str, ...]


def answers(terms: Sequence[Term], categories: Iterable[Named]) -> list[Answer]:
    """The categories in which every term is found; those found by just these words come first."""
    found = [fit for category in categories if (fit := _fit(category, terms))]
    return [answer for _rank, answer in sorted(found, key=lambda row: row[0])]


def labels(terms: Sequence[Term], categories: Iterable[Named]) -> list[str]:
    """The published labels of those that have every term as another language says them."""
    return [
        label
        for category in categories
        if category.language != ENGLISH and _has(category.label, category.language, terms)
        for label in category.published
    ]


def bundles(label: str) -> tuple[str, ...]:
    """What a label names, one by one: its parts between , ; / & "and" and "or", in each language.

    Abbreviations such as "R&D", "I/O" and "24/7" are one part. What stands before a colon names
    them together, brackets and what comes after "between" or "through" only say how, and "both …
    and …" is one thing: whoever ticks it says all of it. A label with one part bundles nothing.
    """
    named = _HOW.sub("", label.partition(": ")[2] or label)
    if named.lower().startswith(("both ", "à la fois ")):
        return (named,)
    parts = (part.strip(" .") for part in _BETWEEN.split(named))
    return tuple(part for part in parts if part)


_HOW = re.compile(r"\s*\([^)]*\)|\b(between|through|entre|mediante|zwischen|durch)\b.*")
_BETWEEN = re.compile(
    r"""
    ,?\s+(?:and\ so\ on|etc)\b\.?
    | [,;]\s*(?:etc\b\.?)?(?:(?:and|or|and/or|&)\s)?
    | \s(?:and|or|and/or|y|e|o|u|et|ou|ainsi\ que|und|oder|sowie)\s
    | (?<!^\w)(?<!\s\w)\s*(?:(?<!\d)/|/(?!\d)|\s&\s)\s*(?!\w(?:\s|$))
    """,
    re.VERBOSE,
)


STEMMERS = {ENGLISH: "porter", "es": "spanish", "fr": "french", "de": "german"}


@lru_cache(maxsize=10_000)
def _stem(word: str, language: str) -> str:
    """As SQLite does it; a stemmer is not for two threads, so each word has its own."""
    return snowballstemmer.stemmer(STEMMERS[language]).stemWord(word)


@lru_cache(maxsize=2_000)
def _stems(text: str, language: str) -> Stems:
    small = SMALL.get(language, ())
    return tuple(_stem(word, language) for word in fold(text).split() if word not in small)


def _asked(terms: Sequence[Term], language: str) -> list[Stems]:
    return list(filter(None, (_stems(" ".join(term), language) for term in terms)))


def _fit(category: Named, terms: Sequence[Term]) -> tuple[int, Answer] | None:
    """How well: 0 by just these words, 1 by the label, 2 by search words, 3 by another label."""
    own, search_words = (category.label, category.language), category.search_words
    if _has(*own, terms):
        is_just = any(_is_just(word, ENGLISH, terms) for word in search_words)
        return (0 if is_just or _is_just(*own, terms) else 1), _answer(category, (), own, terms)
    if by := _search_words(category, terms):
        exact = tuple(word for word in by if _is_just(word, ENGLISH, terms))
        return (0 if exact else 2), _answer(category, exact or by, own, terms)
    for language, label in (*category.elsewhere, *((ENGLISH, label) for label in category.former)):
        if _has(label, language, terms):
            answer = _answer(category, (in_language(label, language),), (label, language), terms)
            return (0 if _is_just(label, language, terms) else 3), answer
    return None


def _search_words(category: Named, terms: Sequence[Term]) -> tuple[str, ...]:
    """Those that have what the label has not; none if some of the terms is in neither."""
    by = tuple(w for w in category.search_words if any(_has(w, ENGLISH, [t]) for t in terms))
    rest = [term for term in terms if not _has(category.label, category.language, [term])]
    return by if all(any(_has(word, ENGLISH, [term]) for word in by) for term in rest) else ()


def _has(text: str, language: str, terms: Sequence[Term]) -> bool:
    stems, asked = _stems(text, language), _asked(terms, language)
    return bool(asked) and all(_holds(stems, term) for term in asked)


def _is_just(text: str, language: str, terms: Sequence[Term]) -> bool:
    whole = tuple(stem for term in _asked(terms, language) for stem in term)
    return whole == _stems(text, language)


def _holds(stems: Stems, term: Stems) -> bool:
    return any(stems[i : i + len(term)] == term for i in range(len(stems) - len(term) + 1))


def _answer(
    category: Named, by: tuple[str, ...], found_in: tuple[str, str], terms: Sequence[Term]
) -> Answer:
    label, language = found_in
    head = label.partition(": ")[0] if ": " in label else ""
    whole = _has(head, language, terms) or all(
        any(_has(part, language, [term]) for term in terms) for part in bundles(label)
    )
    parts = bundles(category.label)
    return Answer(category, by, () if whole or len(parts) < 2 else parts)
