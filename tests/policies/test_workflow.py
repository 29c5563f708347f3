"""Who may take which step, and what each step asks for."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from policies.changes import change_set
from policies.document import digest
from policies.loading import load
from policies.models import (
    CategoryUse,
    Factsheet,
    Publication,
    PublishedPolicy,
    PublishedScore,
    ReviewEvent,
    Section,
    State,
)
from policies.models.frozen import Frozen
from policies.roles import Role
from policies.workflow import approve, publish, publish_whole, return_, submit, withdraw
from tests.factory import (
    make_cast,
    make_publication,
    make_scored_document,
    make_user,
    section,
    tick,
)
from tests.lasting import lent

pytestmark = pytest.mark.django_db


@pytest.fixture
def factsheet(cast) -> Factsheet:
    loaded = load(make_scored_document(), by=cast["ada"]).factsheet
    loaded.editors.add(cast["ada"])
    return loaded


@pytest.fixture
def cell(factsheet: Factsheet) -> Section:
    return section(factsheet.policies.get(), "focus")


def test_a_section_goes_from_draft_to_approved(cell: Section, cast) -> None:
    submit(cell, by=cast["ada"])
    approve(cell, by=cast["ben"])
    cell.refresh_from_db()
    assert cell.state == State.APPROVED
    assert cell.approved_revision.number == cell.version
    assert [event.action for event in ReviewEvent.objects.order_by("pk")] == [
        "submitted",
        "approved",
    ]


def test_a_returned_section_says_why_and_can_be_submitted_again(cell: Section, cast) -> None:
    submit(cell, by=cast["ada"])
    with pytest.raises(ValidationError, match="what should be changed"):
        return_(cell, by=cast["ben"], comment=" ")
    return_(cell, by=cast["ben"], comment="Name the sectors.")
    submit(cell, by=cast["ada"])
    assert Section.objects.get(pk=cell.pk).state == State.SUBMITTED


@pytest.mark.parametrize("who", ["dan", "cleo"])
def test_others_may_not_submit(cell: Section, cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        submit(cell, by=cast[who])
    assert not ReviewEvent.objects.exists()


def test_an_editor_works_only_where_assigned(cell: Section, cast) -> None:
    eve = make_user("eve", Role.EDITOR)
    with pytest.raises(PermissionDenied, match="assigned"):
        submit(cell, by=eve)


def test_an_editor_may_not_approve(cell: Section, cast) -> None:
    submit(cell, by=cast["ada"])
    with pytest.raises(PermissionDenied):
        approve(cell, by=cast["ada"])


def test_a_reviewer_may_not_approve_their_own_text(cell: Section, cast) -> None:
    with change_set(by=cast["ben"]):
        cell.text = "Mended."
        cell.save()
    cell.refresh_from_db()
    submit(cell, by=cast["ada"])
    with pytest.raises(ValidationError, match="nobody approves their own text"):
        approve(cell, by=cast["ben"])


def test_a_superuser_may_not_approve_their_own_text(cell: Section, cast) -> None:
    root = make_user("root", Role.ADMINISTRATOR)
    with change_set(by=root):
        cell.text = "Mended."
        cell.save()
    cell.refresh_from_db()
    submit(cell, by=root)
    with pytest.raises(ValidationError, match="nobody approves their own text"):
        approve(cell, by=root)


def test_nobody_approves_a_text_that_they_have_not_seen(cell: Section, cast) -> None:
    seen = Section.objects.get(pk=cell.pk)
    with change_set(by=cast["ada"]):
        cell.text = "Another text."
        cell.save()
    cell.refresh_from_db()
    submit(cell, by=cast["ada"])
    with pytest.raises(ValidationError, match="edited since you opened it"):
        approve(seen, by=cast["ben"])


def test_nobody_submits_a_text_that_they_have_not_seen(cell: Section, cast) -> None:
    seen = Section.objects.get(pk=cell.pk)
    with change_set(by=cast["ben"]):
        cell.text = "Not finished."
        cell.save()
    with pytest.raises(ValidationError, match="edited since you opened it"):
        submit(seen, by=cast["ada"])


def test_only_a_submitted_section_can_be_approved(cell: Section, cast) -> None:
    with pytest.raises(ValidationError, match="is draft"):
        approve(cell, by=cast["ben"])


def test_a_citation_without_reference_keeps_from_submitting(cell: Section, cast) -> None:
    cell.text = "As shown [@nowhere, p. 3]."
    cell.save()
    cell.refresh_from_db()
    with pytest.raises(ValidationError, match="nowhere"):
        submit(cell, by=cast["ada"])


def test_a_judgement_without_reason_keeps_from_submitting(factsheet: Factsheet, cast) -> None:
    score = factsheet.criterion_scores.get(criterion__code="scope")
    score.judge(Decimal(1), "", by=cast["ada"], now=timezone.now())
    score.save()
    with pytest.raises(ValidationError, match="public reason"):
        submit(factsheet.sections.get(type__code="scope"), by=cast["ada"])


class TestPublishing:
    def test_freezes_the_document_under_a_number(self, cast) -> None:
        publication = make_publication(cast)
        assert publication.number == 1
        assert publication.is_current
        assert publication.document["version"] == 1
        assert publication.document["maturity"]["total"] == 1.5
        assert publication.digest == digest(publication.document)

    def test_fills_the_tables_for_filters_and_counts(self, cast) -> None:
        make_publication(cast)
        assert PublishedPolicy.objects.get().kind == "broad"
        assert [str(score.points) for score in PublishedScore.objects.order_by("pk")] == [
            "0.5",
            "0.0",
            "0.5",
            "0.5",
        ]
        assert {use.category.code for use in CategoryUse.objects.all()} == {
            "project-support",
            "ex-ante",
        }

    def test_needs_every_section_approved(self, factsheet: Factsheet, cast) -> None:
        with pytest.raises(ValidationError, match="not yet approved"):
            publish(factsheet, by=cast["cleo"])
        assert not Publication.objects.exists()

    def test_needs_the_very_content_that_was_approved(self, factsheet: Factsheet, cast) -> None:
        people = {"author": cast["ada"], "reviewer": cast["ben"], "publisher": cast["cleo"]}
        publication = publish_whole(factsheet, **people)
        Section.bookkeeping.filter(type__code="focus").update(text="Slipped in.")
        with pytest.raises(ValidationError, match="not yet approved: The Plan, Policy focus"):
            publish(publication.factsheet, by=cast["cleo"])

    def test_needs_a_judgement_at_a_level_that_is_there(self, factsheet: Factsheet, cast) -> None:
        score = factsheet.criterion_scores.get(criterion__code="scope")
        score.judge(Decimal(1), "Close to one.", by=cast["ada"], now=timezone.now())
        score.save()
        score.criterion.levels.get(points=1).delete()
        people = {"author": cast["ada"], "reviewer": cast["ben"], "publisher": cast["cleo"]}
        with pytest.raises(ValidationError, match="judged at a level that is there no more"):
            publish_whole(factsheet, **people)

    def test_needs_the_role(self, factsheet: Factsheet, cast) -> None:
        for who in ("ada", "ben", "dan"):
            with pytest.raises(PermissionDenied):
                publish(factsheet, by=cast[who])

    def test_needs_points_for_every_criterion(self, cast) -> None:
        document = make_scored_document()
        document["policies"][0]["sections"].pop()
        with pytest.raises(ValidationError, match="Evidence of performance: no level follows"):
            make_publication(cast, document)

    def test_needs_a_stale_judgement_confirmed(self, factsheet: Factsheet, cast) -> None:
        score = factsheet.criterion_scores.get(criterion__code="evidence")
        score.judge(Decimal(1), "Seen on site.", by=cast["ada"], now=timezone.now())
        score.save()
        with change_set(by=cast["ada"]):
            tick(factsheet.policies.get(), "evaluation", "ex-post")
        people = {"author": cast["ada"], "reviewer": cast["ben"], "publisher": cast["cleo"]}
        with pytest.raises(ValidationError, match="judged on other facts"):
            publish_whole(factsheet, **people)

    def test_does_not_repeat_an_unchanged_version(self, cast) -> None:
        publication = make_publication(cast)
        with pytest.raises(ValidationError, match="has not changed since version 1"):
            publish(publication.factsheet, by=cast["cleo"])

    def test_a_new_version_becomes_the_current_one(self, cast) -> None:
        first = make_publication(cast)
        cell = section(first.factsheet.policies.get(), "focus")
        with change_set(by=cast["ada"]):
            cell.text = "New."
            cell.save()
        cell.refresh_from_db()
        submit(cell, by=cast["ada"], kind="wording_only")
        approve(cell, by=cast["ben"])
        second = publish(first.factsheet, by=cast["cleo"], note="Focus explained.")
        assert (second.number, second.is_current) == (2, True)
        assert Publication.objects.get(number=1).document == first.document
        assert not Publication.objects.get(number=1).is_current

    def test_withdrawing_promotes_nothing(self, cast) -> None:
        publication = make_publication(cast)
        with pytest.raises(PermissionDenied):
            withdraw(publication, by=cast["ben"], reason="Wrong.")
        withdraw(publication, by=cast["cleo"], reason="Wrong country.")
        stored = Publication.objects.get()
        assert not stored.is_current
        assert stored.withdrawn_by == cast["cleo"]
        assert not Publication.objects.current().exists()

    def test_a_draft_that_changes_leaves_the_publication_alone(self, cast) -> None:
        publication = make_publication(cast)
        tick(publication.factsheet.policies.get(), "evaluation", "monitoring")
        stored = Publication.objects.get()
        assert stored.document["maturity"]["total"] == 1.5
        assert digest(stored.document) == stored.digest

    def test_a_published_factsheet_can_not_be_deleted(self, cast) -> None:
        publication = make_publication(cast)
        with pytest.raises(IntegrityError):
            publication.factsheet.delete()


publication = lent("publication")


class TestFrozen:
    @pytest.fixture(scope="class")
    @classmethod
    def once(cls, lasting_in_class) -> SimpleNamespace:
        return SimpleNamespace(publication=make_publication(make_cast()))

    def test_a_publication_can_not_be_changed(self, publication: Publication) -> None:
        publication.document_json = "{}"
        for fields in (None, ["document_json"], ["is_current", "total"]):
            with pytest.raises(Frozen):
                publication.save(update_fields=fields)

    def test_a_publication_can_not_be_written_over(self, publication: Publication) -> None:
        copy = Publication.objects.get()
        copy._state.adding = True
        copy.document_json = "{}"
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save()
        with pytest.raises(TypeError):
            Publication.objects.bulk_create([copy], None, False, True, ["document_json"], ["id"])
        assert Publication.objects.get().document == publication.document

    def test_a_publication_can_not_be_deleted(self, publication: Publication) -> None:
        with pytest.raises(Frozen):
            publication.delete()

    @pytest.mark.parametrize("model", [Publication, PublishedPolicy, PublishedScore, CategoryUse])
    def test_bulk_calls_are_refused(self, publication: Publication, model) -> None:
        rows = list(model.objects.all())
        for attempt in (
            lambda: model.objects.all().delete(),
            lambda: model.objects.update(pk=0),
            lambda: model.objects.bulk_update(rows, ["id"]),
            lambda: model.objects.bulk_create(rows, ignore_conflicts=True),
            lambda: model.objects.update_or_create(pk=rows[0].pk),
        ):
            with pytest.raises(Frozen):
                attempt()

    def test_related_managers_refuse_too(self, publication: Publication) -> None:
        with pytest.raises(Frozen):
            publication.factsheet.publications.update(total=8)
