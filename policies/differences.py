"""What changed between two contents of a section (`history.contents`), as rows to be read.

Pure: two plain values give a list of changes. `templates/policies/_difference.html` prints it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

from diff_match_patch import diff_match_patch
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from policies.models import Availability, Kind, Level, Period, PoliciesStatus
from policies.presentation.words import (
    DASH,
    day,
    enumerated,
    money,
    points,
    sentence_case,
    specified,
)
from policies.tongues import joined, like

Content = Mapping[str, Any]
Names = Mapping[tuple[str, str], str]  # ("category" or "policy", its code) to its name
Op = Literal["same", "added", "removed"]

SECONDS = 0.5  # after which two texts with little in common are shown as one change
SHOWN = 20  # words beside a change that stay in sight where a longer text is folded
LONG = 600  # characters of one stretch on a page that shows many differences
FOLD_FROM = 60  # unchanged words in a row; fewer are read sooner than unfolded

PILCROW = "\N{PILCROW SIGN}"

# The words of a text. An amount, an address or a compound is changed as a whole.
_WORD = re.compile(r"\w+(?:[.,:/@'’-]+\w+)*|\s+|[^\w\s]")
_FIRST = 0xF0000  # private characters stand for words: the library gives them no meaning of its own
_OPS: dict[int, Op] = {-1: "removed", 0: "same", 1: "added"}


# Words


@dataclass(frozen=True)
class Span:
    """A piece of text that both versions have, or only one of them."""

    op: Op
    text: str


@dataclass(frozen=True)
class Piece(Span):
    """A span to be printed: line breaks that `lead` it stand before its mark.

    `fold` is what its button says if it is to be unfolded.
    """

    fold: str = ""
    lead: str = ""


def words(before: str, after: str) -> list[Span]:
    """The words that stayed, went and came; nothing is lost.

    "same" and "removed" joined are `before`; "same" and "added" joined are `after`.
    """
    known: dict[str, str] = {}
    sides = [
        "".join(known.setdefault(word, chr(_FIRST + len(known))) for word in _WORD.findall(text))
        for text in (before, after)
    ]
    compare = diff_match_patch()
    compare.Diff_Timeout = SECONDS
    found = compare.diff_main(*sides, False)
    compare.diff_cleanupSemantic(found)
    meant = {char: word for word, char in known.items()}
    spans = ((_OPS[op], "".join(meant[char] for char in chars)) for op, chars in found)
    return [Span(op, like(before if op == "removed" else after, text)) for op, text in spans]


def pieces(spans: list[Span]) -> Iterator[Piece]:
    """The spans with the middle of every long unchanged stretch apart, to be folded."""
    last = len(spans) - 1
    for place, span in enumerate(spans):
        if span.op != "same":
            yield _marked(span)
            continue
        parts = re.findall(r"\s*\S+\s*", span.text)
        if len(parts) < FOLD_FROM or last == 0:
            yield Piece(span.op, span.text)
            continue
        start = SHOWN if place else 0
        end = len(parts) - (SHOWN if place < last else 0)
        count = end - start
        label = ngettext("%(count)d unchanged word", "%(count)d unchanged words", count)
        first, middle, rest = (
            like(span.text, "".join(found))
            for found in (parts[:start], parts[start:end], parts[end:])
        )
        yield from (Piece("same", text) for text in [first] if text)
        yield Piece("same", middle, label % {"count": count})
        yield from (Piece("same", text) for text in [rest] if text)


def _marked(span: Span) -> Piece:
    """What came or went, so that it can be seen: a lone line break as the sign of one."""
    text = span.text.lstrip("\n")
    if not text:
        return Piece(span.op, PILCROW + span.text)
    return Piece(span.op, like(span.text, text), lead=span.text[: -len(text)])


def abridged(spans: list[Span]) -> list[Span]:
    """The spans with long stretches cut short: for a page on which many differences stand."""
    last = len(spans) - 1
    return [
        Span(span.op, _shortened(span.text, place not in (0, last) or span.op != "same", place))
        for place, span in enumerate(spans)
    ]


def _shortened(text: str, both: bool, place: int) -> str:
    """What stands next to a change is kept: on both sides, or on the one where there is one."""
    if len(text) <= LONG:
        return text
    count = len(text.split())
    gap = ngettext(" […%(count)d word…] ", " […%(count)d words…] ", count) % {"count": count}
    half = LONG // 2
    if both:
        return text[:half] + gap + text[-half:]
    return gap + text[-half:] if place == 0 else text[:half] + gap


# Changes


@dataclass(frozen=True)
class TextChange:
    """A text with the words that changed in it."""

    kind: ClassVar[str] = "text"
    title: str
    spans: list[Span]

    @property
    def pieces(self) -> list[Piece]:
        return list(pieces(self.spans))


@dataclass(frozen=True)
class FactChange:
    """One value in place of another, both in words."""

    kind: ClassVar[str] = "fact"
    title: str
    before: str
    after: str


@dataclass(frozen=True)
class ItemChange:
    """An entry of a list that came, went, or changed in itself."""

    kind: ClassVar[str] = "item"
    title: str
    op: Literal["added", "removed", "changed"]
    code: str
    label: str
    changes: list["Change"] = field(default_factory=list)


Change = TextChange | FactChange | ItemChange


@dataclass(frozen=True)
class Difference:
    """All that changed in one section; false if nothing did."""

    changes: list[Change] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.changes)


def in_short(found: Difference) -> Difference:
    """A difference in which long texts are cut, entry by entry."""
    return Difference([_in_short(change) for change in found.changes])


def _in_short(change: Change) -> Change:
    if isinstance(change, TextChange):
        return replace(change, spans=abridged(change.spans))
    if isinstance(change, ItemChange):
        return replace(change, changes=[_in_short(each) for each in change.changes])
    return change


def difference(
    before: Content | None, after: Content | None, names: Names | None = None
) -> Difference:
    """What changed between two contents of one section; None is a section that is not there.

    Two contents that differ at all give at least one change. `names` are those of categories and
    policies; without them, codes stand for themselves.
    """
    return Difference(list(_changes(before or {}, after or {}, names or {})))


TEXTS = {"text", "availability_note", "heading_note", "words", "reason", "detail", "note"}
TITLES: dict[str, Promise] = {
    "availability": gettext_lazy("Availability"),
    "availability_note": gettext_lazy("Note on availability"),
    "text": gettext_lazy("Text"),
    "names": gettext_lazy("Names"),
    "original_name": gettext_lazy("Original name"),
    "url": gettext_lazy("Address"),
    "kind": gettext_lazy("Kind"),
    "level": gettext_lazy("Level"),
    "region": gettext_lazy("Region"),
    "is_example": gettext_lazy("Example"),
    "heading_note": gettext_lazy("Heading note"),
    "period": gettext_lazy("Period"),
    "starting_year": gettext_lazy("Starting year"),
    "ending_year": gettext_lazy("Ending year"),
    "continuous_since": gettext_lazy("Running without a break since"),
    "overall": gettext_lazy("Overall budget"),
    "annual": gettext_lazy("Annual budget"),
    "amount": gettext_lazy("amount"),
    "words": gettext_lazy("as reported"),
    "judged": gettext_lazy("Judged level"),
    "points": gettext_lazy("points"),
    "reason": gettext_lazy("reason"),
    "language": gettext_lazy("Language"),
    "policies_status": gettext_lazy("State of the policies"),
    "policies": gettext_lazy("Policies"),
    "categories": gettext_lazy("Categories"),
    "detail": gettext_lazy("Detail"),
    "references": gettext_lazy("References"),
    "authors": gettext_lazy("Authors"),
    "year": gettext_lazy("Year"),
    "title": gettext_lazy("Title"),
    "publisher": gettext_lazy("Publisher"),
    "accessed": gettext_lazy("Accessed"),
    "note": gettext_lazy("Note"),
}
CHOICES: dict[str, type[TextChoices]] = {
    "availability": Availability,
    "kind": Kind,
    "level": Level,
    "period": Period,
    "policies_status": PoliciesStatus,
}
LISTS = {"categories": "code", "references": "key", "policies": None}
SINGULAR = {"categories": "category", "references": "reference", "policies": "policy"}
GROUPS = {"overall", "annual", "judged"}


def _changes(before: Content, after: Content, names: Names, within: str = "") -> Iterator[Change]:
    """Key by key, in the order in which the contents have them."""
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key), after.get(key)
        stood = key in before and key in after
        if old == new or (not stood and _is_empty(old) and _is_empty(new)):
            continue
        title = title_of(key, within)
        if key in LISTS:
            yield from _items(key, title, old or [], new or [], names)
        elif key in GROUPS:
            yield from _group(old or {}, new or {}, names, title)
        elif key in TEXTS:
            yield TextChange(title, words(old or "", new or ""))
        else:
            yield FactChange(title, value_of(key, old), value_of(key, new))


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {})


def title_of(key: str, within: str = "") -> str:
    """What a key of a content is called, alone or within a group."""
    title = str(TITLES.get(key, key.replace("_", " ")))
    return specified(within, sentence_case(title)) if within else title


def _group(old: Content, new: Content, names: Names, title: str) -> Iterator[Change]:
    """A budget or a judgement. An amount and its currency are one fact."""
    return _changes(_with_money(old), _with_money(new), names, title)


def _with_money(group: Content) -> dict[str, Any]:
    plain = {key: value for key, value in group.items() if key not in ("amount", "currency")}
    if group.get("amount") is not None or group.get("currency"):
        plain["amount"] = [group.get("amount"), group.get("currency") or ""]
    return plain


def value_of(key: str, value: Any) -> str:
    """A fact as a reader would say it; what is not there is a dash."""
    if value in (None, "", []):
        return DASH
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if key in CHOICES and value in CHOICES[key].values:
        return str(CHOICES[key](value).label)
    if key == "amount" and isinstance(value, list):
        return money(value[0], value[1]) if value[0] is not None else value[1]
    if key == "points":
        return points(value)
    if key == "accessed":
        return day(value)
    return enumerated(map(str, value)) if isinstance(value, list) else str(value)


# Lists: categories by code, references by key, policies that are codes alone


def _items(
    key: str, title: str, before: list[Any], after: list[Any], names: Names
) -> Iterator[Change]:
    old, new = _by_code(key, before), _by_code(key, after)
    for code in dict.fromkeys([*new, *old]):
        label = _label(key, code, new.get(code, old.get(code, {})), names)
        if code not in new:
            yield ItemChange(title, "removed", code, label)
        elif code not in old:
            yield ItemChange(title, "added", code, label)
        elif changes := list(_changes(old[code], new[code], names)):
            name = names.get((SINGULAR[key], code), code)
            yield ItemChange(title, "changed", code, name, changes)
    stayed = [[code for code in side if code in old and code in new] for side in (old, new)]
    if stayed[0] != stayed[1]:
        first, last = (joined(" · ", [_label(key, c, {}, names) for c in s]) for s in stayed)
        yield FactChange(_("%(list)s: order") % {"list": title}, first, last)


def _by_code(key: str, items: list[Any]) -> dict[str, Content]:
    code = LISTS[key]
    return {item[code]: item for item in items} if code else {item: {} for item in items}


def _label(key: str, code: str, item: Content, names: Names) -> str:
    """A category with its detail, a reference as it is cited, a policy by its name."""
    name = names.get((SINGULAR[key], code), code)
    if key == "references" and item:
        byline = f"{item['authors']} ({item['year']})" if item["year"] else item["authors"]
        return specified(like(item["authors"], byline), item["title"])
    return specified(name, item.get("detail", ""))
