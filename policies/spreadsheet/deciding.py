"""Conflicts of a batch: which there are, and which side wins."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from policies import bulk
from policies.checking import Tables
from policies.document import drafts, vocabulary
from policies.models import Batch, BatchChange, BatchState, ChangeStatus, Factsheet, Side, User
from policies.roles import Role, Step, refusal, roles_of, within_reach
from policies.spreadsheet.edits import LISTS, Content, Edit, applied
from policies.spreadsheet.effects import effect
from policies.spreadsheet.standing import standing_of

SHOWN = 10  # sections that a message names


def may_see(user: User, batch: Batch) -> bool:
    """A batch is its sender's; administrators may look at it and undo it."""
    return batch.by_id == user.pk or Role.ADMINISTRATOR in roles_of(user)


def require_sender(batch: Batch, by: User) -> None:
    """Only the sender decides and confirms, for it is the sender's text that is reviewed then."""
    if batch.by_id != by.pk:
        message = _("Only %(sender)s, who sent this file, can decide and confirm.")
        raise PermissionDenied(message % {"sender": batch.by})


def require_reach(keys: Iterable[int], by: User) -> None:
    """Raises `PermissionDenied` unless the person may write all these factsheets."""
    writable = within_reach(by, Step.WRITE, Factsheet.objects.order_by())
    if set(keys) - set(writable.values_list("pk", flat=True)):
        raise PermissionDenied(refusal(by, Step.WRITE))


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


@transaction.atomic
def decide(
    batch: Batch, sides: Mapping[int, str], *, by: User, now: datetime | None = None
) -> None:
    """Say of conflicts, by their key, which side wins. A policy's deletion is decided as one."""
    require_sender(batch, by)
    locked = waiting(batch, now or timezone.now())
    conflicts = list(locked.changes.filter(status=ChangeStatus.CONFLICT).select_related("type"))
    policies = {
        (change.factsheet_id, change.policy_code): sides[change.pk]
        for change in conflicts
        if change.after is None and sides.get(change.pk, change.decision) != change.decision
    }
    decided = []
    for change in conflicts:
        side = sides.get(change.pk, "")
        if change.after is None:
            side = policies.get((change.factsheet_id, change.policy_code), "")
        if side in Side.values and side != change.decision:
            change.decision = side
            decided.append(change)
    keys = {change.factsheet_id for change in decided}
    require_reach(keys, by)
    bulk.update(decided, ["decision"])
    tell_effects(locked, keys)


def decide_all(batch: Batch, side: str, *, by: User) -> None:
    """Decide every conflict that is not decided yet."""
    undecided = batch.changes.undecided()
    decide(batch, dict.fromkeys(undecided.values_list("pk", flat=True), side), by=by)


def become_conflicts(batch: Batch, overtaken: Iterable[int]) -> None:
    """Show these changes once more, upon what the sections hold now."""
    changes = _with_whole_policies(batch, set(overtaken))
    keys = {change.factsheet_id for change in changes}
    there = {f.pk: standing_of(f) for part in bulk.chunks(keys) for f in drafts(part)}
    kept: list[BatchChange] = []
    settled: list[BatchChange] = []
    for change in changes:
        standing = there[change.factsheet_id]
        content = standing.contents.get(change.key)
        if content is None or change.key not in standing.stands:  # the policy has been deleted
            settled.append(change)
            continue
        if change.after is not None:
            change.after = applied(content, _complete(change, content))
        change.before, change.seen = content, standing.stands[change.key].version
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
    tell_effects(batch, keys)


def _with_whole_policies(batch: Batch, overtaken: set[int]) -> list[BatchChange]:
    """With all sections of a policy that would be deleted, for it goes or stays as a whole."""
    changes = list(batch.changes.taken().select_related("type"))
    doomed = {
        (change.factsheet_id, change.policy_code)
        for change in changes
        if change.pk in overtaken and change.after is None
    }
    return [
        change
        for change in changes
        if change.pk in overtaken
        or (change.after is None and (change.factsheet_id, change.policy_code) in doomed)
    ]


def _complete(change: BatchChange, content: Content) -> Edit:
    """The edit, with the rest of entries that have been deleted since: to take it adds them."""
    edit = Edit(**change.edit)
    name = next((name for name, key in LISTS.items() if key and name in content), None)
    if name is None or change.before is None:
        return edit
    key = str(LISTS[name])
    present = {item[key] for item in content[name]}
    before = {item[key]: item for item in change.before[name]}
    items = {
        code: {**before[code], **item} if item and code not in present and code in before else item
        for code, item in edit.items.items()
    }
    return Edit(edit.values, items, edit.order)


def tell_effects(batch: Batch, factsheets: Iterable[int]) -> None:
    """Compute anew what becomes of the scores of these factsheets."""
    tables, proves = Tables(), vocabulary()
    effects: dict[int, dict[str, Any]] = {moved["factsheet"]: moved for moved in batch.effects}
    for part in bulk.chunks(set(factsheets)):
        for factsheet in drafts(part):
            standing = standing_of(factsheet)
            own = batch.changes.filter(factsheet=factsheet).select_related("type")
            certain = [change for change in own if _is_certain(change)]
            effects[factsheet.pk] = effect(standing, certain, tables, proves) or {}
    batch.effects = [moved for moved in effects.values() if moved]
    batch.save(update_fields=["effects"])


def _is_certain(change: BatchChange) -> bool:
    """Whether it is going to be written, as far as is decided."""
    return change.status != ChangeStatus.CONFLICT or change.decision == Side.TAKE
