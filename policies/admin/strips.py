"""What stands beside each part of a draft on the review page; the queries do not grow."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from policies.differences import Difference, Names, difference
from policies.document import Document
from policies.history import content_of, contents, written
from policies.lint import Finding
from policies.models import (
    Category,
    Comment,
    Factsheet,
    Publication,
    ReviewEvent,
    Section,
    SectionRevision,
    State,
    User,
)
from policies.roles import TABLE, Role, Step, roles_of
from scoring.facts import digest

STEPS = (Step.SUBMIT, Step.APPROVE, Step.RETURN, Step.REOPEN, Step.CONFIRM)


@dataclass(frozen=True)
class Since:
    """What changed in a section since it was approved or published."""

    title: str
    difference: Difference


@dataclass
class Strip:
    """A section as its reviewer has to know it."""

    section: Section
    last: SectionRevision | None  # the revision that is shown
    is_new: bool
    since: list[Since]
    asks_kind: bool
    findings: list[Finding]
    comments: list[Comment]
    may: dict[str, bool] = field(default_factory=dict)  # by the name of the step
    is_own: bool = False  # so that somebody else has to approve it
    typed: str = ""
    kind: str = ""
    next: str = ""  # the strip that waits after this one

    @property
    def id(self) -> str:
        return strip_id(self.section)

    @property
    def form(self) -> str:
        """Where the section is written."""
        row = self.section.policy or self.section.factsheet
        address = reverse(f"admin:policies_{row._meta.model_name}_change", args=[row.pk])
        return f"{address}#section-{self.section.type.code}"

    @property
    def waits(self) -> bool:
        """Whether the person can decide on it now."""
        return bool(self.may.get(Step.APPROVE) or self.may.get(Step.RETURN))

    @property
    def unfolds(self) -> bool:
        """Whether something typed here waits to be sent."""
        return bool(self.typed or self.kind)


def strip_id(section: Section) -> str:
    return f"review-{section.anchor}"


@dataclass(frozen=True)
class Past:
    """What was approved and published of the sections before."""

    approved: Mapping[int, SectionRevision]
    published: Mapping[tuple[str, str], Document]
    number: int | None  # of the version that was published last
    names: Mapping[str, Names]  # by section type

    def of(self, section: Section) -> tuple[SectionRevision | None, Document | None]:
        key = (section.policy.code if section.policy else "", section.type.code)
        return self.approved.get(section.pk), self.published.get(key)

    def since(self, section: Section, content: Document, hash_: str) -> Iterator[Since]:
        """One difference where the approved text and the published one are the same."""
        names = self.names.get(section.type.code, {})
        approved, published = self.of(section)
        published_hash = digest(published) if published else ""
        if approved and approved.content_hash not in (hash_, published_hash):
            title = _("Changed since it was approved")
            yield Since(title, difference(content_of(approved), content, names))
        if published and published_hash != hash_:
            title = _("Changed since version %(number)d") % {"number": self.number}
            yield Since(title, difference(published, content, names))

    def asks_kind(self, section: Section, hash_: str) -> bool:
        """Whether readers would see a change, whose kind has to be said."""
        published = self.of(section)[1]
        return self.number is not None and (published is None or digest(published) != hash_)

    def is_new(self, section: Section) -> bool:
        approved, published = self.of(section)
        return published is None and (approved is None or self.number is not None)


def past_of(draft: Factsheet) -> Past:
    latest = Publication.objects.filter(factsheet=draft).order_by("-number").first()
    keys = [s.approved_revision_id for s in draft.sections.all() if s.approved_revision_id]
    approved = SectionRevision.objects.filter(pk__in=keys).select_related("type")
    return Past(
        {revision.section_id: revision for revision in approved if revision.section_id},
        contents(latest.document) if latest else {},
        latest.number if latest else None,
        _names(draft, latest),
    )


def _names(draft: Factsheet, latest: Publication | None) -> Mapping[str, Names]:
    """What the codes in a section's contents are called, by its type."""
    names: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    labels = Category.objects.order_by().values_list("section_type__code", "code", "label")
    for type_, code, label in labels:
        names[type_]["category", code] = label
    for policy in latest.document["policies"] if latest else ():
        names["introduction"]["policy", policy["code"]] = policy["names"][0]
    for each in draft.policies.all():
        names["introduction"]["policy", each.code] = each.name
    return names


