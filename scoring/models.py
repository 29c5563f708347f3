from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from . import rules
from .maturity import CriterionTable, LevelTable, RubricTable, points_in_words


class Used(ValidationError):
    """An attempt to change a scoring system by which published points were given."""

    def __init__(self, rubric: "Rubric") -> None:
        message = _(
            "The scoring system “%(rubric)s” can't be changed any more: factsheets were published "
            "under it. Copy it, and change the copy."
        )
        super().__init__(message, code="used", params={"rubric": rubric})


class PartQuerySet(models.QuerySet):
    """Rows of scoring systems, which are only written while no publication has used these."""

    model: Any

    def update(self, **kwargs: Any) -> int:
        with transaction.atomic(using=self.db):
            parent = kwargs.get(self.model.PARENT) or kwargs.get(f"{self.model.PARENT}_id")
            self._refuse_used(self, [getattr(parent, "pk", parent)])
            return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic(using=self.db):
            self._refuse_used(self, [])
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        objs = list(objs)
        with transaction.atomic(using=self.db):
            there = self.filter(pk__in=[each.pk for each in objs if each.pk is not None])
            self._refuse_used(there, [each.parent_key for each in objs])
            return super().bulk_create(objs, *args, **kwargs)

    def refuse_used(self, row: "RubricPart") -> None:
        """Before a row is written: neither where it is nor where it goes may be in use."""
        self._refuse_used(self.filter(pk=row.pk), [row.parent_key])

    def _refuse_used(self, rows: models.QuerySet, parents: Iterable[Any]) -> None:
        """Locks the scoring systems, so that nobody publishes under them in the meantime."""
        given = [parent for parent in parents if parent is not None]
        reached = self.model.rubrics(rows.order_by(), given)
        rubrics = Rubric.objects.using(self.db).filter(reached).select_for_update(no_key=True)
        for rubric in rubrics:
            if rubric.used_at:
                raise Used(rubric)


class RubricPart(models.Model):
    """A scoring system, or a row of one."""

    PARENT: ClassVar[str] = ""

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            type(self).objects.refuse_used(self)
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            type(self).objects.refuse_used(self)
            return super().delete(*args, **kwargs)

    @classmethod
    def rubrics(cls, rows: models.QuerySet, parents: Iterable[Any]) -> Q:
        """The scoring systems that rows belong to, or will through the row above them."""
        raise NotImplementedError

    @property
    def parent_key(self) -> int | None:
        return getattr(self, f"{self.PARENT}_id", None)


class RubricQuerySet(PartQuerySet):
    def released(self) -> "RubricQuerySet":
        return self.filter(released_at__isnull=False)

    def mark_used(self, now: datetime) -> None:
        """From now on they stay as they are; what is used counts as released."""
        unused = self.filter(used_at__isnull=True)
        models.QuerySet.update(unused, used_at=now, released_at=Coalesce(F("released_at"), now))


class Rubric(RubricPart):
    """A scoring system: what an edition measures, and how many points it gives for what.

    A draft until it is released, which lets editions choose it. Once a publication has used it,
    nothing of it changes any more.
    """

    code = models.SlugField(
        _("code"),
        unique=True,
        help_text=_("Short and lasting, such as “2022”. Documents name the scoring system by it."),
    )
    title = models.CharField(_("title"), max_length=200)
    released_at = models.DateTimeField(_("released"), null=True, blank=True, editable=False)
    used_at = models.DateTimeField(_("first used"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = RubricQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"  # also what related rows are added by
        ordering = ["code"]
        verbose_name = _("scoring system")
        verbose_name_plural = _("scoring systems")
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(released_at__isnull=False),
                name="scoring_rubric_used_is_released",
            )
        ]

    def __str__(self):
        return self.title

    @classmethod
    def rubrics(cls, rows: models.QuerySet, parents: Iterable[Any]) -> Q:
        return Q(pk__in=rows.values("pk"))

    def table(self) -> RubricTable:
        """All of it as a plain value for `maturity.assess`, read afresh in two queries."""
        criteria = self.criteria.prefetch_related("levels")
        return RubricTable(
            code=self.code,
            criteria=tuple(criterion.table() for criterion in criteria),
            title=self.title,
        )


