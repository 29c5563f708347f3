"""What a revision or a document holds, laid out to be read."""

import json
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from policies.models import Reference, SectionType
from policies.text import Cited, FactsheetText


def bibliography(factsheet: int) -> dict[str, Cited]:
    """What the factsheet's texts may cite, as it stands now."""
    found = Reference.objects.filter(factsheet=factsheet)
    return {r.key: Cited(r.key, r.authors, r.year, r.title) for r in found}


def content_as_html(content: dict[str, Any], type_: SectionType, factsheet: int) -> SafeString:
    """A revision's content as a list of terms; its text as readers would see it."""
    if "categories" in content:
        labels = dict(type_.categories.values_list("code", "label"))
        uses = [
            {**use, "code": labels.get(use["code"], use["code"])} for use in content["categories"]
        ]
        content = {**content, "categories": uses}
    rows = [
        (key.replace("_", " "), _value(value)) for key, value in content.items() if key != "text"
    ]
    prose = content.get("text", "")
    return render_to_string(
        "admin/policies/_content.html",
        {"rows": rows, "prose": _rendered(prose, factsheet), "source": prose},
    )


def _value(value: Any) -> str:
    """Lists by their entries, a category by its code and detail, nothing as a dash."""
    if isinstance(value, list):
        return "; ".join(map(_value, value)) or "–"
    if isinstance(value, dict):
        return ", ".join(str(v) for v in value.values() if v not in (None, "")) or "–"
    return "–" if value in (None, "") else str(value)


def _rendered(prose: str, factsheet: int) -> SafeString:
    """A revision has no bibliography of its own, so it cites the draft's."""
    references = bibliography(factsheet) if "[@" in prose else {}
    return mark_safe(FactsheetText(references).html(prose, ""))  # noqa: S308  sanitised by policies.text


def json_as_html(value: Any) -> SafeString:
    return format_html(
        '<pre tabindex="0">{}</pre>', json.dumps(value, ensure_ascii=False, indent=2)
    )
