"""Two people with one page open: nothing that one saved is overwritten by the other unseen.

A form has parts, each of which belongs to one section. Of every part three states are compared:
as the page showed it, as it is stored now, and as it was typed (`Versions.fate`). A part that both
people changed is overtaken: what was typed is withheld, the rest of the page is saved, and a
second run of the page shows both versions (`conflicts.py`).

Whatever a page shows next, it carries the digests of what is stored by then: pressing Save again
is meant.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import cached_property

from policies.text import normalise

SEEN = "seen"  # the field that carries what the page showed, as digests
KEEP = "keep"  # the boxes that give up what was typed in an overtaken part


class Fate(Enum):
    """What becomes of a part when its page is saved."""

    STAYS = "what is stored stays"
    TAKEN = "what was typed is saved"
    OVERTAKEN = "what was typed is withheld"


@dataclass(frozen=True)
class Versions:
    """The fields of a form that belong to one section, with a digest of each of their states."""

    names: list[str]
    shown: str
    stored: str
    typed: str

    @property
    def fate(self) -> Fate:
        if self.typed in (self.shown, self.stored):
            return Fate.STAYS
        return Fate.TAKEN if self.shown == self.stored else Fate.OVERTAKEN


@dataclass
class Attempt:
    """One press of Save: the first run of the page saves, a second one shows what it withheld."""

    since: int = 0  # the last revision before it
    withheld: set[str] = field(default_factory=set)
    saved: bool = False
    shows: bool = False


def attempt_of(request: HttpRequest) -> Attempt:
    return request.__dict__.setdefault("attempt", Attempt())


class CarriedField(forms.CharField):
    """What the page was opened with; a difference is no edit."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class OvertakingForm(forms.ModelForm):
    """Takes what was typed, but for the parts that stay as they are and those overtaken."""

    seen = CarriedField()
    attempt: Attempt | None = None  # of the request: the admin sets it on a class made for that
    conflicts: Mapping[str, Any] = {}  # the overtaken parts as the page shows them
    is_gone = False  # the row was deleted after the page had been opened

    def section_of(self, name: str) -> str:
        """The type of the section that a field belongs to."""
        raise NotImplementedError

    def key(self, part: str) -> str:
        """The name of a part on its page."""
        return f"{self.prefix or ''}:{part}"

    @cached_property
    def parts(self) -> dict[str, Versions]:
        """By section. A row that is new, or gone, has nothing stored."""
        fields = defaultdict(list)
        for name, field_ in self.fields.items():
            if not isinstance(field_.widget, forms.HiddenInput):
                fields[self.section_of(name)].append(name)
        shown = dict(zip(fields, (self.typed(SEEN) or "").split(), strict=False))
        return {
            section: Versions(names, shown.get(section, ""), *map(_digest, self._states(names)))
            for section, names in fields.items()
        }

    def _states(self, names: list[str]) -> Iterable[dict[str, Any]]:
        yield {name: _sent(self.fields[name], self.stored(name)) for name in names}
        yield {name: self.typed(name) for name in names}

    def stored(self, name: str) -> Any:
        """The value of a field as it is in the database, prepared for its widget."""
        field_ = self.fields[name]
        return field_.prepare_value(self.get_initial_for_field(field_, name))

    def typed(self, name: str) -> Any:
        """The value of a field as the browser sent it."""
        widget = self.fields[name].widget
        return widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    # What becomes of the parts

    @property
    def was_stored(self) -> bool:
        """Whether the page showed a row; a new one can't be overtaken."""
        return bool(self.instance.pk) or self.is_gone

    @cached_property
    def fates(self) -> dict[str, Fate]:
        if not self.is_bound or not self.was_stored:
            return {}
        return {section: self._fate(section) for section in self.parts}

    def _fate(self, section: str) -> Fate:
        attempt, key = self.attempt or Attempt(), self.key(section)
        if attempt.saved:  # what was not withheld is stored by now
            return Fate.OVERTAKEN if key in attempt.withheld else Fate.STAYS
        if key in self.data.getlist(KEEP):  # type: ignore[attr-defined]
            return Fate.STAYS
        return self.parts[section].fate

    @property
    def overtaken(self) -> list[str]:
        return [section for section, fate in self.fates.items() if fate is Fate.OVERTAKEN]

    @cached_property
    def instead(self) -> dict[str, Any]:
        """What stands in place of what the browser sent."""
        if not self.fates:
            return {}
        carried = [n for n, field_ in self.fields.items() if isinstance(field_, CarriedField)]
        stays = [section for section, fate in self.fates.items() if fate is Fate.STAYS]
        return self._as_stored(carried) | self._as_stored(self._names(stays))

    def _names(self, sections: Iterable[str]) -> Iterable[str]:
        return (name for section in sections for name in self.parts[section].names)

    def _as_stored(self, names: Iterable[str]) -> dict[str, Any]:
        return {self.add_prefix(name): self.stored(name) for name in names}

    # How Django's form is told

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name == SEEN:
            return " ".join(p.stored for p in self.parts.values()) if self.was_stored else ""
        return super().get_initial_for_field(field, field_name)

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any:
        if html_name in self.instead:
            return self.instead[html_name]
        return super()._widget_data_value(widget, html_name)  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        return super().clean() or self.cleaned_data

    def full_clean(self) -> None:
        """What was typed must be valid, even where it then has to wait."""
        super().full_clean()
        if self.attempt and self.overtaken and not self.attempt.shows:
            self.attempt.withheld.update(map(self.key, self.overtaken))
            if not self.errors:
                self.instead |= self._as_stored(self._names(self.overtaken))
                self.__dict__.pop("changed_data", None)
                super().full_clean()

    def is_valid(self) -> bool:
        """A run that only shows saves nothing."""
        return not (self.attempt and self.attempt.shows) and super().is_valid()

    def _save_m2m(self) -> None:
        if self.changed_data:
            super()._save_m2m()  # type: ignore[misc]


def _sent(field: forms.Field, value: Any) -> Any:
    """A prepared value as the browser would send it back."""
    return (
        value if isinstance(value, bool | list | tuple | set) else field.widget.format_value(value)
    )


def plain(value: Any) -> str:
    if isinstance(value, list | tuple | set):
        return "\n".join(sorted(map(plain, value)))
    if value is None or isinstance(value, bool):
        return "on" if value else ""
    return normalise(str(value)).strip()


def _digest(values: Mapping[str, Any]) -> str:
    """Of what says something, so that a field that comes or goes empty makes no difference."""
    said = ((name, plain(value)) for name, value in values.items())
    text = "\x1f".join(f"{name}={value}" for name, value in said if value)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
