"""Reference tables as files: what is exported comes back as it was, and nothing is guessed.

Numbers in brackets are those of the list of what django-import-export does by default.
"""

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from policies.models import Category, Country, Edition, SectionRevision, SectionType, StagedFile
from policies.roles import Role
from policies.spreadsheet.formats import ODS, XLSX, Page
from tests.admin_form import form_data, said
from tests.factory import make_factsheet, make_policy, make_user, tick

pytestmark = pytest.mark.django_db

TABLES = [Country, SectionType, Category]
FORMATS = ["xlsx", "csv"]


@pytest.fixture
def ed(reference: None) -> Client:
    """An administrator's browser."""
    return client_of("ed", Role.ADMINISTRATOR)


def client_of(name: str, role: Role | None) -> Client:
    client = Client()
    client.force_login(make_user(name, role))
    return client


def address(model: Any, name: str) -> str:
    return reverse(f"admin:policies_{model._meta.model_name}_{name}")


def separated(*rows: Sequence[Any]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def workbook(*sheets: Sequence[Sequence[Any]]) -> bytes:
    """With whatever Excel allows, such as formulas."""
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet{number + 1}")
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def exported(client: Client, model: Any, kind: str, **asked: str) -> bytes:
    response = client.post(address(model, "export"), {"format": kind}, query_params=asked)
    assert response["Content-Disposition"].endswith(f'.{kind}"')
    return response.content


def check(client: Client, model: Any, data: bytes, name: str = "table.csv") -> Any:
    """Send a file; the page that shows what it does."""
    sent = {"file": SimpleUploadedFile(name, data)}
    response = client.post(address(model, "import"), sent)
    assert response.status_code == 200
    return response


def confirm(client: Client, model: Any, page: Any) -> Any:
    return client.post(address(model, "process_import"), form_data(page.text, "confirm_form"))


def imported(client: Client, model: Any, data: bytes, name: str = "table.csv") -> Any:
    response = confirm(client, model, check(client, model, data, name))
    assert response.status_code == 302
    return response


def problems(page: Any) -> list[tuple[str, str]]:
    """Each with its cell, or else its row if it has one."""
    return [
        (found.cell or str(found.row or ""), found.message) for found in page.context["problems"]
    ]


def refusal(page: Any) -> str:
    """Why the file was not even opened."""
    return " ".join(page.context["form"].errors["file"])


def tables() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in TABLES]


# There and back


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("model", TABLES)
def test_what_is_exported_changes_nothing_when_it_comes_back(ed, model, kind) -> None:
    before = tables()
    page = check(ed, model, exported(ed, model, kind), f"table.{kind}")
    counts = {"new": 0, "changed": 0, "unchanged": model.objects.count()}
    assert page.context["result"].counts == counts
    assert "There is nothing to import." in page.text
    assert "confirm_form" not in page.text
    assert tables() == before


AWKWARD = "=1+1\r\n-2\n\n+3 (clear)\n“x”; y,z\t'"


@pytest.mark.parametrize("kind", FORMATS)
def test_awkward_texts_come_back_to_the_letter(ed, kind) -> None:
    """[6, 8, 9]"""
    texts = {"definition": AWKWARD, "search_words": "=a, +b, @c", "label": "＝a"}
    Category.objects.filter(code="ex-ante").update(**texts)
    Category.objects.filter(code="ex-post").update(definition="(clear)", label="(clear)")
    page = check(ed, Category, exported(ed, Category, kind), f"table.{kind}")
    assert problems(page) == []
    assert page.context["result"].changed == []


@pytest.mark.parametrize("kind", FORMATS)
def test_a_new_table_is_filled_from_an_export(ed, kind) -> None:
    """Every column is read and written: what was exported is there again."""
    older = Edition.objects.get()
    newest = Category.objects.order_by("pk").last()
    other = Category.objects.exclude(pk=newest.pk).filter(section_type=newest.section_type).first()
    facts = {"since": older, "until": older, "replaced_by": other, "definition": "=a\n\n'b, c"}
    Category.objects.filter(pk=newest.pk).update(**facts)
    data = exported(ed, Category, kind)
    was = Category.objects.values().get(pk=newest.pk)
    newest.delete()
    imported(ed, Category, data, f"table.{kind}")
    now = Category.objects.values().get(code=newest.code, section_type=newest.section_type)
    assert now == was | {"id": now["id"]}


