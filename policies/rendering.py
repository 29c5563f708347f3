"""A document's texts as HTML, with footnotes that run through and citations that link."""

from collections.abc import Iterable
from typing import Any

from policies.models import Part
from policies.text import Cited, FactsheetText

Document = dict[str, Any]


def rendered(document: Document) -> Document:
    """The document with its texts as HTML, rendered in reading order."""
    texts = FactsheetText({r["key"]: _cited(r) for r in document["references"]})
    by_part = {
        part: [section for section in document["sections"] if section["part"] == part]
        for part in (Part.INTRODUCTION, Part.CHAPTER)
    }
    introduction = [_html(s, s["type"], texts) for s in by_part[Part.INTRODUCTION]]
    policies = _policies(document["policies"], texts)
    criteria = [_html(c, c["code"], texts) for c in document["maturity"]["criteria"]]
    chapters = [_html(s, s["type"], texts) for s in by_part[Part.CHAPTER]]
    notes = [texts.inline(r["note"], Part.BIBLIOGRAPHY) for r in document["references"]]
    return {
        **document,
        "sections": introduction + chapters,
        "policies": policies,
        "maturity": {**document["maturity"], "criteria": criteria},
        "references": [
            {**reference, "html": note, "cited_by": texts.cited_by.get(reference["key"], [])}
            for reference, note in zip(document["references"], notes, strict=True)
        ],
        "footnotes": texts.footnotes,
    }


def _cited(reference: Document) -> Cited:
    return Cited(**{name: reference[name] for name in ("key", "authors", "year", "title")})


def _html(section: Document, anchor: str, texts: FactsheetText) -> Document:
    return {**section, "html": texts.html(section["text"], anchor)}


def _policies(policies: list[Document], texts: FactsheetText) -> list[Document]:
    """The table is read by rows: the heads first, then each section across the policies."""
    heads = [_heading_footnotes(policy, texts) for policy in policies]
    cells: list[list[Document]] = [[] for _ in policies]
    for type_ in section_types(policies):
        for policy, column in zip(policies, cells, strict=True):
            column += [
                _html(section, f"{policy['code']}.{type_}", texts)
                for section in policy["sections"]
                if section["type"] == type_
            ]
    return [
        {**policy, "heading_footnotes": head, "sections": column}
        for policy, head, column in zip(policies, heads, cells, strict=True)
    ]


def section_types(policies: Iterable[Document]) -> list[str]:
    """The rows of the table. Policies may differ: a type may have ceased to apply between them."""
    types: list[str] = []
    for policy in policies:
        place = 0
        for section in policy["sections"]:
            if section["type"] not in types:
                types.insert(place, section["type"])
            place = types.index(section["type"]) + 1
    return types


def _heading_footnotes(policy: Document, texts: FactsheetText) -> list[int]:
    if not policy["heading_note"].strip():
        return []
    return [texts.footnote(policy["heading_note"], f"{policy['code']}.heading")]
