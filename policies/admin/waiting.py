"""What is asked of the database for the desk: three queries, however much there is."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from policies.admin.counting import sheets_of
from policies.models import (
    Comment,
    CriterionScore,
    Publication,
    ReviewEvent,
    Section,
    SectionRevision,
    State,
    User,
)
from policies.roles import Role

COMMENTS = 50


def unfinished(user: User) -> list[Any]:
    """Every factsheet that is not finished, and all of the newest edition."""
    versions = Publication.objects.filter(factsheet=OuterRef("pk")).order_by("-number")
    unapproved = Section.objects.filter(factsheet=OuterRef("pk")).exclude(state=State.APPROVED)
    later = SectionRevision.objects.filter(
        factsheet=OuterRef("pk"), created_at__gt=OuterRef("published_at")
    )
    judged = CriterionScore.objects.filter(factsheet=OuterRef("pk"), judged_points__isnull=False)
    stale = judged.exclude(judged_facts_hash="").exclude(judged_facts_hash=F("facts_hash"))
    sheets = sheets_of(user)
    newest = sheets.order_by("-edition__year").values("edition__year")[:1]
    known = sheets.select_related("assessment").annotate(
        version=Subquery(versions.values("number")[:1]),
        published_at=Subquery(versions.values("published_at")[:1]),
        is_changed=Exists(later),
        is_stale=Exists(stale),
    )
    is_open = Q(version=None) | Q(is_changed=True) | Exists(unapproved)
    return list(known.filter(is_open | Q(edition__year=Subquery(newest))))


def waiting_sections(user: User, sheets: Iterable[int]) -> list[Any]:
    """What is submitted, and what came back to the person; with whom four eyes exclude."""
    revision = SectionRevision.objects.filter(section=OuterRef("pk"), number=OuterRef("version"))
    reviewers = User.objects.filter(
        pk=OuterRef("author"), is_active=True, is_superuser=False, groups__name=Role.REVIEWER
    )
    confirmed = ReviewEvent.objects.filter(
        revision__section=OuterRef("pk"),
        revision__number=OuterRef("version"),
        action=ReviewEvent.Action.CONFIRMED,
        by=user,
    )
    mine = Q(state=State.CHANGES_REQUESTED, factsheet__in=user.factsheets.order_by().values("pk"))
    return list(
        Section.objects.filter(Q(state=State.SUBMITTED) | mine, factsheet__in=list(sheets))
        .select_related("policy", "type")
        .defer("text")
        .annotate(
            author=Subquery(revision.values("author")[:1]),
            is_mended=Exists(reviewers),
            is_confirmed_by_me=Exists(confirmed),
        )
        .order_by(F("policy__order").asc(nulls_first=True), "policy", "type__order")
    )


def open_comments(user: User) -> list[Comment]:
    """The newest on what the person writes or reviews, and their own."""
    concerned = (
        Q(factsheet__in=user.factsheets.order_by().values("pk"))
        | Q(factsheet__in=user.reviewed_factsheets.order_by().values("pk"))
        | Q(by=user)
    )
    visible_ = sheets_of(user).order_by().values("pk")
    return list(
        Comment.objects.open()
        .filter(concerned, factsheet__in=visible_)
        .select_related("by", "factsheet__country", "factsheet__edition")
        .select_related("section__policy", "section__type")
        .defer("section__text")
        .order_by("-at", "-pk")[:COMMENTS]
    )
