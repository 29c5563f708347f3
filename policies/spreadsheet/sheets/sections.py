"""The sheet of sections."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from policies.checking import not_one_of
from policies.history import Key
from policies.models import (
    Availability,
    Part,
    Section,
    SectionCategory,
    State,
)
from policies.spreadsheet.cells import (
    KEEP,
    Action,
    Codes,
    Details,
    Whole,
    found,
)
from policies.spreadsheet.columns import Column, fact, key_of, reading, version_of, words
from policies.spreadsheet.line import Line, Tail
from policies.spreadsheet.sheet import Sheet
from policies.spreadsheet.sheets.words import COUNTRY, EDITION, VERSION
from policies.spreadsheet.standing import Standing


class Sections(Sheet):
    """One row a section: a cell of the policy table, or a text of the factsheet."""

    sheet_name = "Sections"

    country = key_of(COUNTRY, width=9)
    edition = key_of(EDITION, Whole(), width=9)
    policy = key_of(_("Code of the policy; blank for the factsheet's own sections."), width=26)
    section = key_of(_("Code of the section."), width=22)
    policy_name = reading(_("Name of the policy."), width=26)
    section_title = reading(_("Title of the section."), width=24)
    availability = words(
        Availability,
        _("Whether there is something to report, and if not, which kind of nothing it is."),
        "availability",
        path="availability",
        width=16,
    )
    availability_note = fact(
        Section, "availability_note", _("Where was looked, or why it does not apply."), width=24
    )
    categories = Column(
        Codes(),
        _("Categories by code or by label, with semicolons between them."),
        path="categories",
        width=40,
    )
    details = Column(
        Details(SectionCategory._meta.get_field("detail")),
        _("What stands beside a category that needs it, one a line, such as other: Nature."),
        path="categories",
        width=24,
    )
    text = fact(Section, "text", _("The text, in Markdown."), width=80)
    state = reading(_("Where it stands in its review."), width=14)
    carried_over = reading(
        _("yes where it was carried over and nobody has confirmed it."), width=12
    )
    version = version_of(VERSION)
    _action = Column(
        Action("confirm"),
        _("confirm says that what was carried over from the last edition is still true."),
        use="action",
        codes="confirm",
        width=10,
    )

    optional = frozenset({"policy"})

    def tails(self, standing: Standing) -> list[Tail]:
        """The factsheet's own sections, then those of each policy, as the page has them."""
        by_policy: dict[str, list[Tail]] = {code: [] for code in ("", *standing.policies)}
        for policy, section in standing.stands:
            by_policy[policy].append((policy, section))
        return [tail for tails in by_policy.values() for tail in tails]

    def knows(self, standing: Standing, tail: Tail) -> bool:
        policy, section = tail
        return (policy, section) in standing.stands

    def had(self, line: Line) -> bool:
        """Of a policy that was there; one of this file is there again."""
        policy = line.tail[0]
        if policy in line.there.policies or policy in line.about.added:
            return False
        return self.hearing.had_policy(line.there, policy)

    def section_key(self, tail: Tail, column: Column) -> Key:
        return (tail[0], tail[1])

    def refuse_new(self, line: Line) -> None:
        policy, section = line.tail
        heard = line.about
        types = self.hearing.tables.applying([Part.POLICY], line.there.country, line.there.edition)
        codes = [type_.code for type_ in types]
        if policy in heard.added and section in codes:
            return
        if policy and policy not in heard.added and policy not in line.there.policies:
            line.wrong("policy", not_one_of(policy, [*line.there.policies, *heard.added]))
            return
        own = [type_ for code, type_ in line.there.stands if not code]
        line.wrong("section", not_one_of(section, codes if policy else own))

    def value(self, standing: Standing, tail: Tail, column: Column) -> Any:
        value = super().value(standing, tail, column)
        if column.path != "categories" or value is None:
            return value
        if column.name == "categories":
            return [use["code"] for use in value]
        return {use["code"]: use["detail"] for use in value if use["detail"]}

    def dehydrate_policy_name(self, line: Line) -> str:
        return line.there.policy_name(line.tail[0])

    def dehydrate_section_title(self, line: Line) -> str:
        return str(self.hearing.tables.types[line.tail[1]])

    def dehydrate_state(self, line: Line) -> str:
        return str(State(line.stand.state).label)

    def dehydrate_carried_over(self, line: Line) -> str:
        return "yes" if line.stand.is_unconfirmed else ""

    def clean(self, line: Line, column: Column, row: Mapping[str, Any]) -> Any:
        """A category is looked up in the row's section; a part that it has not can't be filled."""
        section = line.tail[-1] if line.tail else ""
        if line.standing and not self._takes(line, column):
            message = _("The section “%(section)s” has no %(column)s.")
            raise ValueError(str(message) % {"section": section, "column": column.name})
        value = super().clean(line, column, row)
        known = self.hearing.tables.categories.get(section, {})
        if column.name == "categories" and value is not KEEP:
            return found(value, known)
        if column.name == "details" and value is not KEEP:
            named = {found([word], known)[0]: detail for word, detail in value.items()}
            if len(named) < len(value):
                raise ValueError(_("One category stands there by its code and by its label."))
            return named
        return value

    def _takes(self, line: Line, column: Column) -> bool:
        if line.is_new:
            return line.tail[1] != "heading"
        return column.path in line.there.contents.get((line.tail[0], line.tail[1]), {})

    def hear(self, line: Line) -> None:
        key = (line.tail[0], line.tail[1])
        for column, value in line.facts():
            if column.path != "categories":
                line.say(key, column, column.path, value)
        if {"categories", "details"} & set(line.said):
            self._hear_categories(line, key)
        if line.action == "confirm":
            said = line.about.of(key)
            said.confirms = True
            line.versioned(said, "version")

    def _hear_categories(self, line: Line, key: Key) -> None:
        has = line.there.contents.get(key, {}).get("categories", [])
        codes = line.said.get("categories", [use["code"] for use in has])
        details = line.said.get("details", {use["code"]: use["detail"] for use in has})
        if stray := [code for code in line.said.get("details", {}) if code not in codes]:
            line.wrong("details", not_one_of(stray[0], codes))
            raise ValidationError(line.errors)
        uses = [{"code": code, "detail": details.get(code, "")} for code in codes]
        name = "categories" if "categories" in line.said else "details"
        line.say(key, self.fields[name], "categories", uses)
