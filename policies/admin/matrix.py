"""How far an edition is: its countries by its sections, with counts and denominators."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from policies.addresses import review_page
from policies.admin.counting import SIGNS, Counts, Tally, listed, vars_of
from policies.models import Country, Edition, Factsheet, Part, State


class Column(NamedTuple):
    order: int
    type: int
    code: str
    title: str
    part: str


class Cell(NamedTuple):
    """A count with its denominator: what it says to the eye, and in words."""

    shown: str
    words: str
    address: str
    state: str
    sign: str = ""


@dataclass(frozen=True)
class Row:
    factsheet: Factsheet
    address: str
    whole: Cell
    cells: list[Cell | None]


@dataclass(frozen=True)
class Block:
    """Countries that are counted together: the invented ones never with the real ones."""

    is_demonstration: bool
    rows: list[Row]
    whole: Cell
    totals: list[Cell | None]


@dataclass(frozen=True)
class Matrix:
    edition: Edition
    columns: list[Column]
    blocks: list[Block]
    signs: list[tuple[str, str]]

    @property
    def is_divided(self) -> bool:
        return any(block.is_demonstration for block in self.blocks)


def matrix(sheets: list[Factsheet], found: Iterable[Tally]) -> Matrix | None:
    """The factsheets of one edition by the types of their sections."""
    if not sheets:
        return None
    counts: dict[tuple[int, int], Counts] = {}
    columns: dict[int, Column] = {}
    for tally in found:
        counts.setdefault((tally.factsheet, tally.type), Counts()).add(tally)
        if tally.type not in columns:
            columns[tally.type] = _column(tally)
    ordered = sorted(columns.values())
    blocks = _blocks(sheets, ordered, counts)
    return Matrix(sheets[0].edition, ordered, list(blocks), _legend())


def _column(tally: Tally) -> Column:
    return Column(tally.order, tally.type, tally.code, tally.name, tally.part)


def _blocks(
    sheets: list[Factsheet], columns: list[Column], counts: Mapping[tuple[int, int], Counts]
) -> Iterator[Block]:
    for invented in (False, True):
        own = [s for s in sheets if (s.country.group == Country.Group.DEMONSTRATION) == invented]
        if own:
            rows = [_row(sheet, columns, counts) for sheet in own]
            totals = [_total(own, column, counts) for column in columns]
            yield Block(invented, rows, _finished(own, columns, counts), totals)


def _row(sheet: Factsheet, columns: list[Column], counts: Mapping[tuple[int, int], Counts]) -> Row:
    page = review_page(sheet.pk)
    whole = Counts()
    cells: list[Cell | None] = []
    for column in columns:
        of = counts.get((sheet.pk, column.type))
        cells.append(_cell(sheet, page, column, of) if of else None)
        whole = _sum(whole, of) if of else whole
    words = f"{sheet.country}: {whole.words}"
    address = listed(factsheet__id__exact=sheet.pk)
    shown = _("%(approved)d of %(total)d") % vars_of(whole)
    return Row(
        sheet,
        page,
        Cell(shown, words, address, whole.state, whole.sign),
        cells,
    )


def _cell(sheet: Factsheet, page: str, column: Column, of: Counts) -> Cell:
    """A text of the factsheet leads to its place; a row of the policy table to its list."""
    if column.part == Part.POLICY:
        address = listed(factsheet__id__exact=sheet.pk, type__id__exact=column.type)
    else:
        address = f"{page}#{column.code}"
    words = f"{sheet.country}, {column.title}: {of.words}"
    return Cell(f"{of.approved}/{of.total}", words, address, of.state, of.sign)


def _sum(one: Counts, other: Counts) -> Counts:
    return Counts(one.states + other.states, one.unconfirmed + other.unconfirmed)


def _total(
    sheets: list[Factsheet], column: Column, counts: Mapping[tuple[int, int], Counts]
) -> Cell | None:
    """In how many countries, of those that have it, a section is approved altogether."""
    having = [counts[s.pk, column.type] for s in sheets if (s.pk, column.type) in counts]
    if not having:
        return None
    edition = sheets[0].edition_id
    address = listed(type__id__exact=column.type, factsheet__edition__id__exact=edition)
    return _share(column.title, having, address)


def _finished(
    sheets: list[Factsheet], columns: list[Column], counts: Mapping[tuple[int, int], Counts]
) -> Cell:
    """In how many countries everything is approved."""
    wholes = []
    for sheet in sheets:
        own = [counts[sheet.pk, c.type] for c in columns if (sheet.pk, c.type) in counts]
        wholes.append(Counts(sum((of.states for of in own), Counter())))
    address = listed(factsheet__edition__id__exact=sheets[0].edition_id)
    return _share(_("All sections"), wholes, address)


def _share(name: str, having: list[Counts], address: str) -> Cell:
    done = {"done": sum(of.is_approved for of in having), "all": len(having)}
    words = _("approved in %(done)d of %(all)d countries") % done
    state = State.APPROVED if done["done"] == done["all"] else State.DRAFT
    return Cell(_("%(done)d of %(all)d") % done, f"{name}: {words}", address, state)


def _legend() -> list[tuple[str, str]]:
    signs = [(SIGNS[state], str(capfirst(state.label))) for state in State if SIGNS[state]]
    return [*signs, ("?", _("Carried over, not yet confirmed"))]
