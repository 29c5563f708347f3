"""Rows of the lists: a published factsheet, and a published policy with its categories."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.models import Country, Kind, Level, Period, Standing
from policies.presentation.score import Score, score_of_row
from policies.presentation.translated import category_text, country_name, level_label, section_name
from policies.presentation.words import DASH, moment
from policies.tongues import in_language

INVENTED = {
    Standing.IN_FORCE: gettext_lazy("Invented"),
    Standing.ENDED: gettext_lazy("Invented, ended"),
    Standing.FUTURE: gettext_lazy("Invented, not yet started"),
    Standing.EXAMPLE: gettext_lazy("Invented, an example"),
}


@dataclass(frozen=True)
class FactsheetRow:
    country: str
    slug: str
    year: int
    policy_type: str
    policies: int
    examples: int
    score: Score
    published: str
    number: int


@dataclass(frozen=True)
class PolicyRow:
    names: list[str]
    country: str
    slug: str
    year: int
    anchor: str
    kind: str
    place: str
    years: str
    categories: list[tuple[str, list[str]]]
    label: str
    number: int


def factsheet_row(row: Any) -> FactsheetRow:
    """`row` is a publication with what `listing.factsheets` reads of it."""
    return FactsheetRow(
        country=country_name(row.country),
        slug=row.slug,
        year=row.year,
        policy_type=level_label(row.scope) or _("Not settled"),
        policies=row.in_force,
        examples=row.examples,
        score=score_of_row(row),
        published=moment(row.published_at),
        number=row.number,
    )


def policy_row(row: Any) -> PolicyRow:
    """`row` is a published policy with what `listing.policies` reads of it."""
    categories: dict[str, list[str]] = {}
    for use in row.uses.all():
        section = section_name(use.category.section_type)
        categories.setdefault(section, []).append(category_text(use.category))
    return PolicyRow(
        names=[in_language(name, row.language) for name in row.names],
        country=country_name(row.country),
        slug=row.slug,
        year=row.year,
        anchor=f"{row.code}.heading",
        kind=str(Kind(row.kind).label),
        place=in_language(row.region, row.language) or str(Level(row.level).label),
        years=_years(row),
        categories=list(categories.items()),
        label=_label(row),
        number=row.number,
    )


def _label(row: Any) -> str:
    """What an invented policy is, since all of them stand in one part of the list."""
    return str(INVENTED[row.standing]) if row.group == Country.Group.DEMONSTRATION else ""


def _years(row: Any) -> str:
    """ "2014 to 2020", "since 2014", "until 2020"; a dash where no year is known."""
    start, end = row.starting_year, row.ending_year
    if start and end:
        return _("%(start)s to %(end)s") % {"start": start, "end": end}
    if start and row.period == Period.UNLIMITED:
        return _("since %(start)s, unlimited") % {"start": start}
    if start:
        return _("since %(start)s") % {"start": start}
    return _("until %(end)s") % {"end": end} if end else DASH
