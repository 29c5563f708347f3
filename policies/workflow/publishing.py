"""Publication: freeze a factsheet as a version, or take a version back."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from policies import mailing
from policies.assessing import rescore
from policies.document import Document, digest, document_of, drafts, serialised
from policies.history import contents
from policies.indexing import index
from policies.models import (
    ChangeKind,
    Factsheet,
    Part,
    Publication,
    ReviewEvent,
    Section,
    User,
)
from policies.readiness import unpublishable, verdict
from policies.roles import TABLE, Step
from policies.searching.writing import remove
from policies.workflow.commenting import explain
from policies.workflow.recording import lock, log, raise_all, require
from policies.workflow.reviewing import approve, submit
from scoring.models import Rubric

Action = ReviewEvent.Action


@transaction.atomic
def publish(
    factsheet: Factsheet,
    *,
    by: User,
    note: str = "",
    reasons: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> Publication:
    """Freeze the factsheet as its next version and make that the current one.

    `note` tells readers what changed; the first version needs none. `reasons` says by rule why
    its warnings may stand, where that has not been said yet.
    """
    now = now or timezone.now()
    # Before the draft is locked, as whoever edits the rubric locks this first, too.
    Rubric.objects.filter(edition__factsheets=factsheet).mark_used(now)
    (draft,) = drafts([factsheet.pk], lock=True)
    require(by, Step.PUBLISH, draft)
    rescore([draft], now)
    _explain(draft, by, reasons or {}, now)
    raise_all(unpublishable(draft, verdict(draft, timezone.localdate(now))))
    previous = Publication.objects.filter(factsheet=draft).order_by("-number").first()
    number = previous.number + 1 if previous else 1
    with translation.override("en"):
        document = document_of(draft, version=number, published_at=now.isoformat())
    if previous:
        _refuse_repetition(previous, document, note)
    _retire(draft)
    publication = Publication.objects.create(
        factsheet=draft,
        number=number,
        document_json=serialised(document),
        digest=digest(document),
        policies_status=document["policies_status"],
        total=_decimal(document["maturity"]["total"]),
        judged_total=_decimal(document["maturity"]["judged_total"]),
        maximum=_decimal(document["maturity"]["maximum"]),
        published_at=now,
        published_by=by,
        change_note=note.strip(),
        changes=_changes(previous, document) if previous else [],
    )
    index(publication, document)
    log(draft, Action.PUBLISHED, by, now, publication=publication, comment=note.strip())
    return publication


@transaction.atomic
def publish_whole(
    factsheet: Factsheet,
    *,
    author: User,
    reviewer: User,
    publisher: User,
    note: str = "",
    kind: str = "",
    reasons: Mapping[str, str] | None = None,
) -> Publication:
    """Walk every section of a factsheet through review and publish it; three people's word.

    What was submitted or approved before stays so: a correction walks alone. `kind` says why
    published content was changed.
    """
    with mailing.digest():
        for section in _in_states(factsheet, Step.SUBMIT):
            submit(section, by=author, kind=kind)
        for section in _in_states(factsheet, Step.APPROVE):
            approve(section, by=reviewer)
        return publish(factsheet, by=publisher, note=note, reasons=reasons)


def _in_states(factsheet: Factsheet, step: Step) -> QuerySet[Section]:
    """The sections with which the step can be taken."""
    return factsheet.sections.filter(state__in=TABLE[step].states)


def _explain(draft: Factsheet, by: User, reasons: Mapping[str, str], now: datetime) -> None:
    for warned in verdict(draft, timezone.localdate(now)).unexplained if reasons else ():
        if reason := reasons.get(warned.rule.code, "").strip():
            seen = warned.fingerprint
            explain(draft, by=by, rule=warned.rule.code, fingerprint=seen, reason=reason, now=now)


def _refuse_repetition(previous: Publication, document: Document, note: str) -> None:
    if previous.is_current and _same(previous.document, document):
        raise ValidationError(
            _("%(factsheet)s has not changed since version %(number)s."),
            code="unchanged",
            params={"factsheet": previous.factsheet, "number": previous.number},
        )
    if not note.strip():
        raise ValidationError(
            _("%(factsheet)s: say what changed since version %(number)s; readers see it."),
            code="note",
            params={"factsheet": previous.factsheet, "number": previous.number},
        )


def _changes(previous: Publication, document: Document) -> list[dict[str, str]]:
    """Each section that differs from the version before, with the weightiest kind said of it.

    Of a policy that is gone, the introduction tells, for it holds the list of policies.
    """
    before, after = contents(previous.document), contents(document)
    said = _kinds_said(previous)
    introduction = said.get(("", Part.INTRODUCTION), "")
    return [
        {"section": ".".join(filter(None, key)), "kind": said.get(key, introduction)}
        for key in {**after, **before}
        if after.get(key) != before.get(key)
    ]


def _kinds_said(previous: Publication) -> dict[tuple[str, str], str]:
    """By section, what was said at its submission since a version was published."""
    submitted = previous.factsheet.events.filter(
        action=Action.SUBMITTED, at__gt=previous.published_at
    )
    of = ("revision__policy_code", "revision__type__code", "change_kind")
    said: dict[tuple[str, str], str] = {}
    for policy, type_, kind in submitted.exclude(change_kind="").values_list(*of):
        said[policy, type_] = min(said.get((policy, type_), kind), kind, key=_weight)
    return said


def _weight(kind: str) -> int:
    return ChangeKind.values.index(kind)


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
    lock(publication.factsheet_id)
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
    remove(current)
    log(current.factsheet, Action.WITHDRAWN, by, now, publication=current, comment=reason)
