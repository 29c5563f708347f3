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
MANY = 100  # rows
AT_ONCE = 5_000  # rows prepared at once


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
    if _at_once(rows):
        _copy(_quoted(meta.db_table), fields, rows)
    else:
        _many(_insert(meta, [_quoted(field.column) for field in fields]), fields, rows)


def update(rows: Sequence[Any], names: Iterable[str]) -> None:
    """Write these columns of rows that exist."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [meta.get_field(name) for name in names]
    table, key = _quoted(meta.db_table), _quoted(meta.pk.column)
    if _at_once(rows):
        _update_from_arrays(table, key, [*fields, meta.pk], rows)
        return
    sets = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    sql = f"UPDATE {table} SET {sets} WHERE {key} = %s"  # noqa: S608  names of ours
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
        gc.collect(0)  # what is new since the last time; older objects live on


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
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            cursor.executemany(sql, list(_values(fields, rows[start : start + AT_ONCE])))


def _at_once(rows: Sequence[Any]) -> bool:
    """PostgreSQL reads a stream or an array some five times as fast as a statement for each row."""
    return connection.vendor == "postgresql" and len(rows) >= MANY


def _copy(table: str, fields: Sequence[Any], rows: Sequence[Any]) -> None:
    names = ", ".join(_quoted(field.column) for field in fields)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as stream,
    ):
        for start in range(0, len(rows), AT_ONCE):
            for values in _values(fields, rows[start : start + AT_ONCE]):
                stream.write_row(values)


def _update_from_arrays(table: str, key: str, fields: Sequence[Any], rows: Sequence[Any]) -> None:
    columns = [_column_of(field, rows) for field in fields]
    arrays = ", ".join(f"%s::{_type(field)}[]" for field in fields[:-1])
    names = ", ".join(_quoted(field.column) for field in fields)
    sets = ", ".join(f"{_quoted(f.column)} = came.{_quoted(f.column)}" for f in fields[:-1])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {sets} FROM unnest({arrays}, %s::bigint[]) AS came ({names}) "  # noqa: S608
            f"WHERE {table}.{key} = came.{key}",
            columns,
        )


def _type(field: Any) -> str:
    """The type of a column without what it may hold at most, which the table sees to."""
    while field.remote_field:
        field = field.target_field
    return field.rel_db_type(connection).partition("(")[0]


def _values(fields: Sequence[Any], rows: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows as the database takes them; column by column, for most need no preparation."""
    return zip(*(_column_of(field, rows) for field in fields), strict=True)


def _column_of(field: models.Field, rows: Sequence[Any]) -> list[Any]:
    values = [getattr(row, field.attname) for row in rows]
    if type(field) in PLAIN:
        return values
    return [field.get_db_prep_save(value, connection) for value in values]


def _column(meta: Any, name: str) -> str:
    return _quoted(meta.get_field(name).column)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
