"""How long it takes to recompute every stored score, as `check_scores --fix` does it."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from policies import bulk
from policies.assessing import Difference, rescore
from policies.document import drafts
from policies.models import Assessment, CriterionScore, Factsheet


class Queries:
    """Counts statements; one that is sent with many rows at once counts once, BEGIN not at all."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.number += not sql.startswith("BEGIN")
        return execute(sql, params, many, context)


@contextmanager
def counted() -> Iterator[Queries]:
    queries = Queries()
    with connection.execute_wrapper(queries):
        yield queries


def measure() -> dict[str, str]:
    """All scores wrong, so that every row is written; then all right, so that none is."""
    _spoil()
    wrong, found, most = _recompute_all()
    right, remaining, _most = _recompute_all()
    if not found or remaining:
        raise AssertionError(f"{found} differences repaired, {remaining} remain.")
    number = Factsheet.objects.count()
    return {
        "Recompute all, every score wrong": f"{wrong:.1f} s",
        "  per factsheet": f"{1000 * wrong / number:.1f} ms",
        "Recompute all, every score right": f"{right:.1f} s",
        "  per factsheet ": f"{1000 * right / number:.1f} ms",
        "  most queries of a batch of 500": str(most),
    }


def _spoil() -> None:
    CriterionScore.bookkeeping.update(derived_points=None, facts_hash="")
    Assessment.objects.update(total=0, facts_hash="")


def _recompute_all() -> tuple[float, int, int]:
    """Seconds, differences found and written, and the most queries of any batch."""
    keys = list(Factsheet.objects.order_by("pk").values_list("pk", flat=True))
    found, most, start = 0, 0, perf_counter()
    for batch in bulk.chunks(keys):
        with counted() as queries:
            found += len(_recompute(batch))
        most = max(most, queries.number)
    return perf_counter() - start, found, most


@transaction.atomic
def _recompute(keys: list[int]) -> list[Difference]:
    return rescore(drafts(keys, lock=True), timezone.now(), write=True)
