"""What every table of facts shares: no write that the change set does not know of."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import models

from policies.changes import change_set


class FactQuerySet(models.QuerySet[Any, Any]):
    """A queryset whose bulk writes settle the factsheets that they touch."""

    def factsheets(self) -> list[int]:
        return list(self.order_by().values_list(self.model.FACTSHEET, flat=True).distinct())

    def update(self, **kwargs: Any) -> int:
        with change_set() as changes:
            moved = [key for key in kwargs if key in ("factsheet", "factsheet_id", "section")]
            keys = list(self.values_list("pk", flat=True)) if moved else []
            changes.touch(self.factsheets())
            updated = super().update(**kwargs)
            if moved:
                changes.touch(self.model.objects.filter(pk__in=keys).factsheets())
            return updated

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        with change_set() as changes:
            changes.touch(self.factsheets())
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        with change_set() as changes:
            created = super().bulk_create(objs, *args, **kwargs)
            changes.touch(self.model.factsheets_of(created))
            return created


class Fact(models.Model):
    """A row that readers see a part of: saving it records a revision and recomputes the score.

    `bookkeeping` writes the columns that hold no fact (states, versions, derived levels).
    """

    FACTSHEET: ClassVar[str] = "factsheet"  # the lookup from a row to its factsheet

    objects = FactQuerySet.as_manager()
    bookkeeping = models.Manager()  # noqa: DJ012  the first manager is the default one

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with change_set() as changes:
            super().save(*args, **kwargs)
            changes.touch(self.factsheets_of([self]))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with change_set() as changes:
            changes.touch(self.factsheets_of([self]))
            return super().delete(*args, **kwargs)

    @classmethod
    def factsheets_of(cls, rows: Iterable[Self]) -> set[int]:
        return {row.factsheet_id for row in rows}  # type: ignore[attr-defined]
