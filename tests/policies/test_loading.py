"""Documents in and out: what comes out equals what went in, and bad input changes nothing."""

import copy
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import Phase, given, settings

from policies.checking import InvalidDocument, parsed, schema
from policies.loading import load
from policies.models import Factsheet, Policy, Publication, SectionRevision, User
from tests.documents import documents
from tests.factory import (
    VISIBLE,
    current_document,
    make_document,
    make_policy_document,
    make_scored_document,
    reported,
)

pytestmark = pytest.mark.django_db


def authored(value: Any, shape: dict[str, Any]) -> Any:
    """The part of a document that people write: all but what the schema marks as read-only."""
    while "$ref" in shape:
        shape = schema()["$defs"][shape["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, dict):
        known = shape.get("properties", {})
        return {
            key: authored(item, known[key])
            for key, item in value.items()
            if key in known and not known[key].get("readOnly")
        }
    if isinstance(value, list):
        return [authored(item, shape.get("items", {})) for item in value]
    return value


# A whole document is too large to be made smaller in good time when it fails.
at_once = settings(max_examples=25, phases=[Phase.explicit, Phase.generate])


@given(document=documents(VISIBLE))
@at_once
def test_what_is_loaded_comes_out_again(document: dict[str, Any]) -> None:
    with transaction.atomic():
        factsheet = load(document).factsheet
        out = current_document(factsheet)
        transaction.set_rollback(True)
    assert authored(out, schema()) == authored(document, schema())


@given(one=documents(VISIBLE), other=documents(VISIBLE))
@at_once
def test_a_replaced_draft_equals_the_new_document(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    with transaction.atomic():
        load(one)
        out = current_document(load(other, replace=True).factsheet)
        transaction.set_rollback(True)
    assert authored(out, schema()) == authored(other, schema())


def test_loading_the_same_again_writes_no_revision(reference: None) -> None:
    load(make_scored_document())
    before = SectionRevision.objects.count()
    load(make_scored_document(), replace=True)
    assert SectionRevision.objects.count() == before


def test_an_existing_draft_is_not_overwritten_unasked(reference: None) -> None:
    load(make_document())
    with pytest.raises(InvalidDocument, match="exists already"):
        load(make_scored_document())


def test_stated_points_that_differ_are_named(reference: None) -> None:
    document = make_scored_document(
        maturity={"total": 8, "criteria": [{"code": "scope", "points": 2}]}
    )
    warnings = load(document).warnings
    assert [str(warning) for warning in warnings] == [
        "maturity.total: It states 8, but its facts give 1.5.",
        "maturity.criteria[0].points: It states 2, but its facts give 0.5.",
    ]


def change(path: str, value: Any) -> dict[str, Any]:
    """A sound document with one value replaced."""
    document = copy.deepcopy(SOUND)
    target: Any = document
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        target = target[step]
    target[last] = value
    return document


SOUND = make_document(
    policies=[
        make_policy_document(
            sections=[
                {"type": "beneficiaries", **reported("smes", text="See [@plan].")},
                {"type": "evaluation", **reported("ex-ante")},
            ],
            period="limited",
            starting_year=2015,
            ending_year=2030,
        ),
        make_policy_document("other", kind="cluster"),
    ],
    references=[{"key": "plan", "title": "The Plan"}],
)

BAD = [
    ("country.code", "QZ", "country.code: There is no country with this code."),
    ("edition.year", 1999, "edition.year: There is no such edition. There are: 2022."),
    ("policies_status", "reportd", "policies_status: “reportd” is not one of"),
    (
        "policies.0.sections.0.categories.0.code",
        "start-up",
        "policies[0].sections[0].categories[0].code: “start-up” is not one of: smes, "
        "cluster-organisations, research-organisations, academic-institutions, start-ups, "
        "business-associations, large-firms, ngos, technology-centres, general-population, "
        "other. Did you mean “start-ups”?",
    ),
    (
        "policies.0.sections.0.categories.0.detail",
        "small",
        "policies[0].sections[0].categories[0].detail: This category takes no detail.",
    ),
    (
        "policies.0.sections.0.categories",
        [{"code": "other"}],
        "policies[0].sections[0].categories[0].detail: This category needs a detail.",
    ),
    (
        "policies.0.ending_year",
        2014,
        "policies[0].ending_year: The ending year is before the starting year.",
    ),
    (
        "policies.0.ending_year",
        None,
        "policies[0].ending_year: A limited period needs an ending year.",
    ),
    (
        "policies.0.period",
        "unlimited",
        "policies[0].ending_year: Only a limited period has an ending year.",
    ),
    ("policies.1.code", "plan", "policies[1].code: “plan” stands already at policies[0]."),
    ("policies.0.url", "ftp://example.org", "policies[0].url:"),
    ("policies.0.kind", "wide", "policies[0].kind: “wide” is not one of: broad, sectoral, cluster"),
    (
        "policies.0.region",
        "North",
        "policies[0].region: Name the region if, and only if, the level is regional.",
    ),
    ("policies.0.names", [], "policies[0].names:"),
    ("policies.0.colour", "red", "policies[0]: “colour” is not one of"),
    (
        "policies.0.sections.0.text",
        "As [@plam] says.",
        "policies[0].sections[0].text: It cites “plam”, which is not in the references. "
        "Did you mean “plan”?",
    ),
    ("policies.0.sections.0.text", "x" * 16_001 + "😀" * 8_000, "policies[0].sections[0].text:"),
    ("references.0.accessed", "2022-13-01", "references[0].accessed:"),
    ("policies_status", "none_exist", "policies_status: It says that no policy exists, but"),
]


@pytest.mark.parametrize(("path", "value", "message"), BAD)
def test_bad_input_is_named_with_its_place(
    reference: None, path: str, value: Any, message: str
) -> None:
    with pytest.raises(InvalidDocument) as error:
        load(change(path, value))
    assert any(str(problem).startswith(message) for problem in error.value.problems)
    assert not Factsheet.objects.exists()


def test_all_errors_come_at_once(reference: None) -> None:
    document = change("policies.0.ending_year", 2014)
    document["policies"][1]["region"] = "North"
    document["references"].append({"key": "plan", "title": "Again"})
    with pytest.raises(InvalidDocument) as error:
        load(document)
    assert [problem.path for problem in error.value.problems] == [
        "references[1].key",
        "policies[0].ending_year",
        "policies[1].region",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"schema": "1",\n  oops}', "line 2, column 3: This is not JSON"),
        (b'{"schema": "1", "schema": "1"}', "schema: This key stands twice"),
        (b'{"points": NaN}', "NaN: JSON has no such number"),
        (b"\xff\xfe", "byte 1: The file is not UTF-8 text"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_malformed_json_is_named_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(InvalidDocument, match=message):
        parsed(data)


class TestCommands:
    @pytest.fixture
    def file(self, tmp_path) -> Any:
        def write(document: Any) -> str:
            path = tmp_path / "factsheet.json"
            path.write_text(json.dumps(document), encoding="utf-8")
            return str(path)

        return write

    def test_load_factsheet_makes_a_draft(self, reference: None, file) -> None:
        call_command("load_factsheet", file(make_scored_document()))
        assert Policy.objects.get().names == ["The Plan"]
        assert not Publication.objects.exists()

    def test_load_factsheet_can_publish(self, cast: dict[str, User], file) -> None:
        Factsheet.objects.create(
            country_id=self.key("country"), edition_id=self.key("edition")
        ).editors.add(cast["ada"])
        people = ("--author", "ada", "--reviewer", "ben", "--publisher", "cleo")
        call_command(
            "load_factsheet", file(make_scored_document()), "--replace", "--publish", *people
        )
        publication = Publication.objects.get()
        assert publication.published_by == cast["cleo"]
        assert SectionRevision.objects.last().author in (None, cast["ada"])

    def key(self, model: str) -> int:
        from django.apps import apps

        wanted = {"country": {"code": "MX"}, "edition": {"year": 2022}}[model]
        return apps.get_model("policies", model).objects.get(**wanted).pk

    def test_the_people_must_differ(self, cast: dict[str, User], file) -> None:
        people = ("--author", "ada", "--reviewer", "ada", "--publisher", "cleo")
        with pytest.raises(CommandError, match="three different people"):
            call_command("load_factsheet", file(make_scored_document()), "--publish", *people)

    def test_what_can_not_be_published_is_not_loaded_either(
        self, cast: dict[str, User], file
    ) -> None:
        people = ("--author", "ben", "--reviewer", "ada", "--publisher", "cleo")
        with pytest.raises(CommandError, match="Not published, nothing was written"):
            call_command("load_factsheet", file(make_scored_document()), "--publish", *people)
        assert not Factsheet.objects.exists()

    def test_an_invalid_file_names_every_place(self, reference: None, file) -> None:
        with pytest.raises(CommandError) as error:
            call_command("load_factsheet", file(change("policies.0.ending_year", 2014)))
        assert "nothing was written" in str(error.value)
        assert "policies[0].ending_year" in str(error.value)

    def test_a_missing_file_is_named(self, reference: None) -> None:
        with pytest.raises(CommandError, match=r"nowhere\.json: No such file"):
            call_command("load_factsheet", "nowhere.json")

    def test_score_prints_the_maturity_and_writes_nothing(
        self, reference: None, file, capsys
    ) -> None:
        call_command("score", file(make_scored_document()))
        maturity = json.loads(capsys.readouterr().out)
        assert maturity["total"] == 1.5
        assert [criterion["points"] for criterion in maturity["criteria"]] == [0.5, 0, 0.5, 0.5]
        assert not Factsheet.objects.exists()

    def test_load_sample_twice_changes_nothing(self, reference: None, capsys) -> None:
        call_command("load_sample")
        before = SectionRevision.objects.count(), Publication.objects.count()
        call_command("load_sample")
        assert (SectionRevision.objects.count(), Publication.objects.count()) == before
        assert "nothing to add" in capsys.readouterr().out

    def test_load_reference_keeps_what_a_person_edited(self, reference: None) -> None:
        from policies.models import Category

        Category.objects.filter(code="smes").update(label="Small firms")
        call_command("load_reference")
        assert Category.objects.get(code="smes").label == "Small firms"


def test_mexico_is_scored_as_published(reference: None) -> None:
    call_command("load_sample")
    document = Publication.objects.get(factsheet__country__code="MX").document
    assert document["maturity"]["total"] == 1.5
    assert document["maturity"]["judged_total"] == 0.5
    assert [criterion["points"] for criterion in document["maturity"]["criteria"]] == [
        0.5,
        0,
        0.5,
        0.5,
    ]
    support = document["maturity"]["criteria"][3]
    assert support["derived"]["points"] is None
    assert (
        "not known whether Course for an Industrial Policy has financial instruments"
        in (support["derived"]["reasons"][0]["text"])
    )
