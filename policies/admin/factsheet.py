"""A factsheet's page: its policies, its own texts, its references and its assessment."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from policies.admin.base import allowed, lock, number
from policies.admin.cells import Cell, SectionInline, cells, formset_of
from policies.admin.citing import references
from policies.admin.confirming import Confirming
from policies.admin.exchanging import WorkbookExport
from policies.admin.forms import FactsheetForm
from policies.admin.histories import FactsheetHistory
from policies.admin.judging import JudgementInline, panel
from policies.admin.outcome import score_in_words
from policies.admin.preview import preview
from policies.admin.publishing import PublicationSteps
from policies.admin.references import ReferenceInline, note_checks
from policies.admin.remarks import attach
from policies.admin.review import ReviewPage
from policies.admin.steps import SectionSteps
from policies.admin.taking import NextStep
from policies.models import Country, Factsheet, Part, Policy, Publication, Section, State, User
from policies.roles import Role, Step


class TextInline(SectionInline):
    """The factsheet's own sections that hold a text."""

    def get_queryset(self, request):
        own = super().get_queryset(request).filter(policy__isnull=True)
        return own.exclude(type__part=Part.BIBLIOGRAPHY)


@admin.register(Factsheet)
class FactsheetAdmin(
    ReviewPage, FactsheetHistory, Confirming, SectionSteps, PublicationSteps, WorkbookExport
):
    form = FactsheetForm
    inlines = [TextInline, JudgementInline, ReferenceInline]
    change_form_template = "admin/policies/factsheet_form.html"
    lookup = "pk"
    steps = {
        "view": Step.VIEW,
        "add": Step.OPEN,
        "change": Step.WRITE,
        "delete": Step.DISCARD,
    }
    actions = [
        "submit",
        "approve",
        "return_",
        "publish",
        "withdraw",
        "export_xlsx",
        "export_ods",
        "export_csv",
        "export_wide",
    ]
    change_list_template = "admin/policies/factsheet_list.html"
    list_display = ["country", "edition", "total", "complete", "review", "published"]
    list_display_links = ["country"]
    list_filter = [
        ("edition", RelatedOnlyFieldListFilter),
        "country__group",
        "policies_status",
        "assessment__complete",
    ]
    list_select_related = ["country", "edition", "assessment"]
    search_fields = ["country__name", "country__code", "country__slug"]

    def get_queryset(self, request):
        current = Publication.objects.current().filter(factsheet=OuterRef("pk"))
        factsheets = super().get_queryset(request).select_related(*self.list_select_related)
        return factsheets.annotate(current_version=Subquery(current.values("number")[:1]))

    def get_changelist(self, request, **kwargs):
        return FactsheetList

    def get_fieldsets(self, request, obj=None):
        lines = [("country", "edition"), ("language", "policies_status")]
        people = [("editors", "reviewers")] if allowed(request, Step.OPEN) else []
        return [(_("Factsheet"), {"fields": [*lines, *people]})]

    def get_readonly_fields(self, request, obj=None):
        return ["country", "edition"] if obj else []

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, JudgementInline):
            kwargs["form_kwargs"] = {"by": request.user}
        return kwargs

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Editors and reviewers by role, and whoever is assigned already."""
        role = Role.EDITOR if db_field.name == "editors" else Role.REVIEWER
        assigned = Q(**{f"{db_field.related_query_name()}__isnull": False})
        kwargs["queryset"] = (
            User.objects.filter(Q(groups__name=role) | assigned).distinct().order_by("username")
        )
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        note_checks(form, formsets)

    def response_add(self, request, obj, post_url_continue=None):
        """On to the texts, which exist from now on."""
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(reverse("admin:policies_factsheet_change", args=[obj.pk]))

    def _wait(self, request, factsheet):
        """Of two who add a country's factsheet at once, the second is told that it exists."""
        super()._wait(request, factsheet)
        if factsheet is None:
            lock(Country.objects.order_by(), number(request.POST.get("country")))

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.current_version else None

    def get_urls(self):
        own = [
            path(
                "preview/", self.admin_site.admin_view(preview), name="policies_factsheet_preview"
            ),
            path(
                "<int:factsheet>/references/",
                self.admin_site.admin_view(references),
                name="policies_factsheet_references",
            ),
        ]
        return [*own, *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["factsheet"] = obj
        if obj:
            context |= _page(context, obj)
            context["next_steps"] = self._next_steps(request, obj)
            context["may_add_policy"] = self.has_change_permission(
                request, obj
            ) and request.user.has_perm("policies.add_policy")
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _next_steps(self, request: HttpRequest, obj: Any) -> list[NextStep]:
        """The actions of the list that have something to do here."""
        published = {"publish": True, "withdraw": obj.current_version}
        return self.offered(request, {**self.useful(request, obj), **published})

    def sections(self, rows):
        return Section.objects.filter(factsheet__in=rows.values("pk"))

    @admin.display(description=_("maturity"), ordering="assessment__total")
    def total(self, factsheet):
        return score_in_words(factsheet.assessment)

    @admin.display(description=_("complete"), boolean=True, ordering="assessment__complete")
    def complete(self, factsheet):
        return factsheet.assessment.complete

    @admin.display(description=_("review"))
    def review(self, factsheet):
        states = in_states(factsheet.states)
        return " · ".join(f"{count} {state.label}" for state, count in states)

    @admin.display(description=_("published"), ordering="current_version", empty_value="–")
    def published(self, factsheet):
        return f"v{factsheet.current_version}" if factsheet.current_version else None


class FactsheetList(ChangeList):
    """Counts the states of the sections for the rows that a page shows, not for all."""

    def get_results(self, request):
        super().get_results(request)
        count_states(self.result_list)


def count_states(factsheets: Iterable[Any]) -> None:
    """Give each factsheet `states`: how many of its sections stand where, in one query."""
    rows = {factsheet.pk: factsheet for factsheet in factsheets}
    for factsheet in rows.values():
        factsheet.states = Counter()
    sections = Section.objects.filter(factsheet__in=rows.keys()).order_by()
    counted = sections.values_list("factsheet", "state").annotate(count=Count("pk"))
    for pk, state, count in counted:
        rows[pk].states[state] = count


@dataclass(frozen=True)
class Column:
    """A policy in the list on the factsheet's page."""

    policy: Policy
    states: list[tuple[State, int]] = field(default_factory=list)


def columns(factsheet: Factsheet) -> list[Column]:
    sections = factsheet.sections.filter(policy__isnull=False)
    counted = Counter(sections.values_list("policy", "state"))
    return [
        Column(policy, in_states({s: n for (pk, s), n in counted.items() if pk == policy.pk}))
        for policy in factsheet.policies.all()
    ]


def in_states(counts: Mapping[str, int]) -> list[tuple[State, int]]:
    """How many sections stand in which state, in the order of the review."""
    return [(state, counts[state.value]) for state in State if counts.get(state.value)]


def _page(context: dict[str, Any], factsheet: Factsheet) -> dict[str, Any]:
    own = {cell.section.type.code: cell for cell in cells(formset_of(context, TextInline))}
    judgements = [f for f in formset_of(context, JudgementInline).forms if f.instance.criterion_id]
    for form in judgements:
        if cell := own.get(form.instance.criterion.code):
            cell.judgement = form
    bibliography = factsheet.sections.filter(type__part=Part.BIBLIOGRAPHY).select_related("type")
    last = bibliography.first()
    attach(factsheet, [*(cell.section for cell in own.values()), *([last] if last else [])])
    return {
        "columns": columns(factsheet),
        "panel": panel(factsheet, [form.row for form in judgements]),
        "parts": [_of(own, part) for part in (Part.INTRODUCTION, Part.ASSESSMENT, Part.CHAPTER)],
        "bibliography": last,
    }


def _of(own: dict[str, Cell], part: str) -> list[Cell]:
    return [cell for cell in own.values() if cell.section.type.part == part]
