"""The page on which a policy is written, used as a browser without scripts would."""

import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from policies.changes import Source
from policies.models import (
    Availability,
    CriterionScore,
    Factsheet,
    PoliciesStatus,
    Policy,
    Section,
    SectionCategory,
    SectionRevision,
    State,
    User,
)
from tests.admin_form import Data, errors, form_data, prefix_of, queries, said
from tests.factory import (
    make_cast,
    make_factsheet,
    make_policy,
    make_publication,
    make_scored_document,
    section,
    tick,
)
from tests.lasting import lent

ADD = "admin:policies_policy_add"


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


@pytest.fixture
def policy(factsheet: Factsheet) -> Policy:
    return make_policy(factsheet)


def address(policy: Policy) -> str:
    return reverse("admin:policies_policy_change", args=[policy.pk])


def opened(client: Client, policy: Policy) -> Data:
    return form_data(client.get(address(policy)).text, "policy_form")


def cell(data: Data, policy: Policy, type_: str) -> str:
    return prefix_of(data, "sections", section(policy, type_).pk)


def save(client: Client, policy: Policy, data: Data, follow: bool = False) -> Any:
    return client.post(address(policy), {**data, "_continue": "1"}, follow=follow)


# Adding


def test_the_link_on_the_factsheet_chooses_the_factsheet(client, factsheet):
    page = client.get(reverse(ADD), {"factsheet": factsheet.pk}).text
    assert form_data(page, "policy_form")["factsheet"] == str(factsheet.pk)


def test_a_new_policy_leads_to_its_eleven_sections(client, factsheet):
    data = {"factsheet": factsheet.pk, "names": "The Plan", "kind": "broad", "level": "national"}
    response = client.post(reverse(ADD), data)
    policy = Policy.objects.get()
    assert response.url == address(policy)
    assert opened(client, policy)["sections-TOTAL_FORMS"] == "11"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Rumbo a una política", "rumbo-a-una-politica"),
        ("The Plan", "the-plan-2"),
        ("A " * 90, "-".join("a" * 50)),
    ],
)
def test_a_blank_code_is_made_from_the_first_name(client, factsheet, name, code):
    make_policy(factsheet, code="the-plan")
    data = {"factsheet": factsheet.pk, "names": name, "kind": "broad", "level": "national"}
    client.post(reverse(ADD), data)
    assert factsheet.policies.last().code == code


def test_a_name_that_gives_no_code_asks_for_one(client, factsheet):
    data = {"factsheet": factsheet.pk, "names": "産業政策", "kind": "broad", "level": "national"}
    assert "type one" in errors(client.post(reverse(ADD), data))
    assert not Policy.objects.exists()


def test_a_new_policy_stands_last(client, factsheet):
    make_policy(factsheet, order=3)
    data = {"factsheet": factsheet.pk, "names": "Another", "kind": "broad", "level": "national"}
    client.post(reverse(ADD), data)
    assert Policy.objects.get(code="another").order == 4


def test_a_policy_of_a_foreign_factsheet_is_refused(client, factsheet):
    foreign = make_factsheet("FR")
    data = {"factsheet": foreign.pk, "names": "Mine", "kind": "broad", "level": "national"}
    assert "Select a valid choice" in errors(client.post(reverse(ADD), data))
    assert not Policy.objects.exists()


# Facts


def test_a_published_code_stays(client, cast, ada):
    published = make_publication(cast, make_scored_document("FR")).factsheet.policies.get()
    data = opened(client, published)
    assert "code" not in data
    save(client, published, {**data, "code": "another", "original_name": "El Plan"})
    published.refresh_from_db()
    assert (published.code, published.original_name) == ("plan", "El Plan")


