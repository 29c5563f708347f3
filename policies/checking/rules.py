"""The rules between keys, and the reference tables.

They are asked of every part that has no error of shape: a key that is not there has one.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from policies import text
from policies.checking.between import (
    BUDGET,
    REGION,
    YEARS,
    budget_problems,
    region_problems,
    year_problems,
)
from policies.checking.problem import Problem, did_you_mean, not_one_of
from policies.checking.shape import shape_errors, shape_problem, sound
from policies.checking.tables import OWN, POLICY, Tables
from policies.document import Document
from policies.models import Category, PoliciesStatus

CITATION = "citation"  # of a reference that is not there: a draft may have it
COUNTING = {"code", "starting_year", "ending_year", "is_example"}

valid_address = URLValidator(schemes=["http", "https"])


def problems(data: Any) -> list[Problem]:
    """Everything that keeps the document from being loaded: first its shape, then the rules."""
    errors = shape_errors(data)
    return [*map(shape_problem, errors), *broken_rules(sound(data, errors), Tables())]


def broken_rules(document: Document, tables: Tables) -> list[Problem]:
    """What the rules say of a document, or of the parts of one, whose shape is sound."""
    return list(_Rules(document, tables).problems())


class _Rules:
    """One document against the reference tables and against itself."""

    def __init__(self, document: Document, tables: Tables) -> None:
        self.document = document
        self.tables = tables
        self.year = document.get("edition", {}).get("year")
        self.edition = tables.editions.get(self.year)
        self.code = document.get("country", {}).get("code")
        self.country = tables.countries.get(self.code)
        self.allowed: dict[frozenset[str], list[str]] = {}
        self.policies = document.get("policies", [])
        self.references = document.get("references", [])
        self.keys = {reference.get("key") for reference in self.references}

    def problems(self) -> Iterator[Problem]:
        yield from self._where()
        yield from _twice("policies", "code", self.policies)
        yield from _twice("references", "key", self.references)
        sections = self.document.get("sections", [])
        yield from _twice("sections", "type", sections)
        for index, section in enumerate(sections):
            yield from self._section(f"sections[{index}]", section, policy=False)
        for index, policy in enumerate(self.policies):
            yield from self._policy(f"policies[{index}]", policy)
        yield from self._criteria()
        for index, reference in enumerate(self.references):
            yield from self._reference(f"references[{index}]", reference)
        yield from self._status()

    def _where(self) -> Iterator[Problem]:
        if self.code is not None and self.country is None:
            yield Problem("country.code", _("There is no country with this code."))
        if self.year is not None and self.edition is None:
            years = ", ".join(map(str, self.tables.editions))
            message = _("There is no such edition. There are: %(years)s.") % {"years": years}
            yield Problem("edition.year", message)

    def _policy(self, path: str, policy: Document) -> Iterator[Problem]:
        yield from _names(f"{path}.names", policy.get("names", []))
        yield from _address(f"{path}.url", policy.get("url", ""))
        if policy.keys() >= YEARS:
            yield from year_problems(path, policy)
        yield from self._continuity(f"{path}.continuous_since", policy.get("continuous_since"))
        if policy.keys() >= REGION:
            yield from region_problems(path, policy)
        for name, budget in policy.get("budget", {}).items():
            if budget.keys() >= BUDGET:
                yield from budget_problems(f"{path}.budget.{name}", budget)
        yield from self._prose(f"{path}.heading_note", policy.get("heading_note", ""))
        sections = policy.get("sections", [])
        yield from _twice(f"{path}.sections", "type", sections)
        for index, section in enumerate(sections):
            yield from self._section(f"{path}.sections[{index}]", section, policy=True)

    def _continuity(self, path: str, since: int | None) -> Iterator[Problem]:
        if since and self.edition and since > self.edition.collected_on.year:
            message = _("It is after %(year)s, the year of collection.")
            yield Problem(path, message % {"year": self.edition.collected_on.year})

    def _reference(self, path: str, reference: Document) -> Iterator[Problem]:
        if "title" in reference:
            yield from _blank(f"{path}.title", reference["title"])
        yield from _address(f"{path}.url", reference.get("url", ""))
        yield from self._prose(f"{path}.note", reference.get("note", ""))

    def _section(self, path: str, section: Document, *, policy: bool) -> Iterator[Problem]:
        yield from self._prose(f"{path}.text", section.get("text", ""))
        if "type" not in section:
            return
        allowed = self._allowed(POLICY if policy else OWN)
        if section["type"] not in allowed:
            yield Problem(f"{path}.type", not_one_of(section["type"], allowed))
            return
        yield from self._categories(f"{path}.categories", section)
        if section.get("text") and not self.tables.types[section["type"]].takes_text:
            yield Problem(f"{path}.text", _("This section takes no text."))

    def _allowed(self, parts: frozenset[str]) -> list[str]:
        if parts not in self.allowed:
            types = self.tables.applying(parts, self.country, self.edition)
            self.allowed[parts] = [type_.code for type_ in types if type_.code != "heading"]
        return self.allowed[parts]

    def _categories(self, path: str, section: Document) -> Iterator[Problem]:
        known = self.tables.categories.get(section["type"], {})
        used = section.get("categories", [])
        if used and not known:
            yield Problem(path, _("This section takes no categories."))
            return
        yield from _twice(path, "code", used)
        for index, use in enumerate(used):
            place = f"{path}[{index}]"
            if use.get("code", "") in known:
                yield from _detail(f"{place}.detail", use, known[use["code"]])
            elif "code" in use:
                yield Problem(f"{place}.code", not_one_of(use["code"], list(known)))

    def _prose(self, path: str, prose: str) -> Iterator[Problem]:
        for problem in text.problems(prose):
            yield Problem(path, problem)
        if "references" not in self.document or None in self.keys:
            return  # what can be cited is not known
        for key in text.unresolved(prose, self.keys):
            message = _("It cites “%(key)s”, which is not in the references.") % {"key": key}
            yield Problem(path, message + did_you_mean(key, sorted(self.keys)), CITATION)

    def _criteria(self) -> Iterator[Problem]:
        criteria = self.document.get("maturity", {}).get("criteria", [])
        yield from _twice("maturity.criteria", "code", criteria)
        for index, criterion in enumerate(criteria):
            yield from self._prose(f"maturity.criteria[{index}].text", criterion.get("text", ""))
        if self.edition is None:
            return
        points = self.tables.points(self.edition)
        for index, criterion in enumerate(criteria):
            path = f"maturity.criteria[{index}]"
            if criterion.get("code", "") in points:
                judged = criterion.get("judged") or {}
                yield from _judged(f"{path}.judged", judged, points[criterion["code"]])
            elif "code" in criterion:
                yield Problem(f"{path}.code", not_one_of(criterion["code"], list(points)))

    def _status(self) -> Iterator[Problem]:
        status = self.document.get("policies_status")
        if status != PoliciesStatus.NONE_EXIST or not self.edition:
            return
        year = self.edition.collected_on.year
        if in_force := [p["code"] for p in self.policies if _counts(p, year)]:
            message = _("It says that no policy exists, but these count: %(policies)s.")
            yield Problem("policies_status", message % {"policies": ", ".join(in_force)})


def _counts(policy: Document, year: int) -> bool:
    if not policy.keys() >= COUNTING:
        return False
    started = policy["starting_year"] is None or policy["starting_year"] <= year
    running = policy["ending_year"] is None or policy["ending_year"] >= year
    return started and running and not policy["is_example"]


def _detail(path: str, use: Document, category: Category) -> Iterator[Problem]:
    if "detail" not in use:
        return
    if use["detail"] and not category.needs_detail:
        yield Problem(path, _("This category takes no detail."))
    if category.needs_detail and not text.normalise(use["detail"]).strip():
        yield Problem(path, _("This category needs a detail."))


def _judged(path: str, judged: Document, allowed: Sequence[float]) -> Iterator[Problem]:
    if "points" in judged and judged["points"] not in allowed:
        message = not_one_of(judged["points"], [f"{value:g}" for value in allowed])
        yield Problem(f"{path}.points", message)
    for problem in text.problems(judged.get("reason", "")):
        yield Problem(f"{path}.reason", problem)


def _names(path: str, names: Sequence[Any]) -> Iterator[Problem]:
    seen = set()
    for index, name in enumerate(names):
        if not isinstance(name, str):
            continue
        place, plain = f"{path}[{index}]", text.normalise(name)
        yield from _blank(place, plain)
        if plain in seen and name not in names[:index]:  # else the shape has said so
            yield Problem(place, _("“%(name)s” stands there already.") % {"name": plain})
        seen.add(plain)


def _blank(path: str, line: str) -> Iterator[Problem]:
    if not text.normalise(line).strip():
        yield Problem(path, _("It must not be blank."))


def _address(path: str, address: str) -> Iterator[Problem]:
    try:
        if address:
            valid_address(address if address.isprintable() else "")
    except ValidationError as error:
        yield Problem(path, " ".join(error.messages))


def _twice(path: str, name: str, items: Sequence[Document]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, item in enumerate(items):
        if name not in item:
            continue
        if item[name] in seen:
            message = _("“%(value)s” stands already at %(path)s[%(index)s].") % {
                "value": item[name],
                "path": path,
                "index": seen[item[name]],
            }
            yield Problem(f"{path}[{index}].{name}", message)
        seen.setdefault(item[name], index)
