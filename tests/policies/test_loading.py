"""Documents in and out: what comes out equals what went in, and bad input changes nothing."""

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import Phase, given, settings

from policies.changes import change_set
from policies.checking import InvalidDocument, parsed, problems, schema
from policies.loading import load
from policies.models import (
    CriterionScore,
    Factsheet,
    Policy,
    Publication,
    Reference,
    SectionCategory,
    SectionRevision,
    User,
)
from policies.workflow import publish_whole, submit
from tests.documents import documents
from tests.factory import (
    VISIBLE,
    current_document,
    make_document,
    make_factsheet,
    make_policy,
    make_policy_document,
    make_scored_document,
    reported,
)

pytestmark = pytest.mark.django_db


def authored(value: Any, shape: dict[str, Any]) -> Any:
    """The part of a document that people write: all but what the schema marks as read-only.

    An amount may be written as "5" or "5.0", and always comes out as "5.00"; here all are equal.
    """
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
    if value is not None and shape == schema()["$defs"]["amount"]["properties"]["amount"]:
        return str(Decimal(value).quantize(Decimal("0.01")))
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


@pytest.mark.once
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


def test_every_stated_number_of_points_is_compared(reference: None) -> None:
    criterion = {"code": "scope", "points": None, "derived": {"points": 2}}
    document = make_scored_document(maturity={"judged_total": 1, "criteria": [criterion]})
    assert [str(warning) for warning in load(document).warnings] == [
        "maturity.judged_total: It states 1, but its facts give 0.",
        "maturity.criteria[0].points: It states –, but its facts give 0.5.",
        "maturity.criteria[0].derived.points: It states 2, but its facts give 0.5.",
    ]


def test_what_comes_out_of_a_draft_states_no_points_that_differ(reference: None) -> None:
    document = current_document(load(make_scored_document()).factsheet)
    assert load(document, replace=True).warnings == []


def test_ticks_that_do_not_count_are_loaded_with_a_warning(reference: None) -> None:
    evaluation = {**reported("ex-ante"), "type": "evaluation", "availability": "no_data"}
    document = make_document(policies=[make_policy_document(sections=[evaluation])])
    loaded = load(document)
    assert [warning.path for warning in loaded.warnings] == ["policies[0].sections[0].categories"]
    assert SectionCategory.objects.get().category.code == "ex-ante"


def judged(points: float, reason: str = "Why.") -> dict[str, Any]:
    criteria = [{"code": "scope", "judged": {"points": points, "reason": reason}}]
    return make_scored_document(maturity={"criteria": criteria})


@pytest.mark.parametrize(
    ("again", "judge"),
    [(judged(2), "ada"), (judged(1), "ben"), (judged(2, "Another reason."), "ben")],
)
def test_only_who_changes_a_judgement_takes_it_over(
    cast: dict[str, User], again: dict[str, Any], judge: str
) -> None:
    load(judged(2), by=cast["ada"])
    load(again, by=cast["ben"], replace=True)
    assert CriterionScore.objects.get(criterion__code="scope").judged_by == cast[judge]


def test_loading_again_does_not_confirm_a_stale_judgement(cast: dict[str, User]) -> None:
    load(judged(2), by=cast["ada"])
    Policy.objects.update(kind="cluster")
    load(current_document(Factsheet.objects.get()), by=cast["ben"], replace=True)
    assert CriterionScore.objects.get(criterion__code="scope").is_stale


def test_names_are_stored_in_their_one_form(reference: None) -> None:
    load(make_document(policies=[make_policy_document(names=["A\x00 e\u0301\x07\u2028b"])]))
    assert Policy.objects.get().names == ["A é b"]


def test_a_policy_saved_by_hand_has_its_names_in_their_one_form(reference: None) -> None:
    policy = make_policy(make_factsheet(), names=["A\x00\tb\nc"])
    policy.refresh_from_db()
    assert policy.names == ["A b c"]


