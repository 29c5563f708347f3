"""A selection as its page shows it: the form, chips, counts, and the way out of nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from policies.listing.choices import ALL
from policies.listing.filters import ByChoice, ByChoices, ByPoints, ByText, Filters
from policies.listing.selecting import Part, Selection
from policies.presentation.words import points, specified
from policies.searching.query import parse

UPFRONT = ("q", "edition", "sort", "match")


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Options:
    """Options under a title, or under none."""

    title: str
    options: list[Option]

    @property
    def chosen(self) -> int:
        return sum(option.chosen for option in self.options)


@dataclass(frozen=True)
class Field:
    """A control of the form."""

    name: str
    label: str
    value: str
    groups: list[Options]

    @property
    def chosen(self) -> int:
        return sum(group.chosen for group in self.groups)


@dataclass(frozen=True)
class Chip:
    """A filter in use, and the address without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Group:
    """Rows of a part that stand together, how many of them were selected, and of how many.

    Only where something stands apart in the part has a group a title.
    """

    rows: list[Any]
    count: int
    total: int
    title: str = ""
    is_apart: bool = False


@dataclass(frozen=True)
class ShownPart:
    """A part of the list: some of its rows in groups, the first of which is what is counted."""

    part: Part
    groups: list[Group]
    more: str = ""

    @property
    def rows(self) -> list[Any]:
        return [row for group in self.groups for row in group.rows]

    @property
    def count(self) -> int:
        return self.groups[0].count

    @property
    def total(self) -> int:
        return self.groups[0].total

    @property
    def not_counted(self) -> int:
        return sum(group.count for group in self.groups if group.is_apart)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it, whatever is asked for."""
        return not any(group.total for group in self.groups)


@dataclass(frozen=True)
class Loosening:
    """A filter without which there would be rows, and how many."""

    label: str
    url: str
    count: int


def fields_of(selection: Selection) -> dict[str, Field]:
    return {name: _field(selection.filters, name) for name in selection.filters.filters}


def _field(filters: Filters, name: str) -> Field:
    control, values = filters.form.fields[name], _values(filters, name)
    groups = [
        Options(title, [Option(value, str(label), value in values) for value, label in options])
        for title, options in _grouped(getattr(control, "choices", ()))
    ]
    return Field(name, str(control.label), values[0] if values else "", groups)


def _values(filters: Filters, name: str) -> list[str]:
    value = filters.form.cleaned_data[name]
    values = value if isinstance(value, list) else [value]
    return [f"{value}" for value in values if value not in ("", None)]


def _grouped(choices: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Options under their titles; those without a title stand under an empty one."""
    flat = [choice for choice in choices if not isinstance(choice[1], list) and choice[0]]
    if flat:
        yield "", flat
    for title, options in choices:
        if isinstance(options, list):
            yield str(title), options


def in_use(fields: dict[str, Field]) -> int:
    """How many values are chosen in the part of the form that is folded."""
    folded = (field for name, field in fields.items() if name not in UPFRONT)
    return sum(field.chosen or bool(not field.groups and field.value) for field in folded)


def chips_of(selection: Selection) -> list[Chip]:
    """One for every value that is asked for and filters, in the order of the form."""
    asked = selection.asked
    return [
        Chip(specified(label, words), asked.without(name, value))
        for name, label in _names(selection)
        for value, words in _said(selection.filters, name)
        if value in asked.values.get(name, ()) and (name != "q" or parse(value).terms)
    ]


def _names(selection: Selection) -> Iterator[tuple[str, str]]:
    for name, label in selection.labels.items():
        if name not in selection.filters.SETTINGS:
            yield name, label


def _said(filters: Filters, name: str) -> Iterator[tuple[str, str]]:
    """Every value in use, with its words; choices under a title bring it along."""
    if not isinstance(filters.filters[name], (ByChoice, ByChoices)):
        for value in _values(filters, name):
            yield value, _typed(filters.filters[name], value)
        return
    for title, options in _grouped(filters.form.fields[name].choices):
        for value, label in options:
            yield value, specified(title, str(label))


def _typed(kind: Any, value: str) -> str:
    """What the address says, as the language of the page writes it."""
    if isinstance(kind, ByPoints):
        return points(Decimal(value))
    return f"“{value}”" if isinstance(kind, ByText) else value


def parts_of(selection: Selection) -> list[ShownPart]:
    """The part that is asked for; on the first page the first rows of the others, too."""
    shown = [ShownPart(selection.part, _groups(selection, selection.part, selection.page.rows))]
    others = selection.parts()[1:] if selection.is_first_page else []
    for part in others:
        rows = selection.opening.get(part.code, [])
        groups = _groups(selection, part, rows)
        has_more = sum(group.count for group in groups) > len(rows)
        more = selection.asked.with_(part=part.code) if has_more else ""
        shown.append(ShownPart(part, groups, more))
    return [shown[0], *(each for each in shown[1:] if not each.is_empty)]


def _groups(selection: Selection, part: Part, rows: list[Any]) -> list[Group]:
    def group(place: Part, title: str, *, is_apart: bool = False) -> Group:
        found = [row for row in rows if row.place == place.code]
        count, total = (each.get(place.code, 0) for each in (selection.counts, selection.totals))
        return Group(found, count, total, title, is_apart)

    first = group(part, _("In force") if part.apart else "")
    return [first, *(group(each, each.title, is_apart=True) for each in part.apart)]


def loosenings_of(selection: Selection) -> list[Loosening]:
    """What to leave out, the most helpful first; empty where no single filter is to blame."""
    labels = dict(_names(selection))
    found = [
        Loosening(labels[name], selection.asked.without(name), count)
        for name, count in selection.loosened.items()
        if count
    ]
    return sorted(found, key=lambda each: -each.count)


def edition_of(selection: Selection) -> str:
    """ "2022", or in words that all are meant."""
    return _("all editions") if selection.edition == ALL else selection.edition
