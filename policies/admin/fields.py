"""Form fields and widgets that the forms of facts share."""

import logging
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from policies.text import MAX_LENGTH, normalise

logger = logging.getLogger(__name__)

NAME_LENGTH = 500


class Prose(forms.Textarea):
    """A plain textarea for Markdown."""

    is_prose = True  # for the templates, which put the preview below

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"class": "prose-field", "rows": 5, "spellcheck": "true", "data-limit": MAX_LENGTH}
        super().__init__({**own, **(attrs or {})})


class DayInput(forms.DateInput):
    """The browser's own date field: works by keyboard everywhere and needs no script."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class NormalisedField(forms.CharField):
    """Compares texts as they are stored, so that a browser's line breaks are no change."""

    def to_python(self, value: Any) -> str:
        return normalise(super().to_python(value) or "")


class LinesField(NormalisedField):
    """A list of lines, each of at most `NAME_LENGTH` characters and none twice."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (
            " ".join(line.split("\t")).strip() for line in super().to_python(value).split("\n")
        )
        return [line for line in lines if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if any(len(line) > NAME_LENGTH for line in value):
            raise ValidationError(
                _("A line has at most %(limit)d characters."), params={"limit": NAME_LENGTH}
            )
        if len(set(value)) < len(value):
            raise ValidationError(_("The same line stands there twice."))


class RowField(forms.Field):
    """The row that a form of a fixed formset is about: one of those that the page shows."""

    widget = forms.HiddenInput

    def __init__(self, rows: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = rows

    def clean(self, value: Any) -> Any:
        if value not in self.rows:
            logger.warning("refused: a form names row %s, which is not one of its page", value)
            raise ValidationError(_("This row does not belong to this page."), code="foreign")
        return self.rows[value]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False
