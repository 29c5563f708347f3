"""The translations of the reference tables: one row a text, with all its languages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from policies.admin.base import RecordedAdmin
from policies.admin.tables import TableExchange
from policies.models import Translation
from policies.spreadsheet.tables import TranslationTable


class MissingFilter(admin.SimpleListFilter):
    """The texts that lack a language; each choice says how many these are."""

    title = _("missing translation")
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        rows = model_admin.get_queryset(request)
        titles = {f.name: f.verbose_name for f in Translation._meta.fields}
        counts = {name: rows.missing(name).count() for name in Translation.LANGUAGES}
        return [(name, f"{titles[name]} ({count})") for name, count in counts.items()]

    def queryset(self, request, queryset):
        return queryset.missing(self.value()) if self.value() in Translation.LANGUAGES else queryset


@admin.register(Translation)
class TranslationAdmin(TableExchange, RecordedAdmin):
    """Rows come and go with the texts themselves; people write the translations."""

    resource_classes = [TranslationTable]
    list_display = ["english", "of", "key", "field", *Translation.LANGUAGES]
    list_filter = [MissingFilter, "of", "field"]
    search_fields = ["key", "english", *Translation.LANGUAGES]
    list_per_page = 50
    readonly_fields = ["of", "key", "field", "english"]
    fields = [("of", "key", "field"), "english", *Translation.LANGUAGES]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_import_permission(self, request):
        return self.has_change_permission(request)
