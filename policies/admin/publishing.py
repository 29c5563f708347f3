"""Publishing factsheets and withdrawing versions, as actions of lists; `workflow` does it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from policies import mailing, readiness, workflow
from policies.addresses import review_page
from policies.admin.taking import Asked, StepsMixin, returning, take, words
from policies.document import drafts
from policies.models import Factsheet, Publication
from policies.presentation.words import points
from policies.readiness import Warned


@dataclass(frozen=True)
class Problem:
    """What keeps a factsheet from being published, and where on the review page it stands."""

    message: str
    address: str


@dataclass(frozen=True)
class Question:
    """A rule that warns, and the field in which somebody says why that may stand."""

    warned: Warned
    name: str
    typed: str
    missing: bool

    @property
    def id(self) -> str:
        return f"id_{self.name}"


@dataclass(frozen=True)
class ToPublish:
    """A factsheet on the page that asks what changed."""

    row: Factsheet
    problems: list[Problem]
    explained: list[Warned]
    questions: list[Question]
    moved: str
    needs_note: bool

    @property
    def reasons(self) -> dict[str, str]:
        return {question.warned.rule.code: question.typed for question in self.questions}


class PublicationSteps(StepsMixin):
    """Publish factsheets and withdraw versions, each with a note."""

    @admin.action(description=gettext_lazy("Publish…"), permissions=["publish"])
    def publish(self, request, queryset):
        rows = list(_to_publish(queryset, request.POST))
        if "note" not in request.POST:
            return self._ask_to_publish(request, rows)
        note = request.POST["note"].strip()
        with mailing.digest():
            left = [
                row
                for row in rows
                if not take(request, [row], lambda row: self._publish(request, row))
            ]
        if left:
            missing = not note and any(row.needs_note for row in left)
            return self._ask_to_publish(request, left, note=note, missing=missing)
        return returning(self, request)

    def _ask_to_publish(
        self, request: HttpRequest, rows: list[ToPublish], **context: Any
    ) -> HttpResponse:
        context = {
            "selected": [row.row.pk for row in rows],
            "select_across": "0",
            "blocked": all(row.problems for row in rows),
            "required": any(row.needs_note for row in rows),
            **context,
        }
        return self.ask(
            request,
            "publish",
            rows,
            title=_("Publish"),
            label=_("What changed since the last version"),
            help=_("Readers see it in the list of versions. Only the first may do without."),
            button=_("Publish"),
            **context,
        )

    def _publish(self, request: HttpRequest, asked: ToPublish) -> None:
        publication = workflow.publish(
            asked.row,
            by=request.user,  # type: ignore[arg-type]
            note=request.POST["note"],
            reasons=asked.reasons,
        )
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
        taken = take(request, versions, lambda row: workflow.withdraw(row, by=by, reason=reason))
        if taken:
            done = ngettext("%(count)d version withdrawn.", "%(count)d versions withdrawn.", taken)
            messages.success(request, done % {"count": taken})
        return returning(self, request)

    def versions(self, rows: QuerySet[Any]) -> QuerySet[Publication]:
        """The current versions of the chosen factsheets."""
        return Publication.objects.current().filter(factsheet__in=rows.values("pk"))


def _to_publish(factsheets: QuerySet[Factsheet], sent: Mapping[str, str]) -> Iterator[ToPublish]:
    """Each factsheet with what the checks say, and with the reasons that were typed."""
    today = timezone.localdate()
    keys = list(factsheets.values_list("pk", flat=True))
    published = Publication.objects.filter(factsheet__in=keys).defer("document_json")
    current = {version.factsheet_id: version for version in published if version.is_current}
    known = {version.factsheet_id for version in published}
    for draft in drafts(keys):
        checked = readiness.verdict(draft, today)
        yield ToPublish(
            row=draft,
            problems=list(_problems(draft, checked)),
            explained=[warned for warned in checked.warnings if warned.reason],
            questions=[_question(draft, warned, sent) for warned in checked.unexplained],
            moved=_moved(current.get(draft.pk), draft),
            needs_note=draft.pk in known,
        )


def _problems(draft: Factsheet, checked: readiness.Verdict) -> Iterator[Problem]:
    """One sentence for all that is not approved, then each error with its place."""
    for error in readiness.unpublishable(draft, checked):
        if error.code == "unapproved":
            yield Problem(words(error)[0], review_page(draft.pk, "review"))
    for finding in checked.errors:
        if finding.rule != readiness.UNAPPROVED:
            yield Problem(finding.message, review_page(draft.pk, f"review-{finding.anchor}"))


def _question(draft: Factsheet, warned: Warned, sent: Mapping[str, str]) -> Question:
    """The field carries the fingerprint, so that a reason never passes to other findings."""
    name = f"reason-{draft.pk}-{warned.rule.code}-{warned.fingerprint[:12]}"
    typed = sent.get(name, "").strip()
    return Question(warned, name, typed, missing=name in sent and not typed)


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
