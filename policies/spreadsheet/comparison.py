"""What a file would do, found a few hundred factsheets at a time; nothing is written here."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tablib import Dataset

from policies import bulk
from policies.checking import Tables
from policies.document import Vocabulary, vocabulary
from policies.models import BatchChange, ChangeStatus, Factsheet, User
from policies.roles import Step, within_reach
from policies.spreadsheet.cells import CLEAR
from policies.spreadsheet.checks import Flaw, flaws
from policies.spreadsheet.effects import effect
from policies.spreadsheet.hearing import Hearing, place_of, places_of
from policies.spreadsheet.opening import Opened
from policies.spreadsheet.planning import Planned, plan
from policies.spreadsheet.progress import Progress, silent
from policies.spreadsheet.sheet import Sheet
from policies.spreadsheet.standing import Place, Standing, standings

SHOWN = 10  # rows that a remark names
PART = 400  # factsheets compared at once, so that memory does not grow with the file


@dataclass
class Compared:
    """What a file would do; the changes are not saved yet."""

    changes: list[BatchChange] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    effects: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    tables: str = ""  # the digest of what it was checked against


@dataclass(frozen=True)
class Rows:
    """Some rows of a sheet, and where in the file they stand."""

    sheet: type[Sheet]
    dataset: Dataset
    numbers: list[int]


def compare(file: Opened, *, by: User, progress: Progress = silent) -> Compared:
    found = Compared(flaws=list(file.flaws))
    found.counts = {sheet.sheet_name: Counter() for sheet, _dataset in file.readable}
    keys = _keys(file)
    writable = within_reach(by, Step.WRITE, Factsheet.objects.order_by())
    comparing = _Comparing(found, by, set(writable.values_list("pk", flat=True)))
    parts = list(_parts(list(keys)))
    for number, (places, rows) in enumerate(zip(parts, _rows(file, parts), strict=True)):
        progress(_("Comparing"), number * PART, max(len(keys), 1))
        comparing.take([keys[place] for place in places], rows)
        bulk.let_go()
    found.remarks = [*_blanked(comparing.blanks), *found.remarks]
    for sheet, counts in found.counts.items():
        found.counts[sheet] = Counter({what: counts[what] for what in STATUSES if counts[what]})
    return found


def _keys(file: Opened) -> dict[Place, int]:
    """The factsheets that the file names and the site has, in the file's order."""
    places = places_of(dataset for _sheet, dataset in file.readable)
    rows = Factsheet.objects.filter(
        country__code__in={country for country, _year in places},
        edition__year__in={year for _country, year in places if 0 < year < 10_000},
    ).order_by()
    known = {
        (code, year): pk
        for pk, code, year in rows.values_list("pk", "country__code", "edition__year")
    }
    return {place: known[place] for place in places if place in known}


def _parts(places: list[Place]) -> Iterator[list[Place]]:
    for start in range(0, max(len(places), 1), PART):
        yield places[start : start + PART]


def _rows(file: Opened, parts: list[list[Place]]) -> list[list[Rows]]:
    """The rows of all sheets by part; those that name no factsheet go with the first."""
    part_of = {place: number for number, places in enumerate(parts) for place in places}
    divided: list[list[Rows]] = [[] for _part in parts]
    for sheet, dataset in file.readable:
        headers = dataset.headers
        country, edition = headers.index("country"), headers.index("edition")
        own = [Rows(sheet, Dataset(headers=headers), []) for _part in parts]
        for number, row in enumerate(dataset, 2):
            place = place_of(row[country], row[edition])
            rows = own[part_of.get(place, 0) if place else 0]
            rows.dataset.append(row)
            rows.numbers.append(number)
        for part, rows in zip(divided, own, strict=True):
            part.append(rows)
    return divided


