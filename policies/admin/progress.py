"""The page on how far an edition is, and its filters."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.admin.base import allowed
from policies.admin.counting import sheets_of, tallies
from policies.admin.matrix import matrix
from policies.models import Country, Factsheet, Section, State, User
from policies.roles import Step


class ProgressFilter(forms.Form):
    """Which countries of which edition; what can't be read is not filtered by."""

    edition = forms.ChoiceField(label=gettext_lazy("Edition"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("Countries"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("With a section that is"), required=False)
    editor = forms.ChoiceField(label=gettext_lazy("Editor"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("Only mine"), required=False)

    def __init__(self, data: Any, editions: list[int], editors: list[User]) -> None:
        super().__init__(data)
        names = [(user.pk, user.get_full_name() or user.username) for user in editors]
        self._choose("edition", [(year, year) for year in editions])
        groups = [(group.value, capfirst(group.label)) for group in Country.Group]
        self._choose("group", [("", _("All")), *groups])
        self._choose("state", [("", _("Any")), *State.choices])
        self._choose("editor", [("", _("Anybody")), *names])

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        chosen = self.fields[name]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101
        chosen.choices = choices


def progress(request: HttpRequest) -> TemplateResponse:
    """The countries of an edition by their sections: /admin/progress/?edition=2022."""
    if not allowed(request, Step.VIEW):
        raise PermissionDenied
    user: User = request.user  # type: ignore[assignment]
    sheets = sheets_of(user)
    years = list(
        sheets.order_by("-edition__year").values_list("edition__year", flat=True).distinct()
    )
    given = request.GET.copy()
    if given.get("edition") not in list(map(str, years)) and years:
        given["edition"] = str(years[0])
    sheets = sheets.filter(edition__year=given.get("edition", 0))
    editors = User.objects.filter(factsheets__in=sheets.values("pk")).distinct()
    chosen = ProgressFilter(given, editions=years, editors=list(editors.order_by("username")))
    chosen.is_valid()
    shown = list(_chosen(sheets, chosen.cleaned_data))
    context = {
        **admin.site.each_context(request),
        "title": _("Progress"),
        "filter": chosen,
        "matrix": matrix(shown, tallies(sheet.pk for sheet in shown)),
        "is_filtered": set(request.GET) - {"edition"},
    }
    return TemplateResponse(request, "admin/policies/progress.html", context)


def _chosen(sheets: QuerySet[Factsheet], given: Mapping[str, Any]) -> QuerySet[Factsheet]:
    if given.get("group"):
        sheets = sheets.filter(country__group=given["group"])
    if given.get("editor"):
        sheets = sheets.filter(editors=given["editor"])
    if given.get("state"):
        standing = Section.objects.filter(factsheet=OuterRef("pk"), state=given["state"])
        sheets = sheets.filter(Exists(standing))
    if given.get("mine"):
        sheets = sheets.filter(Q(is_mine=True) | Q(is_mine_to_review=True))
    return sheets
