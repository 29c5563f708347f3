"""An import is undone as a whole, as long as nobody has edited on."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from policies import bulk, workflow
from policies.changes import Source, change_set
from policies.history import Key
from policies.models import (
    Batch,
    BatchState,
    ChangeStatus,
    CriterionScore,
    Factsheet,
    SectionRevision,
    SectionType,
    User,
)
from policies.roles import Step, refusal
from policies.spreadsheet.applying import Where, locked_factsheets, parts, versions, write
from policies.spreadsheet.deciding import SHOWN, may_see


@bulk.many_objects()
def undo(batch: Batch, *, by: User, now: datetime | None = None) -> None:
    """Give every section back what it held before, as a new revision, all of it or nothing.

    Raises `ValidationError` if somebody has edited one of them since.
    """
    now = now or timezone.now()
    if not may_see(by, batch):
        raise PermissionDenied(refusal(by, Step.WRITE))
    with transaction.atomic():
        locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if locked.state != BatchState.APPLIED:
            message = _("Only an import that was applied can be undone.")
            raise ValidationError(message, code="state")
        keys = locked_factsheets(locked, by)
        _refuse_edited(locked, keys)
        types = dict(SectionType.objects.values_list("pk", "code"))
        note = _("Import %(number)d undone") % {"number": batch.pk}
        for part in parts(keys):
            with change_set(by=by, source=Source.SPREADSHEET, note=note, batch=batch.pk):
                write(locked, part, "before", types, by=by, now=now)
            bulk.let_go()
        workflow.reinstate(_stood(locked))
        _judge_as_before(locked)
        locked.state = BatchState.UNDONE
        locked.undone_at, locked.undone_by = now, by
        locked.save(update_fields=["state", "undone_at", "undone_by"])
    batch.refresh_from_db()


def _refuse_edited(batch: Batch, keys: list[int]) -> None:
    edited = list(_edited(batch, versions(keys)))
    if edited:
        message = _(
            "This import can't be undone as a whole, because %(count)d of its sections were "
            "edited since: %(sections)s. Restore sections from their history instead."
        )
        names = [_name(*where) for where in edited[:SHOWN]]
        params = {"count": len(edited), "sections": ", ".join(names)}
        raise ValidationError(message, code="edited", params=params)


def _edited(batch: Batch, now: Mapping[Where, int]) -> Iterator[Where]:
    """The sections that are not as the import left them."""
    revisions = SectionRevision.objects.filter(batch=batch).order_by("number")
    place = ("factsheet", "policy_code", "type")
    written = {
        (factsheet, code, type_): number
        for factsheet, code, type_, number in revisions.values_list(*place, "number")
    }
    taken = batch.changes.taken()
    gone = set(taken.filter(after__isnull=True).values_list(*place))
    added = set(taken.filter(status=ChangeStatus.NEW).values_list(*place[:2]))
    for *found, seen in taken.values_list(*place, "seen"):
        where: Where = (found[0], found[1], found[2])
        if now.get(where) != (None if where in gone else written.get(where, seen)):
            yield where
    for where, version in now.items():  # also what an added policy got beside
        if where[:2] in added and version != written.get(where):
            yield where


def _name(factsheet: int, code: str, type_: int) -> str:
    section = SectionType.objects.get(pk=type_).code
    name = Factsheet.objects.select_related("country", "edition").get(pk=factsheet)
    return f"{name} {code}.{section}" if code else f"{name} {section}"


def _stood(batch: Batch) -> dict[tuple[int, Key], tuple[str, bool]]:
    """Where the sections stood when the import was written."""
    rows = batch.changes.taken().exclude(was_state="")
    names = ("factsheet", "policy_code", "type__code", "was_state", "was_unconfirmed")
    return {
        (factsheet, (code, type_)): (state, unconfirmed)
        for factsheet, code, type_, state, unconfirmed in rows.values_list(*names)
    }


def _judge_as_before(batch: Batch) -> None:
    """A judgement that is back is by whom it was, and of the facts that it was of."""
    changes = batch.changes.taken().exclude(was_judged__isnull=True)
    names = ("factsheet", "type__code", "was_judged")
    before = {(factsheet, code): was for factsheet, code, was in changes.values_list(*names)}
    scores = CriterionScore.bookkeeping.filter(factsheet__in={pk for pk, _code in before})
    judged = []
    for score in scores.select_related("criterion"):
        if was := before.get((score.factsheet_id, score.criterion.code)):
            score.judged_by_id = was["by"]
            score.judged_at = parse_datetime(was["at"])
            score.judged_facts_hash = was["facts_hash"]
            judged.append(score)
    bulk.update(judged, ["judged_by", "judged_at", "judged_facts_hash"])
