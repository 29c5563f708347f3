"""Two people with one page open: what one did not touch stays as the other saved it."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from policies.text import normalise

OWN = "seen"  # the field that carries what the page showed


class SeenField(forms.CharField):
    """A digest of what the page showed; a difference is no edit."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class OvertakingForm(forms.ModelForm):
    """Compares what was shown, what is stored now, and what was typed.

    Typed as shown: the row is left alone. Typed otherwise, and stored otherwise than shown: a
    colleague was quicker, which is an error.
    """

    seen = SeenField()

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name == OWN:
            return self.stored if self.instance.pk else ""
        return super().get_initial_for_field(field, field_name)

    @cached_property
    def stored(self) -> str:
        """The digest of the row as it is now."""
        initial = super().get_initial_for_field
        return _digest(
            (name, _plain(_sent(field, initial(field, name)))) for name, field in self._own_fields()
        )

    @cached_property
    def typed(self) -> str:
        """The digest of what the browser sent."""
        return _digest((name, _plain(self[name].data)) for name, _field in self._own_fields())

    def _own_fields(self) -> Iterable[tuple[str, forms.Field]]:
        return (
            (name, field)
            for name, field in self.fields.items()
            if name not in (OWN, "DELETE") and not isinstance(field.widget, forms.HiddenInput)
        )

    @cached_property
    def changed_data(self) -> list[str]:
        return [] if self.is_bound and self._shown == self.typed else super().changed_data

    @property
    def _shown(self) -> str:
        return self[OWN].data or ""

    def _save_m2m(self) -> None:
        if self.changed_data:
            super()._save_m2m()  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.changed_data and self._shown and self._shown != self.stored:
            message = _(
                "A colleague changed this after you opened the page, so nothing was saved. Keep a "
                "copy of what you typed here, open the page anew and bring both together."
            )
            raise ValidationError(message, code="overtaken")
        return data


def _sent(field: forms.Field, initial: Any) -> Any:
    """An initial value as the browser would send it back."""
    value = field.prepare_value(initial() if callable(initial) else initial)
    if isinstance(value, bool | list | tuple | set):
        return value
    return field.widget.format_value(value)


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple | set):
        return "\n".join(sorted(map(_plain, value)))
    if value is None or isinstance(value, bool):
        return "on" if value else ""
    return normalise(str(value)).strip()


def _digest(values: Iterable[tuple[str, str]]) -> str:
    text = "\x1f".join(f"{name}={value}" for name, value in values)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
