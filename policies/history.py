"""One revision per change of a section, whatever rows and ways the change took."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from policies import bulk
from policies.changes import ChangeSet, Source
from policies.document import HEADING, HISTORY, Document, outline
from policies.models import Availability, Factsheet, Period, Section, SectionRevision, State
from scoring.facts import digest

SCHEMA = 1
# From each schema to the next, by content and section type: pure, and never changed once written.
UPGRADES: dict[int, Callable[[Document, str], Document]] = {}

Key = tuple[str, str]  # (policy code or "", section type)
NOTHING = (Availability.NOT_RESEARCHED, Period.UNKNOWN)
TEXT = ("availability", "availability_note", "text", "categories")
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


def assembled(document: Document, parts: Mapping[Key, Document]) -> Document:
    """The document with these contents in place of its own: `contents` turned around.

    Only authored keys; labels and titles of what was not there before are left out.
    """
    introduction = parts["", "introduction"]
    facts = ("language", "policies_status")
    return {
        **document,
        **{name: introduction[name] for name in facts},
        "sections": [
            {**section, **parts["", section["type"]]}
            for section in document["sections"]
            if ("", section["type"]) in parts
        ],
        "policies": [_assembled_policy(code, parts) for code in introduction["policies"]],
        "maturity": {
            "criteria": [
                {"code": criterion["code"], **parts["", criterion["code"]]}
                for criterion in document["maturity"]["criteria"]
            ]
        },
        "references": parts.get(("", "bibliography"), {}).get("references", []),
    }


def _assembled_policy(code: str, parts: Mapping[Key, Document]) -> Document:
    own = {type_: content for (policy, type_), content in parts.items() if policy == code}
    history, budget = own.get("history", {}), own.get("budget", {})
    return {
        "code": code,
        **own["heading"],
        **{name: history[name] for name in HISTORY if name in history},
        "budget": {name: budget[name] for name in ("overall", "annual") if name in budget},
        "sections": [
            {"type": type_, **{name: content[name] for name in TEXT if name in content}}
            for type_, content in own.items()
            if type_ != "heading"
        ],
    }


def _text(section: Document) -> Document:
    content = {key: section[key] for key in ("availability", "availability_note", "text")}
    if "categories" in section:
        content["categories"] = [
            {"code": category["code"], "detail": category["detail"]}
            for category in section["categories"]
        ]
    return content


def record(
    factsheets: Iterable[Factsheet],
    documents: Mapping[int, Document],
    changes: ChangeSet,
    now: datetime,
) -> None:
    """Write a revision of every section whose content differs from its last revision.

    `documents` are the outlines of the factsheets, by their keys.
    """
    changed = [
        found for factsheet in factsheets for found in _changed(factsheet, documents[factsheet.pk])
    ]
    before = _unconfirmed([section for section, *_ in changed])
    for section, content, hash_ in changed:
        section.version += 1
        section.content_hash = hash_
        if section.state in (State.SUBMITTED, State.APPROVED):
            section.state = State.DRAFT  # nobody has seen this text yet
        if changes.source == Source.EDITION:
            section.is_unconfirmed = says_something(content)
        elif section.is_unconfirmed:
            section.is_unconfirmed = _own(before.get(section.pk, {})) == _own(content)
    bulk.update(
        [section for section, *_ in changed],
        ["version", "content_hash", "state", "is_unconfirmed"],
    )
    revisions = [
        SectionRevision(
            factsheet_id=section.factsheet_id,
            section_id=section.pk,
            policy_code=section.policy.code if section.policy else "",
            type_id=section.type_id,
            number=section.version,
            content=content,
            schema=SCHEMA,
            content_hash=hash_,
            author_id=changes.by.pk if changes.by else None,
            created_at=now,
            source=changes.source,
            note=changes.note,
            batch_id=changes.batch,
        )
        for section, content, hash_ in changed
    ]
    bulk.insert(revisions)


def _unconfirmed(sections: Iterable[Section]) -> dict[int, Document]:
    """What the sections held before that were carried over and that nobody has confirmed yet."""
    numbers = {section.pk: section.version for section in sections if section.is_unconfirmed}
    if not numbers:
        return {}
    return {
        found.section_id: content_of(found)
        for found in revisions_of(numbers)
        if found.section_id and found.number == numbers[found.section_id]
    }


def revisions_of(sections: Collection[int]) -> Iterator[SectionRevision]:
    """All revisions of the sections; a list of very many would be too long for SQLite."""
    for keys in bulk.chunks(sections):
        yield from SectionRevision.objects.filter(section__in=keys).select_related("type")


def says_something(content: Any) -> bool:
    """Whether there is anything to confirm; a judgement is confirmed on its own."""
    if isinstance(content, dict):
        own = (value for key, value in content.items() if key not in ("language", "judged"))
        return any(map(says_something, own))
    return content not in (None, "", [], False, *NOTHING)


def _own(content: Document) -> Document:
    """Without what a change elsewhere, or dating a reference, brings along: it confirms nothing."""
    own = {key: value for key, value in content.items() if key != "policies"}
    if "references" in own:
        own["references"] = [{**reference, "accessed": None} for reference in own["references"]]
    return own


def _changed(factsheet: Factsheet, document: Document) -> list[tuple[Section, Document, str]]:
    return [
        (section, content, hash_)
        for section, content, hash_ in written(factsheet, document)
        if hash_ != section.content_hash
    ]


def written(
    factsheet: Factsheet, document: Document | None = None
) -> Iterator[tuple[Section, Document, str]]:
    """Every section of a draft from `document.drafts` with its content and that content's hash."""
    parts = contents(document or outline(factsheet))
    policies = {policy.pk: policy for policy in factsheet.policies.all()}
    for section in factsheet.sections.all():
        section.policy = policies[section.policy_id] if section.policy_id else None
        content = parts.get((section.policy.code if section.policy else "", section.type.code))
        if content is not None:
            yield section, content, digest(content)
