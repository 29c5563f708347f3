"""Search by SQLite's FTS5: a virtual table over the entries (migration 0005).

Triggers keep it in step, whichever way an entry is written. Django drops the triggers of a table
that it makes anew in a later migration, so they are looked for after each.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, connections
from django.db.models.expressions import RawSQL

from policies.searching.entries import Filters
from policies.searching.found import MATCHED, Marked, Match
from policies.searching.query import Term
from policies.searching.snippets import START, STOP
from policies.searching.wanting import Wanted

INDEX = "policies_searchentry_words"
COLUMNS = ("title_folded", "context_folded", "labels_folded", "text_folded", "filed_under")
WORDS, OWN, LABELS, TEXT = COLUMNS[:4], (COLUMNS[0], *COLUMNS[2:4]), COLUMNS[2:3], COLUMNS[3:4]
RELEVANCE = f"-bm25({INDEX}, 10, 0.2, 4, 1, 0)"


def matches(wanted: Wanted, filters: Filters, limit: int, *, in_text: bool = False) -> list[Match]:
    """The entries that were written last in which this is found, or found in the text."""
    sql = f"""
        WITH found AS (
            SELECT rowid AS id, {RELEVANCE} AS relevance FROM {INDEX}
            WHERE {INDEX} MATCH %s ORDER BY rowid DESC LIMIT %s
        )
        {MATCHED}
    """  # noqa: S608  the values come apart
    asked = _asked(wanted, filters, in_text=in_text)
    return [Match(*row) for row in _rows(sql, [asked, limit])]


def entries(terms: Sequence[Term]) -> RawSQL:
    """The keys of all entries in which all terms are found, as a part of another query."""
    sql = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s"  # noqa: S608  the values come apart
    return RawSQL(sql, [_asked(Wanted.of(terms), Filters())])  # noqa: S611


def finds(questions: Sequence[tuple[Wanted, Filters]]) -> list[bool]:
    """Whether each question finds anything; all in one query."""
    if not questions:
        return []
    one = f"EXISTS (SELECT 1 FROM {INDEX} WHERE {INDEX} MATCH %s)"  # noqa: S608
    asked = [_asked(wanted, filters) for wanted, filters in questions]
    return list(map(bool, _rows(f"SELECT {', '.join([one] * len(asked))}", asked)[0]))


def marked(wanted: Wanted, entries: Collection[int]) -> dict[int, Marked]:
    """The words of these entries, by key, with what was found in them between marks."""
    lines = ", ".join(f"highlight({INDEX}, {number}, %s, %s)" for number in range(4))
    sql = f"""
        SELECT rowid, {lines} FROM {INDEX}
        WHERE {INDEX} MATCH %s AND rowid IN (SELECT value FROM json_each(%s))
    """  # noqa: S608  the values come apart
    values = [*[START, STOP] * 4, _asked(wanted, Filters()), json.dumps(list(entries))]
    return {key: Marked(*texts) for key, *texts in _rows(sql, values)}


def _asked(wanted: Wanted, filters: Filters, *, in_text: bool = False) -> str:
    """In FTS5's words; those of a reader are folded, so that none of them is an operator here."""
    wishes = [_any(wish.terms) for wish in wanted.wishes]
    if in_text:
        found = _in(TEXT, " AND ".join(wishes))
    else:
        found = f"{_in(WORDS, ' AND '.join(wishes))} AND {_in(OWN, ' OR '.join(wishes))}"
        if wanted.labels:
            found = f"(({found}) OR {_in(LABELS, _any(wanted.labels))})"
    if not filters.words:
        return found
    return f"{found} AND {_in(COLUMNS[4:], ' AND '.join(map(_phrase, filters.words)))}"


def _in(columns: Sequence[str], asked: str) -> str:
    return f"{{{' '.join(columns)}}} : ({asked})"


def _any(terms: Sequence[Term]) -> str:
    return f"({' OR '.join(_phrase(' '.join(term)) for term in terms)})"


def _phrase(words: str) -> str:
    return f'"{words}"'


def _rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _triggers() -> dict[str, str]:
    listed = ", ".join(COLUMNS)
    new, old = (", ".join(f"{row}.{name}" for name in COLUMNS) for row in ("new", "old"))
    add = f"INSERT INTO {INDEX} (rowid, {listed}) VALUES (new.id, {new});"  # noqa: S608
    forget = (
        f"INSERT INTO {INDEX} ({INDEX}, rowid, {listed}) "  # noqa: S608
        f"VALUES ('delete', old.id, {old});"
    )
    steps = {"INSERT": add, "DELETE": forget, "UPDATE": f"{forget} {add}"}
    return {
        f"{INDEX}_{event.lower()}": f"AFTER {event} ON policies_searchentry BEGIN {step} END"
        for event, step in steps.items()
    }


def keep_in_step(using: str = "default") -> None:
    """Make the triggers that are missing; then the index may have missed something, too."""
    database = connections[using]
    if database.vendor != "sqlite":
        return
    with database.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE %s", [f"{INDEX}%"])
        there = {name for (name,) in cursor.fetchall()}
        missing = {name: made for name, made in _triggers().items() if name not in there}
        if INDEX not in there or not missing:
            return
        for name, made in missing.items():
            cursor.execute(f"CREATE TRIGGER {name} {made}")
        cursor.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')")  # noqa: S608
