"""The steps of review and publication as actions of lists; `workflow` takes each step."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from policies import readiness, workflow
from policies.admin.base import allowed
from policies.admin.taking import Asked, StepsMixin, returning, take
from policies.models import ChangeKind, Section, SectionRevision
from policies.roles import TABLE, Role, Step

SECTION_STEPS: dict[Step, Callable[..., None]] = {
    Step.SUBMIT: workflow.submit,
    Step.RETURN: workflow.return_,
    Step.APPROVE: workflow.approve,
    Step.REOPEN: workflow.reopen,
    Step.CONFIRM: workflow.confirm,
}
DONE = {
    Step.SUBMIT: ngettext_lazy(
        "%(count)d section submitted.", "%(count)d sections submitted.", "count"
    ),
    Step.RETURN: ngettext_lazy(
        "%(count)d section returned.", "%(count)d sections returned.", "count"
    ),
    Step.APPROVE: ngettext_lazy(
        "%(count)d section approved.", "%(count)d sections approved.", "count"
    ),
    Step.REOPEN: ngettext_lazy(
        "%(count)d section is a draft again.", "%(count)d sections are drafts again.", "count"
    ),
    Step.CONFIRM: ngettext_lazy(
        "%(count)d section confirmed.", "%(count)d sections confirmed.", "count"
    ),
}
NOTHING = {
    Step.SUBMIT: gettext_lazy("There is nothing to submit: no section chosen is a draft."),
    Step.RETURN: gettext_lazy("There is nothing to return: no section chosen is submitted."),
    Step.APPROVE: gettext_lazy("There is nothing to approve: no section chosen is submitted."),
    Step.REOPEN: gettext_lazy(
        "There is nothing to reopen: no section chosen is submitted or approved."
    ),
    Step.CONFIRM: gettext_lazy(
        "There is nothing to confirm: no section chosen was carried over from the last edition."
    ),
}


# Sections


def waiting(sections: QuerySet[Section], step: Step) -> QuerySet[Section]:
    """The sections that are in a state from which the step leads on."""
    found = sections.filter(state__in=TABLE[step].states)
    return found.filter(is_unconfirmed=True) if step is Step.CONFIRM else found


def seen_of(sections: Iterable[Section]) -> str:
    """Which sections a page shows, and in which versions, as its forms send it back."""
    return " ".join(f"{section.pk}:{section.version}" for section in sections)


def versions_seen(sent: Iterable[str]) -> dict[int, int]:
    """By the key of a section, the version that the page showed."""
    found = re.findall(r"\b(\d{1,18}):(\d{1,9})\b", " ".join(sent))
    return {int(pk): int(version) for pk, version in found}


class SectionSteps(StepsMixin):
    """Submit, return, approve, reopen, confirm; a page says which sections its rows stand for."""

    def sections(self, rows: QuerySet[Any]) -> QuerySet[Section]:
        raise NotImplementedError

    @admin.action(description=gettext_lazy("Submit the drafts"), permissions=["submit"])
    def submit(self, request, queryset):
        kind = request.POST.get("kind", "")
        chosen = [] if kind else self._chosen(request, queryset, Step.SUBMIT)
        changed = [section for section in chosen if readiness.differs_from_published(section)]
        if changed:
            return self.ask(
                request,
                "submit",
                [Asked(section) for section in changed],
                title=_("Submit a change of what is published"),
                kinds=ChangeKind.choices,
                no_kind="kind" in request.POST or "note" in request.POST,
                note=request.POST.get("note", ""),
                label=_("Comment for the reviewers"),
                button=_("Submit"),
            )
        comment = request.POST.get("note", "").strip()
        return self._walk(request, queryset, Step.SUBMIT, comment=comment, kind=kind)

    @admin.action(description=gettext_lazy("Approve what is submitted"), permissions=["approve"])
    def approve(self, request, queryset):
        return self._walk(request, queryset, Step.APPROVE)

    @admin.action(description=gettext_lazy("Return what is submitted…"), permissions=["return"])
    def return_(self, request, queryset):
        comment = request.POST.get("note", "").strip()
        chosen = self._chosen(request, queryset, Step.RETURN)
        if comment or not chosen:
            return self._walk(request, queryset, Step.RETURN, comment=comment)
        return self.ask(
            request,
            "return_",
            [Asked(section) for section in chosen],
            title=_("Return sections to their editor"),
            label=_("What should be changed"),
            required=True,
            missing="note" in request.POST,
            button=_("Return"),
        )

    @admin.action(description=gettext_lazy("Take back to draft"), permissions=["reopen"])
    def reopen(self, request, queryset):
        return self._walk(request, queryset, Step.REOPEN)

    @admin.action(description=gettext_lazy("Confirm as still true"), permissions=["confirm"])
    def confirm(self, request, queryset):
        return self._walk(request, queryset, Step.CONFIRM)

    def _chosen(self, request: HttpRequest, rows: QuerySet[Any], step: Step) -> list[Section]:
        """What the step is for, in the versions that the page showed if it told them."""
        found = waiting(self.sections(rows), step)
        sections = list(found.select_related("factsheet", "policy", "type"))
        seen = versions_seen(request.POST.getlist("seen"))
        if not seen:
            return sections
        if request.POST.get("select_across", "0") == "0":  # what came since was not seen
            sections = [section for section in sections if section.pk in seen]
        for section in sections:
            section.version = seen.get(section.pk, section.version)
        return sections

    def _walk(
        self, request: HttpRequest, rows: QuerySet[Any], step: Step, **told: str
    ) -> HttpResponseRedirect | None:
        sections = self._chosen(request, rows, step)
        by = request.user
        function = SECTION_STEPS[step]
        taken = take(request, sections, lambda section: function(section, by=by, **told))
        if taken:
            messages.success(request, DONE[step] % {"count": taken})
        elif not sections:
            messages.warning(request, NOTHING[step])
        return returning(self, request)

    def useful(self, request: HttpRequest, row: Any) -> dict[str, str]:
        """By action, the sections of a row with which it leads on, as `seen_of` tells them."""
        author = SectionRevision.objects.filter(section=OuterRef("pk"), number=OuterRef("version"))
        mended = Exists(author.filter(author__groups__name=Role.REVIEWER))
        own = self.sections(type(row).objects.filter(pk=row.pk)).order_by("type__order", "pk")
        sections = list(own.annotate(is_mended=mended))
        steps = {"submit": Step.SUBMIT, "reopen": Step.REOPEN, "return_": Step.RETURN}
        found = {name: [s for s in sections if leads_on(s, step)] for name, step in steps.items()}
        judges = allowed(request, Step.APPROVE)
        found["approve"] = [s for s in found["return_"] if judges or s.is_mended]
        found["confirm"] = [s for s in found["submit"] if s.is_unconfirmed]
        return {name: seen_of(those) for name, those in found.items()}


def leads_on(section: Section, step: Step) -> bool:
    return section.state in TABLE[step].states
