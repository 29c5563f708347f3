"""A frozen document in the language of the page: what has a code is named by it.

What people wrote keeps its own language (`document["language"]`) and is marked so.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policies.languages import ENGLISH, language
from policies.models import Category, Of, SectionType
from policies.presentation.words import Document, titled
from policies.tongues import in_language, put_into
from policies.wording import said, said_like
from scoring.reasons import Reason, plain_points, words

OF_A_SECTION = ("text", "availability_note")
OF_A_POLICY = ("region", "heading_note")
OF_A_REFERENCE = ("note",)  # a source has a language of its own, which nobody records


def translated(document: Document) -> Document:
    """The document itself in English, else one in which labels, titles and reasons are.

    One that is not written in the language of the page says so of all that people wrote; its
    HTML is left to the template.
    """
    own = document["language"]
    if language() == own == ENGLISH:
        return document
    edition = document["edition"]
    label = said(Of.EDITION, str(edition["year"]), "label", edition["label"])
    return {
        **document,
        "country": named(document["country"]),
        "edition": {**edition, "label": label},
        "sections": [_section(section, own) for section in document["sections"]],
        "policies": [_policy(policy, own) for policy in document["policies"]],
        "maturity": _maturity(document["maturity"], own),
        "references": [_written(each, OF_A_REFERENCE, own) for each in document["references"]],
    }


def named(country: dict[str, Any]) -> dict[str, Any]:
    return {**country, "name": said(Of.COUNTRY, country["code"], "name", country["name"])}


def _written(row: Mapping[str, Any], names: Iterable[str], own: str) -> dict[str, Any]:
    return {**row, **{name: in_language(row[name], own) for name in names if row.get(name)}}


def _policy(policy: dict[str, Any], own: str) -> dict[str, Any]:
    return {
        **_written(policy, OF_A_POLICY, own),
        "names": [in_language(name, own) for name in policy["names"]],
        "budget": {
            name: _written(budget, ["words"], own) for name, budget in policy["budget"].items()
        },
        "sections": [_section(section, own) for section in policy["sections"]],
    }


def _section(section: dict[str, Any], own: str) -> dict[str, Any]:
    code = section["type"]
    found = _written(section, OF_A_SECTION, own)
    for name in ("heading", "title"):
        if name in section:
            found[name] = said(Of.SECTION, code, name, section[name])
    if "categories" in section:
        found["categories"] = [_category(code, each, own) for each in section["categories"]]
    return found


def _category(section: str, category: dict[str, Any], own: str) -> dict[str, Any]:
    key = f"{section}.{category['code']}"
    label = said(Of.CATEGORY, key, "label", category["label"])
    return {**_written(category, ["detail"], own), "label": label}


def _maturity(maturity: dict[str, Any], own: str) -> dict[str, Any]:
    rubric, facts = maturity["rubric"], maturity["facts"]
    policies = [_written(policy, ["name"], own) for policy in facts["policies"]]
    return {
        **maturity,
        "facts": {**facts, "policies": policies},
        "criteria": [_criterion(rubric, each, own) for each in maturity["criteria"]],
    }


def _criterion(rubric: str, criterion: dict[str, Any], own: str) -> dict[str, Any]:
    key = f"{rubric}.{criterion['code']}"
    texts = {
        name: said(Of.CRITERION, key, name, criterion[name]) for name in ("title", "description")
    }
    reasons = [{**each, "text": _reason(each, own)} for each in criterion["derived"]["reasons"]]
    judged = criterion["judged"]
    return {
        **_written(criterion, ["text"], own),
        **texts,
        "derived": {**criterion["derived"], "reasons": reasons},
        "judged": judged and _written(judged, ["reason"], own),
        "levels": [_level(key, level) for level in criterion["levels"]],
    }


def _reason(reason: dict[str, Any], own: str) -> str:
    """As it was frozen in English, and where no rule is left that says it."""
    parameters = reason["parameters"]
    has_names = "policies" in parameters

    def say(names: Sequence[str]) -> str:
        given = {**parameters, "policies": names} if has_names else parameters
        return words(Reason(reason["code"], given))

    try:
        found = put_into(say, [in_language(each, own) for each in parameters.get("policies", ())])
    except KeyError:
        return in_language(reason["text"], ENGLISH)
    return reason["text"] if language() == ENGLISH and found != reason["text"] else found


def _level(criterion: str, level: dict[str, Any]) -> dict[str, Any]:
    key = f"{criterion}.{plain_points(str(level['points']))}"
    labels = {name: said(Of.LEVEL, key, name, level[name]) for name in ("label", "annex_label")}
    return {**level, **labels}


# Rows of the reference tables


def section_name(section: SectionType) -> str:
    """The heading, and the title where that says more."""
    heading, title = (
        said(Of.SECTION, section.code, name, getattr(section, name))
        for name in ("heading", "title")
    )
    return title if section.title == section.heading else titled(heading, title)


def category_text(category: Category, name: str = "label") -> str:
    key = f"{category.section_type.code}.{category.code}"
    return said(Of.CATEGORY, key, name, getattr(category, name))


def country_name(english: str) -> str:
    """What a country is called today."""
    return said_like(Of.COUNTRY, "name", english)


def level_label(english: str) -> str:
    """As it stands beside a publication."""
    return said_like(Of.LEVEL, "label", english)
