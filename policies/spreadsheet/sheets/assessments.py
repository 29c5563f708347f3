"""The sheet of assessments."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from policies.document import number
from policies.history import Key
from policies.models import (
    CriterionScore,
)
from policies.spreadsheet.cells import (
    Points,
    Whole,
)
from policies.spreadsheet.columns import Column, fact, key_of, reading, version_of
from policies.spreadsheet.line import Line, Tail
from policies.spreadsheet.sheet import Sheet
from policies.spreadsheet.sheets.words import COUNTRY, EDITION, VERSION
from policies.spreadsheet.standing import Standing
from scoring.maturity import Reason
from scoring.maturity import words as reason_in_words


class Assessments(Sheet):
    """One row a criterion of the score."""

    sheet_name = "Assessments"

    country = key_of(COUNTRY, width=9)
    edition = key_of(EDITION, Whole(), width=9)
    criterion = key_of(_("Code of the criterion."), width=14)
    criterion_title = reading(_("Title of the criterion."), width=28)
    derived_points = reading(_("What follows from the facts; blank where nothing does."), width=10)
    derived_reason = reading(_("Why."), width=60)
    judged_points = Column(
        Points(),
        _("The level that somebody judged, if any; it wins over the derived one."),
        path="judged.points",
        codes="points",
        width=10,
    )
    judged_reason = fact(
        CriterionScore,
        "judged_reason",
        _("Why it was judged so; readers see it."),
        path="judged.reason",
        width=60,
    )
    facts_changed = reading(_("yes where facts changed after it was judged."), width=10)
    version = version_of(VERSION)

    def tails(self, standing: Standing) -> list[Tail]:
        return [(code,) for code in standing.scores if ("", code) in standing.contents]

    def knows(self, standing: Standing, tail: Tail) -> bool:
        return tail in self.tails(standing)

    def section_key(self, tail: Tail, column: Column) -> Key:
        return ("", tail[0])

    def dehydrate_criterion_title(self, line: Line) -> str:
        return line.score.title

    def dehydrate_derived_points(self, line: Line) -> Any:
        points = line.score.derived_points
        return None if points is None else number(points)

    def dehydrate_derived_reason(self, line: Line) -> str:
        reasons = line.score.derived_reasons
        return "\n".join(reason_in_words(Reason.from_dict(reason)) for reason in reasons)

    def dehydrate_facts_changed(self, line: Line) -> str:
        return "yes" if line.score.is_stale else ""

    def hear(self, line: Line) -> None:
        key = ("", line.tail[0])
        has = line.there.contents[key]["judged"] or {}
        points = line.said.get("judged_points", has.get("points"))
        reason = line.said.get("judged_reason", has.get("reason", ""))
        if points is None and line.said.get("judged_reason"):
            line.wrong("judged_reason", str(_("Give the judged level, too, or clear the reason.")))
            raise ValidationError(line.errors)
        judged = None if points is None else {"points": points, "reason": reason}
        name = "judged_points" if "judged_points" in line.said else "judged_reason"
        line.say(key, self.fields[name], "judged", judged)
