"""What a document is checked against, read once for however many documents."""

import hashlib
from collections.abc import Collection
from functools import cached_property

from policies.models import Category, Country, Edition, Part, SectionType
from policies.models.reference import InEditions
from scoring.maturity import RubricTable


class Tables:
    """The reference tables as they are now."""

    def __init__(self) -> None:
        self._rubrics: dict[int, RubricTable] = {}

    @cached_property
    def countries(self) -> dict[str, Country]:
        return {country.code: country for country in Country.objects.all()}

    @cached_property
    def editions(self) -> dict[int, Edition]:
        return {edition.year: edition for edition in Edition.objects.select_related("rubric")}

    @cached_property
    def types(self) -> dict[str, SectionType]:
        return {type_.code: type_ for type_ in SectionType.objects.select_related("since", "until")}

    @cached_property
    def categories(self) -> dict[str, dict[str, Category]]:
        """By section type and code, in the vocabulary's order."""
        found: dict[str, dict[str, Category]] = {}
        for category in Category.objects.select_related("section_type", "since", "until"):
            found.setdefault(category.section_type.code, {})[category.code] = category
        return found

    @cached_property
    def digest(self) -> str:
        """Another one whenever a document could be judged otherwise."""
        known: list[tuple[object, ...]] = [
            (type_.code, type_.part, type_.takes_categories, type_.takes_text, *_bounds(type_))
            for type_ in self.types.values()
        ]
        known += [
            (section, category.code, category.needs_detail, *_bounds(category))
            for section, categories in sorted(self.categories.items())
            for category in categories.values()
        ]
        return hashlib.sha256(repr(known).encode()).hexdigest()

    def rubric(self, edition: Edition) -> RubricTable:
        if edition.rubric_id not in self._rubrics:
            self._rubrics[edition.rubric_id] = edition.rubric.table()
        return self._rubrics[edition.rubric_id]

    def points(self, edition: Edition) -> dict[str, list[float]]:
        """The points that each criterion of the edition can give, in order."""
        return {
            criterion.code: sorted(float(level.points) for level in criterion.levels)
            for criterion in self.rubric(edition).criteria
        }

    def applying(
        self, parts: Collection[str], country: Country | None, edition: Edition | None
    ) -> list[SectionType]:
        """The types that stand in these parts of a factsheet; all, where it is not known."""
        return [
            type_
            for type_ in self.types.values()
            if type_.part in parts
            and (country is None or edition is None or type_.applies_to(country, edition))
        ]


def _bounds(row: InEditions) -> tuple[int | None, int | None]:
    return row.since_id, row.until_id


POLICY = frozenset({Part.POLICY})
OWN = frozenset({Part.INTRODUCTION, Part.CHAPTER})
