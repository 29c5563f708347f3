"""What a change of points is due to: pairs of documents, rubrics and stated kinds, made up."""

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.document import facts_of, number, scored
from policies.history import contents
from policies.over_time.stating import why
from scoring.decomposing import Cause
from scoring.facts import Facts
from scoring.maturity import assess
from tests.scoring.make import RUBRIC

PROVES = {
    ("financial-instruments", "grants"): "financial",
    ("technical-assistance", "coaching"): "technical",
    ("evaluation", "ex-ante"): "ex_ante",
    ("evaluation", "ex-post"): "ex_post",
    ("evaluation", "in-itinere"): "ongoing",
    ("evaluation", "monitoring"): "monitoring",
}
KINDS = ("policy_changed", "record_corrected", "wording_only")


def make_section(type_="evaluation", availability="reported", *codes):
    return {
        "type": type_,
        "availability": availability,
        "availability_note": "",
        "text": "",
        "categories": [{"code": code, "detail": ""} for code in codes],
    }


def make_policy(code="plan", *sections, **fields):
    values = {
        "code": code,
        "names": [code],
        "original_name": "",
        "url": "",
        "kind": "cluster",
        "level": "national",
        "region": "",
        "is_example": False,
        "heading_note": "",
        "period": "unknown",
        "starting_year": 2015,
        "ending_year": None,
        "continuous_since": None,
        "budget": {},
        "sections": list(sections),
    }
    return values | fields


def make_document(*policies, rubric=RUBRIC, year=2022, status="reported", judged=None):
    outline = {
        "language": "en",
        "edition": {"year": year, "collected_on": f"{year}-06-30"},
        "policies_status": status,
        "sections": [],
        "policies": list(policies),
        "references": [],
        "maturity": {
            "criteria": [
                {"code": c.code, "text": "", "judged": (judged or {}).get(c.code)}
                for c in rubric.criteria
            ]
        },
    }
    return scored(outline, rubric, PROVES)


def altered(rubric=RUBRIC, code="altered"):
    """Policy scope is worth twice as much, continuity is not measured, something else is."""
    scope, continuity, *others = rubric.criteria
    assert (scope.code, continuity.code) == ("scope", "continuity")
    doubled = tuple(replace(level, points=level.points * 2) for level in scope.levels)
    criteria = (replace(scope, levels=doubled), *others, replace(continuity, code="age"))
    return replace(rubric, code=code, criteria=criteria)


ALTERED = altered()


def swapped(rubric=RUBRIC):
    """The levels of every criterion give their points the other way round."""

    def turned(criterion):
        points = [level.points for level in reversed(criterion.levels)]
        pairs = zip(criterion.levels, points, strict=True)
        return replace(criterion, levels=tuple(replace(level, points=p) for level, p in pairs))

    return replace(rubric, code="swapped", criteria=tuple(map(turned, rubric.criteria)))


SWAPPED = swapped()
RUBRICS = {rubric.code: rubric for rubric in (RUBRIC, ALTERED, SWAPPED)}


def explained(before, after, changes=(), rubrics=RUBRICS, proves=PROVES):
    return why(before, after, changes, rubrics, proves).decomposition


def parts(change):
    """What stands in words of causes, such as {"corrected policy": 0.5}."""
    return {" ".join(sorted(part.causes)): part.points for part in change.parts}


def stated(before, after, kind):
    """The changes as `Publication.changes` holds them, all for one reason."""
    old, new = contents(before), contents(after)
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return [{"section": ".".join(filter(None, key)), "kind": kind} for key in keys]


# Generated

years = st.none() | st.integers(1995, 2024)
sections = {
    type_: st.builds(
        make_section,
        st.just(type_),
        st.sampled_from(["reported", "reported", "none_exists", "no_data"]),
        *(st.sampled_from(codes) for _ in range(2)),
    )
    for type_, codes in {
        "financial-instruments": ["grants", "loans"],
        "technical-assistance": ["coaching", "other"],
        "evaluation": ["ex-ante", "ex-post", "in-itinere", "monitoring"],
    }.items()
}
policies = st.sampled_from(["ash", "birch", "cedar"]).flatmap(
    lambda code: st.builds(
        make_policy,
        st.just(code),
        *sections.values(),
        kind=st.sampled_from(["broad", "sectoral", "cluster"]),
        is_example=st.sampled_from([False, False, False, True]),
        starting_year=years,
        ending_year=years,
    )
)
judgements = st.dictionaries(
    st.sampled_from([criterion.code for criterion in RUBRIC.criteria]),
    st.builds(lambda points: {"points": points, "reason": "So."}, st.sampled_from([0, 0.5, 1, 2])),
    max_size=3,
)


