"""How rows and columns of a matrix are sorted: in words, chosen in a form, and undone."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.folding import alphabetical
from policies.insight.asking import NAMES, Asked
from policies.insight.matrix import Matrix
from policies.insight.showing import MATRIX, Choice, Option
from policies.tongues import filled

AXES: Mapping[str, str | Promise] = {  # with how each is put back as it was
    "rows": gettext_lazy("Sort them by name"),
    "columns": gettext_lazy("Put them back in their usual order"),
}
USUAL = ("", "name", "order")


@dataclass(frozen=True)
class Order:
    words: str
    undo: str
    back: str


def orders(matrix: Matrix, asked: Asked) -> list[Order]:
    """Of each axis that is sorted in another way than usual."""
    return [
        Order(
            filled(_("%(what)s: %(by)s."), {"what": choice.label, "by": option.label}),
            asked.with_(**{choice.name: ""}) + MATRIX,
            str(AXES[choice.name]),
        )
        for choice in choices(matrix, asked)
        for option in choice.options
        if option.chosen and option.value
    ]


def choices(matrix: Matrix, asked: Asked) -> list[Choice]:
    return [
        _choice(
            "rows",
            {"": _("name"), "count": _("how many categories they have"), **_numbered(matrix)},
            asked,
        ),
        _choice(
            "columns",
            {
                "": _("their usual order"),
                "count": _("how many countries have them"),
                **_countries(matrix),
            },
            asked,
        ),
    ]


def _choice(name: str, words: Mapping[str, str], asked: Asked) -> Choice:
    given = asked.one(name)
    chosen = "" if given in USUAL else given
    options = [Option(value, label, value == chosen) for value, label in words.items()]
    return Choice(name, str(NAMES[name]), options)


def _numbered(matrix: Matrix) -> dict[str, str]:
    words = _("number %(number)d, %(label)s")
    return {
        heading.address: filled(words, {"number": number, "label": heading.label})
        for number, heading in enumerate(matrix.columns, start=1)
    }


def _countries(matrix: Matrix) -> dict[str, str]:
    found = {row.country.slug: row.country.name for row in matrix.rows}
    return dict(sorted(found.items(), key=lambda item: alphabetical(item[1])))
