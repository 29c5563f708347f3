"""What keeps a section from being submitted, and a factsheet from being published."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from policies.document import outline, scored, vocabulary
from policies.history import contents, written
from policies.lint import RULES, Finding, Rule, Severity, Standing, fingerprint, lint
from policies.models import (
    Availability,
    CriterionScore,
    Factsheet,
    Part,
    Publication,
    Reference,
    Section,
    SectionRevision,
    State,
    WarningReason,
)
from policies.text import unresolved
from scoring.facts import digest

# A section


def incomplete(section: Section) -> list[ValidationError]:
    """What keeps a section from being submitted."""
    references = list(section.factsheet.references.all())
    keys = {reference.key for reference in references}
    texts = _texts(section, references)
    found = [error for text in texts for error in _cites(section, text, keys)]
    if section.type.is_required and _is_missing(section, references):
        message = _("%(section)s is required and has not been researched yet.")
        found.append(ValidationError(message, code="missing", params={"section": section}))
    if section.type.part == Part.ASSESSMENT and _unexplained(section):
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


def _is_missing(section: Section, references: list[Reference]) -> bool:
    if section.type.part == Part.BIBLIOGRAPHY:
        return not references
    if section.type.part == Part.ASSESSMENT:
        return not section.text.strip()
    heading = section.type.code == "heading"  # its facts are there as soon as the policy is
    return not heading and section.availability == Availability.NOT_RESEARCHED


def _unexplained(section: Section) -> bool:
    score = CriterionScore.objects.filter(
        factsheet=section.factsheet_id, criterion__code=section.type.code
    ).first()
    return bool(score and score.judged_points is not None and not score.judged_reason.strip())


def differs_from_published(section: Section) -> bool:
    """Whether readers of the latest version would see a change, if the section were published."""
    versions = Publication.objects.filter(factsheet=section.factsheet_id)
    latest = versions.order_by("-number").first()
    if latest is None:
        return False
    key = (section.policy.code if section.policy else "", section.type.code)
    published = contents(latest.document).get(key)
    return published is None or digest(published) != section.content_hash


# A factsheet


@dataclass(frozen=True)
class Warned:
    """The warnings of one rule, and why they may stand, if somebody has said so."""

    rule: Rule
    findings: list[Finding]
    fingerprint: str
    reason: WarningReason | None = None


@dataclass(frozen=True)
class Verdict:
    """What the checks find in a draft: errors block publishing, warnings ask for a reason."""

    errors: list[Finding]
    warnings: list[Warned]

    @property
    def unexplained(self) -> list[Warned]:
        return [warned for warned in self.warnings if warned.reason is None]


def verdict(draft: Factsheet, today: date) -> Verdict:
    """What the checks find in a draft from `document.drafts`."""
    document = scored(outline(draft), draft.edition.rubric.table(), vocabulary())
    found = lint(document, today=today, standing=standing_of(draft))
    warnings = [finding for finding in found if finding.severity == Severity.WARNING]
    return Verdict(
        errors=[finding for finding in found if finding.severity == Severity.ERROR],
        warnings=list(_warned(draft, warnings)),
    )


def _warned(draft: Factsheet, warnings: list[Finding]) -> Iterable[Warned]:
    given = {(r.rule, r.fingerprint): r for r in draft.warning_reasons.select_related("by")}
    for rule, hash_ in fingerprint(warnings).items():
        own = [finding for finding in warnings if finding.rule == rule]
        yield Warned(RULES[rule], own, hash_, given.get((rule, hash_)))


def standing_of(draft: Factsheet) -> Standing:
    """What a draft knows that its document does not tell."""
    sections = list(draft.sections.all())
    approved = _approved_hashes(sections)
    return Standing(
        required={s.type.code: s.type.part for s in sections if s.type.is_required},
        unapproved=frozenset(
            section.anchor
            for section, _content, hash_ in written(draft)
            if section.state != State.APPROVED or approved.get(section.pk) != hash_
        ),
        stale=frozenset(s.criterion.code for s in draft.criterion_scores.all() if s.is_stale),
        categorised=frozenset(s.type.code for s in sections if s.type.takes_categories),
    )


def _approved_hashes(sections: Iterable[Section]) -> dict[int | None, str]:
    """By section, the hash of the content that was approved last."""
    keys = [section.approved_revision_id for section in sections if section.approved_revision_id]
    revisions = SectionRevision.objects.filter(pk__in=keys)
    return dict(revisions.values_list("section", "content_hash"))


UNAPPROVED = "unapproved-section"


def unpublishable(draft: Factsheet, checked: Verdict) -> list[ValidationError]:
    """What keeps a draft from `document.drafts` from being published."""
    found = [_error(draft, finding) for finding in checked.errors if finding.rule != UNAPPROVED]
    return [*_unapproved(draft, checked), *found, *(_ask(draft, w) for w in checked.unexplained)]


def _unapproved(draft: Factsheet, checked: Verdict) -> Iterable[ValidationError]:
    """One sentence for all of them."""
    waiting = {finding.anchor for finding in checked.errors if finding.rule == UNAPPROVED}
    if waiting:
        names = (str(section) for section in draft.sections.all() if section.anchor in waiting)
        message = _("%(factsheet)s: not yet approved: %(sections)s.")
        params = {"factsheet": draft, "sections": "; ".join(names)}
        yield ValidationError(message, code="unapproved", params=params)


def _error(draft: Factsheet, finding: Finding) -> ValidationError:
    params = {"factsheet": draft, "message": finding.message}
    return ValidationError("%(factsheet)s: %(message)s", code=finding.rule, params=params)


def _ask(draft: Factsheet, warned: Warned) -> ValidationError:
    message = _("%(factsheet)s: %(rule)s (%(count)d): mend it, or say why it may stand.")
    params = {"factsheet": draft, "rule": warned.rule.title, "count": len(warned.findings)}
    return ValidationError(message, code="unexplained", params=params)
