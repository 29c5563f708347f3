"""Workbooks out and in by command."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from policies.models import Batch, Factsheet, User
from tests.factory import make_factsheet, make_policy, section
from tests.workbooks import exported

pytestmark = pytest.mark.django_db


@pytest.fixture
def factsheet(reference: None, cast: dict[str, User]) -> Factsheet:
    made = make_factsheet()
    made.editors.add(cast["ada"])
    make_policy(made)
    return made


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def edited(factsheet: Factsheet, path: Path, **cells: str) -> str:
    book = exported(factsheet)
    book.row("Sections", policy="plan", section="objectives").update(cells)
    path.write_bytes(book.write())
    return str(path)


def text(factsheet: Factsheet) -> str:
    return section(factsheet.policies.get(), "objectives").text


@pytest.mark.parametrize("name", ["x.xlsx", "x.ods", "x.zip"])
def test_what_is_exported_is_imported_without_a_change(factsheet, tmp_path, name) -> None:
    path = str(tmp_path / name)
    assert run("export_workbook", path) == f"1 factsheets written to {path}.\n"
    assert "Sections: 18 unchanged" in run("import_workbook", path, "--user", "ada")


def test_some_countries_of_an_edition_are_exported(factsheet, tmp_path) -> None:
    make_factsheet("FR")
    path = str(tmp_path / "x.xlsx")
    out = run("export_workbook", path, "--edition", "2022", "--country", "mx")
    assert out.startswith("1 factsheets")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x.doc"], "must end in .xlsx, .ods, .zip"),
        (["x.xlsx", "--edition", "1999"], "There is no such factsheet"),
        (["nowhere/x.xlsx"], "No such file or directory"),
    ],
)
def test_an_export_that_can_not_be_says_why(
    factsheet, tmp_path, monkeypatch, arguments, message
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=message):
        run("export_workbook", *arguments)


def test_an_import_writes_in_the_name_of_a_user(factsheet, tmp_path) -> None:
    path = edited(factsheet, tmp_path / "x.xlsx", text="New.")
    run("import_workbook", path, "--user", "ada")
    revision = section(factsheet.policies.get(), "objectives").revisions.first()
    assert (revision.content["text"], revision.author.username) == ("New.", "ada")


def test_a_dry_run_writes_nothing_and_can_be_confirmed_later(factsheet, tmp_path) -> None:
    path = edited(factsheet, tmp_path / "x.xlsx", text="New.")
    out = run("import_workbook", path, "--user", "ada", "--dry-run")
    assert "Sections: 1 changed, 17 unchanged\n" in out
    assert (text(factsheet), Batch.objects.get().state) == ("", "ready")


def test_errors_are_listed_and_nothing_is_written(factsheet, tmp_path) -> None:
    path = edited(factsheet, tmp_path / "x.xlsx", text="New.", availability="repoted")
    out = StringIO()
    with pytest.raises(CommandError, match="nothing was written"):
        call_command("import_workbook", path, user="ada", stdout=out)
    assert "Did you mean “reported”?" in out.getvalue()
    assert text(factsheet) == ""


def test_a_summary_in_json_says_the_same(factsheet, tmp_path) -> None:
    path = edited(factsheet, tmp_path / "x.xlsx", text="New.")
    said = json.loads(run("import_workbook", path, "--user", "ada", "--json"))
    assert (said["state"], said["sections"], said["rows"]["Sections"]["changed"]) == (
        "applied",
        1,
        1,
    )


@pytest.mark.parametrize(("side", "expected"), [("keep", "Ben's."), ("take", "Ada's.")])
def test_conflicts_are_decided_on_the_line(factsheet, tmp_path, side, expected) -> None:
    path = edited(factsheet, tmp_path / "x.xlsx", text="Ada's.")
    cell = section(factsheet.policies.get(), "objectives")
    cell.text = "Ben's."
    cell.save()
    with pytest.raises(CommandError, match="1 conflicts; nothing was written"):
        run("import_workbook", path, "--user", "ada")
    run("import_workbook", path, "--user", "ada", "--conflicts", side)
    assert text(factsheet) == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x.xlsx", "--user", "nobody"], "There is no user “nobody”"),
        (["x.xlsx", "--user", "ada"], "No such file"),
    ],
)
def test_an_import_that_can_not_be_says_why(
    factsheet, tmp_path, monkeypatch, arguments, message
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=message):
        run("import_workbook", *arguments)
