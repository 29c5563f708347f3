"""What a cell may hold, and how it is written: the strict widgets of the workbook.

One rule for every cell: blank keeps what is there, and `(clear)` empties it. A value that is not
understood is a `ValueError` that says what was expected; nothing is guessed and nothing dropped.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any, Final, Literal

from django.core.exceptions import ValidationError
from django.db.models import Field, TextChoices
from django.utils.translation import gettext as _
from import_export import widgets

from policies.checking import cut, did_you_mean, not_one_of

CLEAR: Final = "(clear)"
# A text that happens to read like it gets a backslash in front, which reading takes away.
_LIKE_CLEAR = re.compile(r"\\*\s*\(clear\)\s*\Z", re.IGNORECASE)

Raw = str | int | float | bool | date | None
Look = Literal["text", "number", "amount", "date"]


class Keep:
    """What a blank cell says: the value stays as it is."""

    def __repr__(self) -> str:
        return "KEEP"


KEEP: Final = Keep()


class Cell(widgets.Widget):
    """A text of a model's field; the field's own checks decide what it may hold."""

    look: Look = "text"
    empty: Any = ""

    def __init__(self, field: Field | None = None) -> None:
        super().__init__()
        self.field = field

    def clean(self, value: Raw, row: Mapping[str, Raw] | None = None, **kwargs: Any) -> Any:
        """The value that a cell says, or `KEEP`; raises `ValueError` with what was expected."""
        if value is None or value == "":
            return KEEP
        if isinstance(value, str) and value.strip().casefold() == CLEAR:
            return self._cleared()
        return self.read(value, row or {})

    def read(self, value: Raw, row: Mapping[str, Raw]) -> Any:
        return self._checked(text_of(value))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The cell that says this value; None for what is empty."""
        if value is None or value == "":
            return None
        return f"\\{value}" if _LIKE_CLEAR.match(value) else value

    def _cleared(self) -> Any:
        if self.field is not None and not (self.field.blank or self.field.null):
            raise ValueError(_("This can't be empty."))
        return self.empty

    def _checked(self, value: Any) -> Any:
        if self.field is None:
            return value
        try:
            return self.field.clean(value, None)
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error


def text_of(value: Raw) -> str:
    """A cell as text. A whole number is taken for its digits; nothing else is turned into text."""
    if isinstance(value, str):
        return value[1:] if value.startswith("\\") and _LIKE_CLEAR.match(value) else value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    message = _("A text is expected, but the cell holds %(kind)s. Format the cell as Text.")
    raise ValueError(message % {"kind": kind_of(value)})


def kind_of(value: Raw) -> str:
    if isinstance(value, bool):
        return _("a truth value")
    if isinstance(value, date):
        return _("a date")
    return _("a text") if isinstance(value, str) else _("a number")


class Words(Cell):
    """A code out of a few; its label is understood as well, upper or lower case."""

    def __init__(self, choices: type[TextChoices]) -> None:
        super().__init__()
        self.choices = choices

    def read(self, value: Raw, row: Mapping[str, Raw]) -> str:
        said = text_of(value).strip()
        for code, label in self.choices.choices:
            if said.casefold() in (code.casefold(), str(label).casefold()):
                return code
        raise ValueError(not_one_of(said, self.choices.values))

    def _cleared(self) -> Any:
        raise ValueError(_("This can't be empty."))


