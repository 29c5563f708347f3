"""All scoring systems as plain values, in one query."""

from itertools import groupby

from scoring.maturity import RubricTable
from scoring.models import Level


def tables() -> dict[str, RubricTable]:
    """By code; a criterion without a level gives no points, so it is left out."""
    place = ("criterion__rubric__code", "criterion__order", "criterion__code", "points")
    levels = Level.objects.select_related("criterion__rubric").order_by(*place)
    found = {}
    for rubric, of_rubric in groupby(levels, key=lambda level: level.criterion.rubric):
        criteria = []
        for criterion, own in groupby(of_rubric, key=lambda level: level.criterion):
            criterion._prefetched_objects_cache = {"levels": list(own)}
            criteria.append(criterion.table())
        found[rubric.code] = RubricTable(rubric.code, tuple(criteria), rubric.title)
    return found
