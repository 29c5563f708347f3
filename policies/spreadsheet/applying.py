"""What was shown is decided, applied as a whole, and undone as a whole."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from policies import bulk, workflow, writing
from policies.changes import Source, change_set
from policies.checking import Tables
from policies.document import drafts, vocabulary
from policies.history import Key
from policies.models import (
    Batch,
    BatchChange,
    BatchState,
    ChangeStatus,
    Factsheet,
    Section,
    SectionRevision,
    SectionType,
    Side,
    User,
)
from policies.roles import Role, Step, refusal, roles_of, within_reach
from policies.spreadsheet.edits import Edit, applied
from policies.spreadsheet.effects import effect
from policies.spreadsheet.progress import Progress, silent
from policies.spreadsheet.standing import standing_of

PART = 200  # factsheets written at once, so that memory does not grow with the file
SHOWN = 10  # sections that a message names


def may_see(user: User, batch: Batch) -> bool:
    """A batch is its sender's; administrators help."""
    return batch.by_id == user.pk or Role.ADMINISTRATOR in roles_of(user)


def waiting(batch: Batch, now: datetime) -> Batch:
    """The batch as it is now, locked; raises `ValidationError` unless it can be decided upon."""
    locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.state != BatchState.READY:
        message = _("This import is %(state)s already.")
        raise ValidationError(message, code="state", params={"state": locked.get_state_display()})
    if locked.expires_at <= now:
        message = _("This import has expired, and nothing was changed. Send the file again.")
        raise ValidationError(message, code="expired")
    return locked


def _require_sender(batch: Batch, by: User) -> None:
    if not may_see(by, batch):
        raise PermissionDenied(refusal(by, Step.WRITE))


# Conflicts


@transaction.atomic
def decide(
    batch: Batch, sides: Mapping[int, str], *, by: User, now: datetime | None = None
) -> None:
    """Say of conflicts, by their key, which side wins. A policy's deletion is decided as one."""
    _require_sender(batch, by)
    locked = waiting(batch, now or timezone.now())
    conflicts = list(locked.changes.filter(status=ChangeStatus.CONFLICT).select_related("type"))
    decided = {
        (change.factsheet_id, change.policy_code): sides[change.pk]
        for change in conflicts
        if change.pk in sides and change.after is None
    }
    touched = set()
    for change in conflicts:
        side = sides.get(change.pk, "")
        if change.after is None:
            side = decided.get((change.factsheet_id, change.policy_code), "")
        if side in Side.values and side != change.decision:
            change.decision = side
            touched.add(change.factsheet_id)
    bulk.update(conflicts, ["decision"])
    _tell_effects(locked, touched)


def decide_all(batch: Batch, side: str, *, by: User) -> None:
    """Decide every conflict that is not decided yet."""
    undecided = batch.changes.undecided()
    decide(batch, dict.fromkeys(undecided.values_list("pk", flat=True), side), by=by)


def _tell_effects(batch: Batch, factsheets: Iterable[int]) -> None:
    """Compute anew what becomes of the scores of these factsheets."""
    keys = set(factsheets)
    tables, proves = Tables(), vocabulary()
    effects = {moved["factsheet"]: moved for moved in batch.effects}
    for part in bulk.chunks(keys):
        for factsheet in drafts(part):
            standing = standing_of(factsheet)
            own = batch.changes.filter(factsheet=factsheet).select_related("type")
            certain = [change for change in own if is_certain(change)]
            moved = effect(standing, certain, tables, proves)
            effects[factsheet.pk] = moved or {}
    batch.effects = [moved for moved in effects.values() if moved]
    batch.save(update_fields=["effects"])


def is_certain(change: BatchChange) -> bool:
    """Whether it is going to be written, as far as is decided."""
    return change.status != ChangeStatus.CONFLICT or change.decision == Side.TAKE


# Applying


