"""The desk, the first page: what is waiting for me?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.addresses import review_page
from policies.admin.base import allowed
from policies.admin.counting import Counts, Tally, counts_of, listed, tallies
from policies.admin.matrix import Matrix, matrix
from policies.admin.waiting import open_comments, unfinished, waiting_sections
from policies.models import Comment, Factsheet, Section, State, User
from policies.roles import Step

SHOWN = 8  # sections named below a factsheet; more are counted
NEAR = 12  # factsheets that are nearly ready
NEARLY = 0.75  # from which share of approved sections a factsheet is nearly ready


def desk(request: HttpRequest) -> HttpResponse:
    """The admin's first page, with what is waiting for the person above the list of tables."""
    waiting = waiting_for(request, timezone.localdate()) if allowed(request, Step.VIEW) else None
    return admin.site.index(request, {"desk": waiting})


@dataclass(frozen=True)
class Due:
    """A date of the edition, in words."""

    words: str
    is_overdue: bool


def due(what: str, by: date | None, today: date) -> Due | None:
    if by is None:
        return None
    days = (by - today).days
    if days < 0:
        late = ngettext("%(count)d day overdue", "%(count)d days overdue", -days)
        left = late % {"count": -days}
    elif days == 0:
        left = _("today")
    else:
        left = ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    return Due(f"{what} {date_format(by, 'j F Y')}, {left}", days < 0)


@dataclass(frozen=True)
class Said:
    """An open comment, and where it is answered."""

    comment: Comment
    place: str
    address: str


@dataclass(frozen=True)
class Place:
    """A section by its name, where it is reviewed, and what was said about it."""

    name: str
    address: str
    said: list[Said] = field(default_factory=list)


@dataclass(frozen=True)
class Counted:
    label: str
    state: str
    count: int
    address: str


@dataclass(frozen=True)
class Sheet:
    """A factsheet with what waits in it."""

    factsheet: Any
    address: str
    due: Due | None = None
    counted: list[Counted] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    more: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Desk:
    mine: list[Sheet]
    to_review: list[Sheet]
    to_accept: list[Sheet]
    ready: list[Sheet]
    nearly: list[Sheet]
    comments: list[Said]
    matrix: Matrix | None

    @property
    def is_clear(self) -> bool:
        waiting = (self.mine, self.to_review, self.to_accept, self.ready, self.comments)
        return not any(waiting)


def waiting_for(request: HttpRequest, today: date) -> Desk:
    """Assembled from rows; each part is empty for whom it does not concern."""
    user: User = request.user  # type: ignore[assignment]
    sheets = unfinished(user)
    sections = waiting_sections(user, [sheet.pk for sheet in sheets])
    comments = open_comments(user)
    found = tallies(sheet.pk for sheet in sheets)
    counts = counts_of(found)
    others = [s for s in sections if _is_for(user, s)]
    reviewable = others if allowed(request, Step.APPROVE) else []
    mine = {sheet.pk for sheet in sheets if sheet.is_mine}
    mended = [s for s in others if s.is_mended and s.factsheet_id in mine and not reviewable]
    returned = [s for s in sections if s.state == State.CHANGES_REQUESTED]
    answered = {section.pk for section in returned}
    publishing = sheets if allowed(request, Step.PUBLISH) else []
    return Desk(
        mine=list(_mine(sheets, counts, _by_sheet(returned), comments, today)),
        to_review=list(_to_review(sheets, _by_sheet(reviewable), today)),
        to_accept=list(_to_review(sheets, _by_sheet(mended), today)),
        ready=[_ready(s, today) for s in publishing if not _missing(s, counts)],
        nearly=_nearly(publishing, counts, today),
        comments=[_said(each) for each in comments if each.section_id not in answered],
        matrix=_newest(sheets, found),
    )


def _is_for(user: User, section: Any) -> bool:
    """Whether four eyes let the person approve it."""
    own = section.author == user.pk or section.is_confirmed_by_me
    return section.state == State.SUBMITTED and not own


def _by_sheet(sections: Iterable[Section]) -> dict[int, list[Section]]:
    grouped: dict[int, list[Section]] = {}
    for section in sections:
        grouped.setdefault(section.factsheet_id, []).append(section)
    return grouped


