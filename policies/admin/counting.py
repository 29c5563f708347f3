"""Where sections stand, counted: by factsheet, by type, or altogether."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from policies.models import Factsheet, Section, SectionType, State, User
from policies.roles import visible


def sheets_of(user: User) -> QuerySet[Factsheet]:
    """The factsheets that the person may see, and whether they write or review them."""
    own = {"factsheet": OuterRef("pk"), "user": user.pk}
    return (
        visible(user, Factsheet.objects.select_related("country", "edition"))
        .annotate(
            is_mine=Exists(Factsheet.editors.through._default_manager.filter(**own)),
            is_mine_to_review=Exists(Factsheet.reviewers.through._default_manager.filter(**own)),
        )
        .order_by("-edition__year", "country__name")
    )


class Tally(NamedTuple):
    """How many sections of one type stand in one state in one factsheet."""

    factsheet: int
    type: int
    code: str
    part: str
    order: int
    heading: str
    title: str
    state: str
    is_unconfirmed: bool
    number: int

    @property
    def name(self) -> str:
        return str(SectionType(heading=self.heading, title=self.title))


def tallies(factsheets: Iterable[int]) -> list[Tally]:
    of = ("factsheet", "type", "type__code", "type__part", "type__order", "type__heading")
    found = Section.objects.filter(factsheet__in=list(factsheets)).order_by("type__order")
    rows = found.values_list(*of, "type__title", "state", "is_unconfirmed").annotate(Count("pk"))
    return [Tally(*row) for row in rows]


@dataclass
class Counts:
    """Where some sections stand; of the drafts, how many were carried over unconfirmed."""

    states: Counter[str] = field(default_factory=Counter)
    unconfirmed: int = 0

    def add(self, tally: Tally) -> None:
        self.states[tally.state] += tally.number
        self.unconfirmed += tally.number if tally.is_unconfirmed else 0

    @property
    def total(self) -> int:
        return self.states.total()

    @property
    def approved(self) -> int:
        return self.states[State.APPROVED]

    @property
    def is_approved(self) -> bool:
        return self.total == self.approved

    @cached_property
    def state(self) -> str:
        """The state that most asks for a look."""
        asking = (State.CHANGES_REQUESTED, State.SUBMITTED)
        found = next((state for state in asking if self.states[state]), State.DRAFT)
        return State.APPROVED if self.is_approved else found

    @property
    def sign(self) -> str:
        """The state in a sign, for colour alone tells nothing to many."""
        if self.state == State.DRAFT and self.unconfirmed:
            return "?"
        return SIGNS[State(self.state)]

    @property
    def words(self) -> str:
        """ "2 of 4 approved, 1 submitted"."""
        parts = [_("%(approved)d of %(total)d approved") % vars_of(self)]
        for state in (State.SUBMITTED, State.CHANGES_REQUESTED, State.DRAFT):
            if count := self.states[state]:
                parts.append(f"{count} {state.label}")
        if self.unconfirmed:
            parts.append(_("%(count)d not yet confirmed") % {"count": self.unconfirmed})
        return ", ".join(parts)


SIGNS = {
    State.APPROVED: "✓",
    State.SUBMITTED: "→",
    State.CHANGES_REQUESTED: "↩",
    State.DRAFT: "",
}


def vars_of(counts: Counts) -> dict[str, int]:
    return {"approved": counts.approved, "total": counts.total}


def counts_of(found: Iterable[Tally]) -> dict[int, Counts]:
    """By factsheet, where all its sections stand."""
    counts: dict[int, Counts] = {}
    for tally in found:
        counts.setdefault(tally.factsheet, Counts()).add(tally)
    return counts


def listed(**filters: Any) -> str:
    """The list of sections, narrowed."""
    return f"{_section_list()}?{urlencode(filters)}"


@cache  # asked for a thousand times by a big edition
def _section_list() -> str:
    return reverse("admin:policies_section_changelist")
