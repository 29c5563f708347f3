"""Opening an edition: last year's content as drafts, to be confirmed or changed."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from policies.changes import Source, change_set
from policies.checking import InvalidDocument
from policies.document import drafts, outline
from policies.editions import Chosen, Opened, extend_edition, open_edition
from policies.history import contents
from policies.loading import load
from policies.models import (
    Category,
    Comment,
    Country,
    Edition,
    Factsheet,
    PoliciesStatus,
    Policy,
    ReviewEvent,
    Section,
    SectionRevision,
    SectionType,
    State,
    User,
)
from policies.readiness import standing_of
from policies.roles import Role, Step
from policies.workflow import approve, confirm, publish, submit
from scoring.models import Level, Rubric
from tests.factory import (
    make_document,
    make_factsheet,
    make_judged,
    make_policy,
    make_policy_document,
    make_publication,
    make_scored_document,
    make_user,
    reported,
    section,
)
from tests.lasting import lent

pytestmark = pytest.mark.django_db

REASON = {"points": 1, "reason": "A start."}


@pytest.fixture
def eva(cast: dict[str, User]) -> User:
    """The administrator."""
    return make_user("eva", Role.ADMINISTRATOR)


def next_edition(**fields: Any) -> Edition:
    last = Edition.objects.latest("year")
    values = {
        "year": 2023,
        "label": "Q3 2023",
        "collected_on": date(2023, 9, 30),
        "rubric": last.rubric,
        "publisher": last.publisher,
        "licence": last.licence,
        "source_line": "ECCP (2023)",
    }
    return Edition(**{**values, **fields})


def country(code: str = "MX") -> Country:
    return Country.objects.get(code=code)


def opened(by: User, *codes: str, edition: Edition | None = None, **people: Any) -> list[Opened]:
    chosen = [Chosen(country(code), **people) for code in codes or ("MX",)]
    return open_edition(edition or next_edition(), chosen, by=by)


def carried_over(by: User, document: Any = None, **fields: Any) -> Factsheet:
    """Mexico of 2023, from a draft of 2022."""
    load(document or make_scored_document(**fields))
    return opened(by)[0].factsheet


def content(factsheet: Factsheet) -> Any:
    return contents(outline(drafts([factsheet.pk])[0]))


def messages(found: Opened) -> str:
    return "\n".join(loss.message for loss in found.losses)


sample = lent("sample")


class TestTheSample:
    @pytest.fixture(scope="class")
    @classmethod
    def once(cls, lasting_in_class) -> SimpleNamespace:
        call_command("load_sample", stdout=None, verbosity=0)
        return SimpleNamespace(sample=Factsheet.objects.get(country__code="MX"))

    def test_the_whole_sample_section_by_section(self, sample: Factsheet, eva: User) -> None:
        codes = Factsheet.objects.values_list("country__code", flat=True)
        for found in opened(eva, *codes):
            assert found.losses == ()
            assert content(found.factsheet) == content(found.last)

    def test_the_publication_rather_than_what_was_drafted_since(
        self, sample: Factsheet, eva: User
    ) -> None:
        published = content(sample)
        sample.sections.filter(type__code="introduction").update(text="Drafted since.")
        assert content(opened(eva)[0].factsheet) == published


class TestWhatIsCarriedOver:
    def test_the_draft_where_nothing_is_published(self, eva: User) -> None:
        draft = load(make_scored_document()).factsheet
        assert content(opened(eva)[0].factsheet) == content(draft)

    def test_the_latest_earlier_edition_of_the_country(self, eva: User) -> None:
        load(make_scored_document())
        open_edition(next_edition(), [], by=eva)
        found = opened(eva, edition=next_edition(year=2024))[0]
        assert found.last is not None
        assert found.last.edition.year == 2022
        revision = found.factsheet.revisions.first()
        assert (revision.source, revision.note) == (Source.EDITION, "Carried over from 2022")
        assert revision.author == eva

    def test_an_empty_factsheet_where_there_was_none(self, eva: User) -> None:
        found = opened(eva, "FR")[0]
        assert found.last is None
        assert not found.factsheet.policies.exists()
        assert set(found.factsheet.sections.values_list("is_unconfirmed", flat=True)) == {False}
        assert found.factsheet.sections.count() > 1

    def test_the_people_of_each_country(self, eva: User, cast) -> None:
        found = opened(eva, "FR", editors=[cast["ada"]], reviewers=[cast["ben"]])[0]
        assert list(found.factsheet.editors.all()) == [cast["ada"]]
        assert list(found.factsheet.reviewers.all()) == [cast["ben"]]

    def test_a_citation_that_a_draft_had_without_its_reference(self, eva: User) -> None:
        draft = make_factsheet()
        draft.sections.filter(type__code="introduction").update(text="As said [@nobody].")
        found = opened(eva)[0].factsheet
        assert content(found) == content(draft)

    def test_the_dates_on_which_references_were_read(self, eva: User) -> None:
        found = carried_over(
            eva, references=[{"key": "a", "title": "A title", "accessed": "2022-05-01"}]
        )
        assert found.references.get().accessed == date(2022, 5, 1)


class TestConfirming:
    def test_all_that_says_something_waits_and_nothing_else(self, eva: User) -> None:
        """A policy's facts wait with its history and budget, whatever their text says."""
        policy = make_policy_document(
            starting_year=2020, sections=[{"type": "focus", **reported("sectoral")}]
        )
        found = carried_over(eva, make_document(policies=[policy]))
        waiting = found.sections.filter(is_unconfirmed=True)
        assert {each.anchor for each in waiting} == {
            "introduction",
            "plan.heading",
            "plan.focus",
            "plan.history",
        }

    def test_a_section_can_not_be_submitted_before_it_is_confirmed(self, eva, cast) -> None:
        cell = section(carried_over(eva).policies.get(), "evaluation")
        with pytest.raises(ValidationError, match="carried over"):
            submit(cell, by=eva)
        confirm(cell, by=eva)
        submit(cell, by=eva)
        assert ReviewEvent.objects.filter(action="confirmed", revision__section=cell).exists()

    def test_nor_approved(self, eva: User, cast) -> None:
        cell = section(carried_over(eva).policies.get(), "evaluation")
        Section.bookkeeping.filter(pk=cell.pk).update(state=State.SUBMITTED)
        with pytest.raises(ValidationError, match="carried over"):
            approve(cell, by=cast["ben"])

    def test_who_confirms_does_not_approve(self, eva: User, cast) -> None:
        cell = section(carried_over(eva).policies.get(), "evaluation")
        confirm(cell, by=cast["ben"])
        submit(cell, by=cast["ben"])
        with pytest.raises(ValidationError, match="nobody approves their own"):
            approve(cell, by=cast["ben"])

    def test_a_change_is_as_good_as_a_confirmation(self, eva: User, cast) -> None:
        cell = section(carried_over(eva).policies.get(), "evaluation")
        cell.text = "Changed."
        cell.save()
        cell.refresh_from_db()
        submit(cell, by=eva)
        approve(cell, by=cast["ben"])
        cell.refresh_from_db()
        assert (cell.state, cell.is_unconfirmed) == (State.APPROVED, False)

    def test_a_new_policy_confirms_no_introduction(self, eva: User) -> None:
        found = carried_over(eva)
        make_policy(found, code="second")
        introduction = found.sections.get(type__code="introduction")
        assert introduction.version == 2
        assert introduction.is_unconfirmed

    def test_dating_a_reference_confirms_no_bibliography(self, eva: User) -> None:
        found = carried_over(eva, references=[{"key": "a", "title": "A title"}])
        found.references.update(accessed=date(2023, 5, 1))
        assert found.sections.get(type__code="bibliography").is_unconfirmed
        found.references.update(title="Another title")
        assert not found.sections.get(type__code="bibliography").is_unconfirmed


