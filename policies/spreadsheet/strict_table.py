"""A small table as a resource of django-import-export that guesses nothing and drops nothing.

A row is found by what identifies it, never by a database id. A blank cell keeps what is there,
`(clear)` empties it, a column that is not there is kept. All that is wrong with a file is told at
once, and then nothing of it is written. No row is ever deleted.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.results import Error, Result, RowResult
from tablib import Dataset

from policies.changes import change_set
from policies.checking import cut, did_you_mean
from policies.differences import Change, FactChange, TextChange, words
from policies.presentation.words import DASH
from policies.spreadsheet.cells import KEEP, Cell, Flag, Raw, Whole, text_of
from policies.spreadsheet.receiving import letters

NUMBER = "#"  # the column in which every row carries its number in the file
LARGEST = 2_000  # rows; each costs a few statements

Key = tuple[str, ...]
Line = dict[str, Raw]


class Single(Cell):
    """A text of one line."""

    def read(self, value: Raw, row: Mapping[str, Raw]) -> str:
        said = text_of(value).strip()
        if not said:
            message = _("The cell holds only spaces: leave it blank, or put in (clear).")
            raise ValueError(message)
        if len(said.splitlines()) > 1:
            raise ValueError(_("A single line is expected."))
        return self._checked(said)


class Text(Cell):
    """A text of many lines; how they end is the affair of browsers and spreadsheet programs."""

    def read(self, value: Raw, row: Mapping[str, Raw]) -> str:
        return self._checked(_with_plain_ends(text_of(value)))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return super().render(_with_plain_ends(value or ""))


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def cell_of(model_field: models.Field) -> Cell:
    if isinstance(model_field, models.BooleanField):
        return Flag(model_field)
    if isinstance(model_field, models.IntegerField):
        return Whole(model_field)
    if isinstance(model_field, models.TextField):
        return Text(model_field)
    return Single(model_field)


def column(model: type[models.Model], name: str, cell: type[Cell], *given: Any) -> Field:
    """A column that needs another cell than its field's type says."""
    model_field: Any = model._meta.get_field(name)
    widget = cell(model_field, *given)
    return Field(attribute=name, column_name=name, widget=widget)


