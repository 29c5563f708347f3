"""The policy table of a document: one column per policy, one row per line of the source."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from policies.models import Availability, Kind, Level, Period
from policies.presentation.words import (
    Document,
    Nothing,
    Text,
    enumerated,
    folded,
    money,
    nothing,
    specified,
)
from policies.rendering import section_types
from policies.tongues import filled

Policy = dict[str, Any]
Section = dict[str, Any]

WIDE_FROM = 4  # policies; more columns than three do not fit a screen and scroll sideways


@dataclass(frozen=True)
class Column:
    """The head of a policy's column."""

    code: str
    tag: str
    names: list[str]
    original_name: str
    url: str
    host: str
    is_example: bool
    footnotes: list[int]

    @property
    def nothing(self) -> Nothing | None:
        """Shown where there is neither an original name nor an address."""
        return None if self.original_name or self.url else nothing(Availability.REPORTED)


class Ticked(NamedTuple):
    """A category of a cell, and the page about it."""

    label: str
    url: str


@dataclass(frozen=True)
class Body:
    """What a cell says, from top to bottom; all of it may be missing but not everything."""

    ticked: tuple[Ticked, ...] = ()
    value: str = ""
    nothing: Nothing | None = None
    text: Text | None = None

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(category.label for category in self.ticked)


@dataclass(frozen=True)
class Cell:
    anchor: str
    policy: str
    body: Body


@dataclass(frozen=True)
class Row:
    """A line of the table; `group` heads it and the lines after it that repeat the group.

    `address` is what the addresses of its cells have in common: the section and the line of it.
    """

    address: str
    group: str
    sub: str
    starts_group: bool
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    columns: list[Column]
    rows: list[Row]
    wide: bool
    has_examples: bool
    has_identities: bool


Line = tuple[str, str, Callable[[Policy, Section], Body]]  # code of the line, label, filling


def policy_table(document: Document) -> Table:
    policies = document["policies"]
    columns = [_column(policy) for policy in policies]
    return Table(
        columns=columns,
        rows=list(_rows(policies)),
        wide=len(columns) >= WIDE_FROM,
        has_examples=any(column.is_example for column in columns),
        has_identities=not all(column.nothing for column in columns),
    )


def _column(policy: Policy) -> Column:
    return Column(
        code=policy["code"],
        tag=_tag(policy),
        names=policy["names"],
        original_name=policy["original_name"],
        url=policy["url"],
        host=urlsplit(policy["url"]).netloc.removeprefix("www."),
        is_example=policy["is_example"],
        footnotes=policy.get("heading_footnotes", []),
    )


def _tag(policy: Policy) -> str:
    """ "Broad policy, national"; "Cluster policy, regional: Nuevo León"."""
    values = {"kind": Kind(policy["kind"]).label, "region": policy["region"]}
    if policy["level"] == Level.NATIONAL:
        return _("%(kind)s, national") % values
    return filled(_("%(kind)s, regional: %(region)s"), values)


def _rows(policies: list[Policy]) -> Iterator[Row]:
    group = None
    written = [{section["type"]: section for section in policy["sections"]} for policy in policies]
    for type_ in section_types(policies):
        section = next(sections[type_] for sections in written if type_ in sections)
        for code, label, fill in _lines(section, policies):
            address = ".".join(filter(None, [type_, code]))
            cells = [
                _cell(policy, sections.get(type_), address, fill)
                for policy, sections in zip(policies, written, strict=True)
            ]
            yield Row(address, section["heading"], label, section["heading"] != group, cells)
            group = section["heading"]


def _cell(
    policy: Policy, section: Section | None, address: str, fill: Callable[[Policy, Section], Body]
) -> Cell:
    """A policy without such a section was added when its type no longer applied."""
    none = Body(nothing=nothing(Availability.NOT_APPLICABLE))
    body = fill(policy, section) if section else none
    return Cell(f"{policy['code']}.{address}", policy["names"][0], body)


def _lines(section: Section, policies: list[Policy]) -> list[Line]:
    """The lines of a section; the first has no code, so that its cells carry the plain address."""
    if section["type"] == "history":
        return _history_lines(any(policy["continuous_since"] for policy in policies))
    if section["type"] == "budget":
        return [
            ("", _("Overall"), lambda policy, _: _amount(policy["budget"]["overall"])),
            ("annual", _("Annual"), lambda policy, _: _amount(policy["budget"]["annual"])),
            ("source", _("Source of funding"), _explanation),
        ]
    if section["type"] == "evaluation":
        return [("", _("Availability"), _choices), ("results", _("Results"), _explanation)]
    label = section["title"] if section["title"] != section["heading"] else ""
    return [("", label, _whole)]


def _history_lines(with_continuity: bool) -> list[Line]:
    running: list[Line] = [("running-since", _("Running since"), _running_since)]
    return [
        ("", _("Period"), _period),
        ("ending-year", _("Ending year"), _ending_year),
        ("starting-year", _("Starting year"), _starting_year),
        *(running if with_continuity else []),
        ("explanation", _("Explanation"), _explanation),
    ]


def _whole(policy: Policy, section: Section) -> Body:
    ticked, text = _ticked(section), _text(section)
    missing = None if ticked or text else _missing(section)
    if section["availability"] != Availability.REPORTED:
        missing = _missing(section)
    return Body(ticked=ticked, text=text, nothing=missing)


def _choices(policy: Policy, section: Section) -> Body:
    ticked = _ticked(section)
    return Body(ticked=ticked, nothing=None if ticked else _missing(section))


def _explanation(policy: Policy, section: Section) -> Body:
    text = _text(section)
    return Body(text=text, nothing=None if text else _missing(section))


def _period(policy: Policy, section: Section) -> Body:
    period = Period(policy["period"])
    return _value(None if period == Period.UNKNOWN else str(period.label), section)


def _ending_year(policy: Policy, section: Section) -> Body:
    if policy["period"] == Period.UNLIMITED:
        return Body(nothing=nothing(Availability.NOT_APPLICABLE, _("The period is unlimited.")))
    return _value(policy["ending_year"], section)


def _starting_year(policy: Policy, section: Section) -> Body:
    return _value(policy["starting_year"], section)


def _running_since(policy: Policy, section: Section) -> Body:
    if policy["continuous_since"]:
        return Body(value=str(policy["continuous_since"]))
    note = _("No earlier year is stated, so its starting year counts.")
    return Body(nothing=nothing(Availability.REPORTED, note))


def _value(value: str | int | None, section: Section) -> Body:
    """A fact of the history; a missing one in a reported history means that no data was found."""
    if value:
        return Body(value=str(value))
    reported = section["availability"] == Availability.REPORTED
    return Body(nothing=nothing(Availability.NO_DATA) if reported else _missing(section))


def _amount(budget: dict[str, Any]) -> Body:
    parts = [money(budget["amount"], budget["currency"])] if budget["amount"] else []
    value = enumerated([*parts, *filter(None, [budget["words"]])])
    return Body(value=value, nothing=None if value else nothing(budget["availability"]))


def _missing(section: Section) -> Nothing:
    return nothing(section["availability"], section["availability_note"])


def _text(section: Section) -> Text | None:
    return folded(section["html"]) if section["html"] else None


def _ticked(section: Section) -> tuple[Ticked, ...]:
    return tuple(
        Ticked(
            _label(category), reverse("policies:category", args=[section["type"], category["code"]])
        )
        for category in section["categories"]
    )


def _label(category: dict[str, Any]) -> str:
    return specified(category["label"], category["detail"])
