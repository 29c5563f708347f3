"""Reference tables: what factsheets are made of and measured with. Codes never change."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from policies.models.fields import LineField, PlainField
from policies.models.shown import ShownQuerySet
from scoring.models import Rubric

models.CharField.register_lookup(Length)


class Country(models.Model):
    """A country or territory of ISO 3166, Kosovo, or an invented one for demonstration."""

    class Group(models.TextChoices):
        EU = "eu", _("EU member")
        EUROPEAN = "european", _("other European country")
        THIRD = "third", _("third country")
        DEMONSTRATION = "demonstration", _("demonstration country")

    code = models.CharField(_("ISO 3166 code"), max_length=2, unique=True)
    alpha3 = models.CharField(_("three-letter code"), max_length=3, unique=True)
    numeric = models.CharField(
        _("numeric code"), max_length=3, blank=True, help_text=_("Joins the country to maps.")
    )
    name = LineField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(
        _("slug"),
        unique=True,
        help_text=_("The country's word in public addresses. Changing it breaks links."),
    )
    group = models.CharField(
        _("group"),
        max_length=20,
        choices=Group,
        help_text=_("Demonstration countries carry a banner and are never counted with real ones."),
    )
    note = PlainField(
        _("note"), blank=True, help_text=_("Printed under the name, for example on its status.")
    )

    objects = ShownQuerySet.as_manager()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="country_code_has_two_letters",
                condition=models.Q(code__length=2),
                violation_error_message=_("A country code has two letters."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Edition(models.Model):
    """A year's collection of factsheets, made at one date and scored by one rubric."""

    year = models.PositiveSmallIntegerField(
        _("year"), unique=True, validators=[MinValueValidator(1800), MaxValueValidator(2200)]
    )
    label = LineField(
        _("label"), max_length=50, help_text=_("When the data was collected, such as “Q3 2022”.")
    )
    collected_on = models.DateField(
        _("collected on"),
        help_text=_("The last day of collection. Its year decides which policies are in force."),
    )
    rubric = models.ForeignKey(
        Rubric,
        models.PROTECT,
        verbose_name=_("rubric"),
        help_text=_("Changing it recomputes every draft of the edition."),
    )
    author = LineField(
        _("author"),
        max_length=200,
        blank=True,
        help_text=_("Named as the author in citations; without one, the publisher is."),
    )
    publisher = LineField(_("publisher"), max_length=200)
    licence = LineField(_("licence"), max_length=300)
    source_line = LineField(
        _("source line"), max_length=200, help_text=_("Printed under tables and figures.")
    )
    submit_by = models.DateField(_("submit by"), null=True, blank=True)
    review_by = models.DateField(_("review by"), null=True, blank=True)
    publish_by = models.DateField(_("publish by"), null=True, blank=True)

    objects = ShownQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)

    def clean(self) -> None:
        if self.rubric_id and not self.rubric.released_at:
            message = _("“%(rubric)s” is a draft. Release it first, on its own page.")
            raise ValidationError(
                {"rubric": ValidationError(message, "draft", {"rubric": self.rubric})}
            )