class _Comparing:
    """One part after the other, into one result."""

    def __init__(self, found: Compared, by: User, writable: set[int]) -> None:
        self.found = found
        self.by = by
        self.writable = writable
        self.tables = Tables()
        found.tables = self.tables.digest
        self.proves: Vocabulary = vocabulary()
        self.wrong = {(flaw.sheet, flaw.row) for flaw in found.flaws}
        self.blanks: dict[str, list[int]] = {}

    def take(self, keys: list[int], rows: list[Rows]) -> None:
        there = {standing.place: standing for standing in standings(keys)}
        for standing in there.values():
            standing.may_write = standing.pk in self.writable
        hearing = Hearing(there, by=self.by, tables=self.tables)
        for each in rows:
            self._read(each, hearing)
        changes = plan(hearing)
        self._check(hearing, changes)
        self._count(rows, hearing, changes)
        self._effects(changes)
        self.found.remarks += hearing.remarks
        for sheet, numbers in hearing.blanks.items():
            self.blanks.setdefault(sheet, []).extend(numbers)
        self.found.changes += map(self._change, changes)

    def _read(self, rows: Rows, hearing: Hearing) -> None:
        """Through the library's import; whatever is not the file's fault is raised."""
        sheet = rows.sheet(hearing, rows.numbers)
        result = sheet.import_data(rows.dataset, use_transactions=False)
        faults = [*result.base_errors, *(e for _n, errors in result.row_errors() for e in errors)]
        for fault in faults:
            raise fault.error
        for invalid in result.invalid_rows:
            number = rows.numbers[invalid.number - 1]
            for column, messages in invalid.error_dict.items():
                self._add(Flaw(sheet.sheet_name, number, column, m) for m in messages)

    def _add(self, found: Iterable[Flaw]) -> None:
        for flaw in found:
            self.found.flaws.append(flaw)
            self.wrong.add((flaw.sheet, flaw.row))

    def _check(self, hearing: Hearing, changes: list[Planned]) -> None:
        """The rules between cells, where the cells themselves are sound."""
        wrong = set(self.wrong)
        for standing, own in by_factsheet(changes):
            found = flaws(standing, hearing.about(standing), own, self.tables)
            self._add(flaw for flaw in found if (flaw.sheet, flaw.row) not in wrong)

    def _count(self, rows: list[Rows], hearing: Hearing, changes: list[Planned]) -> None:
        """How many rows of each sheet are new, changed, unchanged and so on."""
        status = statuses(changes, hearing)
        for each in rows:
            name = each.sheet.sheet_name
            for number, row in zip(each.numbers, each.dataset, strict=True):
                if any(value is not None for value in row):
                    what = "error" if (name, number) in self.wrong else status.get((name, number))
                    self.found.counts[name][what or "unchanged"] += 1

    def _effects(self, changes: list[Planned]) -> None:
        """What becomes of scores; conflicts are left out until they are decided."""
        for standing, own in by_factsheet(changes):
            certain = [change for change in own if change.status != ChangeStatus.CONFLICT]
            if moved := effect(standing, certain, self.tables, self.proves):
                self.found.effects.append(moved)

    def _change(self, planned: Planned) -> BatchChange:
        return BatchChange(
            factsheet_id=planned.standing.pk,
            policy_code=planned.key[0],
            type_id=self.tables.types[planned.key[1]].pk,
            places=planned.rows,
            status=planned.status,
            seen=planned.seen,
            edit=planned.edit.to_dict(),
            before=planned.before,
            after=planned.after,
            confirms=planned.confirms,
        )


def _blanked(blanks: dict[str, list[int]]) -> Iterator[str]:
    """Whoever empties a cell may think that this empties the value."""
    for sheet, rows in blanks.items():
        message = ngettext(
            "%(sheet)s: %(count)d cell was left blank where the site has a value, which stays "
            "(row %(rows)s). Write %(clear)s to empty it.",
            "%(sheet)s: %(count)d cells were left blank where the site has a value, which stays "
            "(rows %(rows)s). Write %(clear)s to empty them.",
            len(rows),
        )
        named = ", ".join(map(str, dict.fromkeys(rows[:SHOWN])))
        more = ", …" if len(rows) > SHOWN else ""
        words = {"sheet": sheet, "count": len(rows), "rows": named + more, "clear": CLEAR}
        yield message % words


def by_factsheet(changes: Iterable[Planned]) -> list[tuple[Standing, list[Planned]]]:
    grouped: dict[int, tuple[Standing, list[Planned]]] = {}
    for change in changes:
        grouped.setdefault(change.standing.pk, (change.standing, []))[1].append(change)
    return list(grouped.values())


STATUSES = (*ChangeStatus.values, "error", "unchanged")

# Of two things that happen to a row, the one that a person should hear of first comes last.
RANKS = [
    ChangeStatus.CONFIRMED,
    ChangeStatus.CHANGED,
    ChangeStatus.NEW,
    ChangeStatus.DELETED,
    ChangeStatus.CONFLICT,
]


def statuses(changes: Iterable[Planned], hearing: Hearing) -> dict[tuple[str, int], str]:
    """What happens to the rows that speak of a change."""
    status: dict[tuple[str, int], str] = {}
    for change in sorted(changes, key=lambda change: RANKS.index(change.status)):
        for row in change.rows:
            own = None if change.status == ChangeStatus.CONFLICT else hearing.rows.get(row)
            status[row] = own or change.status.value
    return status
