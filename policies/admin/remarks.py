"""What the checks found and what people said of a section, shown where it is written."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from policies.addresses import review_page
from policies.admin.overview import notes_of
from policies.document import drafts
from policies.models import Factsheet
from policies.readiness import verdict


def attach(factsheet: Factsheet, sections: Iterable[Any]) -> None:
    """Give the sections of a form `findings`, `remarks` and `review`, of the stored draft."""
    (draft,) = drafts([factsheet.pk])
    notes = notes_of(draft, verdict(draft, timezone.localdate()))
    for section in sections:
        section.findings = notes.findings[section.anchor]
        section.remarks = notes.comments[section.anchor]
        section.review = review_page(factsheet.pk, f"review-{section.anchor}")
