"""Key figures and versions. Real and invented countries stay apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from policies.models import Country, Kind, Publication
from policies.presentation.translated import translated
from policies.presentation.words import Document, moment, points
from scoring.reasons import plain_points

Row = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """A count and what it is a count among, with the list of what is counted."""

    title: str
    label: str
    count: int
    total: int
    url: str


@dataclass(frozen=True)
class Figures:
    code: str
    title: str
    note: str
    figures: list[Figure]


@dataclass(frozen=True)
class Version:
    number: int
    url: str
    published: str
    withdrawn: str
    reason: str
    change_note: str
    is_current: bool
    total: str
    changes: list[Row]


def figures_of(document: Document, scores: Iterable[Row], policies: Iterable[Row]) -> Figures:
    """Key figures of the document's edition and of countries as real or as invented as its own.

    The document names its criteria and levels.
    """
    document = translated(document)
    year = document["edition"]["year"]
    invented = document["country"]["group"] == Country.Group.DEMONSTRATION
    figures = _figures(document, _of(scores, year, invented), _of(policies, year, invented))
    if invented:
        title = _("Key figures of the demonstration %(year)d") % {"year": year}
        note = _("How many factsheets of invented countries reach it; they are counted apart.")
        return Figures("demonstration", title, note, figures)
    title = _("Key figures %(year)d") % {"year": year}
    note = _("How many factsheets of real countries reach the highest level of each criterion.")
    return Figures("countries", title, note, figures)


def _of(rows: Iterable[Row], year: int, invented: bool) -> list[Row]:
    return [row for row in rows if (row["year"], row["is_demonstration"]) == (year, invented)]


def _figures(document: Document, scores: list[Row], policies: list[Row]) -> list[Figure]:
    asked = {"edition": document["edition"]["year"]}
    if document["country"]["group"] == Country.Group.DEMONSTRATION:
        asked["group"] = Country.Group.DEMONSTRATION.value
    figures = [_at_the_top(item, scores, asked) for item in document["maturity"]["criteria"]]
    clusters = (row for row in policies if row["kind"] == Kind.CLUSTER)
    label = _("among the policies in force, examples left out")
    url = _listed("policy_list", {**asked, "kind": Kind.CLUSTER.value})
    return [*figures, Figure(_("Cluster policies"), label, _sum(clusters), _sum(policies), url)]


def _at_the_top(criterion: Document, scores: list[Row], asked: Row) -> Figure:
    top = criterion["levels"][-1]
    rows = [row for row in scores if row["criterion"] == criterion["code"]]
    reached = (row for row in rows if row["points"] == Decimal(str(top["points"])))
    level = f"{criterion['code']}-{plain_points(str(top['points']))}"
    url = _listed("factsheet_list", {**asked, "points": level})
    return Figure(criterion["title"], top["label"], _sum(reached), _sum(rows), url)


def _listed(name: str, asked: Row) -> str:
    return f"{reverse(f'policies:{name}')}?{urlencode(asked)}"


def _sum(rows: Iterable[Row]) -> int:
    return sum(row["count"] for row in rows)


def versions_of(year: int, slug: str, publications: Iterable[Publication]) -> list[Version]:
    return [
        Version(
            number=publication.number,
            url=reverse("policies:factsheet_version", args=[year, slug, publication.number]),
            published=moment(publication.published_at),
            withdrawn=moment(publication.withdrawn_at),
            reason=publication.withdrawn_reason,
            change_note=publication.change_note,
            is_current=publication.is_current,
            total=_("%(total)s of %(maximum)s")
            % {"total": points(publication.total), "maximum": points(publication.maximum)},
            changes=publication.changes,
        )
        for publication in publications
    ]
