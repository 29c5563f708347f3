"""Last edition's document as the next edition can take it, and what does not fit any more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from policies.document import HEADING, HISTORY, SCHEMA, Document
from policies.loading import REFERENCE_FIELDS
from policies.models import (
    Availability,
    Category,
    Country,
    Edition,
    Part,
    PoliciesStatus,
    SectionType,
)
from scoring.facts import Kind, PolicyFacts, counts


@dataclass(frozen=True)
class Loss:
    """What could not be carried over as it was: the anchor of its section, and its words."""

    anchor: str
    message: str


@dataclass(frozen=True)
class Frame:
    """What an edition can hold, read once for all countries."""

    edition: Edition
    types: Mapping[str, SectionType]
    categories: Mapping[str, Mapping[str, Category]]  # by section type
    levels: Mapping[str, set[float]]  # by criterion


def frame_of(edition: Edition) -> Frame:
    categories: dict[str, dict[str, Category]] = {}
    for category in Category.objects.select_related("section_type", "since", "until"):
        categories.setdefault(category.section_type.code, {})[category.code] = category
    types = SectionType.objects.select_related("since", "until")
    criteria = edition.rubric.table().criteria
    return Frame(
        edition,
        {type_.code: type_ for type_ in types},
        categories,
        {c.code: {float(level.points) for level in c.levels} for c in criteria},
    )


def carried(last: Document, country: Country, frame: Frame) -> tuple[Document, list[Loss]]:
    """A draft's or a publication's document for the frame's edition, and its losses."""
    carrying = _Carrying(last, country, frame)
    return carrying.document(), carrying.losses


