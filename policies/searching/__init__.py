"""Full-text search in what is published, behind one interface for both databases.

`query` and `snippets` are pure, `entries` makes the index of a document, `writing` keeps it, and
`engine` is the module of the database that answers: `matches`, `entries`, `finds` and `marked`.
"""

from types import ModuleType

from django.db import connection

from policies.searching import postgres, sqlite


def engine() -> ModuleType:
    return postgres if connection.vendor == "postgresql" else sqlite
