"""What changed between two versions of a factsheet: section by section, and score by score.

Pure: two published documents in, rows for a template out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.differences import Difference, difference, title_of, value_of
from policies.document import Document
from policies.history import Key, contents
from policies.models import ChangeKind, Evidence, Part
from policies.presentation.translated import translated
from policies.presentation.words import DASH, enumerated, points, specified, titled
from policies.tongues import filled
from scoring.facts import PolicyFacts, counts, ended
from scoring.rules import RULES


@dataclass(frozen=True)
class SectionChange:
    """A section that differs, and the kinds of change that were given for it."""

    anchor: str
    title: str
    kinds: list[str]
    difference: Difference


@dataclass(frozen=True)
class Group:
    """The sections of one policy, or the factsheet's own; `what` if all of it came or went."""

    title: str
    what: str
    sections: list[SectionChange]


@dataclass(frozen=True)
class Cause:
    """Whether a fact, a judgement or the rubric changed, and which."""

    kind: str
    title: str
    details: list[str]


@dataclass(frozen=True)
class ScoreChange:
    title: str
    before: str
    after: str
    causes: list[Cause]


@dataclass(frozen=True)
class Comparison:
    total_before: str
    total_after: str
    scores: list[ScoreChange]
    groups: list[Group]


Changes = Iterable[Mapping[str, str]]  # `Publication.changes` of the versions in between


def compared(before: Document, after: Document, changes: Changes = ()) -> Comparison:
    """Everything that a reader of `before` does not know of `after`."""
    before, after = translated(before), translated(after)
    return Comparison(
        points(before["maturity"]["total"]),
        points(after["maturity"]["total"]),
        list(_scores(before, after)),
        list(_groups(before, after, changes)),
    )


def kinds_of(changes: Changes) -> list[str]:
    """The kinds of change in words, the weightiest first, each with how many sections it is."""
    given = [change["kind"] for change in changes]
    return [
        _("%(kind)s (%(count)d)") % {"kind": kind.label, "count": given.count(kind)}
        for kind in ChangeKind
        if kind in given
    ]


# Sections, in reading order


def _groups(before: Document, after: Document, changes: Changes) -> Iterator[Group]:
    held = contents(before), contents(after)
    kinds = _kinds_by_anchor(changes)
    titles = _titles(before) | _titles(after)
    names = _names_of_policies(before) | _names_of_policies(after)
    order = _order([*_keys(after), *_keys(before)])
    for code, keys in groupby(order, key=lambda key: key[0]):
        sections = []
        for key in keys:
            labels = names | _names_of_categories(before, key) | _names_of_categories(after, key)
            if changed := difference(held[0].get(key), held[1].get(key), labels):
                anchor = ".".join(part for part in key if part)
                title = titles.get(key, key[1])
                sections.append(SectionChange(anchor, title, kinds.get(anchor, []), changed))
        if sections:
            title = names.get(("policy", code), code) if code else _("The factsheet’s own texts")
            yield Group(title, _what(code, held), sections)


def _what(code: str, held: tuple[dict[Key, Document], dict[Key, Document]]) -> str:
    stood, stands = ((code, "heading") in side for side in held)
    if not code or stood == stands:
        return ""
    return _("This policy is new.") if stands else _("This policy is no longer described.")


def _order(keys: list[Key]) -> list[Key]:
    """Each key once: what stands before the policies, each policy together, what stands after."""
    first = next((place for place, key in enumerate(keys) if key[0]), len(keys))
    policies = list(dict.fromkeys(code for code, _type in keys if code))
    own = [("", type_) for code, type_ in keys[:first] if not code]
    each = [key for code in policies for key in keys if key[0] == code]
    return list(dict.fromkeys([*own, *each, *keys]))


def _keys(document: Document) -> Iterator[Key]:
    parts = {part: [s["type"] for s in document["sections"] if s["part"] == part] for part in Part}
    yield from (("", type_) for type_ in parts[Part.INTRODUCTION])
    for policy in document["policies"]:
        yield policy["code"], "heading"
        yield from ((policy["code"], section["type"]) for section in policy["sections"])
    yield from (("", criterion["code"]) for criterion in document["maturity"]["criteria"])
    yield from (("", type_) for type_ in parts[Part.CHAPTER])
    yield from contents(document)  # the bibliography, and what has no text of its own


def _titles(document: Document) -> dict[Key, str]:
    titles = {("", section["type"]): section["title"] for section in document["sections"]}
    titles.setdefault(("", "introduction"), _("Introduction"))
    titles["", "bibliography"] = _("Bibliography")
    for criterion in document["maturity"]["criteria"]:
        titles["", criterion["code"]] = criterion["title"]
    for policy in document["policies"]:
        titles[policy["code"], "heading"] = _("Name and type")
        for section in policy["sections"]:
            titles[policy["code"], section["type"]] = _titled(section["heading"], section["title"])
    return titles


def titles_by_anchor(before: Document, after: Document) -> dict[str, str]:
    """What the sections of both are called, those of a policy with its name."""
    before, after = translated(before), translated(after)
    titles = _titles(before) | _titles(after)
    names = _names_of_policies(before) | _names_of_policies(after)
    words = _("%(policy)s: %(section)s")
    return {
        ".".join(filter(None, [code, type_])): filled(
            words, {"policy": names["policy", code], "section": title}
        )
        if code
        else title
        for (code, type_), title in titles.items()
    }


def _titled(heading: str, title: str) -> str:
    return title if title == heading else titled(heading, title)


def _names_of_policies(document: Document) -> dict[tuple[str, str], str]:
    return {("policy", p["code"]): enumerated(p["names"]) for p in document["policies"]}