class Criterion(RubricPart):
    """One of the things a scoring system measures: an axis of the radar chart."""

    PARENT = "rubric"

    rubric = models.ForeignKey(
        Rubric, models.PROTECT, related_name="criteria", verbose_name=_("scoring system")
    )
    code = models.SlugField(
        _("code"),
        help_text=_("Lasting: the text about this criterion in a factsheet has the same code."),
    )
    title = models.CharField(_("title"), max_length=200)
    annex_title = models.CharField(
        _("title in the annex"),
        max_length=200,
        blank=True,
        help_text=_("Only where the annex words it differently."),
    )
    description = models.TextField(
        _("description"), help_text=_("What is measured. Shown in the annex of every factsheet.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    known_gap = models.CharField(
        _("known gap"),
        max_length=50,
        blank=True,
        choices=rules.gap_choices,
        help_text=_(
            "The case that no level is meant to fit. There the level is left to a judgement, "
            "and the methodology page says so."
        ),
    )

    class Meta:
        base_manager_name = "objects"  # also what related rows are added by
        ordering = ["rubric", "order", "code"]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(
                fields=["rubric", "code"],
                name="scoring_criterion_code_unique_in_rubric",
                violation_error_message=_("This scoring system has a criterion with this code."),
            )
        ]

    def __str__(self):
        return self.title

    @classmethod
    def rubrics(cls, rows: models.QuerySet, parents: Iterable[Any]) -> Q:
        return Q(pk__in=rows.values("rubric")) | Q(pk__in=parents)

    def table(self) -> CriterionTable:
        return CriterionTable(
            code=self.code,
            title=self.title,
            description=self.description,
            levels=tuple(level.table() for level in self.levels.all()),
            known_gap=self.known_gap,
            annex_title=self.annex_title or self.title,
        )


class Level(RubricPart):
    """A number of points on a criterion, its two wordings, and the rule that gives it."""

    PARENT = "criterion"

    criterion = models.ForeignKey(
        Criterion, models.CASCADE, related_name="levels", verbose_name=_("criterion")
    )
    points = models.DecimalField(_("points"), max_digits=3, decimal_places=1)
    label = models.CharField(
        _("label"), max_length=200, help_text=_("As the table of the assessment words it.")
    )
    annex_label = models.CharField(
        _("label in the annex"), max_length=200, help_text=_("As the annex words it.")
    )
    rule = models.CharField(
        _("rule"),
        max_length=50,
        choices=rules.level_choices,
        help_text=_("Gives this level to a factsheet whose facts fit."),
    )

    class Meta:
        base_manager_name = "objects"  # also what related rows are added by
        ordering = ["criterion", "points"]
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        constraints = [
            models.UniqueConstraint(
                fields=["criterion", "points"],
                name="scoring_level_points_unique_in_criterion",
                violation_error_message=_("This criterion has a level with these points."),
            ),
            models.CheckConstraint(
                condition=models.Q(points__gte=0),
                name="scoring_level_points_not_negative",
                violation_error_message=_("Points can not be negative."),
            ),
        ]

    def __str__(self):
        return f"{points_in_words(self.points)}: {self.label}"

    @classmethod
    def rubrics(cls, rows: models.QuerySet, parents: Iterable[Any]) -> Q:
        above = Criterion.objects.filter(pk__in=parents).order_by()
        return Q(pk__in=rows.values("criterion__rubric")) | Q(pk__in=above.values("rubric"))

    def table(self) -> LevelTable:
        return LevelTable(self.points, self.label, self.annex_label, self.rule)
