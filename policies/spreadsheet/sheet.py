"""A sheet as a resource of django-import-export: the way of a row out and in.

Out, a row is read from a `Standing`. In, its cells are cleaned and compared with what the site
would write there; nothing is stored here: what a row says goes to `Hearing`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.resources import Resource

from policies.checking import not_one_of
from policies.history import Key
from policies.models import ChangeStatus
from policies.spreadsheet.cells import KEEP, whole_of
from policies.spreadsheet.columns import Column
from policies.spreadsheet.edits import value_at
from policies.spreadsheet.hearing import Hearing
from policies.spreadsheet.line import Line, Tail
from policies.spreadsheet.standing import Place, Standing


class Nobody:
    """No loader: rows are found in the standings."""

    def __init__(self, resource: Any, dataset: Any) -> None:
        pass


class Sheet(Resource):
    """The columns of one sheet."""

    sheet_name: ClassVar[str]
    adds: ClassVar[bool] = False  # whether a row with a new key adds something

    class Meta:
        use_bulk = True  # no savepoint for each row: nothing is written here
        skip_diff = True  # the preview compares sections, not rows
        skip_html_diff = True
        report_skipped = False
        instance_loader_class = Nobody

    def __init__(self, hearing: Hearing | None = None, numbers: Iterable[int] = ()) -> None:
        """`numbers` are the places in the file of the rows that are going to be read."""
        super().__init__()
        self.columns: list[Column] = list(self.fields.values())
        self.hearing = hearing or Hearing({}, by=None)
        self._numbers = iter(numbers)
        self._known_keys: dict[tuple[str, Any], Any] = {}  # the same stand in many rows
        self._rows: dict[tuple[Place, Tail], int] = {}

    @classmethod
    def headers(cls) -> list[str]:
        return [column.name for column in cls.fields.values()]

    # Out

    def get_export_fields(self, selected_fields=None):
        return self.columns

    def export_resource(self, instance, selected_fields=None, **kwargs):
        return [self.export_field(column, instance) for column in self.columns]

    def get_field_name(self, field):
        return field.column_name

    def tails(self, standing: Standing) -> list[Tail]:
        """What names the rows of a factsheet, in order."""
        raise NotImplementedError

    def lines(self, standing: Standing) -> list[Line]:
        return [Line(self, standing, tail) for tail in self.tails(standing)]

    def section_key(self, tail: Tail, column: Column) -> Key:
        """The section to which a column's fact belongs."""
        raise NotImplementedError

    def value(self, standing: Standing, tail: Tail, column: Column) -> Any:
        section = self.section_key(tail, column)
        if column.use == "version":
            stand = standing.stands.get(section)
            return stand.version if stand else None
        return value_at(standing.contents.get(section, {}), column.path)

    # In

    def get_or_init_instance(self, instance_loader, row):
        line = self._line(row)
        return line, line.is_new

    def _line(self, row: Mapping[str, Any]) -> Line:
        number = next(self._numbers)
        if all(value is None for value in row.values()):
            return Line(self, None, (), number)
        keys, errors = self._keys(row)
        line = Line(self, None, tuple(keys[2:]), number, errors=errors)
        named = not errors
        self._versions(line, row)
        if named:
            self._place(line, (keys[0], keys[1]))
        if not line.is_gone:
            self._action(line, row)
        return line

    def _keys(self, row: Mapping[str, Any]) -> tuple[list[Any], dict[str, list[str]]]:
        keys: list[Any] = []
        errors: dict[str, list[str]] = {}
        for column in (column for column in self.columns if column.use == "key"):
            raw = row.get(column.name)
            key = self._known_keys.get((column.name, raw))
            try:
                if key is None:
                    key = self._known_keys[column.name, raw] = column.cell.clean(raw, row)
            except ValueError as error:
                errors[column.name] = [str(error)]
                key = ""
            if key is KEEP and column.name not in self.optional:
                errors[column.name] = [_("This is missing: it names the row.")]
            key = "" if key is KEEP else key
            keys.append(key.strip() if isinstance(key, str) else key)
        return keys, errors

    optional: ClassVar[frozenset[str]] = frozenset()

    def _place(self, line: Line, place: Place) -> None:
        """Find the row among those that the site has."""
        line.standing, problem = self.hearing.find(place)
        if line.standing is None:
            line.wrong(*problem)
            return
        first = self._rows.setdefault((place, line.tail), line.number)
        if first != line.number:
            words = _("The same row stands already in row %(row)d.") % {"row": first}
            line.wrong(self._last_key, words)
            return
        is_there = self.knows(line.standing, line.tail)
        line.is_gone = not is_there and line.seen is not None and self.had(line)
        if line.is_gone:
            self.hearing.leave_out(line.row, line.standing, line.tail[0])
            return
        line.is_new = not is_there
        if line.is_new and not self.adds:
            self.refuse_new(line)
        self.clean_key(line)

    @property
    def _last_key(self) -> str:
        return [column.name for column in self.columns if column.use == "key"][-1]

    def knows(self, standing: Standing, tail: Tail) -> bool:
        raise NotImplementedError

    def had(self, line: Line) -> bool:
        """Whether what the row names was there once."""
        return False

    def clean_key(self, line: Line) -> None:
        """Check the key of a row that would add something."""

    def refuse_new(self, line: Line) -> None:
        known = [tail[-1] for tail in self.tails(line.there)]
        line.wrong(self._last_key, not_one_of(line.tail[-1], known))

    def _versions(self, line: Line, row: Mapping[str, Any]) -> None:
        for column in (column for column in self.columns if column.use == "version"):
            value = row.get(column.name)
            try:
                line.versions[column.name] = None if value is None else whole_of(value)
            except ValueError as error:
                line.wrong(column.name, str(error))

    def _action(self, line: Line, row: Mapping[str, Any]) -> None:
        for column in (column for column in self.columns if column.use == "action"):
            try:
                action = column.cell.clean(row.get(column.name), row)
            except ValueError as error:
                line.wrong(column.name, str(error))
            else:
                line.action = "" if action is KEEP else action
        if line.is_new and line.action == "delete":
            known = [tail[-1] for tail in self.tails(line.there)]
            line.wrong(self._last_key, not_one_of(line.tail[-1], known))

    def import_instance(self, instance, row, **kwargs):
        """Clean the cells that do not say what the site has already."""
        if instance.is_gone:
            return
        for column in self.columns:
            if column.use in ("fact", "place"):
                self._hear(instance, column, row)
        if instance.standing and not instance.errors:
            self.complete(instance)
        if instance.errors:
            raise ValidationError({name: list(said) for name, said in instance.errors.items()})

    def _hear(self, line: Line, column: Column, row: Mapping[str, Any]) -> None:
        raw = row.get(column.name)
        if raw is None or raw == "":
            if column.name in row and line.has_seen(column):
                self.hearing.blanks.setdefault(self.sheet_name, []).append(line.number)
            return
        shown = column.cell.render(line.value(column))
        if shown == raw and type(shown) is type(raw):
            return
        try:
            value = self.clean(line, column, row)
        except ValueError as error:
            line.wrong(column.name, str(error))
            return
        if line.is_new or line.standing is None or value != line.value(column):
            line.said[column.name] = value

    def complete(self, line: Line) -> None:
        """Ask for what a row that adds something has to say."""

    def clean(self, line: Line, column: Column, row: Mapping[str, Any]) -> Any:
        return column.cell.clean(row.get(column.name), row)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if import_validation_errors:
            return False
        return not (instance.said or instance.action or instance.is_new)

    def for_delete(self, row, instance):
        return instance.action == "delete" and not instance.errors

    def save_instance(self, instance, is_create, row, **kwargs):
        if is_create:
            self.hearing.rows[instance.row] = ChangeStatus.NEW.value
        self.hear(instance)

    def delete_instance(self, instance, row, **kwargs):
        self.hearing.rows[instance.row] = ChangeStatus.DELETED.value
        self.hear_deletion(instance)

    def hear(self, line: Line) -> None:
        """Put what the row says to the sections that it belongs to."""
        raise NotImplementedError

    def hear_deletion(self, line: Line) -> None:
        raise NotImplementedError
