"""What stands above the factsheet on the review page: progress, what waits, and the checks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from policies.admin.steps import seen_of
from policies.admin.strips import Notes, Past, Strip, by_anchor, past_of, strips_of
from policies.lint import Finding
from policies.models import ChangeKind, Comment, Factsheet, State, User
from policies.readiness import UNAPPROVED, Verdict, Warned
from policies.roles import Step


@dataclass(frozen=True)
class Question:
    """A rule that warns, and what somebody began to say about it."""

    warned: Warned
    typed: str


@dataclass
class Review:
    """All that the review page adds to the factsheet."""

    draft: Factsheet
    verdict: Verdict
    strips: dict[str, Strip]  # by anchor, in the order of the sections
    comments: list[Comment]  # on the factsheet as a whole, or on what is gone
    allowed: Mapping[str, bool]
    past: Past
    typed: Mapping[str, str]
    kinds = ChangeKind.choices

    @cached_property
    def states(self) -> list[tuple[State, int]]:
        counted = [(state, len(self._in(state))) for state in State]
        return [(state, count) for state, count in counted if count]

    def _in(self, state: State) -> list[Strip]:
        return [strip for strip in self.strips.values() if strip.section.state == state]

    @property
    def approved(self) -> int:
        return len(self._in(State.APPROVED))

    @cached_property
    def waiting(self) -> list[tuple[str, list[Strip]]]:
        """The sections that somebody has to look at, by why."""
        strips = list(self.strips.values())
        groups = [
            (_("Submitted"), self._in(State.SUBMITTED)),
            (_("Returned"), self._in(State.CHANGES_REQUESTED)),
            (_("With findings"), [s for s in strips if self._needs_a_hand(s)]),
            (_("With open comments"), [s for s in strips if s.comments]),
        ]
        return [(title, found) for title, found in groups if found]

    def _needs_a_hand(self, strip: Strip) -> bool:
        """Whether something was found that no reason explains."""
        explained = {warned.rule.code for warned in self.explained}
        return any(finding.rule not in explained for finding in strip.findings)

    def able(self, step: str) -> list[Strip]:
        return [strip for strip in self.strips.values() if strip.may.get(step)]

    @cached_property
    def submittable(self) -> list[Strip]:
        return self.able(Step.SUBMIT)

    @cached_property
    def approvable(self) -> list[Strip]:
        return self.able(Step.APPROVE)

    @cached_property
    def returnable(self) -> list[Strip]:
        return self.able(Step.RETURN)

    @property
    def seen(self) -> dict[str, str]:
        """By step, the sections for which all of them can be taken at once."""
        able = {"approve": self.approvable, "return": self.returnable, "submit": self.submittable}
        return {step: seen_of(strip.section for strip in those) for step, those in able.items()}

    @property
    def asks_kind(self) -> bool:
        return any(strip.asks_kind for strip in self.submittable)

    @property
    def typed_whole(self) -> str:
        return self.typed.get("text-all", "")

    @property
    def typed_return(self) -> str:
        return self.typed.get("text-return-all", "")

    @property
    def kind_of_all(self) -> str:
        return self.typed.get("kind-submit-all", "")

    @property
    def questions(self) -> list[Question]:
        """The rules whose warnings need a reason, each with what was typed about it."""
        return [
            Question(warned, self.typed.get(f"reason-{warned.rule.code}", ""))
            for warned in self.verdict.unexplained
        ]

    @property
    def explained(self) -> list[Warned]:
        return [warned for warned in self.verdict.warnings if warned.reason]

    @property
    def errors(self) -> list[Finding]:
        """But for approval, which the progress tells."""
        return _beyond_approval(self.verdict.errors)

    @property
    def unapproved(self) -> int:
        return len(self.verdict.errors) - len(self.errors)

    @property
    def is_ready(self) -> bool:
        return not self.verdict.errors and not self.verdict.unexplained

    @property
    def first(self) -> Strip | None:
        """The first that waits for this person."""
        return next((strip for strip in self.strips.values() if strip.waits), None)


def _beyond_approval(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.rule != UNAPPROVED]


def review_of(
    draft: Factsheet,
    verdict: Verdict,
    user: User,
    allowed: Mapping[str, bool],
    typed: Mapping[str, str],
) -> Review:
    """The review of a draft from `document.drafts`; `allowed` says which steps `user` may take."""
    past, notes = past_of(draft), notes_of(draft, verdict, typed)
    strips = strips_of(draft, past, user, allowed, notes)
    comments = [
        each for anchor, those in notes.comments.items() if anchor not in strips for each in those
    ]
    return Review(draft, verdict, strips, comments, allowed, past, typed)


def notes_of(draft: Factsheet, verdict: Verdict, typed: Mapping[str, str] | None = None) -> Notes:
    """What the checks found at each section, and what was said of it and is still open."""
    found = _beyond_approval([*verdict.errors, *_warnings(verdict)])
    return Notes(
        by_anchor(found), by_anchor(draft.comments.open().select_related("by")), typed or {}
    )


def _warnings(verdict: Verdict) -> Iterator[Finding]:
    return (finding for warned in verdict.warnings for finding in warned.findings)
