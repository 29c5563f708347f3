"""Text that marks itself: wherever a template shows it, `lang` says what is in another language.

An attribute, a title and an option have no room for marks: there write `{{ text|force_escape }}`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.html import conditional_escape, escape, format_html

from policies.languages import language


class Marked(str):
    """Plain text, which templates show as `html`. All of it is in `language`, unless that is empty.

    Of `%`, `join` and f-strings only the plain text is left; `filled`, `put_into` and `joined` keep
    the marks.
    """

    html: str
    language: str

    def __new__(cls, text: str, html: str = "", language: str = "") -> "Marked":
        marked = super().__new__(cls, text)
        marked.html, marked.language = html, language
        return marked

    def __str__(self) -> str:
        return self

    def __html__(self) -> str:
        return self.html


def in_language(text: str, code: str) -> str:
    """Marked unless that is the language of the page; `bdi`, for no style is meant for it."""
    if not text or isinstance(text, Marked) or code in ("", language()):
        return text
    return Marked(text, format_html('<bdi lang="{}">{}</bdi>', code, text), code)


def like(other: str, text: str) -> str:
    """In the language of the other."""
    return in_language(text, other.language) if isinstance(other, Marked) else text


def filled(pattern: Any, values: Mapping[str, Any]) -> str:
    """What `pattern % values` says."""
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    return put_into(
        lambda given: str(pattern % {**values, **dict(zip(texts, given, strict=True))}),
        list(texts.values()),
    )


def joined(between: str, texts: Sequence[str]) -> str:
    return put_into(between.join, texts)


def put_into(say: Callable[[Sequence[str]], str], texts: Sequence[str]) -> str:
    """What `say` makes of the texts, each of which it puts in as it is."""
    said = say(texts)
    if not any(isinstance(text, Marked) for text in texts):
        return said
    html: str = escape(say([_place(number) for number in range(len(texts))]))
    for number, text in enumerate(texts):
        html = html.replace(_place(number), conditional_escape(text))
    return Marked(said, html)


def _place(number: int) -> str:
    """No text has such signs (`text.door`)."""
    return f"\0{number}\0"