def test_names_are_one_a_line(client, policy):
    data = opened(client, policy)
    save(client, policy, {**data, "names": "First plan \r\n\r\nSecond plan\r\n"})
    policy.refresh_from_db()
    assert policy.names == ["First plan", "Second plan"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"names": " \r\n"}, "This field is required"),
        ({"names": "One\r\nOne"}, "The same line stands there twice"),
        ({"code": "The_Plan"}, "small letters, digits and single hyphens"),
        ({"url": "ftp://example.org/"}, "Enter a valid URL"),
        ({"period": "limited"}, "A limited period needs an ending year"),
        ({"ending_year": "2030"}, "Only a limited period has an ending year"),
        (
            {"period": "limited", "starting_year": "2020", "ending_year": "2010"},
            "The ending year is before the starting year",
        ),
        ({"level": "regional"}, "Name the region if, and only if, the level is regional"),
        ({"overall_amount": "5"}, "An amount and its currency stand together"),
        (
            {"overall_amount": "5", "overall_currency": "EUR"},
            "An amount stands only in a reported budget",
        ),
    ],
)
def test_facts_that_can_not_be_are_refused(client, policy, changes, problem):
    before = SectionRevision.objects.count()
    response = save(client, policy, {**opened(client, policy), **changes})
    assert problem in errors(response)
    assert SectionRevision.objects.count() == before


def test_two_policies_can_not_share_a_code(client, policy):
    make_policy(policy.factsheet, code="other")
    response = save(client, policy, {**opened(client, policy), "code": "other"})
    assert "Another policy of this factsheet has that code" in errors(response)


def test_a_currency_is_kept_in_capitals(client, policy):
    data = opened(client, policy)
    budget = {"availability": "reported", "amount": "12.50", "currency": "eur"}
    save(client, policy, {**data, **{f"annual_{key}": value for key, value in budget.items()}})
    policy.refresh_from_db()
    assert (policy.annual_amount, policy.annual_currency) == (Decimal("12.50"), "EUR")


def test_a_policy_that_counts_contradicts_that_none_exists(client, factsheet):
    policy = make_policy(factsheet, is_example=True)
    Factsheet.objects.update(policies_status=PoliciesStatus.NONE_EXIST)
    data = opened(client, policy)
    del data["is_example"]
    assert "The factsheet says that no policy exists" in errors(save(client, policy, data))


# Sections


def test_the_page_asks_as_often_however_many_sections_and_ticks_there_are(client, policy):
    few = make_policy(policy.factsheet, code="few")
    Section.bookkeeping.filter(policy=few).exclude(
        type__code__in=["heading", "objectives", "history", "budget"]
    ).delete()
    tick(policy, "objectives", "cooperation", "rd")
    tick(policy, "evaluation", "ex-ante")
    assert queries(client, address(few)) == queries(client, address(policy)) <= 32


def test_saving_an_unchanged_page_writes_nothing(client, policy):
    tick(policy, "beneficiaries", "smes")
    Section.objects.filter(policy=policy).update(text="One line\nand another\n\nParagraph")
    revisions, uses = SectionRevision.objects.count(), list(SectionCategory.objects.values())
    response = save(client, policy, opened(client, policy))
    assert response.status_code == 302
    assert SectionRevision.objects.count() == revisions
    assert list(SectionCategory.objects.values()) == uses


def test_a_change_is_one_revision_of_each_changed_section_by_its_author(client, ada, policy):
    data = opened(client, policy)
    focus, budget = cell(data, policy, "focus"), cell(data, policy, "budget")
    data[f"{focus}-availability"] = "reported"
    data[f"{focus}-categories"] = ["sectoral"]
    data[f"{focus}-text"] = "Five sectors."
    data[f"{budget}-text"] = "Nothing is known."
    data["starting_year"] = "2019"
    data["revision_note"] = "After the call of May"
    before = set(SectionRevision.objects.values_list("pk", flat=True))
    save(client, policy, data)
    new = SectionRevision.objects.exclude(pk__in=before)
    assert {revision.type.code for revision in new} == {"focus", "budget", "history"}
    assert {(r.author, r.source, r.note) for r in new} == {
        (ada, Source.ADMIN, "After the call of May")
    }


