"""What a workbook does: shown first, decided where two have written, applied and undone as one."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from policies import assessing, workflow
from policies.editions import Chosen, open_edition
from policies.loading import load
from policies.models import (
    Batch,
    Country,
    Factsheet,
    Policy,
    Publication,
    ReviewEvent,
    Section,
    SectionRevision,
    StagedFile,
    State,
    User,
)
from policies.roles import Role
from policies.spreadsheet import applying, deciding, undoing
from policies.spreadsheet.formats import FORMATS
from tests.edition import make_edition
from tests.factory import (
    current_document,
    make_cast,
    make_judged,
    make_policy_document,
    make_publication,
    make_scored_document,
    make_user,
    reported,
    section,
)
from tests.lasting import lent
from tests.policies.test_editions import next_edition
from tests.workbooks import Book, apply, changed, contents_of, exported, problems, send

pytestmark = pytest.mark.django_db

REFERENCES = [
    {"key": "a", "title": "Title of a", "authors": "A. Author", "year": 2020},
    {"key": "b", "title": "Title of b", "accessed": "2022-05-01"},
]
SECOND = make_policy_document(
    "second",
    names=["Second", "Zweite"],
    original_name="Segundo",
    period="limited",
    starting_year=2010,
    ending_year=2030,
    budget={
        "overall": {
            "availability": "reported",
            "amount": "1250000.50",
            "currency": "EUR",
            "words": "Some.",
        }
    },
    sections=[
        {"type": "objectives", **reported("innovation", text="Grow.")},
        {"type": "focus", "availability": "reported", "text": "Clusters."},
    ],
)


def document(**fields: Any) -> dict[str, Any]:
    """Two policies, two references, one judgement."""
    plan = make_scored_document()["policies"][0]
    judged = make_judged({"evidence": {"points": 1, "reason": "A start."}})
    whole = {"policies": [plan, SECOND], "references": REFERENCES, "maturity": judged}
    return make_scored_document(**{**whole, **fields})


def each_of(codes: str) -> list[Any]:
    return [make_policy_document(code) for code in codes]


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    cast = make_cast()
    factsheet = load(document()).factsheet
    factsheet.editors.add(cast["ada"])
    return SimpleNamespace(cast=cast, factsheet=factsheet, book=exported(factsheet))


cast, factsheet, book = lent("cast"), lent("factsheet"), lent("book")


@pytest.fixture
def ada(cast: dict[str, User]) -> User:
    return cast["ada"]


@pytest.fixture
def ben(cast: dict[str, User]) -> User:
    return cast["ben"]


def cell(factsheet: Factsheet, anchor: str) -> Section:
    policy, _dot, type_ = anchor.rpartition(".")
    own = factsheet.sections.filter(type__code=type_)
    return own.get(policy__code=policy) if policy else own.get(policy=None)


def edited(factsheet: Factsheet, anchor: str, text: str, by: User) -> Section:
    """What somebody does in the admin."""
    found = cell(factsheet, anchor)
    found.text = text
    found.save()
    return found


def objectives(book: Book, policy: str = "plan") -> dict[str, Any]:
    return book.row("Sections", policy=policy, section="objectives")


def uses(factsheet: Factsheet, anchor: str) -> list[tuple[str, str]]:
    rows = cell(factsheet, anchor).uses.order_by("category__order")
    return [(use.category.code, use.detail) for use in rows]


def codes(factsheet: Factsheet) -> list[str]:
    return list(factsheet.policies.order_by("order").values_list("code", flat=True))


def keys(factsheet: Factsheet) -> list[str]:
    return list(factsheet.references.order_by("order").values_list("key", flat=True))


class TestCells:
    def test_a_text_is_changed(self, factsheet, book, ada):
        objectives(book)["text"] = "New.\n\nLines."
        apply(book, by=ada)
        assert cell(factsheet, "plan.objectives").text == "New.\n\nLines."

    @pytest.mark.parametrize("kind", FORMATS)
    def test_every_format_is_understood(self, factsheet, ada, kind):
        book = exported(factsheet, kind=kind)
        objectives(book)["text"] = "New."
        apply(book, by=ada)
        assert cell(factsheet, "plan.objectives").text == "New."

    @pytest.mark.parametrize(
        "said",
        [
            "ex-post; ex-ante",
            "EX-POST\nEx-ante",
            "Ex-post;EX-ANTE",
        ],
    )
    def test_categories_are_named_by_code_or_by_label(self, factsheet, book, ada, said):
        book.row("Sections", policy="plan", section="evaluation")["categories"] = said
        apply(book, by=ada)
        assert uses(factsheet, "plan.evaluation") == [("ex-ante", ""), ("ex-post", "")]

    def test_a_detail_stands_beside_its_category(self, factsheet, book, ada):
        row = book.row("Sections", policy="second", section="beneficiaries")
        row.update(categories="Other", details="other: Nature: a: b")
        apply(book, by=ada)
        assert uses(factsheet, "second.beneficiaries") == [("other", "Nature: a: b")]

    def test_a_whole_number_is_the_text_of_its_digits(self, factsheet, book, ada):
        book.row("Policies", policy="plan")["names"] = 2030
        apply(book, by=ada)
        assert factsheet.policies.get(code="plan").names == ["2030"]

    def test_a_label_is_taken_for_its_code(self, factsheet, book, ada):
        book.row("Policies", policy="plan")["kind"] = "Sectoral Policy"
        batch = send(book, by=ada)
        assert problems(batch) == []

    def test_a_file_may_leave_out_rows_columns_and_sheets(self, factsheet, book, ada):
        book.keep_sheets("Sections")
        book.keep("Sections", policy="plan", section="objectives")
        objectives(book)["text"] = "New."
        book.drop_columns("Sections", "availability", "policy_name", "state", "categories")
        before = contents_of(factsheet)
        apply(book, by=ada)
        before["plan", "objectives"]["text"] = "New."
        assert contents_of(factsheet) == before

    def test_columns_and_rows_may_stand_in_any_order(self, factsheet, book, ada):
        book.headers["Sections"].reverse()
        book.sheets["Sections"].reverse()
        objectives(book)["text"] = "New."
        apply(book, by=ada)
        assert cell(factsheet, "plan.objectives").text == "New."


KEYS = {"country", "edition", "policy", "section", "criterion", "key"}


class TestBlankAndClear:
    @pytest.mark.parametrize(
        "sheet", ["Factsheets", "Policies", "Sections", "Assessments", "References"]
    )
    @pytest.mark.parametrize("blank", [None, ""])
    def test_blank_cells_keep_what_is_there(self, factsheet, book, ada, sheet, blank):
        for row in book.sheets[sheet]:
            row |= dict.fromkeys(row.keys() - KEYS, blank)
        assert changed(send(book, by=ada)) == []

    @pytest.mark.parametrize(
        ("sheet", "keys", "columns", "section", "emptied"),
        [
            ("Policies", {"policy": "second"}, ["original_name"], ("second", "heading"), ""),
            (
                "Policies",
                {"policy": "second"},
                ["starting_year"],
                ("second", "history"),
                None,
            ),
            (
                "Sections",
                {"policy": "second", "section": "focus"},
                ["text"],
                ("second", "focus"),
                "",
            ),
            (
                "Sections",
                {"policy": "second", "section": "objectives"},
                ["categories"],
                ("second", "objectives"),
                [],
            ),
            ("Assessments", {"criterion": "evidence"}, ["judged_points"], ("", "evidence"), None),
        ],
    )
    def test_clear_empties_a_cell(
        self, factsheet, book, ada, sheet, keys, columns, section, emptied
    ):
        book.row(sheet, **keys).update(dict.fromkeys(columns, "(clear)"))
        apply(book, by=ada)
        name = {"judged_points": "judged"}.get(columns[0], columns[0])
        assert contents_of(factsheet)[section][name] == emptied

    def test_clear_empties_a_budget(self, factsheet, book, ada):
        row = book.row("Policies", policy="second")
        row |= dict.fromkeys(["overall_amount", "overall_currency", "overall_words"], "(clear)")
        row["overall_availability"] = "no_data"
        apply(book, by=ada)
        assert contents_of(factsheet)["second", "budget"]["overall"] == {
            "availability": "no_data",
            "amount": None,
            "currency": "",
            "words": "",
        }

    def test_clear_empties_what_a_reference_has(self, factsheet, book, ada):
        book.row("References", key="a").update(authors="(clear)", year="(clear)")
        book.row("References", key="b")["accessed"] = "(clear)"
        apply(book, by=ada)
        found = factsheet.references.order_by("key").values_list("authors", "year", "accessed")
        assert list(found) == [("", None, None), ("", None, None)]

    def test_clear_of_a_detail_is_refused_where_the_category_needs_one(self, ada):
        other = {"code": "other", "detail": "Nature"}
        section = {"type": "beneficiaries", "availability": "reported", "categories": [other]}
        found = load(
            document(country="FR", policies=[make_policy_document(sections=[section])])
        ).factsheet
        found.editors.add(ada)
        book = exported(found)
        row = book.row("Sections", policy="plan", section="beneficiaries")
        row["details"] = "(clear)"
        number = book.number("Sections", row)
        assert problems(send(book, by=ada)) == [
            f"Sections J{number} [(clear)] This category needs a detail."
        ]

    @pytest.mark.parametrize(
        ("sheet", "keys", "column"),
        [
            ("Factsheets", {}, "language"),
            ("Factsheets", {}, "policies_status"),
            ("Policies", {"policy": "plan"}, "names"),
            ("Policies", {"policy": "plan"}, "kind"),
            ("Policies", {"policy": "plan"}, "order"),
            ("Sections", {"policy": "plan", "section": "focus"}, "availability"),
            ("References", {"key": "a"}, "title"),
        ],
    )
    def test_what_must_be_there_can_not_be_cleared(self, book, ada, sheet, keys, column):
        book.row(sheet, **keys)[column] = "(clear)"
        assert "can't be empty" in problems(send(book, by=ada))[0]

    def test_a_text_that_reads_clear_has_a_backslash(self, factsheet, book, ada):
        objectives(book)["text"] = "\\(clear)"
        apply(book, by=ada)
        assert cell(factsheet, "plan.objectives").text == "(clear)"
        assert objectives(exported(factsheet))["text"] == "\\(clear)"


class TestPolicies:
    def test_a_new_policy_comes_with_its_sections(self, factsheet, book, ada):
        book.add("Policies", policy="third", names="Third", kind="cluster")
        book.add("Sections", policy="third", section="focus", text="New.", availability="reported")
        apply(book, by=ada)
        assert codes(factsheet) == ["plan", "second", "third"]
        assert cell(factsheet, "third.focus").text == "New."

    def test_a_new_policy_has_all_its_sections(self, factsheet, book, ada):
        book.add("Policies", policy="third", names="Third", kind="cluster", period="unlimited")
        apply(book, by=ada)
        policy = factsheet.policies.get(code="third")
        assert policy.sections.count() == factsheet.policies.get(code="plan").sections.count()

    def test_a_new_policy_takes_its_place(self, factsheet, book, ada):
        book.add("Policies", policy="third", names="Third", kind="cluster", order=1)
        apply(book, by=ada)
        assert codes(factsheet) == ["third", "plan", "second"]

    def test_the_order_of_sheets_and_of_rows_does_not_matter(self, factsheet, book, ada):
        book.add("Policies", policy="third", names="Third", kind="cluster")
        book.add("Sections", policy="third", section="focus", text="New.")
        book.headers = dict(reversed(book.headers.items()))
        apply(book, by=ada)
        assert cell(factsheet, "third.focus").text == "New."

    def test_a_new_policy_must_have_a_name_and_a_kind(self, book, ada):
        book.add("Policies", policy="third")
        assert [line.partition("] ")[2] for line in problems(send(book, by=ada))] == [
            "A new policy needs this.",
            "A new policy needs this.",
        ]

    def test_a_deleted_policy_goes_with_its_sections(self, factsheet, book, ada):
        book.row("Policies", policy="second")["_action"] = "delete"
        apply(book, by=ada)
        assert codes(factsheet) == ["plan"]
        assert not factsheet.sections.filter(policy__code="second").exists()

    def test_sections_of_a_deleted_policy_are_not_written(self, factsheet, book, ada):
        book.row("Policies", policy="second")["_action"] = "delete"
        objectives(book, "second")["text"] = "New."
        apply(book, by=ada)
        assert codes(factsheet) == ["plan"]

    def test_a_policy_is_renamed(self, factsheet, book, ada):
        book.row("Policies", policy="second")["names"] = "Other\nAnother"
        apply(book, by=ada)
        assert factsheet.policies.get(code="second").names == ["Other", "Another"]

    def test_policies_are_reordered(self, factsheet, book, ada):
        book.row("Policies", policy="second")["order"] = 1
        batch = send(book, by=ada)
        assert changed(batch) == [("introduction", "changed")]
        applying.confirm(batch, by=ada)
        assert codes(factsheet) == ["second", "plan"]

    def test_to_the_right_as_well(self, ada):
        found = load(document(country="FR", policies=each_of("abcd"))).factsheet
        found.editors.add(ada)
        book = exported(found)
        book.row("Policies", policy="a")["order"] = 3
        apply(book, by=ada)
        assert codes(found) == ["b", "c", "a", "d"]

    def test_reordering_without_the_sheet_of_factsheets_is_a_conflict(self, book, ada):
        book.drop_sheets("Factsheets")
        book.row("Policies", policy="second")["order"] = 1
        assert changed(send(book, by=ada)) == [("introduction", "conflict")]

    def test_deleting_does_not_need_the_sheet_of_factsheets(self, book, ada):
        book.keep_sheets("Policies")
        book.row("Policies", policy="second")["_action"] = "delete"
        assert {status for anchor, status in changed(send(book, by=ada)) if "second" in anchor} == {
            "deleted"
        }

    def test_a_policy_with_another_code_is_another_policy(self, factsheet, book, ada):
        row = book.row("Policies", policy="second")
        row.update(policy="third", order=None)
        apply(book, by=ada)
        assert codes(factsheet) == ["plan", "second", "third"]


class TestReferences:
    def test_a_new_one_is_added_at_the_end(self, factsheet, book, ada):
        book.add("References", key="c", title="Title of c")
        apply(book, by=ada)
        assert keys(factsheet) == ["a", "b", "c"]

    def test_a_new_one_may_be_cited_in_the_same_file(self, factsheet, book, ada):
        book.add("References", key="c", title="Title of c")
        objectives(book)["text"] = "So they say [@c, p. 3]."
        apply(book, by=ada)
        assert cell(factsheet, "plan.objectives").text == "So they say [@c, p. 3]."

    def test_one_is_changed(self, factsheet, book, ada):
        book.row("References", key="b")["title"] = "Another"
        apply(book, by=ada)
        assert factsheet.references.get(key="b").title == "Another"

    def test_one_is_deleted(self, factsheet, book, ada):
        book.row("References", key="a")["_action"] = "delete"
        apply(book, by=ada)
        assert keys(factsheet) == ["b"]

    def test_they_are_reordered(self, factsheet, book, ada):
        book.row("References", key="b")["order"] = 1
        apply(book, by=ada)
        assert keys(factsheet) == ["b", "a"]

    def test_a_new_one_is_in_nobodys_way(self, factsheet, book, ada, ben):
        factsheet.references.filter(key="a").get().delete()
        book.sheets["References"] = []
        book.add("References", key="c", title="Title of c", version=1)
        batch = send(book, by=ada)
        assert changed(batch) == [("bibliography", "changed")]

    def test_a_new_one_needs_a_title(self, book, ada):
        book.add("References", key="c")
        assert "References" in problems(send(book, by=ada))[0]


class TestCitations:
    """Drafts may cite what is not there yet; a file may not bring more of it."""

    @pytest.fixture
    def book(self, factsheet: Factsheet, ben: User) -> Book:
        edited(factsheet, "plan.focus", "See [@zzz].", ben)
        return exported(factsheet)

    def test_one_that_was_there_before_does_not_keep_the_file_out(self, book, ada):
        book.row("Sections", policy="plan", section="focus")["availability"] = "reported"
        assert problems(send(book, by=ada)) == []

    def test_one_in_a_text_that_the_file_brings_does(self, book, ada):
        book.row("Sections", policy="plan", section="focus")["text"] = "See [@yyy]."
        assert "It cites “yyy”" in problems(send(book, by=ada))[0]


class TestJudgements:
    def judged(self, factsheet: Factsheet, code: str) -> tuple[Any, str]:
        score = factsheet.criterion_scores.get(criterion__code=code)
        return (score.judged_points, score.judged_reason)

    def test_a_level_is_judged(self, factsheet, book, ada):
        row = book.row("Assessments", criterion="continuity")
        row.update(judged_points=0.5, judged_reason="It started.")
        apply(book, by=ada)
        assert self.judged(factsheet, "continuity") == (0.5, "It started.")

    def test_who_judged_and_when_is_kept(self, factsheet, book, ada):
        row = book.row("Assessments", criterion="continuity")
        row.update(judged_points=0.5, judged_reason="It started.")
        apply(book, by=ada)
        score = factsheet.criterion_scores.get(criterion__code="continuity")
        assert (score.judged_by, score.judged_at is not None) == (ada, True)

    def test_a_judgement_is_changed(self, factsheet, book, ada):
        book.row("Assessments", criterion="evidence")["judged_points"] = 2
        apply(book, by=ada)
        assert self.judged(factsheet, "evidence") == (2, "A start.")

    def test_a_judgement_is_taken_back(self, factsheet, book, ada):
        book.row("Assessments", criterion="evidence")["judged_points"] = "(clear)"
        apply(book, by=ada)
        assert self.judged(factsheet, "evidence") == (None, "")

    def test_it_must_be_a_level_of_the_criterion(self, book, ada):
        book.row("Assessments", criterion="evidence")["judged_points"] = 1.5
        assert problems(send(book, by=ada)) == [
            "Assessments G4 [1.5] “1.5” is not one of: 0, 0.5, 1, 2. Did you mean “0.5”?"
        ]

    def test_the_reason_may_come_later(self, factsheet, book, ada):
        book.row("Assessments", criterion="continuity")["judged_points"] = 1
        apply(book, by=ada)
        assert self.judged(factsheet, "continuity") == (1, "")

    def test_a_reason_needs_a_level(self, book, ada):
        book.row("Assessments", criterion="continuity")["judged_reason"] = "So."
        assert problems(send(book, by=ada)) == [
            "Assessments H3 [So.] Give the judged level, too, or clear the reason."
        ]


class TestConfirmingWhatWasCarriedOver:
    @pytest.fixture
    def carried(self, factsheet: Factsheet, ada: User) -> Factsheet:
        eva = make_user("eva", Role.ADMINISTRATOR)
        mexico = Chosen(Country.objects.get(code="MX"), [ada])
        return open_edition(next_edition(), [mexico], by=eva)[0].factsheet

    def test_a_row_is_confirmed(self, carried, ada):
        book = exported(carried)
        objectives(book, "second")["_action"] = "confirm"
        batch = apply(book, by=ada)
        assert changed(batch) == [("second.objectives", "confirmed")]
        assert not cell(carried, "second.objectives").is_unconfirmed

    def test_it_writes_an_event_and_no_revision(self, carried, ada):
        book = exported(carried)
        objectives(book, "second")["_action"] = "confirm"
        before = SectionRevision.objects.count()
        apply(book, by=ada)
        event = ReviewEvent.objects.latest("pk")
        assert (event.action, event.by, SectionRevision.objects.count()) == (
            "confirmed",
            ada,
            before,
        )

    def test_undoing_makes_it_wait_again(self, carried, ada):
        book = exported(carried)
        objectives(book, "second")["_action"] = "confirm"
        undoing.undo(apply(book, by=ada), by=ada)
        assert cell(carried, "second.objectives").is_unconfirmed

    def test_what_is_confirmed_already_is_unchanged(self, carried, ada):
        book = exported(carried)
        workflow.confirm(cell(carried, "second.objectives"), by=ada)
        objectives(book, "second")["_action"] = "confirm"
        assert changed(send(book, by=ada)) == []

    def test_what_a_colleague_has_confirmed_meanwhile_is_in_nobodys_way(self, carried, ada, ben):
        book = exported(carried)
        objectives(book, "second")["_action"] = "confirm"
        book.row("Sections", policy="second", section="focus")["text"] = "New."
        batch = send(book, by=ada)
        workflow.confirm(cell(carried, "second.objectives"), by=ben)
        assert applying.confirm(batch, by=ada)
        assert cell(carried, "second.focus").text == "New."

    def test_nor_is_what_a_colleague_has_confirmed_and_submitted(self, carried, ada, ben):
        book = exported(carried)
        objectives(book, "second")["_action"] = "confirm"
        book.row("Sections", policy="second", section="focus")["text"] = "New."
        batch = send(book, by=ada)
        workflow.confirm(cell(carried, "second.objectives"), by=ben)
        workflow.submit(cell(carried, "second.objectives"), by=ben)
        assert applying.confirm(batch, by=ada)
        assert cell(carried, "second.focus").text == "New."

    def test_nobody_confirms_what_they_have_not_seen(self, carried, ada, ben):
        book = exported(carried)
        edited(carried, "second.objectives", "Other.", ben)
        Section.bookkeeping.filter(pk=cell(carried, "second.objectives").pk).update(
            is_unconfirmed=True
        )
        objectives(book, "second")["_action"] = "confirm"
        assert changed(send(book, by=ada)) == [("second.objectives", "conflict")]


class TestReview:
    @pytest.fixture
    def published(self, cast: dict[str, User]) -> Publication:
        return make_publication(cast, make_scored_document("FR"))

    def test_an_approved_section_is_a_draft_again(self, published, ada):
        book = exported(published.factsheet)
        objectives(book)["text"] = "New."
        apply(book, by=ada)
        assert cell(published.factsheet, "plan.objectives").state == State.DRAFT
        assert cell(published.factsheet, "plan.focus").state == State.APPROVED

    def test_what_is_published_does_not_change(self, published, ada):
        before = published.document_json
        book = exported(published.factsheet)
        objectives(book)["text"] = "New."
        apply(book, by=ada)
        published.refresh_from_db()
        assert (published.document_json, Publication.objects.count()) == (before, 1)

    def test_undoing_makes_it_approved_again(self, published, ada):
        book = exported(published.factsheet)
        objectives(book)["text"] = "New."
        undoing.undo(apply(book, by=ada), by=ada)
        assert cell(published.factsheet, "plan.objectives").state == State.APPROVED


class TestWhoMay:
    @pytest.mark.parametrize(
        ("name", "may"),
        [("ada", True), ("ben", True), ("cleo", False), ("dan", False), ("eve", False)],
    )
    def test_only_those_who_may_write_the_factsheet(self, factsheet, book, cast, name, may):
        make_user("eve", Role.EDITOR)
        objectives(book)["text"] = "New."
        batch = send(book, by=User.objects.get(username=name))
        assert (batch.state == "ready") == may

    def test_the_refusal_names_the_person_and_the_factsheet(self, book, cast):
        book.keep_sheets("Policies")
        book.keep("Policies", policy="plan")
        assert problems(send(book, by=cast["cleo"])) == [
            "Policies A2 [MX] cleo may not write Mexico 2022: an administrator assigns editors."
        ]

    def test_one_who_was_taken_off_meanwhile_can_not_confirm(self, factsheet, book, ada):
        objectives(book)["text"] = "New."
        batch = send(book, by=ada)
        factsheet.editors.clear()
        with pytest.raises(PermissionDenied):
            applying.confirm(batch, by=ada)

    def test_a_batch_is_its_senders(self, factsheet, book, ada, ben):
        objectives(book)["text"] = "New."
        with pytest.raises(PermissionDenied):
            applying.confirm(send(book, by=ada), by=ben)

    def test_nobody_confirms_for_the_sender_whose_text_it_then_would_be(self, factsheet, book, ada):
        objectives(book)["text"] = "New."
        eva = make_user("eva", Role.ADMINISTRATOR)
        with pytest.raises(PermissionDenied):
            applying.confirm(send(book, by=ada), by=eva)

    def test_an_administrator_undoes(self, factsheet, book, ada):
        objectives(book)["text"] = "New."
        batch = apply(book, by=ada)
        undoing.undo(batch, by=make_user("eva", Role.ADMINISTRATOR))
        assert batch.state == "undone"


class TestConflicts:
    @pytest.fixture
    def conflict(self, factsheet: Factsheet, book: Book, ada: User, ben: User) -> Batch:
        """Ben has written what Ada's file writes, too."""
        edited(factsheet, "plan.objectives", "His.", ben)
        objectives(book)["text"] = "Hers."
        book.row("Sections", policy="plan", section="focus")["text"] = "Her focus."
        return send(book, by=ada)

    def test_a_section_that_both_have_written_is_one(self, conflict):
        assert changed(conflict) == [
            ("plan.objectives", "conflict"),
            ("plan.focus", "changed"),
        ]

    def test_it_shows_what_the_site_has_and_what_the_file_says(self, conflict):
        change = conflict.changes.get(status="conflict")
        assert (change.before["text"], change.after["text"]) == ("His.", "Hers.")

    def test_nothing_is_written_while_it_is_undecided(self, conflict, factsheet, ada):
        with pytest.raises(ValidationError, match="Decide 1 conflicts first"):
            applying.confirm(conflict, by=ada)
        assert cell(factsheet, "plan.focus").text == ""

    @pytest.mark.parametrize(("side", "text"), [("keep", "His."), ("take", "Hers.")])
    def test_the_side_that_was_chosen_is_written(self, conflict, factsheet, ada, side, text):
        deciding.decide(conflict, {conflict.changes.get(status="conflict").pk: side}, by=ada)
        assert applying.confirm(conflict, by=ada)
        assert cell(factsheet, "plan.objectives").text == text
        assert cell(factsheet, "plan.focus").text == "Her focus."

    def test_all_are_decided_at_once(self, conflict, factsheet, ada):
        deciding.decide_all(conflict, "take", by=ada)
        assert applying.confirm(conflict, by=ada)
        assert cell(factsheet, "plan.objectives").text == "Hers."

    def test_who_may_not_see_it_does_not_decide(self, conflict, ben):
        with pytest.raises(PermissionDenied):
            deciding.decide_all(conflict, "take", by=ben)

    def test_undoing_leaves_what_was_kept(self, conflict, factsheet, ada):
        deciding.decide_all(conflict, "keep", by=ada)
        applying.confirm(conflict, by=ada)
        undoing.undo(conflict, by=ada)
        assert [cell(factsheet, f"plan.{type_}").text for type_ in ("objectives", "focus")] == [
            "His.",
            "",
        ]

    def test_other_fields_of_the_section_stay_as_the_colleague_left_them(
        self, factsheet, book, ada, ben
    ):
        edited(factsheet, "plan.objectives", "His.", ben)
        objectives(book)["availability_note"] = "Hers."
        batch = send(book, by=ada)
        deciding.decide_all(batch, "take", by=ada)
        applying.confirm(batch, by=ada)
        found = cell(factsheet, "plan.objectives")
        assert (found.text, found.availability_note) == ("His.", "Hers.")

    def test_cells_of_an_old_file_that_nobody_touched_say_nothing(self, factsheet, book, ada, ben):
        edited(factsheet, "plan.objectives", "His.", ben)
        assert changed(send(book, by=ada)) == []

    def test_nor_do_the_facts_and_references_of_an_old_file(self, factsheet, book, ada, ben):
        policy = factsheet.policies.get(code="second")
        policy.names, policy.starting_year = ["Other"], 2011
        policy.save()
        reference = factsheet.references.get(key="a")
        reference.title = "Other"
        reference.save()
        assert changed(send(book, by=ada)) == []

    def test_both_saying_the_same_is_no_conflict(self, factsheet, book, ada, ben):
        edited(factsheet, "plan.objectives", "Same.", ben)
        objectives(book)["text"] = "Same."
        assert changed(send(book, by=ada)) == []

    def test_a_row_without_a_version_is_one_where_something_is_said(self, book, ada):
        objectives(book, "second").update(text="Hers.", version=None)
        assert changed(send(book, by=ada)) == [("second.objectives", "conflict")]

    def test_and_none_where_nobody_has_written_anything(self, book, ada):
        row = book.row("Sections", policy="second", section="evaluation")
        row.update(text="Hers.", version=None)
        assert changed(send(book, by=ada)) == [("second.evaluation", "changed")]

    def test_a_version_of_the_future_is_one(self, book, ada):
        objectives(book, "second").update(text="Hers.", version=99)
        assert changed(send(book, by=ada)) == [("second.objectives", "conflict")]

    def test_deleting_a_policy_that_a_colleague_has_written_in_is_one(
        self, factsheet, book, ada, ben
    ):
        edited(factsheet, "second.focus", "His.", ben)
        book.row("Policies", policy="second")["_action"] = "delete"
        found = {status for anchor, status in changed(send(book, by=ada)) if "second" in anchor}
        assert found == {"conflict"}

    def test_a_deletion_is_decided_as_one(self, factsheet, book, ada, ben):
        edited(factsheet, "second.focus", "His.", ben)
        book.row("Policies", policy="second")["_action"] = "delete"
        batch = send(book, by=ada)
        one = batch.changes.filter(policy_code="second").first()
        deciding.decide(batch, {one.pk: "take"}, by=ada)
        assert applying.confirm(batch, by=ada)
        assert codes(factsheet) == ["plan"]

    def test_a_deletion_that_is_not_taken_leaves_the_policy(self, factsheet, book, ada, ben):
        edited(factsheet, "second.focus", "His.", ben)
        book.row("Policies", policy="second")["_action"] = "delete"
        batch = send(book, by=ada)
        deciding.decide_all(batch, "keep", by=ada)
        assert applying.confirm(batch, by=ada)
        assert codes(factsheet) == ["plan", "second"]

    def test_it_stays_in_its_place(self, ada, ben):
        found = load(document(country="FR", policies=each_of("abc"))).factsheet
        found.editors.add(ada)
        book = exported(found)
        edited(found, "a.focus", "His.", ben)
        book.row("Policies", policy="a")["_action"] = "delete"
        book.row("Policies", policy="b")["names"] = "Other"
        batch = send(book, by=ada)
        deciding.decide_all(batch, "keep", by=ada)
        assert applying.confirm(batch, by=ada)
        assert codes(found) == ["a", "b", "c"]

    def test_an_order_that_nobody_touched_stays_as_a_colleague_left_it(self, factsheet, book, ada):
        for place, code in enumerate(["second", "plan"]):
            policy = factsheet.policies.get(code=code)
            policy.order = place
            policy.save()
        assert changed(send(book, by=ada)) == []

    def test_an_order_that_both_have_changed_is_one(self, ada):
        found = load(document(country="FR", policies=each_of("abc"))).factsheet
        found.editors.add(ada)
        book = exported(found)
        book.row("Policies", policy="a")["order"] = 3
        for place, code in enumerate("acb"):
            policy = found.policies.get(code=code)
            policy.order = place
            policy.save()
        assert changed(send(book, by=ada)) == [("introduction", "conflict")]

    def test_of_two_versions_in_a_file_the_older_counts(self, factsheet, ada, ben):
        edited(factsheet, "second.history", "Old.", ben)
        book = exported(factsheet)
        edited(factsheet, "second.history", "His.", ben)
        newer = exported(factsheet)
        book.sheets["Policies"] = newer.sheets["Policies"]
        book.row("Policies", policy="second")["starting_year"] = 2012
        batch = send(book, by=ada)
        assert changed(batch) == [("second.history", "conflict")]
        change = batch.changes.get()
        assert (change.after["text"], change.after["starting_year"]) == ("His.", 2012)

    def test_a_row_without_a_version_is_not_excused_by_another(self, book, ada):
        book.row("Policies", policy="second").update(starting_year=2012, history_version=None)
        book.row("Sections", policy="second", section="history")["text"] = "Hers."
        assert changed(send(book, by=ada)) == [("second.history", "conflict")]

    def test_a_policy_that_a_colleague_has_deleted_is_left_out(self, factsheet, book, ada):
        factsheet.policies.get(code="second").delete()
        batch = send(book, by=ada)
        assert (problems(batch), changed(batch)) == ([], [])
        assert batch.remarks == [
            "Policies, row 3: “second” was deleted after the file was made, so its rows are left "
            "out. To add it anew, clear the versions there."
        ]

    def test_it_is_added_anew_where_its_versions_are_cleared(self, factsheet, book, ada):
        factsheet.policies.get(code="second").delete()
        row = book.row("Policies", policy="second")
        row |= {name: None for name in row if name.endswith("version")}
        apply(book, by=ada)
        assert codes(factsheet) == ["plan", "second"]
        assert cell(factsheet, "second.focus").text == "Clusters."

    def test_a_reference_that_a_colleague_has_deleted_is_left_out(self, factsheet, book, ada):
        factsheet.references.get(key="a").delete()
        batch = send(book, by=ada)
        assert (problems(batch), changed(batch)) == ([], [])
        assert batch.remarks[0].startswith("References, row 2: “a” was deleted after")

    def test_a_policy_that_a_colleague_has_added_meanwhile_stays(self, factsheet, book, ada):
        Policy.objects.create(
            factsheet=factsheet, code="third", names=["Third"], kind="broad", order=2
        )
        book.row("Policies", policy="second")["order"] = 1
        batch = send(book, by=ada)
        deciding.decide_all(batch, "take", by=ada)
        assert applying.confirm(batch, by=ada)
        assert codes(factsheet) == ["second", "plan", "third"]


