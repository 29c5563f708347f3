"""The list of policies: one row per policy of a current publication."""

import re
from typing import Any, TypedDict

from django.db.models import (
    Case,
    F,
    Prefetch,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from policies.finding import DEMONSTRATION
from policies.listing.filters import PolicyFilters
from policies.listing.selecting import Part, Selection
from policies.missing import Missing, Refused
from policies.models import Category, CategoryUse, Publication, PublishedPolicy, Standing

CURSOR = re.compile(r"(?P<year>[0-9]{4})-(?P<slug>[-\w]+)\.(?P<code>[-\w]+)")
NO_YEAR = {"started": 9999, "began": 0}  # a policy without a starting year stands last either way
APART = {
    Standing.ENDED: gettext_lazy("Over when the data was collected, so they are not counted."),
    Standing.FUTURE: gettext_lazy("Not yet in force when the data was collected: not counted."),
    Standing.EXAMPLE: gettext_lazy("Each stands for many alike: shown, but not counted."),
}
# Where several standings share a part, each stands by itself, those in force first.
RANK = Case(
    *(When(standing=standing, then=Value(rank)) for rank, standing in enumerate(APART, start=1)),
    default=Value(0),
)


class Policies(Selection):
    FILTERS = PolicyFilters
    COUNTRY = "publication__factsheet__country"
    USUAL = "country"
    TEXT_MEANS = gettext_lazy(
        "The words are looked for in each policy itself and in the name of its country."
    )
    FOREIGN = {
        "total_from": gettext_lazy("Score from"),
        "total_to": gettext_lazy("Score to"),
        "points": gettext_lazy("Points"),
        "strongest": gettext_lazy("Strongest kind of policy"),
        "judged": gettext_lazy("With a judged criterion"),
        "colour": gettext_lazy("Colour of the map"),
    }
    ORDERS = {
        "country": ("rank", "by_name", "-year", "pk"),
        "name": ("rank", "title", "by_name", "-year", "pk"),
        "start": ("rank", "started", "by_name", "-year", "pk"),
        "-start": ("rank", "-began", "by_name", "-year", "pk"),
    }

    def parts(self) -> list[Part]:
        titles = {
            Standing.ENDED: pgettext("policies", "Ended"),
            Standing.FUTURE: pgettext("policies", "Not yet started"),
            Standing.EXAMPLE: _("Examples"),
        }
        note = _(
            "Policies of invented countries, here to show what a factsheet can hold."
            " Only those in force are counted."
        )
        return [
            Part("in-force", _("Policies in force"), _real(Standing.IN_FORCE)),
            *(
                Part(standing.value, title, _real(standing), str(APART[standing]))
                for standing, title in titles.items()
            ),
            Part(
                "demonstration",
                _("Demonstration"),
                DEMONSTRATION,
                note,
                apart=tuple(
                    Part(f"demonstration.{standing}", title, DEMONSTRATION & Q(standing=standing))
                    for standing, title in titles.items()
                ),
            ),
        ]

    def base(self) -> QuerySet[PublishedPolicy]:
        if self.day is None:
            return PublishedPolicy.objects.filter(publication__is_current=True)
        shown = Publication.objects.as_of(self.day).values("pk")
        return PublishedPolicy.objects.filter(publication__in=shown)

    def ordered(self, rows: QuerySet[PublishedPolicy]) -> QuerySet[PublishedPolicy]:
        return rows.annotate(
            title=Cast(KT("names__0"), TextField()),
            year=F("publication__factsheet__edition__year"),
            slug=F(f"{self.COUNTRY}__slug"),
            country=F(f"{self.COUNTRY}__name"),
            by_name=self.by_name,
            rank=RANK,
            **{name: Coalesce(F("starting_year"), year) for name, year in NO_YEAR.items()},
        )

    def shown(self, rows: QuerySet[PublishedPolicy]) -> QuerySet[PublishedPolicy]:
        return rows.annotate(
            country_code=F(f"{self.COUNTRY}__code"),
            group=F(f"{self.COUNTRY}__group"),
            number=F("publication__number"),
        )

    def cursor(self, row: Any) -> str:
        return f"{row.year}-{row.slug}.{row.code}"

    def _at(self, cursor: str) -> Q:
        found = CURSOR.fullmatch(cursor)
        if found is None:
            message = _("“after” and “before” name a row, such as “2022-mexico.some-plan”.")
            raise Refused(Missing(message))
        return Q(year=int(found["year"]), slug=found["slug"], code=found["code"])


def _real(standing: Standing) -> Q:
    return Q(standing=standing) & ~DEMONSTRATION


class Use(TypedDict):
    """A category in a policy, by the words that files have for it."""

    section: str
    code: str
    label: str
    detail: str


def categories_of(rows: QuerySet[PublishedPolicy]) -> dict[int, list[Use]]:
    """The categories of very many policies, by key: no use of a category is an object."""
    columns = ("pk", "section_type__code", "code", "label")
    known: dict[int, Use] = {
        key: {"section": section, "code": code, "label": label, "detail": ""}
        for key, section, code, label in Category.objects.values_list(*columns)
    }
    place = {key: number for number, key in enumerate(known)}
    uses = CategoryUse.objects.filter(policy__in=rows.values("pk")).order_by()
    found: dict[int, list[Use]] = {}
    for policy, key, detail in sorted(
        uses.values_list("policy", "category", "detail"), key=lambda use: place[use[1]]
    ):
        use = known[key]
        found.setdefault(policy, []).append({**use, "detail": detail} if detail else use)
    return found


def read_categories(*rows: PublishedPolicy) -> None:
    """Have the uses of categories at hand for all of these rows, in one query."""
    uses = CategoryUse.objects.select_related("category__section_type")
    order = ("category__section_type__order", "category__order", "category__code")
    prefetch_related_objects(rows, Prefetch("uses", uses.order_by(*order)))
