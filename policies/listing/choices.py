"""What the filters offer: editions, points and categories, as they are today."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Value, When
from django.utils.translation import gettext as _

from policies.finding import YEAR
from policies.insight.collected import Has
from policies.insight.signs import sign
from policies.models import Availability, Category, Country, Of, Publication
from policies.presentation.translated import category_text, section_name
from policies.presentation.words import points
from policies.wording import said_like
from scoring.models import Level
from scoring.reasons import plain_points

Choice = tuple[str, Any]
ALL = "all"  # editions
INVENTED = Case(
    When(factsheet__country__group=Country.Group.DEMONSTRATION, then=True), default=Value(False)
)


@dataclass(frozen=True)
class Choices:
    """The choices of each filter; `years` has each edition with its factsheets, invented apart."""

    years: dict[int, dict[bool, int]]

    @classmethod
    def read(cls) -> "Choices":
        rows = Publication.objects.current().order_by(f"-{YEAR}").values_list(F(YEAR), INVENTED)
        years: dict[int, dict[bool, int]] = {}
        for year, is_invented, count in rows.annotate(count=Count("pk")):
            years.setdefault(year, {})[is_invented] = count
        return cls(years)

    @property
    def edition(self) -> list[Choice]:
        return [*((str(year), str(year)) for year in self.years), (ALL, _("all editions"))]

    @property
    def latest(self) -> int | None:
        """The latest edition with factsheets of real countries, or else of any."""
        real = [year for year, counts in self.years.items() if counts.get(False)]
        return max(real or self.years, default=None)

    def left_out(self, former: int, year: int) -> dict[bool, int]:
        """How many factsheets of a former edition have none of that year after them."""
        current = Publication.objects.current()
        later = current.filter(
            **{YEAR: year, "factsheet__country": OuterRef("factsheet__country")}
        ).order_by()
        left = current.filter(~Exists(later), **{YEAR: former}).order_by().values_list(INVENTED)
        return dict(left.annotate(count=Count("pk")))

    @cached_property
    def points(self) -> list[Choice]:
        """For each criterion of any rubric that is released, the points that its levels give."""
        rows = Level.objects.filter(criterion__rubric__released_at__isnull=False)
        rows = rows.order_by("criterion__order", "criterion__code", "points")
        found = rows.values_list("criterion__title", "criterion__code", "points").distinct()
        return [
            (
                said_like(Of.CRITERION, "title", title),
                [(f"{code}-{plain_points(value)}", points(value)) for _t, code, value in levels],
            )
            for title, levels in groupby(found, key=lambda row: row[0])
        ]

    @cached_property
    def category(self) -> list[Choice]:
        return [
            (section_name(type_), [(_word(row), category_text(row)) for row in of_type])
            for type_, of_type in groupby(self._categories, key=lambda row: row.section_type)
        ]

    @property
    def said(self) -> list[Choice]:
        """For each section that takes categories, what it may say where it names none."""
        sections = {
            row.section_type.code: section_name(row.section_type) for row in self._categories
        }
        return [
            (title, [(f"{code}.{kind}", sign(Has(kind)).words) for kind in Availability.values])
            for code, title in sections.items()
        ]

    @cached_property
    def keys(self) -> dict[str, int]:
        """By the word for a category in addresses."""
        return {_word(row): row.pk for row in self._categories}

    @cached_property
    def _categories(self) -> list[Category]:
        return list(Category.objects.select_related("section_type"))


def _word(category: Category) -> str:
    return f"{category.section_type.code}.{category.code}"
