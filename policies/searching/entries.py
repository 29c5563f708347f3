"""A document as entries: one for each place of its page that has an address and words."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from policies.folding import fold
from policies.models import Place, Publication, SearchEntry
from policies.presentation import Page, page_of
from policies.presentation.factsheet import Chapter, Source
from policies.presentation.score import Criterion
from policies.presentation.table import Body, Column
from policies.presentation.words import Document
from policies.searching.plain import plain

BETWEEN = " · "  # categories, or facts, of one place


@dataclass(frozen=True)
class Filters:
    """Where to search; what is not said does not narrow it."""

    year: int | None = None
    country: str = ""  # ISO code
    part: str = ""

    @property
    def words(self) -> list[str]:
        """The words that an entry must be filed under; no text is searched for them."""
        wanted = {"y": self.year, "c": self.country, "k": self.part}
        return [f"{letter}{value}".lower() for letter, value in wanted.items() if value]


@dataclass(frozen=True)
class Spot:
    """What a reader sees at one address of a page."""

    anchor: str
    part: Place
    title: str
    text: str
    labels: str = ""
    policy: str = ""
    section: str = ""


def context(country: str, policy: str) -> str:
    """What an entry belongs to, in two lines."""
    return f"{country}\n{policy}"


def entries_of(publication: Publication, document: Document) -> list[SearchEntry]:
    """The entries of a published document, in the order of its page, not yet saved."""
    country, year = document["country"], document["edition"]["year"]
    name = publication.factsheet.country.name
    with translation.override("en"):
        spots = [_factsheet(name, country["name"]), *_spots(page_of(document))]
    return [
        SearchEntry(
            publication=publication,
            **vars(spot),
            title_folded=fold(spot.title),
            context_folded=fold(context(name, spot.policy)),
            labels_folded=fold(spot.labels),
            text_folded=fold(spot.text),
            filed_under=" ".join(Filters(year, country["code"], spot.part).words),
        )
        for spot in spots
    ]


def _factsheet(name: str, published: str) -> Spot:
    """The whole page, which is found by its country's name of today and as it was published."""
    return Spot("", Place.FACTSHEET, name, published if published != name else "")


def _spots(page: Page) -> Iterator[Spot]:
    notes = {note.number: str(note.html) for note in page.footnotes}
    for chapter in page.introduction:
        yield from _chapter(chapter, Place.INTRODUCTION, notes)
    for column in page.table.columns:
        yield _policy(column, notes)
    for row in page.table.rows:
        title = ": ".join(filter(None, [row.group, row.sub]))
        for cell in row.cells:
            labels, text = BETWEEN.join(cell.body.categories), _body(cell.body, notes)
            if labels or text:
                section = cell.anchor.split(".")[1]
                policy = cell.policy
                yield Spot(cell.anchor, Place.SECTION, title, text, labels, policy, section)
    for criterion in page.criteria:
        yield _criterion(criterion, notes)
    for chapter in page.chapters:
        yield from _chapter(chapter, Place.CHAPTER, notes)
    for source in page.sources:
        yield _source(source, notes)


def _chapter(chapter: Chapter, part: Place, notes: dict[int, str]) -> Iterator[Spot]:
    said = chapter.nothing.note if chapter.nothing else plain(chapter.html, notes)
    if said:
        yield Spot(chapter.anchor, part, chapter.title, said, section=chapter.anchor)


def _policy(column: Column, notes: dict[int, str]) -> Spot:
    first, *others = column.names
    facts = [*others, column.tag, column.original_name, column.host]
    facts += [plain(notes.get(number, ""), notes) for number in column.footnotes]
    text = BETWEEN.join(filter(None, facts))
    anchor = f"{column.code}.heading"
    return Spot(anchor, Place.POLICY, first, text, section="heading")


def _body(body: Body, notes: dict[int, str]) -> str:
    text = plain(body.text.lead + "\n" + body.text.rest, notes) if body.text else ""
    note = body.nothing.note if body.nothing else ""
    return " ".join(filter(None, [body.value, note, text]))


def _criterion(criterion: Criterion, notes: dict[int, str]) -> Spot:
    text = " ".join(
        filter(
            None,
            [plain(criterion.html, notes), *criterion.reasons, criterion.judged_reason],
        )
    )
    return Spot(criterion.code, Place.CRITERION, criterion.title, text, section=criterion.code)


def _source(source: Source, notes: dict[int, str]) -> Spot:
    named = ", ".join(filter(None, [source.title, source.publisher]))
    said = [source.byline, f"{named}.", source.host, plain(source.note, notes)]
    text = " ".join(filter(None, said))
    return Spot(f"ref-{source.key}", Place.REFERENCE, _("Bibliography"), text)
