"""A file comes in: read, compared, checked, and kept with what it would do. No draft changes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from policies import bulk
from policies.checking import Tables
from policies.document import vocabulary
from policies.models import (
    Batch,
    BatchChange,
    BatchState,
    ChangeStatus,
    Factsheet,
    StagedFile,
    User,
)
from policies.roles import Step, within_reach
from policies.spreadsheet.checks import Flaw, flaws
from policies.spreadsheet.effects import effect
from policies.spreadsheet.hearing import Hearing, places_of
from policies.spreadsheet.opening import Opened, opened
from policies.spreadsheet.planning import Planned, plan
from policies.spreadsheet.progress import Progress, silent
from policies.spreadsheet.standing import Place, Standing, standings

REMARKS = 100  # kept at most
PROBLEMS = 20_000


@dataclass
class Compared:
    """What a file would do."""

    hearing: Hearing
    changes: list[Planned] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)


@bulk.many_objects()
def receive(
    data: bytes,
    filename: str,
    *,
    by: User,
    now: datetime | None = None,
    progress: Progress = silent,
) -> Batch:
    """Keep a file with what it would do; raises `Refused` for one that can't be read at all."""
    progress(_("Opening the file"), 0, 1)
    file = opened(data, filename)
    compared = compare(file, by=by, progress=progress)
    progress(_("Keeping the result"), 0, 1)
    return _keep(data, filename, file, compared, by, now or timezone.now())


def compare(file: Opened, *, by: User, progress: Progress = silent) -> Compared:
    tables = Tables()
    hearing = Hearing(_standings(file, by, progress), by=by, tables=tables)
    found = Compared(hearing, flaws=list(file.flaws))
    for number, (sheet, dataset) in enumerate(file.readable):
        progress(_("Reading %(sheet)s") % {"sheet": sheet.sheet_name}, number, len(file.readable))
        _read(found, sheet(hearing), dataset)
    progress(_("Comparing"), 0, 1)
    found.changes = plan(hearing)
    _check(found, tables)
    _count(found)
    return found


def _standings(file: Opened, by: User, progress: Progress) -> Mapping[Place, Standing]:
    """The factsheets that the file names, each with whether the sender may write it."""
    places = places_of(dataset for _sheet, dataset in file.readable)
    rows = Factsheet.objects.filter(
        country__code__in={country for country, _year in places},
        edition__year__in={year for _country, year in places if 0 < year < 10_000},
    )
    keys = [
        pk
        for pk, *place in rows.order_by().values_list("pk", "country__code", "edition__year")
        if tuple(place) in places
    ]
    writable = set(within_reach(by, Step.WRITE, Factsheet.objects.order_by()).values_list("pk"))
    found = {standing.place: standing for standing in standings(keys, progress)}
    for standing in found.values():
        standing.may_write = (standing.pk,) in writable
    return found


def _read(found: Compared, sheet: Any, dataset: Any) -> None:
    """Through the library's import; whatever is not the file's fault is raised."""
    result = sheet.import_data(dataset, use_transactions=False)
    for error in [*result.base_errors, *(e for _n, errors in result.row_errors() for e in errors)]:
        raise error.error
    for invalid in result.invalid_rows:
        for column, messages in invalid.error_dict.items():
            row = invalid.number + 1
            found.flaws += [Flaw(sheet.sheet_name, row, column, m) for m in messages]
    found.counts[sheet.sheet_name] = Counter(
        total=sum(any(value is not None for value in row) for row in dataset)
    )


def _check(found: Compared, tables: Tables) -> None:
    """The rules between cells, where the cells themselves are sound."""
    wrong = {(flaw.sheet, flaw.row) for flaw in found.flaws}
    for standing, changes in _by_factsheet(found.changes):
        heard = found.hearing.about(standing)
        for flaw in flaws(standing, heard, changes, tables):
            if (flaw.sheet, flaw.row) not in wrong:
                found.flaws.append(flaw)


def _by_factsheet(changes: Iterable[Planned]) -> list[tuple[Standing, list[Planned]]]:
    grouped: dict[int, tuple[Standing, list[Planned]]] = {}
    for change in changes:
        grouped.setdefault(change.standing.pk, (change.standing, []))[1].append(change)
    return list(grouped.values())