class TestEditedBetweenLookingAndConfirming:
    @pytest.fixture
    def batch(self, factsheet: Factsheet, book: Book, ada: User, ben: User) -> Batch:
        objectives(book)["text"] = "Hers."
        book.row("Sections", policy="plan", section="focus")["text"] = "Her focus."
        batch = send(book, by=ada)
        edited(factsheet, "plan.objectives", "His.", ben)
        return batch

    def test_nothing_is_written(self, batch, factsheet, ada):
        assert applying.confirm(batch, by=ada) is False
        assert cell(factsheet, "plan.objectives").text == "His."
        assert cell(factsheet, "plan.focus").text == ""

    def test_the_section_is_a_conflict(self, batch, ada):
        applying.confirm(batch, by=ada)
        assert changed(batch) == [
            ("plan.objectives", "conflict"),
            ("plan.focus", "changed"),
        ]
        assert batch.changes.first().before["text"] == "His."

    def test_it_can_be_decided_and_confirmed_then(self, batch, factsheet, ada):
        applying.confirm(batch, by=ada)
        deciding.decide_all(batch, "take", by=ada)
        assert applying.confirm(batch, by=ada)
        assert cell(factsheet, "plan.objectives").text == "Hers."

    def test_what_is_so_already_is_left_out(self, batch, factsheet, ada, ben):
        edited(factsheet, "plan.objectives", "Hers.", ben)
        assert applying.confirm(batch, by=ada) is False
        assert changed(batch) == [("plan.focus", "changed")]
        batch.refresh_from_db()
        assert batch.remarks == [
            "plan.objectives was changed or deleted meanwhile; nothing is left to do there."
        ]

    def test_a_policy_deleted_meanwhile_is_left_out(self, batch, factsheet, ada):
        factsheet.policies.get(code="plan").delete()
        assert applying.confirm(batch, by=ada) is False
        assert changed(batch) == []

    def test_a_policy_added_meanwhile_under_the_same_code_is_a_conflict(self, factsheet, book, ada):
        book.add("Policies", policy="third", names="Hers", kind="cluster")
        batch = send(book, by=ada)
        Policy.objects.create(factsheet=factsheet, code="third", names=["His"], kind="broad")
        assert applying.confirm(batch, by=ada) is False
        deciding.decide_all(batch, "take", by=ada)
        assert applying.confirm(batch, by=ada)
        assert factsheet.policies.get(code="third").names == ["Hers"]


