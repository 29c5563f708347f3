"""What editions publish, as plain values to count: four queries, whatever is counted of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from policies.finding import YEAR
from policies.folding import alphabetical
from policies.models import (
    Availability,
    CategoryUse,
    Country,
    Of,
    Publication,
    PublishedPolicy,
    PublishedSection,
    Standing,
)
from policies.wording import said_like


class Has(StrEnum):
    """Whether a category is there, and if not, what is known: unknown is never counted as zero.

    An availability means that its section says just that; `REPORTED` that it names no category.
    """

    YES = "yes"
    NO = "no"  # other categories are reported, and this one is not among them
    NO_POLICY = "no_policy"  # no policy in force that could have it
    NONE_EXISTS = Availability.NONE_EXISTS.value
    NOT_APPLICABLE = Availability.NOT_APPLICABLE.value
    REPORTED = Availability.REPORTED.value
    NO_DATA = Availability.NO_DATA.value
    NOT_RESEARCHED = Availability.NOT_RESEARCHED.value

    @property
    def is_known(self) -> bool:
        return self not in UNKNOWN


UNKNOWN = (Has.NOT_RESEARCHED, Has.NO_DATA, Has.REPORTED)
# What several policies of a country say together: one that has it decides; then one of which it
# is not known, for that one may have it; then what says most.
POOLED = (Has.YES, *UNKNOWN, Has.NO, Has.NONE_EXISTS, Has.NOT_APPLICABLE)


@dataclass(frozen=True)
class Policy:
    """A policy in force. `sections` and `categories` are by the code of the section's type."""

    code: str
    names: list[str]
    language: str
    kind: str
    level: str
    region: str
    period: str
    starting_year: int | None
    ending_year: int | None
    overall_budget: str
    annual_budget: str
    sections: dict[str, str] = field(default_factory=dict)
    categories: dict[str, set[str]] = field(default_factory=dict)

    def has(self, section: str, category: str) -> Has:
        found = self.categories.get(section, set())
        if category in found:
            return Has.YES
        said = self.sections.get(section, Availability.NOT_RESEARCHED)
        return Has.NO if found and said == Availability.REPORTED else Has(said)


class Score(NamedTuple):
    """The points of a criterion, in the words of its level."""

    points: Decimal
    level: str
    is_judged: bool


@dataclass(frozen=True)
class Published:
    """A country's publication in an edition, with its policies in force."""

    key: int
    slug: str
    code: str
    name: str
    group: str
    number: int
    published_on: date
    collection_year: int
    status: str
    total: Decimal
    judged_total: Decimal
    maximum: Decimal
    policies: list[Policy] = field(default_factory=list)
    scores: dict[str, Score] = field(default_factory=dict)  # by the code of the criterion

    @property
    def is_invented(self) -> bool:
        return self.group == Country.Group.DEMONSTRATION

    def has(self, section: str, category: str, kind: str = "") -> Has:
        """Over all of its policies in force, or those of one kind."""
        policies = [policy for policy in self.policies if not kind or policy.kind == kind]
        if not policies:
            return Has.NOT_RESEARCHED if self.is_unresearched else Has.NO_POLICY
        found = {policy.has(section, category) for policy in policies}
        return next(has for has in POOLED if has in found)

    @property
    def is_unresearched(self) -> bool:
        """Nobody has looked whether there is a policy."""
        return not self.policies and self.status == "not_researched"


@dataclass(frozen=True)
class Collected:
    """An edition as it was published on a day, real countries apart from invented ones."""

    year: int
    countries: list[Published] = field(default_factory=list)
    invented: list[Published] = field(default_factory=list)


def collect(years: Collection[int], on: date | None = None) -> dict[int, Collected]:
    """These editions, with their countries by name, as they stood at the end of the day `on`.

    Names and groups of countries are today's: what a country is called is no part of what an
    edition found out.
    """
    shown = Publication.objects.as_of(on).filter(**{f"{YEAR}__in": set(years)})
    published = _publications(shown)
    policies = _policies(shown, published)
    _sections(shown, policies)
    _uses(shown, policies)
    found = {year: Collected(year) for year in years}
    for year, country in sorted(published.values(), key=lambda row: alphabetical(row[1].name)):
        edition = found[year]
        (edition.invented if country.is_invented else edition.countries).append(country)
    return found


def _publications(shown: QuerySet[Publication]) -> dict[int, tuple[int, Published]]:
    """With their scores, one row each."""
    rows = shown.order_by().values_list(
        "scores__criterion",
        "scores__points",
        "scores__level",
        "scores__is_judged",
        YEAR,
        "pk",
        "factsheet__country__slug",
        "factsheet__country__code",
        "factsheet__country__name",
        "factsheet__country__group",
        "number",
        "published_at__date",
        "factsheet__edition__collected_on__year",
        "policies_status",
        "total",
        "judged_total",
        "maximum",
    )
    found: dict[int, tuple[int, Published]] = {}
    for criterion, points, level, is_judged, year, *values in rows:
        key = values[0]
        if key not in found:
            country = Published(*values)
            name = said_like(Of.COUNTRY, "name", country.name)
            found[key] = (year, replace(country, name=name))
        if criterion is not None:
            found[key][1].scores[criterion] = Score(
                points, said_like(Of.LEVEL, "label", level), is_judged
            )
    return found


FIELDS = (
    "code",
    "names",
    "language",
    "kind",
    "level",
    "region",
    "period",
    "starting_year",
    "ending_year",
    "overall_budget",
    "annual_budget",
)


def _policies(
    shown: QuerySet[Publication], published: dict[int, tuple[int, Published]]
) -> dict[int, Policy]:
    rows = _in_force(PublishedPolicy.objects, shown, "").order_by("pk")
    found = {}
    for pk, publication, *values in rows.values_list("pk", "publication", *FIELDS):
        found[pk] = policy = Policy(*values)
        published[publication][1].policies.append(policy)
    return found


def _sections(shown: QuerySet[Publication], policies: dict[int, Policy]) -> None:
    rows = _in_force(PublishedSection.objects, shown, "policy__")
    for policy, section, availability in rows.values_list("policy", "section", "availability"):
        policies[policy].sections[section] = availability


def _uses(shown: QuerySet[Publication], policies: dict[int, Policy]) -> None:
    found: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = _in_force(CategoryUse.objects, shown, "policy__")
    place = {"section": F("category__section_type__code"), "code": F("category__code")}
    for policy, section, code in rows.annotate(**place).values_list("policy", "section", "code"):
        found[policy][section].add(code)
    for policy, categories in found.items():
        policies[policy].categories.update(categories)


def _in_force(rows: Any, shown: QuerySet[Publication], to: str) -> QuerySet[Any]:
    of = {f"{to}publication__in": shown.values("pk"), f"{to}standing": Standing.IN_FORCE}
    return rows.filter(**of).order_by()


def until(countries: Iterable[Published]) -> date | None:
    """The day of the latest publication among them."""
    return max((country.published_on for country in countries), default=None)


def by_group(countries: Iterable[Published]) -> dict[str, list[Published]]:
    """By the code of the country group, in the order in which the groups are always named."""
    found: dict[str, list[Published]] = {group: [] for group in Country.Group.values}
    for country in countries:
        found[country.group].append(country)
    return {group: members for group, members in found.items() if members}
