"""Which countries have what a step would bring, and which brought it since the edition before.

A step is looked for as what is there once it is made: a policy in force of a kind, one that shows
something, an ended one that was evaluated, a cluster policy that has run since a year. Real and
invented countries are found apart. Rows of whole editions are read, in two queries at most.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from policies.finding import SLUG, YEAR
from policies.folding import alphabetical
from policies.models import CategoryUse, Country, Publication, Standing
from policies.presentation.translated import country_name
from scoring.facts import Facts, Kind, Known, PolicyFacts, ended
from scoring.maturity import CriterionTable
from scoring.steps import EVALUATIONS, KIND, SINCE, STATUS, SUPPORT, Change, Step, applied

SIDES = {"cluster": (Kind.CLUSTER,), "other": (Kind.BROAD, Kind.SECTORAL)}
NAME, GROUP = "factsheet__country__name", "factsheet__country__group"


class Deed(NamedTuple):
    """One thing that a country can have: `of` says of what, `what` which one.

    "kind": a policy in force of that kind; "policy": one in force that shows it, "cluster" and
    "other" if that kind of policy does; "past": an ended policy that was evaluated; "since": a
    cluster policy in force that has run without a break since that year, or longer.
    """

    of: str
    what: str | int


def deeds(step: Step, facts: Facts, criterion: CriterionTable) -> frozenset[Deed]:
    """What there is after a step that `facts` did not have; of the status nothing is."""
    after = {policy.code: policy for policy in applied(facts, step.changes).policies}
    return frozenset(
        deed
        for change in step.changes
        if change.fact != STATUS
        for deed in _deeds(after[change.policy], change, step, facts, criterion)
    )


def _deeds(
    policy: PolicyFacts, change: Change, step: Step, facts: Facts, criterion: CriterionTable
) -> Iterator[Deed]:
    fact = change.fact
    if fact == SINCE:
        yield Deed(SINCE, change.value)
    elif fact == KIND:
        yield from _of_kind(policy, step, criterion)
    elif fact in SUPPORT:
        yield _support(policy, fact)
    elif ended(policy, facts.collection_year):
        yield Deed("past", "evaluated")
    else:
        yield Deed("policy", fact)


def _of_kind(policy: PolicyFacts, step: Step, criterion: CriterionTable) -> Iterator[Deed]:
    """The kind where it decides; else what the policy shows, which now counts for its kind."""
    if {"kind", "cluster_years"} & set(criterion.reads) or len(step.changes) == 1:
        yield Deed(KIND, policy.kind)
    side = "cluster" if policy.kind == Kind.CLUSTER else "other"
    for name in SUPPORT:
        if f"{side}_{name}" in criterion.reads and getattr(policy, name) == Known.PRESENT:
            yield _support(policy, name)


def _support(policy: PolicyFacts, name: str) -> Deed:
    return Deed("cluster" if policy.kind == Kind.CLUSTER else "other", name)


@dataclass(frozen=True)
class Place:
    """A country of an edition, as the site calls it today."""

    name: str
    slug: str
    is_invented: bool


@dataclass(frozen=True)
class Holder:
    """A country that has something, and where its factsheet says so."""

    name: str
    url: str


@dataclass(frozen=True)
class Precedents:
    """Of the `others`, how many countries have it; `made` if they did not in the edition before.

    `url` is the list of them all, where there is one.
    """

    having: list[Holder]
    made: list[Holder]
    invented: list[Holder]
    others: int
    url: str


@dataclass
class _Edition:
    """Who has what, by the country's word in addresses, with the place that says so."""

    year: int
    places: dict[str, Place] = field(default_factory=dict)
    anchors: dict[Deed, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def holders(self, wanted: Iterable[Deed]) -> dict[str, str]:
        """Those who have all of it, with the place of the first."""
        found = [self.anchors.get(deed, {}) for deed in wanted]
        return {slug: found[0][slug] for slug in found[0] if all(slug in each for each in found)}

    def keep(self, deed: Deed, slug: str, anchor: str) -> None:
        self.anchors[deed].setdefault(slug, anchor)


class Field:
    """The countries of an edition and of the one before, as far as some deeds concern them."""

    def __init__(self, year: int, before: int | None, own: str, wanted: set[Deed]) -> None:
        self.own, self.wanted = own, wanted
        self.now = _Edition(year)
        self.before = None if before is None else _Edition(before)
        self.editions = {each.year: each for each in (self.now, self.before) if each}
        self.categories: dict[str, set[str]] = defaultdict(set)  # by what they prove
        self.published: dict[int, tuple[_Edition, str]] = {}  # by key; the country's word
        if wanted:
            self._read_publications()
            self._read_evidence()

    def precedents(self, wanted: frozenset[Deed]) -> Precedents | None:
        """Of a step that brings nothing that a country could have, there are none."""
        if not wanted:
            return None
        ordered = sorted(wanted, key=lambda deed: (deed.of == KIND, str(deed)))
        holders = self.now.holders(ordered)
        before = self.before.holders(ordered) if self.before else {}
        real = [slug for slug in self._others if slug in holders]
        made = [slug for slug in real if slug in self._earlier and slug not in before]
        invented = [slug for slug in self._invented if slug in holders]
        return Precedents(
            having=[self._holder(slug, holders[slug]) for slug in real],
            made=[self._holder(slug, holders[slug]) for slug in made],
            invented=[self._holder(slug, holders[slug]) for slug in invented],
            others=len(self._others),
            url=self._list(ordered),
        )

    @cached_property
    def _others(self) -> list[str]:
        return self._places(invented=False)

    @cached_property
    def _invented(self) -> list[str]:
        return self._places(invented=True)

    @property
    def _earlier(self) -> dict[str, Place]:
        return self.before.places if self.before else {}

    def _places(self, *, invented: bool) -> list[str]:
        places = sorted(self.now.places.values(), key=lambda place: alphabetical(place.name))
        found = (place.slug for place in places if place.is_invented == invented)
        return [slug for slug in found if slug != self.own]

    def _holder(self, slug: str, anchor: str) -> Holder:
        page = reverse("policies:factsheet_detail", args=[self.now.year, slug])
        return Holder(self.now.places[slug].name, f"{page}#{anchor}")

    def _list(self, wanted: list[Deed]) -> str:
        """The list of those who have one thing; no list asks for two, nor since when policies run.

        It is of the real countries, whose policies in force stand in a part of their own.
        """
        if len(wanted) != 1 or wanted[0].of in ("past", SINCE):
            return ""
        of, what = wanted[0]
        asked: list[tuple[str, Any]] = [("edition", self.now.year)]
        if of == KIND:
            asked.append(("kind", what))
        else:
            asked += [("kind", str(kind)) for kind in SIDES.get(of, ())]
            asked += [("category", word) for word in sorted(self.categories[str(what)])]
        return f"{reverse('policies:policy_list')}?{urlencode([*asked, ('part', 'in-force')])}"

    def _read_publications(self) -> None:
        """Which countries there are, and their policies in force of the kinds that are wanted."""
        kinds = {deed.what for deed in self.wanted if deed.of == KIND} | {Kind.CLUSTER}
        in_force = Q(policies__standing=Standing.IN_FORCE, policies__kind__in=kinds)
        rows = (
            Publication.objects.current()
            .filter(**{f"{YEAR}__in": list(self.editions)})
            .annotate(
                policy=FilteredRelation("policies", condition=in_force),
                since=Coalesce(F("policy__continuous_since"), F("policy__starting_year")),
            )
            .order_by("policy__pk")
            .values_list("pk", YEAR, SLUG, NAME, GROUP, "policy__code", "policy__kind", "since")
        )
        for key, year, slug, name, group, code, kind, since in rows:
            edition = self.editions[year]
            self.published[key] = edition, slug
            invented = group == Country.Group.DEMONSTRATION
            edition.places[slug] = Place(country_name(name), slug, invented)
            if code:
                edition.keep(Deed(KIND, kind), slug, f"{code}.heading")
                for deed in self._reached(kind, since):
                    edition.keep(deed, slug, f"{code}.history")

    def _reached(self, kind: str, since: int | None) -> Iterator[Deed]:
        """What a policy has by having run so long."""
        if kind == Kind.CLUSTER and since is not None:
            for deed in self.wanted:
                if deed.of == SINCE and since <= int(deed.what):
                    yield deed

    def _read_evidence(self) -> None:
        shown = {str(deed.what) for deed in self.wanted if deed.of in ("policy", *SIDES)}
        if any(deed.of == "past" for deed in self.wanted):
            shown |= set(EVALUATIONS)
        if not shown:
            return
        rows = CategoryUse.objects.filter(
            policy__publication__in=list(self.published),
            policy__standing__in=[Standing.IN_FORCE, Standing.ENDED],
            category__evidence__in=shown,
        )
        columns = rows.order_by("pk").values_list(
            "policy__publication",
            "policy__code",
            "policy__kind",
            "policy__standing",
            "category__section_type__code",
            "category__code",
            "category__evidence",
        )
        for key, code, kind, standing, section, category, evidence in columns:
            edition, slug = self.published[key]
            self.categories[evidence].add(f"{section}.{category}")
            for deed in _shown(kind, standing, evidence):
                edition.keep(deed, slug, f"{code}.{section}")


def _shown(kind: str, standing: str, evidence: str) -> Iterator[Deed]:
    if standing == Standing.IN_FORCE:
        yield Deed("policy", evidence)
        yield Deed("cluster" if kind == Kind.CLUSTER else "other", evidence)
    elif evidence in EVALUATIONS:
        yield Deed("past", "evaluated")
