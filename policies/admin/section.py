"""Sections as the reviewers' list: read here, written on the page of their policy or factsheet."""

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.db.models import F, OuterRef, Subquery
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from policies.admin.base import FactPermissions, ReadOnly, RecordedAdmin, narrowed
from policies.admin.content import content_as_html
from policies.admin.histories import SectionHistory
from policies.admin.steps import SectionSteps, seen_of
from policies.admin.taking import NextStep
from policies.history import content_of
from policies.models import ReviewEvent, Section, SectionRevision


@admin.register(Section)
class SectionAdmin(ReadOnly, FactPermissions, SectionSteps, SectionHistory, RecordedAdmin):
    actions = ["submit", "approve", "return_", "reopen", "confirm"]
    list_display = ["name", "factsheet", "stands", "availability", "version", "last_author"]
    list_filter = [
        "state",
        "is_unconfirmed",
        ("factsheet__edition", RelatedOnlyFieldListFilter),
        ("factsheet__country", RelatedOnlyFieldListFilter),
        ("type", RelatedOnlyFieldListFilter),
        "availability",
    ]
    search_fields = ["factsheet__country__name", "policy__names", "type__title", "type__heading"]
    ordering = ["factsheet__country__name", "policy__order", "policy", "type__order"]
    fields = readonly_fields = ("place", "stands", "last_change", "written", "events")

    def get_queryset(self, request):
        last = SectionRevision.objects.filter(section=OuterRef("pk"), number=OuterRef("version"))
        return (
            narrowed(request, super().get_queryset(request), "factsheet")
            .select_related("factsheet__country", "factsheet__edition", "policy", "type")
            .annotate(author=Subquery(last.values("author__username")[:1]))
            .order_by(
                *self.ordering[:1],
                F("policy__order").asc(nulls_first=True),
                "policy",
                "type__order",
            )
        )

    def action_checkbox(self, obj):
        """With the version that the list shows, so that none is approved unseen."""
        seen = format_html('<input type="hidden" name="seen" value="{}">', seen_of([obj]))
        return super().action_checkbox(obj) + seen

    def sections(self, rows):
        return Section.objects.filter(pk__in=rows.order_by().values("pk"))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["next_steps"] = self._next_steps(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _next_steps(self, request: HttpRequest, section: Section) -> list[NextStep]:
        return self.offered(request, self.useful(request, section))

    @admin.display(description=_("section"), ordering="type__order")
    def name(self, section):
        return str(section)

    @admin.display(description=_("state"), ordering="state")
    def stands(self, section):
        return render_to_string("admin/policies/_state.html", {"section": section})

    @admin.display(description=_("last changed by"), empty_value="–")
    def last_author(self, section):
        return section.author

    @admin.display(description=_("written in"))
    def place(self, section):
        """A link to the form where the section is written."""
        row = section.policy or section.factsheet
        address = reverse(f"admin:policies_{row._meta.model_name}_change", args=[row.pk])
        anchor = f"section-{section.type.code}"
        return format_html('<a href="{}#{}">{}</a>', address, anchor, row)

    @admin.display(description=_("last change"), empty_value="–")
    def last_change(self, section):
        revision = _last(section)
        if revision is None:
            return None
        address = reverse("admin:policies_section_history", args=[section.pk])
        return format_html(
            '{}, {}{} · <a href="{}">{}</a>',
            revision.author or "–",
            localtime(revision.created_at).strftime("%Y-%m-%d %H:%M"),
            f": {revision.note}" if revision.note else "",
            address,
            _("history and differences"),
        )

    @admin.display(description=_("content"), empty_value="–")
    def written(self, section):
        revision = _last(section)
        if revision is None:
            return None
        return content_as_html(content_of(revision), section.type, section.factsheet_id)

    @admin.display(description=_("review"), empty_value="–")
    def events(self, section):
        found = ReviewEvent.objects.filter(revision__section=section).select_related("by")
        lines = ((localtime(e.at).strftime("%Y-%m-%d"), e, e.comment) for e in found)
        return format_html_join("", "<p>{}: {}. {}</p>", lines) or None


def _last(section: Section) -> SectionRevision | None:
    last = section.revisions.filter(number=section.version)
    return last.select_related("author", "type").first()
