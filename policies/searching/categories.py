"""Categories as answers: how many countries tick them, and how many texts use the words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Concat
from django.urls import reverse

from policies.languages import ENGLISH, language
from policies.missing import Link
from policies.models import Category, CategoryUse, Country, Of, Standing, Translation
from policies.presentation.translated import section_name
from policies.searching import engine, wording
from policies.searching.entries import Filters
from policies.searching.found import MOST
from policies.searching.query import Term
from policies.searching.results import within
from policies.searching.scope import Published, tallies
from policies.searching.vocabulary import Answer, Named, answers
from policies.searching.wanting import Wanted

ANY = 6  # categories that have only some of the words
FEW = 3  # answers in full; the others in a list to unfold


@dataclass(frozen=True)
class Counted:
    """An answer with the countries that tick it, of those of the edition."""

    answer: Answer
    url: str
    real: int
    invented: int


@dataclass(frozen=True)
class Answers:
    """All answers, and of how many countries. `texts` says where the words themselves stand."""

    year: int
    counted: list[Counted]
    others: list[Counted]
    real: int
    invented: int
    texts: list[str]


def answered(
    terms: Sequence[Term],
    wanted: Wanted,
    categories: Sequence[Named],
    year: int,
    published: Sequence[Published],
) -> Answers | None:
    """In at most two queries. Counts are of one edition, for an editions' sum means nothing."""
    found = answers(terms, categories)
    if not found:
        return None
    of_year = within(published, Filters(year))
    used = _used([answer.category.key for answer in found], year)
    counted = [
        Counted(
            answer,
            listed(answer.category, year),
            used.get((answer.category.key, False), 0),
            used.get((answer.category.key, True), 0),
        )
        for answer in found
    ]
    real, invented = tallies([], of_year)
    texts = _texts(wanted, of_year, year) if any(a.bundled for a in found[:FEW]) else []
    return Answers(year, counted[:FEW], counted[FEW:], real.of, invented.of, texts)


def near(terms: Sequence[Term], categories: Sequence[Named], year: int) -> list[Link]:
    """Categories that have at least one of the words."""
    found = {a.category: None for term in terms for a in answers([term], categories)}
    return [Link(category.label, listed(category, year)) for category in list(found)[:ANY]]


def named(year: int) -> list[Named]:
    """The categories of an edition with all that they are called."""
    code = (OuterRef("section_type__code"), Value("."), OuterRef("code"))
    key = Concat(*code, output_field=TextField())
    label = Translation.objects.filter(of=Of.CATEGORY, field="label", key=key)
    translated = {code: Subquery(label.values(code)) for code in Translation.LANGUAGES}
    rows = Category.objects.select_related("section_type", "since", "until")
    return [
        _named(row)
        for row in rows.annotate(**translated)
        if (row.since is None or row.since.year <= year)
        and (row.until is None or year <= row.until.year)
    ]


def _named(row: Any) -> Named:
    labels = {code: getattr(row, code) for code in Translation.LANGUAGES}
    labels = {ENGLISH: row.label, **{code: label for code, label in labels.items() if label}}
    said_in = language() if language() in labels else ENGLISH
    return Named(
        row.pk,
        f"{row.section_type.code}.{row.code}",
        section_name(row.section_type),
        labels.pop(said_in),
        tuple(filter(None, (word.strip() for word in row.search_words.split(",")))),
        said_in,
        tuple(labels.items()),
        tuple(row.former_labels.splitlines()),
    )


def listed(category: Named, year: int) -> str:
    """Where the policies are listed that tick a category."""
    return f"{reverse('policies:policy_list')}?category={category.address}&edition={year}"


def _used(keys: Collection[int], year: int) -> dict[tuple[int, bool], int]:
    """Countries with a policy that counts and ticks it, by category and by real or invented."""
    place = "policy__publication__factsheet"
    invented = When(**{f"{place}__country__group": Country.Group.DEMONSTRATION}, then=True)
    rows = CategoryUse.objects.filter(
        category__in=keys,
        policy__standing=Standing.IN_FORCE,
        policy__publication__is_current=True,
        **{f"{place}__edition__year": year},
    ).annotate(is_invented=Case(invented, default=Value(False)))
    counts = rows.order_by().values_list("category", "is_invented")
    return {
        (key, is_invented): count
        for key, is_invented, count in counts.annotate(Count(f"{place}__country", distinct=True))
    }


def _texts(wanted: Wanted, of_year: Sequence[Published], year: int) -> list[str]:
    """How many explanations use the words, whatever is ticked."""
    by_key = {place.publication: place for place in of_year}
    matches = engine().matches(wanted, Filters(year), MOST, in_text=True)
    found = [(by_key[m.publication], m.counts) for m in matches if m.publication in by_key]
    real, invented = tallies(found, of_year)
    return [wording.real(real), *([wording.invented(invented)] if invented.shown else [])]
