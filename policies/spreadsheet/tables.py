"""The reference tables as sheets: countries, section types, categories."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _

from policies.checking import not_one_of
from policies.models import Category, Country, Edition, SectionType
from policies.models.reference import Evidence, Part
from policies.spreadsheet.cells import Cell, Codes, Raw, Words, text_of, whole_of
from policies.spreadsheet.strict_table import Line, StrictTable, column


class Choice(Words):
    """A code out of those that the field offers; empty where the field may be."""

    def __init__(self, field: models.Field, choices: type[TextChoices]) -> None:
        super().__init__(choices)
        self.field = field

    def _cleared(self) -> Any:
        return Cell._cleared(self)


class Digits(Cell):
    """Three digits. A spreadsheet program takes the zeros away: then it is not guessed which."""

    def read(self, value: Raw, row: Mapping[str, Raw]) -> str:
        said = text_of(value).strip()
        if not re.fullmatch(r"\d{3}", said, re.ASCII):
            raise ValueError(_("Three digits such as 008 are expected. Format the cell as Text."))
        return said


class Groups(Codes):
    """Groups of countries, with semicolons between them."""

    def read(self, value: Raw, row: Mapping[str, Raw]) -> list[str]:
        word = Words(Country.Group)
        groups = [word.read(said, row) for said in super().read(value, row)]
        return [group for group in Country.Group.values if group in groups]

    def _cleared(self) -> list[str]:
        return []


class Named(Cell):
    """A row of another table, by its code; the table says which there are."""

    empty = None
    names = "code"

    def __init__(self, field: models.Field) -> None:
        super().__init__(field)
        self.known: Mapping[str, Any] = {}

    def read(self, value: Raw, row: Mapping[str, Raw]) -> Any:
        return self._named(text_of(value).strip())

    def _named(self, said: str) -> Any:
        if said not in self.known:
            raise ValueError(not_one_of(said, list(self.known)))
        return self.known[said]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return None if value is None else getattr(value, self.names)


class InYear(Named):
    """An edition, by its year."""

    look = "number"
    names = "year"

    def read(self, value: Raw, row: Mapping[str, Raw]) -> Any:
        return self._named(str(whole_of(value)))


class CountryTable(StrictTable):
    lasting = ("alpha3",)

    numeric = column(Country, "numeric", Digits)
    group = column(Country, "group", Choice, Country.Group)

    class Meta:
        model = Country
        fields = ["code", "alpha3", "numeric", "name", "slug", "group", "note"]


class InEditionsTable(StrictTable):
    """A table whose rows are only in some editions."""

    def prepare(self) -> None:
        editions = {str(edition.year): edition for edition in Edition.objects.order_by("year")}
        for name in ("since", "until"):
            self.named(name).known = editions

    def named(self, name: str) -> Named:
        cell = self.cell(name)
        assert isinstance(cell, Named)  # noqa: S101 as it was declared
        return cell


class SectionTypeTable(InEditionsTable):
    lasting = ("part",)

    part = column(SectionType, "part", Choice, Part)
    since = column(SectionType, "since", InYear)
    until = column(SectionType, "until", InYear)
    country_groups = column(SectionType, "country_groups", Groups)

    class Meta:
        model = SectionType
        fields = [
            *["code", "part", "heading", "title", "order", "guidance", "lead_in"],
            *["takes_categories", "takes_text", "is_required", "since", "until", "country_groups"],
        ]

    def get_queryset(self):
        return super().get_queryset().select_related("since", "until")


class CategoryTable(InEditionsTable):
    keys: ClassVar[tuple[str, ...]] = ("section_type", "code")

    section_type = column(Category, "section_type", Named)
    evidence = column(Category, "evidence", Choice, Evidence)
    since = column(Category, "since", InYear)
    until = column(Category, "until", InYear)
    replaced_by = column(Category, "replaced_by", Named)

    class Meta:
        model = Category
        fields = [
            *["section_type", "code", "label", "definition", "search_words", "order"],
            *["needs_detail", "evidence", "since", "until", "replaced_by"],
        ]

    def get_queryset(self):
        related = ("section_type", "since", "until", "replaced_by")
        return super().get_queryset().select_related(*related)

    def prepare(self) -> None:
        super().prepare()
        takes = Q(takes_categories=True) | Q(categories__isnull=False)
        types = SectionType.objects.filter(takes).distinct()
        self.named("section_type").known = {type_.code: type_ for type_ in types}

    def in_order(self, lines: list[Line]) -> list[Line]:
        """A category that replaces others comes before those, wherever it stands in the file."""
        replaced = {}
        for line in lines:
            type_, code, by = (
                str(line.get(name) or "").strip()
                for name in ("section_type", "code", "replaced_by")
            )
            if by:
                replaced[type_, code] = (type_, by)
        return sorted(lines, key=lambda line: self._steps(line, replaced))

    def _steps(self, line: Line, replaced: Mapping[tuple[str, str], tuple[str, str]]) -> int:
        at = (str(line.get("section_type")).strip(), str(line.get("code")).strip())
        passed = set()
        while at in replaced and at not in passed:
            passed.add(at)
            at = replaced[at]
        return len(passed)

    def import_instance(self, instance, row, **kwargs):
        """A category is replaced by one of the same section type."""
        type_ = self._key[0] if self._key else ""
        self.named("replaced_by").known = {
            code: category for (of, code), category in self.rows.items() if of == type_
        }
        super().import_instance(instance, row, **kwargs)
