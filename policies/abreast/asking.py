"""What a comparison is asked for, and the addresses of more, less or other of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

MOST = 6  # columns that can still be read
DIFFERENCES = "differences"


@dataclass(frozen=True)
class Asked:
    """Editions and countries, each once, in the order of the address."""

    editions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    only_differences: bool = False

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

    def changed(self, **changes: Any) -> "Asked":
        return replace(self, **changes)

    def without_edition(self, year: str) -> "Asked":
        return replace(self, editions=_but(self.editions, year))

    def without_country(self, slug: str) -> "Asked":
        return replace(self, countries=_but(self.countries, slug))

    def without(self, year: str, slug: str) -> "Asked":
        """Without this side."""
        return self.without_edition(year) if self.by_year else self.without_country(slug)

    @property
    def address(self) -> str:
        values = [
            *(("edition", edition) for edition in self.editions),
            *(("country", country) for country in self.countries),
            *([("only", DIFFERENCES)] if self.only_differences else []),
        ]
        told = urlencode(values)
        return reverse("policies:compare") + (f"?{told}" if told else "")


def _but(values: Iterable[str], left_out: str) -> tuple[str, ...]:
    return tuple(value for value in values if value != left_out)
