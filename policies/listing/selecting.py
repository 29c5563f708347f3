"""A selection of a list: its rows, its parts, and how many there are of how many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber, StrIndex
from django.http import QueryDict
from django.utils.translation import gettext as _

from policies import missing
from policies.folding import alphabetical
from policies.listing import paging
from policies.listing.asking import Asked, asked, wrong
from policies.listing.choices import Choices
from policies.listing.filters import LABELS, ByChoices, Filters, together
from policies.listing.paging import Cut, cut
from policies.missing import Link, Missing, Refused
from policies.models import Country, Of
from policies.wording import said

FEW = 10  # rows of each further part below the first


@dataclass(frozen=True)
class Part:
    """Rows that are counted together. The first part of a list is what it is about.

    `apart` are those that stand below the others in the same part, and are not counted with them.
    """

    code: str
    title: str
    condition: Q
    note: str = ""
    apart: "tuple[Part, ...]" = ()


class Selection:
    """What an address selects; a subclass says of which rows, and in which parts they stand.

    Raises `Refused` for an address that asks for what there is not.
    """

    FILTERS: type[Filters]
    COUNTRY: str  # of a row
    ORDERS: dict[str, Sequence[str]]
    USUAL: str  # the order without a wish
    TEXT_MEANS: Any  # where the words of a text are looked for
    FOREIGN: dict[str, Any] = {}  # parameters that only the other list knows, with their labels

    def __init__(self, path: str, query: QueryDict) -> None:
        filters = self.FILTERS.base_filters
        takes_several = {name: isinstance(each, ByChoices) for name, each in filters.items()}
        self.labels = {name: str(LABELS.get(name, each.label)) for name, each in filters.items()}
        self.asked: Asked = asked(path, query, takes_several, self.labels, self.FOREIGN)

    # What it selects from

    @cached_property
    def by_name(self) -> StrIndex:
        """The place of a row's country among all by their shown names: of its code in a line.

        A database sorts by letters as it was set up to, and knows nothing of translations.
        """
        countries = Country.objects.order_by().values_list("code", "name")
        names = {code: said(Of.COUNTRY, code, "name", name) for code, name in countries}
        codes = sorted(names, key=lambda code: alphabetical(names[code]))
        return StrIndex(Value(" ".join(codes)), F(f"{self.COUNTRY}__code"))

    def parts(self) -> list[Part]:
        raise NotImplementedError

    def base(self) -> QuerySet[Any]:
        """All rows there are."""
        raise NotImplementedError

    def ordered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with what they are ordered by."""
        raise NotImplementedError

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Few rows with all that is shown of them."""
        raise NotImplementedError

    # What was asked for

    @cached_property
    def choices(self) -> Choices:
        return Choices.read()

    @cached_property
    def edition(self) -> str:
        """The one asked for, or else the latest with factsheets of real countries."""
        return self.asked.one("edition") or str(self.choices.latest or "")

    @cached_property
    def filters(self) -> Filters:
        data = QueryDict(mutable=True)
        for name, values in self.asked.values.items():
            data.setlist(name, list(values))
        if self.edition not in dict(self.choices.edition):
            if self.asked.one("edition"):
                raise Refused(missing.edition(self.edition[:20], self.choices.years), 404)
        else:
            data["edition"] = self.edition
        filters = self.FILTERS(data, self.choices)
        if not filters.form.is_valid():
            errors = filters.form.errors.items()
            wrongs = ((name, self.labels[name], " ".join(found)) for name, found in errors)
            raise wrong(self.asked, wrongs)
        if filters.form.cleaned_data["on"] and filters.form.cleaned_data["q"]:
            words = _("Only what is published today can be searched for words.")
            raise wrong(self.asked, [("on", self.labels["on"], words)])
        return filters

    @property
    def day(self) -> date | None:
        """The day whose publications are listed; without one, today's."""
        return self.filters.form.cleaned_data["on"]

    @cached_property
    def part(self) -> Part:
        parts = {part.code: part for part in self.parts()}
        code = self.asked.one("part") or next(iter(parts))
        if code not in parts:
            message = _("“%(value)s” is not among the choices.") % {"value": code[:20]}
            raise wrong(self.asked, [("part", _("Part of the list"), message)])
        return parts[code]

    @property
    def is_first_page(self) -> bool:
        return not any(self.asked.one(name) for name in ("part", "after", "before"))

    # What there is

    @cached_property
    def selected(self) -> QuerySet[Any]:
        return self.base().filter(together(self.filters.conditions().values()))

    @property
    def counts(self) -> dict[str, int]:
        """How many rows were selected of each part, and of what stands apart in it."""
        if self.filters.conditions().keys() <= {"edition"}:
            return self.totals
        return {place: count for place, (_all, count) in self._counted.items() if count}

    @property
    def totals(self) -> dict[str, int]:
        """The same of the edition, whatever else is asked for."""
        return {place: count for place, (count, _selected) in self._counted.items()}

    @cached_property
    def _counted(self) -> dict[str, tuple[int, int]]:
        conditions = self.filters.conditions()
        rows = self._placed(self.base().filter(conditions.pop("edition", Q()))).order_by()
        selected = Count("pk", filter=together(conditions.values()) or None)
        grouped = rows.values("place").annotate(all=Count("pk"), selected=selected)
        return {place: counts for place, *counts in grouped.values_list("place", "all", "selected")}

    def _placed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with the code of their part, or of what they are apart in it."""
        return rows.annotate(place=_first(p for part in self.parts() for p in (*part.apart, part)))

    def _parted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.annotate(part=_first(self.parts()))

    @property
    def order(self) -> Sequence[str]:
        return self.ORDERS[self.filters.form.cleaned_data["sort"] or self.USUAL]

    @cached_property
    def page(self) -> Cut:
        """The rows of the part that is asked for."""
        if self.is_first_page:
            found = self.opening.get(self.part.code, [])
            return Cut(found[: paging.SIZE], False, len(found) > paging.SIZE)
        rows = self._placed(self.ordered(self.selected.filter(self.part.condition)))
        rows = self.shown(rows)
        after, before = self.asked.one("after"), self.asked.one("before")
        if not after and not before:
            return cut(rows, self.order)
        return cut(rows, self.order, self._start(before or after), backwards=bool(before))

    @cached_property
    def opening(self) -> dict[str, list[Any]]:
        """The first page: a page of the first part and one row more, and a few of each other."""
        number = Window(RowNumber(), partition_by=F("part"), order_by=list(self.order))
        numbered = self._parted(self.ordered(self.selected)).annotate(number_in_part=number)
        first = Q(part=self.part.code, number_in_part__lte=paging.SIZE + 1)
        keys = numbered.filter(first | Q(number_in_part__lte=FEW)).order_by().values("pk")
        rows_of_page = self._placed(self._parted(self.ordered(self.base().filter(pk__in=keys))))
        found = self.shown(rows_of_page)
        rows: dict[str, list[Any]] = {}
        for row in found.order_by(*self.order):
            rows.setdefault(row.part, []).append(row)
        return rows

    def _start(self, cursor: str) -> dict[str, Any]:
        """The row that a page begins after, which may have gone since the address was made."""
        names = [field.removeprefix("-") for field in self.order]
        row = self.ordered(self.base()).filter(self._at(cursor)).values(*names).first()
        if row is None:
            message = _("The page that this address begins after is no longer there.")
            link = Link(_("The first page"), self.asked.turned())
            raise Refused(Missing(message, _("Instead"), (link,)), 404)
        return row

    def cursor(self, row: Any) -> str:
        """The word for a row in addresses of the pages before and after it."""
        raise NotImplementedError

    def _at(self, cursor: str) -> Q:
        """The condition that a row is the one of that word; raises `Refused` for no such word."""
        raise NotImplementedError

    @cached_property
    def whole(self) -> list[Any]:
        """Every selected row of every part, part by part: what is taken away as a file."""
        parts = [part.code for part in self.parts()]
        rows = self.shown(self._parted(self.ordered(self.selected))).order_by(*self.order)
        return sorted(rows, key=lambda row: parts.index(row.part))

    @cached_property
    def loosened(self) -> dict[str, int]:
        """How many rows of the part there would be without each filter, if there are none.

        Each condition is asked once of each row, and what would be left is counted here.
        """
        wanted, columns = self._loosenings()
        counted = together([self.part.condition, *(~each.condition for each in self.part.apart)])
        rows = self.base().filter(counted, self.filters.conditions().get("edition", Q()))
        asked = rows.annotate(
            **{column: ExpressionWrapper(q, BooleanField()) for column, q in columns.items()}
        )
        found = list(asked.values("pk", *columns)) if wanted else []
        return {
            name: sum(all(row[column] for column in kept) for row in found)
            for name, kept in wanted.items()
        }

    def _loosenings(self) -> tuple[dict[str, list[str]], dict[str, Q]]:
        """The columns that must hold without each filter, and the condition of each column."""
        wanted: dict[str, list[str]] = {}
        columns: dict[str, Q] = {}
        used = [name for name in self.filters.conditions() if name != "edition"]
        for without in used:
            left = self.filters.conditions(without=without)
            wanted[without] = []
            for name in left.keys() - {"edition"}:
                heeds = name in self.filters.COUPLED.get(without, ())
                column = f"{name}_without_{without}" if heeds else f"has_{name}"
                columns.setdefault(column, left[name])
                wanted[without].append(column)
        return wanted, columns


def _first(parts: Iterable[Part]) -> Case:
    """The code of the first of them that a row belongs to."""
    whens = [When(part.condition, then=Value(part.code)) for part in parts]
    return Case(*whens, output_field=CharField())
