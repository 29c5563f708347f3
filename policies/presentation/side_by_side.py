"""The policy tables and the texts of several factsheets beside each other, line by line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.models import Availability, Part, PoliciesStatus
from policies.presentation import sharing
from policies.presentation.elsewhere import Fold, fold
from policies.presentation.sharing import Key, Mark
from policies.presentation.sides import Member, Side
from policies.presentation.table import Body, Column, Table, policy_table
from policies.presentation.table import Row as TableRow
from policies.presentation.words import Nothing, enumerated, nothing, specified, titled

Labels = dict[tuple[str, str], str]  # of a category, by its section and its code
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Category:
    """`mark` is empty for a policy that does not count."""

    label: str
    mark: str


@dataclass(frozen=True)
class Entry:
    """What a policy says in a line, or several that say the same in a word or two.

    `policies` are their names, each with the address of the cell that says it.
    """

    policies: tuple[tuple[str, str], ...]
    label: str
    categories: tuple[Category, ...] = ()
    value: str = ""
    nothing: Nothing | None = None
    text: Fold | None = None


@dataclass(frozen=True)
class Cell:
    """What a side says in a line; without policies it says why there are none."""

    side: str
    entries: list[Entry]
    summary: str = ""
    nothing: Nothing | None = None
    text: Fold | None = None


@dataclass(frozen=True)
class Row:
    """`same` if all sides say the same in standardised words, whatever their texts say.

    Unknown is not the same as unknown. `code` is the address of the group on the page.
    """

    code: str
    group: str
    sub: str
    summary: str
    cells: list[Cell]
    same: bool

    @property
    def title(self) -> str:
        return titled(self.group, self.sub)


def policy_rows(sides: list[Side]) -> list[Row]:
    """The heads of the policies, then every line that a policy of any side has."""
    table = policy_table({"policies": [m.policy for side in sides for m in side.members]})
    heads = _dealt(sides, table.columns)
    labels = _labels(sides)
    return [_heads(sides, heads), *(_row(sides, row, code, labels) for row, code in _coded(table))]


def _labels(sides: Iterable[Side]) -> Labels:
    """One for each category, whatever each document calls it: that of the newest document."""
    by_age = sorted(sides, key=lambda side: (side.card.year, side.document["published_at"]))
    return {
        (section["type"], category["code"]): category["label"]
        for side in by_age
        for policy in side.document["policies"]
        for section in policy["sections"]
        for category in section["categories"]
    }


def _coded(table: Table) -> Iterator[tuple[TableRow, str]]:
    """Each line with the address of its group: a group may be of several sections."""
    code = ""
    for row in table.rows:
        if row.starts_group:
            code = f"section-{row.address.split('.')[0]}"
        yield row, code


def _dealt(sides: list[Side], items: Iterable[Any]) -> list[list[tuple[Member, Any]]]:
    """What belongs to each policy of a side, side by side."""
    rest = iter(items)
    return [list(zip(side.members, islice(rest, len(side.members)), strict=True)) for side in sides]


def _heads(sides: list[Side], heads: list[list[tuple[Member, Column]]]) -> Row:
    cells = [
        Cell(side.label, [_head(side, *pair) for pair in pairs], _in_force(side), _why_none(side))
        for side, pairs in zip(sides, heads, strict=True)
    ]
    return Row("policies", _("Policies"), "", "", cells, same=False)


def _head(side: Side, member: Member, column: Column) -> Entry:
    url = f"{side.url}#{column.code}.heading"
    return Entry(((enumerated(column.names), url),), member.label, value=column.tag)


def _in_force(side: Side) -> str:
    """ "2 policies in force"; nothing where no policy is described at all."""
    if not side.members:
        return ""
    count = len(side.counted)
    words = ngettext("%(count)d policy in force", "%(count)d policies in force", count)
    return words % {"count": count}


def _why_none(side: Side) -> Nothing | None:
    if side.members:
        return None
    kinds = {
        PoliciesStatus.REPORTED: Availability.REPORTED,
        PoliciesStatus.NONE_EXIST: Availability.NONE_EXISTS,
        PoliciesStatus.NOT_RESEARCHED: Availability.NOT_RESEARCHED,
    }
    return nothing(kinds[PoliciesStatus(side.document["policies_status"])])


def _row(sides: list[Side], row: TableRow, code: str, labels: Labels) -> Row:
    type_ = row.address.split(".")[0]
    dealt = _dealt(sides, row.cells)
    has_categories = any(cell.body.categories for cell in row.cells)
    marks = sharing.marks(sides, type_) if has_categories else {}
    cells = [
        Cell(
            side.label,
            _merged(_entry(side, member, type_, cell, marks, labels) for member, cell in pairs),
            nothing=_why_none(side),
        )
        for side, pairs in zip(sides, dealt, strict=True)
    ]
    said = [_said(side, pairs, texts=not marks) for side, pairs in zip(sides, dealt, strict=True)]
    same = _is_same(said) and set(marks.values()) <= {Mark.SHARED}
    summary = sharing.summary(marks) or _unknown_of_all(said)
    return Row(code, row.group, row.sub, summary, cells, same)


def _entry(
    side: Side, member: Member, type_: str, cell: Any, marks: dict[Key, Mark], labels: Labels
) -> Entry:
    policy, body, url = member.policy, cell.body, f"{side.url}#{cell.anchor}"
    written = _section(policy, type_)
    html = written["html"] if body.text and written else ""
    return Entry(
        policies=((policy["names"][0], url),),
        label=member.label,
        categories=_categories(member, written, marks, labels) if body.categories else (),
        value=body.value,
        nothing=body.nothing,
        text=fold(html, side.url, side.document["language"]),
    )


def _merged(entries: Iterable[Entry]) -> list[Entry]:
    """Short answers that are the same are given once, for all who give them."""
    found: dict[Any, Entry] = {}
    for entry in entries:
        short = not (entry.categories or entry.text)
        key = (entry.label, entry.value, entry.nothing) if short else entry.policies
        known = found.get(key)
        found[key] = replace(entry, policies=known.policies + entry.policies) if known else entry
    return list(found.values())


def _categories(
    member: Member, section: dict[str, Any] | None, marks: dict[Key, Mark], labels: Labels
) -> tuple[Category, ...]:
    if not section:
        return ()
    return tuple(
        Category(
            _named(labels[section["type"], category["code"]], category["detail"]),
            str(marks[sharing.key_of(category)]) if member.counts else "",
        )
        for category in section["categories"]
    )


def _named(label: str, detail: str) -> str:
    return specified(label, detail)


def _section(policy: dict[str, Any], type_: str) -> dict[str, Any] | None:
    return next((section for section in policy["sections"] if section["type"] == type_), None)


Said = frozenset[tuple[str, str]]


def _said(side: Side, pairs: list[tuple[Member, Any]], *, texts: bool) -> Said:
    """What the policies that count say together, to be compared with other sides."""
    bodies = [cell.body for member, cell in pairs if member.counts]
    if not bodies:
        none_exist = side.document["policies_status"] == PoliciesStatus.NONE_EXIST
        return frozenset([("nothing", Availability.NONE_EXISTS) if none_exist else (UNKNOWN, "")])
    return frozenset(word for body in bodies for word in _words(body, texts=texts))


def _words(body: Body, *, texts: bool) -> Iterator[tuple[str, str]]:
    if body.value:
        yield "value", body.value
    if body.nothing:
        yield "nothing" if body.nothing.known else UNKNOWN, body.nothing.kind
    if body.text and texts:
        yield "text", body.text.lead + body.text.rest


def _is_same(said: list[Said]) -> bool:
    return len(set(said)) == 1 and all(how != UNKNOWN for how, _what in said[0])


def _unknown_of_all(said: list[Said]) -> str:
    if any(how != UNKNOWN for words in said for how, _what in words):
        return ""
    if len(said) > 2:
        return _("not known of any")
    return _("not known of either")


# The texts of the factsheets themselves


def text_rows(sides: list[Side]) -> list[Row]:
    """Introductions, the texts of the criteria and further chapters."""
    return [
        *_texts("section", sides, [_sections(side, Part.INTRODUCTION) for side in sides]),
        *_texts("criterion", sides, [_criteria(side) for side in sides]),
        *_texts("section", sides, [_sections(side, Part.CHAPTER) for side in sides]),
    ]


Texts = dict[str, dict[str, Any]]


def _sections(side: Side, part: str) -> Texts:
    return {
        section["type"]: section for section in side.document["sections"] if section["part"] == part
    }


def _criteria(side: Side) -> Texts:
    return {
        criterion["code"]: {**criterion, "availability": Availability.REPORTED}
        for criterion in side.document["maturity"]["criteria"]
    }


def _texts(what: str, sides: list[Side], written: list[Texts]) -> Iterator[Row]:
    titles = {code: text["title"] for texts in reversed(written) for code, text in texts.items()}
    for code in dict.fromkeys(code for texts in written for code in texts):
        texts = [texts.get(code) for texts in written]
        cells = [_text(side, text) for side, text in zip(sides, texts, strict=True)]
        said = [_said_in(cell) for cell in cells]
        summary = _unknown_of_all(said)
        yield Row(f"{what}-{code}", titles[code], "", summary, cells, _is_same(said))


def _said_in(cell: Cell) -> Said:
    if cell.nothing:
        return frozenset([("nothing" if cell.nothing.known else UNKNOWN, cell.nothing.kind)])
    return frozenset([("text", cell.text.html if cell.text else "")])


def _text(side: Side, text: dict[str, Any] | None) -> Cell:
    if text is None:
        return Cell(side.label, [], nothing=nothing(Availability.NOT_APPLICABLE))
    if not text["html"]:
        note = text.get("availability_note", "")
        return Cell(side.label, [], nothing=nothing(text["availability"], note))
    return Cell(side.label, [], text=fold(text["html"], side.url, side.document["language"]))
