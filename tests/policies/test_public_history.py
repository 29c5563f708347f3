"""The history that readers see: versions, differences, and why a score changed."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from policies import workflow
from policies.changes import change_set
from policies.comparing import compared
from policies.document import document_of, drafts
from policies.models import (
    CriterionScore,
    Factsheet,
    Objection,
    Policy,
    Publication,
    Validation,
)
from policies.pages import Shelf
from scoring.models import Criterion, Rubric
from tests.admin_form import queries
from tests.factory import make_cast, make_policy, make_publication, make_unused, section, tick
from tests.lasting import lent

pytestmark = pytest.mark.django_db
PAGE, SHEET = "/factsheets/2022/mexico/history/", "/factsheets/2022/mexico/"


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    cast = make_cast()
    return SimpleNamespace(cast=cast, first=make_publication(cast))


cast, first = lent("cast"), lent("first")


@pytest.fixture
def site(cast: dict[str, Any], first: Publication) -> SimpleNamespace:
    """Version 1 of a factsheet, and how its next one is published."""

    def publish(note: str = "A change.", kind: str = "record_corrected") -> Publication:
        factsheet = Factsheet.objects.get(pk=first.factsheet_id)
        for row in factsheet.sections.exclude(state="approved"):
            if row.state != "submitted":
                workflow.submit(row, by=cast["ada"], kind=kind)
            workflow.approve(row, by=cast["ben"])
        return workflow.publish(factsheet, by=cast["cleo"], note=note)

    policy = first.factsheet.policies.get()
    return SimpleNamespace(cast=cast, first=first, policy=policy, publish=publish)


@pytest.fixture
def second(site: SimpleNamespace) -> Publication:
    """The plan is now called a cluster policy, and its focus is described."""
    with change_set(by=site.cast["ada"]):
        row = tick(site.policy, "focus", "sectoral")
        row.text = "It is for <b>one</b> sector."
        row.save()
        Policy.objects.filter(pk=site.policy.pk).update(kind="cluster", starting_year=2015)
    return site.publish("The ministry wrote to us.")


def read(client: Client, query: str = "") -> str:
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return " ".join(response.text.split())


# Versions


def test_every_version_stands_there_with_its_day_note_total_and_kinds_of_change(
    client, second
) -> None:
    page = read(client)
    for number in (1, 2):
        assert f'<a href="{SHEET}v{number}/">Version {number} of ' in page
    assert "The ministry wrote to us." in page
    assert "the record was corrected (3)" in page
    assert "1.5 of 8" in page
    assert "4.5 of 8" in page


def test_one_version_alone_is_compared_with_nothing(client, site) -> None:
    assert "There is only one version" in read(client)


def test_a_withdrawn_version_keeps_its_place_but_shows_nothing_of_its_content(
    client, site, second
) -> None:
    workflow.withdraw(second, by=site.cast["cleo"], reason="Wrong country.")
    page = read(client)
    assert "Wrong country." in page
    assert "4.5 of 8" not in page
    assert "The ministry wrote to us." not in page
    assert "There are no two versions that can be compared" in page
    page = read(client, "?from=1&to=2")
    assert "Its text is no longer shown, so it can’t be compared." in page
    assert "sector" not in page


def test_the_pages_of_the_factsheet_lead_to_its_history(client, site, second) -> None:
    assert f'href="{PAGE}"' in client.get(SHEET).text
    workflow.withdraw(second, by=site.cast["cleo"], reason="Wrong.")
    assert f'href="{PAGE}"' in client.get(SHEET).text


@pytest.mark.parametrize("address", ["/factsheets/2022/atlantis/history/", f"{PAGE}?from=9"])
def test_what_is_not_there_is_missing(client, site, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("asked", ["x", "<script>alert(1)</script>", "1e5", "²"])
def test_a_version_that_is_no_number_is_missing(client, second, asked: str) -> None:
    response = client.get(PAGE, {"from": asked, "to": "2"})
    assert response.status_code == 404
    assert "<script>alert" not in response.text


# Differences


def test_unasked_the_newest_version_is_compared_with_the_one_before(client, second) -> None:
    page = read(client)
    assert "From version 1 to version 2" in page
    assert "The maturity score went from 1.5 to 4.5." in page
    assert 'id="change-plan.focus"' in page
    assert "&lt;b&gt;one&lt;/b&gt; sector." in page
    assert "added: </span>Sectoral" in page


def test_sections_stand_in_reading_order_under_their_policy(client, second) -> None:
    page = read(client)
    places = [page.index(f'id="change-plan.{type_}"') for type_ in ("heading", "focus", "history")]
    assert places == sorted(places)
    assert "<h3>The Plan</h3>" in page


def test_any_two_versions_can_be_compared_either_way(client, site, second) -> None:
    Policy.objects.filter(pk=site.policy.pk).update(original_name="El Plan")
    site.publish()
    assert "El Plan" in read(client, "?from=1&to=3")
    assert "The maturity score went from 4.5 to 1.5." in read(client, "?from=2&to=1")
    assert "No text and no fact differs." in read(client, "?from=2&to=2")


def test_a_policy_that_came_or_went_is_told_as_a_whole(site) -> None:
    before, after = site.first.document, {**site.first.document, "policies": []}
    for pair, words in (
        ((after, before), "This policy is new."),
        ((before, after), "This policy is no longer described."),
    ):
        own, policy = compared(*pair).groups
        assert (own.what, policy.title, policy.what) == ("", "The Plan", words)


def test_the_kind_of_change_stands_at_its_section(client, site) -> None:
    row = section(site.policy, "focus")
    row.availability = "none_exists"
    row.save()
    site.publish(kind="policy_changed")
    assert "Policy focus <small>the policy changed</small>" in read(client)


# Why a score changed


def causes(before: Publication, after: Publication) -> dict[str, list[str]]:
    """By criterion: what kinds of thing changed, and the details."""
    scores = compared(before.document, after.document).scores
    return {
        score.title: [
            f"{cause.kind}: {detail}" for cause in score.causes for detail in cause.details or [""]
        ]
        for score in scores
    }


def test_a_changed_fact_is_named_at_the_scores_that_read_it(site, second) -> None:
    kind = "fact: The Plan: Kind: Broad policy → Cluster policy"
    start = "fact: The Plan: Starting year: – → 2015"
    assert causes(site.first, second) == {
        "Policy scope": [kind],
        "Continuity": [kind, start],
        "Cluster support instruments": [kind],
    }


def test_a_year_is_named_where_it_decides_whether_a_policy_counts(site, second) -> None:
    """Policy scope reads no year, but what has ended counts no more."""
    Policy.objects.filter(pk=site.policy.pk).update(period="limited", ending_year=2020)
    make_policy(site.first.factsheet, "new", names=["The New Plan"], kind="sectoral")
    (draft,) = drafts([site.first.factsheet_id])
    scores = compared(second.document, document_of(draft)).scores
    scope = next(score for score in scores if score.title == "Policy scope")
    assert [detail for cause in scope.causes for detail in cause.details] == [
        "The Plan: Ending year: – → 2020",
        "“The New Plan” was added.",
    ]


def test_a_changed_judgement_is_named_with_its_reason(site) -> None:
    judge(site, "support", Decimal(1), "A fund is planned.")
    second = site.publish()
    assert causes(site.first, second) == {
        "Cluster support instruments": [
            "judgement: Judged level: none → 1",
            "judgement: Reason: A fund is planned.",
        ]
    }


def judge(site: SimpleNamespace, code: str, points: Decimal | None, reason: str) -> None:
    with change_set(by=site.cast["ada"]):
        score = CriterionScore.objects.get(factsheet=site.first.factsheet, criterion__code=code)
        score.judge(points, reason, by=site.cast["ada"], now=timezone.now())
        score.save()


def test_between_two_judgements_facts_are_no_cause(site) -> None:
    judge(site, "scope", Decimal(1), "One.")
    second = site.publish()
    judge(site, "scope", Decimal(2), "Two.")
    Policy.objects.filter(pk=site.policy.pk).update(starting_year=2001)
    third = site.publish()
    assert [line.partition(":")[0] for line in causes(second, third)["Policy scope"]] == [
        "judgement",
        "judgement",
    ]


def test_a_changed_rubric_is_named(site) -> None:
    make_unused()
    criterion = Criterion.objects.get(code="scope")
    level = criterion.levels.get(rule="scope.broad")
    level.points = Decimal("0.1")
    level.save()
    Rubric.objects.update(code="2022-corrected")
    second = site.publish()
    assert causes(site.first, second)["Policy scope"] == ["rubric: Rubric: 2022 → 2022-corrected"]


def test_a_score_that_changed_for_none_of_these_reasons_says_so(site, second) -> None:
    before, after = site.first.document, second.document
    after["maturity"]["facts"] = before["maturity"]["facts"]
    assert {cause.kind for score in compared(before, after).scores for cause in score.causes} == {
        "other"
    }


def test_a_policy_that_is_gone_is_named_as_a_fact(site, second) -> None:
    after = {**second.document["maturity"]["facts"], "policies": []}
    second.document["maturity"]["facts"] = after
    lines = causes(site.first, second)["Policy scope"]
    assert lines == ["fact: “The Plan” is no longer described."]


# The national authority


def record(publication: Publication, by: Any, status: str, office: str = "", on: Any = None):
    return Validation.objects.create(
        publication=publication, status=status, office=office, on=on, by=by, at=timezone.now()
    )


def object_to(publication: Publication, by: Any, **decision: Any) -> Objection:
    return Objection.objects.create(
        publication=publication,
        received_on=date(2023, 1, 5),
        office="<i>Office</i>",
        text="The year is\nwrong.",
        by=by,
        at=timezone.now(),
        **decision,
    )


BOTH = pytest.mark.parametrize("address", [SHEET, PAGE])


@BOTH
def test_what_nobody_was_asked_is_said_to_be_so(client, site, address: str) -> None:
    words = "The national authority has not been asked to check this version."
    assert words in client.get(address).text


@BOTH
@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("asked", "Asked on 1 March 2023 (Ministry); no reply so far. Silence is not consent."),
        ("no_reply", "No reply by 1 March 2023 (Ministry). Silence is not consent."),
        ("validated", "Validated by Ministry on 1 March 2023."),
    ],
)
def test_where_the_check_stands_is_said_to_readers(client, site, address, status, words) -> None:
    client.get(address)  # remembered from now on
    record(site.first, site.cast["cleo"], status, "Ministry", date(2023, 3, 1))
    assert words in client.get(address).text


def test_the_latest_record_counts(client, site) -> None:
    record(site.first, site.cast["cleo"], "validated", "Ministry", date(2023, 3, 1))
    record(site.first, site.cast["cleo"], "not_asked")
    assert "has not been asked" in client.get(SHEET).text


def test_the_validation_of_an_earlier_version_is_not_that_of_this_one(client, site, second) -> None:
    record(site.first, site.cast["cleo"], "validated", "Ministry", date(2023, 3, 1))
    page = client.get(SHEET).text
    assert "has not been asked to check this version." in page
    assert "Version 1 was validated by Ministry on 1 March 2023; this one was not." in page
    assert "Validated by Ministry on 1 March 2023." in client.get(f"{SHEET}v1/").text


@BOTH
def test_an_objection_stands_there_with_what_was_decided(client, site, address: str) -> None:
    objection = object_to(site.first, site.cast["cleo"])
    page = client.get(address).text
    assert "&lt;i&gt;Office&lt;/i&gt;, 5 January 2023:" in page
    assert "The year is<br>wrong." in page
    assert "Not yet decided." in page
    objection.decision, objection.decided_on = "partly_upheld", date(2023, 2, 1)
    objection.decision_note = "The year was mended."
    objection.save(update_fields=["decision", "decided_on", "decision_note"])
    page = client.get(address).text
    assert "Partly upheld on 1 February 2023." in page
    assert "The year was mended." in page


def test_a_decision_that_is_corrected_on_the_same_day_is_seen(client, site) -> None:
    objection = object_to(
        site.first, site.cast["cleo"], decision="upheld", decided_on=date(2023, 2, 1)
    )
    before = client.get(SHEET).headers["ETag"]
    objection.decision_note = "Because."
    objection.save(update_fields=["decision_note"])
    assert client.get(SHEET).headers["ETag"] != before


# Cost and cache


def test_a_remembered_history_takes_one_query(
    client, second, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(6):
        client.get(PAGE)
    with django_assert_num_queries(1):
        assert client.get(PAGE).status_code == 200
    with django_assert_num_queries(1):
        client.get(f"{PAGE}?from=1&to=2")  # the same page as the one unasked


def test_the_queries_do_not_grow_with_the_versions(client, site, second, monkeypatch) -> None:
    def fresh() -> int:
        monkeypatch.setattr("policies.pages.shelf", Shelf(0))
        return queries(client, PAGE)

    before = fresh()
    for number in range(3):
        Policy.objects.filter(pk=site.policy.pk).update(original_name=f"Plan {number}")
        site.publish()
    assert fresh() == before


def test_a_reader_who_has_the_page_is_told_so(client, site, second) -> None:
    etag = client.get(PAGE).headers["ETag"]
    assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 304
    workflow.withdraw(second, by=site.cast["cleo"], reason="Wrong.")
    assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 200


def test_an_unpublished_change_is_not_in_the_history(client, site, second) -> None:
    before = client.get(PAGE).text
    row = section(site.policy, "focus")
    row.text = "Not yet published."
    row.save()
    assert client.get(PAGE).text == before
