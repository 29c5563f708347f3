"""The review of a section: submit, return, approve, reopen, confirm."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies import bulk
from policies.history import Key
from policies.models import ChangeKind, ReviewEvent, Section, SectionRevision, State, User
from policies.readiness import differs_from_published, incomplete
from policies.roles import TABLE, Role, Step, may, roles_of
from policies.workflow.commenting import remark
from policies.workflow.recording import lock, log, logger, raise_all, require

Action = ReviewEvent.Action


@transaction.atomic
def submit(
    section: Section, *, by: User, comment: str = "", kind: str = "", now: datetime | None = None
) -> None:
    """Hand a section to the reviewers, once it is complete.

    `kind`, one of `ChangeKind`, says why content that is published was changed.
    """
    current = _taken_up(section, Step.SUBMIT, by)
    _refuse_unconfirmed(current)
    raise_all(incomplete(current))
    kind = _kind(current, kind) if differs_from_published(current) else ""
    _move(section, current, Step.SUBMIT)
    _log(current, Action.SUBMITTED, by, now, comment=comment, change_kind=kind)


@transaction.atomic
def return_(section: Section, *, by: User, comment: str, now: datetime | None = None) -> None:
    """Hand a submitted section back; the comment says what to mend and stays open until then."""
    if not comment.strip():
        raise ValidationError(_("Say in a comment what should be changed."), code="comment")
    current = _taken_up(section, Step.RETURN, by)
    _move(section, current, Step.RETURN)
    event = _log(current, Action.RETURNED, by, now, comment=comment)
    remark(current.factsheet, current, comment, by, event.at)


@transaction.atomic
def approve(section: Section, *, by: User, comment: str = "", now: datetime | None = None) -> None:
    """Accept a submitted section.

    Nobody approves a revision of their own. An editor approves what a reviewer has mended.
    """
    current = _taken_up(section, _approval(section, by), by)
    _refuse_unconfirmed(current)
    revision = _revision(current)
    if by.pk in _authors(revision):
        logger.warning("refused: %s, own text, revision %s", by, revision.pk)
        raise ValidationError(
            _("%(section)s: nobody approves their own text; ask another reviewer."),
            code="four_eyes",
            params={"section": current},
        )
    current.approved_revision = section.approved_revision = revision
    _move(section, current, Step.APPROVE)
    _log(current, Action.APPROVED, by, now, revision, comment=comment)


@transaction.atomic
def reopen(section: Section, *, by: User, comment: str = "", now: datetime | None = None) -> None:
    """Take a submitted or approved section back to draft; what was approved last stays known."""
    current = _taken_up(section, Step.REOPEN, by)
    _move(section, current, Step.REOPEN)
    _log(current, Action.REOPENED, by, now, comment=comment)


@transaction.atomic
def confirm(section: Section, *, by: User, now: datetime | None = None) -> None:
    """Say that what was carried over from the last edition is still true."""
    current = _taken_up(section, Step.CONFIRM, by)
    if not current.is_unconfirmed:
        raise ValidationError(
            _("%(section)s needs no confirmation."), code="state", params={"section": current}
        )
    current.is_unconfirmed = section.is_unconfirmed = False
    Section.bookkeeping.filter(pk=current.pk).update(is_unconfirmed=False)
    _log(current, Action.CONFIRMED, by, now)


def confirm_all(sections: Collection[Section], *, by: User, now: datetime) -> None:
    """`confirm` for many sections of locked factsheets that the person may write.

    Those that are not in a state to be confirmed stay as they are.
    """
    states = TABLE[Step.CONFIRM].states
    open_ = [s for s in sections if s.is_unconfirmed and State(s.state) in states]
    events = []
    for keys in bulk.chunks([section.pk for section in open_]):
        current = SectionRevision.objects.filter(section__in=keys, number=F("section__version"))
        events += [
            ReviewEvent(
                factsheet_id=revision.factsheet_id,
                revision_id=revision.pk,
                action=Action.CONFIRMED,
                by_id=by.pk,
                at=now,
            )
            for revision in current.only("pk", "factsheet")
        ]
    for section in open_:
        section.is_unconfirmed = False
    bulk.update(open_, ["is_unconfirmed"])
    bulk.insert(events)


def reinstate(stood: Mapping[tuple[int, Key], tuple[str, bool]]) -> None:
    """Bring sections back to where they stood when an import was written that is undone now.

    `stood`: by factsheet and section, its state and whether it was not confirmed yet. Their
    content is again what it was, to the byte, so whoever approved it approved just this. What
    was submitted is a draft: its revision has another author now, so it is submitted anew.
    """
    sections = []
    for keys in bulk.chunks({factsheet for factsheet, _key in stood}):
        approved = _approved(keys)
        found = Section.bookkeeping.filter(factsheet__in=keys)
        for section in found.select_related("policy", "type"):
            key = (section.policy.code if section.policy else "", section.type.code)
            if before := stood.get((section.factsheet_id, key)):
                state, section.is_unconfirmed = before
                revision = None
                if state == State.APPROVED:
                    hash_ = section.content_hash
                    revision = approved.get((section.factsheet_id, *key, hash_))
                if revision:
                    section.approved_revision_id = revision
                if revision or state not in (State.APPROVED, State.SUBMITTED):
                    section.state = state
                sections.append(section)
    bulk.update(sections, ["state", "is_unconfirmed", "approved_revision"])


def _approved(factsheets: Iterable[int]) -> dict[tuple[int, str, str, str], int]:
    """By factsheet, policy, type and hash, the last revision that was approved with that content.

    Found by content, for a policy that was deleted has lost what pointed to its revisions.
    """
    approvals = ReviewEvent.objects.filter(
        action=Action.APPROVED, revision__factsheet__in=factsheets
    ).order_by("pk")
    place = ("factsheet", "policy_code", "type__code", "content_hash", "pk")
    rows = approvals.values_list(*(f"revision__{name}" for name in place))
    return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}


# What they share

_CANNOT = {
    Step.SUBMIT: gettext_lazy("%(section)s is %(state)s, so it can't be submitted."),
    Step.RETURN: gettext_lazy("%(section)s is %(state)s, so it can't be returned."),
    Step.APPROVE: gettext_lazy("%(section)s is %(state)s, so it can't be approved."),
    Step.ACCEPT: gettext_lazy("%(section)s is %(state)s, so it can't be approved."),
    Step.REOPEN: gettext_lazy("%(section)s is %(state)s, so it can't be reopened."),
    Step.CONFIRM: gettext_lazy("%(section)s is %(state)s, so it can't be confirmed."),
}


def _taken_up(section: Section, step: Step, by: User) -> Section:
    """The section as it is now, locked, once the step may be taken with it.

    It must be as it was when `section` was read: nobody decides on what they have not seen.
    """
    lock(section.factsheet_id)
    locked = Section.objects.select_for_update(of=("self",)).select_related(
        "factsheet__country", "factsheet__edition", "policy", "type"
    )
    current = locked.get(pk=section.pk)
    require(by, step, current.factsheet)
    if current.state not in TABLE[step].states:
        raise ValidationError(
            _CANNOT[step],
            code="state",
            params={"section": current, "state": current.get_state_display()},
        )
    if section.version != current.version:
        raise ValidationError(
            _("%(section)s was edited since you opened it; read it again."),
            code="edited",
            params={"section": current},
        )
    return current


def _move(section: Section, current: Section, step: Step) -> None:
    """Store the state that the step leads to, and tell the caller's row as well."""
    current.state = section.state = TABLE[step].leads_to
    Section.bookkeeping.filter(pk=current.pk).update(
        state=current.state, approved_revision=current.approved_revision
    )