def test_ticks_are_written_by_their_difference(client, policy):
    tick(policy, "objectives", "cooperation", "rd")
    kept = SectionCategory.objects.get(category__code="rd").pk
    data = opened(client, policy)
    data[f"{cell(data, policy, 'objectives')}-categories"] = ["rd", "competitiveness"]
    save(client, policy, data)
    uses = section(policy, "objectives").uses
    assert set(uses.values_list("category__code", flat=True)) == {"rd", "competitiveness"}
    assert uses.get(category__code="rd").pk == kept


def test_a_detail_is_kept_with_its_tick(client, policy):
    data = opened(client, policy)
    prefix = cell(data, policy, "beneficiaries")
    data |= {
        f"{prefix}-availability": "reported",
        f"{prefix}-categories": ["other"],
        f"{prefix}-detail_other": "Nature",
    }
    save(client, policy, data)
    assert section(policy, "beneficiaries").uses.get().detail == "Nature"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"categories": ["other"]}, "“Other” needs a detail"),
        ({"detail_other": "Nature"}, "which is not ticked"),
        ({"categories": ["smes"], "detail_smes": "Small"}, "“SMEs” takes no detail"),
        ({"categories": ["martians"]}, "This section has no category “martians”"),
    ],
)
def test_ticks_and_details_that_do_not_fit_are_refused(client, policy, typed, problem):
    data = opened(client, policy)
    prefix = cell(data, policy, "beneficiaries")
    data |= {f"{prefix}-{name}": value for name, value in typed.items()}
    data[f"{cell(data, policy, 'focus')}-text"] = "Not to be saved either."
    response = save(client, policy, data)
    assert problem in errors(response)
    assert not SectionCategory.objects.exists()
    assert section(policy, "focus").text == ""


def test_a_section_of_another_policy_is_refused(client, policy):
    other = make_policy(policy.factsheet, code="other")
    data = opened(client, policy)
    prefix = cell(data, policy, "focus")
    data |= {f"{prefix}-id": section(other, "focus").pk, f"{prefix}-text": "Smuggled in."}
    assert "does not belong to this page" in errors(save(client, policy, data))
    assert not Section.objects.exclude(text="").exists()


def test_a_made_up_section_is_refused(client, policy):
    data = opened(client, policy)
    data |= {"sections-TOTAL_FORMS": "12", "sections-11-text": "More", "sections-11-id": ""}
    assert "does not belong to this page" in errors(save(client, policy, data))
    assert policy.sections.count() == 12


def test_what_a_colleague_wrote_elsewhere_on_the_page_stays(client, policy):
    data = opened(client, policy)
    Section.objects.filter(policy=policy, type__code="focus").update(text="Hers.")
    tick(policy, "objectives", "rd")
    Policy.objects.update(starting_year=1999)
    data[f"{cell(data, policy, 'budget')}-text"] = "Mine."
    assert save(client, policy, data).status_code == 302
    assert (section(policy, "focus").text, section(policy, "budget").text) == ("Hers.", "Mine.")
    assert section(policy, "objectives").uses.count() == 1
    assert Policy.objects.get().starting_year == 1999


def test_nine_texts_of_full_length_are_saved(client, policy):
    data = opened(client, policy)
    texts = [name for name in data if name.startswith("sections-") and name.endswith("-text")]
    assert len(texts) == 9
    save(client, policy, {**data, **dict.fromkeys(texts, "€" * 32_000)})
    assert policy.sections.filter(text="€" * 32_000).count() == 9


def test_a_text_that_is_too_long_is_refused(client, policy):
    data = opened(client, policy)
    data[f"{cell(data, policy, 'focus')}-text"] = "x" * 32_001
    assert "at most 32000 fit" in errors(save(client, policy, data))


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"names": ""}, "heading"),
        ({"period": "limited"}, "history"),
        ({"overall_amount": "5", "overall_currency": "EUR"}, "budget"),
    ],
)
def test_the_side_list_marks_the_section_whose_facts_are_wrong(client, policy, changes, wrong):
    page = errors(save(client, policy, {**opened(client, policy), **changes}))
    assert re.findall('<li class="wrong"><a href="#section-([a-z-]+)"', page) == [wrong]


