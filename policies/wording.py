"""Reference data in the language of the page; in English where a translation is missing.

Like gettext, for words that are rows. The active language's are read once for a page.
"""

from dataclasses import dataclass, field

from policies.languages import ENGLISH, language, page
from policies.models import Of, Translation


@dataclass
class Texts:
    """All translations into a language, by whose they are and by what they are of."""

    by_key: dict[tuple[str, str, str], str] = field(default_factory=dict)
    by_english: dict[tuple[str, str, str], str] = field(default_factory=dict)

    @classmethod
    def read(cls, code: str) -> "Texts":
        texts = cls()
        rows = Translation.objects.exclude(**{code: ""}).order_by()
        for of, key, name, english, text in rows.values_list("of", "key", "field", "english", code):
            texts.by_key[of, key, name] = texts.by_english[of, name, english] = text
        return texts


def said(of: Of, key: str, name: str, english: str) -> str:
    """What a field of the row with this code says."""
    if not english or language() == ENGLISH:
        return english
    return _texts().by_key.get((of, key, name)) or english


def said_like(of: Of, name: str, english: str) -> str:
    """The same where only the English words are at hand, as of a level that was published."""
    if not english or language() == ENGLISH:
        return english
    return _texts().by_english.get((of, name, english)) or english


def _texts() -> Texts:
    code, words = language(), page().words
    if code not in words:
        words[code] = Texts.read(code)
    return words[code]
