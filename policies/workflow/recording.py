"""What every step does: wait for its turn, ask who may, and leave an event."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from policies import mailing
from policies.models import Factsheet, ReviewEvent, User
from policies.roles import Step, may, refusal

logger = logging.getLogger(__name__)


def lock(factsheet: int) -> None:
    """Wait until nobody else writes this factsheet: every writer locks it before anything else.

    Not its key, which new rows that point here have to hold.
    """
    Factsheet.objects.order_by().select_for_update(no_key=True).filter(pk=factsheet).first()


def require(by: User, step: Step, factsheet: Factsheet) -> None:
    """Raises `PermissionDenied` with the way out in words; the log keeps the attempt."""
    if not may(by, step, factsheet):
        logger.warning("refused: %s, %s, factsheet %s", by, step, factsheet.pk)
        raise PermissionDenied(refusal(by, step))


def raise_all(errors: Iterable[ValidationError]) -> None:
    if errors := list(errors):
        raise ValidationError(errors)


def log(
    factsheet: Factsheet, action: str, by: User, now: datetime | None, **about: Any
) -> ReviewEvent:
    """Keep who did what, to which `revision` or `publication`, with which `comment`; mail it."""
    event = ReviewEvent.objects.create(
        factsheet=factsheet, action=action, by=by, at=now or timezone.now(), **about
    )
    mailing.collect(event)
    return event
