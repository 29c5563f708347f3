"""The languages of the public pages: an address says which one, and nothing else does.

English has no prefix, so that addresses which are printed somewhere stay what they are.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_script_prefix, path
from django.utils.translation import get_language, get_language_from_path, override

ENGLISH = settings.LANGUAGE_CODE


@dataclass(frozen=True)
class Version:
    """A page in one of the languages, whose own name for itself is `name`."""

    code: str
    name: str
    address: str
    is_current: bool


def language() -> str:
    """The language that the page at hand is written in."""
    return get_language() or ENGLISH


def in_each_language(urlconf: str) -> tuple[list[URLPattern | URLResolver], str, str]:
    """What `include` gives, with the pages in every language.

    A page's address ends with a slash. The others are for machines: they are in English only and
    have no prefix. Django would have prefixes in the root alone, because its own middleware
    looks for them there; ours looks at the address.
    """
    found = import_module(urlconf)
    pages = [each for each in found.urlpatterns if str(each.pattern).endswith("/")]
    pages += [each for each in found.urlpatterns if not str(each.pattern)]
    others = [each for each in found.urlpatterns if each not in pages]
    prefixed = i18n_patterns(*pages, prefix_default_language=False)
    return [*others, path("", (prefixed, None, None))], found.app_name, found.app_name


def by_address(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Middleware: cookies and headers have no say, so that everybody gets the same page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        code = get_language_from_path(request.path_info) or ENGLISH
        with override(code), shown_at(""):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return middleware


@dataclass
class Page:
    """The page that is made at the moment; without an address, only word that there is none.

    `words` is what was read once for all of it, by language.
    """

    address: str = ""
    words: dict[str, Any] = field(default_factory=dict)


_page: ContextVar[Page | None] = ContextVar("page", default=None)


def page() -> Page:
    return _page.get() or Page()


@contextmanager
def shown_at(address: str) -> Iterator[None]:
    """What is rendered meanwhile stands at this address of the site."""
    token = _page.set(Page(address, page().words))
    try:
        yield
    finally:
        _page.reset(token)


# The page at hand in the other languages


def versions(address: str = "") -> list[Version]:
    """This page, or the one at `address`, in every language; home, where there is no page."""
    home = get_script_prefix()
    rest = without_language(address or page().address).removeprefix(home)
    return [
        Version(
            code=code,
            name=name,
            address=home + ("" if code == ENGLISH else f"{code}/") + rest,
            is_current=code == language(),
        )
        for code, name in settings.LANGUAGES
    ]


def without_language(address: str) -> str:
    """The English address of the same page, under which machines and citations know it."""
    home = get_script_prefix()
    for code, _name in settings.LANGUAGES:
        prefix = f"{home}{code}/"
        if code != ENGLISH and address.startswith(prefix):
            return home + address.removeprefix(prefix)
    return address