def _names_of_categories(document: Document, key: Key) -> dict[tuple[str, str], str]:
    """As the document says; one code may stand for different things in different sections."""
    return {
        ("category", category["code"]): category["label"]
        for policy in document["policies"]
        for section in policy["sections"]
        if (policy["code"], section["type"]) == key
        for category in section["categories"]
    }


def _kinds_by_anchor(changes: Changes) -> dict[str, list[str]]:
    given = {(change["section"], change["kind"]) for change in changes}
    anchors = {anchor for anchor, _kind in given}
    return {
        anchor: [str(kind.label) for kind in ChangeKind if (anchor, kind.value) in given]
        for anchor in anchors
    }


# Scores


def _scores(before: Document, after: Document) -> Iterator[ScoreChange]:
    old, new = _criteria(before), _criteria(after)
    for code in dict.fromkeys([*new, *old]):
        one, other = old.get(code), new.get(code)
        was, is_ = (
            points(criterion["points"]) if criterion else DASH for criterion in (one, other)
        )
        if was != is_:
            title = (other or one or {})["title"]
            yield ScoreChange(title, was, is_, list(_causes(code, before, after)))


def _criteria(document: Document) -> dict[str, Document]:
    return {criterion["code"]: criterion for criterion in document["maturity"]["criteria"]}


def _causes(code: str, before: Document, after: Document) -> Iterator[Cause]:
    one, other = (_criteria(document).get(code) for document in (before, after))
    found = list(_rubric(one, other, before, after))
    if one and other:
        found += _judgement(one["judged"], other["judged"])
        if not (one["judged"] and other["judged"]):
            facts = list(_facts(code, before["maturity"]["facts"], after["maturity"]["facts"]))
            found += [Cause("fact", _("A fact changed"), facts)] if facts else []
    yield from found or [Cause("other", _("The way of computing it changed"), [])]


def _rubric(
    one: Document | None, other: Document | None, before: Document, after: Document
) -> Iterator[Cause]:
    codes = [document["maturity"]["rubric"] for document in (before, after)]
    if one is None or other is None or one["levels"] != other["levels"] or codes[0] != codes[1]:
        details = [_change(_("Rubric"), *codes)] if codes[0] != codes[1] else []
        yield Cause("rubric", _("The rubric changed"), details)


def _judgement(one: Document | None, other: Document | None) -> Iterator[Cause]:
    if one == other:
        return
    values = [points(judged["points"]) if judged else _("none") for judged in (one, other)]
    details = [_change(_("Judged level"), *values)] if values[0] != values[1] else []
    reason = [filled(_("Reason: %(reason)s"), {"reason": other["reason"]})] if other else []
    yield Cause("judgement", _("A judgement changed"), details + reason)


class Known(TextChoices):
    PRESENT = "present", gettext_lazy("yes")
    ABSENT = "absent", gettext_lazy("no")
    UNKNOWN = "unknown", gettext_lazy("not known")


COUNTING = {"is_example", "starting_year", "ending_year"}  # whether a policy counts at all
READ = {  # the facts of policies behind a pooled fact (`scoring.pooling`)
    "kind": ("kind",),
    "cluster_years": ("kind", "starting_year", "continuous_since"),
    "cluster_financial": ("kind", "financial"),
    "cluster_technical": ("kind", "technical"),
    "other_financial": ("kind", "financial"),
    "other_technical": ("kind", "technical"),
    "past_evaluation": ("ex_ante", "ex_post", "ongoing"),
}
EVIDENCE: dict[str, str | Promise] = {each.value: each.label for each in Evidence}


def _facts(code: str, before: Document, after: Document) -> Iterator[str]:
    """The facts that the criterion reads and that differ, in words."""
    if before["status"] != after["status"]:
        values = (value_of("policies_status", facts["status"]) for facts in (before, after))
        yield _change(title_of("policies_status"), *values)
    if before["collection_year"] != after["collection_year"]:
        years = (str(facts["collection_year"]) for facts in (before, after))
        yield _change(_("Year of collection"), *years)
    old, new = ({p["code"]: p for p in facts["policies"]} for facts in (before, after))
    for policy in dict.fromkeys([*new, *old]):
        one, other = old.get(policy), new.get(policy)
        if one is None or other is None:
            text = (
                _("“%(policy)s” is no longer described.") if one else _("“%(policy)s” was added.")
            )
            yield filled(text, {"policy": (one or other or {})["name"]})
            continue
        moved = _standing(one, before["collection_year"]) != _standing(
            other, after["collection_year"]
        )
        yield from _policy(_read_by(code) | (COUNTING if moved else set()), one, other)


def _read_by(criterion: str) -> set[str]:
    """The facts of a policy that the rules of a criterion read; rules are named after it.

    A criterion that lends its name to no rule is taken to read all.
    """
    pooled = {
        fact
        for rule in RULES.values()
        if rule.code.partition(".")[0] == criterion
        for fact in rule.reads
    }
    every = {field.name for field in fields(PolicyFacts)} - {"code", "name"}
    return {name for fact in pooled for name in READ.get(fact, (fact,))} or every


def _standing(policy: Document, year: int) -> tuple[bool, bool]:
    facts = PolicyFacts.from_dict(policy)
    return counts(facts, year), ended(facts, year)


def _policy(read: set[str], old: Document, new: Document) -> Iterator[str]:
    for name in new:
        if name in read and old[name] != new[name]:
            title = EVIDENCE.get(name) or title_of(name)
            values = (_said(name, policy[name]) for policy in (old, new))
            yield specified(new["name"], _change(str(title), *values))


def _said(name: str, value: Any) -> str:
    return str(Known(value).label) if name in EVIDENCE else value_of(name, value)


def _change(title: str, before: str, after: str) -> str:
    return _("%(title)s: %(before)s → %(after)s") % {
        "title": title,
        "before": before,
        "after": after,
    }
