"""Who else has a form open: a hint, no lock. It ends with the page, or with a minute of silence."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.models import Factsheet, Policy, Presence, User

SILENCE = timedelta(minutes=1)


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()


def mark(user: User, row: Factsheet | Policy) -> None:
    """The person has the form of this row open now."""
    now = timezone.now()
    if not Presence.objects.filter(user=user, **_page(row)).update(at=now):
        Presence.objects.get_or_create(user=user, **_page(row), defaults={"at": now})


def leave(user: User, row: Factsheet | Policy) -> None:
    Presence.objects.filter(user=user, **_page(row)).delete()


def others(user: User, row: Factsheet | Policy) -> str:
    """ "Ada is editing this too.", or nothing."""
    present = Presence.objects.filter(at__gt=timezone.now() - SILENCE, **_page(row))
    there = present.exclude(user=user).select_related("user").order_by("user__username")
    names = [name_of(presence.user) for presence in there]
    if not names:
        return ""
    message = ngettext(
        "%(people)s is editing this too.", "%(people)s are editing this too.", len(names)
    )
    return message % {"people": capfirst(get_text_list(names, _("and")))}


def _page(row: Factsheet | Policy) -> dict[str, Any]:
    if isinstance(row, Policy):
        return {"factsheet_id": row.factsheet_id, "policy": row}
    return {"factsheet_id": row.pk, "policy": None}


def answer(request: HttpRequest, row: Any, *, writes: bool) -> HttpResponse:
    """To a page that is open, or `leaving`: who else is there. Only who may write is marked."""
    if request.method != "POST" or row is None:
        raise PermissionDenied
    user: User = request.user  # type: ignore[assignment]
    if "leaving" in request.POST:
        leave(user, row)
    elif writes:
        mark(user, row)
    return HttpResponse(others(user, row), content_type="text/plain; charset=utf-8")
