"""Entries follow the publications: those of a factsheet are those of its current version."""

from collections.abc import Iterator

from django.db import transaction

from policies import bulk
from policies.document import Document
from policies.models import Publication, SearchEntry, note_change
from policies.searching.entries import entries_of


def replace(publication: Publication, document: Document) -> None:
    """Let the entries of a factsheet be those of this version."""
    SearchEntry.objects.filter(publication__factsheet=publication.factsheet_id).delete()
    bulk.insert(entries_of(publication.pk, document))


def remove(publication: Publication) -> None:
    SearchEntry.objects.filter(publication=publication).delete()


def fill(*, rebuild: bool = False) -> Iterator[Publication]:
    """Give entries to current publications that have none, or to all; each as it is done."""
    SearchEntry.objects.filter(publication__is_current=False).delete()
    current = Publication.objects.current().order_by("pk")
    waiting = current if rebuild else current.filter(search_entries=None)
    for keys in bulk.chunks(waiting.values_list("pk", flat=True)):
        for publication in current.filter(pk__in=keys).iterator(chunk_size=20):
            with transaction.atomic():
                replace(publication, publication.document)
            yield publication
        note_change("search entries")
