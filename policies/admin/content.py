"""What a revision or a document holds, laid out to be read."""

import json
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from policies.differences import title_of, value_of
from policies.models import Reference, SectionType
from policies.presentation.words import DASH
from policies.text import Cited, FactsheetText


def bibliography(factsheet: int) -> dict[str, Cited]:
    """What the factsheet's texts may cite, as it stands now."""
    found = Reference.objects.filter(factsheet=factsheet)
    return {r.key: Cited(r.key, r.authors, r.year, r.title) for r in found}


def content_as_html(
    content: dict[str, Any],
    type_: SectionType,
    factsheet: int,
    references: dict[str, Cited] | None = None,
) -> SafeString:
    """A revision's content as a list of terms; its text as readers would see it.

    `references` is the bibliography, if the page has read it already.
    """
    if "categories" in content:
        labels = {category.code: category.label for category in type_.categories.all()}
        uses = [
            {**use, "code": labels.get(use["code"], use["code"])} for use in content["categories"]
        ]
        content = {**content, "categories": uses}
    rows = [(title_of(key), _value(key, value)) for key, value in content.items() if key != "text"]
    prose = content.get("text", "")
    if references is None:
        references = bibliography(factsheet) if "[@" in prose else {}
    texts = FactsheetText(references)
    context = {
        "rows": rows,
        "source": prose,
        # A revision has no bibliography of its own, so it cites the draft's.
        "prose": mark_safe(texts.html(prose, "")),  # noqa: S308  sanitised by policies.text
        "footnotes": [mark_safe(note["html"]) for note in texts.footnotes],  # noqa: S308
    }
    return render_to_string("admin/policies/_content.html", context)


def _value(key: str, value: Any) -> str:
    """Lists by their entries, a category by its code and detail, nothing as a dash."""
    if isinstance(value, list):
        return "; ".join(_value("", item) for item in value) or DASH
    if isinstance(value, dict):
        return (
            ", ".join(_value(name, v) for name, v in value.items() if v not in (None, "")) or DASH
        )
    return value_of(key, value)


def json_as_html(value: Any) -> SafeString:
    return format_html(
        '<pre tabindex="0">{}</pre>', json.dumps(value, ensure_ascii=False, indent=2)
    )
