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
from policies.spreadsheet.standing import Stand, standing_of, stands_of

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
    with change_set(by=by, source=Source.SPREADSHEET, note=note[:500], batch=batch.pk):
        locked = waiting(batch, now)
        if undecided := locked.changes.undecided().count():
            message = _("Decide %(count)d conflicts first: keep what the site has, or take over.")
            raise ValidationError(message, code="undecided", params={"count": undecided})
        changes = list(locked.changes.taken().select_related("type"))
        factsheets = _locked(changes, by)
        stands = {factsheet.pk: stands_of(factsheet) for factsheet in factsheets}
        if overtaken := [c for c in changes if _version(c, stands) != c.seen]:
            _become_conflicts(locked, overtaken, factsheets)
            return False
        progress(_("Writing %(count)d sections") % {"count": len(changes)}, 0, len(changes))
        _write(changes, factsheets, by, now)
        _applied(locked, now)
        progress(_("Recording and scoring"), len(changes), len(changes))
    batch.refresh_from_db()
    return True


def _locked(changes: Iterable[BatchChange], by: User) -> list[Factsheet]:
    """The factsheets, locked in the order of their keys, once the person may write them all."""
    keys = sorted({change.factsheet_id for change in changes})
    writable = within_reach(by, Step.WRITE, Factsheet.objects.order_by())
    if set(keys) - set(writable.values_list("pk", flat=True)):
        raise PermissionDenied(refusal(by, Step.WRITE))
    return [factsheet for part in bulk.chunks(keys) for factsheet in drafts(part, lock=True)]


def _version(change: BatchChange, stands: Mapping[int, Mapping[Key, Stand]]) -> int | None:
    """The version of the section now: 0 for one of a policy that is not there yet."""
    stand = stands[change.factsheet_id].get(change.key)
    if stand is None:
        return 0 if change.status == ChangeStatus.NEW else None
    return stand.version if change.before is not None else None


def _become_conflicts(
    batch: Batch, overtaken: list[BatchChange], factsheets: Iterable[Factsheet]
) -> None:
    """Show these changes once more, upon what the sections hold now."""
    there = {factsheet.pk: standing_of(factsheet) for factsheet in factsheets}
    kept: list[BatchChange] = []
    settled: list[BatchChange] = []
    for change in overtaken:
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
    BatchChange.objects.filter(pk__in=[change.pk for change in settled]).delete()
    batch.remarks += [
        _("%(section)s was changed or deleted meanwhile; nothing is left to do there.")
        % {"section": change}
        for change in settled[:SHOWN]
    ]
    batch.save(update_fields=["remarks"])
    _tell_effects(batch, {change.factsheet_id for change in overtaken})


def _write(
    changes: Iterable[BatchChange], factsheets: list[Factsheet], by: User, now: datetime
) -> None:
    wanted: dict[int, dict[Key, Any]] = {factsheet.pk: {} for factsheet in factsheets}
    for change in changes:
        if change.before != change.after:
            wanted[change.factsheet_id][change.key] = change.after
    writing.write(factsheets, wanted, by=by, now=now)
    for change in changes:
        if change.confirms and change.before == change.after:
            workflow.confirm(_section(change), by=by, now=now)


def _section(change: BatchChange) -> Section:
    own = Section.objects.filter(factsheet=change.factsheet_id, type=change.type_id)
    if not change.policy_code:
        return own.get(policy=None)
    return own.get(policy__code=change.policy_code)


def _applied(batch: Batch, now: datetime) -> None:
    batch.state = BatchState.APPLIED
    batch.applied_at = now
    batch.save(update_fields=["state", "applied_at"])


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
        with change_set(by=by, source=Source.SPREADSHEET, note=note, batch=batch.pk):
            locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
            if locked.state != BatchState.APPLIED:
                message = _("Only an import that was applied can be undone.")
                raise ValidationError(message, code="state")
            changes = list(locked.changes.taken().select_related("type"))
            factsheets = _locked(changes, by)
            _refuse_edited(locked, changes, factsheets)
            wanted: dict[int, dict[Key, Any]] = {factsheet.pk: {} for factsheet in factsheets}
            for change in changes:
                if change.before != change.after:
                    wanted[change.factsheet_id][change.key] = change.before
            writing.write(factsheets, wanted, by=by, now=now)
            locked.state = BatchState.UNDONE
            locked.undone_at, locked.undone_by = now, by
            locked.save(update_fields=["state", "undone_at", "undone_by"])
        workflow.reinstate(_stood(changes))
    batch.refresh_from_db()


def _refuse_edited(
    batch: Batch, changes: Iterable[BatchChange], factsheets: Iterable[Factsheet]
) -> None:
    names = {factsheet.pk: str(factsheet) for factsheet in factsheets}
    stands = {factsheet.pk: stands_of(factsheet) for factsheet in factsheets}
    written = _written(batch)
    edited = [
        f"{names[change.factsheet_id]} {change}"
        for change in changes
        if _is_edited(change, stands, written)
    ]
    edited += [
        f"{names[factsheet]} {code}.{type_}"
        for factsheet, code, type_ in _edited_in_new_policies(batch, stands, written)
    ]
    if edited:
        message = _(
            "This import can't be undone as a whole, because %(count)d of its sections were "
            "edited since: %(sections)s. Restore sections from their history instead."
        )
        params = {"count": len(edited), "sections": ", ".join(edited[:SHOWN])}
        raise ValidationError(message, code="edited", params=params)


def _written(batch: Batch) -> dict[tuple[int, str, int], int]:
    """The revision of each section that the import has written."""
    revisions = SectionRevision.objects.filter(batch=batch).order_by("number")
    rows = revisions.values_list("factsheet", "policy_code", "type", "number")
    return {(factsheet, code, type_): number for factsheet, code, type_, number in rows}


def _is_edited(
    change: BatchChange,
    stands: Mapping[int, Mapping[Key, Stand]],
    written: Mapping[tuple[int, str, int], int],
) -> bool:
    stand = stands[change.factsheet_id].get(change.key)
    if change.after is None or stand is None:
        return (change.after is None) != (stand is None)
    place = (change.factsheet_id, change.policy_code, change.type_id)
    return stand.version != written.get(place, change.seen)


def _edited_in_new_policies(
    batch: Batch,
    stands: Mapping[int, Mapping[Key, Stand]],
    written: Mapping[tuple[int, str, int], int],
) -> Iterator[tuple[int, str, str]]:
    """Sections of policies that the import has added, written by somebody since."""
    added = batch.changes.filter(status=ChangeStatus.NEW, type__code="heading")
    types = dict(SectionType.objects.values_list("code", "pk"))
    for factsheet, code in added.values_list("factsheet", "policy_code"):
        for (policy, type_), stand in stands[factsheet].items():
            if policy == code and stand.version != written.get((factsheet, code, types[type_])):
                yield factsheet, code, type_


def _stood(changes: Iterable[BatchChange]) -> dict[tuple[int, Key], tuple[str, bool]]:
    """Where the sections stood before."""
    return {
        (change.factsheet_id, change.key): (change.was_state, change.was_unconfirmed)
        for change in changes
        if change.was_state
    }
