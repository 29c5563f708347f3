"""The steps of review and publication as actions of lists; `workflow.py` takes each step."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from policies import mailing, readiness, workflow
from policies.admin.base import allowed
from policies.document import drafts
from policies.lint import Finding
from policies.models import Factsheet, Publication, Section
from policies.presentation.words import points
from policies.roles import TABLE, Step

SHOWN = 12  # refusals; more are counted

SECTION_STEPS: dict[Step, Callable[..., None]] = {
    Step.SUBMIT: workflow.submit,
    Step.RETURN: workflow.return_,
    Step.APPROVE: workflow.approve,
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
}
NOTHING = {
    Step.SUBMIT: gettext_lazy("There is nothing to submit: no section chosen is a draft."),
    Step.RETURN: gettext_lazy("There is nothing to return: no section chosen is submitted."),
    Step.APPROVE: gettext_lazy("There is nothing to approve: no section chosen is submitted."),
}


def waiting(sections: QuerySet[Section], step: Step) -> QuerySet[Section]:
    """The sections that are in a state from which the step leads on."""
    return sections.filter(state__in=TABLE[step].states)


class Asked(NamedTuple):
    """A row of the page that asks for a note, and what to know before going on."""

    row: Any
    problems: Sequence[str] = ()
    doubts: Sequence[Finding] = ()
    moved: str = ""


class StepsMixin(admin.ModelAdmin):
    """Shows a step to those who may take it, takes it row by row and reports every refusal."""

    def has_submit_permission(self, request):
        return allowed(request, Step.SUBMIT)

    def has_return_permission(self, request):
        return allowed(request, Step.RETURN)

    def has_approve_permission(self, request):
        return allowed(request, Step.APPROVE)

    def has_publish_permission(self, request):
        return allowed(request, Step.PUBLISH)

    def has_withdraw_permission(self, request):
        return allowed(request, Step.WITHDRAW)

    def offered(self, request: HttpRequest, useful: dict[str, Any]) -> list[tuple[str, str]]:
        """The actions that the person may take and that have something to do, to be buttons."""
        actions = self.get_actions(request)
        return [
            (name, str(action[2]))
            for name, action in actions.items()
            if action and useful.get(name)
        ]

    def take(self, request: HttpRequest, rows: Iterable[Any], step: Callable[[Any], Any]) -> int:
        """Take the step with each row on its own; how many times it was taken."""
        taken = 0
        refusals: list[str] = []
        with mailing.digest():
            for row in rows:
                try:
                    step(row)
                    taken += 1
                except (ValidationError, PermissionDenied) as error:
                    refusals += words(error)
        _report(request, list(dict.fromkeys(refusals)))
        return taken

    def ask(
        self, request: HttpRequest, action: str, rows: list[Asked], **context: Any
    ) -> TemplateResponse:
        """A page between the list and the step, on which a note is written."""
        context = {
            **admin.site.each_context(request),
            "opts": self.opts,
            "action": action,
            "rows": rows,
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "back": back(self, request) or request.get_full_path(),
            **context,
        }
        return TemplateResponse(request, "admin/policies/step.html", context)


def words(error: ValidationError | PermissionDenied) -> list[str]:
    return error.messages if isinstance(error, ValidationError) else [str(error)]


def _report(request: HttpRequest, refusals: list[str]) -> None:
    for refusal in refusals[:SHOWN]:
        messages.error(request, refusal)
    if len(refusals) > SHOWN:
        rest = {"count": len(refusals) - SHOWN}
        messages.error(request, _("… and %(count)d more refusals.") % rest)


def back(page: Any, request: HttpRequest) -> str | None:
    """The row's own page, if a button there started the step; else the list."""
    selected = request.POST.getlist(ACTION_CHECKBOX_NAME)
    if "from_row" not in request.POST or len(selected) != 1:
        return None
    return reverse(f"admin:policies_{page.opts.model_name}_change", args=selected)


def returning(page: Any, request: HttpRequest) -> HttpResponseRedirect | None:
    address = back(page, request)
    return HttpResponseRedirect(address) if address else None


