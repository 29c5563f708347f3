"""Bring back what a section or a deleted policy held: as a new revision, never over an old one."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from policies.changes import Source, change_set
from policies.checking import InvalidDocument
from policies.document import HEADING, HISTORY, Document
from policies.history import content_of
from policies.loading import judge, write_references
from policies.models import (
    Availability,
    CriterionScore,
    Factsheet,
    Policy,
    Section,
    SectionCategory,
    SectionRevision,
    User,
)
from policies.roles import Step
from policies.workflow.recording import lock, require
from policies.writing import set_facts

SECTION = ("availability", "availability_note", "text")
INTRODUCTION = ("language", "policies_status")
BUDGETS = ("overall", "annual")


def restore(
    revision: SectionRevision,
    *,
    by: User,
    note: str = "",
    source: str = Source.ADMIN,
    seen: int | None = None,
) -> SectionRevision | None:
    """Write what a revision holds back to the rows of its section, as its newest revision.

    None if the section holds just that already. `seen` is the version of the section that the
    person was looking at: if it has changed since, or if something that the revision names is
    gone, a `ValidationError` says so and nothing is written.
    """
    with change_set(by=by, source=source, note=_why(revision, note)):
        lock(revision.factsheet_id)
        section = _section(revision)
        require(by, Step.WRITE, section.factsheet)
        if seen is not None and seen != section.version:
            message = _("%(section)s was changed after you opened this page; look at it again.")
            raise ValidationError(message, code="stale", params={"section": section})
        before = section.version
        _write(section, content_of(revision), by)
    newest = section.revisions.order_by("-number").first()
    return newest if newest and newest.number > before else None


def restore_policy(
    factsheet: Factsheet, code: str, *, by: User, note: str = "", source: str = Source.ADMIN
) -> Policy:
    """Bring back a deleted policy under its code, with all its sections as they last were."""
    why = _("Restored the policy %(code)s") % {"code": code}
    with change_set(by=by, source=source, note=_noted(why, note)):
        lock(factsheet.pk)
        require(by, Step.WRITE, factsheet)
        last = _last(factsheet, code)
        held = {revision.type.code: content_of(revision) for revision in last}
        policy = Policy(factsheet=factsheet, code=code, order=factsheet.policies.count())
        _set_facts(policy, {**held["heading"], **held["history"], **held["budget"]})
        policy.save()
        sections = Section.bookkeeping.bulk_create(
            Section(factsheet=factsheet, policy=policy, type=revision.type, version=revision.number)
            for revision in last
        )
        for section in sections:
            _write(section, held[section.type.code], by)
        _order(factsheet, _order_with(factsheet, code))
    return policy


def deleted_policies(factsheet: Factsheet) -> dict[str, str]:
    """The codes of policies that are only in the history, and the names that they last had."""
    codes = factsheet.policies.values("code")
    headings = factsheet.revisions.filter(type__code="heading", section=None).exclude(
        policy_code__in=codes
    )
    return {
        revision.policy_code: "; ".join(content_of(revision)["names"])
        for revision in headings.select_related("type").order_by("pk")
    }


def _why(revision: SectionRevision, note: str) -> str:
    return _noted(_("Restored from #%(number)d") % {"number": revision.number}, note)


def _noted(why: str, note: str) -> str:
    return (f"{why}: {note}" if note else why)[:500]


def _section(revision: SectionRevision) -> Section:
    """The section as it is now; that of a deleted policy is found again by the policy's code."""
    found = Section.objects.select_related("factsheet__edition__rubric", "policy", "type").filter(
        factsheet=revision.factsheet_id, type=revision.type_id
    )
    if revision.section_id:
        return found.get(pk=revision.section_id)
    section = found.filter(policy__code=revision.policy_code).first()
    if section is None:
        message = _("The policy “%(code)s” was deleted: restore it first.")
        raise ValidationError(message, code="gone", params={"code": revision.policy_code})
    return section


def _last(factsheet: Factsheet, code: str) -> list[SectionRevision]:
    """The last revision of every section of a policy that is deleted."""
    if factsheet.policies.filter(code=code).exists():
        message = _("The policy “%(code)s” is there already; restore its sections one by one.")
        raise ValidationError(message, code="exists", params={"code": code})
    revisions = (
        factsheet.revisions.filter(policy_code=code, section=None)
        .select_related("type")
        .order_by("pk")
    )
    last = {revision.type_id: revision for revision in revisions}
    if "heading" not in {revision.type.code for revision in last.values()}:
        message = _("The history knows no policy “%(code)s”.")
        raise ValidationError(message, code="unknown", params={"code": code})
    return list(last.values())


