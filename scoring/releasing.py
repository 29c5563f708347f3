"""A draft becomes a rubric that editions can choose, once exactly one level fits whatever is so."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from .checks import check_rubric
from .models import Rubric


@transaction.atomic
def release(rubric: Rubric, now: datetime) -> None:
    """Raises `ValidationError` with everything that stands in the way; a second time is nothing."""
    held = Rubric.objects.select_for_update(no_key=True).get(pk=rubric.pk)
    if held.released_at:
        return
    if found := check_rubric(held):
        raise ValidationError([message.msg for message in found], code="unsound")
    held.released_at = now
    held.save()
