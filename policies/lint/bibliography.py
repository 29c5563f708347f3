"""Warnings about the bibliography."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any
from urllib.parse import urlsplit

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from policies.lint.rules import Found, warning
from policies.lint.sheet import Document, Sheet, short
from policies.models import Part

ANCHOR = str(Part.BIBLIOGRAPHY)


@warning(
    "never-cited",
    gettext_lazy("Reference never cited"),
    gettext_lazy("Cite the source where it bears out a text, or remove it."),
)
def never_cited(sheet: Sheet) -> Iterator[Found]:
    """One finding with the whole list."""
    idle = [reference for reference in sheet.references if reference["key"] not in sheet.cited]
    if idle:
        message = ngettext(
            "%(count)s of %(all)s references is never cited: %(list)s.",
            "%(count)s of %(all)s references are never cited: %(list)s.",
            len(idle),
        )
        values = {"count": len(idle), "all": len(sheet.references), "list": _named(idle)}
        yield Found(ANCHOR, message % values, tuple(sorted(entry["key"] for entry in idle)))


def _named(references: list[Document]) -> str:
    """Keys too: one authority may have published much in a year."""
    return "; ".join(f"{short(entry)} [@{entry['key']}]" for entry in references)


@warning(
    "reference-twice",
    gettext_lazy("Reference given twice"),
    gettext_lazy("Keep one of the entries, or correct the address or title of the other."),
)
def reference_twice(sheet: Sheet) -> Iterator[Found]:
    folded = [(entry, _address(entry), _fold(entry["title"])) for entry in sheet.references]
    for (one, address, title), (other, address_2, title_2) in combinations(folded, 2):
        message = None
        if address and address == address_2:
            message = _("These have the same address: %(list)s.")
        elif title and title == title_2 and _years_fit(one, other):
            message = _("These have the same title: %(list)s.")
        if message:
            keys = tuple(sorted([one["key"], other["key"]]))
            yield Found(ANCHOR, message % {"list": _named([one, other])}, keys)


def _address(reference: Document) -> tuple[str, ...]:
    """Without what does not tell pages apart: the scheme, "www." and a closing slash."""
    parts = urlsplit(reference["url"])
    host, path = parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/")
    return (host, path, parts.query, parts.fragment) if host else ()


def _years_fit(one: Document, other: Document) -> bool:
    """An annual report keeps its title from year to year."""
    return None in (one["year"], other["year"]) or one["year"] == other["year"]


def _fold(words: str) -> tuple[str, ...]:
    """Words without case, accents and punctuation."""
    decomposed = unicodedata.normalize("NFKD", words.casefold())
    return tuple(re.findall(r"\w+", re.sub(r"[\u0300-\u036f]", "", decomposed)))


@warning(
    "author-spelt-twice",
    gettext_lazy("Two spellings of one author"),
    gettext_lazy("Write the author in one way, as the publication itself does."),
)
def author_spelt_twice(sheet: Sheet) -> Iterator[Found]:
    names = {name for entry in sheet.references for name in _authors(entry["authors"])}
    folded = [(name, _fold(name)) for name in sorted(names)]
    for (one, words), (other, others) in combinations(folded, 2):
        if _is_one_author(words, others):
            message = _("One author in two spellings: “%(one)s” and “%(other)s”.")
            yield Found(ANCHOR, message % {"one": one, "other": other}, (one, other))


# Between people: ",", ", and", or "and" after an initial
_BETWEEN = re.compile(r"\s*,\s*(?:(?:and|&|y)\s+)?|(?<=\.)\s+(?:and|&|y)\s+")
# "M.E.", "J. L.", "B"
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[\s-]*)+")


def _authors(printed: str) -> list[str]:
    """The names in a printed list."""
    names = (part.strip() for part in printed.split(";"))
    return [author for name in names if name for author in _people(name)]


def _people(printed: str) -> list[str]:
    """People apart, their initials written in one way; an institution whole, with its commas."""
    parts = [part for part in _BETWEEN.split(printed) if part]
    surnames, initials = parts[0::2], parts[1::2]
    if len(surnames) == len(initials) and all(map(_INITIALS.fullmatch, initials)):
        pairs = zip(surnames, initials, strict=True)
        return [f"{surname}, {_apart(letters)}" for surname, letters in pairs]
    return [printed]


def _apart(initials: str) -> str:
    return " ".join(f"{letter}." for letter in initials if letter.isalpha())


def _is_one_author(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """The same but for accents, case and punctuation, or but for one letter of a long word.

    Two ministries share words, but where they differ, a whole word does.
    """
    if one == other:
        return True
    differing = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    return len(one) == len(other) and len(differing) == 1 and _one_letter_apart(*differing[0])


def _one_letter_apart(one: str, other: str) -> bool:
    """A letter more, or another letter than the first; one letter makes short words others."""
    shorter, longer = sorted([one, other], key=len)
    if not longer.isalpha():
        return False
    same = next((i for i, letter in enumerate(shorter) if letter != longer[i]), len(shorter))
    if len(shorter) == len(longer):
        return same > 0 and len(longer) >= 7 and shorter[same + 1 :] == longer[same + 1 :]
    return len(longer) >= 6 and shorter[same:] == longer[same + 1 :]


@warning(
    "access-date",
    gettext_lazy("Implausible access date"),
    gettext_lazy("Open the address, and enter the day on which it was last seen to work."),
)
def access_date(sheet: Sheet) -> Iterator[Found]:
    """One finding for each of the two mistakes, with its list."""
    dated = [(r, date.fromisoformat(r["accessed"])) for r in sheet.references if r["accessed"]]
    future = [pair for pair in dated if pair[1] > sheet.today]
    past = [pair for pair in dated if pair[1].year < sheet.year]
    if future:
        message = _("Accessed on a day that is still to come: %(references)s.")
        yield _accessed(message, future)
    if past:
        message = _("Accessed before %(year)s, the year of the collection: %(references)s.")
        yield _accessed(message, past, year=sheet.year)


def _accessed(message: str, found: list[tuple[Document, date]], **values: Any) -> Found:
    days = (f"{_named([entry])}, {date_format(day, 'j F Y')}" for entry, day in found)
    about = [part for entry, day in found for part in (entry["key"], day.isoformat())]
    return Found(ANCHOR, message % {**values, "references": "; ".join(days)}, tuple(about))
