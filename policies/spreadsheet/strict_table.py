"""A small table as a resource of django-import-export that guesses nothing and drops nothing.

A row is found by what identifies it, never by a database id. A blank cell keeps what is there,
`(clear)` empties it, a column that is not there is kept. All that is wrong with a file is told at
once, and then nothing of it is written. No row is ever deleted.
"""

from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.results import Error, RowResult
from tablib import Dataset

from policies.changes import change_set
from policies.differences import Change, FactChange, TextChange, words
from policies.presentation.words import DASH
from policies.spreadsheet.cells import KEEP, Cell, Raw
from policies.spreadsheet.table_cells import Single, Text, cell_of
from policies.spreadsheet.table_flaws import file_flaws, odd_flaws, row_flaws
from policies.spreadsheet.table_results import (
    NUMBER,
    Difference,
    Key,
    Line,
    Sent,
    TableResult,
    TableRow,
)


class StrictTable(ModelResource):
    """The rows of a reference table."""

    keys: ClassVar[tuple[str, ...]] = ("code",)
    lasting: ClassVar[tuple[str, ...]] = ()
    """What else never changes once a row is there."""
    told: ClassVar[tuple[str, ...]] = ()
    """What a file only tells its reader: nothing that it says of this is heard."""

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
        if name in self.told:
            return
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
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        except ValidationError as found:
            for error in [each for errors in found.error_dict.values() for each in errors]:
                if error.code in ("null", "blank"):
                    error.message = _("A new row needs this.")
            raise

    def save_instance(self, instance, is_create, row, **kwargs):
        super().save_instance(instance, is_create, row, **kwargs)
        self.rows[self._key] = instance

    def after_import_row(self, row, row_result, **kwargs):
        row_result.number = row[NUMBER]
        row_result.key = self._key
        row_result.differences = self._differences
        row_result.changes = [self._in_words(each) for each in self._differences]

    def _in_words(self, difference: Difference) -> Change:
        """A code or a number goes as a whole; of a text, the words that differ."""
        before, after = _shown(difference.before), _shown(difference.after)
        title, cell = self.title(difference.column), self.cell(difference.column)
        is_slug = isinstance(cell.field, models.SlugField)
        if self._is_new or (isinstance(cell, Text | Single) and not is_slug):
            return TextChange(title, words(before, after))
        return FactChange(title, before or DASH, after or DASH)

    # What came of it

    def handle_import_error(self, result, error, raise_errors=False):
        """What is wrong with a file is told in `after_import`; anything else is a fault of ours."""
        raise error

    def after_import(self, dataset, result, **kwargs):
        """The library would set the counter of ids here, but no id comes from a file."""
        flaws = [
            *file_flaws(self.sent, self.headers(), self.keys),
            *odd_flaws(self.sent, dataset),
        ]
        for flaw in flaws:
            result.append_base_error(Error(ValueError(flaw.message)))
        result.rows.sort(key=lambda row: getattr(row, "number", 0))
        for invalid in result.invalid_rows:
            flaws += row_flaws(self.sent, invalid)
        result.problems = sorted(flaws)


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


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
