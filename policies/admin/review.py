"""The review page: a draft as it would be published, and beside each part what a reviewer needs."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from policies import presentation, workflow
from policies.admin.base import allowed
from policies.admin.overview import Review, review_of
from policies.admin.steps import DONE, SECTION_STEPS, versions_seen
from policies.admin.strips import strip_id
from policies.admin.taking import take
from policies.document import document_of, drafts
from policies.models import Comment, Factsheet, Part, Section, SectionType, State
from policies.readiness import verdict
from policies.roles import Step

logger = logging.getLogger(__name__)

TOP = "review"  # the address of the panel above the factsheet
TYPED = ("text-", "kind-", "reason-")  # fields of the page that hold what somebody typed or chose


class ReviewPage(admin.ModelAdmin):
    """Gives the page of a factsheet its review page."""

    def get_urls(self):
        view = self.admin_site.admin_view(review)
        return [
            path("<int:pk>/review/", view, name="policies_factsheet_review"),
            *super().get_urls(),
        ]


def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the draft, or take a step with it and show it again."""
    factsheets = Factsheet.objects.select_related("country", "edition")
    factsheet = get_object_or_404(factsheets, pk=min(pk, 2**63 - 1))
    if not allowed(request, Step.VIEW, factsheet):
        raise PermissionDenied
    if request.method == "POST":
        anchor = _Answer(request, factsheet).anchor()
        return HttpResponseRedirect(f"{request.path}#{anchor}")
    response = _page(request, factsheet)
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


# Reading


def _page(request: HttpRequest, factsheet: Factsheet) -> TemplateResponse:
    now = timezone.now()
    (draft,) = drafts([factsheet.pk])
    found = review_of(
        draft,
        verdict(draft, timezone.localdate(now)),
        request.user,  # type: ignore[arg-type]
        {step: allowed(request, step, factsheet) for step in Step},
        request.session.get(_kept(factsheet), {}),
    )
    version = (found.past.number or 0) + 1
    document = document_of(draft, version=version, published_at=now.isoformat())
    page = presentation.page_of(document, draft.country.slug)
    context = {
        "page": page,
        "country_note": draft.country.note,
        **_lead_ins(draft),
        "review": found,
        "elsewhere": _elsewhere(found, page),
        "factsheet": draft,
        "title": _("Draft"),
    }
    return TemplateResponse(request, "admin/policies/review.html", context)


def _lead_ins(draft: Factsheet) -> dict[str, str]:
    """What the site says above the table and the assessment, as `finding.states` finds it."""
    types = SectionType.objects.exclude(lead_in="").select_related("since", "until")
    own = [type_ for type_ in types if type_.applies_to(draft.country, draft.edition)]
    said = {type_.part: type_.lead_in for type_ in reversed(own)}
    return {
        "policies_lead_in": said.get(Part.POLICY, ""),
        "maturity_lead_in": said.get(Part.ASSESSMENT, ""),
    }


def _elsewhere(found: Review, page: presentation.Page) -> list[Any]:
    """The strips of sections that the page shows nowhere."""
    shown = {str(Part.BIBLIOGRAPHY)}
    shown |= {chapter.anchor for chapter in (*page.introduction, *page.chapters)}
    shown |= {criterion.code for criterion in page.criteria}
    shown |= {f"{column.code}.heading" for column in page.table.columns}
    shown |= {cell.anchor for row in page.table.rows for cell in row.cells}
    return [strip for anchor, strip in found.strips.items() if anchor not in shown]


def _kept(factsheet: Factsheet) -> str:
    """Where the session keeps what was typed on the page and not yet sent to its end."""
    return f"review-{factsheet.pk}"


# Answering