def test_an_export_has_the_rows_of_the_list_and_no_ids(ed) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(ed, Country, "csv", q="Mexico").decode())))
    assert [row["name"] for row in rows] == ["Mexico"]
    assert "id" not in rows[0]


def test_an_address_that_filters_by_nonsense_exports_nothing(ed) -> None:
    response = ed.post(address(Country, "export"), {"format": "csv"}, query_params={"nmae": "x"})
    assert response.status_code == 302


def test_a_text_that_a_workbook_would_cut_is_not_exported_as_one(ed) -> None:
    """[7]"""
    Category.objects.filter(code="ex-ante").update(definition="😀" * 16_384)
    response = ed.post(address(Category, "export"), {"format": "xlsx"})
    assert "Export CSV." in " ".join(response.context["form"].errors["format"])
    page = check(ed, Category, exported(ed, Category, "csv"))
    assert page.context["result"].changed == []


def test_an_unknown_format_is_refused(ed) -> None:
    response = ed.post(address(Country, "export"), {"format": "html"})
    assert response.context["form"].errors


# What a cell says


def test_a_row_is_changed_and_another_added(ed) -> None:
    head = ["code", "alpha3", "name", "slug", "group", "note"]
    new = ["XA", "XAA", "Atlantis", "atlantis", "demonstration", "Sunk."]
    page = check(ed, Country, separated(head, ["MX", "", "", "mexiko", "", "A note."], new))
    assert page.context["result"].counts == {"new": 1, "changed": 1, "unchanged": 0}
    assert not Country.objects.filter(code="XA").exists()
    response = confirm(ed, Country, page)
    assert said(response) == ["The import is done: 1 new, 1 changed."]
    mexico, atlantis = Country.objects.get(code="MX"), Country.objects.get(code="XA")
    assert (mexico.slug, mexico.note, mexico.name) == ("mexiko", "A note.", "Mexico")
    assert (atlantis.alpha3, atlantis.group, atlantis.numeric) == ("XAA", "demonstration", "")


def test_a_blank_cell_keeps_and_clear_empties(ed) -> None:
    """[5]"""
    Country.objects.filter(code__in=["MX", "FR"]).update(note="A note.")
    imported(ed, Country, separated(["code", "note", "slug"], ["MX", "", "mx"], ["FR", "(clear)"]))
    notes = Country.objects.filter(code__in=["MX", "FR"]).values_list("code", "note")
    assert dict(notes) == {"MX": "A note.", "FR": ""}


@pytest.mark.parametrize(
    ("column", "said_", "now"),
    [
        ("needs_detail", "Yes", True),  # [2]
        ("needs_detail", "no", False),
        ("evidence", "Monitoring", "monitoring"),
        ("evidence", "(clear)", ""),
        ("order", " 7 ", 7),
        ("search_words", " trial ", "trial"),
    ],
)
def test_a_cell_is_understood(ed, column, said_, now) -> None:
    Category.objects.filter(code="ex-ante").update(**{column: _other(now)})
    imported(ed, Category, ex_ante(**{column: said_}))
    assert getattr(Category.objects.get(code="ex-ante"), column) == now


def _other(value: Any) -> Any:
    return {True: False, False: True, "": "technical", 7: 8}.get(value, "")


def ex_ante(**cells: str) -> bytes:
    return separated(["section_type", "code", *cells], ["evaluation", "ex-ante", *cells.values()])


