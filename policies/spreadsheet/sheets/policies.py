"""The sheet of policies."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from policies.history import Key
from policies.models import (
    Availability,
    Kind,
    Level,
    Period,
    Policy,
    User,
)
from policies.spreadsheet.cells import (
    Action,
    Amount,
    Currency,
    Flag,
    Lines,
    Whole,
)
from policies.spreadsheet.columns import Column, fact, field_of, key_of, version_of, words
from policies.spreadsheet.line import Line, Tail
from policies.spreadsheet.sheet import Sheet
from policies.spreadsheet.sheets.words import COUNTRY, EDITION
from policies.spreadsheet.standing import INTRODUCTION, Standing, types_of_policies


class Policies(Sheet):
    """One row a policy, which is a column of the factsheet's table."""

    sheet_name = "Policies"

    country = key_of(COUNTRY, width=9)
    edition = key_of(EDITION, Whole(), width=9)
    policy = key_of(_("Code of the policy; a new code in a new row adds a policy."), width=26)
    order = Column(
        Whole(Policy._meta.get_field("order")),
        _("Place in the table, from left to right."),
        use="place",
        part="introduction",
        width=8,
    )
    names = fact(
        Policy,
        "names",
        _("Name of the policy; several names one a line."),
        Lines,
        part="heading",
        width=36,
    )
    original_name = fact(
        Policy,
        "original_name",
        _("Name in the country's own language."),
        part="heading",
        width=30,
    )
    url = fact(Policy, "url", _("Official address, with https://."), part="heading", width=28)
    kind = words(Kind, _("Broad, sectoral or cluster policy."), "kind", part="heading", path="kind")
    level = words(Level, _("National or regional."), "level", part="heading", path="level")
    region = fact(Policy, "region", _("Of a regional policy only."), part="heading")
    is_example = fact(
        Policy,
        "is_example",
        _("yes for an example, which is shown but never scored."),
        Flag,
        part="heading",
        width=11,
        codes="yes_no",
    )
    heading_note = fact(
        Policy,
        "heading_note",
        _("Footnote to the column's heading. Markdown."),
        part="heading",
        width=30,
    )
    period = words(
        Period, _("Limited, unlimited or unknown."), "period", part="history", path="period"
    )
    starting_year = fact(Policy, "starting_year", _("Year of the start."), Whole, part="history")
    ending_year = fact(
        Policy,
        "ending_year",
        _("Given if, and only if, the period is limited."),
        Whole,
        part="history",
    )
    continuous_since = fact(
        Policy,
        "continuous_since",
        _("Year since which it has run without a break, earlier programmes included."),
        Whole,
        part="history",
    )
    overall_availability = words(
        Availability,
        _("Whether the overall budget is reported, or why not."),
        "availability",
        part="budget",
        path="overall.availability",
    )
    overall_amount = fact(
        Policy,
        "overall_amount",
        _("Overall budget as a number."),
        Amount,
        part="budget",
        path="overall.amount",
        width=20,
    )
    overall_currency = fact(
        Policy,
        "overall_currency",
        _("Its currency in three letters, such as EUR."),
        Currency,
        part="budget",
        path="overall.currency",
        width=10,
    )
    overall_words = fact(
        Policy,
        "overall_words",
        _("Overall budget in the words of the source."),
        part="budget",
        path="overall.words",
        width=28,
    )
    annual_availability = words(
        Availability,
        _("Whether the annual budget is reported, or why not."),
        "availability",
        part="budget",
        path="annual.availability",
    )
    annual_amount = fact(
        Policy,
        "annual_amount",
        _("Annual budget as a number."),
        Amount,
        part="budget",
        path="annual.amount",
        width=20,
    )
    annual_currency = fact(
        Policy,
        "annual_currency",
        _("Its currency in three letters."),
        Currency,
        part="budget",
        path="annual.currency",
        width=10,
    )
    annual_words = fact(
        Policy,
        "annual_words",
        _("Annual budget in the words of the source."),
        part="budget",
        path="annual.words",
        width=28,
    )
    heading_version = version_of(
        _("Version of the name, kind, level, region, example and note."), "heading"
    )
    history_version = version_of(_("Version of the period and the years."), "history")
    budget_version = version_of(_("Version of the budgets."), "budget")
    version = version_of(_("All versions of the policy's sections added up; decides on deleting."))
    _action = Column(
        Action("delete"),
        _("delete takes the policy out of the factsheet, with all its sections."),
        use="action",
        codes="delete",
        width=10,
    )

    adds = True

    def tails(self, standing: Standing) -> list[Tail]:
        return [(code,) for code in standing.policies]

    def knows(self, standing: Standing, tail: Tail) -> bool:
        return tail[0] in standing.policies

    def section_key(self, tail: Tail, column: Column) -> Key:
        return (tail[0], column.part)

    def value(self, standing: Standing, tail: Tail, column: Column) -> Any:
        if column.use == "place":
            return standing.policies.index(tail[0]) + 1
        if column.use == "version" and not column.part:
            return standing.policy_versions.get(tail[0])
        return super().value(standing, tail, column)

    def had(self, line: Line) -> bool:
        return self.hearing.had_policy(line.there, line.tail[0])

    def clean_key(self, line: Line) -> None:
        """A new code has to be fit for addresses."""
        if not line.is_new:
            return
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", line.tail[0]):
            line.wrong("policy", str(_("A code is made of small letters, digits and hyphens.")))
        else:
            line.checked("policy", field_of(Policy, "code"), line.tail[0])

    def clean(self, line: Line, column: Column, row: Mapping[str, Any]) -> Any:
        """A fact belongs to a section, which some editions have not."""
        always = ("", "heading", "introduction")
        if line.standing and column.part not in always and not self._has(line.there, column.part):
            message = _("This edition has no section “%(section)s”.")
            raise ValueError(str(message) % {"section": column.part})
        return super().clean(line, column, row)

    def _has(self, standing: Standing, part: str) -> bool:
        return part in {type_.code for type_ in types_of_policies(standing, self.hearing.tables)}

    def complete(self, line: Line) -> None:
        if line.is_new and not self.hearing.may("add"):
            line.wrong("policy", refusal_to(self.hearing.by))
        for name in ("names", "kind"):
            if line.is_new and name not in line.said and name not in line.errors:
                line.wrong(name, str(_("A new policy needs this.")))

    def hear(self, line: Line) -> None:
        (code,) = line.tail
        if line.is_new:
            line.about.added[code] = line.row
            line.about.of(INTRODUCTION).edit.items[code] = {}
            line.about.of(INTRODUCTION).at(line.row)
        for column, value in line.facts():
            if column.use == "place":
                line.place(INTRODUCTION, code, column, value)
                line.about.of(INTRODUCTION).versions.add(line.about.version)
            else:
                line.say((code, column.part), column, column.path, value)

    def hear_deletion(self, line: Line) -> None:
        (code,) = line.tail
        if not self.hearing.may("delete"):
            line.wrong("_action", refusal_to(self.hearing.by))
            raise ValidationError(line.errors)
        line.about.deleted[code] = (line.row, line.versions.get("version"))
        line.about.of(INTRODUCTION).edit.items[code] = None
        line.about.of(INTRODUCTION).at(line.row)


def refusal_to(user: User | None) -> str:
    message = _("%(user)s may not add or delete policies: that takes the role Editor.")
    return str(message) % {"user": user}
