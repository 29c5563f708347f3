"""A citation as a record for reference managers: RIS, one field a line."""

from policies.presentation.citation import Citation


def as_ris(citation: Citation) -> str:
    fields = [
        ("TY", "RPRT"),
        ("ID", citation.key),
        ("AU", citation.author),
        ("TI", citation.title),
        ("PB", citation.publisher),
        ("PY", str(citation.published.year)),
        ("DA", f"{citation.published:%Y/%m/%d}"),
        ("ET", str(citation.version)),
        ("UR", citation.address),
        ("N1", citation.licence),
    ]
    lines = [f"{tag}  - {value}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])