def test_editions_and_the_category_that_follows_are_set_and_emptied(ed) -> None:
    imported(ed, Category, ex_ante(since="2022", replaced_by="ex-post"))
    category = Category.objects.get(code="ex-ante")
    assert category.since == Edition.objects.get(year=2022)
    assert category.replaced_by == Category.objects.get(code="ex-post")
    imported(ed, Category, ex_ante(since="(clear)", replaced_by="(clear)"))
    category.refresh_from_db()
    assert (category.since, category.replaced_by) == (None, None)


def test_a_category_may_be_replaced_by_one_further_down(ed) -> None:
    head = ["section_type", "code", "label", "order", "replaced_by"]
    rows = [
        ["evaluation", "ex-ante", "", "", "first"],
        ["evaluation", "first", "First", 1, "second"],
        ["evaluation", "second", "Second", 2, ""],
    ]
    imported(ed, Category, separated(head, *rows))
    replaced = Category.objects.get(code="ex-ante").replaced_by
    assert (replaced.code, replaced.replaced_by.code) == ("first", "second")


def test_groups_of_countries_are_codes_in_any_order(ed) -> None:
    SectionType.objects.filter(code="history").update(country_groups=["eu"])
    data = separated(["code", "country_groups"], ["history", "third; EU member"])
    imported(ed, SectionType, data)
    assert SectionType.objects.get(code="history").country_groups == ["eu", "third"]
    imported(ed, SectionType, separated(["code", "country_groups"], ["history", "(clear)"]))
    assert SectionType.objects.get(code="history").country_groups == []


def test_rows_that_are_not_in_the_file_stay(ed) -> None:
    before = Country.objects.count()
    imported(ed, Country, separated(["code", "note"], ["MX", "A note."]))
    assert Country.objects.count() == before


# What is wrong, each case with its cell

CODE_NOTE = ["code", "note"]
CATEGORY = ["section_type", "code"]
NOT_A_CHOICE = (
    "“europe” is not one of: eu, european, third, demonstration. Did you mean “european”?"
)