class TestWhatIsWritten:
    def test_one_revision_for_each_changed_section(self, factsheet, book, ada):
        objectives(book)["text"] = "New."
        book.row("Policies", policy="plan").update(names="Other", starting_year=2015)
        book.row("Sections", policy="plan", section="history")["text"] = "It began."
        before = SectionRevision.objects.latest("pk").pk
        batch = apply(book, by=ada)
        written = SectionRevision.objects.filter(pk__gt=before).select_related("section")
        assert sorted(each.section.anchor for each in written) == [
            "plan.heading",
            "plan.history",
            "plan.objectives",
        ]
        assert {(each.batch_id, each.source, each.author) for each in written} == {
            (batch.pk, "spreadsheet", ada)
        }

    def test_its_note_names_the_import_and_the_file(self, factsheet, book, ada):
        objectives(book)["text"] = "New."
        batch = apply(book, by=ada)
        assert SectionRevision.objects.latest("pk").note == f"Import {batch.pk}: workbook.xlsx"

    def test_scores_are_computed_once(self, factsheet, book, ada, monkeypatch):
        book.row("Policies", policy="plan")["kind"] = "cluster"
        book.row("Sections", policy="plan", section="evaluation")["categories"] = "ex-post"
        batch = send(book, by=ada)
        calls = []
        real = assessing.rescore

        def counted(factsheets, *args, **kwargs):
            calls.append([each.pk for each in factsheets])
            return real(factsheets, *args, **kwargs)

        monkeypatch.setattr(assessing, "rescore", counted)
        applying.confirm(batch, by=ada)
        assert calls == [[factsheet.pk]]

    def test_scores_are_what_the_facts_give(self, factsheet, book, ada):
        book.row("Policies", policy="plan").update(kind="cluster", starting_year=2001)
        book.row("Sections", policy="plan", section="evaluation")["categories"] = "ex-post"
        apply(book, by=ada)
        call_command("check_scores", stdout=None, verbosity=0)

    def test_what_becomes_of_scores_is_said_before(self, book, ada):
        book.row("Policies", policy="plan").update(kind="cluster")
        effects = send(book, by=ada).effects
        assert effects[0]["moves"][0] == (
            "Policy scope: 0.5 → 2. A cluster policy counts, so policy scope is 2. "
            "The Plan is a cluster policy."
        )

    def test_and_comes_to_pass(self, factsheet, book, ada):
        book.row("Policies", policy="plan").update(kind="cluster", starting_year=2001)
        batch = apply(book, by=ada)
        factsheet.refresh_from_db()
        assert f"{factsheet.assessment.total.normalize():f} of 8" in batch.effects[0]["after"]

    def test_a_conflict_moves_no_score_until_it_is_decided(self, book, ada):
        book.row("Policies", policy="second").update(kind="cluster", heading_version=None)
        batch = send(book, by=ada)
        assert batch.effects == []
        deciding.decide_all(batch, "take", by=ada)
        batch.refresh_from_db()
        assert [each["name"] for each in batch.effects] == ["Mexico 2022"]


