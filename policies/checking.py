"""What is wrong with a document that somebody wants to load: every problem, each with its place."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError as SchemaError

from policies import text
from policies.document import Document
from policies.models import (
    Category,
    Country,
    Edition,
    Level,
    Part,
    Period,
    PoliciesStatus,
    SectionType,
)

SCHEMA_FILE = Path(__file__).parent / "schemas" / "factsheet-1.schema.json"


@dataclass(frozen=True)
class Problem:
    """A place in a document, such as `policies[0].kind`, and what is wrong there."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class InvalidDocument(Exception):
    """A document that can not be loaded; `problems` holds every reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


@cache
def schema() -> dict[str, Any]:
    return json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


def parsed(data: bytes) -> Any:
    """The value of a JSON file in UTF-8; refuses repeated keys and numbers that JSON lacks."""
    try:
        return json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        place = _("byte %(byte)s") % {"byte": error.start + 1}
        raise InvalidDocument([Problem(place, _("The file is not UTF-8 text."))]) from error
    except json.JSONDecodeError as error:
        place = _("line %(line)s, column %(column)s") % {
            "line": error.lineno,
            "column": error.colno,
        }
        message = _("This is not JSON: %(error)s.") % {"error": error.msg}
        raise InvalidDocument([Problem(place, message)]) from error
    except RecursionError as error:
        raise InvalidDocument([Problem("$", _("The file is nested too deeply."))]) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InvalidDocument([Problem(key, _("This key stands twice in one object."))])
        found[key] = value
    return found


def _no_constant(name: str) -> None:
    raise InvalidDocument([Problem(name, _("JSON has no such number."))])


def completed(data: Document) -> Document:
    """A valid document with the schema's defaults filled in."""
    return _filled(data, schema())