@dataclass(frozen=True)
class People:
    """Who wrote and confirmed what is shown, as it decides who may approve it."""

    last: Mapping[int, SectionRevision]
    confirmed: Container[tuple[int, int]]  # (section, person)

    def is_own(self, section: Section, user: User) -> bool:
        last = self.last.get(section.pk)
        return bool(last and last.author_id == user.pk) or (section.pk, user.pk) in self.confirmed

    def is_mended(self, section: Section) -> bool:
        """Whether a reviewer wrote it, so that the editor may approve it."""
        last = self.last.get(section.pk)
        return bool(last and last.author and Role.REVIEWER in roles_of(last.author))


def people_of(factsheet: Factsheet) -> People:
    shown = SectionRevision.objects.filter(factsheet=factsheet, number=F("section__version"))
    last = shown.select_related("author").prefetch_related("author__groups").defer("content")
    confirmed = ReviewEvent.objects.filter(
        factsheet=factsheet,
        action=ReviewEvent.Action.CONFIRMED,
        revision__number=F("revision__section__version"),
    )
    return People(
        {revision.section_id: revision for revision in last.order_by() if revision.section_id},
        set(confirmed.order_by().values_list("revision__section", "by")),
    )


@dataclass(frozen=True)
class Notes:
    """What was found and said about a draft, by anchor, and what somebody has begun to type."""

    findings: Mapping[str, list[Finding]]
    comments: Mapping[str, list[Comment]]
    typed: Mapping[str, str]


def by_anchor(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """Findings or comments by the address of their section; "" is the whole factsheet."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.anchor].append(row)
    return found


def strips_of(
    draft: Factsheet, past: Past, user: User, allowed: Mapping[str, bool], notes: Notes
) -> dict[str, Strip]:
    """By anchor, in the order of the sections; `allowed` says which steps `user` may take."""
    people = people_of(draft)
    strips = {}
    for section, content, hash_ in written(draft):
        strip = Strip(
            section=section,
            last=people.last.get(section.pk),
            is_new=past.is_new(section),
            since=list(past.since(section, content, hash_)),
            asks_kind=past.asks_kind(section, hash_),
            findings=notes.findings[section.anchor],
            comments=notes.comments[section.anchor],
            typed=notes.typed.get(f"text-{section.pk}", ""),
            kind=notes.typed.get(f"kind-{section.pk}", ""),
        )
        _offer(strip, people, user, allowed)
        strips[section.anchor] = strip
    _chain(list(strips.values()))
    return strips


def _offer(strip: Strip, people: People, user: User, allowed: Mapping[str, bool]) -> None:
    """Which steps the person can take with a section now."""
    section = strip.section
    may = {step: allowed[step] and section.state in TABLE[step].states for step in STEPS}
    mended = allowed[Step.ACCEPT] and people.is_mended(section)
    judges = section.state == State.SUBMITTED and (allowed[Step.APPROVE] or mended)
    strip.is_own = judges and people.is_own(section, user)
    may[Step.APPROVE] = judges and not strip.is_own and not section.is_unconfirmed
    may[Step.SUBMIT] = may[Step.SUBMIT] and not section.is_unconfirmed
    may[Step.CONFIRM] = may[Step.CONFIRM] and section.is_unconfirmed
    strip.may = {step.value: able for step, able in may.items()}


def _chain(strips: list[Strip]) -> None:
    """Lead from each section that waits for the person to the next one."""
    waiting = [strip for strip in strips if strip.waits]
    for strip, following in pairwise(waiting):
        strip.next = following.id
