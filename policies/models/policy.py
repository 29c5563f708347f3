"""A policy: a column of the factsheet's table."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from policies.models.choices import Availability, Kind, Level, Period, one_of
from policies.models.facts import Fact
from policies.models.factsheet import Factsheet
from policies.models.fields import AddressField, LineField, LinesField, ProseField, YearField

models.CharField.register_lookup(Length)


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
    names = LinesField(_("names"), help_text=_("One name a line; most policies have just one."))
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
    starting_year = YearField(
        _("starting year"),
        help_text=_("A cluster policy without it has no derived level of continuity."),
    )
    ending_year = YearField(
        _("ending year"), help_text=_("Given if, and only if, the period is limited.")
    )
    period = models.CharField(_("period"), max_length=10, choices=Period, default=Period.UNKNOWN)
    continuous_since = YearField(
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
