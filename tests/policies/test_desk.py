"""The desk: what is waiting for me, and how far the edition is."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from policies import workflow
from policies.changes import Source, change_set
from policies.loading import load
from policies.models import Edition, Factsheet, Section, State, User
from policies.roles import Role
from tests.factory import (
    make_cast,
    make_factsheet,
    make_publication,
    make_scored_document,
    make_user,
)
from tests.lasting import lent

INDEX, PROGRESS = "/admin/", "/admin/progress/"


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    """Ada's draft of Mexico: 18 sections."""
    cast = make_cast()
    made = load(make_scored_document(), by=cast["ada"]).factsheet
    made.editors.add(cast["ada"])
    return SimpleNamespace(cast=cast, sheet=made)


cast, sheet = lent("cast"), lent("sheet")


def section(sheet: Factsheet, type_: str) -> Section:
    return sheet.sections.get(type__code=type_)


def write(found: Section, by: User, text: str = "Other words.") -> Section:
    with change_set(by=by, source=Source.ADMIN):
        found.text = text
        found.save()
    found.refresh_from_db()
    return found


def seen(client: Client, user: User, address: str = INDEX) -> Any:
    """The page as this person sees it."""
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response


def desk(client: Client, user: User) -> Any:
    return seen(client, user).context["desk"]


def submit(sheet: Factsheet, by: User, *types: str) -> None:
    for type_ in types:
        workflow.submit(section(sheet, type_), by=by)


def approve_all(sheet: Factsheet, cast: dict[str, User]) -> None:
    for found in sheet.sections.all():
        workflow.submit(found, by=cast["ada"])
    for found in sheet.sections.all():
        workflow.approve(found, by=cast["ben"])


def named(places: list[Any]) -> list[str]:
    return [place.name for place in places]


# For an editor


def test_an_editor_sees_their_sections_by_state(client, cast, sheet):
    submit(sheet, cast["ada"], "objectives", "focus")
    (mine,) = desk(client, cast["ada"]).mine
    counted = {counted.label: counted.count for counted in mine.counted}
    assert counted == {"draft": 16, "submitted": 2}


def test_a_count_leads_to_just_these_sections(client, cast, sheet):
    submit(sheet, cast["ada"], "objectives", "focus")
    (mine,) = desk(client, cast["ada"]).mine
    address = next(each.address for each in mine.counted if each.label == "submitted")
    assert seen(client, cast["ada"], address).context["cl"].result_count == 2


def test_a_returned_section_comes_first_with_what_was_said(client, cast, sheet):
    other = load(make_scored_document("AT"), by=cast["ada"]).factsheet
    other.editors.add(cast["ada"])
    submit(sheet, cast["ada"], "objectives")
    workflow.return_(section(sheet, "objectives"), by=cast["ben"], comment="Which sectors?")
    first, second = desk(client, cast["ada"]).mine
    assert (first.factsheet, second.factsheet) == (sheet, other)
    (place,) = first.places
    assert place.name == "The Plan, Policy objectives"
    assert place.said[0].comment.text == "Which sectors?"
    assert place.address.endswith("#plan.objectives")


def test_what_is_said_of_a_returned_section_is_not_said_twice(client, cast, sheet):
    submit(sheet, cast["ada"], "objectives")
    workflow.return_(section(sheet, "objectives"), by=cast["ben"], comment="Which sectors?")
    assert seen(client, cast["ada"]).text.count("Which sectors?") == 1


def test_an_editor_sees_what_was_carried_over_and_not_confirmed(client, cast, sheet):
    sheet_sections = Section.bookkeeping.filter(factsheet=sheet, type__code="objectives")
    sheet_sections.update(is_unconfirmed=True)
    (mine,) = desk(client, cast["ada"]).mine
    (carried,) = [each for each in mine.counted if each.label.startswith("carried over")]
    assert carried.count == 1
    assert seen(client, cast["ada"], carried.address).context["cl"].result_count == 1


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "1 day overdue"), (-3, "3 days overdue"), (0, "today"), (5, "in 5 days")],
)
def test_a_deadline_is_told_in_words(client, cast, sheet, days, words):
    by = timezone.localdate() + timedelta(days=days)
    Edition.objects.filter(pk=sheet.edition_id).update(submit_by=by)
    (mine,) = desk(client, cast["ada"]).mine
    assert mine.due.words.endswith(words)
    assert mine.due.is_overdue is (days < 0)


def test_a_deadline_that_was_met_is_not_told(client, cast, sheet):
    Edition.objects.filter(pk=sheet.edition_id).update(submit_by=date(2022, 1, 1))
    approve_all(sheet, cast)
    (mine,) = desk(client, cast["ada"]).mine
    assert mine.due is None


def test_a_published_factsheet_waits_for_nothing(client, cast, sheet):
    sheet.delete()
    make_publication(cast)
    page = seen(client, cast["ada"])
    assert page.context["desk"].is_clear
    assert "Nothing is waiting for you" in page.text


