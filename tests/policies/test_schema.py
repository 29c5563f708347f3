"""The JSON Schema of the document: valid itself, described, strict where it must be."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

POLICIES = Path(__file__).parents[2] / "policies"
SCHEMA = json.loads((POLICIES / "schemas" / "factsheet-1.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())

Json = dict[str, Any]


def minimal() -> Json:
    return {
        "schema": "1",
        "country": {"code": "QM"},
        "edition": {"year": 2022},
        "policies_status": "reported",
        "policies": [{"code": "a-plan", "names": ["A plan"], "kind": "broad"}],
    }


def error_paths(document: Json) -> list[str]:
    return [error.json_path for error in VALIDATOR.iter_errors(document)]


def properties(node: Any, path: str = "$") -> Iterator[tuple[str, Json]]:
    """Every property that the schema names, with its place."""
    if isinstance(node, list):
        for item in node:
            yield from properties(item, path)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name == "properties":
                yield from ((f"{path}.{key}", schema) for key, schema in value.items())
            yield from properties(value, f"{path}.{name}")


def objects(node: Any) -> Iterator[Json]:
    """Every schema of an object with named properties."""
    if isinstance(node, list):
        for item in node:
            yield from objects(item)
    elif isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and "type" in node:
            yield node
        for value in node.values():
            yield from objects(value)


def test_the_schema_is_valid_itself() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_property_is_described() -> None:
    assert [path for path, schema in properties(SCHEMA) if not schema.get("description")] == []


def test_no_object_takes_keys_that_it_does_not_name() -> None:
    assert all(schema["additionalProperties"] is False for schema in objects(SCHEMA))


def test_no_derived_key_is_required() -> None:
    for schema in objects(SCHEMA):
        derived = {key for key, value in schema["properties"].items() if value.get("readOnly")}
        assert not derived & set(schema.get("required", []))


def test_a_document_without_derived_keys_is_valid() -> None:
    assert error_paths(minimal()) == []


def test_a_document_may_have_no_policies() -> None:
    assert error_paths(minimal() | {"policies_status": "none_exist", "policies": []}) == []


def test_every_error_is_found_with_its_path() -> None:
    document = minimal() | {"policies_status": "some", "mystery": 1}
    document["policies"][0]["kind"] = "vague"
    assert sorted(error_paths(document)) == ["$", "$.policies[0].kind", "$.policies_status"]


POLICY_MISTAKES: list[tuple[str, object]] = [
    ("code", "A Plan"),
    ("code", "a-plan\n"),
    ("names", []),
    ("names", [""]),
    ("url", "ftp://example.org/"),
    ("url", "javascript:alert(1)"),
    ("url", "https://example.org/\n"),
    ("starting_year", 1799),
    ("starting_year", 2201),
    ("starting_year", "2022"),
    ("starting_year", True),
    ("starting_year", 2021.5),
    ("is_example", "yes"),
    ("heading_note", "x" * 32001),
    ("level", "local"),
    ("period", ""),
    ("surprise", None),
]


@pytest.mark.parametrize(("key", "value"), POLICY_MISTAKES)
def test_a_mistake_in_a_policy_is_refused(key: str, value: object) -> None:
    document = minimal()
    document["policies"][0][key] = value
    assert error_paths(document)


@pytest.mark.parametrize("amount", [1400000, "1,400,000", "-1", "1e6", "1.234", "٣", "1\n"])
def test_an_amount_is_a_plain_decimal_string(amount: object) -> None:
    document = minimal()
    document["policies"][0]["budget"] = {
        "annual": {"availability": "reported", "amount": amount, "currency": "EUR"}
    }
    assert error_paths(document) == ["$.policies[0].budget.annual.amount"]


@pytest.mark.parametrize("day", ["20.12.2022", "2022-02-30", "2022-12-20\n", ""])
def test_an_access_date_is_a_day_of_the_calendar(day: str) -> None:
    document = minimal()
    document["references"] = [{"key": "a", "title": "A", "accessed": day}]
    assert set(error_paths(document)) == {"$.references[0].accessed"}


def test_a_judgement_needs_a_public_reason() -> None:
    judged = {"points": 0.5, "reason": "  "}
    document = minimal() | {"maturity": {"criteria": [{"code": "support", "judged": judged}]}}
    assert error_paths(document) == ["$.maturity.criteria[0].judged.reason"]


def test_no_judgement_is_written_as_null() -> None:
    document = minimal() | {"maturity": {"criteria": [{"code": "support", "judged": None}]}}
    assert error_paths(document) == []


def test_facts_of_the_score_may_have_any_shape() -> None:
    assert error_paths(minimal() | {"maturity": {"facts": {"anything": [1, None]}}}) == []
