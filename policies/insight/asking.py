"""What an address about a whole edition asks for, and the addresses of other views of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies import missing
from policies.languages import without_language
from policies.missing import Link, Missing, Refused

LONGEST = 50  # characters of what was asked that are said again
NAMES: Mapping[str, str | Promise] = {
    "edition": gettext_lazy("Edition"),
    "section": gettext_lazy("Section"),
    "by": gettext_lazy("Grouped by"),
    "rows": gettext_lazy("Countries sorted by"),
    "columns": gettext_lazy("Categories sorted by"),
    "part": gettext_lazy("Part"),
    "on": gettext_lazy("As published on"),
}


@dataclass(frozen=True)
class Asked:
    """A page and its parameters, each with at most one value, in the order of the form."""

    path: str
    values: dict[str, str]

    def one(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def address(self) -> str:
        return _address(self.path, self.values)

    def with_(self, **changes: Any) -> str:
        """The same page with these parameters instead; an empty one is left out."""
        return _address(self.path, {**self.values, **changes})

    def at(self, path: str) -> "Asked":
        return replace(self, path=path)

    def as_(self, suffix: str) -> str:
        return _address(f"{without_language(self.path).rstrip('/')}.{suffix}", self.values)

    @property
    def day(self) -> date | None:
        """The day whose state is asked for; without one, today's.

        Raises `Refused` for what is no day, or has not come.
        """
        if not (given := self.one("on")):
            return None
        try:
            found = date.fromisoformat(given)
        except ValueError:
            found = None
        if found is None or len(given) != len("2022-12-31"):
            raise self.refused("on", _("“%(value)s” is no day: write it like 2022-12-31."))
        if found > timezone.localdate():
            raise self.refused("on", _("%(value)s has not come yet."))
        return found

    def choose(self, name: str, choices: Sequence[str]) -> str:
        """The value, if it is one of these; the first of them if there is none."""
        value = self.one(name) or next(iter(choices), "")
        if self.one(name) and value not in choices:
            raise self.refused(name, _("“%(value)s” is not among the choices."))
        return value

    def refused(self, name: str, message: str, status: int = 400) -> Refused:
        said = f"{NAMES[name]}: {message % {'value': self.one(name)[:LONGEST]}}"
        link = Link(_("The page without it"), self.with_(**{name: ""}))
        return Refused(Missing(said, _("Instead"), (link,)), status)


def read(path: str, query: QueryDict, names: Sequence[str]) -> Asked:
    """Raises `Refused` where a parameter that takes one value has several."""
    values: dict[str, str] = {}
    for name in names:
        given = tuple(dict.fromkeys(value.strip() for value in query.getlist(name)))
        told = [value for value in given if value]
        if len(told) > 1:
            words = _("“%(name)s” is given more than once, and only one value makes sense.")
            link = Link(_("The page without it"), _address(path, {**values, name: ""}))
            message = Missing(words % {"name": NAMES[name]}, _("Instead"), (link,))
            raise Refused(message)
        if told:
            values[name] = told[0]
    return Asked(path, values)


def year_of(asked: Asked, years: Sequence[int]) -> int:
    """The edition asked for, or the one that is meant where none is: the first of `years`.

    Raises `Refused` where nothing is published in it, or nothing at all, on the day asked for.
    """
    if not years and asked.one("on"):
        raise asked.refused("on", _("No factsheet was published on %(value)s."), 404)
    if not years:
        raise Refused(Missing(_("No factsheet is published yet.")), 404)
    given = asked.one("edition")
    if not given:
        return years[0]
    check_year(asked, given, years)
    return int(given)


def check_year(asked: Asked, given: str, years: Sequence[int]) -> None:
    """Raises `Refused` where nothing is published in this edition, or was on the day asked for."""
    if given in map(str, years):
        return
    if asked.one("on"):
        words = _("No factsheet of this edition was published on %(value)s.")
        raise asked.refused("on", words, 404)
    raise Refused(missing.edition(given[:LONGEST], years), 404)


def _address(path: str, values: Mapping[str, Any]) -> str:
    told = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{told}" if told else path
