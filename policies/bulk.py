"""Many rows in one statement, whatever their number.

Django's own bulk writes need a statement per 999 values on SQLite. None of this settles anything:
it is for callers inside a change set that say themselves which factsheets they touch.
"""

import gc
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

CHUNK = 500  # keys in a statement that lists them


def upsert(rows: Sequence[Any], *, unique: tuple[str, ...]) -> None:
    """Insert rows, or update those that exist."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [f for f in meta.concrete_fields if not (f.primary_key and rows[0].pk is None)]
    keys = [_column(meta, name) for name in unique]
    columns = [_quoted(field.column) for field in fields]
    updates = [f"{column} = excluded.{column}" for column in columns if column not in keys]
    conflict = f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(updates)}"
    _many(_insert(meta, columns) + conflict, fields, rows)


def insert(rows: Sequence[Any]) -> None:
    """Insert new rows; they do not learn their keys."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    _many(_insert(meta, [_quoted(field.column) for field in fields]), fields, rows)


def update(rows: Sequence[Any], names: Iterable[str]) -> None:
    """Write these columns of rows that exist."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [meta.get_field(name) for name in names]
    sets = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    key = _quoted(meta.pk.column)
    sql = f"UPDATE {_quoted(meta.db_table)} SET {sets} WHERE {key} = %s"  # noqa: S608  names of ours
    _many(sql, [*fields, meta.pk], rows)


def delete(rows: Sequence[Any]) -> None:
    """Delete rows to which nothing points."""
    if not rows:
        return
    meta = rows[0]._meta
    sql = f"DELETE FROM {_quoted(meta.db_table)} WHERE {_quoted(meta.pk.column)} = %s"  # noqa: S608
    _many(sql, [meta.pk], rows)


def chunks(keys: Collection[Any]) -> Iterable[list[Any]]:
    listed = list(keys)
    return (listed[i : i + CHUNK] for i in range(0, len(listed), CHUNK))


@contextmanager
def many_objects() -> Iterator[None]:
    """Without the search for cycles, which takes a third of the time that many rows take.

    They are let go together at the end, when the search goes on.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def let_go() -> None:
    """Free what is left of a part of the work, cycles and all."""
    if not gc.isenabled():
        gc.collect()


def _insert(meta: Any, columns: Sequence[str]) -> str:
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {_quoted(meta.db_table)} ({', '.join(columns)}) VALUES ({places}) "  # noqa: S608


# Fields whose values both databases take as they are.
PLAIN = {
    models.BigAutoField,
    models.BooleanField,
    models.CharField,
    models.ForeignKey,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.SlugField,
}


def _many(sql: str, fields: Sequence[Any], rows: Sequence[Any]) -> None:
    """Column by column, for most values need no preparation."""
    columns = [_prepared(field, [getattr(row, field.attname) for row in rows]) for field in fields]
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(zip(*columns, strict=True)))


def _prepared(field: models.Field, values: list[Any]) -> list[Any]:
    if type(field) in PLAIN:
        return values
    return [field.get_db_prep_save(value, connection) for value in values]


def _column(meta: Any, name: str) -> str:
    return _quoted(meta.get_field(name).column)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