def _filled(value: Any, shape: Mapping[str, Any]) -> Any:
    while "$ref" in shape:
        shape = schema()["$defs"][shape["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, dict):
        properties = shape.get("properties", {})
        defaults = {k: s["default"] for k, s in properties.items() if "default" in s}
        return {k: _filled(v, properties.get(k, {})) for k, v in {**defaults, **value}.items()}
    if isinstance(value, list):
        return [_filled(item, shape.get("items", {})) for item in value]
    return value


def problems(data: Any) -> list[Problem]:
    """Everything that keeps the document from being loaded, in the order of the document."""
    return shape_problems(data) or list(_Rules(completed(data)).problems())


# The shape


def shape_problems(data: Any) -> list[Problem]:
    validator = Draft202012Validator(schema(), format_checker=FormatChecker())
    errors = sorted(validator.iter_errors(data), key=lambda e: [str(p) for p in e.absolute_path])
    return [Problem(_path(error), _words(error)) for error in errors]


def _path(error: SchemaError) -> str:
    return error.json_path.removeprefix("$").removeprefix(".") or "$"


def _words(error: SchemaError) -> str:
    shape: dict[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    value = json.dumps(error.instance, ensure_ascii=False)
    value = value if len(value) <= 60 else value[:57] + "…"
    if error.validator == "enum":
        return _not_one_of(error.instance, [str(allowed) for allowed in shape["enum"]])
    if error.validator == "required":
        return _("A key is missing: %(message)s.") % {"message": error.message}
    if error.validator == "additionalProperties":
        return _unknown_keys(error.instance, list(shape["properties"]))
    if error.validator == "pattern" and "description" in shape:
        return _("%(value)s does not fit: %(description)s") % {
            "value": value,
            "description": shape["description"],
        }
    if error.validator == "type":
        message = _("%(value)s should be of type %(type)s.")
        return message % {"value": value, "type": shape["type"]}
    return error.message + "."


def _unknown_keys(value: Any, known: Sequence[str]) -> str:
    return " ".join(_not_one_of(key, known) for key in value if key not in known)


def _not_one_of(value: Any, allowed: Sequence[str]) -> str:
    message = _("“%(value)s” is not one of: %(allowed)s.") % {
        "value": value,
        "allowed": ", ".join(allowed),
    }
    return message + did_you_mean(str(value), allowed)


def did_you_mean(value: str, allowed: Sequence[str]) -> str:
    near = get_close_matches(value, allowed, n=1)
    return " " + _("Did you mean “%(near)s”?") % {"near": near[0]} if near else ""


# The rules between keys, and the reference tables


class _Rules:
    """One document against the reference tables and against itself."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.edition = (
            Edition.objects.filter(year=document["edition"]["year"])
            .select_related("rubric")
            .first()
        )
        self.country = Country.objects.filter(code=document["country"]["code"]).first()
        self.types = {t.code: t for t in SectionType.objects.select_related("since", "until")}
        self.categories: dict[str, dict[str, Category]] = {}
        for category in Category.objects.select_related("section_type"):
            self.categories.setdefault(category.section_type.code, {})[category.code] = category
        self.keys = {reference["key"] for reference in document["references"]}

    def problems(self) -> Iterator[Problem]:
        yield from self._where()
        yield from self._repeated("policies", "code")
        yield from self._repeated("references", "key")
        yield from self._repeated("sections", "type")
        for index, section in enumerate(self.document["sections"]):
            yield from self._section(f"sections[{index}]", section, policy=False)
        for index, policy in enumerate(self.document["policies"]):
            yield from self._policy(f"policies[{index}]", policy)
        yield from self._criteria()
        for index, reference in enumerate(self.document["references"]):
            yield from self._prose(f"references[{index}].note", reference["note"])
        yield from self._status()

    def _where(self) -> Iterator[Problem]:
        if self.country is None:
            yield Problem("country.code", _("There is no country with this code."))
        if self.edition is None:
            years = ", ".join(str(y) for y in Edition.objects.values_list("year", flat=True))
            message = _("There is no such edition. There are: %(years)s.") % {"years": years}
            yield Problem("edition.year", message)

    def _repeated(self, key: str, name: str) -> Iterator[Problem]:
        yield from _twice(key, name, self.document[key])

    def _policy(self, path: str, policy: Document) -> Iterator[Problem]:
        yield from year_problems(path, policy)
        yield from region_problems(path, policy)
        for name, budget in policy.get("budget", {}).items():
            yield from budget_problems(f"{path}.budget.{name}", budget)
        yield from self._prose(f"{path}.heading_note", policy["heading_note"])
        yield from _twice(f"{path}.sections", "type", policy["sections"])
        for index, section in enumerate(policy["sections"]):
            yield from self._section(f"{path}.sections[{index}]", section, policy=True)

    def _section(self, path: str, section: Document, *, policy: bool) -> Iterator[Problem]:
        wanted = {Part.POLICY} if policy else {Part.INTRODUCTION, Part.CHAPTER}
        allowed = [
            code
            for code, type_ in self.types.items()
            if type_.part in wanted and code != "heading" and self._applies(type_)
        ]
        if section["type"] not in allowed:
            yield Problem(f"{path}.type", _not_one_of(section["type"], allowed))
            return
        yield from self._categories(path, section)
        yield from self._prose(f"{path}.text", section["text"])

    def _applies(self, type_: SectionType) -> bool:
        if self.country is None or self.edition is None:
            return True
        return type_.applies_to(self.country, self.edition)

    def _categories(self, path: str, section: Document) -> Iterator[Problem]:
        known = self.categories.get(section["type"], {})
        used = section.get("categories", [])
        yield from _twice(f"{path}.categories", "code", used)
        for index, use in enumerate(used):
            place = f"{path}.categories[{index}]"
            category = known.get(use["code"])
            if category is None:
                yield Problem(f"{place}.code", _not_one_of(use["code"], list(known)))
            elif use["detail"] and not category.needs_detail:
                yield Problem(f"{place}.detail", _("This category takes no detail."))
            elif category.needs_detail and not use["detail"]:
                yield Problem(f"{place}.detail", _("This category needs a detail."))

    def _prose(self, path: str, prose: str) -> Iterator[Problem]:
        for problem in text.problems(prose):
            yield Problem(path, problem)
        for key in text.unresolved(prose, self.keys):
            message = _("It cites “%(key)s”, which is not in the references.") % {"key": key}
            yield Problem(path, message + did_you_mean(key, sorted(self.keys)))

    def _criteria(self) -> Iterator[Problem]:
        if self.edition is None:
            return
        points = {
            c.code: {float(level.points) for level in c.levels}
            for c in self.edition.rubric.table().criteria
        }
        criteria = self.document.get("maturity", {}).get("criteria", [])
        yield from _twice("maturity.criteria", "code", criteria)
        for index, criterion in enumerate(criteria):
            path = f"maturity.criteria[{index}]"
            if criterion["code"] not in points:
                yield Problem(f"{path}.code", _not_one_of(criterion["code"], list(points)))
                continue
            judged = criterion.get("judged")
            if judged and judged["points"] not in points[criterion["code"]]:
                allowed = [f"{value:g}" for value in sorted(points[criterion["code"]])]
                message = _not_one_of(judged["points"], allowed)
                yield Problem(f"{path}.judged.points", message)
            yield from self._prose(f"{path}.text", criterion.get("text", ""))

    def _status(self) -> Iterator[Problem]:
        if self.document["policies_status"] != PoliciesStatus.NONE_EXIST or not self.edition:
            return
        year = self.edition.collected_on.year
        if in_force := [p["code"] for p in self.document["policies"] if _counts(p, year)]:
            message = _("It says that no policy exists, but these count: %(policies)s.")
            yield Problem("policies_status", message % {"policies": ", ".join(in_force)})


def _counts(policy: Document, year: int) -> bool:
    started = policy["starting_year"] is None or policy["starting_year"] <= year
    running = policy["ending_year"] is None or policy["ending_year"] >= year
    return started and running and not policy["is_example"]


def _twice(path: str, name: str, items: Sequence[Document]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, item in enumerate(items):
        if item[name] in seen:
            message = _("“%(value)s” stands already at %(path)s[%(index)s].") % {
                "value": item[name],
                "path": path,
                "index": seen[item[name]],
            }
            yield Problem(f"{path}[{index}].{name}", message)
        seen.setdefault(item[name], index)


def year_problems(path: str, policy: Document) -> Iterator[Problem]:
    start, end = policy["starting_year"], policy["ending_year"]
    if policy["period"] == Period.LIMITED and end is None:
        yield Problem(f"{path}.ending_year", _("A limited period needs an ending year."))
    if policy["period"] != Period.LIMITED and end is not None:
        yield Problem(f"{path}.ending_year", _("Only a limited period has an ending year."))
    if start is not None and end is not None and end < start:
        yield Problem(f"{path}.ending_year", _("The ending year is before the starting year."))


def region_problems(path: str, policy: Document) -> Iterator[Problem]:
    if (policy["level"] == Level.REGIONAL) != bool(policy["region"]):
        message = _("Name the region if, and only if, the level is regional.")
        yield Problem(f"{path}.region", message)


def budget_problems(path: str, budget: Document) -> Iterator[Problem]:
    if (budget["amount"] is None) != (not budget["currency"]):
        yield Problem(f"{path}.currency", _("An amount and its currency stand together."))
    if budget["amount"] is not None and budget["availability"] != "reported":
        yield Problem(f"{path}.availability", _("An amount stands only in a reported budget."))
