"""One revision per change of a section, whatever rows and ways the change took."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from policies.changes import ChangeSet
from policies.document import Document, outline
from policies.models import Factsheet, Section, SectionRevision, State

SCHEMA = 1

Key = tuple[str, str]  # (policy code or "", section type)

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


def contents(document: Document) -> dict[Key, Document]:
    """All that belongs to each section: every authored key stands in exactly one of them."""
    parts = {("", section["type"]): _text(section) for section in document["sections"]}
    parts.setdefault(("", "introduction"), {})
    parts["", "introduction"] |= {
        "language": document["language"],
        "policies_status": document["policies_status"],
    }
    parts["", "bibliography"] = {"references": document["references"]}
    for criterion in document["maturity"]["criteria"]:
        parts["", criterion["code"]] = {"text": criterion["text"], "judged": criterion["judged"]}
    for order, policy in enumerate(document["policies"]):
        parts |= {(policy["code"], type_): c for type_, c in _policy(policy, order).items()}
    return parts


def _policy(policy: Document, order: int) -> dict[str, Document]:
    parts = {section["type"]: _text(section) for section in policy["sections"]}
    parts["heading"] = {"order": order, **{key: policy[key] for key in HEADING}}
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
    for section, _content, hash_ in changed:
        section.version += 1
        section.content_hash = hash_
        if section.state == State.APPROVED:
            section.state = State.DRAFT
    Section.bookkeeping.bulk_update(
        [section for section, *_ in changed], ["version", "content_hash", "state"]
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


def _changed(factsheet: Factsheet) -> list[tuple[Section, Document, str]]:
    written = contents(outline(factsheet))
    codes = {policy.pk: policy for policy in factsheet.policies.all()}
    found = []
    for section in factsheet.sections.all():
        section.policy = codes.get(section.policy_id) if section.policy_id else None
        content = written.get((section.policy.code if section.policy else "", section.type.code))
        if content is not None and (hash_ := _hash(content)) != section.content_hash:
            found.append((section, content, hash_))
    return found


def _hash(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
