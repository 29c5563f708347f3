"""The cells of reference tables, beside those of the workbook (`cells`)."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from import_export.fields import Field

from policies.checking import not_one_of
from policies.models import Country
from policies.spreadsheet.cells import Cell, Codes, Flag, Raw, Whole, Words, text_of, whole_of


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


class Choice(Words):
    """A code out of those that the field offers; empty where the field may be."""

    def __init__(self, field: models.Field, choices: type[TextChoices]) -> None:
        super().__init__(choices)
        self.field = field

    def _cleared(self) -> Any:
        return Cell._cleared(self)


class Digits(Cell):
    """Three digits. A spreadsheet program takes the zeros away: then it is not guessed which."""

    def read(self, value: Raw, row: Mapping[str, Raw]) -> str:
        said = text_of(value).strip()
        if not re.fullmatch(r"\d{3}", said, re.ASCII):
            raise ValueError(_("Three digits such as 008 are expected. Format the cell as Text."))
        return said


class Groups(Codes):
    """Groups of countries, with semicolons between them."""

    def read(self, value: Raw, row: Mapping[str, Raw]) -> list[str]:
        word = Words(Country.Group)
        groups = [word.read(said, row) for said in super().read(value, row)]
        return [group for group in Country.Group.values if group in groups]

    def _cleared(self) -> list[str]:
        return []


class Named(Cell):
    """A row of another table, by its code; the table says which there are."""

    empty = None
    names = "code"

    def __init__(self, field: models.Field) -> None:
        super().__init__(field)
        self.known: Mapping[str, Any] = {}

    def read(self, value: Raw, row: Mapping[str, Raw]) -> Any:
        return self._named(text_of(value).strip())

    def _named(self, said: str) -> Any:
        if said not in self.known:
            raise ValueError(not_one_of(said, list(self.known)))
        return self.known[said]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return None if value is None else getattr(value, self.names)


class InYear(Named):
    """An edition, by its year."""

    look = "number"
    names = "year"

    def read(self, value: Raw, row: Mapping[str, Raw]) -> Any:
        return self._named(str(whole_of(value)))
