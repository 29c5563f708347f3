"""History: what a section held, and what was decided about it. Append-only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.changes import Source
from policies.models.choices import ChangeKind
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
    batch = models.ForeignKey(
        "Batch",
        models.PROTECT,
        verbose_name=_("import"),
        null=True,
        blank=True,
        related_name="revisions",
        help_text=_("The spreadsheet that it came in with."),
    )

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
        REOPENED = "reopened", _("reopened")
        CONFIRMED = "confirmed", _("confirmed")
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
    change_kind = models.CharField(
        _("kind of change"),
        max_length=20,
        choices=ChangeKind,
        blank=True,
        help_text=_("Said when a change of published content is submitted."),
    )

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


class CommentQuerySet(models.QuerySet):
    def open(self) -> "CommentQuerySet":
        return self.filter(resolved_at=None)


class Comment(models.Model):
    """A remark on a section, or (no section) on the factsheet; open until it is resolved.

    `anchor` still names the section after its policy has been deleted.
    """

    factsheet = models.ForeignKey(Factsheet, models.CASCADE, related_name="comments")
    section = models.ForeignKey(
        Section, models.SET_NULL, null=True, blank=True, related_name="comments"
    )
    anchor = models.CharField(_("section"), max_length=200, blank=True)
    revision = models.ForeignKey(
        SectionRevision, models.SET_NULL, null=True, blank=True, related_name="comments"
    )
    text = models.TextField(_("text"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    at = models.DateTimeField(_("at"))
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="comment_is_resolved_by_somebody",
                condition=models.Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | models.Q(resolved_at__isnull=False, resolved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.text[:60]}"


class WarningReason(AppendOnly):
    """Why a warning of the checks may stand; it holds until that rule's findings change."""

    factsheet = models.ForeignKey(Factsheet, models.CASCADE, related_name="warning_reasons")
    rule = models.CharField(_("rule"), max_length=50)
    fingerprint = models.CharField(max_length=64)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reason for a warning")
        verbose_name_plural = _("reasons for warnings")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.rule}: {self.reason[:60]}"
