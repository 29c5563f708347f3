"""The way to another database that the README describes."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command

from policies.document import digest
from policies.models import Publication, SearchEntry, SectionRevision
from tests.factory import make_publication

pytestmark = pytest.mark.django_db(transaction=True)


def test_everything_moves_to_another_database(cast, tmp_path) -> None:
    before = make_publication(cast).document_json
    revisions = SectionRevision.objects.count()
    file = str(tmp_path / "everything.json")
    left_out = ["contenttypes", "auth.permission", "admin.logentry", "sessions"]
    left_out += ["policies.sitechange", "policies.searchentry"]
    call_command("dumpdata", natural_foreign=True, exclude=left_out, output=file, verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("loaddata", file, verbosity=0)
    publication = Publication.objects.get()
    assert publication.document_json == before
    assert publication.digest == digest(publication.document)
    assert SectionRevision.objects.count() == revisions
    assert [check.id for check in run_checks(databases=["default"])] == ["policies.W002"]
    call_command("index_publications", verbosity=0)
    assert run_checks(databases=["default"]) == []
    assert SearchEntry.objects.filter(publication=publication).exists()
    call_command("check_scores")
