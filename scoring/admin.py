from django.contrib import admin
from django.forms.models import BaseInlineFormSet
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from .checks import check_criterion
from .models import Criterion, Level, Rubric
from .rules import RULES


class LabelledFormSet(BaseInlineFormSet):
    """Names every field for whoever does not see the head of its column."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            row = "" if index is None else f" {index + 1}"
            field.widget.attrs.setdefault("aria-label", f"{field.label}{row}")


class CriterionInline(admin.TabularInline):
    """The criteria there are; one more is added on its own page, where its levels are."""

    model = Criterion
    formset = LabelledFormSet
    fields = ["order", "code", "title", "annex_title", "known_gap"]
    readonly_fields = ["code"]
    max_num = 0
    show_change_link = True
    can_delete = False


class LevelInline(admin.TabularInline):
    model = Level
    formset = LabelledFormSet
    extra = 0


@admin.register(Rubric)
class RubricAdmin(admin.ModelAdmin):
    list_display = ["title", "code"]
    search_fields = ["title", "code"]
    inlines = [CriterionInline]

    def get_readonly_fields(self, request, obj=None):
        """A code is given once: documents and drafts name the scoring system by it."""
        return ["code"] if obj else []


@admin.register(Criterion)
class CriterionAdmin(admin.ModelAdmin):
    list_display = ["title", "rubric", "order", "known_gap"]
    list_filter = ["rubric"]
    list_select_related = ["rubric"]
    search_fields = ["title", "code", "description"]
    inlines = [LevelInline]
    fieldsets = [
        (None, {"fields": ["rubric", "code", "order", "title", "annex_title", "description"]}),
        (_("Levels"), {"fields": ["known_gap", "findings", "rules_explained"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """A code is given once: the texts about the criterion have the same."""
        lasting = ["rubric", "code"] if obj else []
        return [*lasting, "findings", "rules_explained"]

    @admin.display(description=_("findings"))
    def findings(self, criterion):
        """What the system checks say about the levels as they are saved."""
        if criterion.pk is None:
            return _("Save the criterion first.")
        messages = check_criterion(criterion.table(), criterion.code)
        if not messages:
            return _("Exactly one level fits whatever the facts are, but for the known gap.")
        return format_html_join("\n", "<p>{} {}</p>", ((each.msg, each.hint) for each in messages))

    @admin.display(description=_("rules"))
    def rules_explained(self, criterion):
        explained = ((rule.code, rule.guidance) for rule in RULES.values())
        return format_html_join("\n", "<p><code>{}</code> {}</p>", explained)
