"""A block of a page once more: what its title says is said to search engines, too."""

from typing import Any

from django import template
from django.template.base import NodeList
from django.template.loader_tags import BlockNode

register = template.Library()


@register.simple_tag(takes_context=True)
def again(context: Any, block: str) -> str:
    """What the page's own block of this name says; Django lets a template name it only once."""
    return BlockNode(block, NodeList()).render(context)
