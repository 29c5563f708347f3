"""Who would move: the current publications of an edition under a rubric, before it is released."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.models import Country, Edition, Publication
from policies.presentation.words import exact, points
from policies.rescoring import CriterionMove, Move, Side, Total, move
from policies.spreadsheet.pages import Page
from policies.spreadsheet.separated import separated
from scoring.maturity import RubricTable


@dataclass(frozen=True)
class Moving:
    """A country's current publication, and what the rubric would make of it."""

    publication: Publication
    move: Move

    @property
    def country(self) -> Country:
        return self.publication.factsheet.country

    @property
    def before(self) -> str:
        return _total(self.move.before)

    @property
    def after(self) -> str:
        return _total(self.move.after)

    @property
    def criteria(self) -> list["Row"]:
        return [_row(criterion) for criterion in self.move.criteria if criterion.moves]


@dataclass(frozen=True)
class Row:
    """A criterion that moves, in words: points and reasons under both rubrics."""

    title: str
    before: "Cell"
    after: "Cell"


@dataclass(frozen=True)
class Cell:
    points: str
    note: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """Real countries, or invented ones: they are never counted together."""

    title: str
    movers: list[Moving]
    stayers: list[Moving]

    @property
    def count(self) -> str:
        """How many of how many."""
        words = {"movers": len(self.movers), "all": len(self.movers) + len(self.stayers)}
        message = ngettext(
            "%(movers)d of %(all)d country would have other points.",
            "%(movers)d of %(all)d countries would have other points.",
            words["all"],
        )
        return message % words

    @property
    def counts(self) -> list[str]:
        """What becomes of the totals of those that move."""
        moves = [each.move for each in self.movers]
        known = [each for each in moves if each.after.is_complete]
        higher = sum(each.after.points > each.before.points for each in known)
        lower = sum(each.after.points < each.before.points for each in known)
        found = {
            _("a higher total: %(count)d of %(all)d"): higher,
            _("a lower total: %(count)d of %(all)d"): lower,
            _("the same total from other criteria: %(count)d of %(all)d"): (
                len(known) - higher - lower
            ),
            _("a criterion that has to be judged: %(count)d of %(all)d"): len(moves) - len(known),
        }
        return [
            line % {"count": count, "all": len(moves)} for line, count in found.items() if count
        ]


def editions() -> QuerySet[Edition]:
    """Those with a current publication, the latest first."""
    current = Publication.objects.current().filter(factsheet__edition=OuterRef("pk"))
    return Edition.objects.filter(Exists(current)).order_by("-year")


def parts(edition: Edition, rubric: RubricTable) -> list[Part]:
    """Those of real countries, then those of invented ones; by name, whoever moves first."""
    found = list(_moving(edition, rubric))
    invented = Country.Group.DEMONSTRATION
    titles = {False: _("Countries"), True: _("Invented for demonstration")}
    return [
        Part(
            title,
            [each for each in of_part if each.move.moves],
            [each for each in of_part if not each.move.moves],
        )
        for is_invented, title in titles.items()
        if (of_part := [each for each in found if (each.country.group == invented) == is_invented])
    ]


def _moving(edition: Edition, rubric: RubricTable) -> Iterator[Moving]:
    current = Publication.objects.current().filter(factsheet__edition=edition)
    rows = current.select_related("factsheet__country", "factsheet__edition")
    for publication in rows.order_by("factsheet__country__name"):
        yield Moving(publication, move(publication.document, rubric))


def _total(total: Total) -> str:
    message = _("%(points)s of %(maximum)s")
    if not total.is_complete:
        message = _("%(points)s of %(maximum)s, not complete")
    return message % {"points": points(total.points), "maximum": points(total.maximum)}


def _row(criterion: CriterionMove) -> Row:
    before, after = criterion.before, criterion.after
    judged = _("Judged.") if before and before.is_judged else ""
    return Row(criterion.title, _cell(before, judged), _cell(after, _note(after) if after else ""))


def _cell(side: Side | None, note: str) -> Cell:
    if side is None:
        return Cell(_("not measured"), "", ())
    return Cell(points(side.points), note, side.reasons)


def _note(side: Side) -> str:
    if side.is_lost:
        return _("It was judged at points that are no level here, so it has to be judged anew.")
    if side.is_judged:
        return _("Judged; the judgement is kept.")
    return _("No level follows; it has to be judged.") if side.points is None else ""


# As a file

HEADERS = (
    "part",
    "edition",
    "country_code",
    "country",
    "version",
    "criterion_code",
    "criterion",
    "moves",
    "rubric_before",
    "rubric_after",
    "points_before",
    "points_after",
    "maximum_before",
    "maximum_after",
    "basis_before",
    "basis_after",
    "reason_before",
    "reason_after",
    "total_before",
    "total_after",
    "total_maximum_before",
    "total_maximum_after",
)


def file(edition: Edition, rubric: RubricTable) -> bytes:
    """A row for each criterion of each country, movers and others."""
    rows = [
        [row[header] for header in HEADERS]
        for each in _moving(edition, rubric)
        for row in _rows(each, rubric)
    ]
    return separated(Page("Movers", list(HEADERS), rows))


def _rows(moving: Moving, rubric: RubricTable) -> Iterator[dict[str, Any]]:
    country, found = moving.country, moving.move
    is_invented = country.group == Country.Group.DEMONSTRATION
    for criterion in found.criteria:
        yield {
            "part": "demonstration" if is_invented else "real",
            "edition": moving.publication.factsheet.edition.year,
            "country_code": country.code,
            "country": country.name,
            "version": moving.publication.number,
            "criterion_code": criterion.code,
            "criterion": criterion.title,
            "moves": "yes" if criterion.moves else "no",
            "rubric_before": moving.publication.document["maturity"]["rubric"],
            "rubric_after": rubric.code,
            **_columns("before", criterion.before, found.before),
            **_columns("after", criterion.after, found.after),
        }


def _columns(when: str, side: Side | None, total: Total) -> dict[str, Any]:
    return {
        f"points_{when}": _number(side.points if side else None),
        f"maximum_{when}": _number(side.maximum if side else None),
        f"basis_{when}": _basis(side),
        f"reason_{when}": " ".join(side.reasons) if side else None,
        f"total_{when}": exact(total.points) if total.is_complete else None,
        f"total_maximum_{when}": exact(total.maximum),
    }


def _basis(side: Side | None) -> str:
    if side is None:
        return "not measured"
    if side.is_lost:
        return "to be judged anew"
    if side.is_judged:
        return "judged"
    return "to be judged" if side.points is None else "derived"


def _number(value: Decimal | None) -> int | float | None:
    return None if value is None else exact(value)