def test_an_editor_accepts_what_a_reviewer_mended(client, cast, sheet):
    mended = write(section(sheet, "objectives"), cast["ben"])
    workflow.submit(mended, by=cast["ben"])
    (waiting,) = desk(client, cast["ada"]).to_accept
    assert named(waiting.places) == ["The Plan, Policy objectives"]
    workflow.approve(mended, by=cast["ada"])


def test_an_editor_does_not_see_the_factsheets_of_others(client, cast, sheet):
    other = load(make_scored_document("AT"), by=cast["ben"]).factsheet
    workflow.comment(other, by=cast["ben"], text="A secret remark.")
    page = seen(client, cast["ada"])
    assert "Austria" not in page.text
    assert "A secret remark." not in page.text


# For a reviewer


def test_a_reviewer_sees_what_is_submitted(client, cast, sheet):
    submit(sheet, cast["ada"], "objectives", "focus")
    (waiting,) = desk(client, cast["ben"]).to_review
    assert waiting.counted[0].count == 2
    assert named(waiting.places) == ["The Plan, Policy objectives", "The Plan, Policy focus"]


def test_factsheets_that_i_am_to_review_come_first(client, cast, sheet):
    other = load(make_scored_document("AT"), by=cast["ada"]).factsheet
    other.editors.add(cast["ada"])
    sheet.reviewers.add(cast["ben"])
    submit(other, cast["ada"], "objectives")
    submit(sheet, cast["ada"], "objectives")
    found = [waiting.factsheet for waiting in desk(client, cast["ben"]).to_review]
    assert found == [sheet, other]


def test_nobody_is_asked_to_review_their_own_text(client, cast, sheet):
    workflow.submit(write(section(sheet, "objectives"), cast["ben"]), by=cast["ben"])
    assert desk(client, cast["ben"]).to_review == []
    eve = make_user("eve", Role.REVIEWER)
    assert len(desk(client, eve).to_review) == 1


def test_who_confirmed_a_section_is_not_asked_to_review_it(client, cast, sheet):
    Section.bookkeeping.filter(factsheet=sheet, type__code="objectives").update(is_unconfirmed=True)
    found = section(sheet, "objectives")
    workflow.confirm(found, by=cast["ben"])
    workflow.submit(found, by=cast["ada"])
    assert desk(client, cast["ben"]).to_review == []


def test_who_edits_and_reviews_sees_a_section_once(client, cast, sheet):
    cast["ada"].groups.add(*make_user("eve", Role.REVIEWER).groups.all())
    workflow.submit(write(section(sheet, "objectives"), cast["ben"]), by=cast["ben"])
    found = desk(client, cast["ada"])
    assert len(found.to_review) == 1
    assert found.to_accept == []


# For a publisher


def test_a_publisher_sees_what_is_ready(client, cast, sheet):
    approve_all(sheet, cast)
    (ready,) = desk(client, cast["cleo"]).ready
    assert ready.factsheet == sheet
    assert "never published" in seen(client, cast["cleo"]).text


def test_what_is_published_is_ready_again_only_once_it_changed(client, cast):
    sheet = make_publication(cast, make_scored_document("FR")).factsheet
    assert desk(client, cast["cleo"]).ready == []
    changed = write(section(sheet, "objectives"), cast["ada"])
    assert desk(client, cast["cleo"]).ready == []
    workflow.submit(changed, by=cast["ada"], kind="wording_only")
    workflow.approve(changed, by=cast["ben"])
    assert len(desk(client, cast["cleo"]).ready) == 1
    assert "changed since version 1" in seen(client, cast["cleo"]).text


def test_a_stale_judgement_keeps_a_factsheet_from_being_ready(client, cast, sheet):
    approve_all(sheet, cast)
    score = sheet.criterion_scores.first()
    type(score).bookkeeping.filter(pk=score.pk).update(
        judged_points=1, judged_at=timezone.now(), judged_facts_hash="older"
    )
    found = desk(client, cast["cleo"])
    assert found.ready == []
    assert found.nearly[0].notes == ["a judgement is out of date"]


def test_a_publisher_sees_what_is_nearly_ready_and_what_is_missing(client, cast, sheet):
    approve_all(sheet, cast)
    write(section(sheet, "objectives"), cast["ada"])
    (near,) = desk(client, cast["cleo"]).nearly
    assert near.notes == ["1 section not approved"]


def test_an_administrator_sees_what_reviewers_and_publishers_see(client, cast, sheet):
    other = load(make_scored_document("AT"), by=cast["ada"]).factsheet
    other.editors.add(cast["ada"])
    approve_all(sheet, cast)
    submit(other, cast["ada"], "objectives")
    found = desk(client, make_user("boss", Role.ADMINISTRATOR))
    assert (len(found.ready), len(found.to_review)) == (1, 1)


def test_somebody_without_a_role_is_told_so(client, cast, sheet):
    cast["dan"].is_staff = True
    cast["dan"].save()
    page = seen(client, cast["dan"])
    assert page.context["desk"] is None
    assert "You have no role yet" in page.text


# Comments