# Of two things that happen to a row, the one that a person should hear of first.
RANKS = [
    ChangeStatus.CONFLICT,
    ChangeStatus.DELETED,
    ChangeStatus.NEW,
    ChangeStatus.CHANGED,
    ChangeStatus.CONFIRMED,
]


def _count(found: Compared) -> None:
    """How many rows of each sheet are new, changed, unchanged and so on."""
    status: dict[tuple[str, int], str] = {}
    for change in sorted(found.changes, key=lambda c: -RANKS.index(c.status)):
        status |= dict.fromkeys(change.rows, change.status.value)
    status |= {(flaw.sheet, flaw.row): "error" for flaw in found.flaws if flaw.row > 1}
    for sheet, counts in found.counts.items():
        counts.update(what for (name, _row), what in status.items() if name == sheet)
        total = counts.pop("total")
        counts["unchanged"] = max(0, total - sum(counts.values()))


# Keeping it


def _keep(
    data: bytes, filename: str, file: Opened, compared: Compared, by: User, now: datetime
) -> Batch:
    with transaction.atomic():
        staged = StagedFile.stage(data, filename, now=now)
        batch = Batch.objects.create(
            file=staged,
            filename=staged.filename,
            sha256=staged.sha256,
            by=by,
            at=now,
            expires_at=staged.expires_at,
            state=BatchState.REFUSED if compared.flaws else BatchState.READY,
            counts=compared.counts,
            problems=_problems(file, compared.flaws),
            remarks=compared.hearing.remarks[:REMARKS],
            effects=[] if compared.flaws else effects_of(compared.changes, compared.hearing.tables),
        )
        if not compared.flaws:
            bulk.insert(_rows(batch, compared))
    return batch


def _problems(file: Opened, found: Iterable[Flaw]) -> list[dict[str, Any]]:
    """Every flaw once, sheet by sheet and row by row."""
    sheets = ["", *file.sheets]
    unique = sorted(
        set(found), key=lambda f: (sheets.index(f.sheet) if f.sheet in sheets else 99, f.row)
    )
    return [
        {
            "sheet": flaw.sheet,
            "row": flaw.row,
            "column": flaw.column,
            "cell": _cell(file, flaw),
            "value": "" if (value := file.value(flaw)) is None else str(value)[:200],
            "message": flaw.message,
        }
        for flaw in unique[:PROBLEMS]
    ]


def _cell(file: Opened, flaw: Flaw) -> str:
    """Such as C5; only the row where no single cell is to blame."""
    dataset = file.sheets.get(flaw.sheet)
    headers = (dataset.headers if dataset is not None else None) or []
    if not flaw.row:
        return ""
    if flaw.column not in headers:
        return str(flaw.row)
    return f"{letters(headers.index(flaw.column))}{flaw.row}"


def letters(column: int) -> str:
    """The name of a column, counted from 0: A, B, …, Z, AA."""
    first, last = divmod(column, 26)
    return (letters(first - 1) if first else "") + chr(ord("A") + last)


def _rows(batch: Batch, compared: Compared) -> list[BatchChange]:
    types = compared.hearing.tables.types
    return [
        BatchChange(
            batch=batch,
            order=order,
            factsheet_id=change.standing.pk,
            policy_code=change.key[0],
            type=types[change.key[1]],
            places=change.rows,
            status=change.status,
            seen=change.seen,
            edit=change.edit.to_dict(),
            before=change.before,
            after=change.after,
            confirms=change.confirms,
            **_stood(change),
        )
        for order, change in enumerate(compared.changes)
    ]


def _stood(change: Planned) -> dict[str, Any]:
    stand = change.standing.stands.get(change.key)
    if stand is None:
        return {}
    return {"was_state": stand.state, "was_unconfirmed": stand.is_unconfirmed}


def effects_of(changes: Iterable[Planned], tables: Tables) -> list[dict[str, Any]]:
    """What becomes of scores; conflicts are left out until they are decided."""
    proves = vocabulary()
    found = []
    for standing, own in _by_factsheet(changes):
        certain = [change for change in own if change.status != ChangeStatus.CONFLICT]
        if moved := effect(standing, certain, tables, proves):
            found.append(moved)
    return found