CASES: list[tuple[Any, list[list[Any]], list[tuple[str, str]]]] = [
    # Headers [3, 4]
    (
        Country,
        [["code", "nmae"], ["MX", "Mexico"]],
        [("B1", "“nmae” is no column of this sheet. Did you mean “name”?")],
    ),
    (
        Country,
        [["id", "code"], ["1", "MX"]],
        [("A1", "“id” is no column of this sheet.")],
    ),
    (
        Country,
        [["code", "note", "note"], ["MX", "a", "b"]],
        [("C1", "This column stands there twice.")],
    ),
    (
        Country,
        [["code", "code"], ["MX", "FR"]],
        [("B1", "This column stands there twice.")],
    ),
    (
        Country,
        [["code", ""], ["MX", "a"]],
        [("B1", "This column has cells, but no header.")],
    ),
    (
        Country,
        [["name"], ["Mexico"]],
        [("", "The column “code” is missing: it names the rows.")],
    ),
    (Country, [["code"]], [("", "The file has no rows below the header.")]),
    # Keys
    (Country, [CODE_NOTE, ["", "a"]], [("A2", "This is missing: it names the row.")]),
    (Country, [CODE_NOTE, ["(clear)", "a"]], [("A2", "This can't be empty.")]),
    (
        Country,
        [CODE_NOTE, ["MX", "a"], [], ["MX", "b"]],
        [("A4", "The same row stands already in row 2.")],
    ),
    (Country, [CODE_NOTE, ["mx", "a"]], [("A2", "There is “MX” already: write it just so.")]),
    (
        Category,
        [[*CATEGORY, "order"], ["evalution", "ex-ante", 1]],
        [("A2", "Did you mean “evaluation”?")],
    ),
    (
        Category,
        [[*CATEGORY, "label"], ["introduction", "ex-ante", "a"]],
        [("A2", "“introduction” is not one of: ")],
    ),
    # What lasts
    (
        Country,
        [["code", "alpha3"], ["MX", "XXX"]],
        [("B2", "This never changes: it stays “MEX”.")],
    ),
    (
        SectionType,
        [["code", "part"], ["introduction", "chapter"]],
        [("B2", "This never changes: it stays “introduction”.")],
    ),
    # Cells [1, 2, 12]
    (Country, [["code", "group"], ["MX", "europe"]], [("B2", NOT_A_CHOICE)]),
    (Country, [["code", "group"], ["MX", "(clear)"]], [("B2", "This can't be empty.")]),
    (Country, [["code", "numeric"], ["MX", "8"]], [("B2", "Three digits such as 008")]),
    (Country, [["code", "name"], ["MX", "  "]], [("B2", "The cell holds only spaces")]),
    (Country, [["code", "name"], ["MX", "a\nb"]], [("B2", "A single line is expected.")]),
    (
        SectionType,
        [["code", "country_groups"], ["history", "third;europe"]],
        [("B2", NOT_A_CHOICE)],
    ),
    (
        SectionType,
        [["code", "country_groups"], ["history", "eu; eu"]],
        [("B2", "“eu” stands there twice.")],
    ),
    (
        Category,
        [[*CATEGORY, "needs_detail"], ["evaluation", "ex-ante", "Oui"]],
        [("C2", "“Oui” is not one of: yes, no.")],
    ),
    (
        Category,
        [[*CATEGORY, "order"], ["evaluation", "ex-ante", "3.7"]],
        [("C2", "A whole number is expected")],
    ),
    (
        Category,
        [[*CATEGORY, "order"], ["evaluation", "ex-ante", "(clear)"]],
        [("C2", "This can't be empty.")],
    ),
    (
        Category,
        [[*CATEGORY, "since"], ["evaluation", "ex-ante", "2021"]],
        [("C2", "“2021” is not one of: 2022. Did you mean “2022”?")],
    ),
    (
        Category,
        [[*CATEGORY, "since"], ["evaluation", "ex-ante", "Q3 2022"]],
        [("C2", "A whole number is expected")],
    ),
    (
        Category,
        [[*CATEGORY, "replaced_by"], ["evaluation", "ex-ante", "ex-pots"]],
        [("C2", "Did you mean “ex-post”?")],
    ),
    (
        Category,
        [[*CATEGORY, "evidence"], ["evaluation", "ex-ante", "finance"]],
        [("C2", "“finance” is not one of: financial, ")],
    ),
    # The model's own checks [23]
    (
        Country,
        [["code", "name"], ["MX", "France"]],
        [("B2", "Country with this Name already exists.")],
    ),
    (
        Country,
        [["code", "slug"], ["MX", "mé xico"]],
        [("B2", "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.")],
    ),
    (
        Category,
        [[*CATEGORY, "replaced_by"], ["evaluation", "ex-ante", "ex-ante"]],
        [("C2", "A category can't replace itself.")],
    ),
    (
        Country,
        [
            ["code", "alpha3", "name", "slug", "group"],
            ["XAB", "XAB", "Atlantis", "atlantis", "third"],
        ],
        [("A2", "Ensure this value has at most 2 characters (it has 3).")],
    ),
    (
        Country,
        [
            ["code", "alpha3", "name", "slug", "group"],
            ["X", "XAB", "Atlantis", "atlantis", "third"],
        ],
        [("2", "A country code has two letters.")],
    ),
    (
        Category,
        [[*CATEGORY, "label"], ["evaluation", "new", "New"]],
        [("2", "A new row needs this.")],
    ),
]


@pytest.mark.parametrize(("model", "rows", "expected"), CASES)
def test_what_is_wrong_is_told_with_its_cell(ed, model, rows, expected) -> None:
    before = tables()
    page = check(ed, model, separated(*rows))
    found = problems(page)
    assert [cell for cell, _message in found] == [cell for cell, _message in expected]
    for (_cell, message), (_same, part) in zip(found, expected, strict=True):
        assert part in message
    assert "confirm_form" not in page.text
    assert not StagedFile.objects.exists()
    assert tables() == before


