"""From two published documents to the stages between them, by what was stated of each section.

Pure. Facts and judgements are those that were frozen with the documents; each belongs to the
section whose content it comes from, and changes for the reasons that were given for this section.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from policies.document import HISTORY, Document, Vocabulary, judgements
from policies.history import Key, contents
from policies.models import ChangeKind, Evidence, Part
from scoring.decomposing import (
    METHOD,
    Cause,
    Causes,
    Content,
    Decomposition,
    Points,
    Stage,
    decompose,
    rank,
    rescored,
)
from scoring.facts import Facts, PolicyFacts
from scoring.maturity import RubricTable

Changes = Iterable[Mapping[str, str]]  # `Publication.changes` of the versions in between
Rubrics = Mapping[str, RubricTable]

TIME: Causes = frozenset({Cause.TIME})
NOT_STATED: Causes = frozenset({Cause.NOT_STATED})
WORDING: Causes = frozenset({Cause.WORDING})
STATED = {
    ChangeKind.POLICY_CHANGED.value: Cause.POLICY,
    ChangeKind.RECORD_CORRECTED.value: Cause.CORRECTED,
    ChangeKind.WORDING_ONLY.value: Cause.WORDING,
}
OF_A_POLICY = [field.name for field in fields(PolicyFacts) if field.name not in ("code", "name")]


@dataclass(frozen=True)
class Why:
    """A decomposition, with the later content and the earlier rubric."""

    decomposition: Decomposition
    later: Content
    earlier: RubricTable | None

    @property
    def later_under_earlier(self) -> dict[str, Points]:
        scores = rescored(self.later, self.earlier)
        return {code: scored.points for code, scored in scores.items()}


def why(
    before: Document, after: Document, changes: Changes, rubrics: Rubrics, proves: Vocabulary
) -> Why:
    """Why the points of two versions differ; `rubrics` by code are those that scored them."""
    earlier, later = (rubrics.get(each["maturity"]["rubric"]) for each in (before, after))
    found = stages(before, after, changes, proves)
    decomposition = decompose(points_of(before), points_of(after), found, later)
    return Why(decomposition, content_of(after), earlier)


def points_of(document: Document) -> dict[str, Points]:
    """As they were published, by criterion."""
    return {c["code"]: _decimal(c["points"]) for c in document["maturity"]["criteria"]}


def content_of(document: Document) -> Content:
    return Content(Facts.from_dict(document["maturity"]["facts"]), judgements(document))


def stages(before: Document, after: Document, changes: Changes, proves: Vocabulary) -> list[Stage]:
    """From the earlier content, with what only the method changed, to the later."""
    between = _Between(
        content_of(before),
        content_of(after),
        _causes_by_section(before, after, changes),
        _owners(proves),
    )
    reached = {METHOD}
    found = [Stage(METHOD, between.content(reached))]
    for each in sorted(between.causes() - reached, key=rank):
        reached.add(each)
        found.append(Stage(each, between.content(reached)))
    return found


def _causes_by_section(before: Document, after: Document, changes: Changes) -> dict[Key, Causes]:
    """Of the sections that differ. Nobody is asked why an edition differs from the one before."""
    held = contents(before), contents(after)
    stated = _stated(changes)
    crosses = before["edition"]["year"] != after["edition"]["year"]
    unsaid = NOT_STATED if crosses else Causes()
    return {
        key: unsaid | stated.get(".".join(filter(None, key)), NOT_STATED)
        for key in {**held[0], **held[1]}
        if held[0].get(key) != held[1].get(key)
    }


def _stated(changes: Changes) -> dict[str, Causes]:
    """By anchor."""
    found: dict[str, Causes] = {}
    for change in changes:
        cause = STATED.get(change["kind"], Cause.NOT_STATED)
        found[change["section"]] = found.get(change["section"], Causes()) | {cause}
    return found


def _owners(proves: Vocabulary) -> dict[str, set[str]]:
    """The sections of a policy that each of its facts comes from."""
    owners: dict[str, set[str]] = {name: {"heading"} for name in OF_A_POLICY}
    owners |= {name: {"history"} for name in HISTORY}
    for evidence in Evidence.values:
        owners[evidence] = {
            section for (section, _code), proved in proves.items() if proved == evidence
        }
    return owners


@dataclass(frozen=True)
class _Between:
    """Two contents, and all that can stand between them."""

    before: Content
    after: Content
    stated: Mapping[Key, Causes]  # of the sections that differ
    owners: Mapping[str, set[str]]

    def causes(self) -> set[Causes]:
        """Of everything that differs."""
        seen: set[Causes] = set()

        def note(causes: Causes) -> bool:
            seen.add(causes)
            return True

        self._mixed(note)
        return seen

    def content(self, reached: set[Causes]) -> Content:
        return self._mixed(lambda causes: causes in reached)

    def _mixed(self, takes: Callable[[Causes], bool]) -> Content:
        """The later value of what differs for causes that `takes` holds for."""
        old, new = self.before.facts, self.after.facts

        def chosen(one: Any, other: Any, causes: Causes) -> Any:
            return other if one != other and takes(causes) else one

        introduction = self._of("", [Part.INTRODUCTION.value])
        facts = Facts(
            status=chosen(old.status, new.status, introduction),
            collection_year=chosen(old.collection_year, new.collection_year, TIME),
            policies=tuple(self._policies(chosen)),
        )
        judged = {}
        for code in {**self.before.judged, **self.after.judged}:
            pair = self.before.judged.get(code), self.after.judged.get(code)
            points = chosen(*pair, self._of("", [code]))
            if points is not None:
                judged[code] = points
        return Content(facts, judged)

    def _policies(self, chosen: Callable[[Any, Any, Causes], Any]) -> Iterator[PolicyFacts]:
        """A policy comes or goes as a whole, for the reasons that were given for its heading."""
        old, new = ({p.code: p for p in c.facts.policies} for c in (self.before, self.after))
        for code in {**old, **new}:
            one, other = old.get(code), new.get(code)
            if one and other:
                yield self._policy(one, other, chosen)
            elif policy := chosen(one, other, self._of(code, ["heading"])):
                yield policy

    def _policy(
        self, one: PolicyFacts, other: PolicyFacts, chosen: Callable[[Any, Any, Causes], Any]
    ) -> PolicyFacts:
        values = {
            name: chosen(getattr(one, name), getattr(other, name), self._of(one.code, owners))
            for name, owners in self.owners.items()
        }
        return replace(one, **values)

    def _of(self, policy: str, sections: Iterable[str]) -> Causes:
        """Of a fact from these sections. Where none of them differs, the way to read them does."""
        found = [self.stated.get((policy, section), Causes()) for section in sections]
        causes = Causes().union(*found)
        return (causes - WORDING or causes) or METHOD  # beside others, “wording only” claims none


def _decimal(value: float | None) -> Points:
    return None if value is None else Decimal(str(value))
