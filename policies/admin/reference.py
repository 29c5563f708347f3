"""The tables that factsheets are made of and measured with. Codes never change."""

from django import forms
from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.utils.translation import gettext_lazy as _

from policies.admin.base import RecordedAdmin
from policies.admin.tables import TableExchange
from policies.models import Category, Country, SectionType
from policies.spreadsheet.tables import CategoryTable, CountryTable, SectionTypeTable


class ReferenceAdmin(RecordedAdmin):
    """What identifies a row is given when it is added, and stays."""

    lasting: tuple[str, ...] = ("code",)

    def get_readonly_fields(self, request, obj=None):
        return self.lasting if obj else ()


@admin.register(Country)
class CountryAdmin(TableExchange, ReferenceAdmin):
    resource_classes = [CountryTable]
    lasting = ("code", "alpha3")
    list_display = ["name", "code", "group", "slug", "note"]
    list_filter = ["group"]
    search_fields = ["name", "code", "alpha3", "slug"]
    fields = [("name", "slug"), ("code", "alpha3", "numeric"), "group", "note"]


class SectionTypeForm(forms.ModelForm):
    country_groups = forms.MultipleChoiceField(
        label=_("Country groups"),
        choices=Country.Group,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("The groups of countries that have this section; none means all."),
    )


@admin.register(SectionType)
class SectionTypeAdmin(TableExchange, ReferenceAdmin):
    resource_classes = [SectionTypeTable]
    form = SectionTypeForm
    lasting = ("code", "part")
    list_display = ["__str__", "code", "part", "order", "takes_categories", "is_required"]
    list_filter = ["part", "takes_categories", "is_required"]
    search_fields = ["code", "heading", "title"]
    fieldsets = [
        (None, {"fields": [("code", "part"), ("heading", "title"), "order"]}),
        (_("Words"), {"fields": ["guidance", "lead_in"]}),
        (_("Contents"), {"fields": ["takes_categories", "takes_text", "is_required"]}),
        (_("Where it applies"), {"fields": [("since", "until"), "country_groups"]}),
    ]


@admin.register(Category)
class CategoryAdmin(TableExchange, ReferenceAdmin):
    resource_classes = [CategoryTable]
    lasting = ("section_type", "code")
    list_display = ["label", "section_type", "code", "evidence", "needs_detail", "order"]
    list_filter = [("section_type", RelatedOnlyFieldListFilter), "evidence", "needs_detail"]
    list_select_related = ["section_type"]
    search_fields = ["label", "code", "definition", "search_words", "former_labels"]
    fieldsets = [
        (None, {"fields": [("section_type", "code"), "label", "definition"]}),
        (_("Search"), {"fields": ["search_words", "former_labels"]}),
        (_("Use"), {"fields": ["order", "needs_detail", "evidence"]}),
        (_("Editions"), {"fields": [("since", "until"), "replaced_by"]}),
    ]
