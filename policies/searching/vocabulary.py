"""Categories that answer a search: by their labels, and by the search words that editors keep."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]

from policies.folding import fold
from policies.searching.query import Term

Stems = tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """A category by all the words that it is found by."""

    key: int
    address: str  # "section.code"
    section: str
    label: str
    search_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A category that was asked for, and all that its label names if that is more than this."""

    category: Named
    found_by: tuple[str, ...]  # search words; none if the label says it itself
    bundled: tuple[str, ...]


def answers(terms: Sequence[Term], categories: Iterable[Named]) -> list[Answer]:
    """The categories in which every term is found; those found by just these words come first."""
    asked = [_stems(" ".join(term)) for term in terms]
    if not asked:
        return []
    found = [
        (rank, _answer(category, by, asked))
        for category in categories
        for rank, by in [_fit(category, asked)]
        if rank is not None
    ]
    return [answer for _rank, answer in sorted(found, key=lambda row: row[0])]


def bundles(label: str) -> tuple[str, ...]:
    """What a label names, one by one: its parts between , ; / & "and" and "or".

    Abbreviations such as "R&D", "I/O" and "24/7" are one part. What stands before a colon names
    them together, brackets and what comes after "between" or "through" only say how, and "both …
    and …" is one thing: whoever ticks it says all of it. A label with one part bundles nothing.
    """
    named = _HOW.sub("", label.partition(": ")[2] or label)
    if named.lower().startswith("both "):
        return (named,)
    parts = (part.strip(" .") for part in _BETWEEN.split(named))
    return tuple(part for part in parts if part)


_HOW = re.compile(r"\s*\([^)]*\)|\b(between|through)\b.*")
_BETWEEN = re.compile(
    r"""
    ,?\s+(?:and\ so\ on|etc)\b\.?
    | [,;]\s*(?:etc\b\.?)?(?:(?:and|or|and/or|&)\s)?
    | \s(?:and|or|and/or)\s
    | (?<!^\w)(?<!\s\w)\s*(?:(?<!\d)/|/(?!\d)|\s&\s)\s*(?!\w(?:\s|$))
    """,
    re.VERBOSE,
)


@lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    """As SQLite does it; a stemmer is not for two threads, so each word has its own."""
    return snowballstemmer.stemmer("porter").stemWord(word)


def _stems(text: str) -> Stems:
    return tuple(map(_stem, fold(text).split()))


def _fit(category: Named, asked: list[Stems]) -> tuple[int | None, tuple[str, ...]]:
    """How well: 0 by just these words, 1 by the label, 2 by search words; and by which of these."""
    label = _stems(category.label)
    words = {word: _stems(word) for word in category.search_words}
    whole = tuple(stem for term in asked for stem in term)
    by = [word for word, stems in words.items() if any(_holds(stems, term) for term in asked)]
    if all(_holds(label, term) for term in asked):
        return (0 if whole in (label, *words.values()) else 1), ()
    if all(_holds(label, term) or any(_holds(words[w], term) for w in by) for term in asked):
        exact = [word for word in by if words[word] == whole]
        return (0, tuple(exact)) if exact else (2, tuple(by))
    return None, ()


def _holds(stems: Stems, term: Stems) -> bool:
    return any(stems[i : i + len(term)] == term for i in range(len(stems) - len(term) + 1))


def _answer(category: Named, by: tuple[str, ...], asked: list[Stems]) -> Answer:
    parts = bundles(category.label)
    head = _stems(category.label.partition(": ")[0]) if ": " in category.label else ()
    whole = all(_holds(head, term) for term in asked) or all(
        any(_holds(_stems(part), term) for term in asked) for part in parts
    )
    return Answer(category, by, () if whole or len(parts) < 2 else parts)
