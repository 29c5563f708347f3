"""Authors' texts: normalised at the door, counted, and rendered from Markdown to safe HTML.

One notation for every text: CommonMark without raw HTML and without images, tables with a
`Table: …` paragraph above and a `Source: …` paragraph below, footnotes (`[^1]`), and citations
(`[@key, p. 130]`) of the factsheet's bibliography.
"""

from policies.text.citing import KEY, Citation, Cited, short_authors
from policies.text.door import MAX_LENGTH, length, normalise, problems
from policies.text.rendering import Backlink, FactsheetText, Footnote, citations, unresolved

__all__ = [
    "KEY",
    "MAX_LENGTH",
    "Backlink",
    "Citation",
    "Cited",
    "FactsheetText",
    "Footnote",
    "citations",
    "length",
    "normalise",
    "problems",
    "short_authors",
    "unresolved",
]
