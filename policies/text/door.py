"""At the door: the one form in which a text is kept, and how long it may be."""

import re
import unicodedata

from django.utils.translation import gettext as _

MAX_LENGTH = 32_000
"""In UTF-16 units, which is how a spreadsheet cell (at most 32,767) counts."""


# A vertical tab is a line break in Word; a form feed and U+0085 end a line as well.
_LINE_BREAK = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# Besides control characters: what UTF-8 (lone surrogates) or XML (U+FFFE, U+FFFF) can not hold.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


_ODD = re.compile(f"{_LINE_BREAK.pattern}|{_FORBIDDEN.pattern}")
_SHORT = MAX_LENGTH // 6
"""In characters: a text that is not longer fits, for normalising at most triples its UTF-16."""


def normalise(text: str) -> str:
    """The one form of a text that database, spreadsheet and JSON keep to the byte."""
    if not _ODD.search(text):
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    text = _LINE_BREAK.sub("\n", text)
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("", text))


def length(text: str) -> int:
    """The length in UTF-16 units: an emoji counts as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def problems(text: str) -> list[str]:
    """Why the text can not be stored, in words; empty when it can."""
    if len(text) <= _SHORT:
        return []
    units = length(normalise(text))
    if units <= MAX_LENGTH:
        return []
    message = _("The text has %(length)d characters; at most %(limit)d fit. Shorten it.")
    return [message % {"length": units, "limit": MAX_LENGTH}]
