"""Spreadsheets that people send in: staged, shown, applied as a whole, undone as a whole."""

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.models.choices import one_of
from policies.models.factsheet import Factsheet
from policies.models.reference import SectionType

KEPT_FOR = timedelta(days=7)  # how long a file waits to be confirmed


class StagedFile(models.Model):
    """A file between its upload and what it does: in the database, so that any server goes on."""

    name = models.CharField(_("name"), max_length=40, unique=True, editable=False)
    filename = models.CharField(_("file"), max_length=200, blank=True)
    data = models.BinaryField(_("data"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    class Meta:
        verbose_name = _("staged file")
        verbose_name_plural = _("staged files")

    def __str__(self) -> str:
        return self.filename or self.name

    @classmethod
    def stage(cls, data: bytes, filename: str, *, now: datetime) -> Self:
        """Keep a file for a while; what has expired goes."""
        cls.objects.filter(expires_at__lte=now).delete()
        return cls.objects.create(
            name=uuid.uuid4().hex,
            filename=filename[:200],
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            at=now,
            expires_at=now + KEPT_FOR,
        )


class BatchState(models.TextChoices):
    """What became of a workbook that somebody sent."""

    REFUSED = "refused", _("has errors")
    READY = "ready", _("to be confirmed")
    APPLIED = "applied", _("applied")
    UNDONE = "undone", _("undone")


class ChangeStatus(models.TextChoices):
    """What a workbook does to a section, or to a row."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    DELETED = "deleted", _("deleted")
    CONFIRMED = "confirmed", _("confirmed")
    CONFLICT = "conflict", _("conflict")


class Side(models.TextChoices):
    """Which side of a conflict wins."""

    KEEP = "keep", _("keep what the site has")
    TAKE = "take", _("take what the file says")


class Batch(models.Model):
    """A workbook that somebody sent: what it would change, and what became of it."""

    file = models.OneToOneField(
        StagedFile, models.SET_NULL, null=True, related_name="batch", editable=False
    )
    filename = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("sent by"), related_name="batches"
    )
    at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("expires"))
    state = models.CharField(_("state"), max_length=20, choices=BatchState)
    counts = models.JSONField(_("rows"), default=dict)  # by sheet, by status
    problems = models.JSONField(_("errors"), default=list)  # {sheet, row, column, name, …}
    remarks = models.JSONField(_("remarks"), default=list)
    effects = models.JSONField(_("scores"), default=list)  # what it does to them, in words
    tables = models.CharField(max_length=64, blank=True)  # `Tables.digest` when it was checked
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-at", "-pk"]
        constraints = [
            one_of("state", BatchState, "batch_state_is_known"),
            models.CheckConstraint(
                name="batch_applied_has_time",
                condition=Q(state__in=["refused", "ready"], applied_at__isnull=True)
                | Q(state__in=["applied", "undone"], applied_at__isnull=False),
            ),
            models.CheckConstraint(
                name="batch_undone_by_somebody",
                condition=Q(state="undone", undone_at__isnull=False, undone_by__isnull=False)
                | (~Q(state="undone") & Q(undone_at__isnull=True, undone_by__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.filename}"


class BatchChangeQuerySet(models.QuerySet):
    def undecided(self) -> "BatchChangeQuerySet":
        return self.filter(status=ChangeStatus.CONFLICT, decision="")

    def taken(self) -> "BatchChangeQuerySet":
        """What is written: everything but the conflicts in which the site's side was kept."""
        return self.exclude(decision=Side.KEEP)


class BatchChange(models.Model):
    """What a batch does to one section; `policy_code` and `type` name it before it exists.

    `edit` is what the file says (`edits.Edit`); `before` and `after` are contents of the section
    (`history.contents`), None where there is no such section. `seen` is the version that `before`
    had when it was shown: the change is applied to no other. `was_…` is where the section stood
    when it was written; undoing brings it back there.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="changes")
    order = models.PositiveIntegerField()
    factsheet = models.ForeignKey(Factsheet, models.CASCADE, related_name="+")
    policy_code = models.CharField(_("policy"), max_length=100, blank=True)
    type = models.ForeignKey(SectionType, models.PROTECT, related_name="+")
    places = models.JSONField(_("rows"), default=list)  # [sheet, row]
    status = models.CharField(_("status"), max_length=20, choices=ChangeStatus)
    decision = models.CharField(_("decision"), max_length=10, choices=Side, blank=True)
    seen = models.PositiveIntegerField(_("version"))
    edit = models.JSONField(default=dict)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    confirms = models.BooleanField(default=False)
    was_state = models.CharField(max_length=20, blank=True)
    was_unconfirmed = models.BooleanField(default=False)
    was_judged = models.JSONField(null=True)  # who, when and of which facts

    objects = BatchChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an import")
        verbose_name_plural = _("changes of imports")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "order"], name="batch_change_order_once"),
            models.UniqueConstraint(
                fields=["batch", "factsheet", "policy_code", "type"],
                name="batch_change_once_per_section",
            ),
            one_of("status", ChangeStatus, "batch_change_status_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_code}.{self.type.code}" if self.policy_code else self.type.code

    @property
    def key(self) -> tuple[str, str]:
        """As in `history.contents`."""
        return (self.policy_code, self.type.code)