@bulk.many_objects()
def confirm(
    batch: Batch, *, by: User, now: datetime | None = None, progress: Progress = silent
) -> bool:
    """Write what was shown, all of it or nothing.

    False, and nothing is written, if something that it touches has changed since: those sections
    are conflicts now, to be decided. Raises `ValidationError` where it can't be applied.
    """
    now = now or timezone.now()
    note = _("Import %(number)d: %(file)s") % {"number": batch.pk, "file": batch.filename}
    _require_sender(batch, by)
    progress(_("Waiting for other writers"), 0, 1)
    with transaction.atomic():
        locked = waiting(batch, now)
        if undecided := locked.changes.undecided().count():
            message = _("Decide %(count)d conflicts first: keep what the site has, or take over.")
            raise ValidationError(message, code="undecided", params={"count": undecided})
        keys = _locked(locked, by)
        if overtaken := _overtaken(locked, keys):
            _become_conflicts(locked, overtaken)
            return False
        for number, part in enumerate(_parts(keys)):
            progress(_("Writing"), number * PART, len(keys))
            with change_set(by=by, source=Source.SPREADSHEET, note=note[:500], batch=batch.pk):
                _write(locked, part, "after", by, now)
            bulk.let_go()
        locked.state, locked.applied_at = BatchState.APPLIED, now
        locked.save(update_fields=["state", "applied_at"])
    batch.refresh_from_db()
    return True


def _locked(batch: Batch, by: User) -> list[int]:
    """The factsheets, locked in the order of their keys, once the person may write them all."""
    keys = sorted(set(batch.changes.taken().order_by().values_list("factsheet", flat=True)))
    for part in bulk.chunks(keys):
        list(Factsheet.objects.order_by("pk").select_for_update(no_key=True).filter(pk__in=part))
    writable = within_reach(by, Step.WRITE, Factsheet.objects.order_by())
    if set(keys) - set(writable.values_list("pk", flat=True)):
        raise PermissionDenied(refusal(by, Step.WRITE))
    headings = batch.changes.taken().filter(type__code="heading")
    adds = headings.filter(before__isnull=True).exists()
    deletes = headings.filter(after__isnull=True).exists()
    if (adds and not by.has_perm("policies.add_policy")) or (
        deletes and not by.has_perm("policies.delete_policy")
    ):
        raise PermissionDenied(refusal(by, Step.WRITE))
    return keys


def _parts(keys: list[int]) -> Iterator[list[int]]:
    return (keys[start : start + PART] for start in range(0, len(keys), PART))


Where = tuple[int, str, int]  # factsheet, policy code, section type


def _versions(keys: list[int]) -> dict[Where, int]:
    """The versions that the sections of these factsheets have now."""
    found: dict[Where, int] = {}
    for part in bulk.chunks(keys):
        rows = Section.objects.filter(factsheet__in=part).order_by()
        for factsheet, code, type_, version in rows.values_list(
            "factsheet", "policy__code", "type", "version"
        ):
            found[factsheet, code or "", type_] = version
    return found


def _overtaken(batch: Batch, keys: list[int]) -> list[int]:
    """The changes whose section is not as it was shown."""
    versions = _versions(keys)
    rows = batch.changes.taken().values_list(
        "pk", "factsheet", "policy_code", "type", "seen", "status"
    )
    return [
        pk
        for pk, factsheet, code, type_, seen, status in rows
        if versions.get((factsheet, code, type_)) != (None if status == ChangeStatus.NEW else seen)
    ]


def _become_conflicts(batch: Batch, overtaken: list[int]) -> None:
    """Show these changes once more, upon what the sections hold now."""
    changes = [
        change
        for part in bulk.chunks(overtaken)
        for change in batch.changes.filter(pk__in=part).select_related("type")
    ]
    keys = {change.factsheet_id for change in changes}
    there = {f.pk: standing_of(f) for part in bulk.chunks(keys) for f in drafts(part)}
    kept: list[BatchChange] = []
    settled: list[BatchChange] = []
    for change in changes:
        standing = there[change.factsheet_id]
        content = standing.contents.get(change.key)
        if content is None:  # the policy has been deleted
            settled.append(change)
            continue
        change.before, change.seen = content, standing.stands[change.key].version
        if change.after is not None:
            change.after = applied(content, Edit(**change.edit))
        change.status, change.decision = ChangeStatus.CONFLICT, ""
        (settled if change.after == content else kept).append(change)
    bulk.update(kept, ["before", "after", "seen", "status", "decision"])
    bulk.delete(settled)
    batch.remarks += [
        _("%(section)s was changed or deleted meanwhile; nothing is left to do there.")
        % {"section": change}
        for change in settled[:SHOWN]
    ]
    batch.save(update_fields=["remarks"])
    _tell_effects(batch, keys)


