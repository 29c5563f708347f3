"""Search by PostgreSQL's full text: a column of stems beside each entry (migration 0005)."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from policies.searching.entries import Filters
from policies.searching.found import MATCHED, MOST, Marked, Match
from policies.searching.query import Term
from policies.searching.snippets import START, STOP
from policies.searching.wanting import Wanted

# Of texts (D), contexts (C), categories (B) and titles (A); long texts a little less.
RELEVANCE = "ts_rank_cd('{0.1, 0.02, 0.4, 1.0}', words, {asked}, 1)"
OWN, LABELS = "ABD", "B"  # what is not context
PHRASE = "phraseto_tsquery('english', %s)"
QUOTED = "'''[^'']+'''"  # a word in what PostgreSQL says a query is: 'one' & 'two'
MARKS = f'HighlightAll=true, StartSel="{START}", StopSel="{STOP}"'


def matches(wanted: Wanted, filters: Filters, limit: int, *, in_text: bool = False) -> list[Match]:
    """The entries that were written last in which this is found, or found in the text."""
    asked, words = _or_labels(wanted, *_all(wanted))
    found, values = _found(wanted, filters, in_text=in_text)
    relevance = RELEVANCE.replace("{asked}", asked)
    sql = f"""
        WITH latest AS (SELECT id, words {found} ORDER BY id DESC LIMIT %s),
        found AS (SELECT id, {relevance} AS relevance FROM latest)
        {MATCHED}
    """  # noqa: S608  the values come apart
    return [Match(*row) for row in _rows(sql, [*values, limit, *words])]


def entries(terms: Sequence[Term]) -> RawSQL:
    """The keys of all entries in which all terms are found, as a part of another query."""
    found, values = _found(Wanted.of(terms), Filters())
    return RawSQL(f"SELECT id {found}", values)  # noqa: S611  the values come apart


def finds(questions: Sequence[tuple[Wanted, Filters]]) -> list[bool]:
    """Whether each question finds anything; all in one query."""
    if not questions:
        return []
    parts, values = [], []
    for wanted, filters in questions:
        found, own = _found(wanted, filters)
        # Asked for one row, the planner reads the table until there is one, or to its end.
        parts.append(f"(SELECT COUNT(*) > 0 FROM (SELECT 1 {found} ORDER BY id DESC LIMIT %s) a)")  # noqa: S608
        values += [*own, MOST]
    return list(_rows(f"SELECT {', '.join(parts)}", values)[0])


def marked(wanted: Wanted, entries: Collection[int]) -> dict[int, Marked]:
    """The words of these entries, by key, with what was found in them between marks."""
    asked, words = _or_labels(wanted, *_all(wanted))
    columns = ("title_folded", "context_folded", "labels_folded", "text_folded")
    lines = ", ".join(f"ts_headline('english', {column}, {asked}, %s)" for column in columns)
    sql = f"SELECT id, {lines} FROM policies_searchentry WHERE id = ANY(%s)"  # noqa: S608
    rows = _rows(sql, [*[*words, MARKS] * len(columns), list(entries)])
    return {key: Marked(*texts) for key, *texts in rows}


Sql = tuple[str, list[str]]  # with the words that it is asked with


def _any(terms: Iterable[Term]) -> Sql:
    """A function of the database makes each of plain words."""
    words = [" ".join(term) for term in terms]
    return f"({' || '.join([PHRASE] * len(words))})", words


def _all(wanted: Wanted) -> Sql:
    each = [_any(wish.terms) for wish in wanted.wishes]
    return f"({' && '.join(sql for sql, _ in each)})", [word for _, words in each for word in words]


def _or_labels(wanted: Wanted, asked: str, values: list[str]) -> Sql:
    if not wanted.labels:
        return asked, values
    labels, words = _any(wanted.labels)
    return f"({asked} || {_only_in(LABELS, labels)})", [*values, *words]


def _only_in(weights: str, query: str) -> str:
    """The same query of words with these weights."""
    return f"regexp_replace({query}::text, {QUOTED}, '\\&:{weights}', 'g')::tsquery"


def _found(wanted: Wanted, filters: Filters, *, in_text: bool = False) -> tuple[str, list[Any]]:
    asked, values = _all(wanted)
    if in_text:
        asked = _only_in("D", asked)
    else:
        some, again = _any(term for wish in wanted.wishes for term in wish.terms)
        own = f"({asked} && {_only_in(OWN, some)})"
        asked, values = _or_labels(wanted, own, [*values, *again])
    sql = f"FROM policies_searchentry WHERE words @@ {asked}"
    if filters.words:
        sql += " AND to_tsvector('simple', filed_under) @@ to_tsquery('simple', %s)"
        values.append(" & ".join(filters.words))
    return sql, values


def _rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