def rows() -> dict[str, int]:
    """How many rows every table has."""
    return {model.__name__: model._base_manager.count() for model in apps.get_models()}


class TestLooking:
    def test_receiving_writes_nothing_but_the_batch(self, factsheet, book, ada):
        objectives(book)["text"] = "New."
        book.row("Policies", policy="second")["_action"] = "delete"
        before, content = rows(), current_document(factsheet)
        send(book, by=ada)
        after = rows()
        own = {"Batch", "BatchChange", "StagedFile"}
        assert {name for name in after if after[name] != before[name]} == own
        assert current_document(factsheet) == content

    def test_it_sends_no_mail_and_records_no_event(self, factsheet, book, ada):
        objectives(book)["text"] = "New."
        send(book, by=ada)
        assert (mail.outbox, ReviewEvent.objects.count()) == ([], 0)

    def test_it_settles_nothing(self, factsheet, book, ada, monkeypatch):
        monkeypatch.setattr(assessing, "rescore", None)
        objectives(book)["text"] = "New."
        assert send(book, by=ada).state == "ready"

    def test_the_file_waits_in_the_database(self, book, ada):
        objectives(book)["text"] = "New."
        batch = send(book, by=ada)
        assert bytes(StagedFile.objects.get(batch=batch).data) == book.write()

    def test_a_file_with_errors_changes_nothing_and_can_not_be_confirmed(self, book, ada):
        objectives(book).update(text="New.", availability="perhaps")
        batch = send(book, by=ada)
        assert (batch.state, batch.changes.count()) == ("refused", 0)
        with pytest.raises(ValidationError, match="has errors already"):
            applying.confirm(batch, by=ada)

    def test_an_expired_batch_is_refused(self, factsheet, book, ada):
        objectives(book)["text"] = "New."
        batch = send(book, by=ada)
        with pytest.raises(ValidationError, match="expired"):
            applying.confirm(batch, by=ada, now=timezone.now() + timedelta(days=8))
        assert cell(factsheet, "plan.objectives").text == ""

    def test_what_is_applied_is_not_applied_again(self, book, ada):
        objectives(book)["text"] = "New."
        batch = apply(book, by=ada)
        with pytest.raises(ValidationError, match="applied already"):
            applying.confirm(batch, by=ada)