def test_a_refused_document_leaves_nothing_in_an_outer_change_set(
    reference: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ValidationError({"title": "No."})

    monkeypatch.setattr(Reference, "full_clean", refuse)
    with change_set(), pytest.raises(InvalidDocument, match=r"references\[0\].title: No."):
        load(SOUND)
    assert not Factsheet.objects.exists()


def change(path: str, value: Any, sound: dict[str, Any] | None = None) -> dict[str, Any]:
    """A sound document with one value replaced."""
    document = copy.deepcopy(sound or SOUND)
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

WHOLE = {
    **SOUND,
    "sections": [{"type": "introduction", "availability": "reported", "text": "Here."}],
    "maturity": {"criteria": [{"code": "scope", "judged": {"points": 2, "reason": "Why."}}]},
}

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
    ("policies.1.names", ["Fine", " "], "policies[1].names[1]: It must not be blank."),
    ("policies.1.names", ["\x00"], "policies[1].names[0]: It must not be blank."),
    ("policies.1.names", ["A", "A\x00"], "policies[1].names[1]: “A” stands there already."),
    ("references.0.title", "\u2028 ", "references[0].title: It must not be blank."),
    ("references.0.url", "https://-bad-", "references[0].url: Enter a valid URL."),
    ("policies.1.url", "https://example.org/\x00", "policies[1].url: Enter a valid URL."),
    (
        "policies.1.sections",
        [{"type": "financial-instruments", "availability": "reported", "text": "Long."}],
        "policies[1].sections[0].text: This section takes no text.",
    ),
    (
        "policies.1.sections",
        [{"type": "instruments", "availability": "reported", "categories": [{"code": "x"}]}],
        "policies[1].sections[0].categories: This section takes no categories.",
    ),
    (
        "policies.1.continuous_since",
        2023,
        "policies[1].continuous_since: It is after 2022, the year of collection.",
    ),
    (
        "maturity",
        {"criteria": [{"code": "scope", "judged": {"points": 2, "reason": "😀" * 16_001}}]},
        "maturity.criteria[0].judged.reason: The text has 32002 characters",
    ),
    # What the shape refuses is told in short.
    ("schema", "2", "schema: “2” is not “1”."),
    ("policies.0.names", [], "policies[0].names: It must not be empty."),
    ("policies.0.names", ["A", "A"], "policies[0].names: An entry stands there twice."),
    ("policies.0.names", "A" * 900, "policies[0].names: “" + "A" * 59 + "…” should be an array."),
    ("policies.0.starting_year", {}, "policies[0].starting_year: {…} should be an integer or null"),
    ("policies.0.region", "x\ny", "policies[0].region: It has to stand on one line, without tabs."),
    ("policies.0.starting_year", 1, "policies[0].starting_year: 1 is less than 1800."),
    ("policies.0.starting_year", 9999, "policies[0].starting_year: 9999 is more than 2200."),
    (
        "policies.0.sections.0.text",
        "x" * 33_000,
        "policies[0].sections[0].text: It has 33000 characters; at most 32000 fit.",
    ),
    (
        "policies.0.sections",
        [{"type": "focus", "availability": "reported"}] * 12,
        "policies[0].sections: It has 12 entries; at most 11 fit.",
    ),
    ("references.0.accessed", "2022-13-01", "references[0].accessed: “2022-13-01” is no date."),
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


def test_errors_of_shape_and_of_rules_come_together(reference: None) -> None:
    document = change("policies.0.kind", "wide")
    document["policies"][0]["url"] = "http://nodots"
    document["policies"][0]["period"] = "limitd"  # so nothing can be said of its ending year
    document["policies"][1]["region"] = "North"
    document["policies"].append("no policy")
    document["policies"].append({"names": ["Nameless"], "url": "https://-bad-"})
    del document["country"]
    assert problem_paths(document) == [
        "$",
        "policies[0].kind",
        "policies[0].period",
        "policies[2]",
        "policies[3]",
        "policies[3]",
        "policies[0].url",
        "policies[1].region",
        "policies[3].url",
    ]


def problem_paths(document: Any) -> list[str]:
    with pytest.raises(InvalidDocument) as error:
        load(document)
    return [problem.path for problem in error.value.problems]


def places(value: Any, path: str = "") -> Iterator[str]:
    """The path of everything that stands in a value."""
    entries = value.items() if isinstance(value, dict) else ()
    for key, item in enumerate(value) if isinstance(value, list) else entries:
        yield f"{path}{key}"
        yield from places(item, f"{path}{key}.")


@pytest.mark.parametrize("junk", [None, 5, "x", [], [5], {}, {"a": {"b": 1}}, True])
def test_junk_anywhere_breaks_nothing(reference: None, junk: Any) -> None:
    for path in places(WHOLE):
        assert isinstance(problems(change(path, junk, WHOLE)), list)


def test_a_reference_without_a_key_makes_no_citation_wrong(reference: None) -> None:
    assert problem_paths(change("references.0", {"title": "The Plan"})) == ["references[0]"]


@pytest.mark.parametrize("document", [None, [], "x", {}, {"policies": {}, "edition": []}])
def test_what_is_no_document_at_all_is_refused(reference: None, document: Any) -> None:
    assert problem_paths(document)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"year": ' + b"1" * 5_000 + b"}", "A number is too long"),
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

    PEOPLE = ("--author", "ada", "--reviewer", "ben", "--publisher", "cleo")

    def test_the_author_of_a_new_factsheet_becomes_its_editor(
        self, cast: dict[str, User], file
    ) -> None:
        call_command("load_factsheet", file(make_scored_document()), "--publish", *self.PEOPLE)
        assert list(Factsheet.objects.get().editors.all()) == [cast["ada"]]

    def test_an_author_is_not_assigned_to_a_factsheet_that_was_there(
        self, cast: dict[str, User], file
    ) -> None:
        load(make_scored_document())
        path = file(make_scored_document())
        with pytest.raises(CommandError, match="must also be assigned"):
            call_command("load_factsheet", path, "--replace", "--publish", *self.PEOPLE)
        assert not Factsheet.objects.get().editors.exists()

    def test_nobody_replaces_a_draft_that_they_may_not_write(
        self, cast: dict[str, User], file
    ) -> None:
        load(make_scored_document(), by=cast["ada"])
        document = make_scored_document(language="es")
        with pytest.raises(CommandError, match="nothing was written: dan may not write"):
            call_command("load_factsheet", file(document), "--replace", "--author", "dan")
        assert Factsheet.objects.get().language == "en"

    def test_a_correction_is_published_as_the_next_version(
        self, cast: dict[str, User], file
    ) -> None:
        call_command("load_factsheet", file(make_scored_document()), "--publish", *self.PEOPLE)
        document = make_scored_document()
        document["policies"][0]["kind"] = "sectoral"
        again = ("load_factsheet", file(document), "--replace", "--publish", *self.PEOPLE)
        with pytest.raises(CommandError, match="Say which it is: the policy changed"):
            call_command(*again)
        call_command(*again, "--kind", "record_corrected", "--note", "Its kind was wrong.")
        assert [p.number for p in Publication.objects.order_by("number")] == [1, 2]

    def test_a_warning_needs_its_reason(self, cast: dict[str, User], file) -> None:
        document = make_scored_document()
        document["sections"][0]["text"] = "It gave $5,000."
        load = ("load_factsheet", file(document), "--publish", *self.PEOPLE)
        with pytest.raises(CommandError, match="without a currency code"):
            call_command(*load)
        with pytest.raises(CommandError, match="is not RULE=TEXT"):
            call_command(*load, "--reason", "years=So printed.")
        call_command(*load, "--reason", "dollar-without-currency=So printed.")
        assert Publication.objects.get().factsheet.warning_reasons.get().reason == "So printed."

    def test_what_was_submitted_before_is_only_approved(self, cast: dict[str, User]) -> None:
        factsheet = load(make_scored_document(), by=cast["ada"]).factsheet
        factsheet.editors.add(cast["ada"])
        submit(factsheet.sections.first(), by=cast["ada"])
        publish_whole(factsheet, author=cast["ada"], reviewer=cast["ben"], publisher=cast["cleo"])
        assert Publication.objects.get().published_by == cast["cleo"]

    def test_score_does_not_speak_of_loading(self, reference: None, file) -> None:
        with pytest.raises(CommandError) as error:
            call_command("score", file(change("policies.0.ending_year", 2014)))
        assert str(error.value).splitlines()[0].endswith("factsheet.json can not be scored:")

    def test_load_reference_counts_what_it_added(self, reference: None, capsys) -> None:
        from policies.models import Category

        Category.objects.filter(code="smes").delete()
        call_command("load_reference")
        assert capsys.readouterr().out == "Reference data added: categories: 1.\n"

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
