"""The versions of countries as they were published, edition by edition, as queries."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, TextField, Value, When

from policies.document import Document, Vocabulary, vocabulary
from policies.finding import SLUG, YEAR
from policies.models import Publication
from policies.over_time import rubrics
from policies.over_time.stating import Rubrics, Why, why

CHUNK = 10  # documents held at a time


@dataclass(frozen=True)
class Version:
    """A published version; of one that was withdrawn there is no document, and no number is told.

    `name` and `slug` are those of the country today.
    """

    slug: str
    year: int
    number: int
    name: str
    group: str
    published_at: datetime
    is_current: bool
    change_note: str
    changes: list[dict[str, str]]
    withdrawn_at: datetime | None
    withdrawn_reason: str
    document: Document | None = field(repr=False)


@dataclass(frozen=True)
class Step:
    """From one version that can be read to the next, over those that can't."""

    before: Version
    after: Version
    changes: list[dict[str, str]]  # as stated, of all versions in between
    why: Why


@dataclass(frozen=True)
class Rules:
    """What documents are scored anew by: two queries."""

    rubrics: Rubrics
    proves: Vocabulary

    @classmethod
    def read(cls) -> "Rules":
        return cls(rubrics.tables(), vocabulary())

    def why(self, before: Document, after: Document, changes: Iterable[dict[str, str]]) -> Why:
        return why(before, after, changes, self.rubrics, self.proves)


COUNTRY = "factsheet__country"
COLUMNS = (
    SLUG,
    YEAR,
    "number",
    f"{COUNTRY}__name",
    f"{COUNTRY}__group",
    "published_at",
    "is_current",
    "change_note",
    "changes",
    "withdrawn_at",
    "withdrawn_reason",
)


def of_country(slug: str) -> Iterator[Version]:
    """All versions of all editions, the earliest first."""
    return read(Publication.objects.filter(**{SLUG: slug}), Q(withdrawn_at=None))


def read(publications: QuerySet[Publication], readable: Q) -> Iterator[Version]:
    """Country by country, edition by edition, version by version, in one query."""
    text = Case(
        When(readable, then=F("document_json")), default=Value(""), output_field=TextField()
    )
    rows: Any = publications.order_by(SLUG, YEAR, "number").values_list(*COLUMNS, text)
    for *columns, found in rows.iterator(CHUNK):
        yield Version(*[*columns, json.loads(found) if found else None])


def steps(versions: Iterable[Version], rules: Rules) -> Iterator[tuple[Version, Step | None]]:
    """Each version, and how its points came from those of the country's last that can be read."""
    last: Version | None = None
    changes: list[dict[str, str]] = []
    year: Any = None
    for version in versions:
        if last and last.slug != version.slug:
            last = None
        if (version.slug, version.year) != year:
            changes, year = [], (version.slug, version.year)
        changes = changes + version.changes
        if version.document is None:
            yield version, None
            continue
        yield version, _step(last, version, changes, rules)
        last, changes = version, []


def _step(
    before: Version | None, after: Version, changes: list[dict[str, str]], rules: Rules
) -> Step | None:
    if before is None or before.document is None or after.document is None:
        return None
    return Step(before, after, changes, rules.why(before.document, after.document, changes))
