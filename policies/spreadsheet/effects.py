"""What a file would do to scores, in words."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from policies.checking import Tables
from policies.document import Vocabulary, maturity_of
from policies.history import assembled
from policies.presentation.score import score_of
from policies.presentation.words import points
from policies.spreadsheet.planning import contents_after
from policies.spreadsheet.standing import Standing
from scoring.maturity import CriterionResult, Maturity, words

PROSE = {"text", "availability_note", "heading_note", "original_name", "url", "references"}


def effect(
    standing: Standing, changes: Iterable[Any], tables: Tables, proves: Vocabulary
) -> dict[str, Any] | None:
    """The score before and after these changes (`Planned` or `BatchChange`), with its reasons.

    None where nothing moves. Computed from documents, as every score is.
    """
    changes = list(changes)
    if not any(map(_says_a_fact, changes)):
        return None
    rubric = tables.rubric(standing.edition)
    after = assembled(standing.document, contents_after(standing, changes, tables))
    _facts, old = maturity_of(standing.document, rubric, proves)
    _facts, new = maturity_of(after, rubric, proves)
    moves = list(_moves(old, new))
    if not moves:
        return None
    return {
        "factsheet": standing.pk,
        "name": standing.name,
        "before": in_words(old),
        "after": in_words(new),
        "moves": moves,
    }


def _says_a_fact(change: Any) -> bool:
    """Whether anything but words changes."""
    if change.before is None or change.after is None:
        return True
    return _facts(change.before) != _facts(change.after)


def _facts(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in PROSE}


def in_words(maturity: Maturity) -> str:
    names = ("total", "judged_total", "maximum", "complete")
    return score_of({name: getattr(maturity, name) for name in names}).words


def _moves(old: Maturity, new: Maturity) -> Iterator[str]:
    before = {result.code: result for result in old.criteria}
    for result in new.criteria:
        was = before[result.code]
        if was.points != result.points:
            yield _("%(criterion)s: %(before)s → %(after)s. %(why)s") % {
                "criterion": result.title,
                "before": points(was.points),
                "after": points(result.points),
                "why": _why(result),
            }
        elif _overtaken(was, result):
            message = _("%(criterion)s: facts change after it was judged; confirm the judgement.")
            yield message % {"criterion": result.title}


def _overtaken(was: CriterionResult, now: CriterionResult) -> bool:
    judged = now.judged is not None and was.judged == now.judged
    return judged and was.derived.facts_hash != now.derived.facts_hash


def _why(result: CriterionResult) -> str:
    if result.judged is not None:
        return _("It is judged so.")
    return " ".join(words(reason) for reason in result.derived.reasons)
