"""Some words of a text around what was found in it, with marks: safe HTML."""

import re
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

START, STOP = "\x01", "\x02"  # what the databases put around what they found
SIZE = 40  # words
MOST = 200  # places of a text that are looked at to choose those words
_MARKED = re.compile(f"{START}([^{STOP}]*){STOP}")
_WORD = re.compile(r"\S+")

Span = tuple[int, int]  # from and to, in characters


def spans(original: str, marked: str) -> list[Span]:
    """Where in the original something was found; `marked` is its folded twin with marks.

    A twin that is of another text marks nothing.
    """
    if len(marked) - marked.count(START) - marked.count(STOP) != len(original):
        return []
    found: list[Span] = []
    for count, match in enumerate(_MARKED.finditer(marked)):
        start = match.start() - 2 * count
        found.append((start, start + len(match[1])))
    return found


def html(original: str, found: list[Span], start: int = 0, end: int | None = None) -> SafeString:
    """A piece of the original with marks around what was found in it, side by side in one."""
    end = len(original) if end is None else end
    inside: list[Span] = []
    for first, last in ((max(a, start), min(b, end)) for a, b in found if a < end and b > start):
        joins = inside and first - inside[-1][1] <= 1
        inside.append((inside.pop()[0] if joins else first, last))
    edges = [start, *(edge for span in inside for edge in span), end]
    pieces = [escape(original[a:b]) for a, b in pairwise(edges)]
    marked = (f"<mark>{piece}</mark>" if i % 2 else piece for i, piece in enumerate(pieces))
    return mark_safe("".join(marked))  # noqa: S308  each piece is escaped


def snippet(original: str, marked: str) -> SafeString:
    """Some forty words around the densest marks, or the first ones of a text without marks."""
    words = [match.span() for match in _WORD.finditer(original)]
    if not words:
        return mark_safe("")
    found = spans(original, marked)
    first = _densest(words, found, original)
    last = min(first + SIZE, len(words)) - 1
    piece = html(original, found, words[first][0], words[last][1])
    before, after = (
        ("…\N{NO-BREAK SPACE}" if first else ""),
        ("\N{NO-BREAK SPACE}…" if last < len(words) - 1 else ""),
    )
    return mark_safe(before + piece + after)  # noqa: S308


def _densest(words: list[Span], found: list[Span], original: str) -> int:
    """The word to begin with: where most different things are found close by, with some before."""
    numbers = _numbers(words, found[:MOST])
    best, first, last = (0, 0), 0, 0
    for i, number in enumerate(numbers):
        near = [j for j in range(i, len(numbers)) if numbers[j] < number + SIZE]
        kinds = {original[slice(*found[j])].lower() for j in near}
        if (len(kinds), len(near)) > best:
            best, first, last = (len(kinds), len(near)), number, numbers[near[-1]]
    spare = SIZE - (last - first) - 1
    return max(0, min(first - spare // 2, len(words) - SIZE))


def _numbers(words: list[Span], found: list[Span]) -> list[int]:
    """The number of the word in which each span begins."""
    numbers, word = [], 0
    for start, _end in found:
        while word < len(words) - 1 and words[word][1] <= start:
            word += 1
        numbers.append(word)
    return numbers
