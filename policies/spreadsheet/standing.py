"""A factsheet as the site has it: what the rows of a workbook are written from and compared to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from policies import bulk
from policies.checking import Tables
from policies.document import HEADING, HISTORY, Document, drafts, outline
from policies.history import Key, contents
from policies.models import (
    Availability,
    Country,
    Edition,
    Factsheet,
    Part,
    Period,
    Section,
    SectionType,
)
from policies.spreadsheet.edits import Content
from policies.spreadsheet.progress import Progress, silent

INTRODUCTION = ("", str(Part.INTRODUCTION))
BIBLIOGRAPHY = ("", str(Part.BIBLIOGRAPHY))

Place = tuple[str, int]  # country code and year, which name a factsheet


@dataclass(frozen=True)
class Stand:
    """Where a section stands."""

    pk: int
    version: int
    state: str
    is_unconfirmed: bool


@dataclass(frozen=True)
class Score:
    """What a sheet shows of a criterion's score."""

    title: str
    derived_points: Any
    derived_reasons: list[Any]
    is_stale: bool


@dataclass
class Standing:
    """A draft as plain values; `may_write` says whether who sent the file may change it."""

    pk: int
    name: str
    country: Country
    edition: Edition
    maturity: dict[str, Any]
    document: Document
    contents: dict[Key, Content]
    stands: dict[Key, Stand]
    scores: dict[str, Score]
    may_write: bool = True

    @property
    def place(self) -> Place:
        return (self.country.code, self.edition.year)

    @property
    def policies(self) -> list[str]:
        return self.contents[INTRODUCTION]["policies"]

    @cached_property
    def references(self) -> dict[str, Content]:
        listed = self.contents.get(BIBLIOGRAPHY, {}).get("references", [])
        return {item["key"]: item for item in listed}

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each reference in the bibliography, from 1."""
        return {key: number for number, key in enumerate(self.references, 1)}

    def policy_name(self, code: str) -> str:
        return "; ".join(self.contents.get((code, "heading"), {}).get("names", []))

    @cached_property
    def policy_versions(self) -> dict[str, int]:
        """All versions of a policy's sections added up: it grows with every change of any."""
        sums: dict[str, int] = {"": 0}
        for (code, _type), stand in self.stands.items():
            sums[code] = sums.get(code, 0) + stand.version
        return sums


def standings(keys: Collection[int], progress: Progress = silent) -> list[Standing]:
    """The drafts with these keys, the latest edition first, then by country."""
    found: list[Standing] = []
    for part in bulk.chunks(keys):
        progress(_("Looking up what the site has"), len(found), len(keys))
        versions = _versions(part)
        found += [standing_of(draft, versions) for draft in drafts(part)]
    return sorted(found, key=lambda standing: (-standing.edition.year, standing.country.name))


def _versions(factsheets: Collection[int]) -> dict[int, int]:
    """The versions of sections, read before their contents.

    Somebody may write in between. An old version with a newer content is taken for what it is, a
    change since; a new version with an older content would pass for what the site has.
    """
    rows = Section.objects.filter(factsheet__in=factsheets).order_by()
    return dict(rows.values_list("pk", "version"))


def standing_of(factsheet: Factsheet, versions: Mapping[int, int] | None = None) -> Standing:
    """Of a draft from `document.drafts`; `versions` are those read before it, if any were."""
    document = outline(factsheet)
    assessment = getattr(factsheet, "assessment", None)
    names = ("total", "judged_total", "maximum", "complete")
    return Standing(
        pk=factsheet.pk,
        name=str(factsheet),
        country=factsheet.country,
        edition=factsheet.edition,
        maturity={name: getattr(assessment, name) for name in names} if assessment else {},
        document=document,
        contents=contents(document),
        stands=_stands(factsheet, versions or {}),
        scores={
            score.criterion.code: Score(
                score.criterion.title,
                score.derived_points,
                score.derived_reasons,
                score.is_stale,
            )
            for score in factsheet.criterion_scores.all()
        },
    )


def _stands(factsheet: Factsheet, versions: Mapping[int, int]) -> dict[Key, Stand]:
    codes = {policy.pk: policy.code for policy in factsheet.policies.all()}
    return {
        (codes.get(section.policy_id or 0, ""), section.type.code): Stand(
            section.pk,
            versions.get(section.pk, section.version),
            section.state,
            section.is_unconfirmed,
        )
        for section in factsheet.sections.all()
    }


def blank_policy(types: Iterable[SectionType]) -> dict[str, Content]:
    """The contents, by section type, that a policy begins with."""
    unsaid = {
        "availability": Availability.NOT_RESEARCHED.value,
        "availability_note": "",
        "text": "",
    }
    found: dict[str, Content] = {
        type_.code: {**unsaid, "categories": []} for type_ in types if type_.code != "heading"
    }
    texts = dict.fromkeys(HEADING, "") | {"names": [], "is_example": False, "level": "national"}
    found["heading"] = texts
    years = {**dict.fromkeys(HISTORY), "period": Period.UNKNOWN.value}
    found.setdefault("history", {}).update(years)
    money = {"availability": Availability.NOT_RESEARCHED.value, "amount": None}
    money |= {"currency": "", "words": ""}
    found.setdefault("budget", {}).update({"overall": money, "annual": money})
    return found


def types_of_policies(standing: Standing, tables: Tables) -> list[SectionType]:
    return tables.applying([Part.POLICY], standing.country, standing.edition)
