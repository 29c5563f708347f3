"""What reference tables say, in the languages of the public pages beside English."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.models.fields import PlainField
from policies.models.shown import ShownQuerySet


class Of(models.TextChoices):
    """Whose text it is."""

    SECTION = "section", _("section type")
    CATEGORY = "category", _("category")
    RUBRIC = "rubric", _("scoring system")
    CRITERION = "criterion", _("criterion")
    LEVEL = "level", _("level")
    EDITION = "edition", _("edition")
    COUNTRY = "country", _("country")


class TranslationQuerySet(ShownQuerySet):
    def missing(self, language: str) -> "TranslationQuerySet":
        return self.filter(**{language: ""})

    def outdated(self, language: str) -> "TranslationQuerySet":
        return self.exclude(**{f"{language}_from": ""})


class Translation(models.Model):
    """A text of a reference table in each language; where one is missing, English is shown.

    The row is kept in step with the table (`policies.translating`); only translations are written.
    A translation of other words than `english` is outdated: `es_from` and its like say of which.
    """

    LANGUAGES: ClassVar[tuple[str, ...]] = ("es", "fr", "de")

    of = models.CharField(_("table"), max_length=20, choices=Of)
    key = models.CharField(
        _("code"), max_length=200, help_text=_("The row of the table, such as “objectives.rd”.")
    )
    field = models.CharField(_("field"), max_length=20)
    english = models.TextField(_("English"), help_text=_("As the table says it today."))
    es = PlainField(_("Spanish"), blank=True)
    fr = PlainField(_("French"), blank=True)
    de = PlainField(_("German"), blank=True)
    es_from = PlainField(_("Spanish made from"), blank=True)
    fr_from = PlainField(_("French made from"), blank=True)
    de_from = PlainField(_("German made from"), blank=True)

    objects = TranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ["of", "key", "field"]
        constraints = [
            models.UniqueConstraint(
                fields=["of", "key", "field"], name="translation_once_per_text"
            ),
            models.CheckConstraint(
                name="translation_of_known_table", condition=Q(of__in=Of.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_of_display()} {self.key}: {self.field}"

    @property
    def outdated(self) -> list[str]:
        """The languages whose translation is of other English."""
        return [name for name in self.LANGUAGES if getattr(self, f"{name}_from")]

    def reword(self, english: str) -> None:
        """The table says something else: keep what the translations there are were made from."""
        for name in self.LANGUAGES:
            source = getattr(self, f"{name}_from") or self.english
            is_outdated = getattr(self, name) and source != english
            setattr(self, f"{name}_from", source if is_outdated else "")
        self.english = english

    def settle(self, languages: Iterable[str]) -> None:
        """These translations are of the English of today."""
        for name in languages:
            setattr(self, f"{name}_from", "")
