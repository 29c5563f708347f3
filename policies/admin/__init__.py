"""The editors' workplace: Django's admin, asked to look after factsheets."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from policies.admin import (
    authority,
    batches,
    edition,
    factsheet,
    people,
    policy,
    records,
    reference,
    rubrics,
    section,
    translation,
)

__all__ = [
    "authority",
    "batches",
    "edition",
    "factsheet",
    "people",
    "policy",
    "records",
    "reference",
    "rubrics",
    "section",
    "translation",
]

admin.site.site_header = _("Cluster Policy Factsheets")
admin.site.site_title = _("Cluster Policy Factsheets")
admin.site.index_title = _("Write, review and publish")
# Every page has its links at hand; a list of all tables beside a form only takes its width.
admin.site.enable_nav_sidebar = False
# Deleting takes a page of its own that says what goes with it.
admin.site.disable_action("delete_selected")
