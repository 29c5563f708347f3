"""When something changed that pages about many publications show."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from policies.models.frozen import AppendOnly


class SiteChange(AppendOnly):
    """Something changed that pages about many publications show.

    How many there are, and when the last was, is the state of those pages
    (`finding.site_state`). Rows are only ever added: a counter in one row would have writers wait
    for each other, and the highest key alone misses a transaction that began first and ended last.
    """

    at = models.DateTimeField(_("when"), auto_now_add=True)
    what = models.CharField(_("what"), max_length=200)

    class Meta:
        verbose_name = _("change of the site")
        verbose_name_plural = _("changes of the site")

    def __str__(self) -> str:
        return self.what


def note_change(what: str) -> None:
    """Have pages about many publications made anew, once this transaction is done."""
    SiteChange.objects.create(what=what[:200])


class ShownQuerySet(models.QuerySet):
    """Rows that those pages show: what is written in bulk is noted; `indexing` notes each save."""

    def bulk_create(self, objs: Iterable[Any], **kwargs: Any) -> list[Any]:  # type: ignore[override]
        with transaction.atomic(using=self.db):
            created = super().bulk_create(objs, **kwargs)
            self._note()
        return created

    def update(self, **kwargs: Any) -> int:
        with transaction.atomic(using=self.db):
            count = super().update(**kwargs)
            if count:
                self._note()
        return count

    update.alters_data = True  # type: ignore[attr-defined]

    def _note(self) -> None:
        note_change(str(self.model._meta.verbose_name_plural))