class _Carrying:
    def __init__(self, last: Document, country: Country, frame: Frame) -> None:
        self.last = last
        self.country = country
        self.frame = frame
        self.losses: list[Loss] = []

    def document(self) -> Document:
        last = self.last
        policies = [self._policy(policy) for policy in last["policies"]]
        return {
            "schema": SCHEMA,
            "language": last["language"],
            "country": {"code": self.country.code},
            "edition": {"year": self.frame.edition.year},
            "policies_status": self._status(last["policies_status"], policies),
            "sections": list(self._sections("", last["sections"])),
            "policies": policies,
            "maturity": {"criteria": list(self._criteria())},
            "references": [
                {name: reference[name] for name in ("key", "accessed", *REFERENCE_FIELDS)}
                for reference in last["references"]
            ],
        }

    def _lose(self, anchor: str, message: str, **words: Any) -> None:
        words |= {"year": self.frame.edition.year, "before": self.last["edition"]["year"]}
        self.losses.append(Loss(anchor, message % words))

    def _status(self, status: str, policies: list[Document]) -> str:
        """What counts depends on the year: a policy may have begun since."""
        year = self.frame.edition.collected_on.year
        if status != PoliciesStatus.NONE_EXIST or not any(_counts(p, year) for p in policies):
            return status
        message = _("In %(before)s no policy existed; in %(year)s one counts. Say which it is.")
        self._lose(Part.INTRODUCTION, message)
        return PoliciesStatus.NOT_RESEARCHED

    def _policy(self, policy: Document) -> Document:
        return {
            **{name: policy[name] for name in ("code", *HEADING, *HISTORY)},
            "budget": {
                name: {key: budget[key] for key in ("availability", "amount", "currency", "words")}
                for name, budget in policy["budget"].items()
            },
            "sections": list(self._sections(f"{policy['code']}.", policy["sections"])),
        }

    def _sections(self, prefix: str, sections: list[Document]) -> Iterator[Document]:
        for section in sections:
            anchor = f"{prefix}{section['type']}"
            if self._applies(section["type"]):
                yield self._section(anchor, section)
            elif said := _said(section):
                message = _(
                    "“%(section)s” is no section of the %(year)s edition, so it was left out. In "
                    "%(before)s it said: %(said)s"
                )
                self._lose(anchor, message, section=section["title"], said=said)

    def _applies(self, code: str) -> bool:
        type_ = self.frame.types.get(code)
        return bool(type_ and type_.applies_to(self.country, self.frame.edition))

    def _section(self, anchor: str, section: Document) -> Document:
        type_ = self.frame.types[section["type"]]
        kept = {name: section[name] for name in ("type", "availability", "availability_note")}
        kept["text"] = self._text(anchor, section["text"], type_)
        if "categories" in section:
            kept["categories"] = self._categories(anchor, section)
        return kept

    def _text(self, anchor: str, text: str, type_: SectionType) -> str:
        if type_.takes_text or not text:
            return text
        message = _("“%(section)s” takes no text any more. In %(before)s it said: %(said)s")
        self._lose(anchor, message, section=type_.title, said=text)
        return ""

    def _categories(self, anchor: str, section: Document) -> list[Document]:
        kept: dict[str, Document] = {}
        for use in section["categories"]:
            now = self._successor(section["type"], use["code"])
            if now is None:
                message = _("The category “%(category)s” is not in the %(year)s edition: left out.")
                self._lose(anchor, message, category=_labelled(use))
                continue
            if now.code != use["code"]:
                message = _("The category “%(category)s” was replaced by “%(now)s”.")
                self._lose(anchor, message, category=_labelled(use), now=now.label)
            kept.setdefault(now.code, {"code": now.code, "detail": self._detail(anchor, use, now)})
        return list(kept.values())

    def _successor(self, type_: str, code: str) -> Category | None:
        """The category, or the first of those that replaced it that the edition has."""
        known = self.frame.categories.get(type_, {})
        by_key = {category.pk: category for category in known.values()}
        category, seen = known.get(code), set()
        while category and not category.is_in(self.frame.edition) and category.pk not in seen:
            seen.add(category.pk)
            category = by_key.get(category.replaced_by_id or 0)
        return category if category and category.is_in(self.frame.edition) else None

    def _detail(self, anchor: str, use: Document, now: Category) -> str:
        if now.needs_detail:
            return use["detail"] or use["label"]
        if use["detail"] and now.code == use["code"]:
            message = _("The category “%(category)s” takes no detail any more.")
            self._lose(anchor, message, category=_labelled(use))
        return ""

    def _criteria(self) -> Iterator[Document]:
        for criterion in self.last["maturity"]["criteria"]:
            code, text = criterion["code"], criterion["text"]
            levels = self.frame.levels.get(code)
            if text and (levels is None or not self._applies(code)):
                message = _(
                    "“%(section)s” is no criterion of the %(year)s edition. In %(before)s its text "
                    "said: %(said)s"
                )
                self._lose(code, message, section=self._title(code), said=text)
                text = ""
            judged = self._judged(code, criterion["judged"], levels or set())
            if levels is not None:
                yield {"code": code, "text": text, "judged": judged}

    def _judged(self, code: str, judged: Document | None, levels: set[float]) -> Document | None:
        if judged is None or float(judged["points"]) in levels:
            return judged
        message = _(
            "“%(section)s” was judged with %(points)s in %(before)s, a level that the rubric of "
            "%(year)s does not have: judge it anew. The reason was: %(said)s"
        )
        points, said = f"{judged['points']:g}", judged["reason"] or "–"
        self._lose(code, message, section=self._title(code), points=points, said=said)
        return None

    def _title(self, code: str) -> str:
        return self.frame.types[code].title if code in self.frame.types else code


def _counts(policy: Document, year: int) -> bool:
    facts = {name: policy[name] for name in ("code", "is_example", "starting_year", "ending_year")}
    return counts(PolicyFacts(name="", kind=Kind(policy["kind"]), **facts), year)


def _said(section: Document) -> str:
    """All that a section said, in one text; nothing if nobody wrote anything."""
    availability = section["availability"]
    parts = [_labelled(use) for use in section.get("categories", [])]
    parts += [section["availability_note"], section["text"]]
    if availability not in (Availability.REPORTED, Availability.NOT_RESEARCHED):
        parts.insert(0, str(Availability(availability).label))
    return "\n".join(part for part in parts if part)


def _labelled(use: Document) -> str:
    return f"{use['label']}: {use['detail']}" if use["detail"] else use["label"]
