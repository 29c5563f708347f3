"""A selection as its page shows it: the form, chips, counts, and the way out of nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.listing.choices import ALL
from policies.listing.filters import ByChoice, ByChoices, Filters
from policies.listing.selecting import Part, Selection

UPFRONT = ("q", "edition", "sort", "match")
LABELS = {"total_from": gettext_lazy("Score from"), "total_to": gettext_lazy("Score to")}


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
class ShownPart:
    """A part of the list: some of its rows, how many were selected, and of how many."""

    part: Part
    rows: list[Any]
    count: int
    total: int
    more: str = ""


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
    """One for every value that is asked for, in the order of the form."""
    asked = selection.asked
    return [
        Chip(f"{label}: {words}", asked.without(name, value))
        for name, label in _names(selection)
        for value, words in _said(selection.filters, name)
        if value in asked.values.get(name, ())
    ]


def _names(selection: Selection) -> Iterator[tuple[str, str]]:
    for name, filter_ in selection.filters.filters.items():
        if name not in selection.filters.SETTINGS:
            yield name, str(LABELS.get(name, filter_.label))


def _said(filters: Filters, name: str) -> Iterator[tuple[str, str]]:
    """Every value in use, with its words; choices under a title bring it along."""
    if not isinstance(filters.filters[name], (ByChoice, ByChoices)):
        for value in _values(filters, name):
            yield value, f"“{value}”" if name == "q" else value
        return
    for title, options in _grouped(filters.form.fields[name].choices):
        for value, label in options:
            yield value, f"{title}: {label}" if title else str(label)


def matched(selection: Selection) -> str:
    """How several categories are meant: a row has any of them, or all."""
    categories = selection.asked.values.get("category", ())
    if len(categories) < 2:
        return ""
    if selection.asked.one("match") == "all":
        return _("Listed is what has all of the %(count)d categories.") % {"count": len(categories)}
    return _("Listed is what has any of the %(count)d categories.") % {"count": len(categories)}


def parts_of(selection: Selection) -> list[ShownPart]:
    """The part that is asked for; on the first page the first rows of the others, too."""
    counts, totals = selection.counts, selection.totals
    shown = [_shown(selection.part, selection.page.rows, counts, totals)]
    if selection.is_first_page:
        for part in selection.parts()[1:]:
            rows = selection.opening.get(part.code, [])
            more = (
                selection.asked.with_(part=part.code)
                if counts.get(part.code, 0) > len(rows)
                else ""
            )
            shown += [_shown(part, rows, counts, totals, more)] if totals.get(part.code) else []
    return shown


def _shown(
    part: Part, rows: list[Any], counts: dict[str, int], totals: dict[str, int], more: str = ""
) -> ShownPart:
    return ShownPart(part, rows, counts.get(part.code, 0), totals.get(part.code, 0), more)


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
