"""A citation as an entry for BibTeX."""

from policies.presentation.citation import Citation

# BibTeX counts braces even after a backslash, so that a single one must be spelt as a command.
SPELT = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "&%$#_"},
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\\": r"\textbackslash{}",
    }
)


def as_bibtex(citation: Citation) -> str:
    """Two braces keep a name whole and a title's capitals; letters stay UTF-8."""
    fields = {
        "author": f"{{{_spelt(citation.author)}}}",
        "title": f"{{{_spelt(citation.title)}}}",
        "institution": f"{{{_spelt(citation.publisher)}}}",
        "year": str(citation.published.year),
        "month": str(citation.published.month),
        "date": citation.published.isoformat(),
        "version": str(citation.version),
        "url": citation.address,
        "copyright": _spelt(citation.licence),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@techreport{{{citation.key},\n{''.join(lines)}}}\n"


def _spelt(text: str) -> str:
    return text.translate(SPELT)
