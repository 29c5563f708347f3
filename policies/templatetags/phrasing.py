"""Words put together as the language of the page does it."""

from django import template

from policies.presentation import words

register = template.Library()

register.filter(words.enumerated)
