"""A row of a sheet: as the site has it, and what a file says otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from policies.history import Key
from policies.spreadsheet.columns import Column
from policies.spreadsheet.hearing import Heard, Row, Said
from policies.spreadsheet.standing import Score, Stand, Standing

if TYPE_CHECKING:
    from policies.spreadsheet.sheet import Sheet

Tail = tuple[str, ...]  # what names a row within its factsheet


@dataclass(repr=False)
class Line:
    """A row: as the site has it, and what a file says otherwise."""

    sheet: "Sheet"
    standing: Standing | None
    tail: Tail
    number: int = 0  # in the file, the header being 1
    is_new: bool = False
    is_gone: bool = False  # of something that was deleted since the file was made
    said: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, int | None] = field(default_factory=dict)
    action: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.sheet.sheet_name} {self.number}"

    def value(self, column: Column) -> Any:
        """What the site has in a column; None where it has no such row."""
        if self.standing is None:
            return None
        if column.use == "key":
            return self.keys[column.name]
        if self.is_new or column.use == "action":
            return None
        return self.sheet.value(self.standing, self.tail, column)

    @cached_property
    def keys(self) -> dict[str, Any]:
        place: tuple[Any, ...] = self.standing.place if self.standing else ("", "")
        names = [column.name for column in self.sheet.columns if column.use == "key"]
        return dict(zip(names, (*place, *self.tail), strict=True))

    @property
    def there(self) -> Standing:
        """The factsheet of a row that has one."""
        if self.standing is None:
            raise LookupError(self.row)
        return self.standing

    @property
    def stand(self) -> Stand:
        policy, section = self.tail
        return self.there.stands[policy, section]

    @property
    def score(self) -> Score:
        return self.there.scores[self.tail[0]]

    @property
    def row(self) -> Row:
        return (self.sheet.sheet_name, self.number)

    @property
    def seen(self) -> int | None:
        """A version that the row has, which says that it was exported."""
        return next((v for v in self.versions.values() if v is not None), None)

    @property
    def about(self) -> Heard:
        return self.sheet.hearing.about(self.there)

    def has_seen(self, column: Column) -> bool:
        """Whether the site has a value here that the row, by its version, was made from."""
        if self.is_new or self.standing is None or column.use != "fact" or not self.value(column):
            return False
        stand = self.standing.stands.get(self.sheet.section_key(self.tail, column))
        stated = self.versions.get(f"{column.part}_version", self.versions.get("version"))
        return stand is not None and stated == stand.version

    def wrong(self, column: str, message: str) -> None:
        self.errors.setdefault(column, []).append(message)

    def checked(self, column: str, field: Any, value: Any) -> None:
        """Ask a model's field whether it could hold the value."""
        try:
            field.clean(value, None)
        except ValidationError as error:
            self.wrong(column, " ".join(error.messages))

    def facts(self) -> Iterator[tuple[Column, Any]]:
        """The columns in which the file says something else than the site has."""
        return ((self.sheet.fields[name], value) for name, value in self.said.items())

    def say(self, key: Key, column: Column, path: str, value: Any) -> None:
        said = self.about.of(key)
        said.edit.values[path] = value
        said.cells[path] = (*self.row, column.name)
        said.at(self.row)
        version = f"{column.part}_version"
        self.versioned(said, version if version in self.versions else "version")

    def place(self, key: Key, code: str, column: Column, value: int) -> None:
        """Ask for a place in the list of a section."""
        said = self.about.of(key)
        said.edit.order[code] = value
        said.cells[f"{code}.order"] = (*self.row, column.name)
        said.at(self.row)

    def versioned(self, said: Said, name: str) -> None:
        if not self.is_new:
            said.versions.add(self.versions.get(name))
