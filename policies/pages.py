"""Public pages: rendered once per state and release, remembered, answered with 304 when known.

A page's state is whatever its content depends on, read by the one query that proves it fresh.
Public pages show no user state, so the session is never touched and every reader shares them.
"""

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from functools import partial, wraps
from threading import Lock
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from policies.languages import shown_at
from policies.missing import Missing, Refused

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
SIZE = 32_000_000  # bytes that each server process remembers: some 1,500 factsheets, compressed

_TAKES_GZIP = re.compile(
    r"(?:^|,)\s*gzip\s*(?:;\s*q=(?:1(?:\.0*)?|0?\.0*[1-9][0-9]*)\s*)?(?:,|$)", re.IGNORECASE
)


class Shelf:
    """The pages read most recently, one per address and language, each with its validator.

    `size` bounds how long they are together: a comparison may be ten times as long as a list.
    """

    def __init__(self, size: int) -> None:
        self.size, self._held = size, 0
        self._pages: OrderedDict[tuple[Any, ...], tuple[str, Any]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: tuple[Any, ...], etag: str, render: Callable[[], Any]) -> Any:
        """The remembered page if its validator still holds, else a new one."""
        with self._lock:
            known, page = self._pages.get(key, ("", ""))
        if known != etag:
            page = render()
        with self._lock:
            self._held += len(page) - len(self._pages.pop(key, ("", ""))[1])
            self._pages[key] = (etag, page)
            while self._held > self.size:
                _key, (_etag, oldest) = self._pages.popitem(last=False)
                self._held -= len(oldest)
        return page


shelf = Shelf(SIZE)


def respond(
    request: HttpRequest,
    state: Any,
    render: Callable[[], Any],
    *,
    address: str | None = None,
    status: int = 200,
    content_type: str = HTML,
    remember: bool = True,
) -> HttpResponse:
    """The page of this address in this state; `render` runs only if it is not remembered.

    `address` replaces the request's own.
    """
    key = (address or request.path, get_language())
    etag = _etag((key, status, state))
    response = get_conditional_response(request, etag) if status == 200 else None
    if response is None:
        made = partial(_made, render, key[0])
        page = shelf.take(key, etag, made) if remember else made()
        response = _answer(request, page, content_type, status)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


def _made(render: Callable[[], str | bytes], address: str) -> bytes:
    """Compressed; links to other languages keep what the address asks for, without its junk."""
    with shown_at(address):
        page = render()
    return gzip.compress(page.encode() if isinstance(page, str) else page, 6, mtime=0)


def _answer(request: HttpRequest, packed: bytes, content_type: str, status: int) -> HttpResponse:
    """Compressed for whoever takes it so: no page holds a secret that its length could tell."""
    takes = _TAKES_GZIP.search(request.headers.get("Accept-Encoding", ""))
    page = packed if takes else gzip.decompress(packed)
    response = HttpResponse(page, content_type=content_type, status=status)
    if takes:
        response.headers["Content-Encoding"] = "gzip"
    return response


def answers_refusals(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that answers an address which can't be with the page that says what to change."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            return nothing_here(refused.missing, refused.status)

    return answered


def nothing_here(found: Missing, status: int = 404) -> HttpResponse:
    """The page of an address where nothing is, which says where else to look."""
    page = render_to_string("policies/missing.html", {"missing": found, "status": status})
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-cache"})


def _etag(state: Any) -> str:
    """Weak, for compressed or not it is the same page; while developing, edits show at once."""
    release = uuid4().hex if settings.DEBUG else settings.RELEASE
    return f'W/"{hashlib.sha256(repr((state, release)).encode()).hexdigest()[:32]}"'
