"""The words that facts are chosen from, and how a table keeps to them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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


class ChangeKind(models.TextChoices):
    """Why published content was changed, the weightiest first."""

    POLICY_CHANGED = "policy_changed", _("the policy changed")
    RECORD_CORRECTED = "record_corrected", _("the record was corrected")
    WORDING_ONLY = "wording_only", _("wording only")


class ValidationStatus(models.TextChoices):
    """What the national authority did when it was asked to check a version."""

    NOT_ASKED = "not_asked", _("not asked")
    ASKED = "asked", _("asked")
    NO_REPLY = "no_reply", _("no reply")
    VALIDATED = "validated", _("validated")


class Decision(models.TextChoices):
    """What became of an objection."""

    OPEN = "open", _("not yet decided")
    UPHELD = "upheld", _("upheld")
    PARTLY_UPHELD = "partly_upheld", _("partly upheld")
    REJECTED = "rejected", _("rejected")


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": choices.values}))
