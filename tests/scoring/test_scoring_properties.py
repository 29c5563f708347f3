"""A derived level is certain: no fact that becomes known later can change it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scoring.facts import THREE_VALUED, Facts, Kind, Known, Period, PolicyFacts, Status, counts
from scoring.maturity import assess
from tests.scoring.make import RUBRIC, YEAR

years = st.none() | st.integers(YEAR - 30, YEAR + 2)
policies = st.builds(
    PolicyFacts,
    code=st.sampled_from("abcdef"),
    name=st.sampled_from(["Ash", "Birch", "Cedar"]),
    kind=st.sampled_from(Kind),
    is_example=st.sampled_from([False, False, False, True]),
    period=st.sampled_from(Period),
    starting_year=years,
    ending_year=years,
    continuous_since=years,
    **dict.fromkeys(THREE_VALUED, st.sampled_from(Known)),
)
facts = st.builds(
    Facts,
    status=st.sampled_from([Status.REPORTED, Status.REPORTED, *Status]),
    collection_year=st.just(YEAR),
    policies=st.lists(policies, max_size=4).map(tuple),
)


def learn(data: st.DataObject, policy: PolicyFacts) -> PolicyFacts:
    """The policy with some of its unknown facts, maybe all, made known."""
    unknown = [name for name in THREE_VALUED if getattr(policy, name) == Known.UNKNOWN]
    answers = st.sampled_from([Known.PRESENT, Known.ABSENT, Known.UNKNOWN])
    learnt = {name: data.draw(answers, label=name) for name in unknown}
    if policy.starting_year is None and policy.continuous_since is None and counts(policy, YEAR):
        learnt["starting_year"] = data.draw(st.none() | st.integers(YEAR - 500, YEAR))
    return replace(policy, **learnt)


@given(facts, st.data())
def test_a_derived_level_never_changes_when_an_unknown_fact_becomes_known(before, data):
    after = replace(before, policies=tuple(learn(data, policy) for policy in before.policies))
    pairs = zip(assess(before, RUBRIC).criteria, assess(after, RUBRIC).criteria, strict=True)
    for old, new in pairs:
        assert old.derived.points in (None, new.derived.points)


@given(facts)
def test_the_order_of_the_policies_does_not_matter(before):
    after = replace(before, policies=before.policies[::-1])
    points = [
        [result.derived.points for result in assess(each, RUBRIC).criteria]
        for each in (before, after)
    ]
    assert points[0] == points[1]


@given(facts)
def test_facts_are_the_same_after_storing(before):
    assert Facts.from_dict(before.to_dict()) == before


@given(facts)
def test_every_level_has_a_reason(before):
    assert all(result.derived.reasons for result in assess(before, RUBRIC).criteria)