class SectionSteps(StepsMixin):
    """Submit, return and approve; a page says which sections its chosen rows stand for."""

    def sections(self, rows: QuerySet[Any]) -> QuerySet[Section]:
        raise NotImplementedError

    @admin.action(description=gettext_lazy("Submit the drafts"), permissions=["submit"])
    def submit(self, request, queryset):
        return self._walk(request, queryset, Step.SUBMIT)

    @admin.action(description=gettext_lazy("Approve what is submitted"), permissions=["approve"])
    def approve(self, request, queryset):
        return self._walk(request, queryset, Step.APPROVE)

    @admin.action(description=gettext_lazy("Return what is submitted…"), permissions=["return"])
    def return_(self, request, queryset):
        comment = request.POST.get("note", "").strip()
        if comment:
            return self._walk(request, queryset, Step.RETURN, comment)
        return self.ask(
            request,
            "return_",
            [Asked(row) for row in waiting(self.sections(queryset), Step.RETURN)],
            title=_("Return sections to their editor"),
            label=_("What should be changed"),
            required=True,
            missing="note" in request.POST,
            button=_("Return"),
        )

    def _walk(
        self, request: HttpRequest, rows: QuerySet[Any], step: Step, comment: str = ""
    ) -> HttpResponseRedirect | None:
        found = waiting(self.sections(rows), step).select_related("factsheet", "policy", "type")
        by = request.user
        function = SECTION_STEPS[step]
        taken = self.take(request, found, lambda row: function(row, by=by, comment=comment))
        if taken:
            messages.success(request, DONE[step] % {"count": taken})
        elif not found:
            messages.warning(request, NOTHING[step])
        return returning(self, request)


class PublicationSteps(StepsMixin):
    """Publish factsheets and withdraw versions, each with a note."""

    @admin.action(description=gettext_lazy("Publish…"), permissions=["publish"])
    def publish(self, request, queryset):
        if "note" not in request.POST:
            rows = list(_readiness(queryset))
            return self.ask(
                request,
                "publish",
                rows,
                blocked=all(row.problems for row in rows),
                title=_("Publish"),
                label=_("What changed since the last version"),
                help=_("Readers see it in the list of versions. May stay empty."),
                button=_("Publish"),
            )
        note = request.POST["note"].strip()
        self.take(request, queryset, lambda row: self._publish(request, row, note))
        return returning(self, request)

    def _publish(self, request: HttpRequest, factsheet: Factsheet, note: str) -> None:
        publication = workflow.publish(factsheet, by=request.user, note=note)  # type: ignore[arg-type]
        link = '<a href="{}">{}</a>'
        message = _("%(version)s is published: readers see it now.")
        shown = format_html(link, publication.factsheet.get_absolute_url(), publication)
        messages.success(request, format_html(message.replace("%(version)s", "{}"), shown))

    @admin.action(description=gettext_lazy("Withdraw from readers…"), permissions=["withdraw"])
    def withdraw(self, request, queryset):
        versions = self.versions(queryset).filter(withdrawn_at=None)
        reason = request.POST.get("note", "").strip()
        if not versions:
            messages.warning(request, _("There is nothing to withdraw: no version is current."))
        elif not reason:
            return self.ask(
                request,
                "withdraw",
                [Asked(row) for row in versions],
                title=_("Withdraw a version"),
                label=_("Why it is withdrawn"),
                help=_("Readers who open its address see this. No older version takes its place."),
                required=True,
                missing="note" in request.POST,
                button=_("Withdraw"),
            )
        by = request.user
        taken = self.take(
            request, versions, lambda row: workflow.withdraw(row, by=by, reason=reason)
        )
        if taken:
            done = ngettext("%(count)d version withdrawn.", "%(count)d versions withdrawn.", taken)
            messages.success(request, done % {"count": taken})
        return returning(self, request)

    def versions(self, rows: QuerySet[Any]) -> QuerySet[Publication]:
        """The current versions of the chosen factsheets."""
        return Publication.objects.current().filter(factsheet__in=rows.values("pk"))


def _readiness(factsheets: QuerySet[Factsheet]) -> Iterator[Asked]:
    """Each factsheet with what keeps it from being published, and what deserves a look."""
    today = timezone.localdate()
    keys = list(factsheets.values_list("pk", flat=True))
    current = _current(keys)
    for draft in drafts(keys):
        checked = readiness.verdict(draft, today)
        problems = [words(error) for error in readiness.unpublishable(draft, checked)]
        sentences = [sentence for found in problems for sentence in found]
        moved = _moved(current.get(draft.pk), draft)
        doubts = [finding for warned in checked.warnings for finding in warned.findings]
        yield Asked(draft, sentences, doubts, moved)


def _current(factsheets: list[int]) -> dict[int, Publication]:
    found = Publication.objects.current().filter(factsheet__in=factsheets).defer("document_json")
    return {publication.factsheet_id: publication for publication in found}


def _moved(published: Publication | None, draft: Factsheet) -> str:
    """ "1.5 → 3 since version 1", where the total is another than readers see now."""
    total = draft.assessment.total
    if published is None or published.total == total:
        return ""
    return _("%(before)s → %(after)s since version %(number)d") % {
        "before": points(published.total),
        "after": points(total),
        "number": published.number,
    }
