"""What all pages share: who may do what, one change set a request, and what that did."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _

from policies.admin import conflicts, once, outcome, presence
from policies.admin.fields import DayInput, NormalisedField, Prose
from policies.admin.overtaking import attempt_of
from policies.changes import ChangeSet, Source, change_set
from policies.models import Factsheet
from policies.models.fields import ProseField
from policies.roles import Step, may, visible

NOTE = "revision_note"  # the field beside the save button: why the change was made
SHOWN = 10  # how many of the rows that hinder a deletion are named


def allowed(request: HttpRequest, step: Step, factsheet: Factsheet | None = None) -> bool:
    """`roles.may`, asked once a request."""
    known: dict[tuple[Step, int | None], bool] = request.__dict__.setdefault("allowed", {})
    if not known:
        prefetch_related_objects([request.user], "groups")  # type: ignore[type-var]
    key = (step, factsheet.pk if factsheet else None)
    if key not in known:
        known[key] = may(request.user, step, factsheet)  # type: ignore[arg-type]
    return known[key]


def factsheet_of(row: Any) -> Factsheet | None:
    return row if row is None or isinstance(row, Factsheet) else row.factsheet


@contextmanager
def recorded(request: HttpRequest) -> Iterator[ChangeSet]:
    """One change set around all that the request writes; reading needs no transaction."""
    if request.method != "POST":
        yield ChangeSet()
        return
    note = request.POST.get(NOTE, "").strip()[:500]
    with change_set(by=request.user, source=Source.ADMIN, note=note) as changes:  # type: ignore[arg-type]
        yield changes


class PlainFields(BaseModelAdmin):
    """Fields that need no mouse and no script."""

    formfield_overrides: "ClassVar[Mapping[type[models.Field[Any, Any]], Mapping[str, Any]]]" = {
        ProseField: {"form_class": NormalisedField, "widget": Prose},
        models.DateField: {"widget": DayInput},
        models.URLField: {"widget": forms.URLInput(attrs={"class": "vURLField"})},
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Without the icons that lead away from a half-filled form."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class RecordedAdmin(PlainFields, admin.ModelAdmin):
    """A page whose every write is one change set, settled once after all rows are saved."""

    change_form_template = "admin/policies/record.html"
    list_per_page = 60

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return self._recorded(request, object_id, super().changeform_view, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        return self._recorded(request, object_id, super().delete_view, extra_context)

    def _recorded(
        self, request: HttpRequest, object_id: str | None, view: Callable[..., Any], *args: Any
    ) -> Any:
        with recorded(request):
            return view(request, object_id, *args)

    def get_deleted_objects(self, objs, request):
        """This page's own permission decides; what goes along needs none of its own."""
        deleted, counts, _needed, protected = super().get_deleted_objects(objs, request)
        needed = {
            str(self.opts.verbose_name)
            for each in objs
            if not self.has_delete_permission(request, each)
        }
        return deleted, counts, needed, _shortened(protected)

    def save_model(self, request, obj, form, change):
        if form.changed_data or not change:
            super().save_model(request, obj, form, change)

    def log_change(self, request, obj, message):
        return super().log_change(request, obj, message) if message else None


def _shortened(rows: list[Any]) -> list[Any]:
    rest = len(rows) - SHOWN
    if rest <= 0:
        return rows
    return [*rows[:SHOWN], _("… and %(count)d more") % {"count": rest}]


