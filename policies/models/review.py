"""History: what a section held, and what was decided about it. Append-only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.changes import Source
from policies.models.factsheet import Factsheet
from policies.models.frozen import AppendOnly
from policies.models.reference import SectionType
from policies.models.section import Section


class SectionRevision(AppendOnly):
    """All that belonged to a section after one change, however many rows that touched.

    `policy_code` and `type` still name the section after its policy has been deleted.
    """

    factsheet = models.ForeignKey(Factsheet, models.CASCADE, related_name="revisions")
    section = models.ForeignKey(
        Section, models.SET_NULL, null=True, blank=True, related_name="revisions"
    )
    policy_code = models.CharField(_("policy"), max_length=100, blank=True)
    type = models.ForeignKey(SectionType, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(_("content"))
    schema = models.PositiveSmallIntegerField(_("schema version"))
    content_hash = models.CharField(_("hash"), max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("author"),
        null=True,
        blank=True,
        related_name="revisions",
    )
    created_at = models.DateTimeField(_("created"))
    source = models.CharField(_("source"), max_length=20, choices=Source)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("revision of a section")
        verbose_name_plural = _("revisions of sections")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "number"],
                condition=models.Q(section__isnull=False),
                name="revision_number_once_per_section",
            ),
        ]

    def __str__(self) -> str:
        where = f"{self.policy_code}.{self.type.code}" if self.policy_code else self.type.code
        return f"{where} #{self.number}"


class ReviewEvent(AppendOnly):
    """Who did what to which revision or publication, with a comment."""

    class Action(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    factsheet = models.ForeignKey(Factsheet, models.CASCADE, related_name="events")
    revision = models.ForeignKey(
        SectionRevision, models.CASCADE, null=True, blank=True, related_name="events"
    )
    publication = models.ForeignKey(
        "Publication", models.PROTECT, null=True, blank=True, related_name="events"
    )
    action = models.CharField(_("action"), max_length=20, choices=Action)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="events")
    at = models.DateTimeField(_("at"))
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("review event")
        verbose_name_plural = _("review events")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="event_is_about_a_revision_or_a_publication",
                condition=models.Q(revision__isnull=False, publication__isnull=True)
                | models.Q(revision__isnull=True, publication__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}, {self.by}"
