"""What the settings promise of the database, on whichever one the tests run."""

import psycopg
import pytest
from django.db import connection


def cut_connections() -> None:
    """What a restart of the database does to the connections that wait in the pool."""
    connection.close()
    if connection.vendor == "sqlite":
        return
    host = connection.settings_dict["OPTIONS"]["host"]
    with psycopg.connect(dbname="postgres", user="postgres", host=host) as another:
        another.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [connection.settings_dict["NAME"]],
        )


@pytest.mark.django_db(transaction=True)
def test_a_request_after_a_restart_of_the_database_succeeds(django_user_model):
    django_user_model.objects.create_user("ada")
    cut_connections()
    assert django_user_model.objects.get().username == "ada"