class TestUndoing:
    def test_every_section_gets_back_what_it_held(self, factsheet, book, ada):
        before = current_document(factsheet)
        objectives(book)["text"] = "New."
        book.row("Policies", policy="second")["_action"] = "delete"
        book.add("Policies", policy="third", names="Third", kind="cluster", order=1)
        book.row("References", key="a")["_action"] = "delete"
        book.row("Assessments", criterion="evidence")["judged_points"] = "(clear)"
        batch = apply(book, by=ada)
        undoing.undo(batch, by=ada)
        assert current_document(factsheet) == before

    def test_it_writes_revisions_of_the_same_batch(self, factsheet, book, ada):
        objectives(book)["text"] = "New."
        batch = apply(book, by=ada)
        undoing.undo(batch, by=ada)
        found = cell(factsheet, "plan.objectives").revisions.filter(batch=batch)
        assert [each.note for each in found.order_by("number")] == [
            f"Import {batch.pk}: workbook.xlsx",
            f"Import {batch.pk} undone",
        ]

    def test_who_and_when_is_kept(self, book, ada):
        objectives(book)["text"] = "New."
        batch = apply(book, by=ada)
        eva = make_user("eva", Role.ADMINISTRATOR)
        undoing.undo(batch, by=eva)
        assert (batch.state, batch.undone_by, batch.undone_at is not None) == ("undone", eva, True)

    def test_it_is_refused_once_somebody_has_edited_a_section(self, factsheet, book, ada, ben):
        objectives(book)["text"] = "New."
        batch = apply(book, by=ada)
        edited(factsheet, "plan.objectives", "Newer.", ben)
        with pytest.raises(ValidationError, match=r"1 of its sections.*plan\.objectives"):
            undoing.undo(batch, by=ada)
        assert cell(factsheet, "plan.objectives").text == "Newer."

    def test_an_edit_elsewhere_is_in_nobodys_way(self, factsheet, book, ada, ben):
        objectives(book)["text"] = "New."
        batch = apply(book, by=ada)
        edited(factsheet, "plan.focus", "Newer.", ben)
        undoing.undo(batch, by=ada)
        assert [cell(factsheet, f"plan.{type_}").text for type_ in ("objectives", "focus")] == [
            "",
            "Newer.",
        ]

    def test_it_is_refused_after_an_edit_in_a_policy_that_it_has_added(
        self, factsheet, book, ada, ben
    ):
        book.add("Policies", policy="third", names="Third", kind="cluster")
        batch = apply(book, by=ada)
        edited(factsheet, "third.focus", "Newer.", ben)
        with pytest.raises(ValidationError, match=r"third\.focus"):
            undoing.undo(batch, by=ada)

    def test_what_was_not_applied_is_not_undone(self, book, ada):
        objectives(book)["text"] = "New."
        with pytest.raises(ValidationError, match="Only an import that was applied"):
            undoing.undo(send(book, by=ada), by=ada)

    def test_it_is_undone_once(self, book, ada):
        objectives(book)["text"] = "New."
        batch = apply(book, by=ada)
        undoing.undo(batch, by=ada)
        with pytest.raises(ValidationError):
            undoing.undo(batch, by=ada)

    def test_the_same_file_can_be_sent_again_after_it(self, factsheet, book, ada):
        objectives(book)["text"] = "New."
        undoing.undo(apply(book, by=ada), by=ada)
        batch = send(book, by=ada)
        deciding.decide_all(batch, "take", by=ada)
        assert applying.confirm(batch, by=ada)
        assert cell(factsheet, "plan.objectives").text == "New."


