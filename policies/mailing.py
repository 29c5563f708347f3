"""Mail about a step to the people whom it concerns: one for each person and action."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.addresses import review_page
from policies.models import Factsheet, Publication, ReviewEvent, State, User
from policies.roles import Role, Step, may

logger = logging.getLogger(__name__)
Action = ReviewEvent.Action

# What people are told of.
TOLD = (Action.SUBMITTED, Action.RETURNED, Action.PUBLISHED, Action.WITHDRAWN)

_collected: ContextVar[list[int] | None] = ContextVar("collected", default=None)


@contextmanager
def digest() -> Iterator[list[int]]:
    """What happens inside is told in one mail to each person, once all of it is committed.

    Inside another digest it joins that one.
    """
    outer = _collected.get()
    if outer is not None:
        yield outer
        return
    events: list[int] = []
    token = _collected.set(events)
    try:
        yield events
    finally:
        _collected.reset(token)
        transaction.on_commit(partial(send, events), robust=True)


def collect(event: ReviewEvent) -> None:
    """Tell of an event with the digest that is open, or at once; never if it is rolled back."""
    if event.action in TOLD:
        with digest() as events:
            transaction.on_commit(partial(events.append, event.pk))


def send(events: list[int]) -> None:
    """Mail what the events of these keys were. A server that fails is logged and breaks nothing."""
    mails = list(_mails(_told(events))) if events else []
    if not mails:
        return
    try:
        with get_connection() as connection:
            for mail in mails:
                _send(mail, connection)
    except OSError:
        logger.exception("no mail sent, %d lost", len(mails))


def _send(mail: EmailMessage, connection: BaseEmailBackend) -> None:
    mail.connection = connection
    try:
        mail.send()
    except OSError:  # as every SMTPException is
        logger.exception("mail not sent: %s", mail.subject)


# Who is told


def _told(events: list[int]) -> Iterator[ReviewEvent]:
    """The events that are worth a mail, with what a mail says of them."""
    found = (
        ReviewEvent.objects.filter(pk__in=events)
        .select_related("factsheet__country", "factsheet__edition", "publication", "by")
        .select_related("revision__section__policy", "revision__section__type", "revision__author")
        .defer("publication__document_json", "revision__content", "revision__section__text")
        .prefetch_related("factsheet__editors__groups", "factsheet__reviewers__groups")
    )
    for event in found.order_by("factsheet", "pk"):
        if event.action != Action.SUBMITTED or _waits(event):
            yield event


def _waits(event: ReviewEvent) -> bool:
    """Whether a submitted section has not been dealt with in the same breath."""
    section = event.revision.section if event.revision else None
    return section is not None and section.state == State.SUBMITTED


def _concerned(event: ReviewEvent, reviewers: list[User]) -> set[User]:
    people = _addressed(event, reviewers)
    return {user for user in people if user != event.by and _wants(user, event.factsheet)}


def _addressed(event: ReviewEvent, reviewers: list[User]) -> list[User]:
    """`reviewers` are all there are, for a factsheet that has none of its own."""
    editors, own = list(event.factsheet.editors.all()), list(event.factsheet.reviewers.all())
    if event.action == Action.SUBMITTED:
        return [user for user in own if user in reviewers] or reviewers
    if event.action == Action.RETURNED:
        author = event.revision.author if event.revision else None
        return [*editors, author] if author else editors
    return [*editors, *own]


def _wants(user: User, factsheet: Factsheet) -> bool:
    reachable = user.is_active and user.wants_mail and user.email
    return bool(reachable) and may(user, Step.VIEW, factsheet)


# What they are told


@dataclass(frozen=True)
class Line:
    """What happened to one section or version, and where it is seen."""

    factsheet: Factsheet
    name: str
    address: str
    comment: str
    kind: str


def _mails(events: Iterable[ReviewEvent]) -> Iterator[EmailMessage]:
    reviewers = list(
        User.objects.filter(groups__name=Role.REVIEWER, is_active=True).prefetch_related("groups")
    )
    batches: dict[tuple[User, str, User], list[Line]] = {}
    for event in events:
        line = _line(event)
        for user in _concerned(event, reviewers):
            batches.setdefault((user, event.action, event.by), []).append(line)
    for (user, action, by), lines in batches.items():
        yield _mail(user, Action(action), by, lines)


def _mail(to: User, action: Action, by: User, lines: list[Line]) -> EmailMessage:
    context = {
        "did": _did(action) % {"who": by.get_full_name() or by.username},
        "lines": lines,
        "settings": settings.SITE_URL + reverse("desk:settings"),
    }
    body = render_to_string("policies/mail/digest.txt", context)
    return EmailMessage(_subject(action, lines), body, to=[to.email])


def _did(action: Action) -> str:
    return {
        Action.SUBMITTED: _("%(who)s submitted for review:"),
        Action.RETURNED: _("%(who)s asked for changes:"),
        Action.PUBLISHED: _("%(who)s published:"),
        Action.WITHDRAWN: _("%(who)s withdrew from readers:"),
    }[action]


def _subject(action: Action, lines: list[Line]) -> str:
    count = len(lines)
    what = {
        Action.SUBMITTED: ngettext(
            "%(count)d section submitted", "%(count)d sections submitted", count
        ),
        Action.RETURNED: ngettext(
            "%(count)d section returned", "%(count)d sections returned", count
        ),
        Action.PUBLISHED: _("published"),
        Action.WITHDRAWN: _("withdrawn"),
    }[action]
    sheets = {line.factsheet.pk: str(line.factsheet) for line in lines}
    several = _("%(count)d factsheets") % {"count": len(sheets)}
    where = several if len(sheets) > 1 else next(iter(sheets.values()))
    return f"{where}: {what % {'count': count}}"


def _line(event: ReviewEvent) -> Line:
    name, address = _version(event.publication) if event.publication else _section(event)
    kind = event.get_change_kind_display()
    return Line(event.factsheet, name, settings.SITE_URL + address, event.comment, kind)


def _version(publication: Publication) -> tuple[str, str]:
    name = _("Version %(number)d") % {"number": publication.number}
    return name, publication.get_absolute_url()


def _section(event: ReviewEvent) -> tuple[str, str]:
    section = event.revision.section if event.revision else None
    if section is None:
        return str(event.revision), review_page(event.factsheet_id)
    return str(section), review_page(event.factsheet_id, section.anchor)
