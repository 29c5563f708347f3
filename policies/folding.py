"""Letters as a search compares them and a list orders them: without case, accents, punctuation."""

import unicodedata

# Letters that Unicode does not take apart.
ALIKE = str.maketrans("æđðħıłøœßþ", "addhiloost")


class _Folding(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


def _fold(letter: str) -> str:
    apart = unicodedata.normalize("NFKD", letter)
    if all(map(unicodedata.combining, apart[1:])):
        letter = apart[0]
    if not letter.isalnum():
        return " "
    return letter.lower()[0].translate(ALIKE)


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Each letter of the text as exactly one, everything else as a space."""
    return text.translate(_FOLDING)


def alphabetical(name: str) -> tuple[str, str]:
    """What names are sorted by: “Österreich” stands under O."""
    return fold(name), name