@dataclass
class Sent:
    """A file: its table, and the cells that hold something which is no plain value."""

    dataset: Dataset
    oddities: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """By row and column, both counted from 1: what is wrong there."""

    @cached_property
    def headers(self) -> list[Any]:
        return list(self.dataset.headers or [])

    @cached_property
    def lines(self) -> list[Line]:
        """The rows that hold something, each with its number; of columns twice there, the last."""
        odd = {row for row, _column in self.oddities}
        return [
            {NUMBER: number, **dict(zip(self.headers, row, strict=True))}
            for number, row in enumerate(self.dataset, 2)
            if number in odd or any(value is not None for value in row)
        ]

    def value(self, row: int, place: int) -> Raw:
        inside = 2 <= row < len(self.dataset) + 2 and place < len(self.headers)
        return self.dataset[row - 2][place] if inside else None


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong in a cell; without a cell in a row (from 1), and without a row in the file."""

    row: int
    cell: str
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Difference:
    """What a row changes in one column."""

    column: str
    before: Any
    after: Any


class TableRow(RowResult):
    number: int
    key: Key
    differences: list[Difference]
    changes: list[Change]
    """The same in words."""


class TableResult(Result):
    """What a file does, or did, to a table."""

    problems: list[Problem]
    drafts: int = 0
    """How many drafts are settled, because of what it changes."""

    @property
    def is_sound(self) -> bool:
        return not self.problems

    @property
    def counts(self) -> dict[str, int]:
        names = {"new": "new", "changed": "update", "unchanged": "skip"}
        return {name: self.totals[what] for name, what in names.items()}

    @property
    def changed(self) -> list[Any]:
        return [row for row in self.rows if row.is_new() or row.is_update()]

    @property
    def fingerprint(self) -> str:
        """Of all that is done: the same only if every row is found as it was."""
        told = [
            [row.import_type, row.key, [(d.column, d.before, d.after) for d in row.differences]]
            for row in self.changed
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def append_invalid_row(self, number, row, validation_error):
        super().append_invalid_row(row[NUMBER], row, validation_error)


class StrictTable(ModelResource):
    """The rows of a reference table."""

    keys: ClassVar[tuple[str, ...]] = ("code",)
    lasting: ClassVar[tuple[str, ...]] = ()
    """What else never changes once a row is there."""

    class Meta:
        use_transactions = True
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False
        skip_diff = True  # the differences are ours
        store_instance = True  # for the admin's log

    def __init__(self, sent: Sent | None = None) -> None:
        super().__init__()
        self.sent = sent or Sent(Dataset())
        self.rows: dict[Key, models.Model] = {}
        self._numbers: dict[Key, int] = {}
        self._is_new = False
        self._key: Key = ()
        self._errors: dict[str, str] = {}  # of the row at hand, as is the next
        self._differences: list[Difference] = []

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        return Field(attribute=field_name, column_name=field_name, widget=cell_of(django_field))

    @classmethod
    def get_result_class(cls):
        return TableResult

    @classmethod
    def get_row_result_class(cls):
        return TableRow

    @classmethod
    def headers(cls) -> list[str]:
        return list(cls._meta.fields)

    def cell(self, name: str) -> Cell:
        return self.fields[name].widget

    def title(self, name: str) -> str:
        return capfirst(str(self._meta.model._meta.get_field(name).verbose_name))

    # The file

    def run(self, *, dry_run: bool) -> TableResult:
        return self.import_data(self._readable(), dry_run=dry_run)

    def import_data(self, dataset, dry_run=False, **kwargs):
        """As a whole or not at all, whatever the caller says."""
        whole = {"use_transactions": True, "rollback_on_validation_errors": True}
        return super().import_data(dataset, dry_run, **{**kwargs, **whole})

    def _readable(self) -> Dataset:
        """The rows with their numbers, without the columns that can't be understood."""
        names = [name for name in self.headers() if self.sent.headers.count(name) == 1]
        lines = self.in_order(self.sent.lines) if set(self.keys) <= set(names) else []
        rows = [[line[name] for name in [NUMBER, *names]] for line in lines]
        return Dataset(*rows, headers=[NUMBER, *names])

    def in_order(self, lines: list[Line]) -> list[Line]:
        """The rows so that each comes after those that it speaks of."""
        return lines

    # The table

    def before_import(self, dataset, **kwargs):
        """Nobody else writes a row between what is compared here and what is written."""
        rows = self.get_queryset().select_for_update(of=("self",), no_key=True)
        self.rows = {self.key_of(row): row for row in rows}
        self.prepare()

    def prepare(self) -> None:
        """Tell the cells what their words may mean."""

    def key_of(self, row: Any) -> Key:
        return tuple(str(self.cell(name).render(getattr(row, name))) for name in self.keys)

    @cached_property
    def _folded(self) -> dict[Key, Key]:
        return {tuple(map(str.casefold, key)): key for key in self.rows}

    # A row

    def import_row(self, row, instance_loader, **kwargs):
        """What collides in the database is the file's fault; all other exceptions are ours."""
        result = super().import_row(row, instance_loader, **kwargs)
        for error in result.errors:
            if not isinstance(error.error, IntegrityError):
                raise error.error
            message = _("The row collides with another. Somebody may just have added that.")
            result.validation_error = ValidationError(message)
            result.import_type = RowResult.IMPORT_TYPE_INVALID
        result.errors = []
        return result

    def get_or_init_instance(self, instance_loader, row):
        self._errors, self._differences = {}, []
        self._key = self._find(row)
        found = self.rows.get(self._key)
        self._is_new = found is None
        return found or self._meta.model(), self._is_new

    def _find(self, row: Line) -> Key:
        key = []
        for name in self.keys:
            try:
                value = self._said(row, name)
                if value is KEEP:
                    raise ValueError(_("This is missing: it names the row."))
                key.append(str(self.cell(name).render(value)))
            except ValueError as error:
                self._errors[name] = str(error)
        found = tuple(key)
        if not self._errors:
            self._check_key(found, int(str(row[NUMBER])))
        return () if self._errors else found

    def _check_key(self, key: Key, number: int) -> None:
        other = self._numbers.setdefault(key, number)
        if other != number:
            message = _("The same row stands already in row %(row)d.")
            self._errors[self.keys[-1]] = message % {"row": other}
        near = self._folded.get(tuple(map(str.casefold, key)))
        if near and key not in self.rows:
            message = _("There is “%(near)s” already: write it just so.")
            self._errors[self.keys[-1]] = message % {"near": near[-1]}

    def _said(self, row: Line, name: str, shown: Raw = None) -> Any:
        """What a cell says; `KEEP` also where it is just what the site would write there."""
        place = (int(str(row[NUMBER])), self.sent.headers.index(name) + 1)
        if place in self.sent.oddities:
            raise ValueError(self.sent.oddities[place])
        if row[name] == shown and type(row[name]) is type(shown):
            return KEEP
        return self.cell(name).clean(row[name], row)

    def import_instance(self, instance, row, **kwargs):
        names = [name for name in self.headers() if name in row and name not in self._errors]
        for name in names:
            if self._is_new or name not in self.keys:
                try:
                    self._hear(instance, row, name)
                except ValueError as error:
                    self._errors[name] = str(error)
        if self._errors:
            raise ValidationError({name: [said] for name, said in self._errors.items()})

    def _hear(self, instance: Any, row: Line, name: str) -> None:
        before = getattr(instance, name) if self._is_there(instance, name) else None
        shown = self.cell(name).render(before)
        value = self._said(row, name, shown)
        if value is KEEP or self.cell(name).render(value) == shown:
            return
        if name in self.lasting and not self._is_new:
            raise ValueError(_("This never changes: it stays “%(value)s”.") % {"value": shown})
        setattr(instance, name, value)
        shown = None if self._is_new else shown
        self._differences.append(Difference(name, shown, self.cell(name).render(value)))

    def _is_there(self, instance: Any, name: str) -> bool:
        """Whether a row has a value: a new one points nowhere yet."""
        attname = self._meta.model._meta.get_field(name).attname
        return getattr(instance, attname) is not None

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return not (self._is_new or self._differences or import_validation_errors)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """A row that can't be named is asked for nothing else."""
        if self._is_new and not self._key:
            raise ValidationError(import_validation_errors)
        super().validate_instance(instance, import_validation_errors, validate_unique)

    def save_instance(self, instance, is_create, row, **kwargs):
        super().save_instance(instance, is_create, row, **kwargs)
        self.rows[self._key] = instance

    def after_import_row(self, row, row_result, **kwargs):
        row_result.number = row[NUMBER]
        row_result.key = self._key
        row_result.differences = self._differences
        row_result.changes = [self._in_words(each) for each in self._differences]

    def _in_words(self, difference: Difference) -> Change:
        before, after = difference.before, difference.after
        if isinstance(self._meta.model._meta.get_field(difference.column), models.TextField):
            return TextChange(self.title(difference.column), words(before or "", after or ""))
        return FactChange(self.title(difference.column), _or_dash(before), _or_dash(after))

    # What came of it

    def handle_import_error(self, result, error, raise_errors=False):
        """What is wrong with a file is told in `after_import`; anything else is a fault of ours."""
        raise error

    def after_import(self, dataset, result, **kwargs):
        """The library would set the counter of ids here, but no id comes from a file."""
        flaws = self._file_flaws()
        for flaw in flaws:
            result.append_base_error(Error(ValueError(flaw.message)))
        result.rows.sort(key=lambda row: getattr(row, "number", 0))
        result.problems = sorted([*flaws, *self._row_flaws(result)])

    def _file_flaws(self) -> list[Problem]:
        headers = self.sent.headers
        flaws = [flaw for place in range(len(headers)) for flaw in self._header_flaws(place)]
        for key in self.keys:
            if key not in headers:
                message = _("The column “%(key)s” is missing: it names the rows.") % {"key": key}
                flaws.append(Problem(0, "", "", "", message))
        if not self.sent.lines:
            flaws.append(Problem(0, "", "", "", _("The file has no rows below the header.")))
        return [*flaws, *self._odd_flaws()]

    def _odd_flaws(self) -> Iterable[Problem]:
        """The odd cells that belong to no column and no row that is read."""
        read = [line[NUMBER] for line in self.sent.lines]
        for (row, place), message in self.sent.oddities.items():
            header = self.sent.headers[place - 1] if place <= len(self.sent.headers) else None
            if row not in read or header not in self.headers():
                yield self._flaw(row, place - 1, message)

    def _header_flaws(self, place: int) -> Iterable[Problem]:
        header, known = self.sent.headers[place], self.headers()
        if header is None:
            yield self._flaw(1, place, _("This column has cells, but no header."))
        elif header not in known:
            message = _("“%(header)s” is no column of this table.") % {"header": cut(str(header))}
            yield self._flaw(1, place, message + did_you_mean(str(header), known))
        elif header in self.sent.headers[:place]:
            yield self._flaw(1, place, _("This column stands there twice."))

    def _row_flaws(self, result: TableResult) -> Iterable[Problem]:
        for invalid in result.invalid_rows:
            for name, messages in invalid.error_dict.items():
                for message in messages:
                    yield self._blame(invalid.number, name, message)

    def _blame(self, row: int, name: str, message: str) -> Problem:
        if name in self.sent.headers:
            return self._flaw(row, self.sent.headers.index(name), message)
        return Problem(row, "", "" if name == NON_FIELD_ERRORS else name, "", message)

    def _flaw(self, row: int, place: int, message: str) -> Problem:
        headers = self.sent.headers
        header = headers[place] if place < len(headers) else None
        value = self.sent.value(row, place)
        shown = "" if value is None else cut(str(value))
        return Problem(row, f"{letters(place)}{row}", cut(str(header or "")), shown, message)


def _or_dash(value: Any) -> str:
    return DASH if value in (None, "") else str(value)


def rehearse(table: type[StrictTable], sent: Sent) -> TableResult:
    """What the file would do. Nothing stays written, and no draft is settled."""
    with change_set() as changes:
        result = table(sent).run(dry_run=True)
        result.drafts = len(changes.factsheets)
        changes.factsheets.clear()
    return result


def apply(table: type[StrictTable], sent: Sent, seen: str) -> TableResult | None:
    """Do what a person has seen, told by its fingerprint; None if it would be something else.

    Inside the caller's change set.
    """
    with change_set() as changes, transaction.atomic():
        before = set(changes.factsheets)
        result = table(sent).run(dry_run=False)
        result.drafts = len(changes.factsheets - before)
        if result.is_sound and result.fingerprint == seen:
            return result
        transaction.set_rollback(True)
        changes.factsheets.intersection_update(before)
    return None
