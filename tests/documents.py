"""Random whole documents for property tests: every authored key varies, every one loads."""

import json
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from policies.reference_data import DATA
from policies.text import normalise

AVAILABILITIES = ["reported", "none_exists", "no_data", "not_applicable", "not_researched"]
AWKWARD = [
    "=1+1",
    "-5",
    "@x",
    "\u202eabc",
    "👩‍🔬 e\u0301",
    "a  b ",
    "’“”",
    "007",
    "1/2/2024",
    "<b>",
]


@cache
def vocabulary() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in json.loads((DATA / "vocabulary.json").read_text(encoding="utf-8")):
        found.setdefault(row["section"], []).append(row)
    return found


@cache
def takes_text(type_: str) -> bool:
    rows = json.loads((DATA / "section_types.json").read_text(encoding="utf-8"))
    return next(row["takes_text"] for row in rows if row["code"] == type_)


def _normal(value: str) -> str:
    return normalise(value).replace("[@", "[").replace("[^", "[")


texts = st.text(max_size=60) | st.sampled_from(AWKWARD) | st.just("")
prose = st.lists(texts, max_size=4).map("\n\n".join).map(_normal)
lines = texts.map(_normal).map(lambda s: s.replace("\n", " ").replace("\t", " "))
named = lines.filter(str.strip)
years = st.none() | st.integers(1990, 2022)
slugs = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?", fullmatch=True)
addresses = st.sampled_from(["", "https://example.org/a?b=c#d", "http://example.com/ü"])
availabilities = st.sampled_from(AVAILABILITIES)


@st.composite
def sections(draw: st.DrawFn, type_: str) -> dict[str, Any]:
    known = vocabulary().get(type_, [])
    used = draw(st.lists(st.sampled_from(known), unique_by=lambda r: r["code"])) if known else []
    return {
        "type": type_,
        "availability": draw(availabilities),
        "availability_note": draw(lines),
        "text": draw(prose) if takes_text(type_) else "",
        "categories": [
            {"code": row["code"], "detail": draw(named) if row["needs_detail"] else ""}
            for row in sorted(used, key=lambda row: (row["order"], row["code"]))
        ],
    }


@st.composite
def budgets(draw: st.DrawFn) -> dict[str, Any]:
    if not draw(st.booleans()):
        availability, words = draw(availabilities), draw(lines)
        return {"availability": availability, "amount": None, "currency": "", "words": words}
    places = draw(st.integers(0, 2))
    amount = draw(st.decimals(Decimal(0), Decimal(10) ** 13 - 1, places=places))
    return {
        "availability": "reported",
        "amount": f"{amount:f}",
        "currency": draw(st.sampled_from(["EUR", "MXN"])),
        "words": draw(lines),
    }


@st.composite
def policies(draw: st.DrawFn, code: str, types: tuple[str, ...]) -> dict[str, Any]:
    period = draw(st.sampled_from(["limited", "unlimited", "unknown"]))
    level = draw(st.sampled_from(["national", "regional"]))
    return {
        "code": code,
        "names": draw(st.lists(named, min_size=1, max_size=3, unique=True)),
        "original_name": draw(lines),
        "url": draw(addresses),
        "kind": draw(st.sampled_from(["broad", "sectoral", "cluster"])),
        "level": level,
        "region": draw(named) if level == "regional" else "",
        "is_example": draw(st.booleans()),
        "heading_note": draw(prose),
        "period": period,
        "starting_year": draw(years),
        "ending_year": draw(st.integers(2022, 2040)) if period == "limited" else None,
        "continuous_since": draw(years),
        "budget": {"overall": draw(budgets()), "annual": draw(budgets())},
        "sections": [draw(sections(type_)) for type_ in types],
    }


@st.composite
def references(draw: st.DrawFn, key: str) -> dict[str, Any]:
    return {
        "key": key,
        "authors": draw(lines),
        "year": draw(years),
        "title": draw(named),
        "publisher": draw(lines),
        "url": draw(addresses),
        "accessed": draw(st.none() | st.dates().map(lambda day: day.isoformat())),
        "note": draw(prose),
    }


@st.composite
def criteria(draw: st.DrawFn, code: str) -> dict[str, Any]:
    points = draw(st.none() | st.sampled_from([0, 0.5, 1, 2]))
    judged = None if points is None else {"points": points, "reason": draw(named)}
    return {"code": code, "judged": judged, "text": draw(prose)}


@st.composite
def documents(draw: st.DrawFn, types: tuple[str, ...]) -> dict[str, Any]:
    """A document of Mexico 2022; `types` are the policy sections in their order."""
    codes = draw(st.lists(slugs, unique=True, max_size=3))
    keys = draw(st.lists(slugs, unique=True, max_size=3))
    chosen = [draw(policies(code, types)) for code in codes]
    contradiction = any(not policy["is_example"] for policy in chosen)
    statuses = ["reported", "not_researched"] + ([] if contradiction else ["none_exist"])
    return {
        "schema": "1",
        "language": draw(st.sampled_from(["en", "es-MX"])),
        "country": {"code": "MX"},
        "edition": {"year": 2022},
        "policies_status": draw(st.sampled_from(statuses)),
        "sections": [
            {key: value for key, value in introduction.items() if key != "categories"}
            for introduction in [draw(sections("introduction"))]
        ],
        "policies": chosen,
        "maturity": {
            "criteria": [
                draw(criteria(code)) for code in ("scope", "continuity", "evidence", "support")
            ]
        },
        "references": [draw(references(key)) for key in keys],
    }
