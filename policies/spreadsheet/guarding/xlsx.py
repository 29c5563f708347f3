"""A workbook in Office Open XML: its parts, their relations, its sheets."""

import posixpath
import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from policies.spreadsheet.guarding.archive import Archive
from policies.spreadsheet.guarding.cells import Cells
from policies.spreadsheet.guarding.scanning import Attributes, Scanner
from policies.spreadsheet.guarding.verdict import (
    MEGABYTE,
    Damaged,
    Oddity,
    Refused,
    too_many_sheets,
    with_links,
    with_macros,
    with_objects,
    with_strange_part,
)

TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedstrings.xml"

# Looked for in the names of parts, in their types and in the types of relations.
_UNWANTED: tuple[tuple[re.Pattern[str], Callable[[], Refused]], ...] = (
    (
        re.compile(r"macro|vbaproject|vbadata|dialogsheet|attachedtoolbars|sheet\.binary", re.I),
        with_macros,
    ),
    (
        re.compile(r"activex|oleobject|embeddings|relationships/(control|package)$", re.I),
        with_objects,
    ),
    (re.compile(r"externallink|connections|querytable|powerpivot", re.I), with_links),
)
_XML = re.compile(r"\.(xml|rels|svg)$", re.I)
# Pictures, printer settings, and the drawings of comments, which are XML of an older kind.
_HARMLESS = re.compile(
    r"\.(bmp|emf|gif|jpe?g|png|tiff?|vml|webp|wmf)$|^xl/(printerSettings|customProperty).*\.bin$",
    re.I,
)


def inspect(archive: Archive) -> tuple[Oddity, ...]:
    names = sorted(archive.unread)
    for name in names:
        _check_words(name)
    if TYPES in names:
        scanner = Scanner(TYPES, {"Override": _check_type, "Default": _check_type})
        scanner.scan(archive.chunks(TYPES))
    _check_parts(names)
    for name in sorted(archive.unread):
        if name.endswith(".rels") and name != WORKBOOK_RELATIONS:
            Scanner(name, {"Relationship": _check_relation}).scan(archive.chunks(name))
    cells = Cells(archive.limits, _sheets(archive))
    # The texts first, to know how long they are when cells refer to them.
    for name in sorted(archive.unread, key=lambda name: (name.casefold() != STRINGS, name)):
        if _XML.search(name):
            cells.scan(name, archive.chunks(name))
    archive.read_the_rest()
    return tuple(cells.oddities.kept)


def _check_parts(names: list[str]) -> None:
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise Refused(_("This is a text or a presentation, not a workbook. Choose another file."))
    for name in (TYPES, WORKBOOK, WORKBOOK_RELATIONS):
        if name not in names:
            raise Damaged(_("a part is missing: “%s”") % name)
    for name in names:
        if not _XML.search(name) and not _HARMLESS.search(name):
            raise with_strange_part(name)


def _check_words(words: str) -> None:
    for unwanted, refused in _UNWANTED:
        if unwanted.search(words):
            raise refused()


def _check_type(attributes: Attributes) -> None:
    _check_words(attributes.get("ContentType", ""))


def _check_relation(attributes: Attributes) -> None:
    type_ = attributes.get("Type", "")
    _check_words(type_)
    if attributes.get("TargetMode") == "External" and not type_.endswith("/hyperlink"):
        raise with_links()


def _sheets(archive: Archive) -> dict[str, str]:
    """The names of the sheets by the parts that hold them."""
    parts = _relations(archive)
    sheets: dict[str, str] = {}

    def sheet(attributes: Attributes) -> None:
        part = parts.get(_relation(attributes), "")
        if part not in archive.entries or part in sheets:
            raise Damaged(_("a sheet is missing: “%s”") % attributes.get("name", "")[:100])
        if len(sheets) >= archive.limits.sheets:
            raise too_many_sheets(archive.limits)
        sheets[part] = attributes.get("name", "")

    def link(_attributes: Attributes) -> None:
        raise with_links()

    Scanner(WORKBOOK, {"sheet": sheet, "externalReference": link}).scan(archive.chunks(WORKBOOK))
    _check_names(list(sheets.values()))
    return sheets


def _check_names(names: list[str]) -> None:
    if not names:
        raise Refused(_("The workbook has no sheet. Choose another file."))
    if len({name.casefold() for name in names}) < len(names):
        raise Damaged(_("two sheets have the same name"))


def _relation(attributes: Attributes) -> str:
    """The `r:id`, by whatever prefix."""
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")


def _relations(archive: Archive) -> dict[str, str]:
    """The parts that the workbook refers to, by the id of the relation."""
    parts = {}

    def relation(attributes: Attributes) -> None:
        _check_relation(attributes)
        target = attributes.get("Target", "")
        parts[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target))[1:]

    if archive.entries[WORKBOOK_RELATIONS].file_size > MEGABYTE:
        raise Damaged(_("a part is too large: “%s”") % WORKBOOK_RELATIONS)
    scanner = Scanner(WORKBOOK_RELATIONS, {"Relationship": relation})
    scanner.scan(archive.chunks(WORKBOOK_RELATIONS))
    return parts
