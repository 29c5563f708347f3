"""What an address of the comparison asks for, and the addresses of more, less or other of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

MOST = 6  # columns that can still be read
DIFFERENCES = "differences"

_SLUG = re.compile(r"[a-zA-Z0-9_-]{1,50}")


@dataclass(frozen=True)
class Asked:
    """Editions and countries as the address gave them, each once, in its order."""

    editions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    only_differences: bool = False

    @classmethod
    def read(cls, given: QueryDict) -> "Asked":
        return cls(
            editions=_once(given.getlist("edition")),
            countries=_once(given.getlist("country")),
            only_differences=given.get("only") == DIFFERENCES,
        )

    @property
    def by_year(self) -> bool:
        return len(self.editions) > 1

    @property
    def asks_too_much(self) -> bool:
        return max(len(self.editions), len(self.countries)) > MOST

    @property
    def is_crossed(self) -> bool:
        return len(self.editions) > 1 and len(self.countries) > 1

    @property
    def is_comparison(self) -> bool:
        return len(self.editions) > 1 or len(self.countries) > 1

    @property
    def unreadable(self) -> list[str]:
        """Countries that no address can have, so that no query needs to ask."""
        return [slug for slug in self.countries if not _SLUG.fullmatch(slug)]

    def changed(self, **changes: Any) -> "Asked":
        return replace(self, **changes)

    def without(self, year: int, slug: str) -> "Asked":
        if self.by_year:
            return replace(self, editions=_but(self.editions, str(year)))
        return replace(self, countries=_but(self.countries, slug))

    @property
    def address(self) -> str:
        values = [
            *(("edition", edition) for edition in self.editions),
            *(("country", country) for country in self.countries),
            *([("only", DIFFERENCES)] if self.only_differences else []),
        ]
        told = urlencode(values)
        return reverse("policies:compare") + (f"?{told}" if told else "")


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (value.strip() for value in values))))


def _but(values: Iterable[str], left_out: str) -> tuple[str, ...]:
    return tuple(value for value in values if value != left_out)
