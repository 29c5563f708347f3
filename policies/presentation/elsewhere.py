"""Texts of a factsheet on another page: their notes and sources stay where they are."""

import re
from dataclasses import dataclass

from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from policies.presentation.words import trusted

_LINK = re.compile(r'<a((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>')
_ID = re.compile(r'\s+id="[^"]*"')


@dataclass(frozen=True)
class Fold:
    """A whole text to unfold."""

    label: str
    html: SafeString
    language: str


def fold(html: str, url: str, language: str) -> Fold | None:
    if not html:
        return None
    count = len(strip_tags(html).split())
    label = ngettext("Text, %(count)d word", "Text, %(count)d words", count) % {"count": count}
    return Fold(label, trusted(moved(html, url)), language)


def moved(html: str, url: str) -> str:
    """The same text, whose marks lead to the page of the factsheet and have no address here.

    `policies.text` gives addresses to marks of footnotes and citations, and to nothing else.
    """

    def lead_there(link: re.Match[str]) -> str:
        attributes = _ID.sub("", link[1]).replace(' href="#', f' href="{url}#')
        return f"<a{attributes}>"

    return _LINK.sub(lead_there, html)