class InEditions(models.Model):
    """What only some editions have; no bounds mean all of them."""

    since = models.ForeignKey(
        Edition,
        models.PROTECT,
        verbose_name=_("since edition"),
        null=True,
        blank=True,
        related_name="+",
    )
    until = models.ForeignKey(
        Edition,
        models.PROTECT,
        verbose_name=_("until edition"),
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        abstract = True

    def is_in(self, edition: Edition) -> bool:
        return (self.since is None or self.since.year <= edition.year) and (
            self.until is None or edition.year <= self.until.year
        )


class Part(models.TextChoices):
    """The part of a factsheet that a section stands in."""

    INTRODUCTION = "introduction", _("introduction")
    POLICY = "policy", _("policy table")
    ASSESSMENT = "assessment", _("text of a criterion")
    CHAPTER = "chapter", _("further chapter")
    BIBLIOGRAPHY = "bibliography", _("bibliography")


class SectionType(InEditions):
    """A kind of section: a row of the policy table, or a text of the factsheet."""

    code = models.SlugField(_("code"), unique=True)
    part = models.CharField(_("part"), max_length=20, choices=Part)
    heading = LineField(_("heading"), max_length=100)
    title = LineField(
        _("title"),
        max_length=100,
        help_text=_("The name under the heading; the same where a heading has one section."),
    )
    order = models.PositiveSmallIntegerField(_("order"))
    guidance = PlainField(_("guidance"), blank=True, help_text=_("Shown to editors."))
    lead_in = PlainField(
        _("lead-in"), blank=True, help_text=_("Shown to readers above the section's part.")
    )
    takes_categories = models.BooleanField(_("takes categories"), default=False)
    takes_text = models.BooleanField(_("takes text"), default=True)
    is_required = models.BooleanField(
        _("required"), default=False, help_text=_("Where it applies, it can't stay unresearched.")
    )
    country_groups = models.JSONField(
        _("country groups"),
        default=list,
        blank=True,
        help_text=_("The groups of countries that have this section; none means all."),
    )

    objects = ShownQuerySet.as_manager()

    class Meta:
        verbose_name = _("section type")
        verbose_name_plural = _("section types")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        if self.title == self.heading:
            return self.title
        return f"{self.heading}: {self.title}"

    def applies_to(self, country: Country, edition: Edition) -> bool:
        """Whether a factsheet of this country and edition has such a section."""
        in_group = not self.country_groups or country.group in self.country_groups
        return in_group and self.is_in(edition)


class Evidence(models.TextChoices):
    """What the use of a category proves for the score."""

    FINANCIAL = "financial", _("financial instruments")
    TECHNICAL = "technical", _("technical assistance")
    EX_ANTE = "ex_ante", _("an ex-ante evaluation")
    ONGOING = "ongoing", _("an ongoing or interim evaluation")
    EX_POST = "ex_post", _("an ex-post evaluation")
    MONITORING = "monitoring", _("monitoring")


class Category(InEditions):
    """A standardised answer in a section. Its label may change, its code never."""

    section_type = models.ForeignKey(
        SectionType,
        models.PROTECT,
        verbose_name=_("section type"),
        related_name="categories",
        limit_choices_to={"takes_categories": True},
    )
    code = models.SlugField(_("code"))
    label = LineField(_("label"), max_length=200)
    definition = PlainField(_("definition"), blank=True)
    search_words = LineField(
        _("search words"),
        max_length=300,
        blank=True,
        help_text=_("Words that readers may search for instead of the label, with commas."),
    )
    former_labels = PlainField(
        _("former labels"),
        blank=True,
        help_text=_(
            "What it was called before, one a line, so that it is still found. "
            "A label that is changed is added by itself."
        ),
    )
    order = models.PositiveSmallIntegerField(_("order"))
    evidence = models.CharField(
        _("evidence"),
        max_length=20,
        choices=Evidence,
        blank=True,
        help_text=_("What ticking this category proves for the score; most prove nothing."),
    )
    needs_detail = models.BooleanField(
        _("needs a detail"), default=False, help_text=_("Such as “Other: Nature”.")
    )
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("replaced by"), null=True, blank=True
    )

    objects = ShownQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["section_type__order", "order", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["section_type", "code"],
                name="category_code_once_per_section_type",
                violation_error_message=_("This section type already has a category of that code."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A label that is given up stays among the former ones, and a former one may come back."""
        before = Category.objects.filter(pk=self.pk).values_list("label", flat=True).first()
        former = dict.fromkeys([*self.former_labels.splitlines(), before or self.label])
        self.former_labels = "\n".join(each for each in former if each not in ("", self.label))
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.replaced_by_id and self.replaced_by_id == self.pk:
            raise ValidationError({"replaced_by": _("A category can't replace itself.")})
