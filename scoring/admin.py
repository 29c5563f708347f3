from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .checks import check_criterion, check_rubric
from .loading import copied
from .maturity import CriterionTable, LevelTable, points_in_words
from .models import Criterion, Level, Rubric
from .releasing import release
from .rules import RULES

ROWS = "admin/scoring/_rows.html"
FINDINGS = "admin/scoring/_findings.html"
MOST = 50  # levels of a criterion, as somebody types them; more are not looked at


def is_used(row: Rubric | Criterion | None) -> bool:
    rubric = row.rubric if isinstance(row, Criterion) else row
    return rubric is not None and rubric.used_at is not None


def state_of(rubric: Rubric) -> str:
    """Draft, released or used, and what that means for whoever wants to change it."""
    if rubric.used_at:
        message = gettext(
            "Used: factsheets have been published under it since %(day)s, so it can't be changed "
            "any more. Copy it, and change the copy."
        )
        return message % {"day": date_format(rubric.used_at, "j F Y")}
    if rubric.released_at:
        message = gettext(
            "Released on %(day)s: editions can choose it. Until a factsheet is published under it, "
            "it can be changed, and every change recomputes the drafts of its editions."
        )
        return message % {"day": date_format(rubric.released_at, "j F Y")}
    return gettext("Draft: no edition can choose it until it is released.")


