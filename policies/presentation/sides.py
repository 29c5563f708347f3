"""The factsheets that stand side by side: who they are, and which of their policies count."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from policies.document import standings
from policies.models import Standing
from policies.presentation.factsheet import Card, card_of
from policies.presentation.translated import translated
from policies.presentation.words import Document

Policy = dict[str, Any]


@dataclass(frozen=True)
class Member:
    """A policy of a side; `label` says why it is not counted, where it is not."""

    policy: Policy
    counts: bool
    label: str


@dataclass(frozen=True)
class Side:
    """A factsheet beside others. `label` tells it from them, `title` from all there are."""

    document: Document
    card: Card
    label: str
    title: str
    url: str
    members: list[Member]

    @property
    def counted(self) -> list[Policy]:
        return [member.policy for member in self.members if member.counts]


def side_of(document: Document, slug: str, name: str, *, by_year: bool = False) -> Side:
    """`slug` and `name` are those of the country today; `by_year` if editions are compared."""
    document = translated({**document, "country": {**document["country"], "name": name}})
    name = document["country"]["name"]
    card = card_of(document, slug)
    return Side(
        document=document,
        card=card,
        label=str(card.year) if by_year else name,
        title=f"{name} {card.year}",
        url=reverse("policies:factsheet_detail", args=[card.year, slug]),
        members=_members(document),
    )


def _members(document: Document) -> list[Member]:
    """Those that count first."""
    standing = standings(document)
    members = [_member(policy, standing[policy["code"]]) for policy in document["policies"]]
    return sorted(members, key=lambda member: not member.counts)


def _member(policy: Policy, standing: Standing) -> Member:
    labels = {
        Standing.EXAMPLE: _("Example, not counted"),
        Standing.ENDED: _("Ended, not counted"),
        Standing.FUTURE: _("Not yet started, not counted"),
    }
    return Member(policy, standing == Standing.IN_FORCE, labels.get(standing, ""))


def invented(sides: Iterable[Side]) -> list[str]:
    """The names of the demonstration countries among them."""
    names = (side.card.name for side in sides if side.card.is_demonstration)
    return list(dict.fromkeys(names))
