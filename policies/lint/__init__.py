"""Cross-field checks of a scored document: what blocks publishing, and what asks for a reason.

Pure: a document in, findings out. What a document does not know comes in as `Standing`.
"""

from collections.abc import Iterator
from datetime import date

# These modules register their rules.
from policies.lint import bibliography, blocking, contradictions, wording  # noqa: F401
from policies.lint.rules import RULES, Finding, Rule, Severity, fingerprint
from policies.lint.sheet import CATEGORISED, Document, Sheet, Standing

__all__ = [
    "CATEGORISED",
    "RULES",
    "Finding",
    "Rule",
    "Severity",
    "Standing",
    "fingerprint",
    "lint",
]


def lint(document: Document, *, today: date, standing: Standing | None = None) -> list[Finding]:
    """What the rules find in a document that `document.scored` has been over, in reading order."""
    sheet = Sheet(document, standing or Standing(), today)
    place = {anchor: index for index, anchor in enumerate(sheet.names)}
    return sorted(_findings(sheet), key=lambda finding: place.get(finding.anchor, len(place)))


def _findings(sheet: Sheet) -> Iterator[Finding]:
    """Rule by rule; the sort is stable, so errors stay before warnings at one address."""
    for severity in Severity:
        for rule in RULES.values():
            if rule.severity == severity:
                yield from rule.findings(sheet)
