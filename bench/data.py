"""Thousands of factsheets, all copies of Mexico 2022, written in bulk.

A copy has every row that Mexico has: draft, revisions, stored score, publication. Only its
country and edition differ, in the draft and in the published document.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date
from io import StringIO
from itertools import count, islice
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Manager, Model

from policies.loading import load
from policies.models import (
    Assessment,
    CategoryUse,
    Country,
    CriterionScore,
    Edition,
    Factsheet,
    Policy,
    Publication,
    PublishedPolicy,
    PublishedScore,
    PublishedSection,
    Reference,
    Section,
    SectionCategory,
    SectionRevision,
    SiteChange,
    State,
    User,
)
from policies.reference_data import SAMPLE, SAMPLE_REASONS, load_reference
from policies.workflow import publish_whole

BATCH = 100  # factsheets written in one transaction

Place = tuple[Country, Edition]
Keys = dict[tuple[int, int], int]  # (number of the copy, key of Mexico's row) to the copy's key


def start() -> None:
    """The reference data and the sample, by the same functions as anywhere."""
    load_reference()
    call_command("load_sample")
    _load_many()


def _load_many() -> None:
    """Zambia, with twenty of Mexico's policies: as many as a what-if tries changes on."""
    document = json.loads((SAMPLE / "mexico-2022.json").read_bytes())
    plan = document["policies"][0]
    document["country"] = {"code": "ZM"}
    document["policies"] = [
        {**plan, "code": f"plan-{number}", "names": [f"Plan {number}"], "starting_year": year}
        for number, year in enumerate(range(2003, 2023), start=1)
    ]
    author, reviewer, publisher = User.objects.filter(username__startswith="sample-").order_by("pk")
    factsheet = load(document, by=author).factsheet
    factsheet.editors.add(author)
    reasons = json.loads(SAMPLE_REASONS.read_bytes())["mexico-2022"]
    people = {"author": author, "reviewer": reviewer, "publisher": publisher}
    publish_whole(factsheet, **people, reasons=reasons)


def fill(size: int) -> None:
    """Add copies until there are `size` factsheets."""
    places = islice(_free_places(), max(0, size - Factsheet.objects.count()))
    mexico = Mexico()
    while batch := list(islice(places, BATCH)):
        mexico.copy_to(batch)
    call_command("index_publications", stdout=StringIO())
    if connection.vendor == "postgresql":  # autovacuum does this, where it is not off as here
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _free_places() -> Iterator[Place]:
    """Every real country without a factsheet, edition by edition without an end."""
    taken = set(Factsheet.objects.values_list("country", "edition"))
    countries = Country.objects.exclude(group=Country.Group.DEMONSTRATION)
    for year in count(2022):
        edition = _edition(year)
        for country in countries:
            if (country.pk, edition.pk) not in taken:
                yield country, edition


def _edition(year: int) -> Edition:
    first = Edition.objects.get(year=2022)
    changes = {"year": year, "label": f"Q3 {year}", "collected_on": date(year, 9, 30)}
    values = {**_values(first), **changes, "source_line": f"ECCP ({year})"}
    return Edition.objects.get_or_create(year=year, defaults=values)[0]


