"""The published example: Mexico 2022 has 1.5 of 8 points, 0.5 of them judged."""

from decimal import Decimal

import pytest

from tests.scoring.make import make_cluster, make_policy, score

HALF = Decimal("0.5")


@pytest.fixture
def mexico():
    course = make_policy(
        name="Course for an Industrial Policy",
        shows="technical ex_ante",
        unknown="financial",
        period="unlimited",
        starting_year=2022,
    )
    nuevo_leon = make_cluster(
        shows="financial technical ongoing",
        is_example=True,
        period="limited",
        starting_year=2015,
        ending_year=2030,
        continuous_since=2004,
    )
    return course, nuevo_leon


def test_mexico_has_three_derived_levels(mexico):
    points = [result.derived.points for result in score(*mexico).criteria]
    assert points == [HALF, 0, HALF, None]


def test_mexico_is_incomplete_without_a_judgement(mexico):
    maturity = score(*mexico)
    assert (maturity.total, maturity.complete) == (1, False)


def test_mexico_has_one_and_a_half_points_with_the_judgement(mexico):
    maturity = score(*mexico, judged={"support": HALF})
    assert (maturity.total, maturity.judged_total) == (Decimal("1.5"), HALF)


def test_mexico_is_complete_with_the_judgement(mexico):
    maturity = score(*mexico, judged={"support": HALF})
    assert (maturity.maximum, maturity.complete) == (8, True)
