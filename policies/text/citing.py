"""Citations of the bibliography, and the few words that stand for an entry."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

KEY = r"[A-Za-z0-9](?:[A-Za-z0-9_:.-]*[A-Za-z0-9])?"
"""What a bibliography key looks like; safe in an id and in an address as it stands."""


@dataclass(frozen=True)
class Citation:
    """One `@key, locator` of a text; the locator is plain text such as `p. 130`."""

    key: str
    locator: str = ""


@dataclass(frozen=True)
class Cited:
    """What a citation shows of an entry of the bibliography."""

    key: str
    authors: str
    year: int | None
    title: str

    @property
    def short(self) -> str:
        name = short_authors(self.authors) or self.title or self.key
        return f"{name} {self.year or _('n.d.')}"


_CAPITAL = r"[^\W\d_a-z]"
_INITIALS = re.compile(rf"{_CAPITAL}(?:[.\s-]+{_CAPITAL})*\.?")
_AND = re.compile(r"(?:,|(?<=\.))\s*(?:and|&|y)\s+")
_ET_AL = re.compile(r"[,;\s]+et al\.?$")


def short_authors(authors: str) -> str:
    """`Paton, J., Barroeta, B.` becomes `Paton and Barroeta`; an institution stays whole."""
    listed = authors.strip(" ,;")
    open_ended = bool(_ET_AL.search(listed))
    names = _surnames(_ET_AL.sub("", listed))
    if open_ended or len(names) > 2:
        return _("%(first)s et al.") % {"first": names[0]}
    if len(names) == 2:
        return _("%(first)s and %(second)s") % {"first": names[0], "second": names[1]}
    return names[0]


def _surnames(authors: str) -> list[str]:
    """The surnames if this is a list of people with initials, else the string as it is."""
    if ";" in authors:
        return [_surnames(name.strip(" ,"))[0] for name in authors.split(";") if name.strip(" ,")]
    parts = [part.strip() for part in _AND.sub(", ", authors).split(",") if part.strip()]
    initials = parts[1::2]
    people = len(parts) == 2 * len(initials) and all(map(_INITIALS.fullmatch, initials))
    return parts[0::2] if people and parts else [authors]
