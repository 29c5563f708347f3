"""What spreadsheet libraries do by default and this workbook does not (FINDINGS, 1 to 23); and
that every error of a file names its cell, what was expected, and what may have been meant."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.test.utils import CaptureQueriesContext

from policies.loading import load
from policies.models import Batch, Factsheet, Section, SectionRevision, StagedFile, User
from policies.spreadsheet import applying
from policies.spreadsheet.exporting import export
from policies.spreadsheet.guard import Refused
from policies.spreadsheet.receiving import receive
from tests.edition import make_edition
from tests.factory import make_cast, make_policy_document, make_scored_document, reported
from tests.lasting import lent
from tests.workbooks import AT, Book, apply, changed, contents_of, exported, file_of, problems, send

pytestmark = pytest.mark.django_db

PLAN = make_policy_document(
    original_name="=1+1",
    period="limited",
    starting_year=2010,
    ending_year=2030,
    sections=[
        {"type": "objectives", **reported("innovation", text="Grow.\n\nThen rest.")},
        {"type": "evaluation", **reported("ex-ante", text="Before.")},
    ],
)
REFERENCES = [{"key": "a", "title": "Title", "year": 2020, "accessed": "2022-05-01"}]


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    cast = make_cast()
    document = make_scored_document(policies=[PLAN], references=REFERENCES)
    found = load(document).factsheet
    found.editors.add(cast["ada"])
    return SimpleNamespace(cast=cast, factsheet=found, book=exported(found))


cast, factsheet, book = lent("cast"), lent("factsheet"), lent("book")


@pytest.fixture
def ada(cast: dict[str, User]) -> User:
    return cast["ada"]


def plan(book: Book) -> dict:
    return book.row("Policies", policy="plan")


def section(book: Book, type_: str) -> dict:
    return book.row("Sections", policy="plan", section=type_)


def stored(factsheet: Factsheet, type_: str) -> Section:
    return factsheet.sections.get(policy__code="plan", type__code=type_)


class TestFindings:
    def test_an_unknown_code_is_not_dropped(self, book, ada):
        """1"""
        section(book, "evaluation")["categories"] = "ex-ante; ex-pots"
        assert problems(send(book, by=ada)) == [
            "Sections I18 [ex-ante; ex-pots] “ex-pots” is not one of: ex-ante, in-itinere, "
            "ex-post, monitoring. Did you mean “ex-post”?"
        ]

    @pytest.mark.parametrize("said", ["yes", "Yes", "YES", True])
    def test_yes_is_yes(self, factsheet, book, ada, said):
        """2"""
        plan(book)["is_example"] = said
        apply(book, by=ada)
        assert factsheet.policies.get().is_example is True

    def test_and_oui_is_not_no(self, book, ada):
        """2"""
        plan(book)["is_example"] = "Oui"
        assert problems(send(book, by=ada)) == ["Policies K2 [Oui] “Oui” is not one of: yes, no."]

    def test_a_misspelled_header_is_not_ignored(self, book, ada):
        """3"""
        headers = book.headers["Sections"]
        headers[headers.index("text")] = "txet"
        assert problems(send(book, by=ada)) == [
            "Sections K1 [txet] “txet” is no column of this sheet. Did you mean “text”?"
        ]

    def test_of_a_key_that_stands_there_twice_none_wins(self, book, ada):
        """4"""
        first = section(book, "focus")
        first["text"] = "One."
        book.sheets["Sections"].append({**first, "text": "Other."})
        assert [line.partition("] ")[2] for line in problems(send(book, by=ada))] == [
            f"The same row stands already in row {book.number('Sections', first)}."
        ]

    def test_a_blank_cell_and_an_absent_column_both_keep(self, factsheet, book, ada):
        """5"""
        section(book, "objectives")["categories"] = None
        book.drop_columns("Sections", "text")
        assert changed(send(book, by=ada)) == []

    def test_a_text_that_looks_like_a_formula_is_a_text(self, factsheet):
        """6"""
        sheet = openpyxl.load_workbook(BytesIO(file_of(factsheet)))["Policies"]
        found = sheet[f"F{2}"]
        assert (found.value, found.data_type) == ("=1+1", "s")

    def test_and_comes_back(self, book, ada):
        """6"""
        assert plan(book)["original_name"] == "=1+1"
        assert changed(send(book, by=ada)) == []

    def test_a_text_that_is_too_long_is_not_cut(self, book, ada):
        """7"""
        section(book, "objectives")["text"] = "a" * 32_500
        assert problems(send(book, by=ada))[0].endswith(
            "The text has 32500 characters; at most 32000 fit. Shorten it."
        )

    def test_other_line_breaks_do_not_make_a_text_changed(self, factsheet, ada):
        """8"""
        book = exported(factsheet, kind="csv")
        section(book, "objectives")["text"] = "Grow.\r\n\r\nThen rest."
        assert changed(send(book, by=ada)) == []

    def test_a_control_character_is_left_out_and_fails_nothing(self, factsheet, ada):
        """9"""
        book = exported(factsheet, kind="csv")
        section(book, "objectives")["text"] = "Gr\u0085ow\u009f."
        apply(book, by=ada)
        assert exported(factsheet).row("Sections", section="objectives")["text"] == "Gr\now."

    def test_every_sheet_is_read_whichever_is_open(self, factsheet, book, ada):
        """10"""
        opened = openpyxl.load_workbook(BytesIO(book.write()))
        opened.active = opened.sheetnames.index("References")
        opened["Sections"].sheet_state = "hidden"
        opened["Sections"]["K18"] = "New."
        assert changed(receive(_bytes(opened), "a.xlsx", by=ada)) == [
            ("plan.evaluation", "changed")
        ]

    def test_a_date_that_can_be_read_two_ways_is_not_read_one_way(self, book, ada):
        """11"""
        book.row("References", key="a")["accessed"] = "01/02/2024"
        assert problems(send(book, by=ada)) == [
            "References J2 [01/02/2024] A day such as 2022-09-30 is expected, but the cell holds "
            "the text “01/02/2024”. Did you mean 2024-01-02 or 2024-02-01?"
        ]

    def test_a_date_of_the_program_is_a_day(self, factsheet, book, ada):
        """11"""
        book.row("References", key="a")["accessed"] = date(2024, 2, 1)
        apply(book, by=ada)
        assert factsheet.references.get().accessed == date(2024, 2, 1)

    def test_a_fraction_is_not_cut_to_a_whole_number(self, book, ada):
        """12"""
        plan(book)["starting_year"] = 2010.7
        assert problems(send(book, by=ada)) == [
            "Policies N2 [2010.7] A whole number is expected, but the cell holds a number (2010.7)."
        ]

    def test_a_whole_number_is_no_text_with_a_point(self, factsheet, book, ada):
        """12"""
        opened = openpyxl.load_workbook(BytesIO(book.write()))
        opened["Policies"]["F2"] = 7.0
        applying.confirm(receive(_bytes(opened), "a.xlsx", by=ada), by=ada)
        assert factsheet.policies.get().original_name == "7"

    def test_one_bad_cell_keeps_the_whole_file_out(self, factsheet, book, ada):
        """13"""
        section(book, "objectives")["text"] = "New."
        plan(book)["kind"] = "?"
        with pytest.raises(ValidationError):
            applying.confirm(send(book, by=ada), by=ada)
        assert stored(factsheet, "objectives").text == "Grow.\n\nThen rest."

    def test_an_edit_between_looking_and_confirming_is_not_overwritten(self, factsheet, book, ada):
        """14"""
        section(book, "objectives")["text"] = "Hers."
        batch = send(book, by=ada)
        colleagues = stored(factsheet, "objectives")
        colleagues.text = "His."
        colleagues.save()
        assert applying.confirm(batch, by=ada) is False
        assert stored(factsheet, "objectives").text == "His."

    def test_no_fact_is_saved_while_looking(self, book, ada):
        """15"""
        fired = []

        def hear(sender: type, **kwargs: object) -> None:
            fired.append(sender.__name__)

        section(book, "objectives").update(text="New.", categories="cooperation")
        for signal in (post_save, post_delete, m2m_changed):
            signal.connect(hear)
        send(book, by=ada)
        for signal in (post_save, post_delete, m2m_changed):
            signal.disconnect(hear)
        assert set(fired) <= {"StagedFile", "Batch", "BatchChange"}

    def test_what_follows_a_change_sees_the_new_categories(self, factsheet, book, ada):
        """16"""
        section(book, "evaluation")["categories"] = "monitoring; in-itinere"
        apply(book, by=ada)
        revision = SectionRevision.objects.filter(type__code="evaluation").latest("pk")
        codes = [use["code"] for use in revision.content["categories"]]
        score = factsheet.criterion_scores.get(criterion__code="evidence")
        assert (codes, score.derived_points) == (["in-itinere", "monitoring"], 2)

    def test_many_sections_at_once_get_their_categories(self, factsheet, book, ada):
        """17"""
        section(book, "evaluation")["categories"] = "ex-post"
        section(book, "objectives")["categories"] = "cooperation; innovation"
        apply(book, by=ada)
        found = contents_of(factsheet)
        assert [
            [use["code"] for use in found["plan", type_]["categories"]]
            for type_ in ("evaluation", "objectives")
        ] == [["ex-post"], ["cooperation", "innovation"]]

    def test_what_is_unchanged_is_passed_over(self, book, ada):
        """18"""
        section(book, "objectives")["text"] = "New."
        assert send(book, by=ada).counts["Sections"] == {"changed": 1, "unchanged": 17}

    def test_comparing_asks_the_database_no_more_for_more_rows(self, ada):
        """19"""
        few, many = make_edition(2, 18, ada, editor=ada), make_edition(2, 80, ada, editor=ada)
        assert _queries(exported(*few), ada) == _queries(exported(*many), ada)

    def test_errors_of_cells_do_not_hide_those_between_cells(self, book, ada):
        """20"""
        plan(book)["ending_year"] = 2001
        section(book, "objectives")["availability"] = "?"
        assert [line.partition(" [")[0] for line in problems(send(book, by=ada))] == [
            "Policies O2",
            "Sections G9",
        ]

    @pytest.mark.parametrize("name", ["cleo", "dan"])
    def test_not_everybody_may_send_a_file(self, book, cast, name):
        """21"""
        section(book, "objectives")["text"] = "New."
        assert send(book, by=cast[name]).state == "refused"

    def test_the_file_waits_where_every_server_finds_it(self, book, ada):
        """22"""
        section(book, "objectives")["text"] = "New."
        batch = send(book, by=ada)
        assert bytes(StagedFile.objects.get(batch=batch).data) == book.write()

    @pytest.mark.parametrize(
        ("sheet", "column"),
        [
            ("Factsheets", "policies_status"),
            ("Policies", "kind"),
            ("Policies", "level"),
            ("Policies", "period"),
            ("Policies", "overall_availability"),
            ("Sections", "availability"),
        ],
    )
    def test_choices_are_checked(self, book, ada, sheet, column):
        """23"""
        book.sheets[sheet][0][column] = "perhaps"
        assert "“perhaps” is not one of: " in problems(send(book, by=ada))[0]


def _bytes(opened: openpyxl.Workbook) -> bytes:
    stream = BytesIO()
    opened.save(stream)
    return stream.getvalue()


def _queries(book: Book, by: User) -> int:
    for row in book.sheets["Sections"]:
        row["availability"] = "no_data"
    data = book.write()
    with CaptureQueriesContext(connection) as found:
        receive(data, "a.xlsx", by=by)
    return len(found)


# Strict: by name, what is done to a book, and what is said of it

Case = tuple[Callable[[Book], object], list[str]]


def _set(sheet: str, column: str, value: object, row: int = 0) -> Callable[[Book], object]:
    return lambda book: book.sheets[sheet][row].update({column: value})


STRICT: dict[str, Case] = {
    "an unknown header": (
        lambda book: book.headers["Policies"].append("colour"),
        ["Policies AD1 [colour] “colour” is no column of this sheet. Did you mean “country”?"],
    ),
    "a doubled header": (
        lambda book: book.headers["Policies"].append("kind"),
        ["Policies AD1 [kind] This column stands there twice."],
    ),
    "cells without a header": (
        lambda book: (book.headers["Policies"].append(None), plan(book).update({None: "x"})),
        ["Policies AD1 [] This column has cells, but no header."],
    ),
    "a missing key column": (
        lambda book: book.drop_columns("Policies", "policy"),
        ["Policies 1 [] The column “policy” is missing: it names the rows."],
    ),
    "an unknown sheet": (
        lambda book: book.rename("Policies", "Polices"),
        [
            "Polices  [] There is no sheet of this name in the format: rename it, or delete it. "
            "Did you mean “Policies”?"
        ],
    ),
    "no README": (
        lambda book: book.drop_sheets("README"),
        ["README  [] The sheet README with the format version is missing. Start from an export."],
    ),
    "another version of the format": (
        lambda book: book.sheets["README"][0].update({book.headers["README"][1]: 2}),
        [
            "README  [] The file has format version 2, and this site reads 1. Export again, and "
            "bring your changes over."
        ],
    ),
    "none of the sheets": (
        lambda book: book.keep_sheets(),
        [
            "  [] The file has none of the sheets Factsheets, Policies, Sections, Assessments, "
            "References. Start from an export."
        ],
    ),
    "an unknown country": (
        _set("Factsheets", "country", "MXX"),
        ["Factsheets A2 [MXX] There is no country “MXX”. Did you mean “MX”?"],
    ),
    "an unknown edition": (
        _set("Factsheets", "edition", 2021),
        ["Factsheets B2 [2021] There is no edition 2021. There are: 2022."],
    ),
    "a country without a factsheet": (
        _set("Factsheets", "country", "FR"),
        [
            "Factsheets A2 [FR] There is no factsheet of France in 2022: an administrator adds "
            "the country to the edition first."
        ],
    ),
    "a missing key": (
        _set("Policies", "policy", None),
        ["Policies C2 [] This is missing: it names the row."],
    ),
    "a missing country": (
        _set("Sections", "country", None),
        ["Sections A2 [] This is missing: it names the row."],
    ),
    "an unknown policy": (
        _set("Sections", "policy", "plann", 6),
        ["Sections C8 [plann] “plann” is not one of: plan. Did you mean “plan”?"],
    ),
    "an unknown section": (
        lambda book: section(book, "focus").update(section="focsu"),
        [
            "Sections D10 [focsu] “focsu” is not one of: heading, objectives, focus, authorities, "
            "beneficiaries, financial-instruments, technical-assistance, instruments, history, "
            "budget, evaluation, eu-priorities. Did you mean “focus”?"
        ],
    ),
    "an unknown criterion": (
        _set("Assessments", "criterion", "scop"),
        [
            "Assessments C2 [scop] “scop” is not one of: scope, continuity, evidence, support. "
            "Did you mean “scope”?"
        ],
    ),
    "an unknown code": (
        _set("Policies", "kind", "clusters"),
        [
            "Policies H2 [clusters] “clusters” is not one of: broad, sectoral, cluster. Did you "
            "mean “cluster”?"
        ],
    ),
    "a category of another section": (
        lambda book: section(book, "objectives").update(categories="ex-ante"),
        [
            "Sections I9 [ex-ante] “ex-ante” is not one of: cooperation, competitiveness, "
            "internationalisation, rd, innovation, new-clusters, cluster-consolidation, "
            "cross-clustering, entrepreneurship, resilience-solidarity, employment-skills, "
            "territorial-cohesion, supply-chain."
        ],
    ),
    "a category twice": (
        lambda book: section(book, "evaluation").update(categories="ex-post; ex-post"),
        ["Sections I18 [ex-post; ex-post] “ex-post” stands there twice."],
    ),
    "a text for a number": (
        _set("Policies", "starting_year", "MMX"),
        ["Policies N2 [MMX] A whole number is expected, but the cell holds the text “MMX”."],
    ),
    "a date for a text": (
        _set("Policies", "original_name", date(2024, 2, 1)),
        [
            "Policies F2 [2024-02-01] A text is expected, but the cell holds a date. Format the "
            "cell as Text."
        ],
    ),
    "a fraction for a text": (
        _set("Policies", "original_name", 1.5),
        [
            "Policies F2 [1.5] A text is expected, but the cell holds a number. Format the cell "
            "as Text."
        ],
    ),
    "an amount with a comma": (
        _set("Policies", "overall_amount", "1.250.000,50"),
        [
            "Policies R2 [1.250.000,50] A number such as 1250000.50 is expected, but the cell "
            "holds the text “1.250.000,50”."
        ],
    ),
    "a currency in small letters": (
        _set("Policies", "overall_currency", "eur"),
        [
            "Policies S2 [eur] A currency in three capital letters is expected, not “eur”. Did "
            "you mean “EUR”?"
        ],
    ),
    "an amount without a currency": (
        lambda book: plan(book).update(overall_availability="reported", overall_amount=5),
        ["Policies S2 [] An amount and its currency stand together."],
    ),
    "an ending year without a limited period": (
        _set("Policies", "period", "unlimited"),
        ["Policies O2 [2030] Only a limited period has an ending year."],
    ),
    "a doubled key": (
        lambda book: book.sheets["References"].append(dict(book.sheets["References"][0])),
        ["References C3 [a] The same row stands already in row 2."],
    ),
    "a date in another order": (
        _set("References", "accessed", "30.9.2022"),
        [
            "References J2 [30.9.2022] A day such as 2022-09-30 is expected, but the cell holds "
            "the text “30.9.2022”. Did you mean 2022-09-30?"
        ],
    ),
    "a citation of what is not there": (
        lambda book: section(book, "objectives").update(text="So [@b]."),
        ["Sections K9 [So [@b].] It cites “b”, which is not in the references."],
    ),
    "a reference that is cited and deleted": (
        lambda book: (
            section(book, "objectives").update(text="So [@a]."),
            book.row("References", key="a").update(_action="delete"),
        ),
        ["Sections K9 [So [@a].] It cites “a”, which is not in the references."],
    ),
    "an unknown action": (
        _set("Policies", "_action", "remove"),
        ["Policies AC2 [remove] “remove” is not one of: delete."],
    ),
    "a version that is none": (
        _set("Sections", "version", "two"),
        ["Sections N2 [two] A whole number is expected, but the cell holds the text “two”."],
    ),
    "a code of a new policy that fits no address": (
        lambda book: book.add("Policies", policy="New Plan", names="New", kind="broad"),
        ["Policies C3 [New Plan] A code is made of small letters, digits and hyphens."],
    ),
    "no policy exists, and one does": (
        _set("Factsheets", "policies_status", "none_exist"),
        ["Factsheets E2 [none_exist] It says that no policy exists, but these count: plan."],
    ),
    "a text where the section has none": (
        lambda book: section(book, "heading").update(text="x"),
        ["Sections K8 [x] The section “heading” has no text."],
    ),
    "a detail of a category that takes none": (
        lambda book: section(book, "evaluation").update(details="ex-ante: x"),
        ["Sections J18 [ex-ante: x] This category takes no detail."],
    ),
    "a detail without its category": (
        lambda book: section(book, "evaluation").update(details="ex-post: x"),
        ["Sections J18 [ex-post: x] “ex-post” is not one of: ex-ante."],
    ),
}


@pytest.mark.parametrize("case", STRICT)
def test_it_is_named_with_its_cell_and_its_value(factsheet, book, ada, case):
    change, expected = STRICT[case]
    change(book)
    assert problems(send(book, by=ada)) == expected


def test_nothing_of_such_a_file_is_kept_to_be_applied(factsheet, book, ada):
    section(book, "focus")["text"] = "New."
    plan(book)["kind"] = "?"
    batch = send(book, by=ada)
    assert (batch.state, batch.changes.count()) == ("refused", 0)


def test_the_wide_table_can_not_be_brought_back(factsheet, ada):
    wide = export([factsheet.pk], layout="wide", now=AT)
    messages = [each["message"] for each in receive(wide.data, wide.filename, by=ada).problems]
    assert messages[0].startswith("The file has none of the sheets Factsheets, Policies")


def test_a_formula_is_named_with_its_cell(book, ada):
    opened = openpyxl.load_workbook(BytesIO(book.write()))
    opened["Policies"]["N2"] = "=2000+10"
    batch = receive(_bytes(opened), "a.xlsx", by=ada)
    assert [(each["cell"], each["message"]) for each in batch.problems] == [
        ("N2", "The cell holds the formula =2000+10: paste its value in its place.")
    ]


def test_an_error_of_the_program_is_named_with_its_cell(book, ada):
    opened = openpyxl.load_workbook(BytesIO(book.write()))
    opened["Policies"]["N2"] = "#N/A"
    batch = receive(_bytes(opened), "a.xlsx", by=ada)
    assert [(each["cell"], each["message"]) for each in batch.problems] == [
        ("N2", "The cell holds the error #N/A: put in a value, or leave it blank.")
    ]


def test_all_errors_of_a_file_are_told_at_once_in_the_order_of_the_file(book, ada):
    plan(book).update(kind="?", starting_year="MMX", is_example="Oui")
    section(book, "objectives").update(availability="?", categories="?")
    book.row("References", key="a")["accessed"] = "01/02/2024"
    assert [line.partition(" [")[0] for line in problems(send(book, by=ada))] == [
        "Policies H2",
        "Policies K2",
        "Policies N2",
        "Sections G9",
        "Sections I9",
        "References J2",
    ]


def test_what_is_no_spreadsheet_is_refused_before_anything_is_kept(ada):
    with pytest.raises(Refused, match="PDF"):
        receive(b"%PDF-1.7", "a.xlsx", by=ada)
    assert not Batch.objects.exists()
