"""The form of a what-if: every fact that can be another, as it is supposed now."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from policies.models import Kind, PoliciesStatus
from policies.presentation.what_if import KNOWN, standing_in_words
from policies.what_if.asking import FACTS, LABELS, NEW, YEARS, Asked
from scoring.facts import THREE_VALUED, PolicyFacts
from scoring.steps import KIND, LEFT_OUT, STATUS, is_new, new_policy

Options = list[tuple[str, str]]


@dataclass(frozen=True)
class Field:
    """A field with its value; `published` is the value that the address need not say."""

    name: str
    label: str
    value: str
    published: str
    options: Options

    @property
    def is_changed(self) -> bool:
        return self.value != self.published


@dataclass(frozen=True)
class Fieldset:
    """The facts of a policy; `standing` says why it does not count."""

    code: str
    name: str
    standing: str
    is_left_out: bool
    out: Field | None
    kind: Field
    years: list[Field]
    known: list[Field]

    @property
    def is_changed(self) -> bool:
        fields = (self.kind, *self.years, *self.known)
        return self.is_left_out or is_new(self.code) or any(each.is_changed for each in fields)


def status_field(asked: Asked) -> Field:
    options = [(str(value), str(label)) for value, label in PoliciesStatus.choices]
    published = str(asked.facts.status)
    return Field(STATUS, str(LABELS[STATUS]), str(asked.changed.status), published, options)


def fieldsets(asked: Asked) -> list[Fieldset]:
    """Of the policies that are recorded, and of those that the reader added."""
    supposed = {policy.code: policy for policy in asked.changed.policies}
    added = [supposed[code] for code in NEW if code in supposed]
    return [
        *(_fieldset(asked, supposed.get(code), was) for code, was in asked.recorded.items()),
        *(_fieldset(asked, policy, _begun(asked, policy)) for policy in added),
    ]


def _begun(asked: Asked, policy: PolicyFacts) -> PolicyFacts:
    """What a new policy is before anything else is said of it."""
    return new_policy(policy.code, policy.kind, asked.facts.collection_year)


def adding(asked: Asked) -> Field | None:
    """The kind of one more policy, while there is room for one."""
    taken = {policy.code for policy in asked.changed.policies}
    code = next((code for code in NEW if code not in taken), None)
    if code is None:
        return None
    options = [("", _("none")), *_kinds()]
    return Field(f"{code}.kind", _("Add a policy"), "", "", options)


def _fieldset(asked: Asked, supposed: PolicyFacts | None, was: PolicyFacts) -> Fieldset:
    shown = supposed or was
    fields = {fact: _field(word, fact, shown, was) for word, fact in FACTS.items()}
    return Fieldset(
        code=shown.code,
        name=shown.name,
        standing=standing_in_words(shown, asked.facts.collection_year),
        is_left_out=supposed is None,
        out=None if is_new(shown.code) else fields[LEFT_OUT],
        kind=fields[KIND],
        years=[fields[fact] for fact in YEARS],
        known=[fields[fact] for fact in THREE_VALUED],
    )


def _field(word: str, fact: str, shown: PolicyFacts, was: PolicyFacts) -> Field:
    """The kind of a new policy is always said: it makes the policy."""
    is_said = fact == KIND and is_new(shown.code)
    return Field(
        name=f"{shown.code}.{word}",
        label=str(LABELS[fact]),
        value=_value(shown, fact),
        published="" if is_said else _value(was, fact),
        options=_options(fact, is_new=is_new(shown.code)),
    )


def _value(policy: PolicyFacts, fact: str) -> str:
    value: Any = getattr(policy, fact, None)
    return "" if value is None else str(value)


def _options(fact: str, *, is_new: bool) -> Options:
    if fact == KIND:
        return [("", _("none: take it away")), *_kinds()] if is_new else _kinds()
    if fact in THREE_VALUED:
        return [(str(known), str(label)) for known, label in KNOWN.items()]
    return []


def _kinds() -> Options:
    return [(str(value), str(label)) for value, label in Kind.choices]


def example_names(asked: Asked) -> Iterable[str]:
    return [policy.name for policy in asked.facts.policies if policy.is_example]
