"""A form that is sent twice is saved once: a double click, or a line that broke in the middle.

Every page carries the token against forgery, masked anew each time, so the same bytes come only
from the same page. What was saved is remembered in the session, in the transaction of the save;
of two such requests the second has waited for the factsheet, and then finds it.
"""

import hashlib

from django.contrib import messages
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

SENT = "sent"  # in the session: what was sent, and where its sender was led
KEPT = 10
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of a field


def answered(request: HttpRequest) -> HttpResponse | None:
    """The answer to what has been saved already, if it has."""
    address = _remembered(request).get(_digest(request))
    if address is None:
        return None
    messages.info(request, _("This form was sent twice; it was saved once."))
    return HttpResponseRedirect(address)


def remember(request: HttpRequest, address: str) -> None:
    """Keep where the sender of a form that was saved is led."""
    if TOKEN not in request.POST:
        return
    sent = {**_remembered(request), _digest(request): address}
    request.session[SENT] = dict(list(sent.items())[-KEPT:])
    try:
        request.session.save()
    except UpdateError:  # logged out meanwhile: there is no session left that could send it again
        request.session.modified = False


def _remembered(request: HttpRequest) -> dict[str, str]:
    """As it is stored now: another request may have saved since this one began."""
    if TOKEN not in request.POST:
        return {}
    return type(request.session)(request.session.session_key).get(SENT, {})


def _digest(request: HttpRequest) -> str:
    sent = [request.path, *sorted((k, request.POST.getlist(k)) for k in request.POST)]
    return hashlib.sha256(repr(sent).encode()).hexdigest()
