"""Every level of every criterion and each of its boundaries, as facts and points."""

from decimal import Decimal

import pytest

from tests.scoring.make import derived, make_cluster, make_policy

NONE = None
HALF = Decimal("0.5")

broad = make_policy("broad")
sectoral = make_policy("sectoral")
cluster = make_cluster()


@pytest.mark.parametrize(
    ("policies", "points"),
    [
        # the strongest kind
        ([broad], HALF),
        ([sectoral], 1),
        ([cluster], 2),
        ([broad, sectoral], 1),
        ([cluster, broad], 2),
        ([sectoral, cluster, broad], 2),
        # a regional policy is like any other, unless it is an example
        ([broad, make_cluster(is_example=True)], HALF),
        # in force in 2022, first and last year included
        ([broad, make_cluster(starting_year=2022)], 2),
        ([broad, make_cluster(starting_year=2023)], HALF),
        ([broad, make_cluster(ending_year=2022, period="limited")], 2),
        ([broad, make_cluster(ending_year=2021, period="limited")], HALF),
        ([broad, make_cluster(period="unknown")], 2),
        ([broad, make_cluster(starting_year=None)], 2),
    ],
)
def test_scope_is_the_strongest_kind_that_counts(policies, points):
    assert derived("scope", *policies) == points


@pytest.mark.parametrize(
    ("policies", "points"),
    [
        ([broad], 0),
        ([sectoral, broad], 0),
        # years up to 2022
        ([make_cluster(starting_year=2022)], HALF),
        ([make_cluster(starting_year=2021)], HALF),
        ([make_cluster(starting_year=2020)], HALF),
        ([make_cluster(starting_year=2019)], 1),
        ([make_cluster(starting_year=2012)], 1),
        ([make_cluster(starting_year=2011)], 2),
        # a run without a break may have begun before the policy of today
        ([make_cluster(starting_year=2021, continuous_since=2004)], 2),
        ([make_cluster(starting_year=2004, continuous_since=2021)], HALF),
        ([make_cluster(starting_year=None, continuous_since=2012)], 1),
        # the longest run of a cluster policy that counts
        ([make_cluster(starting_year=2021), make_cluster(starting_year=2010)], 2),
        ([make_cluster(starting_year=2021), make_policy("broad", starting_year=1990)], HALF),
        ([make_cluster(starting_year=2021), make_cluster(starting_year=2023)], HALF),
        ([broad, make_cluster(starting_year=2000, ending_year=2021)], 0),
        ([broad, make_cluster(starting_year=2000, is_example=True)], 0),
    ],
)
def test_continuity_is_the_longest_run_of_a_cluster_policy(policies, points):
    assert derived("continuity", *policies) == points


@pytest.mark.parametrize(
    ("shows", "points"),
    [
        ("", 0),
        ("financial technical", 0),
        ("ex_ante", HALF),
        ("ex_post", HALF),
        ("ex_ante ex_post", HALF),
        ("ongoing", 1),
        ("monitoring", 1),
        ("ongoing ex_ante ex_post", 1),
        ("monitoring ex_post", 1),
        ("monitoring ex_ante", 2),
        ("monitoring ongoing", 2),
        ("monitoring ongoing ex_ante ex_post", 2),
    ],
)
def test_evidence_follows_from_monitoring_and_evaluations(shows, points):
    assert derived("evidence", make_policy(shows=shows)) == points


@pytest.mark.parametrize(
    ("policies", "points"),
    [
        # evaluations of ended policies give 0.5, whatever they are; their monitoring gives nothing
        ([broad, make_policy(shows="ex_ante", ending_year=2021)], HALF),
        ([broad, make_policy(shows="ex_post", ending_year=2021)], HALF),
        ([broad, make_policy(shows="ongoing", ending_year=2021)], HALF),
        ([broad, make_policy(shows="monitoring", ending_year=2021)], 0),
        ([broad, make_policy(shows="ex_post", ending_year=2021, is_example=True)], 0),
        ([broad, make_policy(shows="ex_post", starting_year=2023)], 0),
        # and they add nothing to what is in force
        (
            [
                make_policy(shows="monitoring"),
                make_policy(shows="ex_ante ongoing", ending_year=2021),
            ],
            1,
        ),
        # pooled over the policies that count
        ([make_policy(shows="monitoring"), make_cluster(shows="ex_ante")], 2),
        ([make_policy(shows="monitoring"), make_cluster(shows="ex_ante", is_example=True)], 1),
    ],
)
def test_evidence_is_pooled(policies, points):
    assert derived("evidence", *policies) == points


@pytest.mark.parametrize(
    ("policies", "points"),
    [
        ([broad], 0),
        ([cluster, sectoral], 0),
        ([make_policy(shows="financial")], HALF),
        ([make_policy("sectoral", shows="financial technical")], HALF),
        ([cluster, make_policy(shows="financial")], HALF),
        ([make_cluster(shows="financial")], 1),
        ([make_cluster(shows="technical")], 1),
        ([make_cluster(shows="technical"), make_policy(shows="financial technical")], 1),
        ([make_cluster(shows="financial technical")], 2),
        ([make_cluster(shows="financial"), make_cluster(shows="technical")], 2),
        # examples and ended policies give no support
        ([broad, make_cluster(shows="financial technical", is_example=True)], 0),
        ([broad, make_cluster(shows="financial technical", ending_year=2021)], 0),
        # the case that the rubric leaves open
        ([make_policy(shows="technical")], NONE),
        ([cluster, make_policy("sectoral", shows="technical")], NONE),
    ],
)
def test_support_depends_on_the_kind_of_policy_that_gives_it(policies, points):
    assert derived("support", *policies) == points
