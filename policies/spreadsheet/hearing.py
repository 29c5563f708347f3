"""What a whole file says, gathered by section: rows of several sheets may speak of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from policies.checking import Tables, did_you_mean
from policies.history import Key, content_of
from policies.models import SectionRevision, User
from policies.spreadsheet.cells import whole_of
from policies.spreadsheet.edits import Edit
from policies.spreadsheet.standing import BIBLIOGRAPHY, Place, Standing

Row = tuple[str, int]  # sheet and row


@dataclass
class Said:
    """What the rows of a file say of one section."""

    edit: Edit = field(default_factory=Edit)
    rows: list[Row] = field(default_factory=list)
    cells: dict[str, tuple[str, int, str]] = field(default_factory=dict)  # by path in the content
    versions: set[int | None] = field(default_factory=set)
    confirms: bool = False

    def at(self, row: Row) -> None:
        if row not in self.rows:
            self.rows.append(row)

    @property
    def version(self) -> int | None:
        """The version of the section that the file was made from: of several the oldest.

        None where a row that says something has none.
        """
        known = [version for version in self.versions if version is not None]
        return min(known) if known and len(known) == len(self.versions) else None


@dataclass
class Heard:
    """What a file says of one factsheet."""

    said: dict[Key, Said] = field(default_factory=dict)
    added: dict[str, Row] = field(default_factory=dict)  # policies
    deleted: dict[str, tuple[Row, int | None]] = field(default_factory=dict)  # with their version
    version: int | None = None  # of the introduction, which holds the order of the policies

    def of(self, key: Key) -> Said:
        return self.said.setdefault(key, Said())


class Hearing:
    """The factsheets that a file speaks of, and what it says of each."""

    def __init__(
        self,
        standings: Mapping[Place, Standing],
        *,
        by: User | None,
        tables: Tables | None = None,
    ) -> None:
        self.standings = standings
        self.by = by
        self.tables = tables or Tables()
        self.heard: dict[Place, Heard] = {}
        self.remarks: list[str] = []
        self.blanks: dict[str, list[int]] = {}  # rows of cells that were blanked, by sheet
        self.rows: dict[Row, str] = {}  # those that add or take out something
        self._verbs: dict[str, bool] = {}
        self._left_out: set[tuple[int, str]] = set()
        self._bibliographies: dict[tuple[int, int], set[str]] = {}

    def may(self, verb: str) -> bool:
        """Whether who sent the file may add or delete policies, as in the admin."""
        if verb not in self._verbs:
            self._verbs[verb] = self.by is None or self.by.has_perm(f"policies.{verb}_policy")
        return self._verbs[verb]

    def about(self, standing: Standing) -> Heard:
        return self.heard.setdefault(standing.place, Heard())

    def find(self, place: Place) -> tuple[Standing | None, tuple[str, str]]:
        """The factsheet that a row names, or the column to blame and why it can't be written."""
        standing = self.standings.get(place)
        if standing is None:
            return None, self._missing(place)
        if not standing.may_write:
            message = _("%(user)s may not write %(factsheet)s: an administrator assigns editors.")
            return None, ("country", message % {"user": self.by, "factsheet": standing.name})
        return standing, ("", "")

    def _missing(self, place: Place) -> tuple[str, str]:
        country, year = place
        if country not in self.tables.countries:
            message = _("There is no country “%(country)s”.") % {"country": country}
            return "country", message + did_you_mean(str(country), list(self.tables.countries))
        if year not in self.tables.editions:
            years = ", ".join(map(str, self.tables.editions))
            message = _("There is no edition %(year)s. There are: %(years)s.")
            return "edition", message % {"year": year, "years": years}
        message = _(
            "There is no factsheet of %(country)s in %(year)s: an administrator adds the country "
            "to the edition first."
        )
        return "country", message % {"country": self.tables.countries[country], "year": year}

    def remark(self, row: Row, message: str) -> None:
        self.remarks.append(f"{row[0]}, {_('row')} {row[1]}: {message}")

    # What is there no more

    @cached_property
    def _policies(self) -> set[tuple[int, str]]:
        """The policies that these factsheets had once."""
        keys = [standing.pk for standing in self.standings.values()]
        found = SectionRevision.objects.filter(factsheet__in=keys, section=None).order_by()
        return set(found.values_list("factsheet", "policy_code").distinct())

    def had_policy(self, standing: Standing, code: str) -> bool:
        return (standing.pk, code) in self._policies

    def had_reference(self, standing: Standing, key: str, version: int) -> bool:
        """Whether it stood in this version of the bibliography."""
        stand = standing.stands.get(BIBLIOGRAPHY)
        if stand is None:
            return False
        place = (stand.pk, version)
        if place not in self._bibliographies:
            found = SectionRevision.objects.filter(section=stand.pk, number=version)
            self._bibliographies[place] = {
                reference["key"]
                for revision in found
                for reference in content_of(revision)["references"]
            }
        return key in self._bibliographies[place]

    def leave_out(self, row: Row, standing: Standing, code: str) -> None:
        """Say once that a policy or reference has been deleted since the file was made."""
        if (standing.pk, code) not in self._left_out:
            self._left_out.add((standing.pk, code))
            message = _(
                "“%(code)s” was deleted after the file was made, so its rows are left out. To add "
                "it anew, clear the versions there."
            )
            self.remark(row, message % {"code": code})


def places_of(datasets: Iterable[Any]) -> list[Place]:
    """The factsheets that the rows of all sheets name, as far as their cells can be read."""
    pairs = {
        pair: None
        for dataset in datasets
        if {"country", "edition"} <= set(dataset.headers or [])
        for pair in zip(dataset["country"], dataset["edition"], strict=True)
    }
    return [place for pair in pairs if (place := place_of(*pair))]


def place_of(country: Any, year: Any) -> Place | None:
    try:
        return (country.strip(), whole_of(year))
    except (AttributeError, ValueError):
        return None
