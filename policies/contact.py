"""Where to write about the site, as its operator has set it."""

import re
from typing import Any

from django.conf import settings
from django.core import checks

_SCHEME = re.compile(r"(mailto|https|tel):", re.IGNORECASE)


def security() -> str:
    """For holes in the site, as an address that machines understand; empty if there is none."""
    return _address(settings.SECURITY_CONTACT)


def accessibility() -> str:
    return _address(settings.ACCESSIBILITY_CONTACT)


def _address(told: str) -> str:
    """A bare mail address becomes a link; a line break would begin a field of its own."""
    told = "".join(told.split())
    return f"mailto:{told}" if told and not _SCHEME.match(told) else told


def connect() -> None:
    checks.register(check_contact, checks.Tags.security, deploy=True)


def check_contact(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    if security():
        return []
    return [
        checks.Warning(
            "The site names nobody to tell of a hole: /.well-known/security.txt is missing.",
            hint="Set SECURITY_CONTACT to a mail address or to the https:// address of a form.",
            id="policies.W001",
        )
    ]
