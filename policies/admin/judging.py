"""The assessment as editors see it, and the form by which a level is judged."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.admin.cells import FixedInline
from policies.admin.fields import NormalisedField
from policies.admin.outcome import reasons_in_words, score_in_words
from policies.admin.overtaking import CarriedField, OvertakingForm
from policies.models import CriterionScore, Factsheet, User
from policies.models.assessment import JUDGED
from policies.presentation.words import points
from scoring.maturity import points_in_words
from scoring.reasons import plain_points


@dataclass(frozen=True)
class Row:
    """A criterion in the assessment panel."""

    score: CriterionScore
    points: str
    derived: str
    judged: str
    label: str
    reasons: list[str]


@dataclass(frozen=True)
class Panel:
    """The stored assessment of a draft."""

    total: str
    complete: bool
    rows: list[Row]


def panel(factsheet: Factsheet, rows: list[Row] | None = None) -> Panel:
    """The panel; `rows` if the page has read them already."""
    assessment = factsheet.assessment
    return Panel(
        total=score_in_words(assessment),
        complete=assessment.complete,
        rows=[row(score) for score in _scores(factsheet)] if rows is None else rows,
    )


def _scores(factsheet: Factsheet) -> Iterable[CriterionScore]:
    scores = factsheet.criterion_scores.select_related("criterion")
    return scores.prefetch_related("criterion__levels")


def row(score: CriterionScore) -> Row:
    labels = {level.points: level.label for level in score.criterion.levels.all()}
    return Row(
        score=score,
        points=points(score.points),
        derived=points(score.derived_points),
        judged=points(score.judged_points),
        label=labels.get(score.points, "") if score.points is not None else "",
        reasons=reasons_in_words(score),
    )


class JudgementForm(OvertakingForm):
    """The judged level of one criterion, which wins over the derived one."""

    judged_points = forms.TypedChoiceField(
        label=_("Judged level"), required=False, coerce=Decimal, empty_value=None
    )
    judged_reason = NormalisedField(
        label=_("Public reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Readers see it beside the score. Plain text."),
    )
    confirm = forms.BooleanField(label=_("The judgement still holds"), required=False)
    facts = CarriedField()  # the hash of those that the page showed

    class Meta:
        model = CriterionScore
        fields = ("judged_points", "judged_reason")

    def __init__(self, *args: Any, by: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        score: CriterionScore = self.instance
        if not score.criterion_id:  # a form that belongs to no row of the page
            return
        self.initial["facts"] = score.facts_hash
        self.row = row(score)  # as stored, whatever is typed
        stored = score.judged_points
        self.initial["judged_points"] = "" if stored is None else plain_points(stored)
        self.fields["judged_points"].choices = [  # type: ignore[attr-defined]
            ("", _("None: the derived level counts")),
            *(
                (plain_points(level.points), f"{points_in_words(level.points)}: {level.label}")
                for level in score.criterion.levels.all()
            ),
        ]
        if not score.is_stale:
            del self.fields["confirm"]

    def section_of(self, name: str) -> str:
        return self.instance.criterion.code

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("judged_reason") and data.get("judged_points", "") is None:
            message = _("A reason needs a judged level: choose one, or clear the reason.")
            self.add_error("judged_reason", ValidationError(message, code="no_level"))
        return data

    def save(self, commit: bool = True) -> CriterionScore:
        score: CriterionScore = self.instance
        data = self.cleaned_data
        if "judged_points" in self.changed_data or data.get("confirm"):
            now = timezone.now()
            score.judge(data["judged_points"], data["judged_reason"], by=self.by, now=now)
            seen = self.typed("facts")
            if seen and seen != score.facts_hash and score.judged_points is not None:
                score.judged_facts_hash = seen  # stale: a colleague changed the facts meanwhile
        score.save(update_fields=JUDGED)
        return score


class JudgementInline(FixedInline):
    model = CriterionScore
    form = JudgementForm

    def get_queryset(self, request):
        scores = super().get_queryset(request).select_related("criterion", "judged_by")
        return scores.prefetch_related("criterion__levels")
