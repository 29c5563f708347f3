"""What an edition publishes, as the pages that count it read it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from policies.insight.collected import Has, collect
from policies.models import Country, Publication, PublishedPolicy, PublishedSection
from policies.workflow import withdraw
from tests.factory import (
    make_judged,
    make_publication,
    make_scored_document,
    reported,
)

JUDGED = {
    code: {"points": 0, "reason": "Nothing is known."}
    for code in ("scope", "continuity", "evidence", "support")
}


def collected(on=None):
    return collect([2022], on)[2022]


def only(on=None):
    (country,) = collected(on).countries
    return country


def policy(code="plan", sections=(), **fields):
    """A policy that can be published, with these of its sections instead."""
    (plan,) = make_scored_document()["policies"]
    said = {section["type"]: section for section in plan["sections"]}
    said |= {type_: {"type": type_, **told} for type_, told in dict(sections).items()}
    return {**plan, "code": code, "sections": list(said.values()), **fields}


def published(cast, *policies, **fields):
    fields = {"policies": list(policies), "maturity": make_judged(JUDGED), **fields}
    return make_publication(cast, make_scored_document(**fields))


# What one policy says of a category

SAID = [
    (reported("resilience"), Has.YES),
    (reported("digitalisation"), Has.NO),
    (reported(text="In words only."), Has.REPORTED),
    ({"availability": "none_exists"}, Has.NONE_EXISTS),
    ({"availability": "not_applicable"}, Has.NOT_APPLICABLE),
    ({"availability": "no_data"}, Has.NO_DATA),
    ({"availability": "not_researched"}, Has.NOT_RESEARCHED),
]


@pytest.mark.parametrize(("said", "has"), SAID)
def test_the_kinds_of_nothing_stay_apart(cast, said, has):
    published(cast, policy(sections={"eu-priorities": said}))
    assert only().has("eu-priorities", "resilience") == has


TOGETHER = [
    (
        "one has it, of one it is not known",
        reported("resilience"),
        {"availability": "no_data"},
        Has.YES,
    ),
    ("unknown in one", reported("digitalisation"), {"availability": "no_data"}, Has.NO_DATA),
    (
        "not looked for is less than not found",
        {"availability": "no_data"},
        {"availability": "not_researched"},
        Has.NOT_RESEARCHED,
    ),
    (
        "known absences",
        {"availability": "not_applicable"},
        reported("digitalisation"),
        Has.NO,
    ),
]


@pytest.mark.parametrize(("first", "second", "has"), [case[1:] for case in TOGETHER])
def test_policies_in_force_speak_for_their_country_together(cast, first, second, has):
    published(
        cast,
        policy("plan", {"eu-priorities": first}),
        policy("programme", {"eu-priorities": second}),
    )
    assert only().has("eu-priorities", "resilience") == has


def test_examples_ended_and_future_policies_are_not_collected(cast):
    has_it = {"eu-priorities": reported("resilience")}
    published(
        cast,
        policy("example", has_it, is_example=True),
        policy("ended", has_it, period="limited", starting_year=2010, ending_year=2015),
        policy("future", has_it, starting_year=2024),
    )
    assert only().policies == []
    assert only().has("eu-priorities", "resilience") == Has.NO_POLICY


def test_a_country_of_which_nobody_looked_for_policies_is_unknown(cast):
    published(cast, policies_status="not_researched")
    assert only().has("eu-priorities", "resilience") == Has.NOT_RESEARCHED


def test_a_country_that_has_no_policy_is_known_to_have_none(cast):
    published(cast, policies_status="none_exist")
    assert only().has("eu-priorities", "resilience") == Has.NO_POLICY


def test_invented_countries_stand_apart(cast):
    Country.objects.filter(code="MX").update(group=Country.Group.DEMONSTRATION)
    make_publication(cast)
    assert collected().countries == []
    assert [country.slug for country in collected().invented] == ["mexico"]


# On which day


def _published_at(number, moment):
    """Publications are immutable; their time is set here as if it had been that day."""
    table = Publication._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET published_at = %s WHERE number = %s", [moment, number])


def test_a_day_is_shown_as_it_stood_when_it_ended(cast):
    now = timezone.now()
    first = make_publication(cast)
    _published_at(1, now - timedelta(days=10))
    today = timezone.localdate()
    assert collected(today - timedelta(days=11)).countries == []
    assert only(today - timedelta(days=10)).number == 1
    assert only(today).number == 1
    withdraw(first, by=cast["cleo"], reason="A mistake.")
    assert only(today - timedelta(days=1)).number == 1
    assert collected(today).countries == []
    assert collected().countries == []


# Rows of before there were the columns


def test_a_migration_fills_in_what_the_published_documents_say(cast):
    amounts = {"overall": {"availability": "none_exists"}, "annual": {"availability": "no_data"}}
    published(cast, policy(sections={"eu-priorities": reported("resilience")}, budget=amounts))
    before = sorted(PublishedSection.objects.values_list("section", "availability"))
    assert ("eu-priorities", "reported") in before
    state = MigrationLoader(connection).project_state(("policies", "0008_published_sections"))
    state.apps.get_model("policies", "PublishedSection").objects.all().delete()
    state.apps.get_model("policies", "PublishedPolicy").objects.update(
        overall_budget="not_researched", annual_budget="not_researched"
    )
    state.apps.get_model("policies", "Publication").objects.update(policies_status="none_exist")
    import_module("policies.migrations.0008_published_sections").fill(state.apps, None)
    assert sorted(PublishedSection.objects.values_list("section", "availability")) == before
    row = PublishedPolicy.objects.get()
    assert (row.overall_budget, row.annual_budget) == ("none_exists", "no_data")
    assert Publication.objects.get().policies_status == "reported"


def test_editions_cost_four_queries_whatever_is_published(cast, django_assert_num_queries):
    make_publication(cast)
    make_publication(cast, make_scored_document("FR"))
    with django_assert_num_queries(4):
        collect([2021, 2022])


def test_a_site_without_publications_says_so(reference, client):
    for address in ("/categories/", "/categories/objectives/rd/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "No factsheet is published yet." in response.content.decode()


def test_a_migration_says_since_when_published_policies_have_run(cast):
    published(cast, policy(starting_year=2012, continuous_since=2001))
    state = MigrationLoader(connection).project_state(("policies", "0012_continuous_since"))
    state.apps.get_model("policies", "PublishedPolicy").objects.update(continuous_since=None)
    import_module("policies.migrations.0012_continuous_since").fill(state.apps, None)
    assert PublishedPolicy.objects.get().continuous_since == 2001


def test_a_migration_says_in_which_language_published_policies_are_written(cast):
    make_publication(cast, make_scored_document("FR", language="fr"))
    state = MigrationLoader(connection).project_state(("policies", "0014_language_of_policies"))
    state.apps.get_model("policies", "PublishedPolicy").objects.update(language="en")
    import_module("policies.migrations.0014_language_of_policies").fill(state.apps, None)
    assert PublishedPolicy.objects.get().language == "fr"
