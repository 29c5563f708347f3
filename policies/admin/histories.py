"""The history of a section and of a factsheet: who changed what, what differs, and the way back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from policies import restoring
from policies.admin import outcome
from policies.admin.base import allowed
from policies.admin.taking import words
from policies.differences import Difference, Names, difference
from policies.document import Document
from policies.history import content_of, contents
from policies.models import Factsheet, Publication, ReviewEvent, Section, SectionRevision, User
from policies.roles import Step

APPROVED, PUBLISHED = "approved", "published"
STEPS = 40  # a page of a factsheet's history


class HistoryPage(admin.ModelAdmin):
    """Our own history in the place of Django's log: read by GET, restored from by POST."""

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if row is None:
            missing = self._get_obj_does_not_exist_redirect  # type: ignore[attr-defined]
            return missing(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if request.method == "POST":
            return self._restored(request, row)
        context = {
            **admin.site.each_context(request),
            "opts": self.opts,
            "original": row,
            **self.history_of(request, row),
        }
        template = f"admin/policies/{self.opts.model_name}_history.html"
        return TemplateResponse(request, template, context)

    def history_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the page of a row shows."""
        raise NotImplementedError

    def restore(self, request: HttpRequest, row: Any, by: User, note: str) -> str:
        """Bring back what the form names; returns what to say."""
        raise NotImplementedError

    def _restored(self, request: HttpRequest, row: Any) -> HttpResponse:
        factsheet = row if isinstance(row, Factsheet) else row.factsheet
        before, passed = outcome.score_of(factsheet.pk), outcome.reviewed(factsheet.pk)
        note = request.POST.get("note", "").strip()
        try:
            done = self.restore(request, row, request.user, note)  # type: ignore[arg-type]
        except (ValidationError, PermissionDenied) as error:
            for message in words(error):
                messages.error(request, message)
        else:
            messages.success(request, done)
            outcome.tell(request, factsheet.pk, before, passed)
        return HttpResponseRedirect(request.path)


# A section


@dataclass(frozen=True)
class Side:
    """One of the two states of a section that are compared."""

    value: str
    title: str
    content: Document | None
    revision: SectionRevision | None = None


@dataclass(frozen=True)
class Compared:
    before: Side
    after: Side
    difference: Difference


class SectionHistory(HistoryPage):
    def history_of(self, request, row):
        revisions = list(revisions_of(row))
        compared = _compared(request, row, revisions)
        may_write = allowed(request, Step.WRITE, row.factsheet)
        return {
            "title": _("History of %(section)s") % {"section": row},
            "section": row,
            "revisions": revisions,
            "compared": compared,
            "unknown": compared is None and bool(revisions),
            "published": current_version(row.factsheet_id),
            "restorable": _restorable(compared, revisions) if may_write else None,
        }

    def restore(self, request, row, by, note):
        revision = _asked(request, "revision", revisions_of(row))
        seen = request.POST.get("seen", "")
        if not seen.isdecimal():
            raise Http404
        new = restoring.restore(revision, by=by, note=note, seen=int(seen[:9]))
        if new is None:
            return _("Nothing was written: the section holds just what #%(number)d held.") % {
                "number": revision.number
            }
        numbers = {"old": revision.number, "new": new.number}
        return _("Restored from #%(old)d; the section is now #%(new)d, a draft.") % numbers


def revisions_of(section: Section) -> QuerySet[SectionRevision]:
    """The newest first, with those of a policy that was deleted and came back; no contents."""
    before = Q(
        section=None,
        factsheet=section.factsheet_id,
        policy_code=section.policy.code if section.policy else "",
        type=section.type_id,
    )
    events = ReviewEvent.objects.select_related("by").order_by("at", "pk")
    return (
        SectionRevision.objects.filter(Q(section=section) | before)
        .select_related("author", "type")
        .prefetch_related(Prefetch("events", events))
        .defer("content")
        .order_by("-pk")
    )


def _asked(
    request: HttpRequest, name: str, revisions: QuerySet[SectionRevision]
) -> SectionRevision:
    """The revision that a form names; one of another section is none."""
    asked = request.POST.get(name, "")
    if not asked.isdecimal() or len(asked) > 18:
        raise Http404
    return get_object_or_404(revisions, pk=int(asked))


def _compared(
    request: HttpRequest, section: Section, revisions: list[SectionRevision]
) -> Compared | None:
    """The two that are asked for; unasked, the newest against the one before it."""
    if not revisions:
        return None
    keys = [str(revision.pk) for revision in revisions]
    after = _side(request.GET.get("to", keys[0]), section, revisions)
    earlier = keys[keys.index(after.value) + 1 :] if after and after.value in keys else []
    before = _side(request.GET.get("from", earlier[0] if earlier else ""), section, revisions)
    if before is None or after is None:
        return None
    changed = difference(before.content, after.content, names_of(section))
    return Compared(before, after, changed)


def _side(value: str, section: Section, revisions: list[SectionRevision]) -> Side | None:
    if not value:
        return Side(value, _("an empty section"), None)
    if value == PUBLISHED:
        return published_side(section)
    if value == APPROVED:
        value = str(section.approved_revision_id)
    revision = next((revision for revision in revisions if str(revision.pk) == value), None)
    if revision is None:
        return None
    return Side(value, f"#{revision.number}", content_of(revision), revision)


def published_side(section: Section) -> Side | None:
    """What readers see of the section; None as content if the version does not have it."""
    current = Publication.objects.current().filter(factsheet=section.factsheet_id).first()
    if current is None:
        return None
    key = (section.policy.code if section.policy else "", section.type.code)
    title = _("version %(number)d, as published") % {"number": current.number}
    return Side(PUBLISHED, title, contents(current.document).get(key))


def current_version(factsheet: int) -> int | None:
    current = Publication.objects.current().filter(factsheet=factsheet)
    return current.values_list("number", flat=True).first()


def names_of(section: Section) -> Names:
    """What the codes in a section's contents are called today."""
    labels = section.type.categories.values_list("code", "label")
    names = {("category", code): label for code, label in labels}
    if section.type.code == "introduction":
        policies = section.factsheet.policies.all()
        names |= {("policy", policy.code): str(policy) for policy in policies}
    return names


def _restorable(
    compared: Compared | None, revisions: list[SectionRevision]
) -> SectionRevision | None:
    """The older of the two, if it is compared with what the section holds now."""
    if compared is None or compared.after.revision != revisions[0]:
        return None
    older = compared.before.revision
    return older if older and older != revisions[0] and compared.difference else None


# A factsheet


@dataclass
class Change:
    """All that one step changed, however many sections that were."""

    at: datetime
    author: Any
    source: str
    note: str
    revisions: list[SectionRevision]


class FactsheetHistory(HistoryPage):
    def history_of(self, request, row):
        page = _steps(row, request.GET.get("p", "1"))
        return {
            "title": _("History of %(factsheet)s") % {"factsheet": row},
            "page": page,
            "changes": _changes(row, page.object_list),
            "deleted": restoring.deleted_policies(row),
            "may_write": allowed(request, Step.WRITE, row),
        }

    def restore(self, request, row, by, note):
        code = request.POST.get("policy", "")
        policy = restoring.restore_policy(row, code, by=by, note=note)
        return _("“%(policy)s” is back, with all its sections as they last were.") % {
            "policy": policy
        }


def _steps(factsheet: Factsheet, number: str) -> "Page[Any]":
    """The moments of change, the latest first: all revisions of one step carry the same."""
    moments = factsheet.revisions.order_by("-created_at").values_list("created_at", flat=True)
    return Paginator(moments.distinct(), STEPS).get_page(number)


def _changes(factsheet: Factsheet, moments: Iterable[datetime]) -> list[Change]:
    revisions = (
        factsheet.revisions.filter(created_at__in=list(moments))
        .select_related("author", "type", "section__policy", "section__type")
        .defer("content")
        .order_by("-created_at", "policy_code", "type__order", "pk")
    )
    changes: dict[tuple[Any, ...], Change] = {}
    for revision in revisions:
        step = (revision.created_at, revision.author, revision.source, revision.note)
        change = changes.setdefault(
            step, Change(step[0], step[1], revision.get_source_display(), step[3], [])
        )
        change.revisions.append(revision)
    return list(changes.values())
