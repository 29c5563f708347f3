"""Opening an edition: each country's content of last time, as drafts that wait to be confirmed."""

import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from policies.carrying import Frame, Loss, carried, frame_of
from policies.changes import Source, change_set
from policies.checking import CITATION, InvalidDocument, Problem
from policies.document import Document, drafts, outline
from policies.loading import load
from policies.models import Country, Edition, Factsheet, Publication, User
from policies.roles import Step, may, refusal
from policies.workflow.commenting import remark

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chosen:
    """A country that takes part, and who works on it."""

    country: Country
    editors: Collection[User] = ()
    reviewers: Collection[User] = ()


@dataclass(frozen=True)
class Opened:
    """A factsheet of the new edition, the one that it came from, and what did not fit."""

    factsheet: Factsheet
    last: Factsheet | None = None
    losses: tuple[Loss, ...] = ()


@transaction.atomic
def open_edition(edition: Edition, chosen: Iterable[Chosen], *, by: User) -> list[Opened]:
    """Create the edition and its factsheets: all of it or nothing.

    Raises `ValidationError` for the edition's own facts, `InvalidDocument` for a country's.
    """
    require_right(by)
    edition.full_clean()
    try:
        with transaction.atomic():
            edition.save(force_insert=True)
    except IntegrityError as error:  # somebody else opened it in this very moment
        message = _("There is a %(year)s edition already.") % {"year": edition.year}
        raise ValidationError({"year": message}) from error
    return _open(edition, list(chosen), by)


@transaction.atomic
def extend_edition(edition: Edition, chosen: Iterable[Chosen], *, by: User) -> list[Opened]:
    """Add countries to an edition; a factsheet that is there already stays as it is."""
    require_right(by)
    edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    present = set(edition.factsheets.values_list("country", flat=True))
    return _open(edition, [each for each in chosen if each.country.pk not in present], by)


def last_factsheets(edition: Edition) -> dict[int, Factsheet]:
    """By country, its factsheet in the latest edition before this one."""
    earlier = Factsheet.objects.filter(edition__year__lt=edition.year)
    ordered = earlier.select_related("edition", "country").order_by("edition__year")
    return {factsheet.country_id: factsheet for factsheet in ordered}


def require_right(by: User) -> None:
    if not may(by, Step.OPEN):
        logger.warning("refused: %s, %s, an edition", by, Step.OPEN)
        raise PermissionDenied(refusal(by, Step.OPEN))


def _open(edition: Edition, chosen: list[Chosen], by: User) -> list[Opened]:
    lasts = last_factsheets(edition)
    frame = frame_of(edition)
    now = timezone.now()

    def year(each: Chosen) -> int:
        return lasts[each.country.pk].edition.year if each.country.pk in lasts else 0

    opened = []
    for before, group in groupby(sorted(chosen, key=year), key=year):
        with change_set(by=by, source=Source.EDITION, note=_note(before)):
            found = [_begin(each, lasts.get(each.country.pk), frame) for each in group]
        for each in found:
            _report(each, by, now)
        opened += found
    return sorted(opened, key=lambda each: each.factsheet.country.name)


def _note(before: int) -> str:
    if not before:
        return _("Opened without an earlier factsheet")
    return _("Carried over from %(year)s") % {"year": before}


def _begin(chosen: Chosen, last: Factsheet | None, frame: Frame) -> Opened:
    if last is None:
        opened = Opened(Factsheet.objects.create(country=chosen.country, edition=frame.edition))
    else:
        opened = _carry_over(chosen.country, last, frame)
    opened.factsheet.editors.set(chosen.editors)
    opened.factsheet.reviewers.set(chosen.reviewers)
    return opened


def _carry_over(country: Country, last: Factsheet, frame: Frame) -> Opened:
    published = last.publications.current().first()
    document, losses = carried(_content(last, published), country, frame)
    try:
        factsheet = load(document, tolerated={CITATION}).factsheet
    except InvalidDocument as error:
        problems = [Problem(f"{country}: {p.path}", p.message) for p in error.problems]
        raise InvalidDocument(problems) from error
    _carry_judgements(factsheet, last, published)
    return Opened(factsheet, last, tuple(losses))


def _content(last: Factsheet, published: Publication | None) -> Document:
    """What readers see of the factsheet now, or its draft if they see nothing."""
    return published.document if published else outline(drafts([last.pk])[0])


def _carry_judgements(factsheet: Factsheet, last: Factsheet, published: Publication | None) -> None:
    """Keep who judged and when, where the last draft still knows it."""
    known = {(s.criterion.code, s.judged_points, s.judged_reason): s for s in _judged(last)}
    for score in _judged(factsheet):
        before = known.get((score.criterion.code, score.judged_points, score.judged_reason))
        at: datetime | None = published.published_at if published else score.judged_at
        by = None
        if before:
            by, at = before.judged_by, before.judged_at
        score.carry_over(by, at or timezone.now())
        score.save()


def _judged(factsheet: Factsheet) -> Iterator:
    scores = factsheet.criterion_scores.exclude(judged_points=None)
    return scores.select_related("criterion", "judged_by").iterator()


def _report(opened: Opened, by: User, now: datetime) -> None:
    """Every loss as a comment, which stays open until an editor has seen to it."""
    if not opened.losses:
        return
    sections = opened.factsheet.sections.select_related("policy", "type")
    found = {section.anchor: section for section in sections}
    for loss in opened.losses:
        remark(opened.factsheet, found.get(loss.anchor), loss.message, by, now)
