"""The bibliography as rows of the factsheet's page."""

from typing import Any

from django.contrib import admin
from django.db.models import Max
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from policies.admin.base import FactInline
from policies.admin.overtaking import OvertakingForm
from policies.models import Reference


class ReferenceForm(OvertakingForm):
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


class ReferenceFormSet(BaseInlineFormSet):
    """Says of two rows with one key what the database would say of one."""

    def get_unique_error_message(self, unique_check):
        return self.get_form_error()

    def get_form_error(self):
        return _("Another reference of this factsheet has that key.")


class ReferenceInline(FactInline, admin.StackedInline):
    model = Reference
    form = ReferenceForm
    formset = ReferenceFormSet
    template = "admin/policies/_references.html"
