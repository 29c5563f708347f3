"""A whole document as the factsheet page shows it, and as a card or a line of a list."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.document import standings
from policies.models import Country, Part, PoliciesStatus, Standing
from policies.presentation.score import (
    Criterion,
    Score,
    criteria_of,
    radar_in_words,
    radar_of,
    score_of,
)
from policies.presentation.table import Table, policy_table
from policies.presentation.translated import country_name, translated
from policies.presentation.words import (
    Document,
    Nothing,
    day,
    kinds_of_nothing,
    nothing,
    trusted,
)
from policies.tongues import like


@dataclass(frozen=True)
class Chapter:
    """A text of the factsheet itself."""

    anchor: str
    title: str
    html: SafeString
    nothing: Nothing | None


@dataclass(frozen=True)
class Source:
    """An entry of the bibliography."""

    key: str
    byline: str
    title: str
    publisher: str
    url: str
    host: str
    accessed: str
    note: SafeString
    cited_by: list[dict[str, str]]


@dataclass(frozen=True)
class Footnote:
    number: int
    html: SafeString
    back: list[str]


@dataclass(frozen=True)
class Card:
    """What a list, a card and the head of a page say about a factsheet."""

    name: str
    slug: str
    year: int
    label: str
    is_demonstration: bool
    score: Score
    policy_type: str
    policies: str
    not_counted: str
    number: int | None
    published: str


@dataclass(frozen=True)
class Page:
    card: Card
    language: str
    source_line: str
    method_source: str
    collected: str
    policies_status: str
    introduction: list[Chapter]
    chapters: list[Chapter]
    table: Table
    legend: list[tuple[Nothing, str]]
    criteria: list[Criterion]
    radar: dict[str, Any]
    radar_in_words: str
    sources: list[Source]
    footnotes: list[Footnote]


def card_of(document: Document, slug: str = "", name: str = "") -> Card:
    """`slug` and `name` are those of the country today, where the document's own are not meant."""
    document = translated(document)
    country, edition = document["country"], document["edition"]
    counts = Counter(standings(document).values())
    return Card(
        name=country_name(name) or country["name"],
        slug=slug or country["slug"],
        year=edition["year"],
        label=edition["label"],
        is_demonstration=country["group"] == Country.Group.DEMONSTRATION,
        score=score_of(document["maturity"]),
        policy_type=_policy_type(document),
        policies=_policies(document, counts),
        not_counted=_not_counted(counts),
        number=document["version"],
        published=day(document["published_at"]),
    )


def page_of(document: Document, slug: str = "") -> Page:
    document = translated(document)
    return Page(
        card=card_of(document, slug),
        language=document["language"],
        source_line=_source_line(document),
        method_source=document["edition"]["source_line"],
        collected=day(document["edition"]["collected_on"]),
        policies_status=document["policies_status"],
        introduction=_chapters(document, Part.INTRODUCTION),
        chapters=_chapters(document, Part.CHAPTER),
        table=policy_table(document),
        legend=kinds_of_nothing(),
        criteria=criteria_of(document),
        radar=radar_of(document),
        radar_in_words=radar_in_words(document),
        sources=[_source(reference) for reference in document["references"]],
        footnotes=[_footnote(footnote) for footnote in document["footnotes"]],
    )


def _source_line(document: Document) -> str:
    """Nothing invented is ascribed to those who collected the real facts."""
    if document["country"]["group"] == Country.Group.DEMONSTRATION:
        return _("invented for demonstration")
    return document["edition"]["source_line"]


def _policy_type(document: Document) -> str:
    """The level reached in policy scope names the country's strongest kind of policy."""
    scope = next((item for item in criteria_of(document) if item.code == "scope"), None)
    return (scope and scope.level) or _("Not settled")


def _policies(document: Document, counts: Counter[Standing]) -> str:
    """How many are in force, or why there is none at all."""
    if counts:
        return _("%(count)d in force") % {"count": counts[Standing.IN_FORCE]}
    words = {
        PoliciesStatus.REPORTED: _("None described"),
        PoliciesStatus.NONE_EXIST: _("None exists"),
        PoliciesStatus.NOT_RESEARCHED: _("Not yet researched"),
    }
    return words[PoliciesStatus(document["policies_status"])]


def _not_counted(counts: Counter[Standing]) -> str:
    """ "1 ended, 2 examples": the policies that are shown but not in force, by why they are not."""
    examples = counts[Standing.EXAMPLE]
    words = {
        Standing.ENDED: _("%(count)d ended"),
        Standing.FUTURE: _("%(count)d not yet started"),
        Standing.EXAMPLE: ngettext("%(count)d example", "%(count)d examples", examples),
    }
    found = ((words[each], counts[each]) for each in words if counts[each])
    return ", ".join(said % {"count": count} for said, count in found)


def _chapters(document: Document, part: str) -> list[Chapter]:
    return [
        Chapter(
            anchor=section["type"],
            title=section["title"],
            html=trusted(section["html"]),
            nothing=None if section["html"] else _missing(section),
        )
        for section in document["sections"]
        if section["part"] == part
    ]


def _missing(section: dict[str, Any]) -> Nothing:
    return nothing(section["availability"], section["availability_note"])


def _source(reference: dict[str, Any]) -> Source:
    return Source(
        key=reference["key"],
        byline=_byline(reference["authors"], reference["year"]),
        title=reference["title"],
        publisher=reference["publisher"],
        url=reference["url"],
        host=urlsplit(reference["url"]).netloc.removeprefix("www."),
        accessed=day(reference["accessed"]),
        note=trusted(reference.get("html", "")),
        cited_by=reference.get("cited_by", []),
    )


def _byline(authors: str, year: int | None) -> str:
    """ "Nerger, M. (2015).", and "Nerger, M." without a year."""
    return like(authors, f"{authors} ({year})." if year else f"{authors.rstrip('.')}.")


def _footnote(footnote: dict[str, Any]) -> Footnote:
    return Footnote(footnote["number"], trusted(footnote["html"]), footnote.get("back", []))
