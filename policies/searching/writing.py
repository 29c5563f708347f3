"""Entries follow the publications: those of a factsheet are those of its current version."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from policies import bulk
from policies.document import Document
from policies.models import Country, Place, Publication, SearchEntry, note_change
from policies.searching.entries import entries_of


def replace(publication: Publication, document: Document) -> None:
    """Let the entries of a factsheet be those of this version."""
    SearchEntry.objects.filter(publication__factsheet=publication.factsheet_id).delete()
    bulk.insert(entries_of(publication, document))


def remove(publication: Publication) -> None:
    SearchEntry.objects.filter(publication=publication).delete()


def behind() -> QuerySet[Publication]:
    """Current publications that are not found, or not by the name that their country has today."""
    named = SearchEntry.objects.filter(
        publication=OuterRef("pk"),
        part=Place.FACTSHEET,
        title=OuterRef("factsheet__country__name"),
    )
    return Publication.objects.current().filter(~Exists(named))


def follow(country: Country) -> None:
    """Let what is published of a country be found by the name that it has now."""
    waiting = behind().filter(factsheet__country=country)
    for publication in waiting.select_related("factsheet__country"):
        with transaction.atomic():
            replace(publication, publication.document)


def fill(*, rebuild: bool = False) -> Iterator[Publication]:
    """Give entries to current publications that need them, or to all; each as it is done."""
    SearchEntry.objects.filter(publication__is_current=False).delete()
    current = Publication.objects.current().select_related("factsheet__country").order_by("pk")
    waiting = current if rebuild else behind()
    for keys in bulk.chunks(waiting.order_by("pk").values_list("pk", flat=True)):
        for publication in current.filter(pk__in=keys).iterator(chunk_size=20):
            with transaction.atomic():
                replace(publication, publication.document)
            yield publication
        note_change("search entries")
