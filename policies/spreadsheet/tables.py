"""The reference tables as sheets: countries, section types, categories."""

from collections.abc import Mapping
from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _

from policies.models import Category, Country, Edition, Of, SectionType, Translation
from policies.models.reference import Evidence, Part
from policies.spreadsheet.strict_table import StrictTable
from policies.spreadsheet.table_cells import Choice, Digits, Groups, InYear, Named, column
from policies.spreadsheet.table_results import Key, Line


class CountryTable(StrictTable):
    lasting = ("alpha3",)

    numeric = column(Country, "numeric", Digits)
    group = column(Country, "group", Choice, Country.Group)

    class Meta:
        model = Country
        fields = ["code", "alpha3", "numeric", "name", "slug", "group", "note"]


class TranslationTable(StrictTable):
    """Translations of texts that are there: a file brings no new ones."""

    keys: ClassVar[tuple[str, ...]] = ("of", "key", "field")
    lasting = ("english",)
    told = tuple(f"{name}_from" for name in Translation.LANGUAGES)

    of = column(Translation, "of", Choice, Of)

    class Meta:
        model = Translation
        fields = ["of", "key", "field", "english", *Translation.LANGUAGES]
        fields += [f"{name}_from" for name in Translation.LANGUAGES]

    def import_instance(self, instance, row, **kwargs):
        super().import_instance(instance, row, **kwargs)
        written = {difference.column for difference in self._differences}
        instance.settle(written.intersection(Translation.LANGUAGES))

    def _check_key(self, key: Key, number: int) -> None:
        super()._check_key(key, number)
        if key not in self.rows:
            self._errors[self.keys[-1]] = _("The site has no such text.")


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
            *["section_type", "code", "label", "definition", "search_words", "former_labels"],
            *["order", "needs_detail", "evidence", "since", "until", "replaced_by"],
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
        """A category is replaced by one of the same section type, if that is known."""
        types = self._key[:1]
        self.named("replaced_by").known = {
            code: row for (type_, code), row in self.rows.items() if not types or type_ in types
        }
        super().import_instance(instance, row, **kwargs)