class Flag(Cell):
    """Yes or no."""

    WORDS: Final = {"yes": True, "no": False, "true": True, "false": False}

    def read(self, value: Raw, row: Mapping[str, Raw]) -> bool:
        if isinstance(value, bool):
            return value
        said = text_of(value).strip()
        if said.casefold() not in self.WORDS:
            raise ValueError(not_one_of(said, ["yes", "no"]))
        return self.WORDS[said.casefold()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "yes" if value else "no"

    def _cleared(self) -> bool:
        return False


class Whole(Cell):
    """A whole number, such as a year."""

    look: Look = "number"
    empty: Any = None

    def read(self, value: Raw, row: Mapping[str, Raw]) -> int:
        return self._checked(whole_of(value))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


def whole_of(value: Raw) -> int:
    """3 and "3", but neither 3.7 nor a date."""
    said = value.strip() if isinstance(value, str) else value
    if isinstance(said, str) and re.fullmatch(r"-?\d{1,9}", said, re.ASCII):
        return int(said)
    if isinstance(said, int) and not isinstance(said, bool):
        return said
    message = _("A whole number is expected, but the cell holds %(value)s.")
    raise ValueError(message % {"value": _shown(value)})


def _shown(value: Raw) -> str:
    if isinstance(value, str):
        return _("the text “%(value)s”") % {"value": cut(value)}
    return f"{kind_of(value)} ({value})"


class Amount(Cell):
    """An amount of money: at most two places, kept as a decimal in a text as documents do."""

    look: Look = "amount"
    empty: Any = None

    def read(self, value: Raw, row: Mapping[str, Raw]) -> str:
        amount = self._checked(decimal_of(value))
        if amount < 0:
            raise ValueError(_("An amount is not negative."))
        return str(amount.quantize(Decimal("0.01")))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return None if value is None else Decimal(value)


class Currency(Cell):
    """A currency in three capital letters."""

    def read(self, value: Raw, row: Mapping[str, Raw]) -> str:
        said = text_of(value).strip()
        if not re.fullmatch("[A-Z]{3}", said):
            message = _("A currency in three capital letters is expected, not “%(value)s”.")
            near = said.upper()
            hint = did_you_mean(near, [near]) if re.fullmatch("[A-Z]{3}", near) else ""
            raise ValueError(message % {"value": cut(said)} + hint)
        return said


class Points(Cell):
    """Points of a criterion, as documents hold them: 2 and 0.5."""

    look: Look = "number"
    empty: Any = None

    def read(self, value: Raw, row: Mapping[str, Raw]) -> int | float:
        points = decimal_of(value)
        return int(points) if points == int(points) else float(points)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


def decimal_of(value: Raw) -> Decimal:
    """A number; in a text with a point, never with a comma, which could mean thousands."""
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    said = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(r"-?\d{1,20}(\.\d{1,20})?", said, re.ASCII):
        return Decimal(said)
    message = _("A number such as 1250000.50 is expected, but the cell holds %(value)s.")
    raise ValueError(message % {"value": _shown(value)})


class Day(Cell):
    """A day. In a text it is written as 2022-09-30, for anything else can be read in two ways."""

    look: Look = "date"
    empty: Any = None

    def read(self, value: Raw, row: Mapping[str, Raw]) -> str:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        said = value.strip() if isinstance(value, str) else ""
        try:
            return _iso_day(said)
        except ValueError:
            message = _("A day such as 2022-09-30 is expected, but the cell holds %(value)s.")
            raise ValueError(message % {"value": _shown(value)} + _meant(said)) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return date.fromisoformat(value) if value else None


def _iso_day(said: str) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", said, re.ASCII):
        raise ValueError
    return date.fromisoformat(said).isoformat()


def _meant(said: str) -> str:
    """The days that another way of writing one can mean: both, where there are two."""
    found = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", said, re.ASCII)
    if not found:
        return ""
    first, second, year = map(int, found.groups())
    days = {day for pair in ((second, first), (first, second)) for day in _day(year, *pair)}
    return (
        " " + _("Did you mean %(days)s?") % {"days": _(" or ").join(sorted(days))} if days else ""
    )


def _day(year: int, month: int, day: int) -> list[str]:
    try:
        return [date(year, month, day).isoformat()]
    except ValueError:
        return []


class Lines(Cell):
    """A list of texts, one a line."""

    LENGTH: Final = 500

    def read(self, value: Raw, row: Mapping[str, Raw]) -> list[str]:
        lines: list[str] = self._checked(text_of(value).split("\n"))
        for line in lines:
            if len(line) > self.LENGTH:
                message = _("A line has %(length)d characters; at most %(limit)d fit.")
                raise ValueError(message % {"length": len(line), "limit": self.LENGTH})
        return lines

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return super().render("\n".join(value or ()))


class Codes(Cell):
    """Categories by code or by label, with semicolons or line breaks between them.

    Which there are depends on the row's section, so they are looked up by `found`.
    """

    def read(self, value: Raw, row: Mapping[str, Raw]) -> list[str]:
        parts = re.split(r"[;\n]", text_of(value))
        said = [part.strip() for part in parts if part.strip()]
        if twice := {word for word in said if said.count(word) > 1}:
            raise ValueError(_("“%(word)s” stands there twice.") % {"word": sorted(twice)[0]})
        return said

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "; ".join(value) or None if value else None


def found(said: Iterable[str], known: Mapping[str, Any]) -> list[str]:
    """The codes of categories that are named by code or label, in the vocabulary's order."""
    labels = {str(category.label).casefold(): code for code, category in known.items()}
    codes = {_code(word, known, labels) for word in said}
    return [code for code in known if code in codes]


def _code(word: str, known: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    if word in known:
        return word
    if word.casefold() in labels:
        return labels[word.casefold()]
    if word.casefold() in known:
        return word.casefold()
    names = [*known, *(str(category.label) for category in known.values())]
    message = _("“%(value)s” is not one of: %(allowed)s.")
    words = {"value": cut(word), "allowed": ", ".join(known)}
    raise ValueError(message % words + did_you_mean(word, names))


class Details(Cell):
    """What stands beside categories that need it, one a line: `other: Nature`."""

    def read(self, value: Raw, row: Mapping[str, Raw]) -> dict[str, str]:
        lines = [line for line in text_of(value).split("\n") if line.strip()]
        pairs = [line.partition(":") for line in lines]
        if wrong := [line for line, (_c, colon, _d) in zip(lines, pairs, strict=True) if not colon]:
            message = _("A line such as “other: Nature” is expected, not “%(line)s”.")
            raise ValueError(message % {"line": cut(wrong[0])})
        codes = [code.strip() for code, _colon, _detail in pairs]
        if twice := [code for code in codes if codes.count(code) > 1]:
            raise ValueError(_("“%(word)s” stands there twice.") % {"word": cut(twice[0])})
        details = [self._checked(detail.removeprefix(" ")) for _code, _colon, detail in pairs]
        return dict(zip(codes, details, strict=True))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "\n".join(f"{code}: {detail}" for code, detail in (value or {}).items()) or None

    def _cleared(self) -> dict[str, str]:
        return {}


class Action(Cell):
    """What a row shall do besides holding values."""

    def __init__(self, *actions: str) -> None:
        super().__init__()
        self.actions: Sequence[str] = actions

    def read(self, value: Raw, row: Mapping[str, Raw]) -> str:
        said = text_of(value).strip().casefold()
        if said not in self.actions:
            raise ValueError(not_one_of(said, self.actions))
        return said

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return None