def _values(row: Model) -> dict[str, Any]:
    """What a row holds, by column; a key that the database gives is not part of it."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    return {field.attname: getattr(row, field.attname) for field in fields}


class Mexico:
    """The rows of Mexico 2022, read once and copied to many places."""

    def __init__(self) -> None:
        factsheet = Factsheet.objects.get(country__code="MX", edition__year=2022)
        publication = Publication.objects.current().get(factsheet=factsheet)
        own, published = {"factsheet": factsheet}, {"publication": publication}
        self.factsheet = [factsheet]
        self.policies = list(Policy.bookkeeping.filter(**own))
        self.sections = list(Section.bookkeeping.filter(**own))
        self.uses = list(SectionCategory.bookkeeping.filter(section__factsheet=factsheet))
        self.references = list(Reference.bookkeeping.filter(**own))
        self.scores = list(CriterionScore.bookkeeping.filter(**own))
        self.assessment = list(Assessment.objects.filter(**own))
        self.revisions = list(SectionRevision.objects.filter(**own))
        self.publication = [publication]
        self.published_policies = list(PublishedPolicy.objects.filter(**published))
        self.published_sections = list(
            PublishedSection.objects.filter(policy__publication=publication)
        )
        self.published_scores = list(PublishedScore.objects.filter(**published))
        self.published_uses = list(CategoryUse.objects.filter(policy__publication=publication))
        self.template = Template(publication.document)

    @transaction.atomic
    def copy_to(self, places: Sequence[Place]) -> None:
        self._copy_published(places, self._copy_draft(places))

    def _copy_draft(self, places: Sequence[Place]) -> dict[str, Keys]:
        """The draft of each place; its sections are drafts again, for others wait for nobody."""
        same: list[dict[str, Any]] = [{}] * len(places)
        where = [
            {"country_id": country.pk, "edition_id": edition.pk} for country, edition in places
        ]
        draft = [{"state": State.DRAFT, "approved_revision_id": None}] * len(places)
        own = {"factsheet_id": copy(Factsheet.bookkeeping, self.factsheet, where)}
        policies = copy(Policy.bookkeeping, self.policies, same, **own)
        sections = copy(Section.bookkeeping, self.sections, draft, policy_id=policies, **own)
        copy(SectionCategory.bookkeeping, self.uses, same, section_id=sections)
        copy(Reference.bookkeeping, self.references, same, **own)
        copy(CriterionScore.bookkeeping, self.scores, same, **own)
        copy(Assessment.objects, self.assessment, same, **own)
        copy(SectionRevision.objects, self.revisions, same, section_id=sections, **own)
        return own

    def _copy_published(self, places: Sequence[Place], own: dict[str, Keys]) -> None:
        same: list[dict[str, Any]] = [{}] * len(places)
        texts = [self.template.document_of(place) for place in places]
        publications = copy(Publication.objects, self.publication, texts, **own)
        published = {"publication_id": publications}
        policies = copy(PublishedPolicy.objects, self.published_policies, same, **published)
        copy(PublishedScore.objects, self.published_scores, same, **published)
        copy(PublishedSection.objects, self.published_sections, same, policy_id=policies)
        copy(CategoryUse.objects, self.published_uses, same, policy_id=policies)
        SiteChange.objects.bulk_create(SiteChange(what="publication") for _place in places)


def copy(
    manager: Manager[Any], rows: list[Any], each: Sequence[dict[str, Any]], **parents: Keys
) -> Keys:
    """Copy the rows once for each dict of changed values, every copy with its own parents."""
    made = {}
    for number, changes in enumerate(each):
        for row in rows:
            values = {**_values(row), **changes}
            for name, keys in parents.items():
                values[name] = keys.get((number, getattr(row, name)))
            made[number, row.pk] = manager.model(**values)
    manager.bulk_create(made.values())
    return {key: row.pk for key, row in made.items()}


class Template:
    """Mexico's published document as text, with gaps for the country and the edition."""

    GAPS = ("country", "edition")

    def __init__(self, document: dict[str, Any]) -> None:
        self.edition = document["edition"]
        gaps = {name: f"<{name}>" for name in self.GAPS}
        self.text = json.dumps({**document, **gaps}, ensure_ascii=False, indent=2)

    def document_of(self, place: Place) -> dict[str, str]:
        """The columns of a publication; the hash is of this text, which is enough to be unique."""
        country, edition = place
        facts = {
            "country": {key: getattr(country, key) for key in ("code", "name", "slug", "group")},
            "edition": {**self.edition, "year": edition.year, "label": edition.label},
        }
        text = self.text
        for name, value in facts.items():
            text = text.replace(f'"<{name}>"', json.dumps(value, ensure_ascii=False))
        return {"document_json": text, "digest": hashlib.sha256(text.encode()).hexdigest()}
