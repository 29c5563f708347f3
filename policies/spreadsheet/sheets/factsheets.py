"""The sheet of factsheets."""

from django.utils.translation import gettext_lazy as _

from policies.history import Key
from policies.models import (
    Factsheet,
    PoliciesStatus,
)
from policies.presentation.score import score_of
from policies.spreadsheet.cells import (
    Whole,
)
from policies.spreadsheet.columns import Column, fact, key_of, reading, version_of, words
from policies.spreadsheet.line import Line, Tail
from policies.spreadsheet.sheet import Sheet
from policies.spreadsheet.sheets.words import COUNTRY, EDITION, VERSION
from policies.spreadsheet.standing import INTRODUCTION, Standing


class Factsheets(Sheet):
    """One row a factsheet."""

    sheet_name = "Factsheets"

    country = key_of(COUNTRY, width=9)
    edition = key_of(EDITION, Whole(), width=9)
    country_name = reading(_("Name of the country."), width=22)
    language = fact(
        Factsheet,
        "language",
        _("Language that the texts are written in, such as en."),
        part="introduction",
    )
    policies_status = words(
        PoliciesStatus,
        _("Whether policies are reported, none exists, or nobody has looked yet."),
        "policies_status",
        part="introduction",
        path="policies_status",
        width=18,
    )
    maturity = reading(_("The score when this was exported."), width=30)
    version = version_of(VERSION, "introduction")

    def tails(self, standing: Standing) -> list[Tail]:
        return [()]

    def knows(self, standing: Standing, tail: Tail) -> bool:
        return True

    def clean_key(self, line: Line) -> None:
        """Its version tells of the order of the policies, too, whose own rows do not."""
        line.about.version = line.versions.get("version")

    def section_key(self, tail: Tail, column: Column) -> Key:
        return INTRODUCTION

    def dehydrate_country_name(self, line: Line) -> str:
        return str(line.there.country)

    def dehydrate_maturity(self, line: Line) -> str:
        return score_of(line.there.maturity).words if line.there.maturity else ""

    def hear(self, line: Line) -> None:
        for column, value in line.facts():
            line.say(INTRODUCTION, column, column.path, value)
