"""What the national authority said about a version, and objections: a publisher records both."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.admin import once
from policies.admin.base import (
    FactPermissions,
    RecordedAdmin,
    allowed,
    lock,
    narrowed,
    number,
    recorded,
)
from policies.models import Decision, Objection, Publication, Validation
from policies.roles import Step


class PastDates(forms.ModelForm):
    """Nothing is recorded before it happened."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("on", "received_on", "decided_on"):
            if data.get(name) and data[name] > timezone.localdate():
                self.add_error(name, _("This day is still to come."))
        return data


class ObjectionForm(PastDates):
    def clean(self) -> dict[str, Any]:
        data = super().clean()
        received = data.get("received_on") or self.instance.received_on
        if received and data.get("decided_on") and data["decided_on"] < received:
            message = _("It can't have been decided before it was received.")
            raise ValidationError({"decided_on": message})
        return data


class AuthorityAdmin(FactPermissions, RecordedAdmin):
    """Rows about a version, under the permissions of its factsheet; none is ever deleted."""

    form = PastDates
    steps = {"view": Step.VIEW, "add": Step.VALIDATE}
    list_filter: ClassVar[list[Any]] = [
        ("publication__factsheet__edition", RelatedOnlyFieldListFilter),
        ("publication__factsheet__country", RelatedOnlyFieldListFilter),
    ]

    def get_queryset(self, request):
        rows = narrowed(request, super().get_queryset(request), "publication__factsheet")
        of = "publication__factsheet"
        rows = rows.select_related(f"{of}__country", f"{of}__edition", "by")
        return rows.defer("publication__document_json")

    def _may(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        step = self.steps.get(verb)
        factsheet = obj.publication.factsheet if isinstance(obj, Validation | Objection) else None
        return step is not None and allowed(request, step, factsheet)

    def _recorded(self, request, object_id, view, *args):
        """What is recorded here stays for good, so a form that is sent twice counts once."""
        if request.method != "POST":
            return view(request, object_id, *args)
        with recorded(request):
            lock(Publication.objects.order_by(), number(request.POST.get("publication")))
            if answer := once.answered(request):
                return answer
            response = view(request, object_id, *args)
            if isinstance(response, HttpResponseRedirect):
                once.remember(request, response.url)
        return response

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """The versions that readers can still open, the newest first."""
        versions = narrowed(request, Publication.objects.filter(withdrawn_at=None), "factsheet")
        asked = request.GET.get("publication", "")
        if asked.isdecimal() and len(asked) < 19:
            versions = versions.filter(pk=asked)
        kwargs["queryset"] = versions.select_related(
            "factsheet__country", "factsheet__edition"
        ).defer("document_json")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        obj.by, obj.at = request.user, timezone.now()
        obj.save()

    def response_add(self, request, obj, post_url_continue=None):
        return self._back(super().response_add(request, obj, post_url_continue), obj)

    def response_change(self, request, obj):
        return self._back(super().response_change(request, obj), obj)

    def _back(self, _response: Any, obj: Any) -> HttpResponseRedirect:
        """To the version that it is about; the message stays."""
        address = reverse("admin:policies_publication_change", args=[obj.publication_id])
        return HttpResponseRedirect(address)


@admin.register(Validation)
class ValidationAdmin(AuthorityAdmin):
    list_display = ["publication", "status", "office", "on", "note", "by", "at"]
    list_filter = [*AuthorityAdmin.list_filter, "status"]
    fields = ("publication", "status", "office", "on", "note")


@admin.register(Objection)
class ObjectionAdmin(AuthorityAdmin):
    """The objection stays as it was received; only what is decided about it is written later."""

    form = ObjectionForm
    steps = {"view": Step.VIEW, "add": Step.VALIDATE, "change": Step.VALIDATE}
    list_display = ["publication", "office", "received_on", "decision", "decided_on"]
    list_filter = [*AuthorityAdmin.list_filter, "decision"]
    RECEIVED = ("publication", "received_on", "office", "text")
    DECIDED = ("decision", "decided_on", "decision_note")

    def get_fields(self, request, obj=None):
        return [*self.RECEIVED, *self.DECIDED] if obj else list(self.RECEIVED)

    def get_readonly_fields(self, request, obj=None):
        return self.RECEIVED if obj else ()

    def save_model(self, request, obj, form, change):
        if not change:
            super().save_model(request, obj, form, change)
        elif form.changed_data:
            obj.decided_by = None if obj.decision == Decision.OPEN else request.user
            obj.save(update_fields=[*self.DECIDED, "decided_by"])