class TestJudgements:
    @pytest.fixture
    def factsheet(self, eva: User, cast) -> Factsheet:
        judged = make_judged({"evidence": REASON})
        load(make_scored_document(maturity=judged), by=cast["ada"])
        return opened(eva)[0].factsheet

    def test_keep_their_level_reason_and_author(self, factsheet: Factsheet, cast) -> None:
        score = factsheet.criterion_scores.get(criterion__code="evidence")
        before = type(score).objects.get(factsheet__edition__year=2022, criterion__code="evidence")
        assert (score.judged_points, score.judged_reason) == (1, "A start.")
        assert (score.judged_by, score.judged_at) == (cast["ada"], before.judged_at)

    def test_are_stale_until_somebody_says_that_they_hold(self, factsheet: Factsheet, eva) -> None:
        score = factsheet.criterion_scores.get(criterion__code="evidence")
        assert score.is_stale
        assert score.is_carried_over
        score.judge(score.judged_points, score.judged_reason, by=eva, now=score.judged_at)
        score.save()
        score.refresh_from_db()
        assert not score.is_stale

    def test_stay_stale_when_facts_change(self, factsheet: Factsheet) -> None:
        Policy.objects.filter(factsheet=factsheet).update(kind="cluster")
        assert factsheet.criterion_scores.get(criterion__code="evidence").is_stale

    def test_keep_the_factsheet_from_being_published(self, factsheet: Factsheet, eva, cast) -> None:
        for cell in factsheet.sections.filter(is_unconfirmed=True):
            confirm(cell, by=cast["ben"])
        for cell in factsheet.sections.all():
            submit(cell, by=cast["ben"])
            approve(cell, by=eva if cell.version > 1 else make_reviewer())
        assert standing_of(drafts([factsheet.pk])[0]).stale == {"evidence"}
        with pytest.raises(ValidationError, match="judge"):
            publish(factsheet, by=cast["cleo"], note="")

    def test_leave_a_level_that_the_new_rubric_does_not_have(self, eva: User) -> None:
        load(make_scored_document(maturity=make_judged({"evidence": REASON})))
        found = opened(eva, edition=next_edition(rubric=coarser_rubric()))[0]
        assert found.factsheet.criterion_scores.get(criterion__code="evidence").points != 1
        assert "judged with 1 in 2022" in messages(found)
        assert "A start." in messages(found)


