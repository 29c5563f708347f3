"""What a country's authority said about a published version. Silence is not consent."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.models.choices import Decision, ValidationStatus, one_of
from policies.models.fields import LineField
from policies.models.frozen import AppendOnly
from policies.models.publication import Publication


class Validation(AppendOnly):
    """Where the check by the national authority stands; the latest row counts."""

    publication = models.ForeignKey(
        Publication, models.PROTECT, verbose_name=_("version"), related_name="validations"
    )
    status = models.CharField(_("status"), max_length=20, choices=ValidationStatus)
    office = LineField(
        _("office"),
        max_length=300,
        blank=True,
        help_text=_("Of the national authority, as it calls itself."),
    )
    on = models.DateField(_("on"), null=True, blank=True)
    note = LineField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    at = models.DateTimeField(_("recorded"), editable=False)

    class Meta:
        verbose_name = _("validation")
        verbose_name_plural = _("validations")
        ordering = ["at", "pk"]
        constraints = [
            one_of("status", ValidationStatus, "validation_status_is_known"),
            models.CheckConstraint(
                name="validation_names_office_and_date",
                condition=Q(status="not_asked") | (~Q(office="") & Q(on__isnull=False)),
                violation_error_message=_("Name the office and the date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}, {self.office} {self.on or ''}".strip(" ,")


class Objection(AppendOnly):
    """What somebody holds against a published version, and what was decided about it."""

    MUTABLE: ClassVar[frozenset[str]] = frozenset(
        {"decision", "decided_on", "decision_note", "decided_by"}
    )

    publication = models.ForeignKey(
        Publication, models.PROTECT, verbose_name=_("version"), related_name="objections"
    )
    received_on = models.DateField(_("received on"))
    office = LineField(_("office"), max_length=300, help_text=_("Who objects."))
    text = models.TextField(_("objection"), help_text=_("Readers see it. Plain text."))
    decision = models.CharField(
        _("decision"), max_length=20, choices=Decision, default=Decision.OPEN
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decision_note = models.TextField(_("grounds of the decision"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    at = models.DateTimeField(_("recorded"), editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["received_on", "pk"]
        constraints = [
            one_of("decision", Decision, "objection_decision_is_known"),
            models.CheckConstraint(
                name="objection_decision_has_date",
                condition=Q(decision="open", decided_on__isnull=True)
                | (~Q(decision="open") & Q(decided_on__isnull=False)),
                violation_error_message=_("A decision has a date; an open objection has none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office}, {self.received_on}"
