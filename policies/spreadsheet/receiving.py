"""A file comes in and is kept with what it would do. No draft changes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from policies import bulk
from policies.models import Batch, BatchState, StagedFile, User
from policies.spreadsheet.checks import Flaw
from policies.spreadsheet.comparison import Compared, compare
from policies.spreadsheet.opening import Opened, opened
from policies.spreadsheet.progress import Progress, silent

REMARKS = 100  # kept at most
PROBLEMS = 20_000


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


def _keep(
    data: bytes, filename: str, file: Opened, compared: Compared, by: User, now: datetime
) -> Batch:
    wrong = bool(compared.flaws)
    with transaction.atomic():
        staged = StagedFile.stage(data, filename, now=now)
        batch = Batch.objects.create(
            file=staged,
            filename=staged.filename,
            sha256=staged.sha256,
            by=by,
            at=now,
            expires_at=staged.expires_at,
            state=BatchState.REFUSED if wrong else BatchState.READY,
            counts=compared.counts,
            problems=_problems(file, compared.flaws),
            remarks=compared.remarks[:REMARKS],
            effects=[] if wrong else compared.effects,
            tables=compared.tables,
        )
        if not wrong:
            for order, change in enumerate(compared.changes):
                change.batch_id, change.order = batch.pk, order
            bulk.insert(compared.changes)
    return batch


def _problems(file: Opened, found: Iterable[Flaw]) -> list[dict[str, Any]]:
    """Every flaw once, sheet by sheet and row by row."""
    sheets = ["", *file.sheets]
    unique = sorted(
        dict.fromkeys(found),
        key=lambda f: (sheets.index(f.sheet) if f.sheet in sheets else 99, f.row),
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
    if flaw.place is None and flaw.column not in headers:
        return str(flaw.row)
    place = headers.index(flaw.column) if flaw.place is None else flaw.place
    return f"{xl_col_to_name(place)}{flaw.row}"
