"""The bibliography as rows of the factsheet's page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from policies.admin.base import FactInline, number
from policies.admin.fields import RowField
from policies.admin.overtaking import CarriedField, Fate, OvertakingForm
from policies.changes import change_set
from policies.models import Part, Reference


class ReferenceForm(OvertakingForm):
    checked = forms.BooleanField(label=_("Checked today"), required=False)

    class Meta:
        model = Reference
        fields = (
            "key",
            "order",
            "authors",
            "year",
            "title",
            "publisher",
            "url",
            "accessed",
            "note",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].required = False
        if self.instance.pk is None:
            self.initial["order"] = None
            del self.fields["checked"]

    def section_of(self, name: str) -> str:
        return Part.BIBLIOGRAPHY

    def _fate(self, section: str) -> Fate:
        if self.is_gone and self.data.get(self.add_prefix(DELETION_FIELD_NAME)):
            return Fate.STAYS  # both want it gone
        return super()._fate(section)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("checked"):
            data["accessed"] = timezone.localdate()
        return data

    def clean_order(self) -> int:
        """A reference without a place keeps its own; a new one goes last."""
        order = self.cleaned_data.get("order")
        if order is not None:
            return order
        if self.instance.pk:
            return self.initial["order"]
        others = Reference.objects.filter(factsheet=self.instance.factsheet_id)
        last = others.aggregate(last=Max("order"))["last"]
        return 0 if last is None else last + 1


def note_checks(form: forms.ModelForm, formsets: list[Any]) -> None:
    """Say so in the revision, if all that a page changed is when references were read."""
    forms_ = [form, *(each for formset in formsets for each in formset.forms)]
    if {name for each in forms_ for name in each.changed_data} == {"checked"}:
        with change_set() as changes:
            changes.note = changes.note or gettext("Checked today")


class ReferenceFormSet(BaseInlineFormSet):
    """Knows rows that a colleague deleted meanwhile: they are no mistake, and may come back.

    A row that is to come back has no key on the page.
    """

    def clean(self) -> None:
        """A key may have been taken by a row that a colleague added since the page was opened."""
        super().clean()
        new = [form for form in self.extra_forms if form.cleaned_data.get("key")]
        if not new:
            return
        known = [form.instance.pk for form in self.initial_forms if form.instance.pk]
        others = Reference.objects.filter(factsheet=self.instance.pk).exclude(pk__in=known)
        taken = set(others.values_list("key", flat=True))
        for form in new:
            if form.cleaned_data["key"] in taken:
                form.add_error("key", gettext("Another reference of this factsheet has that key."))

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if self.is_bound and i < self.initial_form_count() and form.instance.pk is None:
            key = form.data.get(form.add_prefix("id"))
            form.is_gone = form.empty_permitted = key == "" or (key and not _exists(key))
            form.fields["id"] = CarriedField() if form.is_gone else RowField({})
        return form

    @property
    def extra_forms(self) -> list[Any]:
        """A row that is gone is saved as a new one, if its text is still wanted."""
        initial: list[Any] = self.initial_forms
        return [*(form for form in initial if form.is_gone), *super().extra_forms]

    def get_unique_error_message(self, unique_check):
        """Of two rows with one key what the database would say of one."""
        return self.get_form_error()

    def get_form_error(self):
        return _("Another reference of this factsheet has that key.")


def _exists(key: str) -> bool:
    """Whether the row is there, though in another factsheet; no row has a key that is none."""
    found = number(key)
    return found is None or Reference.objects.filter(pk=found).exists()


class ReferenceInline(FactInline, admin.StackedInline):
    model = Reference
    form = ReferenceForm
    formset = ReferenceFormSet
    template = "admin/policies/_references.html"