def test_everything_wrong_is_told_at_once_in_order(ed) -> None:
    """[20] Invalid rows beside errors of the whole file; a sound row is not imported [13]."""
    head = ["code", "nmae", "group", "numeric", "note"]
    rows = [
        ["FR", "", "", "", "Fine."],
        ["MX", "", "ue", "8", ""],
        ["", "", "", "", "a"],
    ]
    page = check(ed, Country, separated(head, *rows))
    assert [cell for cell, _message in problems(page)] == ["B1", "C3", "D3", "A4"]
    assert not Country.objects.filter(note="Fine.").exists()


def test_two_new_rows_that_collide_are_told(ed) -> None:
    head = ["code", "alpha3", "name", "slug", "group"]
    rows = [[code, code + "A", "Atlantis", code, "third"] for code in ("XA", "XB")]
    page = check(ed, Country, separated(head, *rows))
    assert problems(page) == [("C3", "Country with this Name already exists.")]


def test_what_only_the_database_refuses_is_told_with_its_row(ed, monkeypatch) -> None:
    """As when a colleague adds the same name between the check and the statement."""
    monkeypatch.setattr(Country, "full_clean", lambda *_args, **_kwargs: None)
    page = check(ed, Country, separated(["code", "name"], ["MX", "France"], ["FR", "Gaul"]))
    assert problems(page) == [
        ("2", "The row collides with another. Somebody may just have added that.")
    ]
    assert not Country.objects.filter(name="Gaul").exists()


def test_a_fault_of_ours_is_not_taken_for_one_of_the_file(ed, monkeypatch) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Country, "full_clean", fail)
    with pytest.raises(ZeroDivisionError):
        check(ed, Country, separated(CODE_NOTE, ["MX", "a"]))


def test_only_so_many_errors_are_shown(ed) -> None:
    rows = [[code, "ue"] for code in Country.objects.values_list("code", flat=True)]
    page = check(ed, Country, separated(["code", "group"], *rows))
    assert len(problems(page)) == 200
    assert f"… and {len(rows) - 200} more." in page.text


def test_only_so_many_rows_are_shown_and_all_are_imported(ed) -> None:
    codes = Country.objects.values_list("code", flat=True)
    data = separated(CODE_NOTE, *([code, "A note."] for code in codes))
    page = check(ed, Country, data)
    assert page.text.count("difference-text") == len(page.context["rows"]) == 200
    assert f"… and {len(codes) - 200} more rows." in page.text
    confirm(ed, Country, page)
    assert Country.objects.filter(note="A note.").count() == len(codes)


def test_the_preview_marks_the_words_that_change(ed) -> None:
    Category.objects.filter(code="ex-ante").update(definition="Before the start.")
    text = check(ed, Category, ex_ante(definition="Before the very start.")).text
    assert '<ins><span class="difference-says">[added: </span>very ' in text
    assert "Before the " in text
    assert "ex-post" not in text.partition("table-rows")[2].partition("</ol>")[0]


def test_what_a_file_says_is_text_and_no_markup(ed) -> None:
    page = check(ed, Country, separated(["code", "<b>x</b>", "note"], ["MX", "", "<i>y</i>"]))
    assert "<b>x</b>" not in page.text
    page = check(ed, Country, separated(CODE_NOTE, ["MX", "<i>y</i>"]))
    assert "&lt;i&gt;" in page.text
    assert "<i>y</i>" not in page.text


# Workbooks


def test_a_formula_and_an_error_are_told_with_their_cells(ed) -> None:
    rows = [CODE_NOTE, ["MX", "=1+1"], ["FR", "#N/A"], ["=A2", "a"]]
    page = check(ed, Country, workbook(rows), "table.xlsx")
    assert problems(page) == [
        ("B2", "The cell holds the formula =1+1: paste its value in its place."),
        ("B3", "The cell holds the error #N/A: put in a value, or leave it blank."),
        ("A4", "The cell holds the formula =A2: paste its value in its place."),
    ]


