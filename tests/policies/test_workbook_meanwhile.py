"""What somebody changes between the export, the look and the confirmation of a workbook."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from policies import workflow
from policies.changes import change_set
from policies.models import (
    Batch,
    Category,
    Edition,
    Factsheet,
    Policy,
    Reference,
    Section,
    SectionType,
    User,
)
from policies.spreadsheet import applying, deciding, undoing
from policies.spreadsheet.cells import Points
from tests.factory import (
    current_document,
    make_factsheet,
    make_policy,
    make_publication,
    section,
)
from tests.workbooks import apply, exported, problems, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast: dict[str, User]) -> User:
    return cast["ada"]


@pytest.fixture
def ben(cast: dict[str, User]) -> User:
    return cast["ben"]


@pytest.fixture
def factsheet(reference: None, ada: User) -> Factsheet:
    """Mexico with one policy, assigned to Ada."""
    made = make_factsheet()
    made.editors.add(ada)
    make_policy(made)
    return made


def edited(factsheet: Factsheet, anchor: str, text: str, by: User) -> Section:
    """What somebody does in the admin."""
    code, _dot, type_ = anchor.partition(".")
    found = section(factsheet.policies.get(code=code), type_)
    found.availability, found.text = "reported", text
    with change_set(by=by):
        found.save()
    return found


def later_edition() -> Edition:
    edition = Edition.objects.get(year=2022)
    edition.pk, edition.year = None, 2030
    edition.save()
    return edition


@pytest.fixture
def second(factsheet: Factsheet) -> Policy:
    return make_policy(factsheet, "second", names=["Second"], order=1)


def delete_second(factsheet: Factsheet, ada: User) -> Batch:
    book = exported(factsheet)
    book.row("Policies", policy="second")["_action"] = "delete"
    return send(book, by=ada)


def test_keeping_one_section_of_a_policy_keeps_all(factsheet, second, ada, ben) -> None:
    batch = delete_second(factsheet, ada)
    edited(factsheet, "second.focus", "Ben's.", ben)
    assert not applying.confirm(batch, by=ada)
    deciding.decide_all(batch, "keep", by=ada)
    applying.confirm(batch, by=ada)
    assert section(second, "focus").text == "Ben's."


def test_a_policy_whose_deletion_is_kept_off_keeps_its_place(factsheet, second, ada, ben) -> None:
    make_policy(factsheet, "third", order=2)
    batch = delete_second(factsheet, ada)
    edited(factsheet, "second.focus", "Ben's.", ben)
    applying.confirm(batch, by=ada)
    deciding.decide_all(batch, "keep", by=ada)
    applying.confirm(batch, by=ada)
    assert current_document(factsheet)["policies"][1]["code"] == "second"


def test_a_deletion_is_decided_by_the_answer_that_is_new(factsheet, second, ada, ben) -> None:
    batch = delete_second(factsheet, ada)
    edited(factsheet, "second.focus", "Ben's.", ben)
    applying.confirm(batch, by=ada)
    deciding.decide_all(batch, "keep", by=ada)
    first, *rest = batch.changes.filter(after__isnull=True)
    sides = {first.pk: "take", **{each.pk: "keep" for each in rest}}
    deciding.decide(batch, sides, by=ada)
    assert set(batch.changes.filter(after__isnull=True).values_list("decision", flat=True)) == {
        "take"
    }


def test_what_would_break_a_rule_by_now_is_refused_in_words(factsheet, ada) -> None:
    plan = factsheet.policies.get(code="plan")
    plan.overall_availability, plan.overall_currency = "reported", "EUR"
    plan.overall_amount = 100
    plan.save()
    book = exported(factsheet)
    book.row("Policies", policy="plan")["overall_amount"] = 200
    batch = send(book, by=ada)
    plan.overall_amount, plan.overall_currency = None, ""
    plan.save()
    applying.confirm(batch, by=ada)
    deciding.decide_all(batch, "take", by=ada)
    with pytest.raises(ValidationError, match="An amount and its currency stand together"):
        applying.confirm(batch, by=ada)


def test_a_category_that_is_gone_by_now_is_refused_in_words(factsheet, ada) -> None:
    book = exported(factsheet)
    row = book.row("Sections", policy="plan", section="objectives")
    row.update(availability="reported", categories="rd; innovation")
    batch = send(book, by=ada)
    Category.objects.get(section_type__code="objectives", code="rd").delete()
    with pytest.raises(ValidationError, match="“rd” is not one of"):
        applying.confirm(batch, by=ada)


def test_a_reference_that_is_gone_by_now_comes_back_if_the_file_counts(factsheet, ada) -> None:
    reference = Reference.objects.create(factsheet=factsheet, key="a", title="A", year=2020)
    book = exported(factsheet)
    book.row("References", key="a")["title"] = "Another"
    batch = send(book, by=ada)
    reference.delete()
    applying.confirm(batch, by=ada)
    deciding.decide_all(batch, "take", by=ada)
    applying.confirm(batch, by=ada)
    found = factsheet.references.get()
    assert (found.key, found.title, found.year) == ("a", "Another", 2020)


def test_a_judgement_without_a_version_is_nobodys_to_overwrite(factsheet, ada) -> None:
    score = factsheet.criterion_scores.get(criterion__code="evidence")
    score.judge(Decimal(1), "A start.", by=ada, now=timezone.now())
    score.save()
    book = exported(factsheet)
    book.row("Assessments", criterion="evidence").update(judged_points=2, version=None)
    assert [change.status for change in send(book, by=ada).changes.all()] == ["conflict"]


def test_undoing_leaves_a_stale_judgement_stale(factsheet, ada, ben) -> None:
    score = factsheet.criterion_scores.get(criterion__code="evidence")
    score.judge(Decimal(1), "A strat.", by=ben, now=timezone.now())
    score.carry_over(ben, timezone.now())
    score.save()
    book = exported(factsheet)
    book.row("Assessments", criterion="evidence")["judged_reason"] = "A start."
    undoing.undo(apply(book, by=ada), by=ada)
    score.refresh_from_db()
    assert (score.is_carried_over, score.judged_by, score.judged_reason) == (True, ben, "A strat.")


def test_undoing_approves_nothing_that_was_reopened_before(cast) -> None:
    factsheet = make_publication(cast).factsheet
    book = exported(factsheet)
    book.row("Sections", policy="plan", section="instruments")["text"] = "Otherwise."
    batch = send(book, by=cast["ada"])
    cell = section(factsheet.policies.get(), "instruments")
    workflow.reopen(cell, by=cast["ben"])
    applying.confirm(batch, by=cast["ada"])
    undoing.undo(batch, by=cast["ada"])
    cell.refresh_from_db()
    assert cell.state == "draft"


def test_undoing_hands_nothing_in_under_another_name(cast, factsheet) -> None:
    cell = edited(factsheet, "plan.instruments", "Ben's.", cast["ben"])
    cell.refresh_from_db()
    workflow.submit(cell, by=cast["ben"])
    book = exported(factsheet)
    book.row("Sections", policy="plan", section="instruments")["text"] = "Ada's."
    undoing.undo(apply(book, by=cast["ada"]), by=cast["ada"])
    cell.refresh_from_db()
    assert (cell.text, cell.state) == ("Ben's.", "draft")


@pytest.mark.parametrize(
    ("sheet", "row", "problem"),
    [
        ("Policies", {"policy": "@a", "names": "X", "kind": "broad"}, "small letters"),
        ("Policies", {"policy": "@a", "_action": "delete"}, "“@a” is not one of: plan"),
        ("Sections", {"policy": "pl\x00an", "section": "focus"}, "The same row stands already"),
    ],
)
def test_an_odd_key_is_an_error_and_nothing_worse(factsheet, ada, sheet, row, problem) -> None:
    Reference.objects.create(factsheet=factsheet, key="a", title="A")
    book = exported(factsheet)
    book.add(sheet, **row)
    assert problem in " ".join(problems(send(book, by=ada)))


def test_an_edition_without_budgets_takes_none(factsheet, ada) -> None:
    edition = later_edition()
    SectionType.objects.filter(code="budget").update(until=Edition.objects.get(year=2022))
    later = Factsheet.objects.create(country=factsheet.country, edition=edition)
    later.editors.add(ada)
    make_policy(later)
    book = exported(later)
    book.row("Policies", policy="plan")["overall_words"] = "Some."
    assert "This edition has no section “budget”." in problems(send(book, by=ada))[0]
    book = exported(later)
    book.row("Policies", policy="plan")["_action"] = "delete"
    apply(book, by=ada)
    assert not later.policies.exists()


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"categories": "other", "details": "other: A\nother: B"}, "“other” stands there twice."),
        ({"categories": "other", "details": "other: A\nOther: B"}, "by its code and by its label"),
    ],
)
def test_a_detail_that_is_said_twice_is_an_error(factsheet, ada, cells, problem) -> None:
    book = exported(factsheet)
    book.row("Sections", policy="plan", section="beneficiaries").update(cells)
    assert problem in problems(send(book, by=ada))[0]


def test_clear_is_understood_in_any_case(factsheet, ada) -> None:
    edited(factsheet, "plan.focus", "Something.", ada)
    book = exported(factsheet)
    book.row("Sections", policy="plan", section="focus")["text"] = " (Clear)"
    apply(book, by=ada)
    assert section(factsheet.policies.get(code="plan"), "focus").text == ""


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_a_control_character_in_a_definition_breaks_no_file(factsheet, ada, kind) -> None:
    Category.objects.filter(code="rd").update(definition="One\x0btwo\x01three")
    assert send(exported(factsheet, kind=kind), by=ada).state == "ready"


def test_a_change_during_the_export_is_not_taken_for_the_senders(factsheet, ada, ben) -> None:
    """The versions are read before the contents, so an old one never covers a newer content."""
    rows = []

    def between(execute, sql, params, many, context):
        if sql.startswith("SELECT") and '"policies_policy"' in sql and not rows:
            rows.append(sql)
            edited(factsheet, "plan.focus", "Ben's.", ben)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(between):
        book = exported(factsheet)
    batch = send(book, by=ada)
    assert (len(rows), batch.changes.count()) == (1, 0)


def test_a_confirmed_section_is_confirmed_though_only_a_date_changes_in_it(factsheet, ada) -> None:
    Reference.objects.create(factsheet=factsheet, key="a", title="A")
    Section.bookkeeping.filter(factsheet=factsheet, type__code="bibliography").update(
        is_unconfirmed=True
    )
    book = exported(factsheet)
    book.row("References", key="a")["accessed"] = date(2022, 9, 30)
    book.row("Sections", policy=None, section="bibliography")["_action"] = "confirm"
    apply(book, by=ada)
    assert not factsheet.sections.get(type__code="bibliography").is_unconfirmed


def test_confirming_many_sections_takes_no_query_for_each(
    factsheet, ada, django_assert_max_num_queries
) -> None:
    Section.bookkeeping.filter(factsheet=factsheet).update(is_unconfirmed=True)
    book = exported(factsheet)
    for row in book.sheets["Sections"]:
        row["_action"] = "confirm"
    batch = send(book, by=ada)
    with django_assert_max_num_queries(60):
        applying.confirm(batch, by=ada)
    assert not factsheet.sections.filter(is_unconfirmed=True).exists()


def test_a_file_over_the_limit_is_refused_before_it_is_read(client, ada, settings) -> None:
    settings.SPREADSHEET_LIMITS = {**settings.SPREADSHEET_LIMITS, "file_bytes": 10}
    client.force_login(ada)
    file = SimpleUploadedFile("x.xlsx", b"0" * 11)
    assert "The file is too large" in client.post("/admin/policies/batch/add/", {"file": file}).text


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_a_number_without_an_end_is_no_number_of_points(value) -> None:
    with pytest.raises(ValueError, match="A number such as"):
        Points().read(value, {})
