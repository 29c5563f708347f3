"""What readers ask of the publications, as queries; nothing here reads a draft."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Case, Count, Max, Q, QuerySet, Subquery, Value, When

from policies.models import (
    Country,
    Part,
    Publication,
    PublishedPolicy,
    PublishedScore,
    SectionType,
)

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


def versions(year: int, slug: str) -> list[dict[str, Any]]:
    """All versions of a factsheet, the newest first, with the lead-ins of its page's parts."""
    rows = Publication.objects.of(year, slug).order_by("-number")
    return list(
        rows.annotate(
            policies_lead_in=_lead_in(Part.POLICY), maturity_lead_in=_lead_in(Part.ASSESSMENT)
        ).values(
            "pk",
            "number",
            "digest",
            "is_current",
            "published_at",
            "change_note",
            "withdrawn_at",
            "withdrawn_reason",
            "policies_lead_in",
            "maturity_lead_in",
        )
    )


def _lead_in(part: str) -> Subquery:
    types = SectionType.objects.filter(part=part).exclude(lead_in="").order_by("order")
    return Subquery(types.values("lead_in")[:1])


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
