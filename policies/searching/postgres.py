"""Search by PostgreSQL's full text: a column of stems beside each entry (migration 0005)."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from policies.searching.entries import Filters
from policies.searching.found import MATCHED, MOST, Marked, Match
from policies.searching.query import Term
from policies.searching.snippets import START, STOP

# Of texts (D), contexts (C), categories (B) and titles (A); long texts a little less.
RELEVANCE = "ts_rank_cd('{0.1, 0.02, 0.4, 1.0}', words, {asked}, 1)"
OWN = "ABD"  # what is not context
QUOTED = "'''[^'']+'''"  # a word in what PostgreSQL says a query is: 'one' & 'two'
MARKS = f'HighlightAll=true, StartSel="{START}", StopSel="{STOP}"'


def matches(
    terms: Sequence[Term], filters: Filters, limit: int, *, in_text: bool = False
) -> list[Match]:
    """The entries that were written last in which all terms are found, or found in the text."""
    asked, words = _asked(terms)
    found, values = _found(terms, filters, in_text=in_text)
    relevance = RELEVANCE.replace("{asked}", asked)
    sql = f"""
        WITH latest AS (SELECT id, words {found} ORDER BY id DESC LIMIT %s),
        found AS (SELECT id, {relevance} AS relevance FROM latest)
        {MATCHED}
    """  # noqa: S608  the values come apart
    return [Match(*row) for row in _rows(sql, [*values, limit, *words])]


def entries(terms: Sequence[Term]) -> RawSQL:
    """The keys of all entries in which all terms are found, as a part of another query."""
    found, values = _found(terms, Filters())
    return RawSQL(f"SELECT id {found}", values)  # noqa: S611  the values come apart


def finds(questions: Sequence[tuple[Sequence[Term], Filters]]) -> list[bool]:
    """Whether each question finds anything; all in one query."""
    if not questions:
        return []
    parts, values = [], []
    for terms, filters in questions:
        found, own = _found(terms, filters)
        # Asked for one row, the planner reads the table until there is one, or to its end.
        parts.append(f"(SELECT COUNT(*) > 0 FROM (SELECT 1 {found} ORDER BY id DESC LIMIT %s) a)")  # noqa: S608
        values += [*own, MOST]
    return list(_rows(f"SELECT {', '.join(parts)}", values)[0])


def marked(terms: Sequence[Term], entries: Collection[int]) -> dict[int, Marked]:
    """The words of these entries, by key, with what was found in them between marks."""
    asked, words = _asked(terms)
    columns = ("title_folded", "context_folded", "labels_folded", "text_folded")
    lines = ", ".join(f"ts_headline('english', {column}, {asked}, %s)" for column in columns)
    sql = f"SELECT id, {lines} FROM policies_searchentry WHERE id = ANY(%s)"  # noqa: S608
    rows = _rows(sql, [*[*words, MARKS] * len(columns), list(entries)])
    return {key: Marked(*texts) for key, *texts in rows}


def _asked(terms: Sequence[Term], how: str = "&&") -> tuple[str, list[str]]:
    """All of the terms, or any; a function of the database makes each of plain words."""
    each = "phraseto_tsquery('english', %s)"
    return f"({f' {how} '.join([each] * len(terms))})", [" ".join(term) for term in terms]


def _only_in(weights: str, query: str) -> str:
    """The same query of words with these weights."""
    return f"regexp_replace({query}::text, {QUOTED}, '\\&:{weights}', 'g')::tsquery"


def _found(
    terms: Sequence[Term], filters: Filters, *, in_text: bool = False
) -> tuple[str, list[Any]]:
    asked, values = _asked(terms)
    some, again = _asked(terms, "||")
    own = _only_in("D", asked) if in_text else f"({asked} && {_only_in(OWN, some)})"
    sql = f"FROM policies_searchentry WHERE words @@ {own}"
    values = values if in_text else [*values, *again]
    if filters.words:
        sql += " AND to_tsvector('simple', filed_under) @@ to_tsquery('simple', %s)"
        values.append(" & ".join(filters.words))
    return sql, values


def _rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
