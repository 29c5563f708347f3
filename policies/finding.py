"""What readers ask of the publications, as queries; nothing here reads a draft."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, Case, Count, Max, Q, QuerySet, Value, When

from policies.models import Country, Part, Publication, PublishedPolicy, PublishedScore

YEAR, SLUG = "factsheet__edition__year", "factsheet__country__slug"
DEMONSTRATION = Q(publication__factsheet__country__group=Country.Group.DEMONSTRATION)


def editions() -> list[tuple[int, int, int]]:
    """(year, current publications, the newest of them) of each edition, the latest first.

    This is also the state of every page that lists publications: publishing raises the newest,
    withdrawing lowers the number, and a publication that is no longer current never comes back.
    """
    rows = Publication.objects.current().order_by(f"-{YEAR}").values(YEAR)
    counted = rows.annotate(number=Count("pk"), newest=Max("pk"))
    return list(counted.values_list(YEAR, "number", "newest"))


# Written out, because composing this query takes Django twenty times as long as the database
# takes to answer it, and every view of a factsheet asks it.
STATE = """
    SELECT publication.number, publication.is_current, publication.withdrawn_at IS NOT NULL,
        publication.digest, publication.withdrawn_reason,
        (SELECT lead_in FROM policies_sectiontype
            WHERE part = %s AND lead_in <> '' ORDER BY "order" LIMIT 1),
        (SELECT lead_in FROM policies_sectiontype
            WHERE part = %s AND lead_in <> '' ORDER BY "order" LIMIT 1)
    FROM policies_publication publication
    JOIN policies_factsheet factsheet ON factsheet.id = publication.factsheet_id
    JOIN policies_edition edition ON edition.id = factsheet.edition_id
    JOIN policies_country country ON country.id = factsheet.country_id
    WHERE edition.year = %s AND country.slug = %s
    ORDER BY publication.number DESC
"""


class State(NamedTuple):
    """What the page of a version depends on: this, and nothing else that can change."""

    number: int
    is_current: bool
    is_withdrawn: bool
    digest: str
    withdrawn_reason: str
    policies_lead_in: str | None
    maturity_lead_in: str | None


def states(year: int, slug: str) -> list[State]:
    """All versions of a factsheet, the newest first, with the lead-ins of its page's parts."""
    with connection.cursor() as cursor:
        cursor.execute(STATE, [Part.POLICY.value, Part.ASSESSMENT.value, year, slug])
        return [State(*row) for row in cursor.fetchall()]


def versions(year: int, slug: str) -> QuerySet[Publication]:
    """The same versions, without their documents."""
    return Publication.objects.of(year, slug).order_by("-number").defer("document_json")


def of_edition(year: int) -> QuerySet[Publication]:
    current = Publication.objects.current().filter(**{YEAR: year})
    return current.order_by("factsheet__country__name").only("document_json")


def latest(count: int, *, demonstration: bool) -> QuerySet[Publication]:
    real = ~Q(factsheet__country__group=Country.Group.DEMONSTRATION)
    current = Publication.objects.current().filter(~real if demonstration else real)
    return current.order_by("-pk").only("document_json")[:count]


def points_by_criterion(year: int) -> Iterable[dict[str, Any]]:
    """How many factsheets of the edition have how many points, demonstration apart."""
    scores = PublishedScore.objects.filter(**_current_of(year))
    return _apart(scores, "criterion", "points")


def policies_by_kind(year: int) -> Iterable[dict[str, Any]]:
    """How many policies of the edition are of which kind; examples do not count."""
    policies = PublishedPolicy.objects.filter(**_current_of(year), is_example=False)
    return _apart(policies, "kind")


def _current_of(year: int) -> dict[str, Any]:
    return {"publication__is_current": True, f"publication__{YEAR}": year}


def _apart(rows: QuerySet[Any], *keys: str) -> Iterable[dict[str, Any]]:
    apart = Case(When(DEMONSTRATION, then=True), default=Value(False), output_field=BooleanField())
    grouped = rows.order_by().annotate(is_demonstration=apart).values("is_demonstration", *keys)
    return grouped.annotate(count=Count("pk"))


def countries_of(year: int) -> list[tuple[str, str]]:
    """Slug and name of every country published in an edition."""
    current = Publication.objects.current().filter(**{YEAR: year})
    names = current.order_by("factsheet__country__name")
    return list(names.values_list(SLUG, "factsheet__country__name"))


def years_of(slug: str) -> list[tuple[int, str]]:
    """Year and name of every publication of a country, the latest first."""
    current = Publication.objects.current().filter(**{SLUG: slug})
    return list(current.order_by(f"-{YEAR}").values_list(YEAR, "factsheet__country__name"))
