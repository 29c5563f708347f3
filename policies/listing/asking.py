"""What an address asks of a list: known parameters, read strictly and written in one way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from policies.languages import without_language
from policies.missing import Link, Missing, Refused
from policies.presentation.words import specified

LONGEST = 4000  # characters; servers and proxies take little more
PAGING = ("part", "after", "before")


@dataclass(frozen=True)
class Asked:
    """The values of each known parameter, in the order of the form.

    `foreign` are those that only the other list knows.
    """

    path: str
    values: dict[str, tuple[str, ...]]
    foreign: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        return self.values.get(name, ("",))[0]

    @property
    def address(self) -> str:
        return self._address(self.values)

    @property
    def remembered(self) -> str:
        """The address with what the page says that it does not know."""
        return self._address({**self.values, **self.foreign})

    def with_(self, **one: str) -> str:
        """The address with these parameters instead; a new choice begins at its first page."""
        kept = {name: values for name, values in self.values.items() if name not in PAGING}
        return self._address({**kept, **{name: (value,) for name, value in one.items() if value}})

    def turned(self, **one: str) -> str:
        """The same part of the list at another page."""
        return self.with_(part=self.one("part"), **one)

    def without(self, name: str, value: str = "") -> str:
        left = tuple(found for found in self.values[name] if value and found != value)
        kept = {n: left if n == name else v for n, v in self.values.items() if n not in PAGING}
        return self._address(kept)

    def elsewhere(self, path: str) -> str:
        """The other list, asked for what both know and for what only it does."""
        kept = {n: v for n, v in self.values.items() if n not in (*PAGING, "sort")}
        return self._address({**kept, **self.foreign}, path)

    def as_(self, suffix: str) -> str:
        """The same selection in another format."""
        kept = {name: values for name, values in self.values.items() if name not in PAGING}
        path = without_language(self.path).rstrip("/")
        return self._address(kept, f"{path}.{suffix}")

    def _address(self, values: dict[str, tuple[str, ...]], path: str = "") -> str:
        query = urlencode({n: v for n, v in values.items() if v}, doseq=True)
        return f"{path or self.path}?{query}" if query else path or self.path


def asked(
    path: str,
    query: QueryDict,
    takes_several: Mapping[str, bool],
    labels: Mapping[str, str],
    foreign: Iterable[str] = (),
) -> Asked:
    """Raises `Refused` where an address says a thing twice, or says too much.

    `takes_several` tells of each parameter, in the order of the form, if it may have many values,
    `labels` what the form calls it.
    """
    if len(query.urlencode()) > LONGEST:
        raise Refused(
            Missing(
                _("This address is too long: choose fewer filters, or shorter words."),
                heading=_("Instead"),
                links=(Link(_("The list without filters"), path),),
            )
        )
    known = {**takes_several, **dict.fromkeys(PAGING, False)}
    found = {
        name: _values(path, query, name, is_list=many, label=labels.get(name, name))
        for name, many in known.items()
        if name in query
    }
    others = {name: _values(path, query, name, is_list=True) for name in foreign if name in query}
    return Asked(
        path,
        {name: values for name, values in found.items() if values},
        {name: values for name, values in others.items() if values},
    )


def single(path: str, query: QueryDict, name: str) -> str:
    """The value of a parameter that selects nothing; raises `Refused` if there are several."""
    return next(iter(_values(path, query, name, is_list=False)), "")


def _values(
    path: str, query: QueryDict, name: str, *, is_list: bool, label: str = ""
) -> tuple[str, ...]:
    given = [str(value) for value in query.getlist(name)]
    values = tuple(dict.fromkeys(value for value in given if value.strip()))
    if len(values) > 1 and not is_list:
        message = _("This address names “%(name)s” more than once, and only one value makes sense.")
        kept = query.copy()
        del kept[name]
        links = (Link(_("The list without it"), f"{path}?{kept.urlencode()}"),)
        raise Refused(Missing(message % {"name": label or name}, _("Instead"), links))
    return values


def wrong(asked: Asked, errors: Iterable[tuple[str, str, str]]) -> Refused:
    """What is wrong with which values, by name and label; and the address without the first."""
    found = list(errors)
    words = " ".join(specified(label, message) for _name, label, message in found)
    name, label, _message = found[0]
    link = Link(_("The list without “%(name)s”") % {"name": label}, asked.without(name))
    return Refused(Missing(words, _("Instead"), (link,)))
