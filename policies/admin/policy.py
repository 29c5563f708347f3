"""A policy's page: its facts and its eleven sections under their nine headings."""

from itertools import groupby
from typing import Any

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from policies.admin.cells import SectionInline, cells, formset_of, wrong
from policies.admin.confirming import Confirming
from policies.admin.forms import PolicyForm
from policies.admin.judging import panel
from policies.admin.remarks import attach
from policies.admin.steps import SectionSteps
from policies.models import Factsheet, Policy, PublishedPolicy, Section
from policies.roles import Step, within_reach

HEADING = (
    "names",
    "original_name",
    "url",
    ("kind", "level", "region"),
    "is_example",
    "heading_note",
    ("code", "order"),
)
HISTORY = (("period", "starting_year", "ending_year", "continuous_since"),)
BUDGET = tuple(
    tuple(f"{budget}_{name}" for name in ("availability", "amount", "currency", "words"))
    for budget in ("overall", "annual")
)
# Which facts stand with which section; the first of all with none.
FACTS = {"heading": HEADING, "history": HISTORY, "budget": BUDGET}


class CellInline(SectionInline):
    """The eleven sections that make the policy's column."""

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(type__code="heading")


@admin.register(Policy)
class PolicyAdmin(Confirming, SectionSteps):
    form = PolicyForm
    inlines = [CellInline]
    change_form_template = "admin/policies/policy_form.html"
    actions = ["submit", "approve", "return_"]
    list_display = ["__str__", "factsheet", "kind", "level", "starting_year", "is_example"]
    list_filter = [
        ("factsheet__edition", RelatedOnlyFieldListFilter),
        "kind",
        "level",
        "is_example",
        "period",
        ("factsheet__country", RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["factsheet__country", "factsheet__edition"]
    search_fields = ["names", "original_name", "code", "factsheet__country__name"]
    ordering = ["factsheet__country__name", "-factsheet__edition__year", "order", "pk"]

    def get_queryset(self, request):
        published = PublishedPolicy.objects.filter(
            code=OuterRef("code"), publication__factsheet=OuterRef("factsheet")
        )
        policies = super().get_queryset(request).select_related(*self.list_select_related)
        return policies.annotate(is_published=Exists(published))

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            line = ("code", "order")
            new = ("factsheet", *(("code",) if each == line else each for each in HEADING))
            return [(_("Policy"), {"fields": new})]
        facts = {**FACTS}
        if not self.has_change_permission(request, obj):
            facts["heading"] = ("names_to_read", *HEADING[1:])
        return [(name, {"fields": fields}) for name, fields in facts.items()]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_readonly_fields(self, request, obj=None):
        """A published code is an address that somebody may have noted."""
        return ["code"] if obj and obj.is_published else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "factsheet":
            own = within_reach(request.user, Step.WRITE, Factsheet.objects.all())
            kwargs["queryset"] = own.select_related("country", "edition")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def sections(self, rows):
        return Section.objects.filter(policy__in=rows.order_by().values("pk"))

    def save_model(self, request, obj, form, change):
        if not change:
            obj.order = _next_order(obj.factsheet.policies.all())
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        """On to the sections, which exist from now on."""
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(reverse("admin:policies_policy_change", args=[obj.pk]))

    def response_post_save_change(self, request, obj):
        """Back to where the policy was chosen."""
        return HttpResponseRedirect(
            reverse("admin:policies_factsheet_change", args=[obj.factsheet_id])
        )

    def response_delete(self, request, obj_display, obj_id):
        super().response_delete(request, obj_display, obj_id)
        return HttpResponseRedirect(reverse("admin:policies_factsheet_changelist"))

    @admin.display(description=_("names"))
    def names_to_read(self, policy):
        return "\n".join(policy.names)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["factsheet"] = obj.factsheet if obj else None
        if obj:
            context |= _page(context, obj)
            context["next_steps"] = self.offered(request, self.useful(request, obj))
        return super().render_change_form(request, context, add, change, form_url, obj)


def _next_order(policies: QuerySet[Policy]) -> int:
    last = policies.aggregate(last=Max("order"))["last"]
    return 0 if last is None else last + 1


def _page(context: dict[str, Any], policy: Policy) -> dict[str, Any]:
    facts = dict(zip(FACTS, context["adminform"], strict=True))
    found = cells(formset_of(context, CellInline))
    for cell in found:
        cell.facts = facts.get(cell.section.type.code)
    head = policy.sections.select_related("type").get(type__code="heading")
    attach(policy.factsheet, [head, *(cell.section for cell in found)])
    by_heading = groupby(found, lambda cell: cell.section.type.heading)
    return {
        "facts": facts["heading"],
        "facts_are_wrong": wrong(facts["heading"]),
        "headings": [(heading, list(group)) for heading, group in by_heading],
        "panel": panel(policy.factsheet),
        "head": head,
    }
