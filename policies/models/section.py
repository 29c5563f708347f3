"""A section: the unit of writing, review, history, conflict and citation."""

from collections.abc import Iterable
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.models.choices import Availability, State, one_of
from policies.models.facts import Fact
from policies.models.factsheet import Factsheet
from policies.models.fields import LineField, ProseField
from policies.models.policy import Policy
from policies.models.reference import Category, SectionType


class Section(Fact):
    """The unit of writing, review, history, conflict and citation.

    One cell of the policy table, or one text of the factsheet (then `policy` is null).
    """

    LASTING = frozenset({"factsheet", "policy", "type"})
    BOOKKEEPING = frozenset(
        {"version", "content_hash", "state", "approved_revision", "is_unconfirmed"}
    )

    factsheet = models.ForeignKey(
        Factsheet, models.CASCADE, verbose_name=_("factsheet"), related_name="sections"
    )
    policy = models.ForeignKey(
        Policy,
        models.CASCADE,
        verbose_name=_("policy"),
        null=True,
        blank=True,
        related_name="sections",
    )
    type = models.ForeignKey(
        SectionType, models.PROTECT, verbose_name=_("type"), related_name="sections"
    )
    availability = models.CharField(
        _("availability"),
        max_length=20,
        choices=Availability,
        default=Availability.NOT_RESEARCHED,
    )
    availability_note = LineField(
        _("note on availability"),
        max_length=500,
        blank=True,
        help_text=_("For example where was looked, or why it does not apply."),
    )
    categories = models.ManyToManyField(
        Category, verbose_name=_("categories"), through="SectionCategory", blank=True
    )
    text = ProseField(_("text"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.DRAFT, editable=False
    )
    approved_revision = models.ForeignKey(
        "SectionRevision",
        models.SET_NULL,
        verbose_name=_("approved revision"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    is_unconfirmed = models.BooleanField(
        _("carried over, not yet confirmed"), default=False, editable=False
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["type__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "type"],
                condition=Q(policy__isnull=False),
                name="section_once_per_policy",
            ),
            models.UniqueConstraint(
                fields=["factsheet", "type"],
                condition=Q(policy__isnull=True),
                name="section_once_per_factsheet",
            ),
            one_of("availability", Availability, "section_availability_is_known"),
            one_of("state", State, "section_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.policy.name}, {self.type}" if self.policy else str(self.type)

    @property
    def anchor(self) -> str:
        """The section's address on the factsheet's page."""
        return f"{self.policy.code}.{self.type.code}" if self.policy else self.type.code

    def clean(self) -> None:
        if self.policy and self.policy.factsheet_id != self.factsheet_id:
            raise ValidationError(_("The policy belongs to another factsheet."))


class SectionCategory(Fact):
    """A category ticked in a section, with its detail where it needs one."""

    FACTSHEET = "section__factsheet"
    LASTING = frozenset({"section"})

    section = models.ForeignKey(Section, models.CASCADE, related_name="uses")
    category = models.ForeignKey(Category, models.PROTECT, related_name="uses")
    detail = LineField(_("detail"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("category of a section")
        verbose_name_plural = _("categories of sections")
        ordering = ["category__order", "category__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "category"], name="category_once_per_section"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.detail}" if self.detail else str(self.category)

    @classmethod
    def factsheets_of(cls, rows: Iterable[Self]) -> set[int]:
        sections = {row.section_id for row in rows}
        return set(Section.objects.filter(pk__in=sections).values_list("factsheet_id", flat=True))

    def clean(self) -> None:
        if self.category.section_type_id != self.section.type_id:
            raise ValidationError({"category": _("This category belongs to another section.")})
        if self.detail and not self.category.needs_detail:
            raise ValidationError({"detail": _("This category takes no detail.")})
        if self.category.needs_detail and not self.detail:
            raise ValidationError({"detail": _("This category needs a detail.")})
