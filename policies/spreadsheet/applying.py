"""What was shown is applied as a whole, or not at all."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from policies import bulk, workflow, writing
from policies.changes import Source, change_set
from policies.checking import Tables
from policies.document import drafts
from policies.history import Key
from policies.models import (
    Batch,
    BatchChange,
    BatchState,
    ChangeStatus,
    CriterionScore,
    Factsheet,
    Section,
    SectionType,
    Side,
    State,
    User,
)
from policies.roles import Step, refusal
from policies.spreadsheet.checks import flaws
from policies.spreadsheet.deciding import become_conflicts, require_reach, require_sender, waiting
from policies.spreadsheet.hearing import Heard
from policies.spreadsheet.progress import Progress, silent
from policies.spreadsheet.standing import standing_of

PART = 400  # factsheets written at once, so that memory does not grow with the file
SHOWN = 10  # flaws that a message names

Where = tuple[int, str, int]  # factsheet, policy code, section type


@bulk.many_objects()
def confirm(
    batch: Batch, *, by: User, now: datetime | None = None, progress: Progress = silent
) -> bool:
    """Write what was shown, all of it or nothing.

    False, and nothing is written, if something that it touches has changed since: those sections
    are conflicts now, to be decided. Raises `ValidationError` where it can't be applied.
    """
    now = now or timezone.now()
    require_sender(batch, by)
    progress(_("Waiting for other writers"), 0, 1)
    with transaction.atomic():
        locked = waiting(batch, now)
        if undecided := locked.changes.undecided().count():
            message = _("Decide %(count)d conflicts first: keep what the site has, or take over.")
            raise ValidationError(message, code="undecided", params={"count": undecided})
        keys = locked_factsheets(locked, by)
        if overtaken := _overtaken(locked, keys):
            become_conflicts(locked, overtaken)
            return False
        _refuse_flaws(locked, keys)
        note = _("Import %(number)d: %(file)s") % {"number": batch.pk, "file": batch.filename}
        types = dict(SectionType.objects.values_list("pk", "code"))
        for number, part in enumerate(parts(keys)):
            progress(_("Writing"), number * PART, len(keys))
            _remember(locked, part, types)
            with change_set(by=by, source=Source.SPREADSHEET, note=note[:500], batch=batch.pk):
                write(locked, part, "after", types, by=by, now=now)
            _confirm_carried_over(locked, part, by, now)
            bulk.let_go()
        locked.state, locked.applied_at = BatchState.APPLIED, now
        locked.save(update_fields=["state", "applied_at"])
    batch.refresh_from_db()
    return True


def locked_factsheets(batch: Batch, by: User) -> list[int]:
    """The factsheets, locked in the order of their keys, once the person may write them all."""
    keys = sorted(set(batch.changes.taken().order_by().values_list("factsheet", flat=True)))
    for part in bulk.chunks(keys):
        list(Factsheet.objects.order_by("pk").select_for_update(no_key=True).filter(pk__in=part))
    require_reach(keys, by)
    headings = batch.changes.taken().filter(type__code="heading")
    for verb, side in (("add", "before"), ("delete", "after")):
        comes_or_goes = headings.filter(**{f"{side}__isnull": True}).exists()
        if comes_or_goes and not by.has_perm(f"policies.{verb}_policy"):
            raise PermissionDenied(refusal(by, Step.WRITE))
    return keys


def parts(keys: list[int]) -> Iterator[list[int]]:
    return (keys[start : start + PART] for start in range(0, len(keys), PART))


def versions(keys: Collection[int]) -> dict[Where, int]:
    """The versions that the sections of these factsheets have now."""
    found: dict[Where, int] = {}
    for part in bulk.chunks(keys):
        rows = Section.objects.filter(factsheet__in=part).order_by()
        names = ("factsheet", "policy__code", "type", "version")
        for factsheet, code, type_, version in rows.values_list(*names):
            found[factsheet, code or "", type_] = version
    return found


def _overtaken(batch: Batch, keys: list[int]) -> list[int]:
    """The changes whose section is not as it was shown."""
    now = versions(keys)
    names = ("pk", "factsheet", "policy_code", "type", "seen", "status")
    return [
        pk
        for pk, factsheet, code, type_, seen, status in batch.changes.taken().values_list(*names)
        if now.get((factsheet, code, type_)) != (None if status == ChangeStatus.NEW else seen)
    ]


def _refuse_flaws(batch: Batch, keys: list[int]) -> None:
    """Ask the rules again where something may have changed that they read since the file was."""
    tables = Tables()
    changes = batch.changes.taken()
    if tables.digest == batch.tables:
        chosen = changes.filter(decision=Side.TAKE).order_by().values_list("factsheet", flat=True)
        keys = sorted(set(chosen))
    found = [message for part in parts(keys) for message in _flaws(batch, part, tables)]
    if found:
        message = _("Nothing was written, because it would not be sound any more: %(flaws)s")
        params = {"flaws": " ".join(found[:SHOWN])}
        raise ValidationError(message, code="flaws", params=params)


def _flaws(batch: Batch, keys: list[int], tables: Tables) -> Iterator[str]:
    for draft in drafts(keys):
        standing = standing_of(draft)
        own: Any = list(batch.changes.taken().filter(factsheet=draft).select_related("type"))
        for flaw in flaws(standing, Heard(), own, tables):
            yield f"{standing.name}: {flaw.message}"


def write(
    batch: Batch, keys: list[int], side: str, types: Mapping[int, str], *, by: User, now: datetime
) -> None:
    """Give the sections of some factsheets what they held `before`, or shall hold `after`."""
    wanted: dict[int, dict[Key, Any]] = {key: {} for key in keys}
    changes = batch.changes.taken().filter(factsheet__in=keys)
    rows = changes.exclude(status=ChangeStatus.CONFIRMED)
    for factsheet, code, type_, content in rows.values_list(
        "factsheet", "policy_code", "type", side
    ):
        wanted[factsheet][code, types[type_]] = content
    writing.write(drafts(keys), wanted, by=by, now=now)


def _remember(batch: Batch, keys: list[int], types: Mapping[int, str]) -> None:
    """Keep where the sections stand that undoing has to bring back to somewhere."""
    noted = Section.objects.filter(factsheet__in=keys).filter(
        Q(state=State.APPROVED) | Q(is_unconfirmed=True)
    )
    names = ("factsheet", "policy__code", "type", "state", "is_unconfirmed")
    stood = {
        (factsheet, code or "", type_): (state, unconfirmed)
        for factsheet, code, type_, state, unconfirmed in noted.order_by().values_list(*names)
    }
    judged = _judgements(keys, types)
    if not stood and not judged:
        return
    rows = batch.changes.taken().filter(factsheet__in=keys)
    remembered = []
    for pk, *place in rows.values_list("pk", "factsheet", "policy_code", "type"):
        where: Where = (place[0], place[1], place[2])
        if where in stood or where in judged:
            state, unconfirmed = stood.get(where, ("", False))
            was = {"was_state": state, "was_unconfirmed": unconfirmed}
            remembered.append(BatchChange(pk=pk, was_judged=judged.get(where), **was))
    bulk.update(remembered, ["was_state", "was_unconfirmed", "was_judged"])


def _judgements(keys: list[int], types: Mapping[int, str]) -> dict[Where, dict[str, Any]]:
    by_code = {code: pk for pk, code in types.items()}
    scores = CriterionScore.objects.filter(factsheet__in=keys).exclude(judged_points=None)
    return {
        (score.factsheet_id, "", by_code[score.criterion.code]): {
            "by": score.judged_by_id,
            "at": score.judged_at.isoformat() if score.judged_at else None,
            "facts_hash": score.judged_facts_hash,
        }
        for score in scores.select_related("criterion")
        if score.criterion.code in by_code
    }


def _confirm_carried_over(batch: Batch, keys: list[int], by: User, now: datetime) -> None:
    """What the file confirms, unless writing it has confirmed it already."""
    asked = batch.changes.taken().filter(factsheet__in=keys, confirms=True)
    where = set(asked.values_list("factsheet", "policy_code", "type"))
    if where:
        sections = Section.objects.filter(factsheet__in=keys, is_unconfirmed=True)
        workflow.confirm_all(
            [section for section in sections.select_related("policy") if _where(section) in where],
            by=by,
            now=now,
        )


def _where(section: Section) -> Where:
    return (section.factsheet_id, section.policy.code if section.policy else "", section.type_id)
