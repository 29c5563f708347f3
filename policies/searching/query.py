"""What a reader types, as terms. Nothing in it is syntax but quotes, which hold words together."""

import re
import unicodedata
from dataclasses import dataclass

from policies.folding import fold

LONGEST = 400  # characters
MOST = 20  # terms

Term = tuple[str, ...]  # folded words that stand one after the other

_QUOTES = '"“”„«»'
_PIECE = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]|([^\\s{_QUOTES}]+)")

# What PostgreSQL's `english` leaves out, so that both databases find the same.
_TOO_COMMON = """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she
    her hers herself it its itself they them their theirs themselves what which who whom this that
    these those am is are was were be been being have has had having do does did doing a an the and
    but if or because as until while of at by for with about against between into through during
    before after above below to from up down in out on off over under again further then once here
    there when where why how all any both each few more most other some such no nor not only own
    same so than too very s t can will just don should now
"""
TOO_COMMON = frozenset(_TOO_COMMON.split())

# What in a name or a label of another language says nothing.
_SMALL = {
    "es": "a al con de del e el en la las lo los o para por u un una y",
    "fr": "a au aux avec de des du en et la le les ou par pour sur un une",
    "de": """
        am an auf das dem den der des die ein eine einem einen einer eines fur im in mit oder sowie
        und vom von zu zum zur
    """,
}
SMALL = {language: frozenset(words.split()) for language, words in _SMALL.items()}


@dataclass(frozen=True)
class Query:
    """All `terms` must be found; `words` are these as they were typed.

    `text` is all that was typed, as far as it is used.
    """

    text: str = ""
    terms: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()
    too_common: tuple[str, ...] = ()
    shortened: bool = False


def parse(typed: str) -> Query:
    """The first terms of what was typed; words so common that they tell nothing are left out."""
    whole = " ".join(unicodedata.normalize("NFC", typed).replace("\0", " ").split())
    text = whole[:LONGEST].rstrip()
    found: dict[Term, str] = {}
    too_common: dict[str, None] = {}
    for phrase, word in _PIECE.findall(text):
        piece = _trimmed(phrase or word)
        term = tuple(fold(piece).split())
        if TOO_COMMON.issuperset(term):
            too_common.update(dict.fromkeys(term))
        else:
            found.setdefault(term, piece)
    terms, words = tuple(found)[:MOST], tuple(found.values())[:MOST]
    return Query(text, terms, words, tuple(too_common), whole != text or len(found) > MOST)


def _trimmed(piece: str) -> str:
    """Without the punctuation around it."""
    folded = fold(piece)
    return piece[len(folded) - len(folded.lstrip()) : len(folded.rstrip())]