class UntilUsed(BaseModelAdmin):
    """Rows of a scoring system can be read, but not changed, once a publication used it."""

    def has_add_permission(self, request, obj=None):
        inline = [obj] if isinstance(self, admin.TabularInline) else []
        return not is_used(obj) and super().has_add_permission(request, *inline)

    def has_change_permission(self, request, obj=None):
        return not is_used(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return not is_used(obj) and super().has_delete_permission(request, obj)


class LabelledFormSet(BaseInlineFormSet):
    """Names every field for whoever does not see the head of its column."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            row = "" if index is None else f" {index + 1}"
            field.widget.attrs.setdefault("aria-label", f"{field.label}{row}")


class CriterionInline(UntilUsed, admin.TabularInline):
    """The criteria there are; one more is added on its own page, where its levels are."""

    model = Criterion
    template = ROWS
    formset = LabelledFormSet
    fields = ["order", "code", "title", "annex_title", "known_gap"]
    readonly_fields = ["code"]
    max_num = 0
    show_change_link = True
    can_delete = False


class LevelInline(UntilUsed, admin.TabularInline):
    model = Level
    template = ROWS
    formset = LabelledFormSet
    extra = 1


class CopyForm(forms.ModelForm):
    class Meta:
        model = Rubric
        fields = ["code", "title"]


@admin.register(Rubric)
class RubricAdmin(UntilUsed, admin.ModelAdmin):
    list_display = ["title", "code", "state"]
    search_fields = ["title", "code"]
    inlines = [CriterionInline]
    fields = ["state", "code", "title", "findings"]

    def get_readonly_fields(self, request, obj=None):
        """A code is given once: documents and drafts name the scoring system by it."""
        return ["state", *(["code"] if obj else []), "findings"]

    def get_urls(self):
        pages = (("copy", self.copy_view), ("release", self.release_view))
        own = [
            path(f"<int:key>/{name}/", self.admin_site.admin_view(view), name=f"{NAME}_{name}")
            for name, view in pages
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=_("state"))
    def state(self, rubric):
        return state_of(rubric)

    @admin.display(description=_("findings"))
    def findings(self, rubric):
        """What the system checks say about all its criteria."""
        if rubric.pk is None:
            return gettext("Save the scoring system first, and then add its criteria.")
        return _found(check_rubric(rubric))

    def copy_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """All of it under a code of its own."""
        rubric = get_object_or_404(Rubric, pk=key)
        if not self.has_add_permission(request):
            raise PermissionDenied
        title = gettext("Copy of %(rubric)s") % {"rubric": rubric.title}
        form = CopyForm(request.POST or None, initial={"title": title[:200]})
        if form.is_valid():
            copy = copied(rubric, **form.cleaned_data)
            done = gettext("Copied from “%(rubric)s”.") % {"rubric": rubric}
            self.log_addition(request, copy, done)
            messages.success(request, gettext("Here is the copy. It is a draft."))
            return HttpResponseRedirect(_page_of(copy))
        title = gettext("Copy “%(rubric)s”") % {"rubric": rubric}
        return self._page(request, "copy", rubric, title, form=form, errors=form.errors)

    def release_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """What stands in the way, or the button."""
        rubric = get_object_or_404(Rubric, pk=key)
        if not self.has_change_permission(request, rubric):
            raise PermissionDenied
        if request.method == "POST" and self._released(request, rubric):
            return HttpResponseRedirect(_page_of(rubric))
        table = rubric.table()
        return self._page(
            request,
            "release",
            rubric,
            gettext("Release “%(rubric)s”") % {"rubric": rubric},
            findings=check_rubric(rubric),
            count=len(table.criteria),
            points=points_in_words(table.maximum),
        )

    def _released(self, request: HttpRequest, rubric: Rubric) -> bool:
        try:
            release(rubric, timezone.now())
        except ValidationError:
            messages.error(request, gettext("It can't be released while this stands in the way."))
            return False
        self.log_change(request, rubric, gettext("Released."))
        message = gettext("“%(rubric)s” is released: editions can choose it.")
        messages.success(request, message % {"rubric": rubric})
        return True

    def _page(self, request, name, rubric, title, **context):
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(
            request,
            f"admin/scoring/rubric_{name}.html",
            {**shared, "rubric": rubric, "title": title, **context},
        )


NAME = "scoring_rubric"


def _page_of(rubric: Rubric) -> str:
    return reverse(f"admin:{NAME}_change", args=[rubric.pk])


@admin.register(Criterion)
class CriterionAdmin(UntilUsed, admin.ModelAdmin):
    list_display = ["title", "rubric", "order", "known_gap"]
    list_filter = ["rubric"]
    list_select_related = ["rubric"]
    search_fields = ["title", "code", "description"]
    inlines = [LevelInline]
    fieldsets = [
        (
            None,
            {"fields": ["state", "rubric", "code", "order", "title", "annex_title", "description"]},
        ),
        (_("Levels"), {"fields": ["known_gap", "findings", "rules_explained"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """A code is given once: the texts about the criterion have the same."""
        lasting = ["rubric", "code"] if obj else []
        return ["state", *lasting, "findings", "rules_explained"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Only scoring systems that can still be changed get one more criterion."""
        kwargs.setdefault("queryset", Rubric.objects.filter(used_at=None))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_urls(self):
        view = self.admin_site.admin_view(self.findings_view)
        return [path("findings/", view, name="scoring_criterion_findings"), *super().get_urls()]

    def findings_view(self, request: HttpRequest) -> HttpResponse:
        """What the checks would say of the levels as they are typed just now."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        found = check_criterion(_typed(request.GET), request.GET.get("title", ""))
        return render(request, FINDINGS, {"findings": found})

    @admin.display(description=_("state"))
    def state(self, criterion):
        if criterion.pk is None:
            return gettext("Not saved yet.")
        return state_of(criterion.rubric)

    @admin.display(description=_("findings"))
    def findings(self, criterion):
        """What the system checks say about the levels as they are saved."""
        if criterion.pk is None:
            return gettext("Save the criterion first.")
        return _found(check_criterion(criterion.table(), criterion.title))

    @admin.display(description=_("rules"))
    def rules_explained(self, criterion):
        return render_to_string("admin/scoring/_rules.html", {"rules": RULES.values()})


def _found(findings):
    return render_to_string(FINDINGS, {"findings": findings})


def _typed(data: QueryDict) -> CriterionTable:
    """A criterion of the points and rules that stand in a form; a row without a rule is none."""
    rows = zip(data.getlist("points"), data.getlist("rule"), strict=False)
    levels = [LevelTable(_points(points), "", "", rule) for points, rule in rows if rule]
    return CriterionTable("", "", "", tuple(levels[:MOST]), data.get("known_gap", ""))


def _points(typed: str) -> Decimal:
    try:
        points = Decimal(typed)
    except InvalidOperation:
        return Decimal(0)
    return points if points.is_finite() and abs(points) < 100 else Decimal(0)
