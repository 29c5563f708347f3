from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who works on factsheets; what they may do follows from their groups (`roles.py`)."""

    wants_mail = models.BooleanField(
        _("mail"),
        default=True,
        help_text=_("Mail me when my work is submitted, returned or published."),
    )
