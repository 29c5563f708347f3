"""A frozen document in the language of the page: what has a code is named by it.

What people wrote keeps its own language (`document["language"]`).
"""

from typing import Any

from policies.languages import ENGLISH, language
from policies.models import Category, Of, SectionType
from policies.presentation.words import Document
from policies.wording import said, said_like
from scoring.reasons import Reason, plain_points, words


def translated(document: Document) -> Document:
    """The document itself in English, else one in which labels, titles and reasons are."""
    if language() == ENGLISH:
        return document
    edition = document["edition"]
    label = said(Of.EDITION, str(edition["year"]), "label", edition["label"])
    return {
        **document,
        "country": named(document["country"]),
        "edition": {**edition, "label": label},
        "sections": [_section(section) for section in document["sections"]],
        "policies": [
            {**policy, "sections": [_section(section) for section in policy["sections"]]}
            for policy in document["policies"]
        ],
        "maturity": _maturity(document["maturity"]),
    }


def named(country: dict[str, Any]) -> dict[str, Any]:
    return {**country, "name": said(Of.COUNTRY, country["code"], "name", country["name"])}


def _section(section: dict[str, Any]) -> dict[str, Any]:
    code = section["type"]
    titles: dict[str, Any] = {
        name: said(Of.SECTION, code, name, section[name])
        for name in ("heading", "title")
        if name in section
    }
    if "categories" not in section:
        return {**section, **titles}
    categories = [_category(code, category) for category in section["categories"]]
    return {**section, **titles, "categories": categories}


def _category(section: str, category: dict[str, Any]) -> dict[str, Any]:
    key = f"{section}.{category['code']}"
    return {**category, "label": said(Of.CATEGORY, key, "label", category["label"])}


def _maturity(maturity: dict[str, Any]) -> dict[str, Any]:
    rubric = maturity["rubric"]
    return {**maturity, "criteria": [_criterion(rubric, each) for each in maturity["criteria"]]}


def _criterion(rubric: str, criterion: dict[str, Any]) -> dict[str, Any]:
    key = f"{rubric}.{criterion['code']}"
    texts = {
        name: said(Of.CRITERION, key, name, criterion[name]) for name in ("title", "description")
    }
    reasons = [{**each, "text": _reason(each)} for each in criterion["derived"]["reasons"]]
    return {
        **criterion,
        **texts,
        "derived": {**criterion["derived"], "reasons": reasons},
        "levels": [_level(key, level) for level in criterion["levels"]],
    }


def _reason(reason: dict[str, Any]) -> str:
    """As it was frozen where no rule is left that says it."""
    try:
        return words(Reason.from_dict(reason))
    except KeyError:
        return reason["text"]


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
    return title if section.title == section.heading else f"{heading}: {title}"


def category_text(category: Category, name: str = "label") -> str:
    key = f"{category.section_type.code}.{category.code}"
    return said(Of.CATEGORY, key, name, getattr(category, name))


def country_name(english: str) -> str:
    """What a country is called today."""
    return said_like(Of.COUNTRY, "name", english)


def level_label(english: str) -> str:
    """As it stands beside a publication."""
    return said_like(Of.LEVEL, "label", english)
