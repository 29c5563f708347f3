from django.db import models
from django.utils.translation import gettext_lazy as _

from . import rules
from .maturity import CriterionTable, LevelTable, RubricTable, points_in_words


class Rubric(models.Model):
    """A scoring system: what an edition measures, and how many points it gives for what."""

    code = models.SlugField(
        _("code"),
        unique=True,
        help_text=_("Short and lasting, such as “2022”. Documents name the scoring system by it."),
    )
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        ordering = ["code"]
        verbose_name = _("scoring system")
        verbose_name_plural = _("scoring systems")

    def __str__(self):
        return self.title

    def table(self) -> RubricTable:
        """All of it as a plain value for `maturity.assess`, read afresh in two queries."""
        criteria = self.criteria.prefetch_related("levels")
        return RubricTable(
            code=self.code,
            criteria=tuple(criterion.table() for criterion in criteria),
            title=self.title,
        )


class Criterion(models.Model):
    """One of the things a scoring system measures: an axis of the radar chart."""

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

    def table(self) -> CriterionTable:
        return CriterionTable(
            code=self.code,
            title=self.title,
            description=self.description,
            levels=tuple(level.table() for level in self.levels.all()),
            known_gap=self.known_gap,
            annex_title=self.annex_title or self.title,
        )


class Level(models.Model):
    """A number of points on a criterion, its two wordings, and the rule that gives it."""

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
        help_text=_("Gives this level to a factsheet whose facts fit. Each is explained below."),
    )

    class Meta:
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

    def table(self) -> LevelTable:
        return LevelTable(self.points, self.label, self.annex_label, self.rule)