def _mine(
    sheets: list[Any],
    counts: Mapping[int, Counts],
    returned: Mapping[int, list[Section]],
    comments: list[Comment],
    today: date,
) -> Iterator[Sheet]:
    """My factsheets that are not finished; those with something to mend first."""
    own = [s for s in sheets if s.is_mine and not _is_finished(s, counts.get(s.pk, Counts()))]
    for sheet in sorted(own, key=lambda s: s.pk not in returned):
        of = counts.get(sheet.pk, Counts())
        writing = of.states[State.DRAFT] or of.states[State.CHANGES_REQUESTED]
        page = review_page(sheet.pk)
        yield Sheet(
            sheet,
            reverse("admin:policies_factsheet_change", args=[sheet.pk]),
            due(_("Submit by"), sheet.edition.submit_by, today) if writing else None,
            _counted(sheet, of),
            [_place(each, page, comments) for each in returned.get(sheet.pk, [])],
            notes=[_("all approved: a publisher can publish it")] if of.is_approved else [],
        )


def _is_finished(sheet: Any, counts: Counts) -> bool:
    return counts.is_approved and sheet.version is not None and not sheet.is_changed


def _counted(sheet: Factsheet, counts: Counts) -> list[Counted]:
    found = [
        Counted(
            str(state.label),
            state,
            counts.states[state],
            listed(factsheet__id__exact=sheet.pk, state__exact=state.value),
        )
        for state in (State.CHANGES_REQUESTED, State.DRAFT, State.SUBMITTED, State.APPROVED)
        if counts.states[state]
    ]
    if counts.unconfirmed:
        address = listed(factsheet__id__exact=sheet.pk, is_unconfirmed__exact=1)
        carried = _("carried over, not yet confirmed")
        found.append(Counted(carried, State.DRAFT, counts.unconfirmed, address))
    return found


def _to_review(
    sheets: list[Any], sections: Mapping[int, list[Section]], today: date
) -> Iterator[Sheet]:
    """Those that I am to review first."""
    concerned = [sheet for sheet in sheets if sheet.pk in sections]
    for sheet in sorted(concerned, key=lambda s: not s.is_mine_to_review):
        own, page = sections[sheet.pk], review_page(sheet.pk)
        yield Sheet(
            sheet,
            page,
            due(_("Review by"), sheet.edition.review_by, today),
            [Counted(_("submitted"), State.SUBMITTED, len(own), page)],
            [_place(section, page) for section in own[:SHOWN]],
            more=max(0, len(own) - SHOWN),
        )


def _place(section: Section, page: str, comments: Iterable[Comment] = ()) -> Place:
    said = [_said(each) for each in comments if each.section_id == section.pk]
    return Place(str(section), f"{page}#{section.anchor}", said)


def _said(comment: Comment) -> Said:
    place = str(comment.section) if comment.section else comment.anchor
    return Said(comment, place, review_page(comment.factsheet_id, comment.anchor))


def _ready(sheet: Any, today: date) -> Sheet:
    return Sheet(
        sheet,
        review_page(sheet.pk),
        due(_("Publish by"), sheet.edition.publish_by, today),
    )


def _missing(sheet: Any, counts: Mapping[int, Counts]) -> list[str]:
    """What keeps a factsheet from being published, in counts; the checks may find more."""
    own = counts.get(sheet.pk, Counts())
    left = own.total - own.approved
    not_approved = ngettext(
        "%(count)d section not approved", "%(count)d sections not approved", left
    )
    found = [
        (left, not_approved % {"count": left}),
        (not sheet.assessment.complete, _("the assessment is not complete")),
        (sheet.is_stale, _("a judgement is out of date")),
        (_is_finished(sheet, own), _("nothing changed since the last version")),
    ]
    return [words for is_missing, words in found if is_missing]


def _nearly(sheets: list[Any], counts: Mapping[int, Counts], today: date) -> list[Sheet]:
    """Those with the fewest sections to go, and what is missing."""
    near = [
        (own.total - own.approved, sheet)
        for sheet in sheets
        if (own := counts.get(sheet.pk))
        and not _is_finished(sheet, own)
        and _missing(sheet, counts)
        and own.approved >= NEARLY * own.total
    ]
    near.sort(key=lambda pair: pair[0])
    return [replace(_ready(sheet, today), notes=_missing(sheet, counts)) for _left, sheet in near][
        :NEAR
    ]


def _newest(sheets: list[Any], found: list[Tally]) -> Matrix | None:
    year = max((sheet.edition.year for sheet in sheets), default=None)
    shown = [sheet for sheet in sheets if sheet.edition.year == year]
    own = {sheet.pk for sheet in shown}
    return matrix(shown, [tally for tally in found if tally.factsheet in own])
