"""Editions and versions of a country, one after another."""

from decimal import Decimal
from typing import Any

from policies import workflow
from policies.changes import change_set
from policies.models import Edition, Factsheet, Policy, Publication, User
from policies.workflow import publish_whole
from scoring.loading import copied
from scoring.models import Level, Rubric
from tests.factory import EXPLAINED, make_publication, make_scored_document


def make_edition(year: int, rubric: Rubric | None = None) -> Edition:
    values = {"label": str(year), "collected_on": f"{year}-09-30"}
    return Edition.objects.create(year=year, rubric=rubric or Rubric.objects.first(), **values)


def make_rubric(code: str = "2024") -> Rubric:
    """A broad policy has a full point of policy scope in it, and not half of one."""
    rubric = copied(Rubric.objects.first(), code, f"Scoring of {code}")
    levels = Level.objects.filter(criterion__rubric=rubric, criterion__code="scope")
    levels.filter(rule="scope.sectoral").update(points=Decimal("1.5"))
    levels.filter(rule="scope.broad").update(points=Decimal(1))
    return rubric


def begin(cast: dict[str, User], year: int, country: str = "MX", **policy: Any) -> Publication:
    """The first version of an edition, as if nothing had been written before."""
    document = make_scored_document(country, edition={"year": year})
    document["policies"][0] |= policy
    measured = set(Edition.objects.get(year=year).rubric.criteria.values_list("code", flat=True))
    texts = document["maturity"]["criteria"]
    document["maturity"]["criteria"] = [text for text in texts if text["code"] in measured]
    return make_publication(cast, document)


def revise(
    cast: dict[str, User], version: Publication, kinds: dict[str, str], note: str, **policy: Any
) -> Publication:
    """The next version, whose policies have these facts. `kinds` by the anchor of a section."""
    with change_set(by=cast["ada"]):
        Policy.objects.filter(factsheet=version.factsheet_id).update(**policy)
    factsheet = Factsheet.objects.get(pk=version.factsheet_id)
    for section in factsheet.sections.exclude(state="approved"):
        if kind := kinds.get(section.anchor):
            workflow.submit(section, by=cast["ada"], kind=kind)
    people = {"author": cast["ada"], "reviewer": cast["ben"], "publisher": cast["cleo"]}
    return publish_whole(factsheet, **people, note=note, kind="wording_only", reasons=EXPLAINED)


def make_versions(cast: dict[str, User], year: int, country: str = "MX") -> list[Publication]:
    """Three versions: the record is corrected, then the policy changes."""
    first = begin(cast, year, country)
    corrected = {"plan.heading": "record_corrected"}
    second = revise(cast, first, corrected, "It had been sectoral all along.", kind="sectoral")
    changed = {"plan.heading": "policy_changed", "plan.history": "record_corrected"}
    cluster = {"kind": "cluster", "starting_year": 2016}
    return [first, second, revise(cast, second, changed, "Now for clusters.", **cluster)]
