"""Model fields that keep texts equal to the byte wherever they go, and addresses safe."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models

from policies import text


def validate_length(value: str) -> None:
    if problems := text.problems(value):
        raise ValidationError(problems, code="too_long")


class _Normalised(models.Field):
    """Normalises at the door: when a form is cleaned, a row saved, a lookup prepared."""

    def to_python(self, value: Any) -> Any:
        return self._normalise(super().to_python(value))

    def get_prep_value(self, value: Any) -> Any:
        return self._normalise(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self._normalise(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def _normalise(self, value: Any) -> Any:
        return text.normalise(value) if isinstance(value, str) else value


class ProseField(_Normalised, models.TextField):
    """A text in Markdown of at most `text.MAX_LENGTH` UTF-16 units, kept to the byte."""

    default_validators = [validate_length]

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"strip": False, **kwargs})


class PlainField(_Normalised, models.TextField):
    """A text without marks of any kind, of any number of lines."""


class LineField(_Normalised, models.CharField):
    """A text of one line: line breaks and tabs become spaces."""

    def _normalise(self, value: Any) -> Any:
        return _line(value)


class LinesField(_Normalised, models.JSONField):
    """A list of texts of one line each."""

    def _normalise(self, value: Any) -> Any:
        return [_line(item) for item in value] if isinstance(value, list) else value


def _line(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return text.normalise(value).replace("\n", " ").replace("\t", " ")


class AddressField(models.URLField):
    """A web address that begins with http:// or https://."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 2000, **kwargs})

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})


class YearField(models.PositiveSmallIntegerField):
    """A year that may be unknown."""

    default_validators = [MinValueValidator(1800), MaxValueValidator(2200)]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"null": True, "blank": True, **kwargs})
