"""What two people changed at once, shown side by side on the page that one of them sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from policies.admin.overtaking import OvertakingForm, attempt_of, plain
from policies.admin.presence import name_of
from policies.differences import Op, Piece, pieces, words
from policies.models import Factsheet, Policy, SectionRevision
from policies.presentation.words import DASH

MULTIPLE = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)


@dataclass(frozen=True)
class Row:
    """A field that was saved otherwise than it was typed, with what differs marked on each side."""

    title: str
    saved: list[Piece]
    typed: list[Piece]


@dataclass(frozen=True)
class Conflict:
    """A part of the page as a colleague saved it and as it was typed."""

    key: str
    revision: SectionRevision | None  # the colleague's
    opened: str  # the version that the page was opened with
    is_own: bool  # the colleague is the same person, at another window
    is_gone: bool
    rows: list[Row]

    @property
    def by(self) -> str:
        author = self.revision.author if self.revision else None
        return name_of(author) if author else _("a colleague")

    @property
    def at(self) -> datetime | None:
        return self.revision.created_at if self.revision else None

    @property
    def title(self) -> str:
        return str(self.revision.type) if self.revision else _("Factsheet")

    @property
    def id(self) -> str:
        return f"conflict-{self.key.replace(':', '-').strip('-')}"


def show(request: HttpRequest, context: dict[str, Any]) -> None:
    """Give every overtaken form of the page its conflicts; say what was saved and what was not."""
    attempt, row = attempt_of(request), context["original"]
    overtaken = [form for form in _forms(context) if form.overtaken]
    found = _revisions(row, overtaken, attempt.since)
    for form in overtaken:
        form.conflicts = {
            section: _conflict(request, form, section, found.get(section))
            for section in form.overtaken
        }
    _tell(request, [conflict for form in overtaken for conflict in form.conflicts.values()])
    if attempt.saved:
        _tell_saved(request, SectionRevision.objects.filter(pk__gt=attempt.since, **_place(row)))


def _tell(request: HttpRequest, conflicts: list[Conflict]) -> None:
    link = '<a href="#{}">{}</a>'
    links = format_html_join(", ", link, ((each.id, each.title) for each in conflicts))
    message = _(
        "Not saved, because it was changed while you were writing: {places}. Your text is still "
        "in the field, and both versions stand above it."
    )
    messages.error(request, format_html(message, places=links))


def _tell_saved(request: HttpRequest, revisions: QuerySet[SectionRevision]) -> None:
    if saved := ", ".join(str(each.type) for each in revisions.select_related("type")):
        messages.success(request, _("Saved: %(places)s.") % {"places": saved})


def _forms(context: dict[str, Any]) -> Iterator[OvertakingForm]:
    yield context["adminform"].form
    for inline in context["inline_admin_formsets"]:
        yield from inline.formset.forms


def _conflict(
    request: HttpRequest, form: OvertakingForm, section: str, revision: SectionRevision | None
) -> Conflict:
    return Conflict(
        key=form.key(section),
        revision=revision,
        opened=form.typed("opened") if "opened" in form.fields else "",
        is_own=bool(revision and revision.author == request.user),
        is_gone=form.is_gone,
        rows=list(_rows(form, form.parts[section].names)),
    )


def _rows(form: OvertakingForm, names: Iterable[str]) -> Iterator[Row]:
    for name in names:
        field, stored, typed = form.fields[name], form.stored(name), form.typed(name)
        if plain(stored) != plain(typed):
            sides = _choices if isinstance(field, MULTIPLE) else _texts
            yield Row(capfirst(str(field.label)), *sides(field, stored, typed))


def _texts(field: Any, stored: Any, typed: Any) -> Iterator[list[Piece]]:
    """Both versions, each without what only the other one has."""
    spans = words(_in_words(field, stored), _in_words(field, typed))
    for other in ("added", "removed"):
        own = [span for span in spans if span.op != other]
        yield list(pieces(own)) or [Piece("same", DASH)]


def _choices(field: Any, stored: Any, typed: Any) -> Iterator[list[Piece]]:
    """What was chosen on both sides, one choice a line."""
    sides = [{str(value) for value in side or ()} for side in (stored, typed)]
    common = sides[0] & sides[1]
    ops: list[Op] = ["removed", "added"]
    for side, op in zip(sides, ops, strict=True):
        chosen = [(str(value), str(label)) for value, label in field.choices if str(value) in side]
        yield [
            piece
            for value, label in chosen
            for piece in (Piece("same" if value in common else op, label), Piece("same", "\n"))
        ] or [Piece("same", DASH)]


def _in_words(field: Any, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    labels = {plain(key): str(label) for key, label in getattr(field, "choices", ())}
    return labels.get(plain(value), plain(value))


# Who was quicker


def last_revision(factsheet: int | None) -> int:
    found = SectionRevision.objects.filter(factsheet=factsheet).order_by()
    return found.aggregate(last=Max("pk"))["last"] or 0


def _revisions(
    row: Factsheet | Policy, overtaken: Iterable[OvertakingForm], since: int
) -> dict[str, SectionRevision]:
    """By section type the last revision before this attempt, which may have written its own."""
    types = {section for form in overtaken for section in form.overtaken}
    found = SectionRevision.objects.filter(pk__lte=since, type__code__in=types, **_place(row))
    with_author = found.select_related("author", "type").defer("content").order_by("pk")
    return {revision.type.code: revision for revision in with_author}


def _place(row: Factsheet | Policy) -> dict[str, Any]:
    """The sections of a page: a policy's, or a factsheet's own."""
    if isinstance(row, Policy):
        return {"section__policy": row}
    return {"factsheet": row, "section__policy": None}
