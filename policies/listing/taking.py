"""A selection as a file: CSV for programs, XLSX for Excel, JSON for both."""

import json
from collections.abc import Iterator
from typing import Any

from policies.listing.factsheets import Factsheets
from policies.listing.policies import Policies, categories_of
from policies.listing.selecting import Selection
from policies.models import PublishedScore
from policies.presentation.words import exact
from policies.spreadsheet.excel import workbook
from policies.spreadsheet.pages import Look, Page
from policies.spreadsheet.separated import separated

Row = dict[str, Any]

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}
NUMBERS = {"edition", "total", "judged_total", "maximum", "starting_year", "ending_year", "version"}


def taken(selection: Factsheets | Policies, kind: str, site: str) -> bytes:
    """The whole selection, not only a page of it; `site` begins the permanent addresses."""
    if isinstance(selection, Factsheets):
        title, rows = "Factsheets", list(_factsheets(selection, site))
    else:
        title, rows = "Policies", list(_policies(selection, site))
    if kind == "json":
        return _json(selection, rows)
    page = _page(title, rows)
    return separated(page) if kind == "csv" else workbook([page])


def _factsheets(selection: Factsheets, site: str) -> Iterator[Row]:
    scores: dict[int, list[PublishedScore]] = {}
    for score in PublishedScore.objects.filter(publication__in=selection.selected).order_by("pk"):
        scores.setdefault(score.publication_id, []).append(score)
    for row in selection.whole:
        yield {
            "part": row.part,
            **_place(row),
            "kind_of_policy": row.scope,
            "total": exact(row.total),
            "judged_total": exact(row.judged_total),
            "maximum": exact(row.maximum),
            **{f"{score.criterion}_points": exact(score.points) for score in scores[row.pk]},
            **{
                f"{score.criterion}_basis": "judged" if score.is_judged else "derived"
                for score in scores[row.pk]
            },
            "policies_in_force": row.in_force,
            "examples": row.examples,
            "version": row.number,
            "published": row.published_at.date().isoformat(),
            "address": f"{site}/factsheets/{row.year}/{row.slug}/v{row.number}/",
        }


def _place(row: Any) -> Row:
    return {
        "edition": row.year,
        "country_code": row.country_code,
        "country": row.country,
        "country_group": row.group,
    }


def _policies(selection: Policies, site: str) -> Iterator[Row]:
    categories = categories_of(selection.selected)
    for row in selection.whole:
        yield {
            "part": row.part,
            **_place(row),
            "policy": row.code,
            "names": row.names,
            "kind": row.kind,
            "level": row.level,
            "region": row.region,
            "period": row.period,
            "starting_year": row.starting_year,
            "ending_year": row.ending_year,
            **categories.get(row.pk, {}),
            "version": row.number,
            "address": f"{site}/factsheets/{row.year}/{row.slug}/v{row.number}/#{row.code}.heading",
        }


def _page(title: str, rows: list[Row]) -> Page:
    """Rows may lack columns that others have; a column stands where the first such row has it."""
    headers = list(dict.fromkeys(name for row in rows for name in row)) or ["part"]
    looks = [
        Look(width=16, kind="number" if name in NUMBERS or name.endswith("_points") else "text")
        for name in headers
    ]
    cells = ([_cell(row.get(name)) for name in headers] for row in rows)
    return Page(title, headers, cells, looks)


def _cell(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value


def _json(selection: Selection, rows: list[Row]) -> bytes:
    """Part by part, since a list that ran them together would have them counted together."""
    parts = {
        part.code: [row for row in rows if row["part"] == part.code] for part in selection.parts()
    }
    asked = {name: list(values) for name, values in selection.asked.values.items()}
    document = {"edition": selection.edition, "asked": asked, "parts": parts}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
