"""The drafts: a factsheet, its policies, its sections and its bibliography."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from policies.models.facts import Fact
from policies.models.fields import AddressField, LineField, ProseField
from policies.models.reference import Category, Country, Edition, Part, SectionType

FIRST_YEAR, LAST_YEAR = 1800, 2200

models.CharField.register_lookup(Length)
models.TextField.register_lookup(Length)


class Availability(models.TextChoices):
    """Whether there is something to say, and which of the kinds of nothing it is."""

    REPORTED = "reported", _("Reported")
    NONE_EXISTS = "none_exists", _("None exists")
    NO_DATA = "no_data", _("No data available")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    NOT_RESEARCHED = "not_researched", _("Not yet researched")


class PoliciesStatus(models.TextChoices):
    """Whether a country's policies are known at all."""

    REPORTED = "reported", _("Policies are reported")
    NONE_EXIST = "none_exist", _("No policy exists")
    NOT_RESEARCHED = "not_researched", _("Not yet researched")


class Kind(models.TextChoices):
    """How closely a policy is about clusters."""

    BROAD = "broad", _("Broad policy")
    SECTORAL = "sectoral", _("Sectoral policy")
    CLUSTER = "cluster", _("Cluster policy")


class Level(models.TextChoices):
    """Where in the country a policy holds."""

    NATIONAL = "national", _("National")
    REGIONAL = "regional", _("Regional")


class Period(models.TextChoices):
    """Whether a policy was given an end."""

    LIMITED = "limited", _("Limited period")
    UNLIMITED = "unlimited", _("Unlimited period")
    UNKNOWN = "unknown", _("Period unknown")


