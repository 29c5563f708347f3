"""What the review page puts into the public templates; on public pages it is nothing at all."""

from typing import Any

from django import template
from django.template.loader import render_to_string

register = template.Library()


@register.simple_tag(takes_context=True)
def strip(context: dict[str, Any], anchor: str) -> str:
    """What a reviewer needs beside the part of a factsheet that has this address."""
    review = context.get("review")
    found = review.strips.get(anchor) if review else None
    if found is None:
        return ""
    return render_to_string("admin/policies/_strip.html", {"strip": found, "review": review})
