"""What keeps a section from being submitted, and a factsheet from being published."""

from collections.abc import Container
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from policies.document import outline, scored, vocabulary
from policies.history import written
from policies.lint import Finding, Severity, lint
from policies.models import (
    CriterionScore,
    Factsheet,
    Part,
    Reference,
    Section,
    SectionRevision,
    State,
)
from policies.text import unresolved


def incomplete(section: Section) -> list[ValidationError]:
    """What keeps a section from being submitted."""
    references = list(section.factsheet.references.all())
    scores = list(section.factsheet.criterion_scores.select_related("criterion"))
    return _incomplete(section, references, scores)


def unpublishable(draft: Factsheet) -> list[ValidationError]:
    """What keeps a draft from `document.drafts` from being published."""
    references, scores = list(draft.references.all()), list(draft.criterion_scores.all())
    found = [error for score in scores for error in _unscored(draft, score)]
    for section in draft.sections.all():
        found += _incomplete(section, references, scores)
    return [*_unapproved(draft), *found]


def doubts(draft: Factsheet, today: date) -> list[Finding]:
    """What deserves a look before a draft from `document.drafts` is published; nothing blocks."""
    document = scored(outline(draft), draft.edition.rubric.table(), vocabulary())
    found = lint(document, today=today)
    return [finding for finding in found if finding.severity == Severity.WARNING]


def _incomplete(
    section: Section, references: list[Reference], scores: list[CriterionScore]
) -> list[ValidationError]:
    keys = {reference.key for reference in references}
    found = [error for text in _texts(section, references) for error in _cites(section, text, keys)]
    if section.type.part == Part.ASSESSMENT and _unexplained(section, scores):
        message = _("%(section)s: give the public reason of the judged level.")
        found.append(ValidationError(message, code="reason", params={"section": section}))
    return found


def _texts(section: Section, references: list[Reference]) -> list[str]:
    if section.type.part == Part.BIBLIOGRAPHY:
        return [reference.note for reference in references]
    if section.type.code == "heading" and section.policy:
        return [section.policy.heading_note]
    return [section.text]


def _cites(section: Section, text: str, keys: Container[str]) -> list[ValidationError]:
    message = _("%(section)s cites “%(key)s”, which is not in the bibliography.")
    return [
        ValidationError(message, code="citation", params={"section": section, "key": key})
        for key in unresolved(text, keys)
    ]


def _unexplained(section: Section, scores: list[CriterionScore]) -> bool:
    return any(
        score.criterion.code == section.type.code
        and score.judged_points is not None
        and not score.judged_reason.strip()
        for score in scores
    )


def _approved_hashes(draft: Factsheet) -> dict[int | None, str]:
    """By section, the hash of the content that was approved last."""
    keys = [s.approved_revision_id for s in draft.sections.all() if s.approved_revision_id]
    revisions = SectionRevision.objects.filter(pk__in=keys)
    return dict(revisions.values_list("section", "content_hash"))


def _unapproved(draft: Factsheet) -> list[ValidationError]:
    approved = _approved_hashes(draft)
    waiting = [
        str(section)
        for section, _content, hash_ in written(draft)
        if section.state != State.APPROVED or approved.get(section.pk) != hash_
    ]
    if not waiting:
        return []
    message = _("%(factsheet)s: not yet approved: %(sections)s.")
    params = {"factsheet": draft, "sections": "; ".join(waiting)}
    return [ValidationError(message, code="unapproved", params=params)]


def _unscored(draft: Factsheet, score: CriterionScore) -> list[ValidationError]:
    params = {"factsheet": draft, "criterion": score.criterion.title}
    found = []
    if score.points is None:
        message = _("%(factsheet)s: %(criterion)s has no derived level and needs a judged one.")
        found.append(ValidationError(message, code="unscored", params=params))
    levels = {level.points for level in score.criterion.levels.all()}
    if score.judged_points is not None and score.judged_points not in levels:
        message = _("%(factsheet)s: %(criterion)s is judged at a level that is there no more.")
        found.append(ValidationError(message, code="level", params=params))
    if score.is_stale:
        message = _("%(factsheet)s: the facts changed since %(criterion)s was judged; confirm it.")
        found.append(ValidationError(message, code="stale", params=params))
    return found
