"""What a change did, in words: to the score, and to citations and ticks that need a hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from policies.checking import did_you_mean
from policies.document import drafts
from policies.models import (
    Assessment,
    Availability,
    CriterionScore,
    Factsheet,
    Part,
    Policy,
    Section,
    State,
)
from policies.presentation.score import score_of as shown
from policies.presentation.words import points
from policies.text import unresolved
from scoring.maturity import Reason, words

SHOWN = 6  # warnings; more would hide what the change did


@dataclass(frozen=True)
class Score:
    """A stored score, to compare with what a change makes of it."""

    factsheet: str
    in_words: str
    points: str
    criteria: dict[str, CriterionScore]


def score_of(factsheet: int | None) -> Score | None:
    """The stored score of a factsheet, if it has one yet."""
    assessment = (
        Assessment.objects.select_related("factsheet__country", "factsheet__edition")
        .filter(pk=factsheet)
        .first()
    )
    if assessment is None:
        return None
    scores = CriterionScore.objects.filter(factsheet=factsheet).select_related("criterion")
    in_words = score_in_words(assessment)
    return Score(
        str(assessment.factsheet),
        in_words,
        in_words.partition(" ")[0],
        {score.criterion.code: score for score in scores},
    )


def score_in_words(assessment: Assessment) -> str:
    """ "1.5 of 8, of which 0.5 judged", as readers will see it."""
    names = ("total", "judged_total", "maximum", "complete")
    return shown({name: getattr(assessment, name) for name in names}).words


def reasons_in_words(score: CriterionScore) -> list[str]:
    return [words(Reason.from_dict(reason)) for reason in score.derived_reasons]


def reviewed(factsheet: int | None) -> set[int]:
    """The sections that wait for review, or have passed it."""
    states = (State.SUBMITTED, State.APPROVED)
    found = Section.objects.filter(factsheet=factsheet, state__in=states).order_by()
    return set(found.values_list("pk", flat=True))


def tell(request: HttpRequest, factsheet: int, before: Score | None, passed: set[int]) -> None:
    """Say what the change did to the score and the review, and what still needs a hand."""
    after = score_of(factsheet)
    if before and after:
        messages.info(request, "\n".join(change_in_words(before, after)))
    if reopened := reopened_in_words(passed):
        messages.info(request, "\n".join(reopened))
    found = list(warnings(factsheet))
    for warning in found[:SHOWN]:
        messages.warning(request, warning)
    if len(found) > SHOWN:
        rest = {"count": len(found) - SHOWN}
        messages.warning(request, _("… and %(count)d more warnings.") % rest)


def reopened_in_words(passed: set[int]) -> list[str]:
    """A line for each of these sections that has to be submitted once more."""
    drafts_ = Section.objects.filter(pk__in=passed, state=State.DRAFT).select_related("type")
    return [_("%(section)s is a draft again.") % {"section": each.type} for each in drafts_]


def change_in_words(before: Score, after: Score) -> list[str]:
    """The totals, then a line for each criterion that moved."""
    lines = list(_moves(before, after))
    values = {"factsheet": after.factsheet, "before": before.points, "after": after.in_words}
    if before.in_words != after.in_words:
        return [_("Maturity of %(factsheet)s: %(before)s → %(after)s.") % values, *lines]
    if lines:
        return [_("Maturity of %(factsheet)s: still %(after)s.") % values, *lines]
    return [_("The maturity of %(factsheet)s is unchanged: %(after)s.") % values]


def _moves(before: Score, after: Score) -> Iterator[str]:
    for code, score in after.criteria.items():
        old = before.criteria.get(code)
        was: Decimal | None = old.points if old else None
        if was == score.points and not _newly_stale(old, score):
            continue
        yield _("%(criterion)s %(before)s → %(after)s: %(why)s") % {
            "criterion": score.criterion.title,
            "before": points(was),
            "after": points(score.points),
            "why": _why(score),
        }


def _newly_stale(old: CriterionScore | None, score: CriterionScore) -> bool:
    return score.is_stale and not (old and old.is_stale)


def _why(score: CriterionScore) -> str:
    if score.is_carried_over:
        return _("judged in an earlier edition; confirm it on the factsheet's page.")
    if score.is_stale:
        return _("the facts changed since it was judged; look at it again on the factsheet's page.")
    if score.judged_points is not None:
        return _("judged. %(reason)s") % {"reason": score.judged_reason}
    return " ".join(reasons_in_words(score))


def warnings(factsheet: int) -> Iterator[str]:
    """What may stand in a draft, but not in a publication, or not with the effect intended."""
    for draft in drafts([factsheet]):
        yield from _dangling(draft)
        yield from _idle(draft)


def _dangling(draft: Factsheet) -> Iterator[str]:
    keys = {reference.key for reference in draft.references.all()}
    for place, text in _texts(draft):
        for key in unresolved(text, keys) if "[@" in text else ():
            message = _(
                "%(place)s cites “%(key)s”, which is not in the bibliography. Add the reference "
                "on the factsheet's page, or mend the key in the text."
            )
            hint = did_you_mean(key, sorted(keys))
            yield message % {"place": place, "key": key} + hint


def _texts(draft: Factsheet) -> Iterator[tuple[str, str]]:
    policies = {policy.pk: policy for policy in draft.policies.all()}
    for policy in policies.values():
        yield _("The heading note of %(policy)s") % {"policy": policy}, policy.heading_note
    for section in draft.sections.all():
        yield _place(section, policies), section.text
    for reference in draft.references.all():
        yield _("The note of reference “%(key)s”") % {"key": reference.key}, reference.note


def _place(section: Section, policies: dict[int, Policy]) -> str:
    policy = policies.get(section.policy_id) if section.policy_id else None
    return f"{policy}, {section.type}" if policy else str(section.type)


def _idle(draft: Factsheet) -> Iterator[str]:
    """Ticks count only in a section that is reported."""
    policies = {policy.pk: policy for policy in draft.policies.all()}
    for section in draft.sections.all():
        if section.type.part != Part.POLICY or section.availability == Availability.REPORTED:
            continue
        if section.uses.all():
            message = _(
                "%(place)s has ticked categories, but its availability is “%(availability)s”, so "
                "they do not count. Choose “Reported”, or untick them."
            )
            yield message % {
                "place": _place(section, policies),
                "availability": section.get_availability_display(),
            }