def documents(rubric=RUBRIC, year=2022):
    """Whole ones, as only they are published: what does not follow was judged."""

    def judged_where_open(found):
        open_ = {c["code"] for c in found["maturity"]["criteria"] if c["points"] is None}
        for criterion in found["maturity"]["criteria"]:
            if criterion["code"] in open_:
                criterion["judged"] = {"points": criterion["levels"][0]["points"], "reason": "Is."}
        return scored(found, rubric, PROVES)

    made = st.builds(
        lambda some, status, judged: make_document(
            *some, rubric=rubric, year=year, status=status, judged=judged
        ),
        st.lists(policies, max_size=3, unique_by=lambda policy: policy["code"]),
        st.sampled_from(["reported", "reported", "none_exist", "not_researched"]),
        judgements,
    )
    return made.map(judged_where_open)


any_document = st.tuples(st.sampled_from([RUBRIC, ALTERED, SWAPPED]), st.sampled_from([2019, 2022]))
any_document = any_document.flatmap(lambda of: documents(*of))


@st.composite
def pairs(draw, after=any_document):
    """Two documents, and what was stated of some of the sections that differ."""
    before, later = draw(documents()), draw(after)
    changes = [
        {**change, "kind": draw(st.sampled_from(KINDS))}
        for change in stated(before, later, "")
        if draw(st.booleans())
    ]
    return before, later, changes


@given(pairs())
def test_the_parts_add_up_to_the_whole_change_of_each_criterion_and_of_the_total(pair):
    before, after, changes = pair
    found = explained(before, after, changes)
    for change in [*found.criteria.values(), found.total]:
        assert sum((part.points for part in change.parts), Decimal(0)) == change.whole
    totals = (Decimal(str(each["maturity"]["total"])) for each in (after, before))
    assert found.total.whole == next(totals) - next(totals)


@given(any_document, st.data())
def test_where_nothing_changed_there_is_no_part(document, data):
    found = explained(document, deepcopy(document))
    assert [change.parts for change in found.criteria.values() if change.parts] == []
    assert found.total.whole == 0


@given(documents(), st.sampled_from([ALTERED, SWAPPED]))
def test_where_only_the_rubric_changed_only_the_method_did(before, rubric):
    after = scored(before, rubric, PROVES)
    found = explained(before, after)
    assert {part.causes for part in found.total.parts} <= {frozenset({Cause.METHOD})}


@given(pairs(documents()), st.sampled_from(KINDS))
def test_where_all_was_stated_to_be_one_thing_it_was_only_that(pair, kind):
    before, after, _changes = pair
    cause = {
        "policy_changed": Cause.POLICY,
        "record_corrected": Cause.CORRECTED,
        "wording_only": Cause.WORDING,
    }[kind]
    found = explained(before, after, stated(before, after, kind))
    assert {part.causes for part in found.total.parts} <= {frozenset({cause})}


@given(pairs(documents()))
def test_under_one_rubric_the_method_is_no_cause(pair):
    found = explained(*pair)
    assert not any(Cause.METHOD in part.causes for part in found.total.parts)


# By hand

PLAIN = make_policy()
EVALUATED = make_policy("plan", make_section("evaluation", "reported", "ex-ante", "monitoring"))
NO_HELP = [
    make_section("financial-instruments", "none_exists"),
    make_section("technical-assistance", "none_exists"),
]


def unevaluated(*sections, **fields):
    return make_policy(
        "plan", make_section("evaluation", "none_exists"), *(sections or NO_HELP), **fields
    )


def test_each_section_counts_with_what_was_stated_of_it():
    before = make_document(unevaluated(kind="broad", starting_year=2021))
    after = make_document(unevaluated(kind="cluster", starting_year=2015))
    changes = [
        {"section": "plan.heading", "kind": "policy_changed"},
        {"section": "plan.history", "kind": "record_corrected"},
    ]
    found = explained(before, after, changes)
    assert parts(found.criteria["scope"]) == {"policy": Decimal("1.5")}
    assert parts(found.criteria["continuity"]) == {"policy": 1}  # a broad policy's years are none
    assert parts(found.total)["policy"] == found.total.whole


def test_what_was_stated_to_be_two_things_is_not_told_apart():
    before = make_document(unevaluated(kind="broad"))
    after = make_document(unevaluated(kind="cluster"))
    changes = [{"section": "plan.heading", "kind": kind} for kind in KINDS]
    found = explained(before, after, changes)
    assert parts(found.criteria["scope"]) == {"corrected policy": Decimal("1.5")}