def make_reviewer() -> User:
    found = User.objects.filter(username="bea").first()
    return found or make_user("bea", Role.REVIEWER)


def coarser_rubric() -> Rubric:
    """The rubric of 2022 without the level of 1 point of its criterion *evidence*."""
    old = Rubric.objects.get()
    criteria = list(old.criteria.prefetch_related("levels"))
    old.pk, old.code = None, "2023"
    old.save()
    for criterion in criteria:
        levels = list(criterion.levels.all())
        code = criterion.code
        criterion.pk, criterion.rubric = None, old
        criterion.save()
        for level in levels:
            level.pk, level.criterion = None, criterion
            if (code, level.points) != ("evidence", 1):
                level.save()
    assert Level.objects.exists()
    return old


class TestWhatTheEditionDoesNotHave:
    @pytest.fixture
    def edition(self, reference) -> Edition:
        """The edition of 2022, which some words end with."""
        return Edition.objects.get()

    def sectoral(self, **fields: Any) -> None:
        Category.objects.filter(section_type__code="focus", code="sectoral").update(**fields)

    def load(self, **cell: Any) -> None:
        cell = {"type": "focus", **reported("sectoral"), **cell}
        load(make_document(policies=[make_policy_document(sections=[cell])]))

    def test_a_category_that_ended_is_left_out_and_said(self, edition: Edition, eva) -> None:
        self.load()
        self.sectoral(until=edition)
        found = opened(eva)[0]
        focus = section(found.factsheet.policies.get(), "focus")
        assert not focus.uses.exists()
        comment = Comment.objects.get()
        assert (comment.section, comment.by) == (focus, eva)
        assert "is not in the 2023 edition" in comment.text

    def test_a_category_that_was_replaced_gives_way(self, edition: Edition, eva) -> None:
        self.load()
        other = Category.objects.filter(section_type__code="focus").exclude(code="sectoral")[0]
        self.sectoral(until=edition, replaced_by=other)
        found = opened(eva)[0]
        uses = section(found.factsheet.policies.get(), "focus").uses
        assert uses.get().category == other
        assert "was replaced by" in messages(found)

    def test_words_that_replace_each_other_end_nowhere(self, edition: Edition, eva) -> None:
        self.load()
        sectoral = Category.objects.get(section_type__code="focus", code="sectoral")
        other = Category.objects.filter(section_type__code="focus").exclude(code="sectoral")[0]
        self.sectoral(until=edition, replaced_by=other)
        Category.objects.filter(pk=other.pk).update(until=edition, replaced_by=sectoral)
        assert "is not in the 2023 edition" in messages(opened(eva)[0])

    def test_a_detail_that_is_needed_now_is_the_old_label(self, edition: Edition, eva) -> None:
        self.load()
        label = Category.objects.get(section_type__code="focus", code="sectoral").label
        other = Category.objects.filter(section_type__code="focus").exclude(code="sectoral")[0]
        Category.objects.filter(pk=other.pk).update(needs_detail=True)
        self.sectoral(until=edition, replaced_by=other)
        use = section(opened(eva)[0].factsheet.policies.get(), "focus").uses.get()
        assert use.detail == label

    def test_a_section_that_ended_is_told_with_its_text(self, edition: Edition, eva) -> None:
        self.load(text="Cars and planes.")
        SectionType.objects.filter(code="focus").update(until=edition)
        found = opened(eva)[0]
        assert not found.factsheet.sections.filter(type__code="focus").exists()
        assert "Cars and planes." in Comment.objects.get().text

    def test_a_section_that_said_nothing_is_missed_by_nobody(self, edition: Edition, eva) -> None:
        load(make_document())
        SectionType.objects.filter(code="focus").update(until=edition)
        assert opened(eva)[0].losses == ()

    def test_no_policy_existed_but_one_has_begun_since(self, eva: User) -> None:
        future = make_policy_document(starting_year=2023)
        load(make_document(policies_status=PoliciesStatus.NONE_EXIST, policies=[future]))
        found = opened(eva)[0]
        assert found.factsheet.policies_status == PoliciesStatus.NOT_RESEARCHED
        assert "no policy existed" in messages(found)


