"""An address of the comparison, read strictly before anything is looked up."""

import re
from collections import Counter
from collections.abc import Iterable

from django.http import QueryDict

from policies.abreast import refusing
from policies.abreast.asking import DIFFERENCES, Asked

_YEAR = re.compile(r"[0-9]{4}")
_SLUG = re.compile(r"[a-zA-Z0-9_-]{1,50}")


def read(given: QueryDict) -> Asked:
    """Raises `Refused` for what can not be; whether there is such a thing is asked later."""
    editions, countries, only = (_told(given, name) for name in ("edition", "country", "only"))
    asked = Asked(tuple(dict.fromkeys(editions)), tuple(dict.fromkeys(countries)))
    if only not in ([], [DIFFERENCES]):
        raise refusing.only(asked)
    asked = asked.changed(only_differences=bool(only))
    for edition in _not_like(_YEAR, editions):
        raise refusing.no_year(asked, edition)
    for slug in _not_like(_SLUG, countries):
        raise refusing.no_country(asked, slug)
    for value in _twice([*editions, *countries]):
        raise refusing.twice(asked, value)
    return asked


def _told(given: QueryDict, name: str) -> list[str]:
    """A form may send a field that was left empty."""
    return [value for value in map(str.strip, map(str, given.getlist(name))) if value]


def _not_like(shape: re.Pattern[str], values: Iterable[str]) -> list[str]:
    return [value for value in values if not shape.fullmatch(value)]


def _twice(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]