class State(models.TextChoices):
    """Where a section stands in its review."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    CHANGES_REQUESTED = "changes_requested", _("changes requested")
    APPROVED = "approved", _("approved")


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": choices.values}))


def year_field(label: Any, **kwargs: Any) -> models.PositiveSmallIntegerField:
    validators = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=validators, **kwargs
    )


class Factsheet(Fact):
    """The draft of one country's cluster policy in one edition."""

    FACTSHEET = "pk"

    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country"), related_name="factsheets"
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, verbose_name=_("edition"), related_name="factsheets"
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("editors"),
        blank=True,
        related_name="factsheets",
        help_text=_("The editors who may write this factsheet."),
    )
    language = models.CharField(
        _("language"),
        max_length=20,
        default="en",
        validators=[
            RegexValidator(
                r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
                _("Give the language as a code such as “en” or “es-MX”."),
            )
        ],
        help_text=_("The language that the texts are written in, such as “en”."),
    )
    policies_status = models.CharField(
        _("policies"),
        max_length=20,
        choices=PoliciesStatus,
        default=PoliciesStatus.NOT_RESEARCHED,
        help_text=_(
            "While this is not yet researched no level is derived. Only “No policy exists” makes "
            "a missing policy count as 0."
        ),
    )

    class Meta:
        verbose_name = _("factsheet")
        verbose_name_plural = _("factsheets")
        ordering = ["-edition__year", "country__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "edition"],
                name="factsheet_once_per_country_and_edition",
                violation_error_message=_("This country already has a factsheet in this edition."),
            ),
            one_of("policies_status", PoliciesStatus, "factsheet_policies_status_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.edition}"

    @classmethod
    def factsheets_of(cls, rows: Iterable[Self]) -> set[int]:
        return {row.pk for row in rows}

    def get_absolute_url(self) -> str:
        return reverse("policies:factsheet_detail", args=[self.edition.year, self.country.slug])

    def missing_sections(self, types: Iterable[SectionType]) -> list["Section"]:
        """The sections that this factsheet and its policies should have and do not, unsaved.

        Reads `policies` and `sections`, so prefetch them for many factsheets.
        """
        applicable = [t for t in types if t.applies_to(self.country, self.edition)]
        present = {(section.policy_id, section.type_id) for section in self.sections.all()}
        wanted: list[tuple[Policy | None, SectionType]] = [
            (policy, type_)
            for type_ in applicable
            for policy in (self.policies.all() if type_.part == Part.POLICY else [None])
        ]
        return [
            Section(factsheet=self, policy=policy, type=type_)
            for policy, type_ in wanted
            if (policy.pk if policy else None, type_.pk) not in present
        ]


class Policy(Fact):
    """A policy, programme or initiative: a column of the factsheet's table."""

    factsheet = models.ForeignKey(
        Factsheet, models.CASCADE, verbose_name=_("factsheet"), related_name="policies"
    )
    code = models.SlugField(
        _("code"),
        max_length=100,
        help_text=_("The policy's word in addresses; the same policy keeps it across editions."),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("The column's place in the table, from left to right.")
    )
    names = models.JSONField(
        _("names"), help_text=_("One name a line; most policies have just one.")
    )
    original_name = LineField(
        _("original name"),
        max_length=300,
        blank=True,
        help_text=_("The name in the country's own language."),
    )
    url = AddressField(
        _("official address"),
        blank=True,
        help_text=_("Where the policy itself can be read; it begins with http:// or https://."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind,
        help_text=_("Decides the policy scope: a cluster policy scores highest, a broad lowest."),
    )
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.NATIONAL)
    region = LineField(
        _("region"), max_length=100, blank=True, help_text=_("For a regional policy only.")
    )
    is_example = models.BooleanField(
        _("example"),
        default=False,
        help_text=_("An example is shown but never scored or counted."),
    )
    heading_note = ProseField(
        _("heading note"),
        blank=True,
        help_text=_("Becomes a footnote to the heading of the policy's column. Markdown."),
    )
    starting_year = year_field(
        _("starting year"),
        help_text=_("A cluster policy without it has no derived level of continuity."),
    )
    ending_year = year_field(
        _("ending year"), help_text=_("Given if, and only if, the period is limited.")
    )
    period = models.CharField(_("period"), max_length=10, choices=Period, default=Period.UNKNOWN)
    continuous_since = year_field(
        _("running without a break since"),
        help_text=_("If earlier programmes led into this one; decides continuity."),
    )
    overall_availability = models.CharField(
        _("overall budget"),
        max_length=20,
        choices=Availability,
        default=Availability.NOT_RESEARCHED,
    )
    overall_amount = models.DecimalField(
        _("overall amount"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    overall_currency = models.CharField(_("overall currency"), max_length=3, blank=True)
    overall_words = LineField(
        _("overall budget as reported"),
        max_length=500,
        blank=True,
        help_text=_("The words of the source, such as “about 2 million a year”."),
    )
    annual_availability = models.CharField(
        _("annual budget"),
        max_length=20,
        choices=Availability,
        default=Availability.NOT_RESEARCHED,
    )
    annual_amount = models.DecimalField(
        _("annual amount"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    annual_currency = models.CharField(_("annual currency"), max_length=3, blank=True)
    annual_words = LineField(_("annual budget as reported"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["factsheet", "code"],
                name="policy_code_once_per_factsheet",
                violation_error_message=_("Another policy of this factsheet has that code."),
            ),
            models.CheckConstraint(
                name="policy_ends_if_and_only_if_limited",
                condition=Q(period="limited", ending_year__isnull=False)
                | (~Q(period="limited") & Q(ending_year__isnull=True)),
                violation_error_message=_(
                    "Give an ending year if, and only if, the period is limited."
                ),
            ),
            models.CheckConstraint(
                name="policy_ends_after_it_starts",
                condition=Q(starting_year__isnull=True)
                | Q(ending_year__isnull=True)
                | Q(ending_year__gte=F("starting_year")),
                violation_error_message=_("The ending year is before the starting year."),
            ),
            models.CheckConstraint(
                name="policy_has_region_if_and_only_if_regional",
                condition=(Q(level="regional") & ~Q(region="")) | Q(level="national", region=""),
                violation_error_message=_(
                    "Name the region if, and only if, the level is regional."
                ),
            ),
            one_of("kind", Kind, "policy_kind_is_known"),
            one_of("period", Period, "policy_period_is_known"),
            *(
                constraint
                for budget in ("overall", "annual")
                for constraint in (
                    one_of(f"{budget}_availability", Availability, f"policy_{budget}_is_known"),
                    models.CheckConstraint(
                        name=f"policy_{budget}_amount_has_currency",
                        condition=Q(**{f"{budget}_amount__isnull": True, f"{budget}_currency": ""})
                        | Q(
                            **{
                                f"{budget}_amount__gte": 0,
                                f"{budget}_currency__length": 3,
                                f"{budget}_availability": "reported",
                            }
                        ),
                        violation_error_message=_(
                            "An amount of a budget is not negative, has a currency of three "
                            "letters, and stands only where the budget is reported."
                        ),
                    ),
                )
            ),
        ]

    def __str__(self) -> str:
        return "; ".join(self.names) if isinstance(self.names, list) else self.code

    @property
    def name(self) -> str:
        return self.names[0]

    def clean(self) -> None:
        if not isinstance(self.names, list) or not all(
            isinstance(name, str) and name.strip() for name in self.names
        ):
            raise ValidationError({"names": _("Give each name as a line of text.")})
        if not self.names:
            raise ValidationError({"names": _("A policy has at least one name.")})


class Section(Fact):
    """The unit of writing, review, history, conflict and citation.

    One cell of the policy table, or one text of the factsheet (then `policy` is null).
    """

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


class Reference(Fact):
    """An entry of the bibliography."""

    factsheet = models.ForeignKey(
        Factsheet, models.CASCADE, verbose_name=_("factsheet"), related_name="references"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    key = models.CharField(
        _("key"),
        max_length=100,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9]([A-Za-z0-9_:.-]*[A-Za-z0-9])?$",
                _("A key is made of letters, digits, hyphens, dots, colons and underscores."),
            )
        ],
        help_text=_("What texts cite it by: [@key, p. 130]."),
    )
    authors = LineField(_("authors"), max_length=500, blank=True, help_text=_("As printed."))
    year = year_field(_("year"))
    title = LineField(_("title"), max_length=500)
    publisher = LineField(
        _("publisher"),
        max_length=300,
        blank=True,
        help_text=_("Or the journal with volume and pages."),
    )
    url = AddressField(_("address"), blank=True)
    accessed = models.DateField(_("last accessed"), null=True, blank=True)
    note = ProseField(_("note"), blank=True, help_text=_("Such as “See also …”. Markdown."))

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["factsheet", "key"],
                name="reference_key_once_per_factsheet",
                violation_error_message=_("Another reference of this factsheet has that key."),
            ),
        ]

    def __str__(self) -> str:
        return self.key
