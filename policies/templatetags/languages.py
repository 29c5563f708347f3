"""The page at hand in the other languages."""

from django import template

from policies.addresses import absolute
from policies.languages import Version, page, versions, without_language

register = template.Library()


@register.simple_tag
def languages() -> list[Version]:
    """Where to read the same page in each language."""
    return versions()


@register.simple_tag
def alternates(canonical: str | None = None) -> list[tuple[str, str]]:
    """The whole addresses for search engines by language; English is for whoever reads none."""
    if not page().address:
        return []
    found = versions((canonical or "").removeprefix(absolute("")))
    by_language = [(version.code, absolute(version.address)) for version in found]
    return [*by_language, ("x-default", absolute(without_language(found[0].address)))]
