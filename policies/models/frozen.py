"""Rows that are written once."""

from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Frozen(ValidationError):
    """An attempt to change or delete what must stay as it was written."""

    def __init__(self, model: type[models.Model]) -> None:
        message = _("A %(model)s is kept as it was written: it can't be changed or deleted.")
        super().__init__(message, code="frozen", params={"model": model._meta.verbose_name})


class AppendOnlyQuerySet(models.QuerySet):
    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Frozen(self.model)

    update = _refuse
    delete = _refuse
    bulk_update = _refuse
    update_or_create = _refuse

    def bulk_create(self, objs: Iterable[Any], **kwargs: Any) -> list[Any]:  # type: ignore[override]
        if kwargs.get("update_conflicts") or kwargs.get("ignore_conflicts"):
            self._refuse()
        return super().bulk_create(objs, **kwargs)


class AppendOnly(models.Model):
    """A row that can be added and read. Columns in `MUTABLE` may change later, by `save`."""

    MUTABLE: ClassVar[frozenset[str]] = frozenset()

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if (
            not self._state.adding
            and not set(kwargs.get("update_fields") or ["all"]) <= self.MUTABLE
        ):
            raise Frozen(type(self))
        if self._state.adding:
            kwargs["force_insert"] = True  # never over a row that is there already
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Frozen(type(self))
