"""A country's points over editions and versions, and what their changes are due to."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from types import SimpleNamespace

import pytest
from django.utils import timezone

from policies import workflow
from policies.models import Country, Edition, SectionType
from policies.over_time.editions import decomposed_editions
from tests.admin_form import queries
from tests.factory import make_cast
from tests.lasting import lent
from tests.over_time import begin, make_edition, make_rubric, make_versions, revise

pytestmark = pytest.mark.django_db
PAGE = "/factsheets/mexico/over-time/"


@pytest.fixture(scope="module")
def once(lasting):
    """Three versions of 2022, and three of 2024 by another rubric."""
    cast = make_cast()
    make_edition(2024, make_rubric())
    return SimpleNamespace(
        cast=cast, of_2022=make_versions(cast, 2022), of_2024=make_versions(cast, 2024)
    )


cast, of_2022, of_2024 = lent("cast"), lent("of_2022"), lent("of_2024")


def read(client, address=PAGE, status=200):
    response = client.get(address)
    assert response.status_code == status
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.text).split()))


def change(text, before, after):
    """What the page says of one change."""
    return text.partition(f"From {before} to {after}")[2].partition(" From 20")[0]


# A country


def test_every_version_stands_there_with_its_points(client, of_2024):
    text = read(client)
    assert re.search(r"2022, version 1 \d+ \w+ \d{4} 1.5 0.5 0 0.5 0.5 2022, version 2", text)
    assert "2024, version 3 current" in text
    assert "The method changed: scoring system 2024. Points before it do not mean the same." in text


def test_each_change_is_taken_apart_by_what_was_stated(client, of_2024):
    corrected = change(read(client), "2022, version 1", "2022, version 2")
    assert "It had been sectoral all along." in corrected
    assert "Policy scope 0.5 → 1 +0.5 the record or a judgement was corrected" in corrected
    assert "the record was corrected (1)" in corrected
    assert "The Plan: Name and type" in corrected
    changed = change(read(client), "2022, version 2", "2022, version 3")
    assert "Policy scope 1 → 2 +1 the policy changed" in changed
    assert "A cluster policy counts, so policy scope is 2." in changed


def test_between_editions_the_method_is_told_from_what_nobody_stated(client, of_2024):
    between = change(read(client), "2022, version 3", "2024, version 1")
    assert "Policy scope 2 → 1 −1 the content changed, and no reason was asked or stated" in between
    assert "Whoever writes a new edition is not asked" in between
    assert "Both versions scored by both methods, 2022 and 2024" in between


def test_the_pages_of_both_versions_and_their_comparison_are_linked(client, of_2024):
    page = client.get(PAGE).text
    for address in (
        "/factsheets/2022/mexico/v1/",
        "/factsheets/2022/mexico/history/?from=1&amp;to=2",
        "/compare/?country=mexico&amp;edition=2022&amp;edition=2024",
    ):
        assert f'href="{address}"' in page


def test_of_a_withdrawn_version_only_day_and_reason_are_told(client, cast, of_2022, of_2024):
    workflow.withdraw(of_2022[1], by=cast["cleo"], reason="Wrong country.")
    text = read(client)
    assert "2022, version 2 : withdrawn on" in text
    assert "Wrong country." in text
    assert change(text, "2022, version 1", "2022, version 2") == ""
    assert text.count("It had been sectoral all along.") == 1  # of 2024
    over = change(text, "2022, version 1", "2022, version 3")
    assert "+1.5 the record or a judgement was corrected; the policy changed can’t be told" in over


def test_one_version_alone_is_compared_with_nothing(client, cast):
    begin(cast, 2022, "FR")
    text = read(client, "/factsheets/france/over-time/")
    assert "Only one version can be read, so there is nothing to compare yet." in text
    assert "Read 2022, version 1" in text


def test_where_all_was_withdrawn_there_is_a_way_on(client, cast):
    workflow.withdraw(begin(cast, 2022, "FR"), by=cast["cleo"], reason="Wrong.")
    text = read(client, "/factsheets/france/over-time/")
    assert "No version can be read any more" in text
    assert "Wrong." in text


def test_an_invented_country_is_said_to_be_one(client, cast):
    invented = Country.objects.filter(group="demonstration").first()
    first = begin(cast, 2022, invented.code)
    revise(cast, first, {"plan.heading": "policy_changed"}, "So.", kind="sectoral")
    text = read(client, f"/factsheets/{invented.slug}/over-time/")
    assert f"{invented.name} is an invented country." in text


def test_an_unknown_country_is_missing_with_what_may_have_been_meant(client, of_2024):
    text = read(client, "/factsheets/mexiko/over-time/", 404)
    assert "No country “mexiko” is published here." in text
    assert "Did you mean Mexico" in text


def test_the_factsheet_and_its_history_lead_there_once_there_is_more_than_one(
    client, cast, of_2024
):
    begin(cast, 2022, "FR")
    for address in ("/factsheets/2022/mexico/", "/factsheets/2022/mexico/v1/"):
        assert f'href="{PAGE}"' in client.get(address).text
    assert "over-time" not in client.get("/factsheets/2022/france/").text


def test_the_history_says_why_the_score_changed(client, of_2024):
    text = read(client, "/factsheets/2022/mexico/history/?from=1&to=3")
    assert "Why the score changed" in text
    together = "the record or a judgement was corrected; the policy changed can’t be told apart"
    assert f"Policy scope 0.5 → 2 +1.5 {together}" in text
    backwards = read(client, "/factsheets/2022/mexico/history/?from=3&to=1")
    assert f"Policy scope 2 → 0.5 −1.5 {together}" in backwards


def test_the_history_of_one_version_with_itself_explains_nothing(client, of_2024):
    text = read(client, "/factsheets/2022/mexico/history/?from=2&to=2")
    assert "Why the score changed" not in text


def test_the_queries_do_not_grow_with_editions_and_versions(client, cast, of_2024, monkeypatch):
    assert queries(client, PAGE) <= 4
    for year in (2023, 2025, 2026, 2027):
        make_edition(year, make_rubric(str(year)))
        make_versions(cast, year)
    assert queries(client, PAGE) <= 4
    assert queries(client, PAGE) == 1


def test_what_a_scoring_system_does_not_measure_is_said_so_and_is_no_zero(client, cast):
    narrower = make_rubric("narrower")
    narrower.criteria.get(code="continuity").delete()
    make_edition(2023, narrower)
    last = Edition.objects.get(year=2022)
    SectionType.objects.filter(code="continuity").update(until=last)
    begin(cast, 2022, "DE", kind="sectoral")
    begin(cast, 2023, "DE", kind="sectoral")
    text = read(client, "/factsheets/germany/over-time/")
    assert "Continuity 0 → not measured 0 the method changed" in text
    assert re.search(r"2023, version 1 current \d+ \w+ \d{4} 2.5 1.5 not measured", text)
    table = text.partition("Points by scoring systems 2022 and narrower")[2]
    assert "Continuity 0 not measured not measured 0" in table
    assert "Total 2 2.5 2.5 2" in table


# Two editions


def test_the_parts_of_the_sums_of_two_editions_add_up(cast, of_2024, django_assert_num_queries):
    begin(cast, 2022, "FR")
    begin(cast, 2024, "FR")
    begin(cast, 2024, "DE")
    invented = Country.objects.filter(group="demonstration").first()
    for year in (2022, 2024):
        begin(cast, year, invented.code)
    with django_assert_num_queries(3):
        real, unreal = decomposed_editions(2022, 2024)
    assert real.countries == ("france", "mexico")
    assert unreal.countries == (invented.slug,)
    scope = real.criteria["scope"]
    assert (scope.title, scope.before, scope.after) == ("Policy scope", Decimal("2.5"), 3)
    found = {" ".join(sorted(portion.causes)): portion for portion in scope.portions}
    assert found["method"].points == Decimal("0.5")
    assert found["method"].countries == ("france",)
    assert found["not_stated"].points == -1
    assert found["corrected"].points == Decimal("0.5")
    assert found["policy"].points == Decimal("0.5")
    for summed in (*real.criteria.values(), *unreal.criteria.values(), real.total, unreal.total):
        whole = sum((portion.points for portion in summed.portions), Decimal(0))
        assert whole == summed.after - summed.before


def test_nothing_is_said_of_editions_that_share_no_country(cast):
    make_edition(2030)
    begin(cast, 2030, "DE")
    real, invented = decomposed_editions(2022, 2030)
    assert real.countries == invented.countries == ()
    assert real.criteria == {}


def test_two_editions_are_told_as_they_stood_on_a_day(cast, of_2024):
    today, later = timezone.localdate(), timezone.now() + timedelta(days=2)
    known, _invented = decomposed_editions(2022, 2024)
    workflow.withdraw(of_2024[2], by=cast["cleo"], reason="Wrong.", now=later)
    assert decomposed_editions(2022, 2024)[0].countries == ()
    assert decomposed_editions(2022, 2024, today)[0] == known
    assert decomposed_editions(2022, 2024, today - timedelta(days=1))[0].countries == ()


def test_in_another_language_numbers_and_days_are_written_its_way(client, of_2024):
    assert queries(client, f"/es{PAGE}") <= 5
    text = read(client, f"/es{PAGE}")
    assert "0,5 → 1 +0,5" in text
