"""The maturity assessment of a document: levels, reasons, the radar and the score in words."""

import textwrap
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from policies.presentation.words import Document, points, sentence_case, trusted
from policies.tongues import filled, joined


@dataclass(frozen=True)
class Level:
    points: str
    value: float
    label: str
    annex_label: str
    reached: bool


@dataclass(frozen=True)
class Criterion:
    """A criterion with its levels and how its points came about; `basis` says which way counts."""

    code: str
    title: str
    description: str
    points: str
    maximum: str
    level: str
    levels: list[Level]
    basis: str
    derived: str
    derived_follows: bool
    reasons: list[str]
    judged: str
    judged_reason: str
    html: SafeString
    field: Any = None  # where the country stands among others, see `presentation.field`


@dataclass(frozen=True)
class Score:
    total: str
    maximum: str
    judged: str
    complete: bool
    words: str
    strip: list[str]


def score_of(maturity: dict[str, Any]) -> Score:
    complete = maturity["complete"]
    criteria = maturity.get("criteria", ())  # a stored total comes without them
    is_judged = bool(maturity["judged_total"]) or any(c["judged"] for c in criteria)
    judged = points(maturity["judged_total"]) if is_judged else ""
    total = points(maturity["total"] if complete else None)
    return Score(
        total=total,
        maximum=points(maturity["maximum"]),
        judged=judged,
        complete=complete,
        words=_words(total, points(maturity["maximum"]), judged, complete),
        strip=_strip(maturity),
    )


def score_of_row(row: Any) -> Score:
    """`row` has the columns of a publication, which is complete, and whether any was judged."""
    columns = {name: getattr(row, name) for name in ("total", "judged_total", "maximum")}
    return score_of({**columns, "complete": True, "criteria": [{"judged": row.has_judged}]})


def _words(total: str, maximum: str, judged: str, complete: bool) -> str:
    values = {"total": total, "maximum": maximum, "judged": judged}
    if not complete:
        return _("%(total)s of %(maximum)s, not complete") % values
    if judged:
        return _("%(total)s of %(maximum)s, of which %(judged)s judged") % values
    return _("%(total)s of %(maximum)s") % values


def _strip(maturity: dict[str, Any]) -> list[str]:
    """One entry per half point for a strip of boxes: derived first, then judged, then open."""
    total, judged = (round(2 * (maturity[key] or 0)) for key in ("total", "judged_total"))
    length = round(2 * maturity["maximum"])
    return ["derived"] * (total - judged) + ["judged"] * judged + ["open"] * (length - total)


def criteria_of(document: Document) -> list[Criterion]:
    return [_criterion(criterion) for criterion in document["maturity"]["criteria"]]


def _criterion(criterion: dict[str, Any]) -> Criterion:
    levels = [_level(level, criterion["points"]) for level in criterion["levels"]]
    judged = criterion["judged"] or {"points": None, "reason": ""}
    return Criterion(
        code=criterion["code"],
        title=criterion["title"],
        description=criterion["description"],
        points=points(criterion["points"]),
        maximum=points(criterion["maximum"]),
        level=next((level.label for level in levels if level.reached), ""),
        levels=levels,
        basis=_basis(criterion),
        derived=points(criterion["derived"]["points"]),
        derived_follows=criterion["derived"]["points"] is not None,
        reasons=[reason["text"] for reason in criterion["derived"]["reasons"]],
        judged=points(judged["points"]),
        judged_reason=judged["reason"],
        html=trusted(criterion["html"]),
    )


def _level(level: dict[str, Any], reached: float | None) -> Level:
    return Level(
        points=points(level["points"]),
        value=level["points"],
        label=level["label"],
        annex_label=level["annex_label"],
        reached=level["points"] == reached,
    )


def _basis(criterion: dict[str, Any]) -> str:
    if criterion["judged"]:
        return "judged"
    return "open" if criterion["points"] is None else "derived"


def radar_of(document: Document) -> dict[str, Any]:
    """What the chart draws; a criterion without points leaves a gap."""
    criteria = document["maturity"]["criteria"]
    return {
        "name": document["country"]["name"],
        "labels": [[*_short_lines(item["title"]), points(item["points"])] for item in criteria],
        "points": [item["points"] for item in criteria],
        "maximum": max((item["maximum"] for item in criteria), default=2),
    }


def _short_lines(title: str) -> list[str]:
    """A label in lines that leave the chart its room."""
    return textwrap.wrap(title, 12, break_long_words=False)


def radar_in_words(document: Document) -> str:
    values = [
        filled(
            _("%(points)s of %(maximum)s for %(title)s"),
            {
                "points": item.points,
                "maximum": item.maximum,
                "title": sentence_case(item.title),
            },
        )
        for item in criteria_of(document)
    ]
    return filled(
        _("%(country)s scores %(list)s."),
        {"country": document["country"]["name"], "list": _listed(values)},
    )


def _listed(items: list[str]) -> str:
    if len(items) < 2:
        return joined("", items)
    values = {"first": joined(", ", items[:-1]), "last": items[-1]}
    return filled(_("%(first)s and %(last)s"), values)