def test_save_and_close_leads_to_the_factsheet(client, policy):
    response = client.post(address(policy), {**opened(client, policy), "_save": "1"})
    assert response.url == reverse("admin:policies_factsheet_change", args=[policy.factsheet_id])


# What the change did


def test_the_message_names_what_has_to_be_reviewed_again(client, policy):
    Section.bookkeeping.filter(policy=policy).update(state=State.APPROVED)
    data = opened(client, policy)
    data[f"{cell(data, policy, 'evaluation')}-text"] = "Studied since."
    assert "Policy evaluation is a draft again." in said(save(client, policy, data))


def test_the_message_says_how_the_total_moved_and_why(client, policy):
    for type_, code in (("financial-instruments", "project-support"), ("evaluation", "ex-ante")):
        tick(policy, type_, code)
    response = save(client, policy, {**opened(client, policy), "kind": "sectoral"})
    assert said(response)[1:] == [
        "Maturity of Mexico 2022: 1.5 → 2 of 8.\n"
        "Policy scope 0.5 → 1: The strongest policy that counts is a sectoral policy, so policy "
        "scope is 1. The Plan is a sectoral policy."
    ]


def test_the_score_follows_a_tick(client, policy):
    data = opened(client, policy)
    prefix = cell(data, policy, "evaluation")
    data |= {f"{prefix}-availability": "reported", f"{prefix}-categories": ["ex-ante"]}
    response = save(client, policy, data)
    assert CriterionScore.objects.get(criterion__code="evidence").derived_points == Decimal("0.5")
    assert any("Evidence of performance – → 0.5: There is" in line for line in said(response))


def test_a_change_without_effect_says_so(client, policy):
    data = opened(client, policy)
    data[f"{cell(data, policy, 'focus')}-text"] = "Five sectors."
    assert "The maturity of Mexico 2022 is unchanged: – of 8, not complete." in said(
        save(client, policy, data)
    )


def test_a_citation_that_does_not_resolve_is_saved_with_a_warning(client, policy):
    data = opened(client, policy)
    data[f"{cell(data, policy, 'focus')}-text"] = "As they say [@paton-2018]."
    response = save(client, policy, data)
    assert section(policy, "focus").text == "As they say [@paton-2018]."
    assert any("The Plan, Policy focus cites “paton-2018”" in line for line in said(response))


def test_ticks_that_do_not_count_are_saved_with_a_warning(client, policy):
    data = opened(client, policy)
    data[f"{cell(data, policy, 'evaluation')}-categories"] = ["ex-ante"]
    response = save(client, policy, data)
    assert section(policy, "evaluation").availability == Availability.NOT_RESEARCHED
    assert any("so they do not count" in line for line in said(response))


# Preview


def preview(client: Client, factsheet: Factsheet, text: str, **headers: str) -> Any:
    data = {"factsheet": factsheet.pk, "preview": "names", "names": text}
    return client.post(reverse("admin:policies_factsheet_preview"), data, headers=headers)


def test_a_preview_is_rendered_by_the_server(client, factsheet):
    assert "<strong>bold</strong>" in preview(client, factsheet, "**bold** <script>").text


def test_a_preview_names_the_citations_that_do_not_resolve(client, factsheet):
    assert "“nobody” is not in the bibliography" in preview(client, factsheet, "[@nobody]").text


def test_the_script_gets_only_the_text(client, factsheet):
    page = preview(client, factsheet, "Text", **{"X-Fragment": "1"}).text
    assert "<html" not in page
    assert "<p>Text</p>" in page


def test_a_preview_for_a_foreign_factsheet_is_forbidden(client, factsheet):
    assert preview(client, make_factsheet("FR"), "Text").status_code == 403


# Deleting


def test_a_policy_is_deleted_with_its_sections(client, policy):
    address_ = reverse("admin:policies_policy_delete", args=[policy.pk])
    assert client.get(address_).status_code == 200
    client.post(address_, {"post": "yes"})
    assert not Policy.objects.exists()
    assert not Section.objects.filter(policy__isnull=False).exists()