def test_open_comments_stand_on_the_desk_of_editor_and_reviewer(client, cast, sheet):
    sheet.reviewers.add(cast["ben"])
    remark = workflow.comment(
        sheet, by=cast["cleo"], text="Too long.", section=section(sheet, "introduction")
    )
    for name in ("ada", "ben", "cleo"):
        (said,) = desk(client, cast[name]).comments
        assert said.comment == remark
        assert said.address.endswith("#introduction")


def test_a_resolved_comment_leaves_the_desk(client, cast, sheet):
    remark = workflow.comment(sheet, by=cast["ben"], text="Too long.")
    workflow.resolve(remark, by=cast["ada"])
    assert desk(client, cast["ada"]).comments == []


# Progress


def cell(matrix: Any, country: str, title: str) -> Any:
    place = [column.title for column in matrix.columns].index(title)
    rows = [row for block in matrix.blocks for row in block.rows]
    return next(row.cells[place] for row in rows if row.factsheet.country.name == country)


def progress(client: Client, user: User, query: str = "") -> Any:
    return seen(client, user, PROGRESS + query).context["matrix"]


def countries(matrix: Any) -> list[str]:
    blocks = matrix.blocks if matrix else []
    return [row.factsheet.country.name for block in blocks for row in block.rows]


def test_a_cell_counts_with_its_denominator(client, cast, sheet):
    submit(sheet, cast["ada"], "objectives")
    workflow.approve(section(sheet, "objectives"), by=cast["ben"])
    matrix = progress(client, cast["ben"])
    assert cell(matrix, "Mexico", "Policy objectives").shown == "1/1"
    assert matrix.blocks[0].rows[0].whole.shown == "1 of 18"


def test_a_cell_says_in_words_what_its_colour_says(client, cast, sheet):
    submit(sheet, cast["ada"], "focus")
    found = cell(progress(client, cast["ben"]), "Mexico", "Policy focus")
    assert found.words == "Mexico, Policy focus: 0 of 1 approved, 1 submitted"
    assert (found.state, found.sign) == (State.SUBMITTED, "→")


def test_the_foot_counts_the_countries_that_are_done(client, cast, sheet):
    load(make_scored_document("AT"), by=cast["ada"])
    submit(sheet, cast["ada"], "objectives")
    workflow.approve(section(sheet, "objectives"), by=cast["ben"])
    matrix = progress(client, cast["ben"])
    place = [column.title for column in matrix.columns].index("Policy objectives")
    assert matrix.blocks[0].totals[place].shown == "1 of 2"
    assert matrix.blocks[0].whole.shown == "0 of 2"


def test_demonstration_countries_are_counted_apart(client, cast, sheet):
    load(make_scored_document("QM"), by=cast["ada"])
    real, invented = progress(client, cast["ben"]).blocks
    assert [row.factsheet for row in real.rows] == [sheet]
    assert invented.is_demonstration
    assert invented.whole.shown == "0 of 1"


def test_a_country_without_policies_has_no_cells_for_them(client, cast, sheet):
    make_factsheet("AT", status="none_exist")
    assert cell(progress(client, cast["ben"]), "Austria", "Policy focus") is None


def test_every_cell_leads_to_a_page(client, cast, sheet):
    load(make_scored_document("QM"), by=cast["ada"])
    matrix = progress(client, cast["ben"])
    for block in matrix.blocks:
        for row in block.rows:
            cells = [row.whole, *row.cells, block.whole, *block.totals]
            for address in {each.address.partition("#")[0] for each in cells if each}:
                assert client.get(address).status_code == 200


def test_an_editor_sees_the_progress_of_their_factsheets(client, cast, sheet):
    load(make_scored_document("AT"), by=cast["ben"])
    assert countries(progress(client, cast["ada"])) == ["Mexico"]


def test_the_first_page_shows_the_progress_of_the_newest_edition(client, cast, sheet):
    assert countries(desk(client, cast["ben"]).matrix) == ["Mexico"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?edition=2022", ["Austria", "Mexico"]),
        ("?edition=1999", ["Austria", "Mexico"]),
        ("?edition=nonsense&group=nonsense", ["Austria", "Mexico"]),
        ("?group=eu", ["Austria"]),
        ("?group=demonstration", []),
        ("?state=submitted", ["Mexico"]),
        ("?mine=on", ["Mexico"]),
    ],
)
def test_progress_is_filtered(client, cast, sheet, query, found):
    load(make_scored_document("AT"), by=cast["ada"])
    sheet.reviewers.add(cast["ben"])
    submit(sheet, cast["ada"], "objectives")
    assert countries(progress(client, cast["ben"], query)) == found


def test_progress_is_filtered_by_editor(client, cast, sheet):
    load(make_scored_document("AT"), by=cast["ben"])
    assert countries(progress(client, cast["ben"], f"?editor={cast['ada'].pk}")) == ["Mexico"]


def test_progress_is_not_for_people_without_a_role(client, cast, sheet):
    cast["dan"].is_staff = True
    cast["dan"].save()
    client.force_login(cast["dan"])
    assert client.get(PROGRESS).status_code == 403
    client.logout()
    assert client.get(PROGRESS).status_code == 302