class TestMany:
    def statements(self, step: Any) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            step()
        return len(found)

    def prepared(self, factsheets: list[Factsheet], ada: User) -> Book:
        book = exported(*factsheets)
        for row in book.sheets["Sections"]:
            if row["section"] == "focus":
                row["text"] = "New."
        return book

    def counts(self, number: int, ada: User) -> tuple[int, int]:
        book = self.prepared(make_edition(number, 24, ada, editor=ada), ada)
        batches = []
        receiving = self.statements(lambda: batches.append(send(book, by=ada)))
        confirming = self.statements(lambda: applying.confirm(batches[0], by=ada))
        return receiving, confirming

    def test_many_factsheets_take_about_as_many_queries_as_few(self, ada):
        few, many = self.counts(3, ada), self.counts(60, ada)
        assert [max(0, most - least - 12) for least, most in zip(few, many, strict=True)] == [0, 0]

    def test_receiving_and_confirming_take_few_queries(self, ada):
        receiving, confirming = self.counts(30, ada)
        assert (receiving < 40, confirming < 70) == (True, True)


def test_a_cell_that_was_emptied_is_remarked_upon(factsheet, cast) -> None:
    cell = section(factsheet.policies.get(code="plan"), "objectives")
    cell.text = "It stays."
    cell.save()
    book = exported(factsheet)
    row = book.row("Sections", policy="plan", section="objectives")
    row["text"] = None
    batch = send(book, by=cast["ada"])
    assert batch.remarks == [
        "Sections: 1 cell was left blank where the site has a value, which stays "
        f"(row {book.number('Sections', row)}). Write (clear) to empty it."
    ]