def test_odd_cells_beside_and_below_the_table_are_told(ed) -> None:
    rows = [["code", "=1"], ["MX"], [], [None, None, None, "=2"]]
    page = check(ed, Country, workbook(rows), "table.xlsx")
    assert {"B1", "D4"} <= {cell for cell, _message in problems(page)}
    page = check(ed, Country, workbook([["note"], ["=1"]]), "table.xlsx")
    assert [cell for cell, _message in problems(page)] == ["", "A2"]


def test_the_one_sheet_that_holds_something_is_read(ed) -> None:
    """[10]"""
    page = check(ed, Country, workbook([], [CODE_NOTE, ["MX", "A note."]]), "table.xlsx")
    assert page.context["result"].counts["changed"] == 1


def test_a_second_sheet_is_refused(ed) -> None:
    data = workbook([CODE_NOTE, ["MX", "a"]], [["x"]])
    assert "The file has 2 sheets, and one is expected: Sheet1, Sheet2." in refusal(
        check(ed, Country, data, "table.xlsx")
    )


def test_numbers_and_truth_values_of_a_workbook_are_understood(ed) -> None:
    rows = [
        ["section_type", "code", "order", "needs_detail", "since"],
        ["evaluation", "ex-ante", 7, True, 2022],
    ]
    imported(ed, Category, workbook(rows), "table.xlsx")
    category = Category.objects.get(code="ex-ante")
    assert (category.order, category.needs_detail, str(category.since)) == (7, True, "2022")


def test_a_number_that_lost_its_zeros_is_told(ed) -> None:
    page = check(ed, Country, workbook([["code", "numeric"], ["AF", 4]]), "table.xlsx")
    assert [cell for cell, _message in problems(page)] == ["B2"]


