"""What both databases answer in."""

from typing import NamedTuple

# How many places are looked at for one question: beyond it nobody reads on, and ranking takes long.
MOST = 1_000


class Match(NamedTuple):
    """An entry in which all terms are found; more relevant is higher."""

    entry: int
    publication: int
    relevance: float


class Marked(NamedTuple):
    """The folded words of an entry, with control characters around what was found in them."""

    title: str
    context: str
    labels: str
    text: str
