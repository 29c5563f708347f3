"""The sheet of references."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from policies.history import Key
from policies.models import (
    Reference,
)
from policies.spreadsheet.cells import (
    Action,
    Day,
    Whole,
)
from policies.spreadsheet.columns import Column, fact, field_of, key_of, version_of
from policies.spreadsheet.line import Line, Tail
from policies.spreadsheet.sheet import Sheet
from policies.spreadsheet.sheets.words import COUNTRY, EDITION, VERSION
from policies.spreadsheet.standing import BIBLIOGRAPHY, Standing

BLANK_REFERENCE = {
    **dict.fromkeys(("authors", "title", "publisher", "url", "note"), ""),
    "year": None,
    "accessed": None,
}


class References(Sheet):
    """One row an entry of the bibliography."""

    sheet_name = "References"

    country = key_of(COUNTRY, width=9)
    edition = key_of(EDITION, Whole(), width=9)
    key = key_of(_("What texts cite it by; a new key in a new row adds a reference."), width=22)
    order = Column(
        Whole(Reference._meta.get_field("order")),
        _("Place in the bibliography."),
        use="place",
        part="bibliography",
        width=8,
    )
    authors = fact(Reference, "authors", _("As printed."), part="bibliography", width=30)
    year = fact(Reference, "year", _("Year of publication."), Whole, part="bibliography", width=8)
    title = fact(Reference, "title", _("Title."), part="bibliography", width=44)
    publisher = fact(
        Reference,
        "publisher",
        _("Publisher, or the journal with volume and pages."),
        part="bibliography",
        width=30,
    )
    url = fact(Reference, "url", _("Address, with https://."), part="bibliography", width=36)
    accessed = fact(
        Reference, "accessed", _("Day of the last access."), Day, part="bibliography", width=12
    )
    note = fact(
        Reference, "note", _("Such as See also …; Markdown."), part="bibliography", width=36
    )
    version = version_of(VERSION, "bibliography")
    _action = Column(
        Action("delete"),
        _("delete takes it out of the bibliography."),
        use="action",
        codes="delete",
        width=10,
    )

    adds = True

    def tails(self, standing: Standing) -> list[Tail]:
        return [(key,) for key in standing.references]

    def knows(self, standing: Standing, tail: Tail) -> bool:
        return tail[0] in standing.references

    def section_key(self, tail: Tail, column: Column) -> Key:
        return BIBLIOGRAPHY

    def value(self, standing: Standing, tail: Tail, column: Column) -> Any:
        if column.use == "place":
            return standing.places[tail[0]]
        if column.use == "version":
            return super().value(standing, tail, column)
        return standing.references[tail[0]][column.path]

    def had(self, line: Line) -> bool:
        return self.hearing.had_reference(line.there, line.tail[0], line.seen or 0)

    def clean_key(self, line: Line) -> None:
        if line.is_new:
            line.checked("key", field_of(Reference, "key"), line.tail[0])

    def hear(self, line: Line) -> None:
        (key,) = line.tail
        said = line.about.of(BIBLIOGRAPHY)
        said.at(line.row)
        if line.is_new:
            said.edit.items[key] = dict(BLANK_REFERENCE)
        for column, value in line.facts():
            if column.use == "place":
                line.place(BIBLIOGRAPHY, key, column, value)
            else:
                said.edit.items[key] = {**(said.edit.items.get(key) or {}), column.path: value}
                said.cells[f"{key}.{column.path}"] = (*line.row, column.name)
        line.versioned(said, "version")

    def hear_deletion(self, line: Line) -> None:
        said = line.about.of(BIBLIOGRAPHY)
        said.edit.items[line.tail[0]] = None
        said.at(line.row)
        line.versioned(said, "version")