# Files that are not opened


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", "code,note\nMX,é".encode("latin-1"), "not UTF-8"),
        ("a.csv", b"code,note\nMX,\0", "not UTF-8"),
        ("a.csv", b'code,note\nMX,"a', "not well-formed CSV"),
        ("a.csv", b"code" + b"," * 200, "more than 100 columns"),
        ("a.csv", b"code\n" + b"MX\n" * 2_001, "more than 2000 rows"),
        ("a.csv", b"\n", "empty"),
        ("a.pdf", b"%PDF-1.7", "PDF"),
        ("a.xlsx", b"code,note", "not a spreadsheet"),
        ("a.xlsx", b"PK\x03\x04", "damaged"),
        ("a.csv", b"PK\x03\x04", "damaged"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_in_words(ed, name, data, words) -> None:
    assert words in refusal(check(ed, Country, data, name))


def test_a_file_that_is_too_large_is_not_read(ed, settings) -> None:
    settings.SPREADSHEET_LIMITS = settings.SPREADSHEET_LIMITS | {"file_bytes": 10}
    assert "too large" in refusal(check(ed, Country, separated(CODE_NOTE, ["MX", "a"])))


def test_another_kind_of_spreadsheet_is_refused(ed) -> None:
    data = ODS().write([Page("a", CODE_NOTE, [["MX", "a"]])])
    assert "neither an XLSX nor a CSV file" in refusal(check(ed, Country, data, "a.ods"))


def test_a_workbook_of_our_own_is_read(ed) -> None:
    data = XLSX().write([Page("a", CODE_NOTE, [["MX", "A note."]])])
    imported(ed, Country, data, "a.xlsx")
    assert Country.objects.get(code="MX").note == "A note."


# What is confirmed


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(ed) -> None:
    """[14]"""
    page = check(ed, Country, separated(["code", "note", "slug"], ["MX", "Mine.", ""]))
    Country.objects.filter(code="MX").update(note="Theirs.")
    response = confirm(ed, Country, page)
    assert "Nothing was imported: the table has changed since you looked." in response.text
    assert Country.objects.get(code="MX").note == "Theirs."
    assert "Theirs" in response.text
    confirm(ed, Country, response)
    assert Country.objects.get(code="MX").note == "Mine."


def test_a_value_that_was_the_same_is_not_put_back_unseen(ed) -> None:
    """[14] The file says the old value in a cell that the person never touched."""
    page = check(ed, Country, separated(["code", "note", "slug"], ["MX", "Mine.", "mexico"]))
    Country.objects.filter(code="MX").update(slug="mexiko")
    assert confirm(ed, Country, page).status_code == 200
    assert Country.objects.get(code="MX").slug == "mexiko"


def test_what_a_colleague_changed_elsewhere_stays(ed) -> None:
    page = check(ed, Country, separated(CODE_NOTE, ["MX", "Mine."]))
    Country.objects.filter(code="MX").update(slug="mexiko")
    Country.objects.filter(code="FR").update(note="Theirs.")
    assert confirm(ed, Country, page).status_code == 302
    mexico = Country.objects.get(code="MX")
    assert (mexico.slug, mexico.note) == ("mexiko", "Mine.")


def test_a_row_that_became_wrong_meanwhile_imports_nothing(ed) -> None:
    rows = [["MX", "", "Mine."], ["FR", "Freedonia", ""]]
    page = check(ed, Country, separated(["code", "name", "note"], *rows))
    Country.objects.filter(code="BE").update(name="Freedonia")
    response = confirm(ed, Country, page)
    assert problems(response) == [("B3", "Country with this Name already exists.")]
    assert "Nothing was imported" in response.text
    assert not Country.objects.filter(note="Mine.").exists()


def test_a_file_is_applied_once(ed) -> None:
    page = check(ed, Country, separated(CODE_NOTE, ["MX", "Mine."]))
    confirm(ed, Country, page)
    again = confirm(ed, Country, page)
    assert again.status_code == 200
    assert "This file does not wait here any more" in again.text


def test_an_expired_file_is_not_applied(ed) -> None:
    page = check(ed, Country, separated(CODE_NOTE, ["MX", "Mine."]))
    StagedFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "it has expired" in confirm(ed, Country, page).text
    assert Country.objects.get(code="MX").note == ""


def test_the_file_of_somebody_else_is_not_applied(ed) -> None:
    page = check(ed, Country, separated(CODE_NOTE, ["MX", "Mine."]))
    eva = client_of("eva", Role.ADMINISTRATOR)
    assert "somebody else sent it" in confirm(eva, Country, page).text
    assert Country.objects.get(code="MX").note == ""


@pytest.mark.parametrize("staged", ["", "x", "a" * 32, "../etc/passwd", "x:y"])
def test_an_invented_name_leads_nowhere(ed, staged) -> None:
    response = ed.post(address(Country, "process_import"), {"staged": staged, "seen": "x"})
    assert "This file does not wait here any more" in response.text


def test_the_name_of_another_tables_file_leads_nowhere(ed) -> None:
    page = check(ed, Category, ex_ante(label="Mine"))
    assert "does not wait here" in confirm(ed, SectionType, page).text


def test_other_bytes_under_the_same_name_are_not_applied(ed) -> None:
    """[22] What is applied is the file that was shown, to the byte, wherever it lay."""
    page = check(ed, Country, separated(CODE_NOTE, ["MX", "Mine."]))
    data = separated(CODE_NOTE, ["MX", "Forged."])
    StagedFile.objects.update(data=data, sha256=hashlib.sha256(data).hexdigest())
    assert "does not wait here" in confirm(ed, Country, page).text
    assert Country.objects.get(code="MX").note == ""


def test_a_forged_preview_imports_nothing(ed) -> None:
    page = check(ed, Country, separated(CODE_NOTE, ["MX", "Mine."]))
    data = form_data(page.text, "confirm_form") | {"seen": "0" * 64}
    assert ed.post(address(Country, "process_import"), data).status_code == 200
    assert Country.objects.get(code="MX").note == ""


# What follows


@pytest.fixture
def settled(monkeypatch) -> list[Any]:
    found: list[Any] = []
    monkeypatch.setattr("policies.assessing.rescore", lambda *rows, **_more: found.append(rows))
    return found


def test_what_a_category_proves_rescores_the_drafts(ed) -> None:
    policy = make_policy(make_factsheet())
    tick(policy, "evaluation", "ex-ante")
    scores = policy.factsheet.criterion_scores
    before = scores.get(criterion__code="evidence").derived_points
    page = check(ed, Category, ex_ante(evidence="(clear)"))
    assert "1 draft is scored again." in page.text
    assert scores.get(criterion__code="evidence").derived_points == before != 0
    response = confirm(ed, Category, page)
    assert "1 draft was scored again." in said(response)[0]
    assert scores.get(criterion__code="evidence").derived_points == 0


def test_many_rows_settle_the_drafts_once_and_a_preview_never(ed, settled) -> None:
    """[15]"""
    make_policy(make_factsheet())
    settled.clear()
    rows = [["evaluation", code, "Other"] for code in ("ex-ante", "ex-post", "in-itinere")]
    page = check(ed, Category, separated([*CATEGORY, "search_words"], *rows))
    assert settled == []
    confirm(ed, Category, page)
    assert len(settled) == 1


def test_an_import_that_is_refused_settles_nothing(ed, settled) -> None:
    make_policy(make_factsheet())
    settled.clear()
    page = check(ed, Category, ex_ante(label="Mine"))
    Category.objects.filter(code="ex-ante").update(label="Theirs")
    confirm(ed, Category, page)
    assert settled == []


def test_a_new_section_type_appears_in_drafts_with_who_and_why(ed) -> None:
    french, mexican = make_factsheet("FR"), make_factsheet("MX")
    head = ["code", "part", "heading", "title", "order", "takes_text", "country_groups"]
    data = separated(head, ["gaps", "chapter", "Gaps", "Gaps", "175", "yes", "eu"])
    imported(ed, SectionType, data, "types.csv")
    assert french.sections.filter(type__code="gaps").exists()
    assert not mexican.sections.filter(type__code="gaps").exists()
    revision = SectionRevision.objects.get(section__type__code="gaps")
    assert (revision.author.username, revision.source) == ("ed", "spreadsheet")
    assert revision.note == "Section types from the file types.csv"


def test_every_row_stands_in_the_admins_log(ed) -> None:
    head = ["code", "alpha3", "name", "slug", "group", "note"]
    new = ["XA", "XAA", "Atlantis", "atlantis", "demonstration", ""]
    imported(ed, Country, separated(head, ["MX", "", "", "", "", "A note."], new))
    entries = LogEntry.objects.order_by("pk").values_list(
        "object_repr", "action_flag", "change_message", "user__username"
    )
    assert sorted(entries) == [
        ("Atlantis", ADDITION, "Imported: code, alpha3, name, slug, group.", "ed"),
        ("Mexico", CHANGE, "Imported: note.", "ed"),
    ]


# Who may


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.PUBLISHER])
@pytest.mark.parametrize("model", TABLES)
def test_only_administrators_import_and_the_others_export(reference, model, role) -> None:
    """[21]"""
    client = client_of("x", role)
    assert client.get(address(model, "import")).status_code == 403
    assert client.post(address(model, "import"), {}).status_code == 403
    assert client.post(address(model, "process_import"), {}).status_code == 403
    exported(client, model, "csv")
    text = client.get(address(model, "changelist")).text
    assert address(model, "export") in text
    assert address(model, "import") not in text


def test_an_account_without_a_role_exports_nothing(reference) -> None:
    client = client_of("dan", None)
    response = client.post(address(Country, "export"), {"format": "csv"})
    assert response.status_code == 302


def test_the_list_leads_to_both(ed) -> None:
    text = ed.get(address(Country, "changelist"), {"group": "eu"}).text
    assert f'href="{address(Country, "import")}"' in text
    assert f'href="{address(Country, "export")}?group=eu"' in text
    assert address(Country, "add") in text


def test_a_confirmation_takes_a_form(ed) -> None:
    assert ed.get(address(Country, "process_import")).status_code == 405
