"""Bring the reference tables back after a test that has committed, and content before one."""

import atexit
import sqlite3
from collections.abc import Callable
from copy import deepcopy
from time import monotonic
from typing import Any

SEQUENCES = "SELECT name, seq FROM sqlite_sequence"
PATIENCE = 20  # seconds, as long as the server waits

Teardown = Callable[[Any], None]


def filled_after(flush: Teardown) -> Teardown:
    """For PostgreSQL: empty all tables as Django does, then fill those of reference again."""

    def restore(case: Any) -> None:
        from policies.reference_data import load_reference

        flush(case)
        load_reference()

    return restore


def copied_back() -> Teardown:
    """For SQLite: copy all tables back as they are now, in a tenth of the time of a flush."""
    from django.db import connection

    connection.ensure_connection()
    filled = _copy_of(connection.connection)

    def restore(_case: Any) -> None:
        connection.ensure_connection()
        _copy_back(filled, connection.connection)

    return restore


def _copy_back(filled: sqlite3.Connection, database: sqlite3.Connection) -> None:
    """No number is given twice in a run, as after a flush: pages are remembered by number."""
    assert not database.in_transaction, "a transactional test in a file that has lasting content"
    given = database.execute(SEQUENCES).fetchall()
    filled.backup(database, progress=_no_longer_than(PATIENCE))
    with database:
        database.execute("DELETE FROM sqlite_sequence")
        database.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", given)


def _no_longer_than(seconds: float) -> Callable[[int, int, int], None]:
    """`backup` itself would wait for ever for somebody who keeps the database locked."""
    end = monotonic() + seconds

    def progress(_status: int, _remaining: int, _total: int) -> None:
        if monotonic() > end:
            raise TimeoutError("something still writes to the database after its test")

    return progress


def kept(make: Callable[..., Any]) -> Callable[..., Any]:
    """Make the content of a committing test once in a run; on SQLite it is copied from then on.

    All that the test starts with has to be made by the one call: what was there before is gone.
    """
    copies: dict[Any, tuple[sqlite3.Connection, Any]] = {}

    def made(*args: Any) -> Any:
        from django.db import connection

        if connection.vendor != "sqlite" or connection.in_atomic_block:
            return make(*args)
        connection.ensure_connection()
        if args in copies:
            _copy_back(copies[args][0], connection.connection)
        else:
            made = make(*args)
            copies[args] = (_copy_of(connection.connection), made)
        return deepcopy(copies[args][1])

    return made


def _copy_of(database: sqlite3.Connection) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:")
    atexit.register(copy.close)
    database.backup(copy)
    return copy
