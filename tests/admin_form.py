"""Reads a form of the admin from its page, as a browser without scripts would send it."""

from html.parser import HTMLParser
from typing import Any

from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

Data = dict[str, Any]


class _Form(HTMLParser):
    def __init__(self, id_: str) -> None:
        super().__init__()
        self.id = id_
        self.inside = False
        self.data: Data = {}
        self.textarea: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.id
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "textarea":
            self.textarea = name
            self.data[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.data[self.select] = given["value"]
        elif tag == "input" and name:
            self._input(name, given)

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind == "checkbox" and "checked" in given:
            self.data.setdefault(name, []).append(given.get("value", "on"))
        elif kind not in ("checkbox", "submit", "button"):
            self.data[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.data[self.textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea:
            typed = self.data[self.textarea].removeprefix("\n")
            self.data[self.textarea] = typed.replace("\r\n", "\n").replace("\n", "\r\n")
            self.textarea = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False


def form_data(html: str, id_: str) -> Data:
    """What the form with this id would send; line breaks as browsers send them."""
    reader = _Form(id_)
    reader.feed(html)
    reader.close()
    assert reader.data, f"no form {id_!r} on the page"
    return reader.data


def prefix_of(data: Data, prefix: str, pk: int) -> str:
    """The prefix of the row with this key in a formset, such as `sections-3`."""
    return next(
        name.removesuffix("-id")
        for name, value in data.items()
        if name.startswith(f"{prefix}-") and name.endswith("-id") and value == str(pk)
    )


def said(response: Any) -> list[str]:
    """The messages that the next page will show."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def errors(response: Any) -> str:
    """The page that shows a form again because it was not saved."""
    assert response.status_code == 200
    return response.text


def queries(client: Client, address: str) -> int:
    """How often a page asks the database, once what a process keeps is known."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)
