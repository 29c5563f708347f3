"""The page at hand in the other languages."""

from django import template

from policies.addresses import absolute, by_language
from policies.languages import Version, page, versions

register = template.Library()


@register.simple_tag
def languages() -> list[Version]:
    """Where to read the same page in each language."""
    return versions()


@register.simple_tag
def alternates(canonical: str | None = None) -> list[tuple[str, str]]:
    """The whole addresses for search engines by language."""
    if not page().address:
        return []
    return by_language((canonical or "").removeprefix(absolute("")) or page().address)
