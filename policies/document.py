"""The one shape of a factsheet: a plain dict that everything else renders, stores and reads.

A draft becomes a document in three steps: `outline` (what people wrote), `scored` (the maturity
computed from it) and `rendering.rendered` (HTML, footnotes, citations).
`schemas/factsheet-1.schema.json` describes the shape and marks the derived keys.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from policies.models import (
    Availability,
    Category,
    CriterionScore,
    Evidence,
    Factsheet,
    Part,
    Policy,
    Reference,
    Section,
    SectionCategory,
    SectionType,
    Standing,
)
from policies.rendering import rendered
from scoring.facts import Facts, Known, PolicyFacts, counts, ended
from scoring.maturity import CriterionResult, Maturity, RubricTable, assess, words
from scoring.pooling import any_of

SCHEMA = "1"

Document = dict[str, Any]
Vocabulary = Mapping[tuple[str, str], str]  # (section type, category) to what it proves

# The facts of a policy by the section that they belong to; those of `budget` come apart.
HEADING = (
    "names",
    "original_name",
    "url",
    "kind",
    "level",
    "region",
    "is_example",
    "heading_note",
)
HISTORY = ("period", "starting_year", "ending_year", "continuous_since")

ABSENT = {Availability.NONE_EXISTS, Availability.NOT_APPLICABLE}


CATEGORY = SectionCategory._meta.get_field("category")
TYPE = Section._meta.get_field("type")
FEW = 20  # factsheets; beyond it, to join each row with its type takes longer than all else


def drafts(keys: Collection[int], *, lock: bool = False) -> list[Factsheet]:
    """The factsheets with all that a document is made of, in six queries, of many in eight."""
    factsheets = Factsheet.objects.select_related("country", "edition__rubric", "assessment")
    if lock:
        # Not the key, which rows that point here hold while they wait for this lock.
        factsheets = factsheets.select_for_update(of=("self",), no_key=True)
    few = len(keys) <= FEW
    sections = Section.objects.select_related("type") if few else Section.objects.all()
    found = list(
        factsheets.filter(pk__in=keys)
        .order_by("pk")
        .prefetch_related(
            "policies",
            Prefetch("sections", sections),
            "references",
            Prefetch("criterion_scores", CriterionScore.objects.select_related("criterion")),
        )
    )
    _attach_uses(found, joined=few)
    if not few:
        _attach_types(found)
    return found


def _attach_uses(factsheets: Collection[Factsheet], *, joined: bool) -> None:
    """Prefetch by factsheet: a list of all their sections would be too long for SQLite."""
    rows = SectionCategory.objects.filter(section__factsheet__in=factsheets)
    rows = rows.select_related("category") if joined else rows
    categories = {} if joined else Category.objects.order_by().in_bulk()
    uses = defaultdict(list)
    for use in rows:
        if not joined:
            CATEGORY.set_cached_value(use, categories[use.category_id])
        uses[use.section_id].append(use)
    for factsheet in factsheets:
        for section in factsheet.sections.all():
            section._prefetched_objects_cache = {"uses": uses[section.pk]}  # type: ignore[attr-defined]


def _attach_types(factsheets: Collection[Factsheet]) -> None:
    types = SectionType.objects.order_by().in_bulk()
    for factsheet in factsheets:
        for section in factsheet.sections.all():
            TYPE.set_cached_value(section, types[section.type_id])


def vocabulary() -> Vocabulary:
    """What each category that proves something proves."""
    rows = Category.objects.exclude(evidence="").order_by()
    return {
        (section, code): evidence
        for section, code, evidence in rows.values_list("section_type__code", "code", "evidence")
    }


def document_of(factsheet: Factsheet, **published: Any) -> Document:
    """The whole document of a draft that came from `drafts`.

    `published` overrides top-level keys, such as `version` and `published_at`.
    """
    rubric = factsheet.edition.rubric.table()
    return rendered({**scored(outline(factsheet), rubric, vocabulary()), **published})


# What people wrote


def outline(factsheet: Factsheet) -> Document:
    """The authored keys with their labels; no score and no HTML yet."""
    sections = list(factsheet.sections.all())
    own = {section.type.code: section for section in sections if section.policy_id is None}
    scores = {score.criterion.code: score for score in factsheet.criterion_scores.all()}
    country, edition = factsheet.country, factsheet.edition
    return {
        "schema": SCHEMA,
        "language": factsheet.language,
        "country": {
            "code": country.code,
            "name": country.name,
            "slug": country.slug,
            "group": country.group,
        },
        "edition": {
            "year": edition.year,
            "label": edition.label,
            "collected_on": edition.collected_on.isoformat(),
            "rubric": edition.rubric.code,
            "source_line": edition.source_line,
        },
        "version": None,
        "published_at": None,
        "policies_status": factsheet.policies_status,
        "sections": [
            {
                "type": section.type.code,
                "part": section.type.part,
                "title": section.type.title,
                **_written(section),
            }
            for section in own.values()
            if section.type.part in (Part.INTRODUCTION, Part.CHAPTER)
        ],
        "policies": [
            _policy(policy, [s for s in sections if s.policy_id == policy.pk])
            for policy in factsheet.policies.all()
        ],
        "maturity": {
            "criteria": [
                {
                    "code": code,
                    "judged": _judged(scores.get(code)),
                    "text": own[code].text if code in own else "",
                }
                for code in [*_criteria(own), *(code for code in scores if code not in own)]
            ]
        },
        "references": [_reference(reference) for reference in factsheet.references.all()],
    }


def _criteria(own: dict[str, Section]) -> list[str]:
    return [code for code, section in own.items() if section.type.part == Part.ASSESSMENT]


def _written(section: Section) -> Document:
    return {
        "availability": section.availability,
        "availability_note": section.availability_note,
        "text": section.text,
    }


def _policy(policy: Policy, sections: Iterable[Section]) -> Document:
    return {
        "code": policy.code,
        **{name: getattr(policy, name) for name in (*HEADING, *HISTORY)},
        "budget": {name: _budget(policy, name) for name in ("overall", "annual")},
        "sections": [
            {
                "type": section.type.code,
                "heading": section.type.heading,
                "title": section.type.title,
                **_written(section),
                "categories": [
                    {"code": use.category.code, "label": use.category.label, "detail": use.detail}
                    for use in section.uses.all()
                ],
            }
            for section in sections
            if section.type.code != "heading"
        ],
    }


def _budget(policy: Policy, name: str) -> Document:
    amount = getattr(policy, f"{name}_amount")
    return {
        "availability": getattr(policy, f"{name}_availability"),
        "amount": None if amount is None else str(amount),
        "currency": getattr(policy, f"{name}_currency"),
        "words": getattr(policy, f"{name}_words"),
    }


def _judged(score: CriterionScore | None) -> Document | None:
    if score is None or score.judged_points is None:
        return None
    return {"points": number(score.judged_points), "reason": score.judged_reason}


def _reference(reference: Reference) -> Document:
    return {
        "key": reference.key,
        "authors": reference.authors,
        "year": reference.year,
        "title": reference.title,
        "publisher": reference.publisher,
        "url": reference.url,
        "accessed": reference.accessed.isoformat() if reference.accessed else None,
        "note": reference.note,
    }


# What follows from it: facts and score


def facts_of(document: Document, proves: Vocabulary) -> Facts:
    """What the document says that can move its score."""
    return Facts(
        document["policies_status"],
        int(document["edition"]["collected_on"][:4]),
        tuple(_policy_facts(policy, proves) for policy in document["policies"]),
    )


def _policy_facts(policy: Document, proves: Vocabulary) -> PolicyFacts:
    sections = {section["type"]: section for section in policy["sections"]}
    known: dict[str, Any] = {
        str(evidence): any_of(
            _known(sections.get(type_), evidence, proves)
            for type_ in {section for (section, _code), what in proves.items() if what == evidence}
        )
        for evidence in Evidence.values
    }
    same = ("code", "kind", "is_example", "period")
    years = ("starting_year", "ending_year", "continuous_since")
    return PolicyFacts(
        name=policy["names"][0], **{key: policy[key] for key in (*same, *years)}, **known
    )


def _known(section: Document | None, evidence: str, proves: Vocabulary) -> Known:
    """Unknown is not zero: a reported section in which nothing is ticked tells nothing."""
    if section and section["availability"] in ABSENT:
        return Known.ABSENT
    if not section or section["availability"] != Availability.REPORTED or not section["categories"]:
        return Known.UNKNOWN
    used = {proves.get((section["type"], category["code"])) for category in section["categories"]}
    return Known.PRESENT if evidence in used else Known.ABSENT


def standings(document: Document) -> dict[str, Standing]:
    """By the code of the policy, as the score of the document counted it."""
    facts = Facts.from_dict(document["maturity"]["facts"])
    return {policy.code: _standing(policy, facts.collection_year) for policy in facts.policies}


def _standing(policy: PolicyFacts, year: int) -> Standing:
    if policy.is_example:
        return Standing.EXAMPLE
    if ended(policy, year):
        return Standing.ENDED
    return Standing.IN_FORCE if counts(policy, year) else Standing.FUTURE


def maturity_of(
    document: Document, rubric: RubricTable, proves: Vocabulary
) -> tuple[Facts, Maturity]:
    facts = facts_of(document, proves)
    return facts, assess(facts, rubric, judgements(document))


def judgements(document: Document) -> dict[str, Decimal]:
    """The points of the judged criteria, by code."""
    return {
        criterion["code"]: Decimal(str(criterion["judged"]["points"]))
        for criterion in document["maturity"]["criteria"]
        if criterion["judged"]
    }


def scored(document: Document, rubric: RubricTable, proves: Vocabulary) -> Document:
    """The document with its maturity computed anew from its facts and judgements."""
    facts, maturity = maturity_of(document, rubric, proves)
    written = {criterion["code"]: criterion for criterion in document["maturity"]["criteria"]}
    return {**document, "maturity": as_written(facts, maturity, rubric, written)}


def as_written(
    facts: Facts, maturity: Maturity, rubric: RubricTable, written: Mapping[str, Document]
) -> Document:
    """A maturity as a document holds it; `written` has judgements and texts by criterion."""
    return {
        "rubric": rubric.code,
        "total": number(maturity.total),
        "judged_total": number(maturity.judged_total),
        "maximum": number(maturity.maximum),
        "complete": maturity.complete,
        "facts": facts.to_dict(),
        "criteria": [
            {
                **_criterion(result),
                "judged": written.get(result.code, {}).get("judged"),
                "text": written.get(result.code, {}).get("text", ""),
            }
            for result in maturity.criteria
        ],
    }


def _criterion(result: CriterionResult) -> Document:
    return {
        "code": result.code,
        "title": result.title,
        "description": result.description,
        "points": number(result.points),
        "maximum": number(result.maximum),
        "derived": {
            "points": number(result.derived.points),
            "reasons": [
                {**reason.to_dict(), "text": words(reason)} for reason in result.derived.reasons
            ],
        },
        "levels": [
            {
                "points": number(level.points),
                "label": level.label,
                "annex_label": level.annex_label,
            }
            for level in result.levels
        ],
    }


def number(value: Decimal | None) -> int | float | None:
    """Points as JSON numbers: 2 and 0.5, never 2.0."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


# How it is kept


def canonical(document: Document) -> bytes:
    """UTF-8 JSON with sorted keys and decimals as strings: the same bytes everywhere."""
    plain = _decimals_as_strings(document)
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _decimals_as_strings(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _decimals_as_strings(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_decimals_as_strings(item) for item in value]
    return str(Decimal(str(value))) if isinstance(value, float) else value


def digest(document: Document) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(document)).hexdigest()


def serialised(document: Document) -> str:
    """JSON text for readers, with the keys in the document's own order."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
