"""What is kept as it was written: revisions, review events and publications."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.contrib.admin.utils import flatten
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from policies.admin.base import FactPermissions, ReadOnly, RecordedAdmin, allowed, narrowed
from policies.admin.content import content_as_html, json_as_html
from policies.admin.publishing import PublicationSteps
from policies.history import content_of
from policies.models import Publication, ReviewEvent, SectionRevision
from policies.presentation.words import DASH
from policies.roles import Step

WHERE: list[Any] = [
    ("factsheet__edition", RelatedOnlyFieldListFilter),
    ("factsheet__country", RelatedOnlyFieldListFilter),
]


class RecordAdmin(ReadOnly, FactPermissions, RecordedAdmin):
    """Read-only rows of the factsheets that the person may see."""

    list_filter = WHERE
    list_select_related: ClassVar[list[str]] = []

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return narrowed(request, rows, "factsheet").select_related(*self.list_select_related)


def place(revision: SectionRevision) -> str:
    """The section of a revision by its titles; by its policy's code once that is deleted."""
    if not revision.policy_code:
        return str(revision.type)
    policy = revision.section.policy if revision.section else None
    return f"{policy or revision.policy_code}, {revision.type}"


@admin.register(SectionRevision)
class RevisionAdmin(RecordAdmin):
    list_display = ["created_at", "factsheet", "place", "number", "author", "source", "note"]
    list_filter = [*WHERE, "source", ("type", RelatedOnlyFieldListFilter)]
    list_select_related = [
        "factsheet__country",
        "factsheet__edition",
        "type",
        "author",
        "section__policy",
    ]
    search_fields = ["factsheet__country__name", "policy_code", "author__username", "note"]
    date_hierarchy = "created_at"
    fields = readonly_fields = (
        "factsheet",
        "place",
        "number",
        "author",
        "created_at",
        "source",
        "note",
        "written",
    )

    @admin.display(description=_("section"))
    def place(self, revision):
        return place(revision)

    @admin.display(description=_("content"))
    def written(self, revision):
        return content_as_html(content_of(revision), revision.type, revision.factsheet_id)


@admin.register(ReviewEvent)
class EventAdmin(RecordAdmin):
    list_display = ["at", "factsheet", "about", "action", "by", "comment"]
    list_filter = [*WHERE, "action"]
    list_select_related = [
        "factsheet__country",
        "factsheet__edition",
        "revision__type",
        "revision__section__policy",
        "publication",
        "by",
    ]
    search_fields = ["factsheet__country__name", "by__username", "comment"]
    fields = readonly_fields = ("at", "factsheet", "about", "action", "by", "comment")

    @admin.display(description=_("about"))
    def about(self, event):
        """The section by its titles; codes are for addresses."""
        if event.revision is None:
            return f"v{event.publication.number}"
        return f"{place(event.revision)} #{event.revision.number}"


@admin.register(Publication)
class PublicationAdmin(PublicationSteps, RecordAdmin):
    change_form_template = "admin/policies/publication.html"
    actions = ["withdraw"]
    list_display = [
        "__str__",
        "current",
        "total",
        "judged_total",
        "published_at",
        "published_by",
        "change_note",
        "withdrawn_at",
    ]
    list_filter = [*WHERE, "is_current"]
    list_select_related = ["factsheet__country", "factsheet__edition", "published_by"]
    search_fields = ["factsheet__country__name", "change_note", "digest"]
    fields = (
        ("factsheet", "number", "current"),
        ("total", "judged_total", "maximum"),
        ("published_at", "published_by"),
        "change_note",
        ("withdrawn_at", "withdrawn_by"),
        "withdrawn_reason",
        "authority",
        "objected",
        "digest",
        "content",
    )
    readonly_fields = tuple(flatten(fields))

    def get_queryset(self, request):
        return super().get_queryset(request).defer("document_json")

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def versions(self, rows):
        return Publication.objects.filter(pk__in=rows.values("pk"))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        withdraw = {"withdraw": obj.withdrawn_at is None}
        context["next_steps"] = self.offered(request, withdraw)
        context["may_record"] = obj.withdrawn_at is None and allowed(
            request, Step.VALIDATE, obj.factsheet
        )
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=_("current"), ordering="is_current", empty_value="–")
    def current(self, publication):
        """No red cross: a version that another followed is nothing wrong."""
        return _("yes") if publication.is_current else None

    @admin.display(description=_("national authority"))
    def authority(self, publication):
        """Every record, the latest last; readers see that one."""
        rows = publication.validations.select_related("by")
        lines = ((row, row.note, row.by, localtime(row.at).strftime("%Y-%m-%d")) for row in rows)
        return format_html_join("", "<p>{}. {} <small>{}, {}</small></p>", lines) or _("not asked")

    @admin.display(description=_("objections"))
    def objected(self, publication):
        lines = (
            (
                reverse("admin:policies_objection_change", args=[row.pk]),
                row,
                row.get_decision_display(),
                row.decided_on or "",
            )
            for row in publication.objections.all()
        )
        return format_html_join("", '<p><a href="{}">{}</a>: {} {}</p>', lines) or DASH

    @admin.display(description=_("document"))
    def content(self, publication):
        return json_as_html(publication.document)
