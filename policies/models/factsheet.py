"""The draft of a factsheet, and its bibliography."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from policies.models.choices import PoliciesStatus, one_of
from policies.models.facts import Fact
from policies.models.fields import AddressField, LineField, ProseField, YearField
from policies.models.reference import Country, Edition
from policies.text import KEY


class Factsheet(Fact):
    """The draft of one country's cluster policy in one edition."""

    FACTSHEET = "pk"
    LASTING = frozenset({"country", "edition"})

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
    reviewers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewers"),
        blank=True,
        related_name="reviewed_factsheets",
        help_text=_("Who is told when something is submitted; any reviewer may review it."),
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
                rf"^{KEY}\Z",
                _("A key is made of letters, digits, hyphens, dots, colons and underscores."),
            )
        ],
        help_text=_("What texts cite it by: [@key, p. 130]."),
    )
    authors = LineField(_("authors"), max_length=500, blank=True, help_text=_("As printed."))
    year = YearField(_("year"))
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
