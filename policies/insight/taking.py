"""What is counted as a file: a row for each count, so that any program can pivot it."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from policies.insight.category import Category, Place, Said
from policies.insight.collected import Published
from policies.insight.matrix import Matrix, Row
from policies.insight.vocabulary import Heading
from policies.spreadsheet.excel import workbook
from policies.spreadsheet.pages import Look, Page
from policies.spreadsheet.separated import separated

NUMBERS = {
    "edition",
    "count",
    "of",
    "edition_before",
    "count_before",
    "of_before",
}


NO_POLICY: Sequence[Said | None] = [None]


def dated(on: date | None, until: date | None) -> dict[str, str]:
    """The day asked for, empty if today is meant, and that of the latest publication counted."""
    return {
        "on": on.isoformat() if on else "",
        "latest_publication": until.isoformat() if until else "",
    }


def matrix_rows(
    real: Matrix, invented: Matrix, year: int, on: date | None, site: str
) -> list[dict[str, Any]]:
    """`site` begins the permanent addresses."""
    parts = (("countries", real), ("demonstration", invented))
    return [
        {"edition": year, "part": part, **dated(on, matrix.until), **cell}
        for part, matrix in parts
        for row in matrix.rows
        for cell in _cells(row, matrix, f"{site}/factsheets/{year}")
    ]


def _cells(row: Row, matrix: Matrix, site: str) -> Iterator[dict[str, Any]]:
    country = row.country
    for heading, has, codes in zip(matrix.columns, row.cells, row.policies, strict=True):
        yield {
            "country_code": country.code,
            "country": country.name,
            "country_group": country.group,
            "section": heading.section,
            "category": heading.code,
            "label": heading.label,
            "has": has.value,
            "policies": codes,
            "address": _address(country, site),
        }


def category_rows(category: Category, on: date | None, site: str) -> list[dict[str, Any]]:
    """What each policy in force says, in the order of the page; a country without has one row.

    Texts are those of today's publications: of a day gone by, the addresses lead to them.
    """
    parts = (("countries", category.real), ("demonstration", category.invented))
    pages = f"{site}/factsheets/{category.year}"
    return [
        {
            "edition": category.year,
            "part": part,
            **dated(on, side.until),
            **_saying(place, said, category.heading, pages),
            "text": said.text if said else "",
            "language": said.language if said and not on else "",
        }
        for part, side in parts
        for answer in side.answers
        for place in answer.places
        for said in place.policies or NO_POLICY
    ]


def _saying(
    place: Place, said: Said | None, heading: Heading, site: str
) -> dict[str, str | list[str]]:
    address = _address(place.country, site)
    return {
        "country_code": place.country.code,
        "country": place.country.name,
        "country_group": place.country.group,
        "section": heading.section,
        "category": heading.code,
        "label": heading.label,
        "country_has": place.has.value,
        "policy": said.code if said else "",
        "policy_name": said.names[0] if said else "",
        "has": said.has.value if said else "",
        "address": f"{address}#{said.code}.{heading.section}" if said else address,
    }


def _address(country: Published, site: str) -> str:
    return f"{site}/{country.slug}/v{country.number}/"


def taken(title: str, rows: list[dict[str, Any]], kind: str, asked: dict[str, str]) -> bytes:
    """In a format of `listing.taking.TYPES`; all rows have the same columns."""
    if kind == "json":
        document = {"asked": asked, "rows": rows}
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    columns = list(rows[0]) if rows else ["edition"]
    looks = [Look(width=16, kind="number" if name in NUMBERS else "text") for name in columns]
    page = Page(title, columns, map(_line, rows), looks)
    return separated(page) if kind == "csv" else workbook([page])


def _line(row: dict[str, Any]) -> list[Any]:
    return [" ".join(value) if isinstance(value, list) else value for value in row.values()]