def _write(batch: Batch, keys: list[int], side: str, by: User, now: datetime) -> None:
    """Give the sections of some factsheets what they held `before`, or shall hold `after`."""
    changes = batch.changes.taken().filter(factsheet__in=keys)
    wanted: dict[int, dict[Key, Any]] = {key: {} for key in keys}
    types = dict(SectionType.objects.values_list("pk", "code"))
    rows = changes.exclude(status=ChangeStatus.CONFIRMED)
    for factsheet, code, type_, content in rows.values_list(
        "factsheet", "policy_code", "type", side
    ):
        wanted[factsheet][code, types[type_]] = content
    writing.write(drafts(keys), wanted, by=by, now=now)
    if side == "after":
        for change in changes.filter(status=ChangeStatus.CONFIRMED):
            section = _section(change)
            if section.is_unconfirmed:  # else a colleague has said so meanwhile
                workflow.confirm(section, by=by, now=now)


def _section(change: BatchChange) -> Section:
    own = Section.objects.filter(factsheet=change.factsheet_id, type=change.type_id)
    if not change.policy_code:
        return own.get(policy=None)
    return own.get(policy__code=change.policy_code)


# Undoing


@bulk.many_objects()
def undo(batch: Batch, *, by: User, now: datetime | None = None) -> None:
    """Give every section back what it held before, as a new revision, all of it or nothing.

    Raises `ValidationError` if somebody has edited one of them since.
    """
    now = now or timezone.now()
    note = _("Import %(number)d undone") % {"number": batch.pk}
    _require_sender(batch, by)
    with transaction.atomic():
        locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if locked.state != BatchState.APPLIED:
            message = _("Only an import that was applied can be undone.")
            raise ValidationError(message, code="state")
        keys = _locked(locked, by)
        _refuse_edited(locked, keys)
        for part in _parts(keys):
            with change_set(by=by, source=Source.SPREADSHEET, note=note, batch=batch.pk):
                _write(locked, part, "before", by, now)
            bulk.let_go()
        workflow.reinstate(_stood(locked))
        locked.state = BatchState.UNDONE
        locked.undone_at, locked.undone_by = now, by
        locked.save(update_fields=["state", "undone_at", "undone_by"])
    batch.refresh_from_db()


def _refuse_edited(batch: Batch, keys: list[int]) -> None:
    edited = list(_edited(batch, _versions(keys)))
    if edited:
        message = _(
            "This import can't be undone as a whole, because %(count)d of its sections were "
            "edited since: %(sections)s. Restore sections from their history instead."
        )
        names = [_name(*where) for where in edited[:SHOWN]]
        params = {"count": len(edited), "sections": ", ".join(names)}
        raise ValidationError(message, code="edited", params=params)


def _edited(batch: Batch, versions: Mapping[Where, int]) -> Iterator[Where]:
    """The sections that are not as the import left them."""
    revisions = SectionRevision.objects.filter(batch=batch).order_by("number")
    written = {
        (factsheet, code, type_): number
        for factsheet, code, type_, number in revisions.values_list(
            "factsheet", "policy_code", "type", "number"
        )
    }
    taken = batch.changes.taken()
    place = ("factsheet", "policy_code", "type")
    gone = set(taken.filter(after__isnull=True).values_list(*place))
    added = set(taken.filter(status=ChangeStatus.NEW).values_list(*place[:2]))
    for *found, seen in taken.values_list(*place, "seen"):
        where: Where = (found[0], found[1], found[2])
        if versions.get(where) != (None if where in gone else written.get(where, seen)):
            yield where
    for where, version in versions.items():  # also what an added policy got beside
        if where[:2] in added and version != written.get(where):
            yield where


def _name(factsheet: int, code: str, type_: int) -> str:
    section = SectionType.objects.get(pk=type_).code
    name = Factsheet.objects.select_related("country", "edition").get(pk=factsheet)
    return f"{name} {code}.{section}" if code else f"{name} {section}"


def _stood(batch: Batch) -> dict[tuple[int, Key], tuple[str, bool]]:
    """Where the sections stood before."""
    rows = batch.changes.taken().exclude(was_state="")
    return {
        (factsheet, (code, type_)): (state, unconfirmed)
        for factsheet, code, type_, state, unconfirmed in rows.values_list(
            "factsheet", "policy_code", "type__code", "was_state", "was_unconfirmed"
        )
    }
