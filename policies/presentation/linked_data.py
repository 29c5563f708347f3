"""A version of a factsheet in the words of schema.org, for search engines."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from policies.presentation.citation import Citation, is_invented, one_line
from policies.presentation.words import Document

# As data inside a page: nothing in a text may end the element that holds it.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}


def linked_data(document: Document, citation: Citation, description: str) -> SafeString:
    """JSON-LD. An invented country has a name, but no place among the real ones."""
    country, edition = document["country"], document["edition"]
    place = {"@type": "Place" if is_invented(document) else "Country", "name": country["name"]}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": citation.address,
        "url": citation.address,
        "name": citation.title,
        "description": one_line(description),
        "creator": {"@type": "Organization", "name": citation.author},
        "publisher": {"@type": "Organization", "name": citation.publisher},
        "datePublished": citation.published.isoformat(),
        "version": str(citation.version),
        "inLanguage": document["language"],
        "temporalCoverage": str(edition["year"]),
        "spatialCoverage": place,
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "application/json",
                "contentUrl": f"{citation.address.rstrip('/')}.json",
            }
        ],
    }
    if citation.licence:
        data["license"] = _licence(citation.licence)
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPED))  # noqa: S308


def _licence(licence: str) -> str | dict[str, str]:
    is_address = licence.startswith(("https://", "http://")) and " " not in licence
    return licence if is_address else {"@type": "CreativeWork", "text": licence}
