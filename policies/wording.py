"""Reference data in the language of the page; where a translation is missing, in English.

Like gettext, for words that are rows. The active language's are read once for a page. English that
stands in says that it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from policies.languages import ENGLISH, language, page
from policies.models import Of, Translation
from policies.tongues import in_language


@dataclass
class Texts:
    """All translations into a language, by whose they are and by what they are of."""

    by_key: dict[tuple[str, str, str], str] = field(default_factory=dict)
    by_english: dict[tuple[str, str, str], str] = field(default_factory=dict)

    @classmethod
    def read(cls, code: str) -> "Texts":
        rows = Translation.objects.exclude(**{code: ""}).order_by()
        return cls.of(rows.values_list("of", "key", "field", "english", code))

    @classmethod
    def of(cls, rows: Iterable[tuple[str, ...]]) -> "Texts":
        texts = cls()
        for of, key, name, english, text in rows:
            texts.by_key[of, key, name] = texts.by_english[of, name, english] = text
        return texts


# What each process remembers by language, and the state of the site in which it was so.
_known: dict[str, tuple[Any, Texts]] = {}

# One statement for the state and for what is not remembered of that state.
STATE_AND_TEXTS = """
    SELECT NULL, NULL, NULL, NULL, NULL, (SELECT COUNT(*) FROM policies_sitechange),
        (SELECT at FROM policies_sitechange ORDER BY id DESC LIMIT 1)
    UNION ALL
    SELECT "of", "key", field, english, {code}, 0, NULL
    FROM policies_translation
    WHERE {code} <> '' AND NOT ((SELECT COUNT(*) FROM policies_sitechange) = %s
        AND (SELECT at FROM policies_sitechange ORDER BY id DESC LIMIT 1) = %s)
"""


def state_of_site() -> tuple[Any, ...]:
    """The state of the site, where a page in another language than English is to come of it."""
    code = language()
    known, texts = _known.get(code, ((-1, None), Texts()))
    with connection.cursor() as cursor:
        cursor.execute(STATE_AND_TEXTS.format(code=code), known)
        rows = cursor.fetchall()
    state = next(tuple(row[5:]) for row in rows if row[0] is None)
    if state != known:
        texts = Texts.of(row[:5] for row in rows if row[0] is not None)
        _known[code] = (state, texts)
    page().words[code] = texts
    return state


def said(of: Of, key: str, name: str, english: str) -> str:
    """What a field of the row with this code says."""
    if not english or language() == ENGLISH:
        return english
    return _texts().by_key.get((of, key, name)) or _standing_in(of, name, english)


def said_like(of: Of, name: str, english: str) -> str:
    """The same where only the English words are at hand, as of a level that was published."""
    if not english or language() == ENGLISH:
        return english
    return _texts().by_english.get((of, name, english)) or _standing_in(of, name, english)


def _standing_in(of: Of, name: str, english: str) -> str:
    """The name of a country is one in any language."""
    return english if (of, name) == (Of.COUNTRY, "name") else in_language(english, ENGLISH)


def _texts() -> Texts:
    code, words = language(), page().words
    if code not in words:
        words[code] = Texts.read(code)
    return words[code]
