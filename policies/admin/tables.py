"""Sending a reference table in as a file, and getting it as one: the pages of django-import-export.

A file is checked and shown first; what is confirmed is done just as it was shown, or not at all.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportMixin

from policies.changes import Source, change_set
from policies.spreadsheet.formats import CSV, XLSX
from policies.spreadsheet.guard import Limits, Refused
from policies.spreadsheet.staging import DatabaseStorage, Gone
from policies.spreadsheet.strict_table import StrictTable, apply, rehearse
from policies.spreadsheet.table_files import opened, written
from policies.spreadsheet.table_results import TableResult

SHOWN = 200  # rows or errors on the page; more than that nobody reads


class TableUpload(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("A workbook (.xlsx) with one sheet, or a .csv file in UTF-8."),
    )

    def clean_file(self):
        """Opens the file, which is then in `sent`, and its bytes in `data`."""
        upload = self.cleaned_data["file"]
        limits = Limits.from_settings()
        if upload.size > limits.file_bytes:
            message = _("The file is too large: at most %(limit)d MB can be uploaded.")
            raise ValidationError(message % {"limit": limits.file_bytes // 1024**2})
        self.data_sent = upload.read()
        try:
            self.sent = opened(self.data_sent, upload.name)
        except Refused as error:
            raise ValidationError(str(error)) from error
        return upload


class TableDownload(forms.Form):
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[
            ("xlsx", gettext_lazy("XLSX, for Excel and LibreOffice")),
            ("csv", gettext_lazy("CSV, comma-separated text in UTF-8")),
        ],
        widget=forms.RadioSelect,
        initial="xlsx",
    )


class TableExchange(ImportExportMixin):
    """Import and export of a table whose resource is a `StrictTable`."""

    formats = [XLSX, CSV]
    tmp_storage_class = DatabaseStorage
    import_export_change_list_template = "admin/policies/table_list.html"
    import_template_name = "admin/policies/table_import.html"
    export_template_name = "admin/policies/table_export.html"

    @property
    def table(self) -> type[StrictTable]:
        return self.resource_classes[0]

    def has_import_permission(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    # In

    def import_action(self, request, **kwargs):
        """Check a file and show what it would do."""
        self._require_import(request)
        if request.method != "POST":
            return self._import_page(request, TableUpload())
        form = TableUpload(request.POST, request.FILES)
        if not form.is_valid():
            return self._import_page(request, form)
        result = rehearse(self.table, form.sent)
        storage = self._storage(request, filename=form.cleaned_data["file"].name)
        if result.is_sound and result.changed:
            storage.save(form.data_sent)
        return self._shown(request, storage, result)

    @method_decorator(require_POST)
    def process_import(self, request, **kwargs):
        """Do what the page showed; if it would be something else by now, show that."""
        self._require_import(request)
        storage = self._storage(request, name=request.POST.get("staged", ""))
        try:
            sent = opened(storage.read(), storage.filename)
        except (Gone, Refused) as error:
            return self._import_page(request, TableUpload(), notice=str(error))
        with change_set(by=request.user, source=Source.SPREADSHEET, note=self._note(storage)):
            if result := apply(self.table, sent, request.POST.get("seen", "")):
                storage.remove()
                return self.process_result(result, request)
        return self._shown(request, storage, rehearse(self.table, sent), changed_since=True)

    def _require_import(self, request: HttpRequest) -> None:
        if not self.has_import_permission(request):
            raise PermissionDenied

    def _storage(self, request: HttpRequest, **given: str) -> DatabaseStorage:
        return self.get_tmp_storage_class()(by=request.user, purpose=self.opts.label, **given)

    def _note(self, storage: DatabaseStorage) -> str:
        words = {"table": capfirst(self.opts.verbose_name_plural), "file": storage.filename}
        return (_("%(table)s from the file %(file)s") % words)[:500]

    def _shown(
        self,
        request: HttpRequest,
        storage: DatabaseStorage,
        result: TableResult,
        *,
        changed_since: bool = False,
    ) -> HttpResponseBase:
        context = {
            "result": result,
            "filename": storage.filename,
            "staged": storage.name,
            "changed_since": changed_since,
            "rows": result.changed[:SHOWN],
            "more_rows": max(0, len(result.changed) - SHOWN),
            "problems": result.problems[:SHOWN],
            "more_problems": max(0, len(result.problems) - SHOWN),
        }
        return self._import_page(request, TableUpload(), **context)

    def _import_page(
        self, request: HttpRequest, form: TableUpload, **context: Any
    ) -> HttpResponseBase:
        words = {"table": self.opts.verbose_name_plural}
        context |= {
            "columns": self.table.headers(),
            "keys": self.table.keys,
            "lasting": self.table.lasting,
        }
        title = _("Import %(table)s") % words
        return self._page(request, self.import_template_name, form=form, title=title, **context)

    def _page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponseBase:
        request.current_app = self.admin_site.name
        common = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, {**common, **context})

    def generate_log_entries(self, result, request):
        for row in result.changed:
            columns = ", ".join(each.column for each in row.differences)
            message = _("Imported: %(columns)s.") % {"columns": columns}
            log = self.log_addition if row.is_new() else self.log_change
            log(request, row.instance, message)

    def add_success_message(self, result, request):
        message = _("The import is done: %(new)d new, %(changed)d changed.") % result.counts
        messages.success(request, f"{message} {drafts_in_words(result.drafts)}".strip())

    # Out

    def export_action(self, request):
        """All columns of the rows that the list shows."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_export_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)
        form = TableDownload(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                return self._file(request, form.cleaned_data["format"], rows)
            except Refused as error:
                form.add_error("format", str(error))
        context = {"form": form, "count": rows.count(), "all": self.model.objects.count()}
        title = _("Export %(table)s") % {"table": self.opts.verbose_name_plural}
        return self._page(request, self.export_template_name, title=title, **context)

    def _file(self, request: HttpRequest, name: str, rows: QuerySet) -> HttpResponse:
        kind = next(each for each in self.formats if each.name == name)
        data = written(name, self.table(), rows)
        filename = self.get_export_filename(request, rows, kind())
        disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
        return HttpResponse(data, content_type=kind.content_type, headers=disposition)


def drafts_in_words(count: int) -> str:
    """How many drafts a change of the tables reaches."""
    if not count:
        return ""
    message = ngettext(
        "%(count)d draft was scored again.", "%(count)d drafts were scored again.", count
    )
    return message % {"count": count}