def _log(
    current: Section,
    action: str,
    by: User,
    now: datetime | None,
    revision: SectionRevision | None = None,
    **said: str,
) -> ReviewEvent:
    about = revision or _revision(current)
    return log(current.factsheet, action, by, now, revision=about, **said)


def _revision(current: Section) -> SectionRevision:
    return current.revisions.select_related("author").get(number=current.version)


def _refuse_unconfirmed(current: Section) -> None:
    if current.is_unconfirmed:
        raise ValidationError(
            _(
                "%(section)s was carried over from the last edition: confirm that it is still "
                "true, or change it."
            ),
            code="unconfirmed",
            params={"section": current},
        )


def _kind(current: Section, kind: str) -> str:
    if kind not in ChangeKind.values:
        raise ValidationError(
            _(
                "%(section)s changes what is published. Say which it is: the policy changed, the "
                "record was corrected, or wording only."
            ),
            code="kind",
            params={"section": current},
        )
    return kind


def _approval(section: Section, by: User) -> Step:
    """By which right the person approves: as a reviewer, or as an editor what one has mended."""
    current = Section.objects.select_related("factsheet").get(pk=section.pk)
    if may(by, Step.APPROVE, current.factsheet):
        return Step.APPROVE
    author = current.revisions.select_related("author").get(number=current.version).author
    mended = author is not None and Role.REVIEWER in roles_of(author)
    return Step.ACCEPT if mended else Step.APPROVE


def _authors(revision: SectionRevision) -> set[int | None]:
    """Who answers for a revision: its author, and whoever confirmed that it is still true."""
    confirmed = revision.events.filter(action=Action.CONFIRMED)
    return {revision.author_id, *confirmed.values_list("by", flat=True)}
