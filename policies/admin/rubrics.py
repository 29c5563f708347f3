"""Scoring systems beside factsheets: edits rescore drafts once, and show who would move."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from policies.admin import movers
from policies.admin.base import RecordedAdmin
from policies.models import Edition
from scoring.admin import CriterionAdmin, RubricAdmin, is_used
from scoring.models import Criterion, Rubric, Used

# The scoring pages know no drafts; here a change of several levels rescores the drafts once.
admin.site.unregister([Rubric, Criterion])


class UsedMeanwhile(RecordedAdmin):
    """Somebody may publish under a scoring system while a form of it is open."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Used as refused:
            messages.error(request, " ".join(refused.messages))
            return HttpResponseRedirect(request.get_full_path())


@admin.register(Criterion)
class RecordedCriterionAdmin(UsedMeanwhile, CriterionAdmin):
    change_form_template = "admin/policies/criterion_form.html"


@admin.register(Rubric)
class RecordedRubricAdmin(UsedMeanwhile, RubricAdmin):
    change_form_template = "admin/policies/rubric_form.html"

    def render_change_form(self, request, context, *args, **kwargs):
        rubric = context["original"]
        context["may_copy"] = self.has_add_permission(request)
        context["may_release"] = (
            rubric is not None
            and rubric.released_at is None
            and not is_used(rubric)
            and self.has_change_permission(request, rubric)
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self):
        own = [
            path("<int:key>/movers/", self._seen(self.movers_view), name="scoring_rubric_movers"),
            path("<int:key>/movers.csv", self._seen(self.movers_file), name="scoring_rubric_file"),
        ]
        return [*own, *super().get_urls()]

    def _seen(self, view: Any) -> Any:
        return self.admin_site.admin_view(view)

    def movers_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Which countries of an edition would have other points under this scoring system."""
        rubric, editions, edition = self._asked(request, key)
        parts = movers.parts(edition, rubric.table()) if edition else []
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "rubric": rubric,
            "title": _("Who would move under “%(rubric)s”") % {"rubric": rubric},
            "editions": editions,
            "edition": edition,
            "parts": parts,
        }
        status = 200 if edition or not editions else 404
        return TemplateResponse(
            request, "admin/policies/rubric_movers.html", context, status=status
        )

    def movers_file(self, request: HttpRequest, key: int) -> HttpResponse:
        rubric, _editions, edition = self._asked(request, key)
        if edition is None:
            raise Http404
        response = HttpResponse(
            movers.file(edition, rubric.table()), content_type="text/csv; charset=utf-8"
        )
        name = f"movers-{edition}-under-{rubric.code}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response

    def _asked(
        self, request: HttpRequest, key: int
    ) -> tuple[Rubric, list[Edition], Edition | None]:
        """The scoring system, the editions with publications, and the one asked for or latest."""
        if not self.has_view_permission(request):
            raise Http404
        rubric = get_object_or_404(Rubric, pk=key)
        editions = list(movers.editions())
        asked = request.GET.get("edition", "")
        found = [each for each in editions if not asked or str(each) == asked]
        return rubric, editions, found[0] if found else None
