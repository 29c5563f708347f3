"""From a document to a draft: all of it or nothing, through the same doors as anything typed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from policies import checking
from policies.changes import Source, change_set
from policies.checking import InvalidDocument, Problem
from policies.document import HEADING, HISTORY, Document, drafts
from policies.models import (
    Availability,
    Category,
    Country,
    CriterionScore,
    Edition,
    Factsheet,
    Part,
    Policy,
    Reference,
    Section,
    SectionCategory,
    User,
)
from policies.settling import create_missing_sections

REFERENCE_FIELDS = ("authors", "year", "title", "publisher", "url", "note")


@dataclass
class Loaded:
    """The draft that a document became, and what its operator should know."""

    factsheet: Factsheet
    warnings: list[Problem] = field(default_factory=list)
    is_new: bool = False


def load(
    data: Any,
    *,
    by: User | None = None,
    source: str = Source.JSON,
    note: str = "",
    replace: bool = False,
    tolerated: Collection[str] = (),
) -> Loaded:
    """Make the document's factsheet a draft; `replace` allows overwriting one that exists.

    `tolerated` are codes of problems that another draft had already, and this one may keep.
    Raises `InvalidDocument` with every problem, and then nothing is written.
    """
    if problems := [p for p in checking.problems(data) if p.code not in tolerated]:
        raise InvalidDocument(problems)
    document = checking.completed(data)
    with transaction.atomic(), change_set(by=by, source=source, note=note):
        factsheet, is_new = _factsheet(document, replace=replace)
        _write(factsheet, document, by)
    return Loaded(factsheet, checking.warnings(document, factsheet.edition), is_new)


def _factsheet(document: Document, *, replace: bool) -> tuple[Factsheet, bool]:
    country = Country.objects.get(code=document["country"]["code"])
    edition = Edition.objects.get(year=document["edition"]["year"])
    found = Factsheet.objects.filter(country=country, edition=edition).first()
    if found and not replace:
        message = _("%(factsheet)s exists already. Say --replace to overwrite its draft.")
        raise InvalidDocument([Problem("country.code", message % {"factsheet": found})])
    factsheet = found or Factsheet(country=country, edition=edition)
    factsheet.language = document["language"]
    factsheet.policies_status = document["policies_status"]
    factsheet.save()
    return factsheet, found is None


def _write(factsheet: Factsheet, document: Document, by: User | None) -> None:
    _policies(factsheet, document["policies"])
    write_references(factsheet, document["references"])
    create_missing_sections(drafts([factsheet.pk]))
    _sections(factsheet, document)
    _judgements(factsheet, _criteria(document), by)


def _criteria(document: Document) -> list[Document]:
    return document.get("maturity", {}).get("criteria", [])


def _policies(factsheet: Factsheet, policies: list[Document]) -> None:
    factsheet.policies.exclude(code__in=[policy["code"] for policy in policies]).delete()
    existing = {policy.code: policy for policy in factsheet.policies.all()}
    for order, data in enumerate(policies):
        policy = existing.get(data["code"]) or Policy(factsheet=factsheet, code=data["code"])
        policy.order = order
        for name in (*HEADING, *HISTORY):
            setattr(policy, name, data[name])
        for name in ("overall", "annual"):
            set_budget(policy, name, data.get("budget", {}).get(name, {}))
        _save(policy, f"policies[{order}]")


def set_budget(policy: Policy, name: str, budget: Document) -> None:
    amount = budget.get("amount")
    setattr(policy, f"{name}_availability", budget.get("availability", Availability.NOT_RESEARCHED))
    setattr(policy, f"{name}_amount", None if amount is None else Decimal(amount))
    setattr(policy, f"{name}_currency", budget.get("currency", ""))
    setattr(policy, f"{name}_words", budget.get("words", ""))


def write_references(factsheet: Factsheet, references: list[Document]) -> None:
    factsheet.references.exclude(key__in=[reference["key"] for reference in references]).delete()
    existing = {reference.key: reference for reference in factsheet.references.all()}
    for order, data in enumerate(references):
        reference = existing.get(data["key"]) or Reference(factsheet=factsheet, key=data["key"])
        reference.order = order
        for name in REFERENCE_FIELDS:
            setattr(reference, name, data[name])
        reference.accessed = date.fromisoformat(data["accessed"]) if data["accessed"] else None
        _save(reference, f"references[{order}]")


def _save(row: models.Model, path: str) -> None:
    """Through the model's own checks as well, should they know more than the document's."""
    try:
        row.full_clean(exclude=["factsheet"])
    except ValidationError as error:
        raise InvalidDocument(
            [
                Problem(path if name == NON_FIELD_ERRORS else f"{path}.{name}", message)
                for name, messages in error.message_dict.items()
                for message in messages
            ]
        ) from error
    row.save()


def _sections(factsheet: Factsheet, document: Document) -> None:
    """Write every section, those that the document does not name as not yet researched."""
    written = _written(document)
    sections = list(factsheet.sections.select_related("type", "policy"))
    for section in sections:
        data = written.get(section.anchor, {})
        section.availability = data.get("availability", Availability.NOT_RESEARCHED)
        section.availability_note = data.get("availability_note", "")
        section.text = data.get("text", "")
    Section.objects.bulk_update(sections, ["availability", "availability_note", "text"])
    SectionCategory.objects.filter(section__factsheet=factsheet).delete()
    SectionCategory.objects.bulk_create(_uses(sections, written))


def _written(document: Document) -> dict[str, Document]:
    """By anchor; texts and facts that carry no availability of their own are reported."""
    own = {section["type"]: section for section in document["sections"]}
    for criterion in _criteria(document):
        own[criterion["code"]] = {"text": criterion.get("text", ""), **_if(criterion.get("text"))}
    own[Part.BIBLIOGRAPHY] = _if(document["references"])
    for policy in document["policies"]:
        own[f"{policy['code']}.heading"] = _if(policy["names"])
        for section in policy["sections"]:
            own[f"{policy['code']}.{section['type']}"] = section
    return own


def _if(something: Any) -> Document:
    reported, not_yet = Availability.REPORTED, Availability.NOT_RESEARCHED
    return {"availability": reported if something else not_yet}


def _uses(sections: Iterable[Section], written: dict[str, Document]) -> list[SectionCategory]:
    known = {(c.section_type_id, c.code): c for c in Category.objects.all()}
    return [
        SectionCategory(
            section=section,
            category=known[section.type_id, use["code"]],
            detail=use.get("detail", ""),
        )
        for section in sections
        for use in written.get(section.anchor, {}).get("categories", [])
    ]


def _judgements(factsheet: Factsheet, criteria: list[Document], by: User | None) -> None:
    """Judge anew where points or reason differ; else who judged, and of what facts, stays."""
    judged = {c["code"]: c["judged"] for c in criteria if c.get("judged")}
    scores = {score.criterion_id: score for score in factsheet.criterion_scores.all()}
    for criterion in factsheet.edition.rubric.criteria.all():
        score = scores.get(criterion.pk) or CriterionScore(factsheet=factsheet, criterion=criterion)
        judge(score, judged.get(criterion.code), by)


def judge(score: CriterionScore, judgement: Document | None, by: User | None) -> None:
    if score.judged_otherwise(judgement):
        score.judge_as(judgement, by=by, now=timezone.now())
        score.save()
