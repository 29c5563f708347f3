"""A scored document as the rules read it: parts under their addresses, texts without markup."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from policies.models import Availability, Part
from policies.text import Cited, citations
from policies.text.parsing import blocks, plain
from scoring.facts import Facts, PolicyFacts, counts

Document = dict[str, Any]

CATEGORISED = frozenset(
    {
        "objectives",
        "focus",
        "authorities",
        "beneficiaries",
        "financial-instruments",
        "technical-assistance",
        "evaluation",
        "eu-priorities",
    }
)
"""The section types that take categories, as every installation begins."""


@dataclass(frozen=True)
class Standing:
    """What a document does not know about itself; the defaults say that nothing stands against it.

    Anchors are addresses of sections, as in `Section.anchor`.
    """

    required: Mapping[str, str] = field(default_factory=dict)  # section types, each with its part
    unapproved: frozenset[str] = frozenset()  # anchors
    stale: frozenset[str] = frozenset()  # criteria judged on facts that have changed since
    categorised: frozenset[str] = CATEGORISED  # section types that take categories


class Text(NamedTuple):
    anchor: str
    words: str


@dataclass(frozen=True)
class Sheet:
    """A document with what the rules ask of it; `today` and `standing` come from outside."""

    document: Document
    standing: Standing
    today: date

    @property
    def year(self) -> int:
        """The year in which the data was collected: the rules' "now"."""
        return int(self.document["edition"]["collected_on"][:4])

    @property
    def policies(self) -> list[Document]:
        return self.document["policies"]

    @property
    def criteria(self) -> list[Document]:
        return self.document["maturity"]["criteria"]

    @property
    def references(self) -> list[Document]:
        return self.document["references"]

    @property
    def cells(self) -> Iterator[tuple[Document, Document]]:
        """Every policy with each of its sections."""
        return ((policy, section) for policy in self.policies for section in policy["sections"])

    @cached_property
    def facts(self) -> dict[str, PolicyFacts]:
        """What the score was computed from, by policy."""
        facts = Facts.from_dict(self.document["maturity"]["facts"])
        return {policy.code: policy for policy in facts.policies}

    @property
    def counting(self) -> list[PolicyFacts]:
        return [policy for policy in self.facts.values() if counts(policy, self.year)]

    @cached_property
    def names(self) -> dict[str, str]:
        """What each address is called, in reading order: the table is read by rows."""
        before = {s["type"]: title(s) for s in self._own(Part.INTRODUCTION)}
        heads = {address(policy, "heading"): policy["names"][0] for policy in self.policies}
        types = dict.fromkeys(section["type"] for _policy, section in self.cells)
        rows = {
            address(policy, section["type"]): f"{policy['names'][0]}, {title(section)}"
            for type_ in types
            for policy, section in self.cells
            if section["type"] == type_
        }
        criteria = {criterion["code"]: criterion["title"] for criterion in self.criteria}
        after = {s["type"]: title(s) for s in self._own(Part.CHAPTER)}
        last = {str(Part.BIBLIOGRAPHY): _("Bibliography")}
        return {"": _("Whole factsheet"), **before, **heads, **rows, **criteria, **after, **last}

    def name(self, anchor: str) -> str:
        return self.names.get(anchor, anchor)

    def _own(self, part: str) -> list[Document]:
        return [section for section in self.document["sections"] if section["part"] == part]

    @cached_property
    def texts(self) -> list[Text]:
        """All Markdown of the factsheet."""
        notes = (Text(str(Part.BIBLIOGRAPHY), entry["note"]) for entry in self.references)
        return [*self._written(), *notes]

    @cached_property
    def prose(self) -> list[Text]:
        """All that authors tell in words of their own, without markup; not the bibliography."""
        return [Text(anchor, _plain(words)) for anchor, words in self._told() if words.strip()]

    def _written(self) -> Iterator[Text]:
        for section in self.document["sections"]:
            yield Text(section["type"], section["text"])
        for policy in self.policies:
            yield Text(address(policy, "heading"), policy["heading_note"])
        for policy, section in self.cells:
            yield Text(address(policy, section["type"]), section["text"])
        for criterion in self.criteria:
            yield Text(criterion["code"], criterion["text"])

    def _told(self) -> Iterator[Text]:
        yield from self._written()
        for section in self.document["sections"]:
            yield Text(section["type"], section["availability_note"])
        for policy, section in self.cells:
            yield Text(address(policy, section["type"]), section["availability_note"])
        for policy in self.policies:
            for budget in policy["budget"].values():
                yield Text(address(policy, "budget"), budget["words"])
        for criterion in self.criteria:
            if criterion["judged"]:
                yield Text(criterion["code"], criterion["judged"]["reason"])

    @cached_property
    def cited(self) -> set[str]:
        """The keys of all citations."""
        return {citation.key for text in self.texts for citation in citations(text.words)}


def address(policy: Document, type_: str) -> str:
    return f"{policy['code']}.{type_}"


def title(section: Document) -> str:
    """As `SectionType` is called."""
    if section.get("heading", section["title"]) == section["title"]:
        return section["title"]
    return f"{section['heading']}: {section['title']}"


def short(reference: Document) -> str:
    """An entry of the bibliography as a citation names it."""
    return Cited(**{name: reference[name] for name in ("key", "authors", "year", "title")}).short


def is_reported(section: Document) -> bool:
    return section["availability"] == Availability.REPORTED


def _plain(markdown: str) -> str:
    """A paragraph, list item or table cell per line, those of the footnotes last."""
    body, notes = blocks(markdown)
    tokens = chain(body, *notes.values())
    return "\n".join(plain(token) for token in tokens if token.type == "inline")
