"""What stands in which column of a file, of factsheets and of policies.

Which columns there are follows from the reference tables and never from what was selected.
"""

from collections import defaultdict
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from policies.listing.factsheets import Factsheets
from policies.listing.policies import Policies, Use, categories_of
from policies.models import Country, PublishedScore, SectionType
from policies.presentation.words import exact
from scoring.models import Criterion

Columns = dict[str, Callable[[Any], Any]]  # what each says of a row of the selection


def _reality(row: Any) -> str:
    return "invented" if row.group == Country.Group.DEMONSTRATION else "real"


PLACE: Columns = {
    "edition": attrgetter("year"),
    "country_code": attrgetter("country_code"),
    "country": attrgetter("country"),
    "country_group": attrgetter("group"),
    "country_is": _reality,
}


def columns_of(selection: Factsheets | Policies, site: str, *, flat: bool) -> Columns:
    """`site` begins the permanent addresses; a `flat` file has categories in columns by section."""
    if isinstance(selection, Factsheets):
        return _of_factsheets(selection, site)
    uses = categories_of(selection.selected)
    return _of_policies(site, _by_section(uses) if flat else _as_objects(uses))


def _of_factsheets(selection: Factsheets, site: str) -> Columns:
    return {
        "part": attrgetter("part"),
        **PLACE,
        "kind_of_policy": attrgetter("scope"),
        "total": _exactly("total"),
        "judged_total": _exactly("judged_total"),
        "maximum": _exactly("maximum"),
        **_of_criteria(selection),
        "policies_in_force": attrgetter("in_force"),
        "examples": attrgetter("examples"),
        "version": attrgetter("number"),
        "published": lambda row: row.published_at.date().isoformat(),
        "address": lambda row: f"{site}/factsheets/{row.year}/{row.slug}/v{row.number}/",
    }


def _of_criteria(selection: Factsheets) -> Columns:
    """Of every rubric there is: the points of each criterion, and then what each rests on."""
    scores = {
        (score.publication_id, score.criterion): score
        for score in PublishedScore.objects.filter(publication__in=selection.selected)
    }
    criteria = dict.fromkeys(Criterion.objects.values_list("code", flat=True))

    def column(code: str, value: Callable[[PublishedScore], Any]) -> Callable[[Any], Any]:
        return lambda row: value(scores[row.pk, code]) if (row.pk, code) in scores else None

    return {
        **{f"{code}_points": column(code, _exactly("points")) for code in criteria},
        **{f"{code}_basis": column(code, _basis) for code in criteria},
    }


def _basis(score: PublishedScore) -> str:
    return "judged" if score.is_judged else "derived"


def _exactly(name: str) -> Callable[[Any], int | float]:
    return lambda row: exact(getattr(row, name))


def _of_policies(site: str, categories: Columns) -> Columns:
    def address(row: Any) -> str:
        return f"{site}/factsheets/{row.year}/{row.slug}/v{row.number}/#{row.code}.heading"

    return {
        "part": attrgetter("part"),
        "standing": attrgetter("standing"),
        **PLACE,
        "policy": attrgetter("code"),
        "names": attrgetter("names"),
        "original_name": attrgetter("original_name"),
        "official_url": attrgetter("url"),
        "kind": attrgetter("kind"),
        "level": attrgetter("level"),
        "region": attrgetter("region"),
        "period": attrgetter("period"),
        "starting_year": attrgetter("starting_year"),
        "ending_year": attrgetter("ending_year"),
        **categories,
        "version": attrgetter("number"),
        "address": address,
    }


def _as_objects(uses: dict[int, list[Use]]) -> Columns:
    return {"categories": lambda row: uses.get(row.pk, [])}


def _by_section(uses: dict[int, list[Use]]) -> Columns:
    """Two columns of each section that has categories, which name them in the same order."""
    cells: dict[tuple[int, str], list[Use]] = defaultdict(list)
    for policy, used in uses.items():
        for use in used:
            cells[policy, use["section"]].append(use)
    columns: Columns = {}
    sections = SectionType.objects.filter(categories__isnull=False).distinct()
    for code in sections.values_list("code", flat=True):
        columns[f"{code}_codes"] = _column(cells, code, lambda use: use["code"])
        columns[f"{code}_labels"] = _column(cells, code, _label)
    return columns


def _column(
    cells: dict[tuple[int, str], list[Use]], section: str, word: Callable[[Use], str]
) -> Callable[[Any], list[str]]:
    return lambda row: [word(use) for use in cells.get((row.pk, section), ())]


def _label(use: Use) -> str:
    return f"{use['label']}: {use['detail']}" if use["detail"] else use["label"]