def test_beside_another_kind_wording_claims_nothing():
    before = make_document(unevaluated(kind="broad"))
    after = make_document(unevaluated(kind="cluster"))
    changes = [{"section": "plan.heading", "kind": kind} for kind in KINDS[1:]]
    assert parts(explained(before, after, changes).criteria["scope"]) == {"corrected": 1.5}


def test_between_editions_time_is_told_from_what_nobody_stated():
    before = make_document(unevaluated(kind="cluster", starting_year=2015), year=2022)
    after = make_document(unevaluated(kind="cluster", starting_year=2015), year=2026)
    assert parts(explained(before, after).criteria["continuity"]) == {"time": 1}
    after = make_document(unevaluated(kind="broad", starting_year=2015), year=2026)
    changes = [{"section": "plan.heading", "kind": "record_corrected"}]
    found = explained(before, after, changes)
    assert parts(found.criteria["scope"]) == {"corrected not_stated": Decimal("-1.5")}


def test_the_method_is_the_earlier_facts_under_the_later_rubric():
    before = make_document(unevaluated(kind="broad"))
    after = make_document(unevaluated(kind="sectoral"), rubric=ALTERED)
    found = explained(before, after, stated(before, after, "policy_changed"))
    scope = found.criteria["scope"]
    assert (scope.before, scope.anew, scope.after) == (Decimal("0.5"), 1, 2)
    assert parts(scope) == {"method": Decimal("0.5"), "policy": 1}


def test_a_criterion_that_only_one_rubric_has_is_the_method():
    before = make_document(unevaluated(kind="cluster"))
    after = make_document(unevaluated(kind="cluster"), rubric=ALTERED)
    found = explained(before, after)
    assert found.criteria["continuity"].is_measured == (True, False)
    assert parts(found.criteria["continuity"]) == {"method": -1}
    assert parts(found.criteria["age"]) == {"method": 1}
    assert found.total.whole == Decimal("2")


def test_a_judgement_of_no_level_there_leaves_the_method_and_the_policy_together():
    judged = {"scope": {"points": 1, "reason": "So."}}
    before = make_document(unevaluated(kind="broad"), judged=judged)
    after = make_document(
        unevaluated(kind="broad"), rubric=SWAPPED, judged={"scope": {"points": 2, "reason": "So."}}
    )
    assert parts(explained(before, after).criteria["scope"]) == {"not_stated": 1}
    fewer = [level for level in SWAPPED.criteria[0].levels if level.points != 1]
    scope = replace(SWAPPED.criteria[0], levels=tuple(fewer))
    rubric = replace(SWAPPED, criteria=(scope, *SWAPPED.criteria[1:]))
    found = explained(before, after, rubrics={"swapped": rubric})
    assert found.criteria["scope"].anew is None
    assert found.total.anew is None
    assert parts(found.criteria["scope"]) == {"method not_stated": 1}


def test_without_the_rubric_nothing_can_be_told_apart():
    before = make_document(unevaluated(kind="broad"))
    after = make_document(unevaluated(kind="cluster"), rubric=ALTERED)
    found = explained(before, after, stated(before, after, "policy_changed"), rubrics={})
    assert parts(found.criteria["scope"]) == {"method policy": Decimal("3.5")}


def test_facts_of_texts_that_stayed_the_same_are_read_by_another_method():
    before = make_document(EVALUATED)
    fewer = {key: what for key, what in PROVES.items() if what not in ("monitoring", "ex_ante")}
    after = deepcopy(before)
    after["maturity"]["facts"] = facts_of(before, fewer).to_dict()
    assert before["maturity"]["facts"] != after["maturity"]["facts"]
    found = explained(before, scored_from(after), proves=PROVES)
    assert {part.causes for part in found.total.parts} == {frozenset({Cause.METHOD})}


def scored_from(document):
    """Points as the facts that the document holds give them."""
    maturity = assess(Facts.from_dict(document["maturity"]["facts"]), RUBRIC)
    for criterion, result in zip(document["maturity"]["criteria"], maturity.criteria, strict=True):
        criterion["points"] = number(result.points)
    return document


@pytest.mark.parametrize("kind", KINDS)
def test_a_policy_that_comes_or_goes_does_so_with_its_heading(kind):
    before = make_document(unevaluated(kind="cluster"), make_policy("other", kind="broad"))
    after = make_document(make_policy("other", kind="broad"))
    changes = [
        {"section": "plan.heading", "kind": kind},
        {"section": "plan.history", "kind": "policy_changed"},
    ]
    (found,) = explained(before, after, changes).criteria["scope"].parts
    assert found.points == Decimal("-1.5")
    assert len(found.causes) == 1
