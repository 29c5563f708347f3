"""The index of words follows the entries, whatever happens to their tables."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate

from policies.models import SearchEntry
from policies.reference_data import load_reference
from tests.factory import make_cast, make_publication, make_scored_document

pytestmark = pytest.mark.django_db(transaction=True)


def publish(country, introduction):
    load_reference()
    text = {"type": "introduction", "availability": "reported", "text": introduction}
    make_publication(make_cast(), make_scored_document(country, sections=[text]))


def finds(client, words):
    return 'class="find"' in client.get(f"/search/?q={words}").content.decode()


def test_what_is_written_after_a_flush_is_found_and_nothing_else(client) -> None:
    publish("FR", "An old platypus.")
    call_command("flush", interactive=False, verbosity=0)
    publish("ES", "A new wombat.")
    assert finds(client, "wombat")
    assert not finds(client, "platypus")


def test_entries_that_a_file_brings_are_found(client, tmp_path) -> None:
    publish("FR", "An old platypus.")
    file = str(tmp_path / "entries.json")
    call_command("dumpdata", "policies.searchentry", output=file, verbosity=0)
    SearchEntry.objects.all().delete()
    call_command("loaddata", file, verbosity=0)
    assert finds(client, "platypus")


def test_a_table_that_a_migration_makes_anew_is_indexed_again(client) -> None:
    """SQLite loses the triggers with the old table; PostgreSQL never makes a table anew."""
    publish("FR", "An old platypus.")
    if connection.vendor == "sqlite":
        with connection.schema_editor() as editor:
            editor._remake_table(SearchEntry)
    SearchEntry.objects.update(text="A wombat.", text_folded="a wombat ")
    own = apps.get_app_config("policies")
    post_migrate.send(own, app_config=own, using="default", verbosity=0, interactive=False)
    assert finds(client, "wombat")
    assert not finds(client, "platypus")
