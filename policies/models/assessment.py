"""The stored score of a draft."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.models.facts import Fact
from policies.models.factsheet import Factsheet
from policies.models.fields import ProseField
from policies.models.people import User
from policies.text import normalise
from scoring.models import Criterion

JUDGED = ("judged_points", "judged_reason", "judged_by", "judged_at", "judged_facts_hash")
CARRIED_OVER = "carried over"  # no hash of facts: these were of another edition


class Assessment(models.Model):
    """The maturity of a factsheet as computed from its facts and judgements."""

    factsheet = models.OneToOneField(
        Factsheet, models.CASCADE, primary_key=True, related_name="assessment"
    )
    total = models.DecimalField(_("total"), max_digits=4, decimal_places=1)
    judged_total = models.DecimalField(_("of which judged"), max_digits=4, decimal_places=1)
    maximum = models.DecimalField(_("maximum"), max_digits=4, decimal_places=1)
    complete = models.BooleanField(_("complete"))
    facts = models.JSONField(_("facts"))
    facts_hash = models.CharField(max_length=64)
    computed_at = models.DateTimeField(_("computed"))

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")

    def __str__(self) -> str:
        return f"{self.factsheet}: {self.total}"


class CriterionScore(Fact):
    """One criterion's derived level with its reasons, and the judged level where there is one.

    The judged level wins. It is stale once the facts that its criterion reads have changed.
    """

    BOOKKEEPING = frozenset({"criterion", "derived_points", "derived_reasons", "facts_hash"})

    factsheet = models.ForeignKey(Factsheet, models.CASCADE, related_name="criterion_scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    derived_points = models.DecimalField(
        _("derived points"), max_digits=3, decimal_places=1, null=True, editable=False
    )
    derived_reasons = models.JSONField(_("reasons"), default=list, editable=False)
    facts_hash = models.CharField(max_length=64, blank=True, editable=False)
    judged_points = models.DecimalField(
        _("judged points"), max_digits=3, decimal_places=1, null=True, blank=True
    )
    judged_reason = ProseField(
        _("public reason"),
        blank=True,
        help_text=_("Printed beside the score. Asked for before the section can be submitted."),
    )
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("judged by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True, editable=False)
    judged_facts_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("score of a criterion")
        verbose_name_plural = _("scores of criteria")
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["factsheet", "criterion"], name="score_once_per_criterion"
            ),
            models.CheckConstraint(
                name="judgement_has_time",
                condition=Q(judged_points__isnull=True, judged_at__isnull=True)
                | Q(judged_points__isnull=False, judged_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"

    @property
    def points(self) -> Decimal | None:
        return self.derived_points if self.judged_points is None else self.judged_points

    @property
    def is_stale(self) -> bool:
        """Whether the facts changed after the judgement; until it is settled the hash is empty."""
        return self.judged_points is not None and self.judged_facts_hash not in (
            "",
            self.facts_hash,
        )

    @property
    def is_carried_over(self) -> bool:
        """Whether the judgement is of an earlier edition, and nobody has confirmed it in this."""
        return self.judged_facts_hash == CARRIED_OVER

    def carry_over(self, by: User | None, at: datetime) -> None:
        """Keep who judged in the last edition; stale until somebody confirms. The caller saves."""
        self.judged_by = by
        self.judged_at = at
        self.judged_facts_hash = CARRIED_OVER

    def judge(self, points: Decimal | None, reason: str, *, by: User | None, now: datetime) -> None:
        """Set, confirm or lift the judged level; the caller saves."""
        self.judged_points = points
        self.judged_reason = reason
        self.judged_by = None if points is None else by
        self.judged_at = None if points is None else now
        self.judged_facts_hash = ""  # filled when the change set is settled

    def judged_otherwise(self, judged: dict[str, Any] | None) -> bool:
        """Whether the document's `judged` says something else; its time and judge do not count."""
        points = Decimal(str(judged["points"])) if judged else None
        return points != self.judged_points or bool(
            judged and normalise(judged["reason"]) != self.judged_reason
        )

    def judge_as(self, judged: dict[str, Any] | None, *, by: User | None, now: datetime) -> None:
        """Judge as a document says it; the caller saves."""
        points = Decimal(str(judged["points"])) if judged else None
        self.judge(points, normalise(judged["reason"]) if judged else "", by=by, now=now)

    def clean(self) -> None:
        if self.judged_points is None:
            return
        allowed = list(self.criterion.levels.values_list("points", flat=True))
        if self.judged_points not in allowed:
            raise ValidationError({"judged_points": _("This criterion has no such level.")})
