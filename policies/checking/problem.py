"""A problem: its place and its words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Problem:
    """A place in a document, such as `policies[0].kind`, and what is wrong there."""

    path: str
    message: str
    code: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class InvalidDocument(Exception):
    """A document that can not be loaded; `problems` holds every reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


def not_one_of(value: Any, allowed: Sequence[str]) -> str:
    message = _("“%(value)s” is not one of: %(allowed)s.") % {
        "value": cut(str(value)),
        "allowed": ", ".join(allowed),
    }
    return message + did_you_mean(str(value), allowed)


def did_you_mean(value: str, allowed: Sequence[str]) -> str:
    near = get_close_matches(value[:200], allowed, n=1)
    return " " + _("Did you mean “%(near)s”?") % {"near": near[0]} if near else ""


def cut(value: str) -> str:
    return value if len(value) <= 60 else value[:59] + "…"
