"""What readers ask of the publications, as queries; nothing here reads a draft."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)

from policies.folding import alphabetical
from policies.languages import ENGLISH, language
from policies.models import (
    CategoryUse,
    Country,
    Edition,
    Objection,
    Of,
    Part,
    Publication,
    PublishedPolicy,
    PublishedScore,
    SearchEntry,
    Standing,
    Validation,
)
from policies.wording import said_like, state_of_site

YEAR, SLUG = "factsheet__edition__year", "factsheet__country__slug"
DEMONSTRATION = Q(publication__factsheet__country__group=Country.Group.DEMONSTRATION)


SITE_STATE = """
    SELECT COUNT(*), (SELECT at FROM policies_sitechange ORDER BY id DESC LIMIT 1)
    FROM policies_sitechange
"""


def site_state() -> tuple[Any, ...]:
    """What every page about many publications depends on: this alone says that one is fresh."""
    if language() != ENGLISH:
        return state_of_site()
    with connection.cursor() as cursor:
        cursor.execute(SITE_STATE)
        return cursor.fetchone()


# Written out, because composing this query takes Django twenty times as long as the database
# takes to answer it, and every view of a factsheet asks it. Both databases write a JSON list as
# ["eu", "third"].
LEAD_IN = """
    SELECT lead_in
    FROM policies_sectiontype type
    LEFT JOIN policies_edition since ON since.id = type.since_id
    LEFT JOIN policies_edition until ON until.id = type.until_id
    WHERE type.part = %s AND type.lead_in <> ''
        AND (since.year IS NULL OR since.year <= edition.year)
        AND (until.year IS NULL OR until.year >= edition.year)
        AND (CAST(type.country_groups AS text) = '[]'
            OR CAST(type.country_groups AS text) LIKE '%%"' || country."group" || '"%%')
    ORDER BY type."order", type.code LIMIT 1
"""
# A decision may be corrected, so all of it counts; the latest validation says that there is one.
OBJECTIONS = """
    SELECT {joined}(CAST(id AS text) || decision || COALESCE(CAST(decided_on AS text), '')
        || decision_note, ' ')
    FROM (SELECT * FROM policies_objection WHERE publication_id = publication.id ORDER BY id) ours
"""
STATE = f"""
    SELECT publication.number, publication.is_current, publication.withdrawn_at IS NOT NULL,
        publication.digest, publication.withdrawn_reason, country.name, country.note,
        ({LEAD_IN}), ({LEAD_IN}),
        (SELECT MAX(id) FROM policies_validation WHERE publication_id = publication.id),
        ({OBJECTIONS}), edition.author, edition.publisher, edition.licence,
        (SELECT COUNT(*) FROM policies_sitechange),
        (SELECT COUNT(*) FROM policies_publication one
            JOIN policies_factsheet of_country ON of_country.id = one.factsheet_id
            WHERE of_country.country_id = country.id)
    FROM policies_publication publication
    JOIN policies_factsheet factsheet ON factsheet.id = publication.factsheet_id
    JOIN policies_edition edition ON edition.id = factsheet.edition_id
    JOIN policies_country country ON country.id = factsheet.country_id
    WHERE edition.year = %s AND country.slug = %s
    ORDER BY publication.number DESC
