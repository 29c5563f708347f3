"""Comments, and the reasons why warnings may stand."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from policies.models import Comment, Factsheet, Section, User, WarningReason
from policies.roles import Step
from policies.workflow.recording import lock, require


@transaction.atomic
def comment(
    factsheet: Factsheet,
    *,
    by: User,
    text: str,
    section: Section | None = None,
    now: datetime | None = None,
) -> Comment:
    """Remark on a section, or on the factsheet as a whole; open until somebody resolves it."""
    require(by, Step.COMMENT, factsheet)
    if not text.strip():
        raise ValidationError(_("Write a comment first."), code="comment")
    if section and section.factsheet_id != factsheet.pk:
        raise ValidationError(_("This section belongs to another factsheet."), code="foreign")
    return remark(factsheet, section, text, by, now or timezone.now())


def remark(
    factsheet: Factsheet, section: Section | None, text: str, by: User, at: datetime
) -> Comment:
    """Keep a comment, with the revision that it was written about."""
    revision = section.revisions.filter(number=section.version).first() if section else None
    return Comment.objects.create(
        factsheet=factsheet,
        section=section,
        anchor=section.anchor if section else "",
        revision=revision,
        text=text.strip(),
        by=by,
        at=at,
    )


@transaction.atomic
def resolve(comment: Comment, *, by: User, now: datetime | None = None) -> None:
    """Close a comment; to close it twice changes nothing."""
    require(by, Step.COMMENT, comment.factsheet)
    still_open = Comment.objects.open().filter(pk=comment.pk)
    still_open.update(resolved_by=by, resolved_at=now or timezone.now())
    comment.refresh_from_db()


@transaction.atomic
def explain(
    factsheet: Factsheet,
    *,
    by: User,
    rule: str,
    fingerprint: str,
    reason: str,
    now: datetime | None = None,
) -> WarningReason:
    """Say why a rule's warnings may stand; it holds until that rule's findings change.

    `fingerprint` is that of the findings which the person has seen.
    """
    lock(factsheet.pk)
    require(by, Step.EXPLAIN, factsheet)
    if not reason.strip():
        raise ValidationError(_("Say why the warning may stand."), code="reason")
    return WarningReason.objects.create(
        factsheet=factsheet,
        rule=rule,
        fingerprint=fingerprint,
        reason=reason.strip(),
        by=by,
        at=now or timezone.now(),
    )