class TestAllOrNothing:
    @pytest.mark.parametrize("who", ["ada", "ben", "cleo", "dan"])
    def test_others_may_not_open_or_extend(self, cast, who: str, caplog) -> None:
        with pytest.raises(PermissionDenied, match="Administrator"):
            opened(cast[who])
        with pytest.raises(PermissionDenied):
            extend_edition(Edition.objects.get(), [], by=cast[who])
        assert Edition.objects.count() == 1
        assert f"refused: {who}, {Step.OPEN}" in caplog.text

    def test_a_year_is_opened_once(self, eva: User) -> None:
        open_edition(next_edition(), [], by=eva)
        with pytest.raises(ValidationError, match="already exists"):
            opened(eva)
        assert not Factsheet.objects.filter(edition__year=2023).exists()

    def test_a_country_that_can_not_be_carried_over_stops_all(self, eva: User) -> None:
        policy = make_policy(make_factsheet("FR"))
        load(make_scored_document())
        Policy.objects.filter(pk=policy.pk).update(url="javascript:alert(1)")
        with pytest.raises(InvalidDocument, match="France: policies"):
            opened(eva, "MX", "FR")
        assert Edition.objects.count() == 1
        assert not Factsheet.objects.filter(edition__year=2023).exists()


class TestExtending:
    def test_adds_countries_and_leaves_those_that_are_there(self, eva: User, cast) -> None:
        first = carried_over(eva)
        with change_set(by=cast["ada"]):
            first.sections.filter(type__code="introduction").update(text="Written in 2023.")
        before = content(first)
        found = extend_edition(
            first.edition, [Chosen(country("MX")), Chosen(country("FR"))], by=eva
        )
        assert [str(each.factsheet) for each in found] == ["France 2023"]
        assert content(first) == before
        assert not SectionRevision.objects.filter(source=Source.EDITION, number__gt=1).exists()

    def test_carries_over_as_opening_does(self, eva: User, cast) -> None:
        make_publication(cast)
        edition = next_edition()
        open_edition(edition, [], by=eva)
        found = extend_edition(edition, [Chosen(country())], by=eva)[0]
        assert found.last is not None
        assert content(found.factsheet) == content(found.last)
