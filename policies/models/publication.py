"""What readers see: immutable, numbered publications, and their rows for filters and counts."""

import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.models.choices import Availability, Kind, Level, Period, PoliciesStatus
from policies.models.factsheet import Factsheet
from policies.models.frozen import AppendOnly, AppendOnlyQuerySet
from policies.models.reference import Category
from policies.models.shown import note_change


def end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


class PublicationQuerySet(AppendOnlyQuerySet):
    def bulk_create(self, objs: Iterable[Any], **kwargs: Any) -> list[Any]:  # type: ignore[override]
        with transaction.atomic(using=self.db):
            note_change(str(self.model._meta.verbose_name_plural))
            return super().bulk_create(objs, **kwargs)

    def current(self) -> "PublicationQuerySet":
        return self.filter(is_current=True)

    def as_of(self, day: date | None) -> "PublicationQuerySet":
        """Those that were current when this day ended; without a day, those that are."""
        if day is None:
            return self.current()
        end = end_of(day)
        newer = Publication.objects.filter(
            factsheet=OuterRef("factsheet"), number__gt=OuterRef("number"), published_at__lt=end
        )
        shown = Q(withdrawn_at=None) | Q(withdrawn_at__gte=end)
        return self.filter(shown, ~Exists(newer), published_at__lt=end)

    def of(self, year: int, slug: str) -> "PublicationQuerySet":
        return self.filter(factsheet__edition__year=year, factsheet__country__slug=slug)


class Publication(AppendOnly):
    """A factsheet as published: the document, frozen, under a number of its own.

    Only whether it is current, and its withdrawal, can change; `workflow` changes them. `changes`
    says of each section that differs from the version before why: {"section": anchor, "kind":
    ChangeKind}.
    """

    MUTABLE: ClassVar[frozenset[str]] = frozenset(
        {"is_current", "withdrawn_at", "withdrawn_by", "withdrawn_reason"}
    )

    factsheet = models.ForeignKey(
        Factsheet, models.PROTECT, verbose_name=_("factsheet"), related_name="publications"
    )
    number = models.PositiveIntegerField(_("version"))
    document_json = models.TextField(_("document"))
    digest = models.CharField(_("hash"), max_length=64)
    policies_status = models.CharField(
        _("policies"), max_length=20, choices=PoliciesStatus, default=PoliciesStatus.REPORTED
    )
    total = models.DecimalField(_("total"), max_digits=4, decimal_places=1)
    judged_total = models.DecimalField(_("of which judged"), max_digits=4, decimal_places=1)
    maximum = models.DecimalField(_("maximum"), max_digits=4, decimal_places=1)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("published by"), related_name="+"
    )
    change_note = models.TextField(_("what changed"), blank=True)
    changes = models.JSONField(_("kinds of change"), default=list)
    is_current = models.BooleanField(_("current"), default=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("withdrawn by"),
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn_reason = models.TextField(_("reason of withdrawal"), blank=True)

    objects: ClassVar[Any] = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["factsheet", "number"], name="publication_number_once_per_factsheet"
            ),
            models.UniqueConstraint(
                fields=["factsheet"],
                condition=Q(is_current=True),
                name="publication_current_once_per_factsheet",
            ),
            models.CheckConstraint(
                name="publication_withdrawal_is_whole",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, is_current=False),
            ),
        ]
        # What lists are ordered by stands behind the document, past which a row is long to read.
        indexes = [
            models.Index(
                fields=["factsheet", "total", "published_at"],
                condition=Q(is_current=True),
                name="publication_current_ordered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.factsheet} v{self.number}"

    @cached_property
    def document(self) -> dict[str, Any]:
        return json.loads(self.document_json)

    def get_absolute_url(self) -> str:
        """The permanent address of this version."""
        factsheet = self.factsheet
        return reverse(
            "policies:factsheet_version",
            args=[factsheet.edition.year, factsheet.country.slug, self.number],
        )


class Standing(models.TextChoices):
    """Whether a policy counts; one that does not is shown, but apart."""

    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("Ended")
    FUTURE = "future", _("Not yet started")
    EXAMPLE = "example", _("Example")


class PublishedPolicy(AppendOnly):
    """A policy of a publication, for filters and counts."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="policies")
    code = models.SlugField(max_length=100)
    names = models.JSONField()
    language = models.CharField(max_length=20, default="en")  # of its names and its region
    original_name = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    level = models.CharField(max_length=10, choices=Level)
    region = models.CharField(max_length=100, blank=True)
    period = models.CharField(max_length=10, choices=Period, default=Period.UNKNOWN)
    starting_year = models.PositiveSmallIntegerField(null=True)
    ending_year = models.PositiveSmallIntegerField(null=True)
    continuous_since = models.PositiveSmallIntegerField(null=True)
    is_example = models.BooleanField()
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.IN_FORCE)
    overall_budget = models.CharField(
        max_length=20, choices=Availability, default=Availability.NOT_RESEARCHED
    )
    annual_budget = models.CharField(
        max_length=20, choices=Availability, default=Availability.NOT_RESEARCHED
    )

    class Meta:
        verbose_name = _("published policy")
        verbose_name_plural = _("published policies")
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "code"], name="published_policy_once_per_publication"
            ),
        ]
        indexes = [
            models.Index(
                fields=["publication", "standing", "kind", "level"],
                name="published_policy_standing",
            )
        ]

    def __str__(self) -> str:
        return "; ".join(self.names)


class PublishedSection(AppendOnly):
    """Whether a policy of a publication says something in a section, for counts."""

    policy = models.ForeignKey(PublishedPolicy, models.PROTECT, related_name="sections")
    section = models.SlugField()  # the code of its type
    availability = models.CharField(max_length=20, choices=Availability)

    class Meta:
        verbose_name = _("published section")
        verbose_name_plural = _("published sections")
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "section"], name="published_section_once_per_policy"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy}, {self.section}: {self.availability}"


class PublishedScore(AppendOnly):
    """The points of a criterion in a publication, for filters and counts."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="scores")
    criterion = models.SlugField()
    points = models.DecimalField(max_digits=3, decimal_places=1)
    level = models.CharField(max_length=200, blank=True)  # the words of the rubric for the points
    is_judged = models.BooleanField()

    class Meta:
        verbose_name = _("published score")
        verbose_name_plural = _("published scores")
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "criterion"], name="published_score_once_per_publication"
            ),
        ]
        indexes = [models.Index(fields=["criterion", "points"], name="published_score_points")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"


class CategoryUse(AppendOnly):
    """A category in a policy of a publication, for filters and counts."""

    policy = models.ForeignKey(PublishedPolicy, models.PROTECT, related_name="uses")
    category = models.ForeignKey(Category, models.PROTECT, related_name="published_uses")
    detail = models.CharField(max_length=200, blank=True)  # such as "Nature" of "Other: Nature"

    class Meta:
        verbose_name = _("published use of a category")
        verbose_name_plural = _("published uses of categories")
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "category"], name="category_use_once_per_policy"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy}: {self.category}"
