"""A column of a sheet: a field of django-import-export that knows whose fact it holds."""

from typing import Any, Literal

from django.utils.functional import Promise
from import_export.fields import Field

from policies.models.facts import Fact
from policies.spreadsheet.cells import Cell, Whole, Words

Use = Literal["key", "fact", "place", "version", "action", "reading"]


class Column(Field):
    """What the cells of a column hold, and how the column looks.

    `part` and `path` say which section a fact belongs to (none: that of the row), and where in
    that section's content (`history.contents`) it stands.
    """

    def __init__(
        self,
        cell: Cell,
        meaning: str | Promise,
        *,
        use: Use = "fact",
        part: str = "",
        path: str = "",
        width: int = 14,
        codes: str = "",
    ) -> None:
        super().__init__(widget=cell, readonly=use in ("reading", "version"))
        self.cell = cell
        self.meaning = meaning
        self.use: Use = use
        self.part = part
        self.path = path
        self.width = width
        self.codes = codes  # the list on the sheet `Codes` that its drop-down offers

    @property
    def name(self) -> str:
        return str(self.column_name)

    def get_value(self, instance: Any) -> Any:
        """The value that a row of a sheet (`sheet.Line`) has in this column."""
        return instance.value(self)


def key_of(meaning: str | Promise, cell: Cell | None = None, **look: Any) -> Column:
    return Column(cell or Cell(), meaning, use="key", **look)


def reading(meaning: str | Promise, **look: Any) -> Column:
    """A column that a person reads and that is not read back."""
    return Column(Cell(), meaning, use="reading", **look)


def version_of(meaning: str | Promise, part: str = "") -> Column:
    return Column(Whole(), meaning, use="version", part=part, width=9)


def fact(
    model: type[Fact], name: str, meaning: str | Promise, cell: type[Cell] = Cell, **where: Any
) -> Column:
    """A fact that is checked as the model's field of that name checks it."""
    return Column(cell(field_of(model, name)), meaning, **{"path": name, **where})


def field_of(model: type[Fact], name: str) -> Any:
    return model._meta.get_field(name)


def words(choices: Any, meaning: str | Promise, codes: str, **where: Any) -> Column:
    return Column(Words(choices), meaning, codes=codes, **where)
