"""Taking drafts out as a workbook: buttons on the page of a factsheet, actions on selections."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.spreadsheet.exporting import Exported, export

LAYOUTS = {"xlsx": "", "ods": "", "csv": "", "wide": "wide"}


FORMATS = (
    ("xlsx", _("Workbook (XLSX)")),
    ("ods", _("Workbook (ODS)")),
    ("csv", _("CSV files (ZIP)")),
    ("wide", _("Wide table to read (XLSX)")),
)


def attached(file: Exported) -> HttpResponse:
    response = HttpResponse(file.data, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.filename}"'
    response["Cache-Control"] = "no-store"
    return response


class WorkbookExport(admin.ModelAdmin):
    """Whoever may see a draft may take it out."""

    @admin.action(description=_("Export as a workbook (XLSX)"), permissions=["view"])
    def export_xlsx(self, request, queryset):
        return self._exported(request, queryset, "xlsx")

    @admin.action(description=_("Export as a workbook (ODS)"), permissions=["view"])
    def export_ods(self, request, queryset):
        return self._exported(request, queryset, "ods")

    @admin.action(description=_("Export as CSV files (ZIP)"), permissions=["view"])
    def export_csv(self, request, queryset):
        return self._exported(request, queryset, "csv")

    @admin.action(description=_("Export a wide table to read (XLSX)"), permissions=["view"])
    def export_wide(self, request, queryset):
        return self._exported(request, queryset, "wide")

    def get_urls(self):
        one = self.admin_site.admin_view(self.export_view)
        listed = self.admin_site.admin_view(self.export_list_view)
        own = [
            path("<int:key>/export/<slug:kind>/", one, name="policies_factsheet_export"),
            path("export/<slug:kind>/", listed, name="policies_factsheet_export_list"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"formats": FORMATS, **(extra_context or {})})

    def render_change_form(self, request, context, *args, **kwargs):
        context["formats"] = FORMATS
        return super().render_change_form(request, context, *args, **kwargs)

    def export_list_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """All that the list shows under its filters, on whichever of its pages."""
        if kind not in LAYOUTS or not self.has_view_permission(request):
            raise Http404
        try:
            listed = self.get_changelist_instance(request)
        except IncorrectLookupParameters as error:
            raise Http404 from error
        return self._exported(request, listed.queryset, kind)

    def export_view(self, request: HttpRequest, key: int, kind: str) -> HttpResponse:
        """One factsheet, of those that the person may see."""
        factsheets = self.get_queryset(request).filter(pk=key)
        if kind not in LAYOUTS or not factsheets.exists():
            raise Http404
        return self._exported(request, factsheets, kind)

    def _exported(self, request, factsheets, kind):
        keys = list(factsheets.order_by().values_list("pk", flat=True))
        layout = LAYOUTS[kind]
        file = export(
            keys,
            kind="xlsx" if layout else kind,
            layout=layout,
            by=request.user,
            now=timezone.now(),
        )
        return attached(file)
