"""What is found, ranked and cut into pages, each place with its words and its address."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from policies.models import Of, Place, SearchEntry, Standing
from policies.presentation.words import specified, titled
from policies.searching import engine
from policies.searching.entries import BETWEEN, Filters, context
from policies.searching.found import MOST, Marked, Match
from policies.searching.scope import Published, Tally, tallies
from policies.searching.snippets import html, snippet, spans
from policies.searching.wanting import Wanted
from policies.wording import said_like

SIZE = 20  # places on a page


@dataclass(frozen=True)
class Find:
    """A place as the page of results shows it; what was found in it is marked."""

    url: str
    country: SafeString
    year: int
    title: SafeString
    policy: SafeString
    labels: SafeString
    text: SafeString
    is_invented: bool
    is_factsheet: bool
    is_policy: bool  # named by its title
    standing: str  # of a policy that does not count, in words
    language: str  # of what people wrote


@dataclass(frozen=True)
class Results:
    """A page of what was found. `more`: there is more than was looked at."""

    real: Tally
    invented: Tally
    more: bool
    finds: list[Find]
    page: int
    pages: int


def results(wanted: Wanted, filters: Filters, published: Sequence[Published], page: int) -> Results:
    """In two queries, however much there is; a page beyond the last is the last."""
    by_key = {place.publication: place for place in published}
    matches = engine().matches(wanted, filters, MOST + 1)
    kept = [match for match in matches[:MOST] if match.publication in by_key]
    real, invented = tallies(
        ((by_key[match.publication], match.counts) for match in kept), within(published, filters)
    )
    ranked = sorted(kept, key=lambda match: _rank(match, by_key[match.publication]))
    pages = max(1, -(-len(ranked) // SIZE))
    page = min(page, pages)
    shown = ranked[(page - 1) * SIZE : page * SIZE]
    finds = _finds(wanted, shown, by_key) if shown else []
    return Results(real, invented, len(matches) > MOST, finds, page, pages)


def within(published: Sequence[Published], filters: Filters) -> list[Published]:
    return [
        place
        for place in published
        if filters.year in (None, place.year) and filters.country in ("", place.code)
    ]


def _rank(match: Match, place: Published) -> tuple[bool, bool, float, int, str, int]:
    """Real countries first, whole factsheets, the more relevant, the newer, by name as read."""
    is_place = match.part != Place.FACTSHEET
    relevance = match.relevance if is_place else 0
    return place.is_invented, is_place, -relevance, -place.year, place.country, match.entry


def _finds(wanted: Wanted, shown: Sequence[Match], by_key: dict[int, Published]) -> list[Find]:
    keys = [match.entry for match in shown]
    marked = engine().marked(wanted, keys)
    columns = ("anchor", "title", "policy", "labels", "text")
    entries = SearchEntry.objects.only(*columns).in_bulk(keys)
    return [
        _find(match, entries[match.entry], marked[match.entry], by_key[match.publication])
        for match in shown
        if match.entry in marked
    ]


def _find(match: Match, entry: SearchEntry, marked: Marked, place: Published) -> Find:
    country, policy = _context(place.country, entry.policy, marked.context)
    page = reverse("policies:factsheet_detail", args=[place.year, place.slug])
    in_labels = spans(entry.labels, marked.labels)
    return Find(
        url=f"{page}#{entry.anchor}" if entry.anchor else page,
        country=country,
        year=place.year,
        title=_title(entry, marked, match.part),
        policy=policy,
        labels=_labels(entry, marked) if in_labels or not entry.text else _NONE,
        text=snippet(entry.text, marked.text),
        is_invented=place.is_invented,
        is_factsheet=match.part == Place.FACTSHEET,
        is_policy=match.part == Place.POLICY,
        standing="" if match.counts else str(Standing(match.standing).label),
        language=place.language,
    )


_NONE = SafeString("")


def _title(entry: SearchEntry, marked: Marked, part: str) -> SafeString:
    """Searched in English; in another language the same words without their marks."""
    said = entry.title if part == Place.POLICY else _titled(entry.title, part)
    return html(said, spans(said, marked.title))


def _titled(title: str, part: str) -> str:
    parts = [_said(each) for each in title.split(": ")]
    return titled(*parts) if part == Place.SECTION and len(parts) == 2 else ": ".join(parts)


def _said(title: str) -> str:
    """A part of a title: the site's own words, or those of a reference table."""
    for of, name in TITLES:
        if (said := said_like(of, name, title)) != title:
            return said
    return gettext(title)


TITLES = (
    (Of.SECTION, "heading"),
    (Of.SECTION, "title"),
    (Of.CRITERION, "title"),
    (Of.COUNTRY, "name"),
)


def _labels(entry: SearchEntry, marked: Marked) -> SafeString:
    labels = (label.partition(": ") for label in entry.labels.split(BETWEEN))
    said = BETWEEN.join(_label(*label) for label in labels)
    return snippet(entry.labels, marked.labels) if said == entry.labels else html(said, [])


def _label(label: str, colon: str, detail: str) -> str:
    """Labels have colons, too, so that the whole is looked for first."""
    whole = said_like(Of.CATEGORY, "label", label + colon + detail)
    if whole != label + colon + detail:
        return whole
    return specified(said_like(Of.CATEGORY, "label", label), detail)


def _context(country: str, policy: str, marked: str) -> tuple[SafeString, SafeString]:
    """Both lines with their marks; a country that was renamed in bulk since has none."""
    whole = context(country, policy)
    found, end = spans(whole, marked), len(country)
    return html(whole, found, 0, end), html(whole, found, end + 1)
