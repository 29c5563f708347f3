"""What both databases answer in."""

from typing import NamedTuple

from policies.models import Place, Standing

# How many places are looked at for one question: beyond it nobody reads on, and ranking takes long.
MOST = 1_000


class Match(NamedTuple):
    """An entry in which all terms are found; more relevant is higher."""

    entry: int
    publication: int
    relevance: float
    part: str
    standing: str  # of its policy, if it belongs to one

    @property
    def counts(self) -> bool:
        return self.standing in ("", Standing.IN_FORCE)


# What is read of the entries that were `found`, for both databases.
MATCHED = f"""
    SELECT entry.id, entry.publication_id, found.relevance, entry.part,
        COALESCE(policy.standing, '')
    FROM found JOIN policies_searchentry entry ON entry.id = found.id
    LEFT JOIN policies_publishedpolicy policy ON policy.publication_id = entry.publication_id
        AND entry.part IN ('{Place.POLICY.value}', '{Place.SECTION.value}')
        AND substr(entry.anchor, 1, length(policy.code) + 1) = policy.code || '.'
"""  # noqa: S608


class Marked(NamedTuple):
    """The folded words of an entry, with control characters around what was found in them."""

    title: str
    context: str
    labels: str
    text: str
