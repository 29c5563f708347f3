"""What every table of facts shares: no write that the change set does not know of."""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.changes import change_set


class Moved(ValidationError):
    """An attempt to give a row to another factsheet, or a factsheet to another country."""

    def __init__(self, names: Collection[str]) -> None:
        message = _("What a row belongs to never changes (%(names)s): add a new row instead.")
        super().__init__(message, code="moved", params={"names": ", ".join(names)})


class FactQuerySet(models.QuerySet[Any, Any]):
    """A queryset whose bulk writes settle the factsheets that they touch."""

    def factsheets(self) -> list[int]:
        return list(self.order_by().values_list(self.model.FACTSHEET, flat=True).distinct())

    def update(self, **kwargs: Any) -> int:
        if moved := {name.removesuffix("_id") for name in kwargs} & self.model.LASTING:
            raise Moved(moved)
        with change_set() as changes:
            changes.touch(self.factsheets())
            return super().update(**kwargs)

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

    `bookkeeping` writes the columns that hold no fact (states, versions, derived levels); `save`
    leaves them as they are in the database, for the row may have been loaded long ago.
    """

    FACTSHEET: ClassVar[str] = "factsheet"  # the lookup from a row to its factsheet
    LASTING: ClassVar[frozenset[str]] = frozenset({"factsheet"})  # what a row belongs to
    BOOKKEEPING: ClassVar[frozenset[str]] = frozenset()

    _lasting_columns: ClassVar[tuple[str, ...]] = ()

    objects = FactQuerySet.as_manager()
    bookkeeping = models.Manager()  # noqa: DJ012  the first manager is the default one

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._lasting_columns = tuple(f"{name}_id" for name in cls.LASTING)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self._refuse_move()
            if not args and kwargs.get("update_fields") is None:
                kwargs["update_fields"] = self._facts()
        with change_set() as changes:
            super().save(*args, **kwargs)
            changes.touch(self.factsheets_of([self]))
        self._remember_place()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with change_set() as changes:
            changes.touch(self.factsheets_of([self]))
            return super().delete(*args, **kwargs)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        row = super().from_db(*args, **kwargs)
        row._remember_place()
        return row

    @classmethod
    def factsheets_of(cls, rows: Iterable[Self]) -> set[int]:
        return {row.factsheet_id for row in rows}  # type: ignore[attr-defined]

    def _facts(self) -> list[str]:
        own = (field.name for field in self._meta.concrete_fields if not field.primary_key)
        deferred = self.get_deferred_fields()
        return [name for name in own if name not in self.BOOKKEEPING and name not in deferred]

    def _place(self) -> dict[str, Any]:
        """By the columns that say what the row belongs to."""
        known = self.__dict__.get
        return {column: known(column) for column in self._lasting_columns}

    def _remember_place(self) -> None:
        self._loaded_place = self._place()

    def _refuse_move(self) -> None:
        loaded = getattr(self, "_loaded_place", {})
        now = self._place()
        if moved := [column for column, key in loaded.items() if key and key != now[column]]:
            raise Moved([column.removesuffix("_id") for column in moved])
