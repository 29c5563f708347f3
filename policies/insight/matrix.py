"""Countries by categories: who has what, counted by category, country and group."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from policies.insight.collected import Has, Published, until
from policies.insight.vocabulary import Heading
from policies.models import Country, Kind


@dataclass(frozen=True)
class Tally:
    """How many of some countries have a category, and of how many it is not known."""

    having: int
    unknown: int
    of: int

    @property
    def known(self) -> int:
        return self.of - self.unknown


@dataclass(frozen=True)
class Row:
    """A country with what it has, in the order of the columns, and in how many policies."""

    country: Published
    cells: list[Has]
    policies: list[list[str]]  # the codes of the policies in force that have it

    @cached_property
    def having(self) -> int:
        return self.cells.count(Has.YES)


@dataclass(frozen=True)
class Group:
    """Rows that are counted together, under a title where there are several groups."""

    code: str
    rows: list[Row]

    def tally(self, column: int) -> Tally:
        return tally([row.cells[column] for row in self.rows])


@dataclass(frozen=True)
class Matrix:
    columns: list[Heading]
    groups: list[Group]

    @cached_property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    def tally(self, column: int) -> Tally:
        return tally([row.cells[column] for row in self.rows])

    @property
    def until(self) -> date | None:
        """The day of the latest publication that is counted."""
        return until(row.country for row in self.rows)


def tally(cells: Sequence[Has]) -> Tally:
    counts = Counter(cells)
    unknown = sum(count for has, count in counts.items() if not has.is_known)
    return Tally(counts[Has.YES], unknown, len(cells))


# How rows are grouped: a code for each country, and the order of the codes.

NO_POLICY, UNRESEARCHED = "none", "unresearched"
KINDS = (*reversed(Kind.values), NO_POLICY, UNRESEARCHED)


def strongest_kind(country: Published) -> str:
    """Of its policies in force, as the score takes it."""
    if country.is_unresearched:
        return UNRESEARCHED
    kinds = {policy.kind for policy in country.policies}
    return next((kind for kind in KINDS if kind in kinds), NO_POLICY)


GROUPINGS: dict[str, tuple[Callable[[Published], str], Sequence[str]]] = {
    "": (lambda country: "", ("",)),
    "group": (lambda country: country.group, Country.Group.values),
    "kind": (strongest_kind, KINDS),
}


def matrix_of(
    countries: Iterable[Published],
    headings: Sequence[Heading],
    grouping: str = "",
    rows_by: str = "name",
    columns_by: str = "order",
) -> Matrix:
    """`rows_by`: name, count or the address of a category; `columns_by`: order, count or a slug.

    What has a category comes before what has not, and what is known before what is not; rows and
    columns that are alike stay in the order of their names and of the vocabulary.
    """
    rows = [_row(country, headings) for country in countries]
    order = _column_order(rows, headings, columns_by)
    columns = [headings[place] for place in order]
    rows = [_in_order(row, order) for row in rows]
    rows.sort(key=_row_order(columns, rows_by))
    code_of, codes = GROUPINGS[grouping]
    found: dict[str, list[Row]] = {code: [] for code in codes}
    for row in rows:
        found[code_of(row.country)].append(row)
    return Matrix(columns, [Group(code, members) for code, members in found.items() if members])


def _row(country: Published, headings: Sequence[Heading]) -> Row:
    return Row(
        country,
        [country.has(heading.section, heading.code) for heading in headings],
        [
            [
                policy.code
                for policy in country.policies
                if heading.code in policy.categories.get(heading.section, ())
            ]
            for heading in headings
        ],
    )


def _in_order(row: Row, order: Sequence[int]) -> Row:
    return Row(row.country, [row.cells[p] for p in order], [row.policies[p] for p in order])


def _column_order(rows: Sequence[Row], headings: Sequence[Heading], by: str) -> list[int]:
    places = range(len(headings))
    if by == "order":
        return list(places)
    if by == "count":
        tallies = [tally([row.cells[place] for row in rows]) for place in places]
        return sorted(places, key=lambda place: (-tallies[place].having, tallies[place].unknown))
    cells = next(row.cells for row in rows if row.country.slug == by)
    return sorted(places, key=lambda place: _weight(cells[place]))


def _row_order(columns: Sequence[Heading], by: str) -> Callable[[Row], int]:
    if by == "name":
        return lambda row: 0
    if by == "count":
        return lambda row: -row.having
    place = next(place for place, heading in enumerate(columns) if heading.address == by)
    return lambda row: _weight(row.cells[place])


def _weight(has: Has) -> int:
    if has == Has.YES:
        return 0
    return 1 if has.is_known else 2
