"""The changes of an import, as its page shows them: what would be otherwise, word by word."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from policies.differences import Difference, difference, in_short
from policies.models import BatchChange, Category, ChangeStatus, Factsheet, Policy, Section

Names = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Shown:
    """A change, and what it does in words."""

    change: BatchChange
    factsheet: Factsheet
    title: str
    rows: str
    difference: Difference
    history: str = ""  # the address of the section's history, once there is a section

    @property
    def is_conflict(self) -> bool:
        return self.change.status == ChangeStatus.CONFLICT

    @property
    def takes_out(self) -> bool:
        return self.change.after is None


def shown(changes: Iterable[BatchChange]) -> Iterator[Shown]:
    """For changes with their types and factsheets; a fixed number of queries."""
    changes = list(changes)
    factsheets = {change.factsheet_id for change in changes}
    labels = _labels({change.type_id for change in changes})
    policies = _policies(factsheets)
    sections = _sections(factsheets)
    for change in changes:
        own = policies.get(change.factsheet_id, {})
        key = sections.get((change.factsheet_id, change.policy_code, change.type_id))
        yield Shown(
            change,
            change.factsheet,
            _title(change, own),
            ", ".join(f"{sheet} {row}" for sheet, row in change.places),
            in_short(difference(change.before, change.after, labels[change.type_id] | own)),
            reverse("admin:policies_section_history", args=[key]) if key else "",
        )


def _title(change: BatchChange, policies: Names) -> str:
    if not change.policy_code:
        return str(change.type)
    heading = change.after if change.type.code == "heading" else None
    named = "; ".join(heading["names"]) if heading else ""
    name = policies.get(("policy", change.policy_code)) or named or change.policy_code
    return f"{name}, {change.type}"


def _labels(types: set[int]) -> dict[int, Names]:
    labels: dict[int, Names] = {type_: {} for type_ in types}
    rows = Category.objects.filter(section_type__in=types).order_by()
    for type_, code, label in rows.values_list("section_type", "code", "label"):
        labels[type_]["category", code] = label
    return labels


def _policies(factsheets: set[int]) -> Mapping[int, Names]:
    names: dict[int, Names] = {}
    for policy in Policy.objects.filter(factsheet__in=factsheets).order_by():
        names.setdefault(policy.factsheet_id, {})["policy", policy.code] = str(policy)
    return names


def _sections(factsheets: set[int]) -> dict[tuple[int, str, int], Any]:
    rows = Section.objects.filter(factsheet__in=factsheets).order_by()
    found = rows.values_list("factsheet", "policy__code", "type", "pk")
    return {(factsheet, code or "", type_): pk for factsheet, code, type_, pk in found}
