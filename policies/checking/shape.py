"""The shape of a document: what its JSON Schema says, in words for who wrote the file."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError as SchemaError

from policies.checking.problem import Problem, cut, not_one_of
from policies.document import Document

SCHEMA_FILE = Path(__file__).parents[1] / "schemas" / "factsheet-1.schema.json"

ONE_LINE = r"^[^\t\r\n]*(?!\n)$"

# Errors of an object or a list that leave what stands in it sound.
HARMLESS = {"required", "additionalProperties", "minItems", "maxItems", "uniqueItems"}


@cache
def schema() -> dict[str, Any]:
    return json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


def shape_errors(data: Any) -> list[SchemaError]:
    validator = Draft202012Validator(schema(), format_checker=FormatChecker())
    return sorted(validator.iter_errors(data), key=_place)


def _place(error: SchemaError) -> list[tuple[str, int]]:
    """Sorts `policies[2]` before `policies[10]`."""
    return [("", p) if isinstance(p, int) else (p, 0) for p in error.absolute_path]


def shape_problem(error: SchemaError) -> Problem:
    path = error.json_path.removeprefix("$").removeprefix(".") or "$"
    return Problem(path, _words(error))


def completed(data: Document) -> Document:
    """A document with the schema's defaults filled in."""
    return _filled(data, schema())


def _filled(value: Any, shape: Mapping[str, Any]) -> Any:
    while "$ref" in shape:
        shape = schema()["$defs"][shape["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, dict) and "properties" in shape:
        properties = shape["properties"]
        defaults = {k: s["default"] for k, s in properties.items() if "default" in s}
        return {k: _filled(v, properties.get(k, {})) for k, v in {**defaults, **value}.items()}
    if isinstance(value, list) and "items" in shape:
        return [_filled(item, shape["items"]) for item in value]
    return value


def sound(data: Any, errors: Iterable[SchemaError]) -> Document:
    """The completed document without what has an error of shape.

    A key with an error is left out; an entry of a list becomes empty, so that the others keep
    their numbers.
    """
    holder = {"$": completed(data)}
    for error in errors:
        if error.validator not in HARMLESS:
            _drop(holder, ["$", *error.absolute_path])
    return holder.get("$", {})


def _drop(target: Any, path: Sequence[str | int]) -> None:
    *way, last = path
    for step in way:
        if isinstance(target, dict) and step not in target:
            return
        target = target[step]
    if isinstance(target, list):
        target[int(last)] = {}
    else:
        target.pop(last, None)


# The words


def _words(error: SchemaError) -> str:
    limit = error.validator_value
    says = WORDS.get(str(error.validator))
    return says(error, limit) if says else cut(error.message) + "."


def _value(value: Any) -> str:
    """A value in short, whatever its size."""
    if isinstance(value, str):
        return f"“{cut(value)}”"
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    return cut(json.dumps(value))


def _enum(error: SchemaError, allowed: Sequence[Any]) -> str:
    if isinstance(error.instance, str):
        return not_one_of(error.instance, [str(value) for value in allowed])
    return not_one_of(_value(error.instance).strip("“”"), [str(value) for value in allowed])


def _unknown_keys(error: SchemaError, _limit: Any) -> str:
    shape: Any = error.schema
    keys: Any = error.instance
    known = list(shape["properties"])
    return " ".join(not_one_of(key, known) for key in keys if key not in known)


def _pattern(error: SchemaError, pattern: str) -> str:
    shape: Any = error.schema
    if pattern == ONE_LINE:
        return _("It has to stand on one line, without tabs.")
    message = _("%(value)s does not fit: %(description)s")
    return message % {"value": _value(error.instance), "description": shape["description"]}


def _type(error: SchemaError, type_: str | list[str]) -> str:
    types = [type_] if isinstance(type_, str) else type_
    words = {
        "array": _("an array"),
        "boolean": _("true or false"),
        "integer": _("an integer"),
        "null": _("null"),
        "number": _("a number"),
        "object": _("an object"),
        "string": _("a string"),
    }
    wanted = _(" or ").join(words[name] for name in types)
    message = _("%(value)s should be %(type)s.")
    return message % {"value": _value(error.instance), "type": wanted}


def _format(error: SchemaError, name: str) -> str:
    message = _("%(value)s is no %(format)s.")
    return message % {"value": _value(error.instance), "format": name}


def _limit(message: str) -> Callable[[SchemaError, Any], str]:
    return lambda error, limit: _(message) % {"value": _value(error.instance), "limit": limit}


def _size(message: str) -> Callable[[SchemaError, Any], str]:
    def says(error: SchemaError, limit: Any) -> str:
        value: Any = error.instance
        return _(message) % {"size": len(value), "limit": limit}

    return says


def _missing(error: SchemaError, _limit: Any) -> str:
    return _("A key is missing: %(message)s.") % {"message": error.message}


WORDS: dict[str, Callable[[SchemaError, Any], str]] = {
    "additionalProperties": _unknown_keys,
    "const": _limit(gettext_noop("%(value)s is not “%(limit)s”.")),
    "enum": _enum,
    "format": _format,
    "maximum": _limit(gettext_noop("%(value)s is more than %(limit)s.")),
    "maxItems": _size(gettext_noop("It has %(size)s entries; at most %(limit)s fit.")),
    "maxLength": _size(gettext_noop("It has %(size)s characters; at most %(limit)s fit.")),
    "minimum": _limit(gettext_noop("%(value)s is less than %(limit)s.")),
    "minItems": _size(gettext_noop("It must not be empty.")),
    "minLength": _size(gettext_noop("It must not be empty.")),
    "pattern": _pattern,
    "required": _missing,
    "type": _type,
    "uniqueItems": _size(gettext_noop("An entry stands there twice.")),
}
