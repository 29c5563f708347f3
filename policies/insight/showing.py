"""A matrix as its page shows it: numbered columns, counts with denominators, signs and links."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.finding import Mentioned
from policies.insight.asking import NAMES, Asked
from policies.insight.category import ORDER, Category
from policies.insight.category import Place as FoundPlace
from policies.insight.category import Side as Found
from policies.insight.collected import Has, Published
from policies.insight.matrix import Group, Matrix, Row, Tally
from policies.insight.signs import Sign, sign
from policies.insight.statistics import COUNTRIES, KINDS_IN_WORDS
from policies.insight.telling import Part
from policies.insight.vocabulary import Heading
from policies.models import Country
from policies.presentation.words import moment, share

ALL = "all"  # sections
MATRIX, COUNTS = "#matrix", "#counts-title"  # where an address that sorts leads to


@dataclass(frozen=True)
class Count:
    """ "12 of 56", its share, and of how many it is not known."""

    having: int
    of: int
    share: str
    unknown: int

    @property
    def words(self) -> str:
        said = _("%(having)d of %(of)d") % vars(self)
        if not self.unknown:
            return said
        gap = ngettext("not known of %(unknown)d", "not known of %(unknown)d", self.unknown)
        return f"{said}, {gap % vars(self)}"


@dataclass(frozen=True)
class GroupCount:
    """What a group has of a column, and the list of the countries that have it."""

    count: Count
    url: str


@dataclass(frozen=True)
class Column:
    """`url` is that of the page of the category; the others lead to answers on it."""

    number: int
    heading: Heading
    url: str
    having_url: str
    unknown_url: str
    sort_url: str
    is_sorted: bool
    count: Count
    groups: list[GroupCount]
    anchor: str


@dataclass(frozen=True)
class Cell:
    sign: Sign
    url: str = ""
    policies: int = 0


@dataclass(frozen=True)
class Line:
    name: str
    url: str
    having: int
    having_url: str
    cells: list[Cell]


@dataclass(frozen=True)
class Band:
    """A group of rows, and the list of its countries; without a title if it is the only one."""

    title: str
    url: str
    lines: list[Line]
    counts: list[GroupCount]


@dataclass(frozen=True)
class Stretch:
    """Neighbouring columns of one section, and how many; `anchor` is that of the first."""

    title: str
    count: int
    anchor: str


@dataclass(frozen=True)
class Table:
    columns: list[Column]
    bands: list[Band]
    countries: int
    until: str  # the day of the latest publication among them
    url: str  # of the list of these countries
    sections: list[Stretch]

    @property
    def begun(self) -> list[Stretch]:
        """The sections, where there are several and each stands together."""
        titles = {section.title for section in self.sections}
        return self.sections if 1 < len(self.sections) == len(titles) else []

    @property
    def is_grouped(self) -> bool:
        return any(band.title for band in self.bands)


GROUPS: dict[str, Callable[[str], str]] = {
    "": lambda code: "",
    "group": lambda code: str(Country.Group(code).label),
    "kind": lambda code: str(KINDS_IN_WORDS[code]),
}


def table_of(matrix: Matrix, asked: Asked, year: int, *, invented: bool = False) -> Table:
    """The heads of columns are links that sort, but for invented countries."""
    title, sorts = GROUPS[asked.one("by")], not invented
    part = Part(year, invented, asked.one("on"))
    bands = [
        Band(
            title(group.code),
            part.listed(COUNTRIES, _of_group(group, asked)),
            [_line(row, matrix.columns, asked, year) for row in group.rows],
            _counts(group, matrix, asked, part),
        )
        for group in matrix.groups
    ]
    return Table(
        columns=[
            _column(matrix, place, asked, year, [band.counts[place] for band in bands], sorts=sorts)
            for place in range(len(matrix.columns))
        ],
        bands=bands,
        countries=len(matrix.rows),
        until=moment(matrix.until),
        url=part.listed(COUNTRIES, {}),
        sections=_sections(matrix.columns),
    )


def _column(
    matrix: Matrix,
    place: int,
    asked: Asked,
    year: int,
    groups: list[GroupCount],
    *,
    sorts: bool,
) -> Column:
    heading = matrix.columns[place]
    url = category_url(heading, asked, year)
    having, unknown = _anchors({row.cells[place] for row in matrix.rows})
    return Column(
        number=place + 1,
        heading=heading,
        url=url,
        having_url=url + having,
        unknown_url=url + unknown,
        sort_url=asked.with_(rows=heading.address) + MATRIX if sorts else "",
        is_sorted=asked.one("rows") == heading.address,
        count=count(matrix.tally(place)),
        groups=groups,
        anchor=_anchor(heading),
    )


def _anchors(answers: Collection[Has]) -> tuple[str, str]:
    """On the page of a category: who has it, and the first of whom it is not known, if any."""
    unknown = next((has for has in ORDER if has in answers and not has.is_known), None)
    return f"#{Has.YES}" if Has.YES in answers else "", f"#{unknown}" if unknown else ""


def category_url(heading: Heading, asked: Asked, year: int) -> str:
    path = reverse("policies:category", args=[heading.section, heading.code])
    return Asked(path, {"edition": str(year), "on": asked.one("on")}).address


def count(tally: Tally) -> Count:
    return Count(tally.having, tally.of, share(tally.having, tally.of), tally.unknown)


LISTED = {"group": "group", "kind": "strongest"}  # as the list of factsheets calls a grouping


def _of_group(group: Group, asked: Asked) -> dict[str, str]:
    grouping = asked.one("by")
    return {LISTED[grouping]: group.code} if grouping else {}


def _counts(group: Group, matrix: Matrix, asked: Asked, part: Part) -> list[GroupCount]:
    of_group = _of_group(group, asked)
    return [
        GroupCount(
            count(group.tally(place)),
            part.listed(COUNTRIES, {"category": heading.address, **of_group}),
        )
        for place, heading in enumerate(matrix.columns)
    ]


def _line(row: Row, columns: Sequence[Heading], asked: Asked, year: int) -> Line:
    country = row.country
    url = factsheet_url(country, year, asked)
    return Line(
        name=country.name,
        url=url,
        having=row.having,
        having_url=_having_url(row, columns, url),
        cells=[
            _cell(has, codes, heading, url)
            for has, codes, heading in zip(row.cells, row.policies, columns, strict=True)
        ],
    )


def _having_url(row: Row, columns: Sequence[Heading], url: str) -> str:
    """Where its categories stand: in the row of their section, or all over the table."""
    codes = [code for having in row.policies for code in having]
    if not codes:
        return ""
    sections = {heading.section for heading in columns}
    return f"{url}#policies" if len(sections) > 1 else f"{url}#{codes[0]}.{sections.pop()}"


def factsheet_url(country: Published, year: int, asked: Asked) -> str:
    """The page of the country; of a day gone by, the version that was current then."""
    place = [year, country.slug]
    if asked.one("on"):
        return reverse("policies:factsheet_version", args=[*place, country.number])
    return reverse("policies:factsheet_detail", args=place)


def _cell(has: Has, codes: Sequence[str], heading: Heading, url: str) -> Cell:
    if has != Has.YES:
        return Cell(sign(has))
    return Cell(sign(has), f"{url}#{codes[0]}.{heading.section}", len(codes))


def _sections(columns: Iterable[Heading]) -> list[Stretch]:
    found = []
    for title, stretch in groupby(columns, key=attrgetter("section_title")):
        headings = list(stretch)
        found.append(Stretch(title, len(headings), _anchor(headings[0])))
    return found


def _anchor(heading: Heading) -> str:
    """Of its row in the table of counts."""
    return f"counts-{heading.address}"


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Choice:
    name: str
    label: str
    options: list[Option]


def choices_of(
    asked: Asked, year: int, years: Sequence[int], section: str, sections: Mapping[str, str]
) -> list[Choice]:
    """The form. How rows and columns are sorted is chosen at their heads."""
    found = {
        "edition": (str(year), [(str(each), str(each)) for each in years]),
        "section": (section, [*sections.items(), (ALL, _("All sections"))]),
        "by": (
            asked.one("by"),
            [
                ("", _("nothing")),
                ("group", _("country group")),
                ("kind", _("strongest kind of policy")),
            ],
        ),
    }
    return [
        Choice(name, str(NAMES[name]), [Option(v, label, v == chosen) for v, label in options])
        for name, (chosen, options) in found.items()
    ]


# One category


@dataclass(frozen=True)
class Said:
    names: list[str]
    url: str
    sign: Sign
    text: str


@dataclass(frozen=True)
class Place:
    name: str
    url: str
    policies: list[Said]


@dataclass(frozen=True)
class Answer:
    """Countries that say the same, and how many of how many they are."""

    sign: Sign
    number: int
    share: str
    places: list[Place]


@dataclass(frozen=True)
class Side:
    """Countries by what they answer; the anchors lead to answers further down, where there are.

    `until` is the day of the latest publication among them.
    """

    answers: list[Answer]
    count: Count
    having: str
    unknown: str
    until: str


@dataclass(frozen=True)
class Year:
    """A category in one edition: its counts, real countries apart from invented ones."""

    year: int
    url: str
    countries: str  # the list of all that are counted
    is_shown: bool
    real: Count
    invented: Count


@dataclass(frozen=True)
class CategoryPage:
    heading: Heading
    real: Side
    invented: Side
    years: list[Year]


def page_of(category: Category, asked: Asked) -> CategoryPage:
    return CategoryPage(
        category.heading,
        _side(category.real, category, asked),
        _side(category.invented, category, asked),
        [_year(row, category, asked) for row in category.over_editions],
    )


def _side(side: Found, category: Category, asked: Asked) -> Side:
    answers = [
        Answer(
            sign(answer.has),
            len(answer.places),
            share(len(answer.places), side.tally.of),
            [_place(place, category, asked) for place in answer.places],
        )
        for answer in side.answers
    ]
    anchors = _anchors({answer.has for answer in side.answers})
    return Side(answers, count(side.tally), *anchors, moment(side.until))


def _place(place: FoundPlace, category: Category, asked: Asked) -> Place:
    url = factsheet_url(place.country, category.year, asked)
    said = [
        Said(
            policy.names,
            f"{url}#{policy.code}.{category.heading.section}",
            sign(policy.has),
            policy.text,
        )
        for policy in place.policies
    ]
    return Place(place.country.name, url, said)


def _year(row: Mentioned, category: Category, asked: Asked) -> Year:
    return Year(
        row.year,
        asked.with_(edition=row.year),
        Part(row.year, False, asked.one("on")).listed(COUNTRIES, {}),
        row.year == category.year,
        Count(row.real_having, row.real, share(row.real_having, row.real), 0),
        Count(row.invented_having, row.invented, share(row.invented_having, row.invented), 0),
    )
