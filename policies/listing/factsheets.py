"""The list of factsheets: one row per current publication."""

import re
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.finding import SLUG, YEAR
from policies.listing.choices import ALL
from policies.listing.filters import FactsheetFilters, PolicyFilters
from policies.listing.selecting import Part, Selection
from policies.missing import Missing, Refused
from policies.models import Country, Publication, PublishedPolicy, PublishedScore, Standing

GROUP = "factsheet__country__group"
INVENTED = Q(**{GROUP: Country.Group.DEMONSTRATION})
CURSOR = re.compile(r"(?P<year>[0-9]{4})-(?P<slug>[-\w]+)")


class Factsheets(Selection):
    FILTERS = FactsheetFilters
    COUNTRY = "factsheet__country"
    USUAL = "name"
    TEXT_MEANS = gettext_lazy(
        "The words are looked for in whole factsheets, also in policies that have ended,"
        " have not yet started or are examples."
    )
    FOREIGN = {
        name: PolicyFilters.base_filters[name].label for name in ("said", "period", "age", "budget")
    }
    ORDERS = {
        "name": ("by_name", "-year", "pk"),
        "-score": ("-total", "by_name", "-year", "pk"),
        "score": ("total", "by_name", "-year", "pk"),
        "-date": ("-published_at", "pk"),
    }

    def parts(self) -> list[Part]:
        note = _("Invented countries, here to show what a factsheet can hold.")
        return [
            Part("countries", _("Countries"), ~INVENTED),
            Part("demonstration", _("Demonstration"), INVENTED, note),
        ]

    def base(self) -> QuerySet[Publication]:
        return Publication.objects.as_of(self.day)

    def ordered(self, rows: QuerySet[Publication]) -> QuerySet[Publication]:
        return rows.defer("document_json").annotate(
            year=F(YEAR),
            slug=F(SLUG),
            country=F(f"{self.COUNTRY}__name"),
            by_name=self.by_name,
        )

    def shown(self, rows: QuerySet[Publication]) -> QuerySet[Publication]:
        return rows.annotate(
            country_code=F("factsheet__country__code"),
            group=F(GROUP),
            scope=Subquery(_scores(criterion="scope").values("level")[:1]),
            has_judged=Exists(_scores(is_judged=True)),
            in_force=_number_of(Standing.IN_FORCE),
            examples=_number_of(Standing.EXAMPLE),
        )

    @property
    def totals(self) -> dict[str, int]:
        """Counted already, for the choice of editions."""
        if self.day:
            return super().totals
        years = self.choices.years
        chosen = years.values() if self.edition == ALL else [years.get(int(self.edition or 0), {})]
        counted = [(counts.get(False, 0), counts.get(True, 0)) for counts in chosen]
        real, invented = (sum(column) for column in zip(*counted, strict=True))
        return {"countries": real, "demonstration": invented}

    def cursor(self, row: Any) -> str:
        return f"{row.year}-{row.slug}"

    def _at(self, cursor: str) -> Q:
        found = CURSOR.fullmatch(cursor)
        if found is None:
            raise Refused(Missing(_("“after” and “before” name a row, such as “2022-mexico”.")))
        return Q(**{YEAR: int(found["year"]), SLUG: found["slug"]})


def _scores(**values: object) -> QuerySet[PublishedScore]:
    return PublishedScore.objects.filter(publication=OuterRef("pk"), **values).order_by()


def _number_of(standing: Standing) -> Coalesce:
    policies = PublishedPolicy.objects.filter(publication=OuterRef("pk"), standing=standing)
    counted = policies.order_by().values("publication").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count"), output_field=IntegerField()), 0)
