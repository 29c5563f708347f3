"""Contents of sections to the rows that hold them: many sections at once, a few statements.

`history.contents` turned around: every authored key of a content is written where it is kept.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from policies import bulk
from policies.changes import change_set
from policies.document import HEADING, HISTORY, Document, drafts
from policies.history import Key
from policies.loading import REFERENCE_FIELDS, set_budget
from policies.models import (
    Availability,
    Category,
    CriterionScore,
    Factsheet,
    Policy,
    Reference,
    Section,
    SectionCategory,
    SectionRevision,
    User,
)
from policies.models.assessment import JUDGED
from policies.settling import create_missing_sections

BUDGETS = ("overall", "annual")
AMOUNTS = ("availability", "amount", "currency", "words")
FACTS = (*HEADING, *HISTORY, *(f"{name}_{part}" for name in BUDGETS for part in AMOUNTS))
WRITTEN = ("availability", "availability_note", "text")

Wanted = Mapping[int, Mapping[Key, Document | None]]  # by factsheet; None: there is no such section


def write(factsheets: Collection[Factsheet], wanted: Wanted, *, by: User, now: datetime) -> None:
    """Give the sections of drafts from `document.drafts` these contents.

    A policy is added with the content of its heading and deleted with its None. The contents must
    have been checked; the caller holds the locks and says who, how and why in its change set.
    """
    with change_set() as changes:
        rows = _Rows(by, now)
        current = list(_with_policies(factsheets, wanted))
        for factsheet in current:
            rows.take(factsheet, wanted.get(factsheet.pk, {}))
        rows.write()
        changes.touch_drafts(current)


# Policies come and go


def _with_policies(factsheets: Collection[Factsheet], wanted: Wanted) -> Iterable[Factsheet]:
    """The factsheets with just the policies that are wanted, and the sections of each."""
    gone = [policy for each in factsheets for policy in _gone(each, wanted[each.pk])]
    new = [policy for each in factsheets for policy in _new(each, wanted[each.pk])]
    if not gone and not new:
        return factsheets
    for keys in bulk.chunks([policy.pk for policy in gone]):
        Policy.objects.filter(pk__in=keys).delete()
    bulk.insert(new)
    altered = {policy.factsheet_id for policy in (*gone, *new)}
    create_missing_sections(drafts(altered))
    _go_on_counting(new)
    same = [factsheet for factsheet in factsheets if factsheet.pk not in altered]
    return [*same, *drafts(altered)]


def _gone(factsheet: Factsheet, contents: Mapping[Key, Document | None]) -> list[Policy]:
    codes = {code for (code, type_), held in contents.items() if type_ == "heading" and not held}
    return [policy for policy in factsheet.policies.all() if policy.code in codes]


def _new(factsheet: Factsheet, contents: Mapping[Key, Document | None]) -> list[Policy]:
    there = {policy.code for policy in factsheet.policies.all()}
    new: list[Policy] = []
    for (code, type_), held in contents.items():
        if type_ == "heading" and held and code not in there:
            policy = Policy(factsheet=factsheet, code=code, order=len(there) + len(new))
            for part in ("heading", "history", "budget"):
                set_facts(policy, contents.get((code, part)) or {})
            new.append(policy)
    return new


def _go_on_counting(new: Collection[Policy]) -> None:
    """A policy that was there before goes on with the numbers of its old revisions."""
    codes = {(policy.factsheet_id, policy.code) for policy in new}
    old = SectionRevision.objects.filter(
        section=None, policy_code__in={code for _factsheet, code in codes}
    )
    last = {
        (factsheet, code, type_): number
        for factsheet, code, type_, number in old.order_by()
        .values_list("factsheet", "policy_code", "type")
        .annotate(Max("number"))
        if (factsheet, code) in codes
    }
    if not last:
        return
    sections = Section.objects.filter(factsheet__in={f for f, *_rest in last}, policy__isnull=False)
    counted = []
    for section in sections.select_related("policy"):
        key = (section.factsheet_id, section.policy.code if section.policy else "", section.type_id)
        if key in last:
            section.version = last[key]
            counted.append(section)
    bulk.update(counted, ["version"])


# Contents


@dataclass
class _Rows:
    """What is to be written, gathered over all factsheets."""

    by: User
    now: datetime
    sections: list[Section] = field(default_factory=list)
    policies: dict[int, Policy] = field(default_factory=dict)
    factsheets: list[Factsheet] = field(default_factory=list)
    scores: list[CriterionScore] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    new: list[Any] = field(default_factory=list)
    gone: list[Any] = field(default_factory=list)
    uses: list[SectionCategory] = field(default_factory=list)

    def __post_init__(self) -> None:
        categories = Category.objects.order_by("order", "code")
        self.categories = {(c.section_type_id, c.code): c for c in categories}

    def take(self, factsheet: Factsheet, contents: Mapping[Key, Document | None]) -> None:
        policies = {policy.code: policy for policy in factsheet.policies.all()}
        codes = {policy.pk: policy.code for policy in policies.values()}
        for section in factsheet.sections.all():
            code = codes[section.policy_id] if section.policy_id else ""
            if content := contents.get((code, section.type.code)):
                self._section(section, content)
                self._facts(factsheet, policies.get(code), policies, section.type.code, content)

    def _facts(
        self,
        factsheet: Factsheet,
        policy: Policy | None,
        policies: Mapping[str, Policy],
        type_: str,
        content: Document,
    ) -> None:
        if policy and content.keys() & {*HEADING, *HISTORY, *BUDGETS}:
            set_facts(policy, content)
            self.policies[policy.pk] = policy
        if "policies" in content:
            self._introduction(factsheet, policies, content)
        if "references" in content:
            self._bibliography(factsheet, content["references"])
        if "judged" in content:
            self._judgement(factsheet, type_, content["judged"])

    def _section(self, section: Section, content: Document) -> None:
        for name in WRITTEN:
            if name in content:
                setattr(section, name, content[name])
        if "judged" in content or "references" in content:
            said = content.get("text") or content.get("references")
            reported, open_ = Availability.REPORTED, Availability.NOT_RESEARCHED
            section.availability = reported if said else open_
        self.sections.append(section)
        if "categories" in content:
            self._categories(section, content["categories"])

    def _categories(self, section: Section, wanted: list[Document]) -> None:
        has = {use.category.code: use for use in section.uses.all()}
        details = {use["code"]: use["detail"] for use in wanted}
        if details == {code: use.detail for code, use in has.items()}:
            return
        uses = []
        for (type_, code), category in self.categories.items():
            if type_ == section.type_id and code in details:
                row = has.pop(code, None) or SectionCategory(section=section, category=category)
                if row._state.adding:
                    self.new.append(row)
                elif row.detail != details[code]:
                    self.uses.append(row)
                row.detail = details[code]
                uses.append(row)
        self.gone += has.values()
        section._prefetched_objects_cache = {"uses": uses}  # type: ignore[attr-defined]

    def _introduction(
        self, factsheet: Factsheet, policies: Mapping[str, Policy], content: Document
    ) -> None:
        factsheet.language = content["language"]
        factsheet.policies_status = content["policies_status"]
        self.factsheets.append(factsheet)
        for order, code in enumerate(_order(content["policies"], policies)):
            if code in policies and policies[code].order != order:
                policies[code].order = order
                self.policies[policies[code].pk] = policies[code]
        _known(factsheet, "policies", sorted(policies.values(), key=lambda p: (p.order, p.pk)))

    def _bibliography(self, factsheet: Factsheet, wanted: list[Document]) -> None:
        has = {reference.key: reference for reference in factsheet.references.all()}
        rows = []
        for order, item in enumerate(wanted):
            row = has.pop(item["key"], None) or Reference(factsheet=factsheet, key=item["key"])
            row.order = order
            for name in REFERENCE_FIELDS:
                setattr(row, name, item[name])
            row.accessed = date.fromisoformat(item["accessed"]) if item["accessed"] else None
            (self.references if row.pk else self.new).append(row)
            rows.append(row)
        self.gone += has.values()
        _known(factsheet, "references", rows)

    def _judgement(self, factsheet: Factsheet, code: str, judged: Document | None) -> None:
        scores = {score.criterion.code: score for score in factsheet.criterion_scores.all()}
        score = scores.get(code)
        if score and score.judged_otherwise(judged):
            score.judge_as(judged, by=self.by, now=self.now)
            self.scores.append(score)

    def write(self) -> None:
        bulk.update(self.sections, WRITTEN)
        bulk.update(list(self.policies.values()), ["order", *FACTS])
        bulk.update(self.factsheets, ["language", "policies_status"])
        bulk.update(self.scores, JUDGED)
        bulk.update(self.references, ["order", "accessed", *REFERENCE_FIELDS])
        bulk.update(self.uses, ["detail"])
        for model in (SectionCategory, Reference):
            bulk.delete([row for row in self.gone if isinstance(row, model)])
            bulk.insert([row for row in self.new if isinstance(row, model)])


def _order(listed: list[str], policies: Iterable[str]) -> list[str]:
    """The policies as they are listed; one that is there all the same keeps its place."""
    ordered = list(listed)
    for place, code in enumerate(policies):
        if code not in listed:
            ordered.insert(place, code)
    return ordered


def _known(factsheet: Factsheet, name: str, rows: list[Any]) -> None:
    """Have the draft know what its rows are now, for it is recorded and scored as it is."""
    factsheet._prefetched_objects_cache[name]._result_cache = rows  # type: ignore[attr-defined]


def set_facts(policy: Policy, content: Document) -> None:
    """The facts of a policy that its heading, history or budget holds."""
    for name in (*HEADING, *HISTORY):
        if name in content:
            setattr(policy, name, content[name])
    for name in BUDGETS:
        if name in content:
            set_budget(policy, name, content[name])
