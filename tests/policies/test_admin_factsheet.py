"""The factsheet's page: its own texts, references and judgements."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from policies.models import (
    Availability,
    CriterionScore,
    Factsheet,
    PoliciesStatus,
    Reference,
    Section,
    SectionRevision,
    User,
)
from policies.roles import Role
from tests.admin_form import Data, errors, form_data, prefix_of, queries, said
from tests.factory import make_cast, make_factsheet, make_policy, make_publication, make_user, tick
from tests.lasting import lent


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    cast = make_cast()
    made = make_factsheet()
    made.editors.add(cast["ada"])
    return SimpleNamespace(cast=cast, factsheet=made)


cast, factsheet = lent("cast"), lent("factsheet")


@pytest.fixture(autouse=True)
def ada(cast: dict[str, User], client: Client) -> User:
    client.force_login(cast["ada"])
    return cast["ada"]


def address(factsheet: Factsheet) -> str:
    return reverse("admin:policies_factsheet_change", args=[factsheet.pk])


def opened(client: Client, factsheet: Factsheet) -> Data:
    return form_data(client.get(address(factsheet)).text, "factsheet_form")


def save(client: Client, factsheet: Factsheet, data: Data) -> Any:
    return client.post(address(factsheet), {**data, "_continue": "1"})


def text_of(data: Data, factsheet: Factsheet, type_: str) -> str:
    return prefix_of(data, "sections", factsheet.sections.get(type__code=type_, policy=None).pk)


def score_of(factsheet: Factsheet, criterion: str) -> CriterionScore:
    return factsheet.criterion_scores.get(criterion__code=criterion)


def judgement(data: Data, factsheet: Factsheet, criterion: str) -> str:
    return prefix_of(data, "criterion_scores", score_of(factsheet, criterion).pk)


def judge(client: Client, factsheet: Factsheet, criterion: str, **typed: str) -> Any:
    data = opened(client, factsheet)
    prefix = judgement(data, factsheet, criterion)
    return save(client, factsheet, data | {f"{prefix}-{key}": v for key, v in typed.items()})


# The page


def test_saving_an_unchanged_page_writes_nothing(client, factsheet):
    make_policy(factsheet)
    Section.objects.filter(type__code="introduction").update(text="One\n\nTwo")
    Reference.objects.create(factsheet=factsheet, key="a", title="A", note="See\nalso")
    judge(client, factsheet, "scope", judged_points="1", judged_reason="Because\r\nof this.")
    before = (
        SectionRevision.objects.count(),
        CriterionScore.objects.values().get(criterion__code="scope"),
    )
    assert save(client, factsheet, opened(client, factsheet)).status_code == 302
    assert before == (
        SectionRevision.objects.count(),
        CriterionScore.objects.values().get(criterion__code="scope"),
    )


def test_the_page_asks_as_often_whatever_it_holds(client, factsheet):
    make_policy(factsheet)
    before = queries(client, address(factsheet))
    for number in range(3):
        make_policy(factsheet, code=f"plan-{number}")
        Reference.objects.create(factsheet=factsheet, key=f"key-{number}", title="Title")
    assert queries(client, address(factsheet)) == before <= 34


@pytest.mark.parametrize("name", ["factsheet", "policy", "section", "sectionrevision"])
def test_the_lists_ask_as_often_however_many_rows_they_have(client, cast, factsheet, name):
    client.force_login(cast["ben"])
    make_policy(factsheet)
    before = queries(client, reverse(f"admin:policies_{name}_changelist"))
    for country in ("FR", "DE", "IT"):
        make_policy(make_factsheet(country))
    assert queries(client, reverse(f"admin:policies_{name}_changelist")) == before <= 14


def test_the_list_shows_maturity_and_review(client, factsheet):
    page = client.get(reverse("admin:policies_factsheet_changelist")).text
    assert "– of 8, not complete" in page
    assert "6 draft" in page


def test_country_and_edition_stay(client, factsheet):
    data = opened(client, factsheet)
    save(client, factsheet, {**data, "country": "1", "edition": "1", "language": "es"})
    factsheet.refresh_from_db()
    assert (factsheet.country.code, factsheet.language) == ("MX", "es")


def test_an_editor_can_not_choose_the_editors(client, cast, factsheet):
    data = opened(client, factsheet)
    assert "editors" not in data
    save(client, factsheet, {**data, "editors": [cast["ben"].pk], "language": "es"})
    assert list(factsheet.editors.all()) == [cast["ada"]]


def test_an_editor_can_not_choose_the_reviewers(client, cast, factsheet):
    data = opened(client, factsheet)
    assert "reviewers" not in data
    save(client, factsheet, {**data, "reviewers": [cast["ben"].pk], "language": "es"})
    assert not factsheet.reviewers.exists()


def test_reviewers_are_chosen_from_those_who_may_review(client, cast, factsheet):
    client.force_login(make_user("eve", Role.ADMINISTRATOR))
    page = client.get(address(factsheet))
    offered = page.context["adminform"].form.fields["reviewers"].queryset
    assert list(offered) == [cast["ben"]]
    data = form_data(page.text, "factsheet_form")
    save(client, factsheet, {**data, "reviewers": [cast["ben"].pk]})
    assert list(factsheet.reviewers.all()) == [cast["ben"]]


def test_an_administrator_opens_a_factsheet_and_chooses_its_editors(client, cast):
    client.force_login(make_user("eve", Role.ADMINISTRATOR))
    page = client.get(reverse("admin:policies_factsheet_add")).text
    data = form_data(page, "factsheet_form")
    wanted = make_factsheet("FR")
    Factsheet.objects.all().delete()
    data |= {"country": wanted.country_id, "edition": wanted.edition_id}
    response = client.post(
        reverse("admin:policies_factsheet_add"), {**data, "editors": [cast["ada"].pk]}
    )
    made = Factsheet.objects.get()
    assert response.url == address(made)
    assert list(made.editors.all()) == [cast["ada"]]
    assert made.sections.count() == 6


def test_none_can_exist_while_a_policy_counts(client, factsheet):
    make_policy(factsheet, names=["The Plan"])
    data = opened(client, factsheet) | {"policies_status": PoliciesStatus.NONE_EXIST}
    assert "this one counts: The Plan" in errors(save(client, factsheet, data))


@pytest.mark.parametrize("facts", [{"is_example": True}, {"starting_year": 2023}])
def test_none_can_exist_while_no_policy_counts(client, factsheet, facts):
    make_policy(factsheet, **facts)
    data = opened(client, factsheet) | {"policies_status": PoliciesStatus.NONE_EXIST}
    assert save(client, factsheet, data).status_code == 302


def test_view_on_site_waits_for_a_publication(client, cast, ada, factsheet):
    assert "View on site" not in client.get(address(factsheet)).text
    factsheet.delete()
    published = make_publication(cast).factsheet
    assert "View on site" in client.get(address(published)).text


# Texts


def test_a_text_of_a_criterion_is_reported_once_it_is_written(client, factsheet):
    data = opened(client, factsheet)
    save(client, factsheet, {**data, f"{text_of(data, factsheet, 'scope')}-text": "Broad."})
    written = factsheet.sections.get(type__code="scope")
    assert (written.text, written.availability) == ("Broad.", Availability.REPORTED)


def test_a_text_of_another_factsheet_is_refused(client, cast, factsheet):
    foreign = make_factsheet("FR").sections.get(type__code="introduction")
    data = opened(client, factsheet)
    prefix = text_of(data, factsheet, "introduction")
    data |= {f"{prefix}-id": foreign.pk, f"{prefix}-text": "Smuggled in."}
    assert "does not belong to this page" in errors(save(client, factsheet, data))
    assert not Section.objects.exclude(text="").exists()


# References


def reference(data: Data, number: int = 0, **typed: str) -> Data:
    """The data with one more reference, as a script adds it."""
    total = int(data["references-TOTAL_FORMS"])
    new = {f"references-{total}-{key}": value for key, value in typed.items()}
    return data | new | {"references-TOTAL_FORMS": str(total + 1)}


def test_a_reference_is_added_at_the_end(client, factsheet):
    Reference.objects.create(factsheet=factsheet, key="first", title="First", order=7)
    data = reference(opened(client, factsheet), key="second", title="Second", order="")
    save(client, factsheet, data)
    assert [(r.key, r.order) for r in factsheet.references.all()] == [("first", 7), ("second", 8)]


def test_a_reference_is_moved_and_another_deleted(client, factsheet):
    for order, key in enumerate("abc"):
        Reference.objects.create(factsheet=factsheet, key=key, title=key, order=order)
    data = opened(client, factsheet)
    data |= {"references-0-order": "9", "references-1-DELETE": "on"}
    save(client, factsheet, data)
    assert [r.key for r in factsheet.references.all()] == ["c", "a"]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"key": "a", "title": "Again"}, "Another reference of this factsheet has that key"),
        ({"key": "two words", "title": "T"}, "A key is made of letters"),
        ({"key": "b", "title": "T", "url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"key": "b"}, "This field is required"),
    ],
)
def test_references_that_can_not_be_are_refused(client, factsheet, typed, problem):
    Reference.objects.create(factsheet=factsheet, key="a", title="A")
    response = save(client, factsheet, reference(opened(client, factsheet), **typed))
    assert problem in errors(response)
    assert factsheet.references.count() == 1


def test_the_references_are_one_revision_of_the_bibliography(client, ada, factsheet):
    before = SectionRevision.objects.count()
    save(client, factsheet, reference(opened(client, factsheet), key="a", title="A"))
    new = SectionRevision.objects.all()[: SectionRevision.objects.count() - before]
    assert [(r.type.code, r.author) for r in new] == [("bibliography", ada)]


def test_deleting_a_reference_that_is_cited_warns(client, factsheet):
    Reference.objects.create(factsheet=factsheet, key="a", title="A")
    Section.objects.filter(type__code="introduction").update(text="So it is [@a].")
    data = opened(client, factsheet) | {"references-0-DELETE": "on"}
    assert any("Introduction cites “a”" in line for line in said(save(client, factsheet, data)))


# Judgements


def test_a_judged_level_wins_and_names_who_judged(client, ada, factsheet):
    make_policy(factsheet)
    response = judge(client, factsheet, "scope", judged_points="2", judged_reason="In effect.")
    score = score_of(factsheet, "scope")
    assert (score.points, score.derived_points, score.judged_by) == (2, Decimal("0.5"), ada)
    assert any("Policy scope 0.5 → 2: judged. In effect." in line for line in said(response))


def test_a_judgement_is_lifted(client, factsheet):
    judge(client, factsheet, "scope", judged_points="2", judged_reason="In effect.")
    judge(client, factsheet, "scope", judged_points="", judged_reason="")
    score = score_of(factsheet, "scope")
    assert (score.judged_points, score.judged_by, score.judged_at) == (None, None, None)


def test_a_reason_without_a_level_is_refused(client, factsheet):
    response = judge(client, factsheet, "scope", judged_reason="Just so.")
    assert "A reason needs a judged level" in errors(response)


def test_a_level_that_the_criterion_lacks_is_refused(client, factsheet):
    response = judge(client, factsheet, "scope", judged_points="1.5", judged_reason="Between.")
    assert "Select a valid choice" in errors(response)
    assert score_of(factsheet, "scope").judged_points is None


@pytest.fixture
def stale(client, factsheet) -> Factsheet:
    policy = make_policy(factsheet)
    judge(client, factsheet, "evidence", judged_points="1", judged_reason="A start.")
    tick(policy, "evaluation", "ex-ante")
    assert score_of(factsheet, "evidence").is_stale
    return factsheet


def test_a_stale_judgement_is_confirmed_by_a_tick(client, stale):
    judge(client, stale, "evidence", confirm="on")
    score = score_of(stale, "evidence")
    assert (score.is_stale, score.judged_points) == (False, 1)


def test_a_judgement_of_facts_that_changed_meanwhile_is_stale_at_once(client, factsheet):
    policy = make_policy(factsheet)
    page = opened(client, factsheet)
    tick(policy, "evaluation", "ex-ante")
    prefix = prefix_of(page, "criterion_scores", score_of(factsheet, "evidence").pk)
    page |= {f"{prefix}-judged_points": "1", f"{prefix}-judged_reason": "A start."}
    client.post(address(factsheet), {**page, "_continue": "1"})
    score = score_of(factsheet, "evidence")
    assert (score.judged_points, score.is_stale) == (1, True)


def test_mending_the_reason_does_not_confirm_a_stale_judgement(client, stale):
    judge(client, stale, "evidence", judged_reason="A good start.")
    score = score_of(stale, "evidence")
    assert (score.is_stale, score.judged_reason) == (True, "A good start.")


def test_a_judgement_that_becomes_stale_is_said(client, stale):
    judge(client, stale, "evidence", confirm="on")
    policy = stale.policies.get()
    page = client.get(reverse("admin:policies_policy_change", args=[policy.pk])).text
    data = form_data(page, "policy_form")
    prefix = prefix_of(data, "sections", policy.sections.get(type__code="evaluation").pk)
    data |= {f"{prefix}-categories": ["ex-ante", "monitoring"], "_continue": "1"}
    response = client.post(reverse("admin:policies_policy_change", args=[policy.pk]), data)
    assert any("the facts changed since it was judged" in line for line in said(response))


# Two people at once


def test_a_stale_page_leaves_judgements_and_references_of_a_colleague(client, factsheet):
    Reference.objects.create(factsheet=factsheet, key="a", title="A")
    data = opened(client, factsheet)
    Reference.objects.update(title="Hers")
    judge(client, factsheet, "scope", judged_points="2", judged_reason="Hers.")
    save(client, factsheet, {**data, f"{text_of(data, factsheet, 'scope')}-text": "Mine."})
    assert factsheet.references.get().title == "Hers"
    assert score_of(factsheet, "scope").judged_reason == "Hers."
    assert factsheet.sections.get(type__code="scope").text == "Mine."
