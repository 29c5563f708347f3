"""The wide table, for reading only: a row a policy, and an `x` under every category it has."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from policies.checking import Tables
from policies.document import HEADING, HISTORY
from policies.models import Category, User
from policies.spreadsheet.formats import Look, Page
from policies.spreadsheet.readme import text_page, when
from policies.spreadsheet.standing import Standing

SHEET = "Policies wide"
FACTS = ("kind", "level", "region", "period", "starting_year", "ending_year", "continuous_since")
NUMBERS = {"edition", "starting_year", "ending_year", "continuous_since"}


def pages(
    standings: Sequence[Standing], tables: Tables, *, by: User | None, now: datetime
) -> Iterator[Page]:
    categories = [c for found in tables.categories.values() for c in found.values()]
    headers = ["country", "country_name", "edition", "policy", "names", *FACTS, "is_example"]
    looks = [
        Look(width=40 if name == "names" else 12, kind="number" if name in NUMBERS else "text")
        for name in headers
    ]
    rows = (
        _row(standing, code, categories) for standing in standings for code in standing.policies
    )
    titles = [f"{category.section_type}: {category.label}" for category in categories]
    yield Page(SHEET, [*headers, *titles], rows, [*looks, *(Look(width=10) for _c in categories)])
    yield _readme(by, now)


def _row(standing: Standing, code: str, categories: Sequence[Category]) -> list[Any]:
    heading = standing.contents[code, "heading"]
    history = standing.contents.get((code, "history"), {})
    facts = {**{name: heading[name] for name in HEADING}, **{n: history.get(n) for n in HISTORY}}
    used = {
        (type_, use["code"])
        for (policy, type_), content in standing.contents.items()
        if policy == code
        for use in content.get("categories", [])
    }
    return [
        standing.country.code,
        standing.country.name,
        standing.edition.year,
        code,
        "; ".join(heading["names"]),
        *(facts[name] or None for name in FACTS),
        "yes" if heading["is_example"] else "no",
        *("x" if (c.section_type.code, c.code) in used else None for c in categories),
    ]


def _readme(by: User | None, now: datetime) -> Page:
    about = _(
        "A table of drafts for filters and pivot tables, for reading only: it can not be brought "
        "back. An x stands under every category that is ticked."
    )
    lines = [
        (_("Exported"), when(now)),
        (_("By"), str(by) if by else ""),
        (_("What this is"), about),
    ]
    return text_page(_("Cluster policy factsheets, wide table"), lines)
