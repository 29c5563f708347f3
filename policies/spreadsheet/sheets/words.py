"""What the columns that several sheets have mean."""

from django.utils.translation import gettext_lazy as _

COUNTRY = _("ISO 3166 code of the country.")
EDITION = _("Year of the edition.")
POLICY = _("Code of the policy in its factsheet.")
VERSION = _("Tells whether somebody changed it after you exported it; leave it as it is.")
