"""The translations of the reference tables: one row a text, with all its languages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from policies.admin.base import RecordedAdmin
from policies.admin.tables import TableExchange
from policies.models import Translation
from policies.models.translation import TranslationQuerySet
from policies.spreadsheet.tables import TranslationTable

TITLES = {
    field.name: field.verbose_name
    for field in Translation._meta.fields
    if field.name in Translation.LANGUAGES
}


class ByLanguage(admin.SimpleListFilter):
    """The texts that want work in a language; each choice says how many these are."""

    def lookups(self, request, model_admin):
        rows = model_admin.get_queryset(request)
        counts = {name: self.wanting(rows, name).count() for name in Translation.LANGUAGES}
        return [(name, f"{TITLES[name]} ({count})") for name, count in counts.items()]

    def queryset(self, request, queryset):
        asked = self.value()
        return self.wanting(queryset, asked) if asked in Translation.LANGUAGES else queryset

    def wanting(self, rows: TranslationQuerySet, language: str) -> TranslationQuerySet:
        raise NotImplementedError


class MissingFilter(ByLanguage):
    title = _("missing translation")
    parameter_name = "missing"

    def wanting(self, rows, language):
        return rows.missing(language)


class OutdatedFilter(ByLanguage):
    title = _("outdated translation")
    parameter_name = "outdated"

    def wanting(self, rows, language):
        return rows.outdated(language)


class TranslationForm(forms.ModelForm):
    """Whoever writes a translation, or finds that it still holds, has read today's English."""

    still_right = forms.MultipleChoiceField(
        label=_("Still right"),
        choices=list(TITLES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Outdated translations that fit the English of today as they are."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "still_right" in self.fields:
            outdated = [(name, TITLES[name]) for name in self.instance.outdated]
            self.fields["still_right"].widget.choices = outdated

    def clean(self):
        written = set(self.changed_data).intersection(Translation.LANGUAGES)
        self.instance.settle(written.union(self.cleaned_data.get("still_right", ())))
        return super().clean()


@admin.register(Translation)
class TranslationAdmin(TableExchange, RecordedAdmin):
    """Rows come and go with the texts themselves; people write the translations."""

    resource_classes = [TranslationTable]
    form = TranslationForm
    list_display = ["english", "of", "key", "field", *Translation.LANGUAGES]
    list_filter = [MissingFilter, OutdatedFilter, "of", "field"]
    search_fields = ["key", "english", *Translation.LANGUAGES]
    list_per_page = 50
    readonly_fields = [
        *["of", "key", "field", "english"],
        *(f"{name}_from" for name in Translation.LANGUAGES),
    ]

    def get_fields(self, request, obj=None):
        """With what outdated translations were made from."""
        fields: list[Any] = [("of", "key", "field"), "english"]
        for name in Translation.LANGUAGES:
            fields += [name, f"{name}_from"] if name in obj.outdated else [name]
        may_settle = obj.outdated and self.has_change_permission(request, obj)
        return [*fields, "still_right"] if may_settle else fields

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_import_permission(self, request):
        return self.has_change_permission(request)
