"""Imports: a workbook is sent, looked at, decided upon, confirmed and, if need be, undone."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.admin.base import allowed, narrowed
from policies.admin.proposed import shown
from policies.admin.watching import back_with, watched
from policies.models import Batch, BatchState, ChangeStatus, Side
from policies.roles import Role, Step, roles_of
from policies.spreadsheet import applying, deciding, receiving, undoing
from policies.spreadsheet.guard import Limits
from policies.spreadsheet.marking import marked
from policies.spreadsheet.progress import Progress

SHOWN = 20  # changes on a page
PROBLEMS = 200  # errors on a page; the file that can be downloaded has them all
STATUSES = {
    **dict(ChangeStatus.choices),
    "unchanged": gettext_lazy("unchanged"),
    "error": gettext_lazy("error"),
}


class SendingForm(forms.Form):
    def clean_file(self) -> Any:
        """Before it is read into memory."""
        file = self.cleaned_data["file"]
        limit = Limits.from_settings().file_bytes
        if file.size > limit:
            message = _("The file is too large: at most %(limit)d MB can be uploaded.")
            raise ValidationError(message % {"limit": limit // 1024**2})
        return file

    file = forms.FileField(
        label=gettext_lazy("Workbook"),
        help_text=gettext_lazy(
            "An exported workbook in which you changed something: XLSX, ODS, or the zip of CSV "
            "files. Nothing changes before you have seen what would."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.zip"}),
    )


@admin.register(Batch)
class BatchAdmin(admin.ModelAdmin):
    list_display = ["at", "filename", "by", "state"]
    list_display_links = ["at", "filename"]
    list_filter = ["state"]
    list_select_related = ["by"]
    change_list_template = "admin/policies/batch_list.html"

    def get_queryset(self, request):
        """One's own; administrators help with all."""
        batches = super().get_queryset(request).defer("problems", "effects", "remarks")
        if Role.ADMINISTRATOR in roles_of(request.user):
            return batches
        return batches.filter(by=request.user)

    def has_add_permission(self, request):
        return allowed(request, Step.WRITE) and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        own = [
            path(
                f"<int:key>/{address}/",
                self.admin_site.admin_view(view),
                name=f"policies_batch_{address}",
            )
            for address, view in (
                ("decide", self.decide_view),
                ("confirm", self.confirm_view),
                ("undo", self.undo_view),
                ("errors", self.errors_view),
            )
        ]
        return [*own, *super().get_urls()]

    def _batch(self, request: HttpRequest, key: int) -> Batch:
        return get_object_or_404(self.get_queryset(request), pk=key)

    # Sending

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        sent = request.method == "POST"
        form = SendingForm(request.POST, request.FILES) if sent else SendingForm()
        if not form.is_valid():
            return self._sending(request, form)
        file, user = form.cleaned_data["file"], request.user

        def work(progress: Progress) -> str:
            batch = receiving.receive(file.read(), file.name, by=user, progress=progress)
            return address(batch)

        def refused(problems: list[str]) -> HttpResponseBase:
            form.add_error("file", problems)
            return self._sending(request, form)

        return watched(request, work, refused)

    def _sending(self, request: HttpRequest, form: SendingForm) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "form": form,
            "title": _("Import a workbook"),
        }
        return TemplateResponse(request, "admin/policies/batch_send.html", context)

    # Looking

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not str(object_id).isdecimal():
            raise Http404
        batch = self._batch(request, int(object_id))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "batch": batch,
            "title": _("Import %(number)d") % {"number": batch.pk},
            "subtitle": batch.filename,
            "statuses": STATUSES.values(),
            "counts": _counts(batch),
            "problems": batch.problems[:PROBLEMS],
            "more_problems": max(0, len(batch.problems) - PROBLEMS),
            "undecided": batch.changes.undecided().count(),
            "expired": batch.expires_at <= timezone.now(),
            "waits": batch.state == BatchState.READY,
            "decides": batch.by_id == request.user.pk,
            "sides": Side.choices,
            **self._changes(request, batch),
        }
        return TemplateResponse(request, "admin/policies/batch.html", context)

    def _changes(self, request: HttpRequest, batch: Batch) -> dict[str, Any]:
        """The changes of a page; conflicts come first while they wait to be decided."""
        within = narrowed(request, batch.changes.all(), "factsheet")  # an editor may have left
        changes = within.select_related(
            "type", "factsheet__country", "factsheet__edition"
        ).order_by("order")
        only = request.GET.get("status", "")
        if only in ChangeStatus.values:
            changes = changes.filter(status=only)
        page = Paginator(changes, SHOWN).get_page(request.GET.get("page"))
        return {
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number),
            "shown": list(shown(page.object_list)),
            "only": only,
        }

    def errors_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """The file once more, with the cells marked in which something is wrong."""
        batch = self._batch(request, key)
        if not batch.file or not batch.problems:
            raise Http404
        response = HttpResponse(
            marked(bytes(batch.file.data), batch.filename, batch.problems),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        name = f"errors-{batch.pk}.xlsx"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    # Deciding, confirming, undoing

    def decide_view(self, request: HttpRequest, key: int) -> HttpResponseBase:
        batch = self._posted(request, key)
        everything = request.POST.get("all", "")
        sides = {
            int(name.removeprefix("side-")): side
            for name, side in request.POST.items()
            if name.startswith("side-") and name[5:].isdecimal() and len(name) < 24
        }

        def work(progress: Progress) -> str:
            if everything in Side.values:
                deciding.decide_all(batch, everything, by=request.user)  # type: ignore[arg-type]
            else:
                deciding.decide(batch, sides, by=request.user)  # type: ignore[arg-type]
            return _on(request, batch)

        return watched(request, work, back_with(request, address(batch)))

    def confirm_view(self, request: HttpRequest, key: int) -> HttpResponseBase:
        batch = self._posted(request, key)

        def work(progress: Progress) -> str:
            if applying.confirm(batch, by=request.user, progress=progress):  # type: ignore[arg-type]
                return address(batch)
            return f"{address(batch)}?overtaken=1"

        return watched(request, work, back_with(request, address(batch)))

    def undo_view(self, request: HttpRequest, key: int) -> HttpResponseBase:
        batch = self._posted(request, key)

        def work(progress: Progress) -> str:
            undoing.undo(batch, by=request.user)  # type: ignore[arg-type]
            return address(batch)

        return watched(request, work, back_with(request, address(batch)))

    def _posted(self, request: HttpRequest, key: int) -> Batch:
        batch = self._batch(request, key)
        if request.method != "POST":
            raise Http404
        return batch


def address(batch: Batch) -> str:
    return reverse("admin:policies_batch_change", args=[batch.pk])


def _on(request: HttpRequest, batch: Batch) -> str:
    """The same page of the same list, so that one can go on deciding."""
    page = request.POST.get("page", "")
    query = f"?page={page}" if page.isdecimal() and len(page) < 7 else ""
    return f"{address(batch)}{query}#changes"


def _counts(batch: Batch) -> list[tuple[str, list[int]]]:
    """How many rows of each sheet have which status."""
    return [
        (sheet, [counts.get(status, 0) for status in STATUSES])
        for sheet, counts in batch.counts.items()
    ]
