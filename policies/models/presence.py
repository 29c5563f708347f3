"""Who has which page open just now: no lock, only a hint."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.models.factsheet import Factsheet
from policies.models.policy import Policy


class Presence(models.Model):
    """A person with the form of a factsheet, or of one of its policies, open."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    factsheet = models.ForeignKey(Factsheet, models.CASCADE, related_name="+")
    policy = models.ForeignKey(Policy, models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "factsheet"],
                condition=Q(policy__isnull=True),
                name="presence_once_per_factsheet",
            ),
            models.UniqueConstraint(
                fields=["user", "policy"],
                condition=Q(policy__isnull=False),
                name="presence_once_per_policy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.policy or self.factsheet}"