# Writing: whatever a content holds


def _write(section: Section, content: Document, by: User) -> None:
    _set(section, content, SECTION)
    if "judged" in content or "references" in content:
        something = content.get("text") or content.get("references")
        reported, open_ = Availability.REPORTED, Availability.NOT_RESEARCHED
        section.availability = reported if something else open_
    _checked(section)
    if "categories" in content:
        _tick(section, content["categories"])
    if "judged" in content:
        _judge(section, content["judged"], by)
    if "references" in content:
        _refer(section.factsheet, content["references"])
    if "policies" in content:
        _introduce(section.factsheet, content)
    if section.policy and content.keys() & {*HEADING, *HISTORY, *BUDGETS}:
        _set_facts(section.policy, content)
        section.policy.save()


def _set(row: Section | Policy | Factsheet, content: Document, names: Iterable[str]) -> None:
    for name in names:
        if name in content:
            setattr(row, name, content[name])


def _checked(row: Section | SectionCategory | CriterionScore) -> None:
    row.full_clean(validate_constraints=False)
    row.save()


def _set_facts(policy: Policy, content: Document) -> None:
    set_facts(policy, content)
    policy.full_clean(exclude=["factsheet"])


def _tick(section: Section, wanted: list[Document]) -> None:
    edition = section.factsheet.edition
    known = {c.code: c for c in section.type.categories.select_related("since", "until")}
    gone = [
        str(known.get(use["code"], use["code"]))
        for use in wanted
        if use["code"] not in known or not known[use["code"]].is_in(edition)
    ]
    if gone:
        message = _(
            "%(section)s can't be restored, because edition %(edition)s has no category "
            "“%(categories)s” any more. Take over by hand what still holds."
        )
        params = {"section": section, "edition": edition, "categories": "”, “".join(gone)}
        raise ValidationError(message, code="category", params=params)
    section.uses.exclude(category__code__in=[use["code"] for use in wanted]).delete()
    used = {use.category_id: use for use in section.uses.all()}
    for use in wanted:
        category = known[use["code"]]
        row = used.get(category.pk) or SectionCategory(section=section, category=category)
        row.detail = use["detail"]
        _checked(row)


def _judge(section: Section, judged: Document | None, by: User) -> None:
    factsheet, code = section.factsheet, section.type.code
    criterion = factsheet.edition.rubric.criteria.filter(code=code).first()
    if criterion is None:
        if judged:
            message = _("%(section)s can't be restored: the rubric has no such criterion any more.")
            raise ValidationError(message, code="criterion", params={"section": section})
        return
    score = factsheet.criterion_scores.filter(criterion=criterion).first()
    score = score or CriterionScore(factsheet=factsheet, criterion=criterion)
    judge(score, judged, by)
    score.clean()


def _refer(factsheet: Factsheet, references: list[Document]) -> None:
    try:
        write_references(factsheet, references)
    except InvalidDocument as error:
        raise ValidationError([problem.message for problem in error.problems]) from error


def _introduce(factsheet: Factsheet, content: Document) -> None:
    _set(factsheet, content, INTRODUCTION)
    factsheet.save()
    _order(factsheet, content["policies"])


def _order(factsheet: Factsheet, codes: list[str]) -> None:
    """Put these policies first, in this order; any that came later follow as they stood."""
    policies = {policy.code: policy for policy in factsheet.policies.all()}
    if gone := [code for code in codes if code not in policies]:
        message = _("The policy “%(codes)s” was deleted: restore it first.")
        raise ValidationError(message, code="gone", params={"codes": "”, “".join(gone)})
    later = [code for code in policies if code not in codes]
    for place, code in enumerate([*codes, *later]):
        if policies[code].order != place:
            policies[code].order = place
            policies[code].save()


def _order_with(factsheet: Factsheet, code: str) -> list[str]:
    """Where a deleted policy last stood among those that are there now."""
    there = set(factsheet.policies.values_list("code", flat=True))
    introductions = factsheet.revisions.filter(type__code="introduction", policy_code="")
    for revision in introductions.select_related("type").order_by("-pk"):
        codes = content_of(revision)["policies"]
        if code in codes:
            return [each for each in codes if each in there]
    return []
