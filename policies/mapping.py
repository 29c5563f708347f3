"""The map of an edition, from two queries; nothing here reads a draft."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value

from policies.finding import YEAR
from policies.models import Country, Publication, PublishedScore
from policies.presentation.map import SCOPE, Map, map_of
from policies.worldmap import europe, world
from scoring.models import Level

INVENTED = Country.Group.DEMONSTRATION


class Mapped(NamedTuple):
    """A country of the map with its current publication; invented countries have no place on it."""

    year: int
    numeric: str
    name: str
    slug: str
    total: Decimal
    judged_total: Decimal
    maximum: Decimal
    points: Decimal | None
    level: str
    has_judged: bool
    countries: int


@dataclass(frozen=True)
class Edition:
    """The countries of an edition by name, and the levels that a kind of policy can reach."""

    year: int
    countries: int
    mapped: list[Mapped]
    levels: dict[Decimal, str]


def drawn(colour: str, addresses: dict[str, str], year: int | None = None) -> Map | None:
    """Of this edition, or of the latest in which a real country is published, if there is one."""
    found = edition(year)
    return map_of(found, colour, addresses, world(), europe()) if found else None


def edition(year: int | None = None) -> Edition | None:
    """This edition, or the latest in which a real country is published; None if there is none."""
    rows = [Mapped(*row) for row in _rows(year)]
    if not rows:
        return None
    levels = {row.points: row.level for row in rows if row.points is not None}
    return Edition(
        year=rows[0].year,
        countries=rows[0].countries,
        mapped=rows,
        levels=levels | _levels(rows[0].year),
    )


def _rows(year: int | None) -> QuerySet[Any, Any]:
    real = Publication.objects.current().exclude(factsheet__country__group=INVENTED)
    latest = real.order_by(f"-{YEAR}").values(YEAR)[:1]
    scores = PublishedScore.objects.filter(publication=OuterRef("pk")).order_by()
    scope = scores.filter(criterion=SCOPE)
    return (
        real.filter(Q(**{YEAR: year if year is not None else Subquery(latest)}))
        .order_by("factsheet__country__name")
        .values_list(
            YEAR,
            "factsheet__country__numeric",
            "factsheet__country__name",
            "factsheet__country__slug",
            "total",
            "judged_total",
            "maximum",
            Subquery(scope.values("points")[:1]),
            Subquery(scope.values("level")[:1]),
            Exists(scores.filter(is_judged=True)),
            Subquery(_number_of_countries()),
        )
    )


def _number_of_countries() -> QuerySet[Any, Any]:
    real = Country.objects.exclude(group=INVENTED).order_by().annotate(all=Value(1))
    return real.values("all").annotate(count=Count("pk")).values("count")


def _levels(year: int) -> dict[Decimal, str]:
    """As the edition's rubric words them today, the lowest first."""
    levels = Level.objects.filter(criterion__code=SCOPE, criterion__rubric__edition__year=year)
    return dict(levels.order_by("points").values_list("points", "label"))