"""  # noqa: S608


class State(NamedTuple):
    """What the page of a version depends on: this, and nothing else that can change."""

    number: int
    is_current: bool
    is_withdrawn: bool
    digest: str
    withdrawn_reason: str
    country_name: str
    country_note: str
    policies_lead_in: str | None
    maturity_lead_in: str | None
    validation: int | None
    objections: str | None
    author: str
    publisher: str
    licence: str
    site_changes: int  # others of the edition, among which the country stands
    of_country: int  # versions of all editions


def states(year: int, slug: str) -> list[State]:
    """All versions of a factsheet, the newest first, with what the site says around them."""
    with connection.cursor() as cursor:
        joined = "string_agg" if connection.vendor == "postgresql" else "group_concat"
        cursor.execute(
            STATE.format(joined=joined), [Part.POLICY.value, Part.ASSESSMENT.value, year, slug]
        )
        return [State(*row) for row in cursor.fetchall()]


def versions(year: int, slug: str, read: Collection[int] = ()) -> QuerySet[Any, Any]:
    """The same versions, without their documents; `text` is the document of those to read."""
    text = When(number__in=read, then=F("document_json"))
    found = Publication.objects.of(year, slug).order_by("-number").defer("document_json")
    return found.annotate(text=Case(text, default=Value(""), output_field=TextField()))


def validations(year: int, slug: str) -> list[tuple[int, Validation]]:
    """What the national authority said of which version, the latest last."""
    return _about(Validation.objects.order_by("at", "pk"), year, slug)


def objections(year: int, slug: str) -> list[tuple[int, Objection]]:
    """Which version was objected to, the oldest objection first."""
    return _about(Objection.objects.order_by("received_on", "pk"), year, slug)


def _about(rows: QuerySet[Any], year: int, slug: str) -> list[tuple[int, Any]]:
    of = {f"publication__{YEAR}": year, f"publication__{SLUG}": slug}
    found = rows.filter(**of).annotate(version=F("publication__number"))
    return [(row.version, row) for row in found]


class Found(NamedTuple):
    """A document as it was published; the country's word in addresses and its name are today's."""

    document: dict[str, Any]
    slug: str
    name: str


def latest(count: int) -> tuple[list[Found], list[Found]]:
    """The latest of the latest editions of real countries, and as many of invented ones."""
    invented = Q(factsheet__country__group=Country.Group.DEMONSTRATION)
    # By an expression: to follow the key, SQLite would read past every document on its way.
    current = Publication.objects.current().order_by(f"-{YEAR}", (F("pk") + 0).desc())
    real, unreal = (current.filter(which).values("pk")[:count] for which in (~invented, invented))
    either = current.filter(Q(pk__in=real) | Q(pk__in=unreal))
    country = ("factsheet__country__name", "factsheet__country__group")
    found: tuple[list[Found], list[Found]] = ([], [])
    for document, slug, name, group in either.values_list("document_json", SLUG, *country):
        found[group == Country.Group.DEMONSTRATION].append(Found(json.loads(document), slug, name))
    return found


def points_by_criterion(years: Iterable[int]) -> list[dict[str, Any]]:
    """How many factsheets of each edition have how many points, demonstration apart.

    `latest` is when the latest of these was published.
    """
    scores = PublishedScore.objects.filter(**_current_of(years))
    rows = _apart(scores, "criterion", "points")
    return list(rows.annotate(latest=Max("publication__published_at")))


def policies_by_kind(years: Iterable[int]) -> list[dict[str, Any]]:
    """How many policies of each edition are of which kind; only those in force count."""
    policies = PublishedPolicy.objects.filter(**_current_of(years), standing=Standing.IN_FORCE)
    return list(_apart(policies, "kind"))


def _current_of(years: Iterable[int]) -> dict[str, Any]:
    return {"publication__is_current": True, f"publication__{YEAR}__in": set(years)}


def _apart(rows: QuerySet[Any], *keys: str) -> QuerySet[Any, dict[str, Any]]:
    apart = Case(When(DEMONSTRATION, then=True), default=Value(False), output_field=BooleanField())
    rows = rows.order_by().annotate(is_demonstration=apart, year=F(f"publication__{YEAR}"))
    return rows.values("is_demonstration", "year", *keys).annotate(count=Count("pk"))


def _editions(on: date | None = None) -> QuerySet[Any, Any]:
    """The edition that is meant where none is named comes first, then the latest.

    It is the latest in which a real country is published; before there is one, the latest in
    which an invented one is; before that, the latest there is.
    """
    current = Publication.objects.as_of(on).filter(factsheet__edition=OuterRef("pk"))
    real = current.exclude(factsheet__country__group=Country.Group.DEMONSTRATION)
    editions = Edition.objects.annotate(is_published=Exists(current), is_real=Exists(real))
    return editions.order_by("-is_real", "-is_published", "-year")


def latest_edition() -> Edition | None:
    return _editions().first()


def years() -> dict[int, bool]:
    """Every edition, and whether something is published in it."""
    return dict(_editions().values_list("year", "is_published"))


def published_years(on: date | None = None) -> list[int]:
    """The editions in which something is published; the first is meant where none is named.

    With a day those in which something was published when it ended.
    """
    return list(_editions(on).filter(is_published=True).values_list("year", flat=True))


def years_of_part(invented: bool, on: date | None = None) -> list[int]:
    """The editions in which invented countries are published, or real ones; the latest first."""
    of_part = Q(factsheet__country__group=Country.Group.DEMONSTRATION)
    shown = Publication.objects.as_of(on).filter(of_part if invented else ~of_part)
    return list(shown.order_by(f"-{YEAR}").values_list(YEAR, flat=True).distinct())


class Mentioned(NamedTuple):
    """How many countries an edition publishes, and how many of them have a category."""

    year: int
    real: int
    real_having: int
    invented: int
    invented_having: int


def mentions(section: str, code: str, on: date | None = None) -> list[Mentioned]:
    """Of every edition in which something is published, in the order of `published_years`."""
    uses = CategoryUse.objects.filter(
        policy__publication=OuterRef("pk"),
        policy__standing=Standing.IN_FORCE,
        category__section_type__code=section,
        category__code=code,
    )
    invented = Q(factsheet__country__group=Country.Group.DEMONSTRATION)
    having = Q(has=True)
    rows = Publication.objects.as_of(on).order_by().annotate(has=Exists(uses)).values(YEAR)
    counted = rows.annotate(
        real=Count("pk", filter=~invented),
        real_having=Count("pk", filter=~invented & having),
        invented=Count("pk", filter=invented),
        invented_having=Count("pk", filter=invented & having),
    )
    found = [Mentioned(*row) for row in counted.values_list(YEAR, *Mentioned._fields[1:])]
    return sorted(found, key=lambda row: (not row.real, -row.year))


def texts_of(year: int, section: str) -> dict[tuple[int, str], str]:
    """What each policy now has written in a section, in whichever of its rows, as plain text.

    By publication and code of the policy.
    """
    entries = SearchEntry.objects.filter(
        publication__is_current=True, **{f"publication__{YEAR}": year}, section=section
    )
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for publication, anchor, text in entries.order_by("pk").values_list(
        "publication", "anchor", "text"
    ):
        found[publication, anchor.partition(".")[0]].append(text)
    return {place: " ".join(filter(None, texts)) for place, texts in found.items()}


def countries_of(year: int) -> list[tuple[str, str]]:
    """Slug and name of every country published in an edition."""
    current = Publication.objects.current().filter(**{YEAR: year})
    return _by_name(current.order_by().values_list(SLUG, "factsheet__country__name"))


def years_of(slug: str) -> list[tuple[int, str]]:
    """Year and name of every publication of a country, the latest first."""
    current = Publication.objects.current().filter(**{SLUG: slug})
    return _named(current.order_by(f"-{YEAR}").values_list(YEAR, "factsheet__country__name"))


def countries() -> list[tuple[str, str]]:
    """Slug and name of every country that has a factsheet."""
    current = Publication.objects.current().order_by()
    return _by_name(current.values_list(SLUG, "factsheet__country__name").distinct())


def _by_name(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(_named(rows), key=lambda row: alphabetical(row[1]))


def _named(rows: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """With the names of countries in the language of the page."""
    return [(key, said_like(Of.COUNTRY, "name", name)) for key, name in rows]


def newest(country: Country | None, count: int = 50) -> list[Publication]:
    """The versions published last, without their documents; those withdrawn are left out.

    By key, which rises with the time: the time itself would have a database read every row.
    """
    shown = Publication.objects.filter(withdrawn_at=None)
    if country:
        shown = shown.filter(factsheet__country=country)
    judged = PublishedScore.objects.filter(publication=OuterRef("pk"), is_judged=True)
    shown = shown.annotate(has_judged=Exists(judged)).defer("document_json")
    shown = shown.select_related("factsheet__country", "factsheet__edition")
    return list(shown.order_by("-pk")[:count])


def dated() -> QuerySet[Any, Any]:
    """Year, slug and day of every current publication.

    By factsheet, for which there is an index: in no other order can a part of them be read alone.
    """
    return _dated(Publication.objects.current().order_by("factsheet_id"))


def dated_countries() -> QuerySet[Any, Any]:
    """The same of every country, of what was published last of it."""
    current = Publication.objects.current().order_by().values("factsheet__country")
    newest = current.annotate(newest=Max("pk")).values("newest")
    return _dated(Publication.objects.filter(pk__in=newest).order_by("pk"))


def _dated(rows: QuerySet[Publication]) -> QuerySet[Any, Any]:
    found = rows.annotate(year=F(YEAR), slug=F(SLUG))
    return found.values_list("year", "slug", "published_at", named=True)