@pytest.mark.parametrize("name", ["ben", "cleo", "dan"])
def test_who_may_not_add_policies_in_the_admin_may_not_in_a_file(factsheet, cast, name) -> None:
    book = exported(factsheet)
    book.add("Policies", policy="new-plan", names="New", kind="broad")
    assert send(book, by=cast[name]).state == "refused"


def test_a_reviewer_deletes_no_policy(factsheet, cast) -> None:
    book = exported(factsheet)
    book.row("Policies", policy="plan")["_action"] = "delete"
    found = problems(send(book, by=cast["ben"]))
    assert [line.partition("] ")[2] for line in found] == [
        "ben may not add or delete policies: that takes the role Editor."
    ]


def test_a_row_that_is_not_there_can_not_be_deleted(factsheet, cast) -> None:
    book = exported(factsheet)
    book.row("Policies", policy="plan").update(policy="plann", _action="delete", version=None)
    found = problems(send(book, by=cast["ada"]))
    assert "“plann” is not one of: plan" in found[0]


def test_a_detail_names_its_category_by_label_as_well(factsheet, cast) -> None:
    book = exported(factsheet)
    row = book.row("Sections", policy="plan", section="beneficiaries")
    row.update(availability="reported", categories="Other", details="Other: Nature")
    apply(book, by=cast["ada"])
    uses = section(factsheet.policies.get(code="plan"), "beneficiaries").uses.all()
    assert [(use.category.code, use.detail) for use in uses] == [("other", "Nature")]
