"""Change sets: what is saved together is recorded and scored together, once, or not at all."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import TextChoices
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from policies.models import Factsheet, User


class Source(TextChoices):
    """The way by which a change came in."""

    ADMIN = "admin", _("admin")
    SPREADSHEET = "spreadsheet", _("spreadsheet")
    JSON = "json", _("JSON")
    EDITION = "edition", _("carried over from the last edition")
    SYSTEM = "system", _("system")


@dataclass
class ChangeSet:
    """The factsheets that one step touched, and who did it, how, why, and by which import."""

    by: "User | None" = None
    source: str = Source.SYSTEM
    note: str = ""
    batch: int | None = None
    factsheets: set[int] = field(default_factory=set)
    drafts: dict[int, "Factsheet"] = field(default_factory=dict)

    def touch(self, factsheets: Iterable[int | None]) -> None:
        """Have these settled at the end; what was known of their drafts is out of date."""
        keys = {pk for pk in factsheets if pk is not None}
        self.factsheets |= keys
        for pk in keys & self.drafts.keys():
            del self.drafts[pk]

    def touch_drafts(self, drafts: Iterable["Factsheet"]) -> None:
        """Have these settled as they are: locked, and all that was written is in the objects."""
        known = {draft.pk: draft for draft in drafts}
        self.touch(known)
        self.drafts |= known


# Sent once at the end of a change set that touched something, inside its transaction.
change_set_ended = Signal()

_current: ContextVar[ChangeSet | None] = ContextVar("change_set", default=None)


@contextmanager
def change_set(
    by: "User | None" = None,
    source: str = Source.SYSTEM,
    note: str = "",
    batch: int | None = None,
) -> Iterator[ChangeSet]:
    """One step of work: a transaction at whose end every touched factsheet is settled.

    Inside a running change set it joins that one, so who, how and why are the outermost's.
    """
    if outer := _current.get():
        yield outer
        return
    changes = ChangeSet(by, source, note, batch)
    token = _current.set(changes)
    try:
        with transaction.atomic():
            yield changes
            if changes.factsheets:
                change_set_ended.send(sender=ChangeSet, changes=changes)
    finally:
        _current.reset(token)
