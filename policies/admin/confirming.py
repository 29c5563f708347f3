"""What was carried over from the last edition, on the forms where it is confirmed or changed."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies import workflow
from policies.admin.base import FactAdmin, allowed, number
from policies.admin.content import bibliography, content_as_html
from policies.admin.overtaking import attempt_of
from policies.changes import Source
from policies.differences import Difference, difference
from policies.document import Document
from policies.history import content_of
from policies.models import Part, Section, SectionRevision
from policies.roles import Step
from policies.workflow.recording import logger

STILL_TRUE = "still_true"  # the boxes that confirm sections, by key


@dataclass(frozen=True)
class Carried:
    """What a section held when its edition was opened, to stand beside its form."""

    note: str
    waits: bool  # for somebody who confirms or changes it
    ticked: bool
    html: SafeString | str = ""
    since: Difference | None = None


class Confirming(FactAdmin):
    """Shows what was carried over, and confirms the ticked sections after all is saved."""

    def render_change_form(self, request, context, *args, **kwargs):
        sections = list(_sections(context))
        show(sections, request.POST.getlist(STILL_TRUE))
        context["may_confirm"] = context["original"] and allowed(
            request, Step.CONFIRM, context["factsheet"]
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        ticked = request.POST.getlist(STILL_TRUE)
        if not ticked:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            response = super().changeform_view(request, object_id, form_url, extra_context)
            if attempt_of(request).saved:
                confirm(request, self._factsheet(request, object_id), ticked)
        return response


def _sections(context: dict[str, Any]) -> Iterator[Section]:
    """Those that the page shows, whose forms are the rows of its formsets."""
    own = (context.get(name) for name in ("head", "bibliography"))
    yield from (section for section in own if section)
    for inline in context["inline_admin_formsets"]:
        rows = (form.instance for form in inline.formset.forms)
        yield from (row for row in rows if isinstance(row, Section) and row.type_id)


def show(sections: Sequence[Section], ticked: Collection[str]) -> None:
    """Give each section that was carried over what it held, or how it was changed since."""
    first = _revisions(sections, source=Source.EDITION)
    changed = [
        section
        for section in sections
        if section.pk in first
        and not section.is_unconfirmed
        and first[section.pk].content_hash != section.content_hash
    ]
    now = _revisions(changed, number=F("section__version")) if changed else {}
    references = bibliography(sections[0].factsheet_id) if first else {}
    for section in sections:
        if section.is_unconfirmed or section.pk in now:
            carried = first.get(section.pk)
            section.carried = Carried(  # type: ignore[attr-defined]
                note=carried.note if carried else _("Carried over"),
                waits=section.is_unconfirmed,
                ticked=str(section.pk) in ticked,
                html=_html(section, carried, references),
                since=_since(section, carried, now.get(section.pk)),
            )


def _revisions(sections: Iterable[Section], **which: Any) -> dict[int, SectionRevision]:
    """By section, the first of these revisions."""
    keys = [section.pk for section in sections]
    found = SectionRevision.objects.filter(section__in=keys, **which).select_related("type")
    return {each.section_id: each for each in found.order_by("-number") if each.section_id}


def _html(section: Section, carried: SectionRevision | None, references: Any) -> SafeString | str:
    """The references of a bibliography stand in its form; nothing else tells more."""
    if carried is None or section.type.part == Part.BIBLIOGRAPHY:
        return ""
    content = {k: v for k, v in content_of(carried).items() if _says(k, v)}
    return content_as_html(content, section.type, section.factsheet_id, references)


def _says(key: str, value: Any) -> bool:
    return key not in ("language", "policies") and value not in (None, "", [], {})


def _since(
    section: Section, carried: SectionRevision | None, now: SectionRevision | None
) -> Difference | None:
    if carried is None or now is None:
        return None
    labels = {("category", c.code): c.label for c in section.type.categories.all()}
    return difference(_compared(carried), _compared(now), labels)


def _compared(revision: SectionRevision) -> Document:
    content = content_of(revision)
    return {key: value for key, value in content.items() if key != "policies"}


def confirm(request: HttpRequest, factsheet: int | None, ticked: Iterable[str]) -> None:
    """Confirm the sections that were ticked; one that was changed as well needs it no more."""
    keys = {number(each) or 0 for each in ticked}
    found = Section.objects.filter(factsheet=factsheet, pk__in=keys)
    sections = list(found.select_related("factsheet", "policy", "type"))
    if foreign := keys - {section.pk for section in sections}:
        logger.warning("refused: %s, confirm, sections %s elsewhere", request.user, foreign)
        messages.error(request, _("A ticked section does not belong to this page: not confirmed."))
    done = [section for section in sections if section.is_unconfirmed and _take(request, section)]
    if done:
        message = ngettext(
            "%(count)d section confirmed as still true.",
            "%(count)d sections confirmed as still true.",
            len(done),
        )
        messages.success(request, message % {"count": len(done)})


def _take(request: HttpRequest, section: Section) -> bool:
    try:
        workflow.confirm(section, by=request.user)  # type: ignore[arg-type]
    except (ValidationError, PermissionDenied) as error:
        messages.error(request, "\n".join(getattr(error, "messages", [str(error)])))
        return False
    return True