class FactPermissions(BaseModelAdmin):
    """Asks `roles.py`, for the factsheet that a row, or an inline's parent, belongs to."""

    steps = {"view": Step.VIEW, "add": Step.WRITE, "change": Step.WRITE, "delete": Step.WRITE}

    def has_view_permission(self, request, obj=None):
        return self._may(request, "view", obj) and super().has_view_permission(request, obj)

    def has_add_permission(self, request):
        return self._may(request, "add", None) and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return self._may(request, "change", obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may(request, "delete", obj) and super().has_delete_permission(request, obj)

    def _may(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        step = self.steps.get(verb)
        return step is not None and allowed(request, step, factsheet_of(obj))


def narrowed(request: HttpRequest, rows: QuerySet[Any], lookup: str) -> QuerySet[Any]:
    """Only rows of factsheets whose drafts the person may see."""
    factsheets = visible(request.user, Factsheet.objects.order_by())  # type: ignore[arg-type]
    return rows.filter(**{f"{lookup}__in": factsheets.values("pk")})


class FactAdmin(FactPermissions, RecordedAdmin):
    """A page on which facts are written: it says afterwards what became of them."""

    lookup = "factsheet"  # from a row to its factsheet

    def get_queryset(self, request):
        return narrowed(request, super().get_queryset(request), self.lookup)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.attempt = attempt_of(request)  # type: ignore[attr-defined]
        return form

    def response_change(self, request, obj):
        """Nowhere yet, while something is withheld."""
        if attempt_of(request).withheld:
            return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)

    def render_change_form(self, request, context, *args, **kwargs):
        if attempt_of(request).shows:
            conflicts.show(request, context)
        if row := context["original"]:
            if self.has_change_permission(request, row):
                presence.mark(request.user, row)
            context["presence"] = presence.others(request.user, row)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self):
        name = f"policies_{self.opts.model_name}_presence"
        view = self.admin_site.admin_view(self.presence_view)
        return [path("<int:key>/presence/", view, name=name), *super().get_urls()]

    def presence_view(self, request: HttpRequest, key: int) -> HttpResponse:
        row = self.get_object(request, str(key))
        return presence.answer(request, row, writes=self.has_change_permission(request, row))

    def _recorded(
        self, request: HttpRequest, object_id: str | None, view: Callable[..., Any], *args: Any
    ) -> Any:
        if request.method != "POST":
            return view(request, object_id, *args)
        factsheet = self._factsheet(request, object_id)
        attempt = attempt_of(request)
        with recorded(request) as changes:
            self._wait(request, factsheet)
            if answer := once.answered(request):
                return answer
            before, passed = outcome.score_of(factsheet), outcome.reviewed(factsheet)
            attempt.since = conflicts.last_revision(factsheet)
            response = view(request, object_id, *args)
            attempt.saved = isinstance(response, HttpResponseRedirect)
            if attempt.saved and not attempt.withheld:
                once.remember(request, response.url)
        if attempt.withheld:
            attempt.shows = True
            response = view(request, object_id, *args)
        if factsheet and factsheet in changes.factsheets:
            outcome.tell(request, factsheet, before, passed)
        return response

    def _factsheet(self, request: HttpRequest, object_id: str | None) -> int | None:
        if object_id is None:
            return number(request.POST.get("factsheet"))
        found = self.get_object(request, unquote(object_id))
        factsheet = factsheet_of(found)
        return factsheet.pk if factsheet else None

    def _wait(self, request: HttpRequest, factsheet: int | None) -> None:
        """Who saves second waits here, and then reads what the first has written."""
        lock(Factsheet.objects.order_by(), factsheet)


def number(sent: str | None) -> int | None:
    """The key of a row as a browser sends it."""
    return int(sent) if sent and sent.isdecimal() and len(sent) < 19 else None


def lock(rows: QuerySet[Any], key: int | None) -> None:
    """Lock a row, but neither its key nor a row that it points to: others may point to it."""
    if key:
        rows.select_for_update(of=("self",), no_key=True).filter(pk=key).first()


class FactInline(FactPermissions, PlainFields, InlineModelAdmin):
    """Rows below a factsheet or a policy, under the permissions of that factsheet."""

    extra = 0

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.attempt = attempt_of(request)  # type: ignore[attr-defined]
        return formset

    def has_add_permission(self, request, obj=None):
        return self._may(request, "add", obj) and InlineModelAdmin.has_add_permission(
            self, request, obj
        )


class ReadOnly:
    """Rows that nobody writes by hand."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
