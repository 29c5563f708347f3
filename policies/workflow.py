"""The steps of review and publication: one function each, called by whoever takes the step."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from policies.assessing import rescore
from policies.document import Document, digest, document_of, drafts, serialised
from policies.indexing import index
from policies.models import (
    Factsheet,
    Publication,
    ReviewEvent,
    Section,
    SectionRevision,
    State,
    User,
)
from policies.readiness import incomplete, unpublishable
from policies.roles import Step, may, refusal

Action = ReviewEvent.Action

# From which states a step leads where.
STEPS: dict[Step, tuple[set[str], str, str]] = {
    Step.SUBMIT: (
        {State.DRAFT, State.CHANGES_REQUESTED},
        State.SUBMITTED,
        Action.SUBMITTED,
    ),
    Step.RETURN: ({State.SUBMITTED}, State.CHANGES_REQUESTED, Action.RETURNED),
    Step.APPROVE: ({State.SUBMITTED}, State.APPROVED, Action.APPROVED),
}


def submit(section: Section, *, by: User, comment: str = "", now: datetime | None = None) -> None:
    """Hand a section to the reviewers. Citations must resolve, a judgement needs its reason."""
    _move(section, Step.SUBMIT, by=by, comment=comment, now=now)


def return_(section: Section, *, by: User, comment: str, now: datetime | None = None) -> None:
    """Hand a submitted section back; the comment says what to mend."""
    if not comment.strip():
        raise ValidationError(_("Say in a comment what should be changed."), code="comment")
    _move(section, Step.RETURN, by=by, comment=comment, now=now)


def approve(section: Section, *, by: User, comment: str = "", now: datetime | None = None) -> None:
    """Accept a submitted section. Nobody approves a revision of their own."""
    _move(section, Step.APPROVE, by=by, comment=comment, now=now)


@transaction.atomic
def _move(section: Section, step: Step, *, by: User, comment: str, now: datetime | None) -> None:
    locked = Section.objects.select_for_update(of=("self",)).select_related(
        "factsheet", "policy", "type"
    )
    current = locked.get(pk=section.pk)
    require(by, step, current.factsheet)
    before, after, action = STEPS[step]
    if current.state not in before:
        raise ValidationError(
            _("%(section)s is %(state)s, so it can't be %(action)s."),
            code="state",
            params={
                "section": current,
                "state": current.get_state_display(),
                "action": Action(action).label,
            },
        )
    revision = current.revisions.get(number=current.version)
    if step is Step.SUBMIT:
        raise_all(incomplete(current))
    if step is Step.APPROVE:
        if revision.author_id == by.pk:
            raise ValidationError(
                _("%(section)s: nobody approves their own text; ask another reviewer."),
                code="four_eyes",
                params={"section": current},
            )
        if section.version != current.version:
            raise ValidationError(
                _("%(section)s was edited since you opened it; read it again."),
                code="edited",
                params={"section": current},
            )
        current.approved_revision = revision
    current.state = after
    Section.bookkeeping.filter(pk=current.pk).update(
        state=after, approved_revision=current.approved_revision
    )
    section.state, section.approved_revision = after, current.approved_revision
    _log(current.factsheet, action, by, comment, now, revision=revision)


def require(by: User, step: Step, factsheet: Factsheet) -> None:
    if not may(by, step, factsheet):
        raise PermissionDenied(refusal(by, step))


def raise_all(errors: Iterable[ValidationError]) -> None:
    if errors := list(errors):
        raise ValidationError(errors)


# Publication


@transaction.atomic
def publish(
    factsheet: Factsheet, *, by: User, note: str = "", now: datetime | None = None
) -> Publication:
    """Freeze the factsheet as its next version and make that the current one."""
    now = now or timezone.now()
    (draft,) = drafts([factsheet.pk], lock=True)
    require(by, Step.PUBLISH, draft)
    rescore([draft], now)
    raise_all(unpublishable(draft))
    previous = Publication.objects.filter(factsheet=draft).order_by("-number").first()
    number = previous.number + 1 if previous else 1
    with translation.override("en"):
        document = document_of(draft, version=number, published_at=now.isoformat())
    if previous and previous.is_current and _same(previous.document, document):
        raise ValidationError(
            _("%(factsheet)s has not changed since version %(number)s."),
            code="unchanged",
            params={"factsheet": draft, "number": previous.number},
        )
    _retire(draft)
    publication = Publication.objects.create(
        factsheet=draft,
        number=number,
        document_json=serialised(document),
        digest=digest(document),
        total=_decimal(document["maturity"]["total"]),
        judged_total=_decimal(document["maturity"]["judged_total"]),
        maximum=_decimal(document["maturity"]["maximum"]),
        published_at=now,
        published_by=by,
        change_note=note,
    )
    index(publication, document)
    _log(draft, Action.PUBLISHED, by, note, now, publication=publication)
    return publication


@transaction.atomic
def publish_whole(
    factsheet: Factsheet, *, author: User, reviewer: User, publisher: User, note: str = ""
) -> Publication:
    """Walk every section of a factsheet through review and publish it; three people's word.

    What was submitted or approved before stays so: a correction walks alone.
    """
    for step, move, by in ((Step.SUBMIT, submit, author), (Step.APPROVE, approve, reviewer)):
        for section in factsheet.sections.filter(state__in=STEPS[step][0]):
            move(section, by=by)
    return publish(factsheet, by=publisher, note=note)


def _same(one: Document, other: Document) -> bool:
    varying = {"version", "published_at"}
    return {k: v for k, v in one.items() if k not in varying} == {
        k: v for k, v in other.items() if k not in varying
    }


def _retire(factsheet: Factsheet) -> None:
    for current in Publication.objects.current().filter(factsheet=factsheet):
        current.is_current = False
        current.save(update_fields=["is_current"])


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value))


@transaction.atomic
def withdraw(
    publication: Publication, *, by: User, reason: str, now: datetime | None = None
) -> None:
    """Take a version back. It keeps its address, with a notice; no older one takes its place."""
    now = now or timezone.now()
    require(by, Step.WITHDRAW, publication.factsheet)
    if not reason.strip():
        raise ValidationError(_("Say why the version is withdrawn."), code="reason")
    current = Publication.objects.select_for_update().get(pk=publication.pk)
    if current.withdrawn_at:
        raise ValidationError(_("This version is already withdrawn."), code="state")
    for row in (publication, current):
        row.is_current = False
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = now, by, reason
    current.save(update_fields=sorted(Publication.MUTABLE))
    _log(current.factsheet, Action.WITHDRAWN, by, reason, now, publication=current)


def _log(
    factsheet: Factsheet,
    action: str,
    by: User,
    comment: str,
    now: datetime | None,
    *,
    revision: SectionRevision | None = None,
    publication: Publication | None = None,
) -> None:
    ReviewEvent.objects.create(
        factsheet=factsheet,
        revision=revision,
        publication=publication,
        action=action,
        by=by,
        at=now or timezone.now(),
        comment=comment,
    )
