"""What a rule and a finding are, and the register of all rules."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from policies.lint.sheet import Sheet


class Severity(TextChoices):
    """An error blocks publishing; a warning asks for a reason."""

    ERROR = "error", _("Error")
    WARNING = "warning", _("Warning")


@dataclass(frozen=True)
class Finding:
    """Something to look at, with words in the language that was active when it was found."""

    rule: str
    severity: Severity
    anchor: str  # of the section: "<policy>.<type>", "<type>", or "" for the whole factsheet
    message: str
    hint: str
    about: tuple[str, ...] = field(default=(), repr=False)  # what it is about, in no language


class Found(NamedTuple):
    """What a rule yields. `about` tells findings at one address apart, in any language."""

    anchor: str
    message: str
    about: tuple[str, ...] = ()


Check: TypeAlias = Callable[[Sheet], Iterator[Found]]


@dataclass(frozen=True)
class Rule:
    code: str
    severity: Severity
    title: Promise
    hint: Promise  # what to do
    check: Check

    def findings(self, sheet: Sheet) -> Iterator[Finding]:
        for anchor, message, about in self.check(sheet):
            yield Finding(self.code, self.severity, anchor, message, str(self.hint), about)


RULES: dict[str, Rule] = {}


def error(code: str, title: Promise, hint: Promise) -> Callable[[Check], Check]:
    return _rule(code, Severity.ERROR, title, hint)


def warning(code: str, title: Promise, hint: Promise) -> Callable[[Check], Check]:
    return _rule(code, Severity.WARNING, title, hint)


def _rule(code: str, severity: Severity, title: Promise, hint: Promise) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        RULES[code] = Rule(code, severity, title, hint, check)
        return check

    return register


def fingerprint(findings: Iterable[Finding]) -> dict[str, str]:
    """A hash per rule that has findings: the same in every language and order of policies.

    A reason given for a rule's findings holds as long as their hash stays.
    """
    found: dict[str, list[tuple[str, ...]]] = {}
    for finding in findings:
        found.setdefault(finding.rule, []).append((finding.anchor, *finding.about))
    return {rule: _digest(sorted(parts)) for rule, parts in found.items()}


def _digest(parts: list[tuple[str, ...]]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
