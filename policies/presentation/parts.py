"""What a change of points is due to, as rows of a table and in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.presentation.score import Criterion, criteria_of
from policies.presentation.translated import translated
from policies.presentation.words import Document, points
from scoring.decomposing import Cause, Change, Decomposition, Points, in_order
from scoring.decomposing import Part as Due

MINUS = "\N{MINUS SIGN}"

LABELS: dict[Cause, Promise] = {
    Cause.METHOD: gettext_lazy("the method changed"),
    Cause.CORRECTED: gettext_lazy("the record or a judgement was corrected"),
    Cause.WORDING: gettext_lazy("stated as wording only"),
    Cause.TIME: gettext_lazy("time passed"),
    Cause.NOT_STATED: gettext_lazy("the content changed, and no reason was asked or stated"),
    Cause.POLICY: gettext_lazy("the policy changed"),
}
MEANINGS: dict[Cause, Promise] = {
    Cause.METHOD: gettext_lazy(
        "What the earlier facts get under the later scoring system, less what they had."
    ),
    Cause.CORRECTED: gettext_lazy(
        "As its authors stated when they submitted it: it had been so before, and the earlier "
        "version was wrong."
    ),
    Cause.WORDING: gettext_lazy("Its authors stated that only words changed, but a fact did, too."),
    Cause.TIME: gettext_lazy(
        "Policies count, and have run, as of the year in which facts were collected. Since the "
        "earlier one some may have begun, ended or grown older."
    ),
    Cause.NOT_STATED: gettext_lazy(
        "Nobody said why. The authors of a new edition are not asked why it differs from the one "
        "before, so there a change of policy can’t be told from a correction."
    ),
    Cause.POLICY: gettext_lazy("As its authors stated when they submitted it."),
}


@dataclass(frozen=True)
class Part:
    """Points, such as “+0.5”, and what they are due to, together if there is more than one."""

    points: str
    causes: list[str]

    @property
    def is_together(self) -> bool:
        return len(self.causes) > 1


@dataclass(frozen=True)
class Moved:
    """A criterion whose points moved, or the total; with what was published on each side."""

    title: str
    before: str
    after: str
    parts: list[Part]
    earlier: Criterion | None = None
    later: Criterion | None = None


@dataclass(frozen=True)
class Anew:
    """Both versions of a criterion, or both totals, under both scoring systems."""

    title: str
    before: str
    before_anew: str
    after: str
    after_anew: str


@dataclass(frozen=True)
class Explanation:
    """Why the points of two versions differ. `anew` has rows only if the scoring systems do."""

    moved: list[Moved]
    total: Moved
    rubrics: tuple[str, str]
    anew: list[Anew]
    causes: list[tuple[str, str]]


def explanation_of(
    before: Document,
    after: Document,
    decomposition: Decomposition,
    later_under_earlier: Mapping[str, Points],
) -> Explanation:
    sides = (translated(document) for document in (before, after))
    earlier, later = ({c.code: c for c in criteria_of(side)} for side in sides)
    titles = {code: criterion.title for code, criterion in {**earlier, **later}.items()}
    rubrics = before["maturity"]["rubric"], after["maturity"]["rubric"]
    return Explanation(
        moved=[
            _moved(titles[code], change, earlier.get(code), later.get(code))
            for code, change in decomposition.criteria.items()
            if change.is_moved
        ],
        total=_moved(_("Total"), decomposition.total),
        rubrics=rubrics,
        anew=_anew(titles, decomposition, later_under_earlier) if len(set(rubrics)) > 1 else [],
        causes=causes_in_words(
            cause for part in decomposition.total.parts for cause in part.causes
        ),
    )


def causes_in_words(causes: Iterable[Cause]) -> list[tuple[str, str]]:
    """Each cause with what it means, in the order in which the parts are taken."""
    return [(str(LABELS[cause]), str(MEANINGS[cause])) for cause in in_order(set(causes))]


def _moved(
    title: str, change: Change, earlier: Criterion | None = None, later: Criterion | None = None
) -> Moved:
    was, is_ = change.is_measured
    return Moved(
        title=title,
        before=_measured(change.before, was),
        after=_measured(change.after, is_),
        parts=[_part(part) for part in change.parts],
        earlier=earlier,
        later=later,
    )


def _part(part: Due) -> Part:
    return Part(signed(part.points), [str(LABELS[cause]) for cause in in_order(part.causes)])


def signed(value: Decimal | None) -> str:
    """With its sign, so that nobody takes it for points: “+0.5”."""
    if not value:
        return points(value)
    return f"{'+' if value > 0 else MINUS}{points(abs(value))}"


def _measured(value: Points, is_measured: bool) -> str:
    return points(value) if is_measured else _("not measured")


def _anew(
    titles: Mapping[str, str], decomposition: Decomposition, under_earlier: Mapping[str, Points]
) -> list[Anew]:
    rows = [
        _both(titles[code], change, under_earlier.get(code))
        for code, change in decomposition.criteria.items()
    ]
    open_ = None in under_earlier.values() or not under_earlier
    total = None if open_ else sum(filter(None, under_earlier.values()), Decimal(0))
    return [*rows, _both(_("Total"), decomposition.total, total)]


def _both(title: str, change: Change, after_anew: Points) -> Anew:
    was, is_ = change.is_measured
    return Anew(
        title=title,
        before=_measured(change.before, was),
        before_anew=_measured(change.anew, is_),
        after=_measured(change.after, is_),
        after_anew=_measured(after_anew, was),
    )