class _Answer:
    """One press of a button. Its value says which step, with which section, in which version."""

    def __init__(self, request: HttpRequest, factsheet: Factsheet) -> None:
        self.request = request
        self.factsheet = factsheet
        self.by: Any = request.user
        self.name, _colon, self.about = request.POST.get("step", "").partition(":")

    def anchor(self) -> str:
        """Take the step; returns the place of the page that comes next."""
        steps: dict[str, Callable[[], tuple[str, bool]]] = {
            **{str(step): self._sections for step in SECTION_STEPS},
            "comment": self._comment,
            "resolve": self._resolve,
            "explain": self._explain,
        }
        if self.name not in steps:
            messages.error(self.request, _("Nothing was done: the page was not sent as a whole."))
            return TOP
        anchor, done = steps[self.name]()
        self._keep(without=self._fields() if done else ())
        return anchor

    def _fields(self) -> tuple[str, ...]:
        """What was typed for this step."""
        key = self.about.partition(":")[0] or self._bulk()
        return tuple(f"{prefix}{key}" for prefix in TYPED)

    def _bulk(self) -> str:
        return "all" if self.name == "comment" else f"{self.name}-all"

    def _keep(self, without: Iterable[str]) -> None:
        """Whatever else was typed on the page comes back with it."""
        typed = {
            name: text
            for name, text in self.request.POST.items()
            if name.startswith(TYPED) and str(text).strip() and name not in without
        }
        session, key = self.request.session, _kept(self.factsheet)
        if typed != session.get(key, {}):
            session[key] = typed

    def _typed(self, kind: str) -> str:
        key = self.about.partition(":")[0] or self._bulk()
        return self.request.POST.get(f"{kind}-{key}", "").strip()

    # A step of the review, with one section or with all that the page showed

    def _sections(self) -> tuple[str, bool]:
        step = Step(self.name)
        sections = list(self._seen())
        taken = take(self.request, sections, lambda section: self._walk(step, section))
        if taken:
            messages.success(self.request, DONE[step] % {"count": taken})
        done = taken == len(sections) > 0
        if not self.about or not sections:
            return TOP, done
        return (self._after(sections[0], step) if done else strip_id(sections[0])), done

    def _walk(self, step: Step, section: Section) -> None:
        told: dict[str, str] = {}
        if step is not Step.CONFIRM:
            told["comment"] = self._typed("text")
        if step is Step.SUBMIT:
            told["kind"] = self._typed("kind")
        SECTION_STEPS[step](section, by=self.by, **told)

    def _seen(self) -> Iterator[Section]:
        """The sections named by the form, each in the version that the page showed."""
        pairs = (
            [self.about] if self.about else self.request.POST.get(f"seen-{self.name}", "").split()
        )
        seen = versions_seen(pairs)
        sections = self.factsheet.sections.filter(pk__in=seen).select_related("policy", "type")
        found = list(sections)
        if len(found) < max(len(pairs), 1):
            logger.warning(
                "refused: %s, %s, sections %s not all of factsheet %s",
                *(self.by, self.name, sorted(seen), self.factsheet.pk),
            )
            messages.error(
                self.request,
                _("A section that was sent is not one of %(factsheet)s; nothing was done with it.")
                % {"factsheet": self.factsheet},
            )
        for section in found:
            section.version = seen[section.pk]
            yield section

    def _after(self, section: Section, step: Step) -> str:
        """On to the next submitted section, once this one is decided on."""
        if step not in (Step.APPROVE, Step.RETURN):
            return strip_id(section)
        waiting = self.factsheet.sections.filter(state=State.SUBMITTED)
        waiting = waiting.select_related("policy", "type").order_by("type__order", "pk")
        place = (section.type.order, section.pk)
        after = [each for each in waiting if (each.type.order, each.pk) > place]
        following = (after or list(waiting))[:1]
        return strip_id(following[0]) if following else TOP

    # Comments and reasons

    def _comment(self) -> tuple[str, bool]:
        sections = list(self._seen()) if self.about else [None]
        text = self._typed("text")
        taken = take(
            self.request,
            sections,
            lambda section: workflow.comment(
                self.factsheet, by=self.by, text=text, section=section
            ),
        )
        if taken:
            messages.success(self.request, _("The comment stands, open until it is resolved."))
        section = sections[0] if sections else None
        return (strip_id(section) if section else TOP), bool(taken)

    def _resolve(self) -> tuple[str, bool]:
        key = int(self.about) if re.fullmatch(r"\d{1,18}", self.about) else 0
        comments = Comment.objects.filter(factsheet=self.factsheet)
        comment = comments.select_related("section__policy", "section__type").filter(pk=key).first()
        if comment is None:
            logger.warning(
                "refused: %s, resolve, comment %s not of factsheet %s",
                *(self.by, self.about[:20], self.factsheet.pk),
            )
            messages.error(self.request, _("There is no such comment on this factsheet."))
            return TOP, False
        taken = take(self.request, [comment], lambda row: workflow.resolve(row, by=self.by))
        if taken:
            messages.success(self.request, _("The comment is resolved."))
        return (strip_id(comment.section) if comment.section else TOP), bool(taken)

    def _explain(self) -> tuple[str, bool]:
        """Keep the reason for the findings that the page showed."""
        rule, _colon, fingerprint = self.about.partition(":")
        reason = self._typed("reason")
        taken = take(
            self.request,
            [self.factsheet],
            lambda row: self._explained(row, rule, fingerprint, reason),
        )
        if taken:
            messages.success(self.request, _("The reason is kept until what it explains changes."))
        return "review-checks", bool(taken)

    def _explained(self, factsheet: Factsheet, rule: str, fingerprint: str, reason: str) -> None:
        (draft,) = drafts([factsheet.pk])
        found = verdict(draft, timezone.localdate()).warnings
        if not any((w.rule.code, w.fingerprint) == (rule, fingerprint) for w in found):
            raise ValidationError(
                _("What this reason explains has changed since: read it again."), code="changed"
            )
        workflow.explain(factsheet, by=self.by, rule=rule, fingerprint=fingerprint, reason=reason)
