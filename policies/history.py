"""One revision per change of a section, whatever rows and ways the change took."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from policies.changes import ChangeSet, Source
from policies.document import HEADING, HISTORY, Document, outline
from policies.models import Availability, Factsheet, Period, Section, SectionRevision, State
from scoring.facts import digest

SCHEMA = 1
# From each schema to the next, by content and section type: pure, and never changed once written.
UPGRADES: dict[int, Callable[[Document, str], Document]] = {}

Key = tuple[str, str]  # (policy code or "", section type)
NOTHING = (Availability.NOT_RESEARCHED, Period.UNKNOWN)
RENDERED = {"html", "cited_by"}  # what a publication adds to a reference


def content_of(revision: SectionRevision) -> Document:
    """What the section held then, in today's shape: the one way to read a revision."""
    return upgraded(revision.content, revision.type.code, revision.schema)


def upgraded(content: Document, type_: str, schema: int) -> Document:
    """The content of a section of this type in the shape of `SCHEMA`."""
    for step in range(schema, SCHEMA):
        content = UPGRADES[step](content, type_)
    return content


def contents(document: Document) -> dict[Key, Document]:
    """All that belongs to each section of a draft's or a publication's document.

    Every authored key stands in exactly one of them.
    """
    parts = {("", section["type"]): _text(section) for section in document["sections"]}
    parts.setdefault(("", "introduction"), {})
    parts["", "introduction"] |= {
        "language": document["language"],
        "policies_status": document["policies_status"],
        "policies": [policy["code"] for policy in document["policies"]],
    }
    parts["", "bibliography"] = {
        "references": [
            {key: value for key, value in reference.items() if key not in RENDERED}
            for reference in document["references"]
        ]
    }
    for criterion in document["maturity"]["criteria"]:
        parts["", criterion["code"]] = {"text": criterion["text"], "judged": criterion["judged"]}
    for policy in document["policies"]:
        parts |= {(policy["code"], type_): c for type_, c in _policy(policy).items()}
    return parts


def _policy(policy: Document) -> dict[str, Document]:
    parts = {section["type"]: _text(section) for section in policy["sections"]}
    parts["heading"] = {key: policy[key] for key in HEADING}
    parts.setdefault("history", {}).update({key: policy[key] for key in HISTORY})
    parts.setdefault("budget", {}).update(policy["budget"])
    return parts


def _text(section: Document) -> Document:
    content = {key: section[key] for key in ("availability", "availability_note", "text")}
    if "categories" in section:
        content["categories"] = [
            {"code": category["code"], "detail": category["detail"]}
            for category in section["categories"]
        ]
    return content


def record(factsheets: Iterable[Factsheet], changes: ChangeSet, now: datetime) -> None:
    """Write a revision of every section whose content differs from its last revision."""
    changed = [found for factsheet in factsheets for found in _changed(factsheet)]
    before = _unconfirmed([section for section, *_ in changed])
    for section, content, hash_ in changed:
        section.version += 1
        section.content_hash = hash_
        if section.state in (State.SUBMITTED, State.APPROVED):
            section.state = State.DRAFT  # nobody has seen this text yet
        if changes.source == Source.EDITION:
            section.is_unconfirmed = _says_something(content)
        elif section.is_unconfirmed:
            section.is_unconfirmed = _own(before.get(section.pk, {})) == _own(content)
    Section.bookkeeping.bulk_update(
        [section for section, *_ in changed],
        ["version", "content_hash", "state", "is_unconfirmed"],
    )
    SectionRevision.objects.bulk_create(
        SectionRevision(
            factsheet_id=section.factsheet_id,
            section=section,
            policy_code=section.policy.code if section.policy else "",
            type=section.type,
            number=section.version,
            content=content,
            schema=SCHEMA,
            content_hash=hash_,
            author=changes.by,
            created_at=now,
            source=changes.source,
            note=changes.note,
        )
        for section, content, hash_ in changed
    )


def _unconfirmed(sections: Iterable[Section]) -> dict[int, Document]:
    """What the sections held before that were carried over and that nobody has confirmed yet."""
    numbers = {section.pk: section.version for section in sections if section.is_unconfirmed}
    if not numbers:
        return {}
    revisions = SectionRevision.objects.filter(section__in=numbers).select_related("type")
    return {
        found.section_id: content_of(found)
        for found in revisions
        if found.section_id and found.number == numbers[found.section_id]
    }


def _says_something(content: Any) -> bool:
    """Whether there is anything to confirm; a judgement is confirmed on its own."""
    if isinstance(content, dict):
        own = (value for key, value in content.items() if key not in ("language", "judged"))
        return any(map(_says_something, own))
    return content not in (None, "", [], False, *NOTHING)


def _own(content: Document) -> Document:
    """Without what a change elsewhere, or dating a reference, brings along: it confirms nothing."""
    own = {key: value for key, value in content.items() if key != "policies"}
    if "references" in own:
        own["references"] = [{**reference, "accessed": None} for reference in own["references"]]
    return own


def _changed(factsheet: Factsheet) -> list[tuple[Section, Document, str]]:
    return [
        (section, content, hash_)
        for section, content, hash_ in written(factsheet)
        if hash_ != section.content_hash
    ]


def written(factsheet: Factsheet) -> Iterator[tuple[Section, Document, str]]:
    """Every section of a draft from `document.drafts` with its content and that content's hash."""
    parts = contents(outline(factsheet))
    policies = {policy.pk: policy for policy in factsheet.policies.all()}
    for section in factsheet.sections.all():
        section.policy = policies[section.policy_id] if section.policy_id else None
        content = parts.get((section.policy.code if section.policy else "", section.type.code))
        if content is not None:
            yield section, content, digest(content)
