"""Two people with one page open: what only one of them changed is saved, the rest is shown."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from policies.changes import change_set
from policies.models import Factsheet, Policy, Reference, Section, SectionRevision, User
from tests.admin_form import Data, errors, form_data, prefix_of, said
from tests.factory import make_cast, make_factsheet, make_policy, section, tick
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


@pytest.fixture
def ben(cast: dict[str, User]) -> User:
    return cast["ben"]


def address(row: Policy | Factsheet) -> str:
    return reverse(f"admin:policies_{row._meta.model_name}_change", args=[row.pk])


def opened(client: Client, row: Policy | Factsheet) -> Data:
    return sent(client.get(address(row)), row)


def sent(response: Any, row: Policy | Factsheet) -> Data:
    """What the page would send."""
    assert response.status_code == 200
    return form_data(response.text, f"{row._meta.model_name}_form")


def save(client: Client, row: Policy | Factsheet, data: Data) -> Any:
    return client.post(address(row), {**data, "_continue": "1"})


def text_of(data: Data, owner: Policy | Factsheet, type_: str) -> str:
    own = {"policy": None} if isinstance(owner, Factsheet) else {}
    found = owner.sections.get(type__code=type_, **own)
    return f"{prefix_of(data, 'sections', found.pk)}-text"


def meanwhile(ben: User, policy: Policy, type_: str, text: str = "His.") -> None:
    with change_set(by=ben):
        Section.objects.filter(policy=policy, type__code=type_).update(text=text)


# Sections


def test_the_overtaken_section_is_withheld_and_the_others_are_saved(client, ben, policy):
    data = opened(client, policy)
    meanwhile(ben, policy, "focus")
    data |= {text_of(data, policy, "focus"): "Mine.", text_of(data, policy, "budget"): "Mine."}
    assert save(client, policy, data).status_code == 200
    assert (section(policy, "focus").text, section(policy, "budget").text) == ("His.", "Mine.")


def test_the_page_comes_back_with_both_texts_and_the_typed_one_in_the_field(client, ben, policy):
    data = opened(client, policy)
    meanwhile(ben, policy, "focus", "Five sectors of his.")
    field = text_of(data, policy, "focus")
    response = save(client, policy, {**data, field: "Five sectors of mine."})
    assert sent(response, policy)[field] == "Five sectors of mine."
    page = response.text
    assert "Ben saved another version at" in page
    assert "You opened version 1; saved by now is version 2." in page
    assert re.search(r"<del>.*his.*</del>", page)
    assert re.search(r"<ins>.*mine.*</ins>", page)
    assert "Text: saved" in page
    assert "Text: typed by you" in page


def test_the_page_says_what_was_saved_and_what_was_not(client, ben, policy):
    data = opened(client, policy)
    meanwhile(ben, policy, "focus")
    data |= {text_of(data, policy, "focus"): "Mine.", text_of(data, policy, "budget"): "Mine."}
    page = save(client, policy, data).text
    assert "Saved: Budget." in page
    assert "Not saved, because it was changed while you were writing" in page
    assert "changed successfully" not in page
    assert page.count('class="conflict ') == 1


def test_saving_the_conflict_again_puts_the_typed_text_in_place(client, ben, policy):
    data = opened(client, policy)
    meanwhile(ben, policy, "focus")
    again = sent(save(client, policy, {**data, text_of(data, policy, "focus"): "Mine."}), policy)
    assert save(client, policy, again).status_code == 302
    assert section(policy, "focus").text == "Mine."


def test_a_third_version_is_shown_before_it_is_overwritten(client, ben, policy):
    data = opened(client, policy)
    meanwhile(ben, policy, "focus")
    again = sent(save(client, policy, {**data, text_of(data, policy, "focus"): "Mine."}), policy)
    meanwhile(ben, policy, "focus", "His third.")
    assert "His third" in errors(save(client, policy, again))
    assert section(policy, "focus").text == "His third."


def test_the_saved_version_is_kept_by_a_tick(client, ben, policy):
    data = opened(client, policy)
    meanwhile(ben, policy, "focus")
    focus, budget = (text_of(data, policy, type_) for type_ in ("focus", "budget"))
    again = sent(save(client, policy, {**data, focus: "Mine."}), policy)
    again |= {"keep": f"{focus.removesuffix('-text')}:focus", budget: "Mine."}
    assert save(client, policy, again).status_code == 302
    assert (section(policy, "focus").text, section(policy, "budget").text) == ("His.", "Mine.")


def test_categories_of_both_are_shown_by_name(client, ben, policy):
    data = opened(client, policy)
    with change_set(by=ben):
        tick(policy, "objectives", "cooperation")
    prefix = text_of(data, policy, "objectives").removesuffix("-text")
    data |= {f"{prefix}-categories": ["rd"], f"{prefix}-availability": "reported"}
    page = errors(save(client, policy, data))
    assert "Categories: typed by you" in page
    assert list(section(policy, "objectives").uses.values_list("category__code", flat=True)) == [
        "cooperation"
    ]


def test_two_who_typed_the_same_do_not_collide(client, ben, policy):
    data = opened(client, policy)
    meanwhile(ben, policy, "focus", "The same.")
    revisions = SectionRevision.objects.count()
    response = save(client, policy, {**data, text_of(data, policy, "focus"): "The same."})
    assert response.status_code == 302
    assert SectionRevision.objects.count() == revisions


def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing(client, ben, policy):
    meanwhile(ben, policy, "focus")
    data = opened(client, policy)
    field = text_of(data, policy, "focus")
    seen = field.replace("-text", "-seen")
    assert save(client, policy, {**data, field: "Mine.", seen: ""}).status_code == 200
    assert section(policy, "focus").text == "His."


def test_the_same_person_at_two_windows_is_told_so(client, ada, policy):
    data = opened(client, policy)
    meanwhile(ada, policy, "focus", "Typed there.")
    page = errors(save(client, policy, {**data, text_of(data, policy, "focus"): "Typed here."}))
    assert "You saved another version" in page


def test_the_colleague_is_named_though_the_same_save_wrote_the_section_too(client, ben, policy):
    data = opened(client, policy)
    with change_set(by=ben):
        Policy.objects.update(starting_year=1999)
    data |= {"starting_year": "2001", text_of(data, policy, "history"): "Mine."}
    page = errors(save(client, policy, data))
    assert "Ben saved another version" in page
    assert section(policy, "history").text == "Mine."


# With a mistake on the page


@pytest.fixture
def mistaken(client: Client, ben: User, policy: Policy) -> Data:
    """Ada edits two sections and makes a mistake in a third, Ben was quicker in the first."""
    data = opened(client, policy)
    meanwhile(ben, policy, "focus")
    data |= {text_of(data, policy, "focus"): "Mine.", text_of(data, policy, "budget"): "Mine."}
    return data | {"names": ""}


def test_with_a_mistake_nothing_is_saved_and_both_are_shown(client, policy, mistaken):
    page = errors(save(client, policy, mistaken))
    assert "This field is required" in page
    assert "Ben saved another version" in page
    assert section(policy, "budget").text == ""


def test_a_mistake_in_the_overtaken_section_saves_nothing_either(client, ben, policy):
    data = opened(client, policy)
    meanwhile(ben, policy, "beneficiaries")
    prefix = text_of(data, policy, "beneficiaries").removesuffix("-text")
    data |= {f"{prefix}-categories": ["other"], text_of(data, policy, "budget"): "Mine."}
    page = errors(save(client, policy, data))
    assert "“Other” needs a detail" in page
    assert "Ben saved another version" in page
    assert section(policy, "budget").text == ""


def test_once_the_mistake_is_mended_all_is_saved(client, policy, mistaken):
    again = sent(save(client, policy, mistaken), policy)
    assert save(client, policy, {**again, "names": "The Plan"}).status_code == 302
    assert (section(policy, "focus").text, section(policy, "budget").text) == ("Mine.", "Mine.")


def test_a_page_with_a_mistake_does_not_bring_back_what_a_colleague_replaced(client, ben, policy):
    data = opened(client, policy)
    meanwhile(ben, policy, "focus")
    again = sent(save(client, policy, {**data, "names": ""}), policy)
    assert again[text_of(again, policy, "focus")] == "His."
    save(client, policy, {**again, "names": "The Plan"})
    assert section(policy, "focus").text == "His."


# Facts


def test_names_and_years_are_apart(client, ben, policy):
    data = opened(client, policy)
    with change_set(by=ben):
        Policy.objects.update(starting_year=1999)
    assert save(client, policy, {**data, "original_name": "El Plan"}).status_code == 302
    policy.refresh_from_db()
    assert (policy.original_name, policy.starting_year) == ("El Plan", 1999)


@pytest.mark.parametrize(
    ("his", "mine", "place"),
    [
        ({"original_name": "His"}, {"url": "https://example.org/"}, "heading"),
        ({"starting_year": 1999}, {"continuous_since": "2001"}, "history"),
        ({"overall_words": "His"}, {"annual_words": "Mine"}, "budget"),
    ],
)
def test_facts_of_one_section_collide(client, ben, policy, his, mine, place):
    data = opened(client, policy)
    with change_set(by=ben):
        Policy.objects.update(**his)
    page = errors(save(client, policy, {**data, **mine, text_of(data, policy, "focus"): "Mine."}))
    assert f'<li class="wrong"><a href="#section-{place}"' in page
    policy.refresh_from_db()
    assert {name: getattr(policy, name) for name in his} == his
    assert section(policy, "focus").text == "Mine."


def test_the_language_and_the_editors_are_apart(cast, client, ben, factsheet):
    client.force_login(User.objects.create_superuser("root"))
    data = opened(client, factsheet)
    factsheet.editors.add(ben)
    assert save(client, factsheet, {**data, "language": "es"}).status_code == 302
    factsheet.refresh_from_db()
    assert factsheet.language == "es"
    assert ben in factsheet.editors.all()


def test_two_judgements_collide(client, ben, factsheet):
    data = opened(client, factsheet)
    score = factsheet.criterion_scores.get(criterion__code="scope")
    prefix = prefix_of(data, "criterion_scores", score.pk)
    level = {f"{prefix}-judged_points": "2", f"{prefix}-judged_reason": "First."}
    assert save(client, factsheet, {**data, **level}).status_code == 302
    level = {f"{prefix}-judged_points": "1", f"{prefix}-judged_reason": "Second."}
    page = errors(save(client, factsheet, {**data, **level}))
    assert "Judged level: saved" in page
    score.refresh_from_db()
    assert score.judged_reason == "First."


# References


@pytest.fixture
def entry(factsheet: Factsheet) -> Reference:
    Reference.objects.create(factsheet=factsheet, key="b", title="B", order=1)
    return Reference.objects.create(factsheet=factsheet, key="a", title="A")


def row(data: Data, reference: Reference) -> str:
    return prefix_of(data, "references", reference.pk)


def retitle(ben: User, reference: Reference) -> None:
    with change_set(by=ben):
        Reference.objects.filter(pk=reference.pk).update(title="His")


def delete(ben: User, reference: Reference) -> None:
    with change_set(by=ben):
        Reference.objects.filter(pk=reference.pk).delete()


def test_a_reference_that_both_changed_is_withheld_alone(client, ben, factsheet, entry):
    data = opened(client, factsheet)
    retitle(ben, entry)
    other = factsheet.references.get(key="b")
    data |= {f"{row(data, entry)}-title": "Mine", f"{row(data, other)}-title": "Mine too"}
    assert "Ben saved another version" in errors(save(client, factsheet, data))
    assert set(factsheet.references.values_list("title", flat=True)) == {"His", "Mine too"}


def test_a_changed_reference_is_not_deleted_unseen(client, ben, factsheet, entry):
    data = opened(client, factsheet)
    retitle(ben, entry)
    again = sent(save(client, factsheet, {**data, f"{row(data, entry)}-DELETE": "on"}), factsheet)
    assert factsheet.references.filter(pk=entry.pk).exists()
    assert again[f"{row(data, entry)}-DELETE"] == ["on"]
    save(client, factsheet, again)
    assert not factsheet.references.filter(pk=entry.pk).exists()


def test_a_reference_deleted_meanwhile_is_no_mistake(client, ben, factsheet, entry):
    data = opened(client, factsheet)
    delete(ben, entry)
    response = save(client, factsheet, {**data, text_of(data, factsheet, "scope"): "Mine."})
    assert response.status_code == 302
    assert factsheet.references.get().key == "b"


def test_a_reference_that_both_delete_is_no_mistake(client, ben, factsheet, entry):
    data = opened(client, factsheet)
    delete(ben, entry)
    data[f"{row(data, entry)}-DELETE"] = "on"
    assert save(client, factsheet, data).status_code == 302
    assert factsheet.references.get().key == "b"


def test_a_deleted_reference_comes_back_if_its_text_is_saved_again(client, ben, factsheet, entry):
    data = opened(client, factsheet)
    delete(ben, entry)
    prefix = row(data, entry)
    response = save(client, factsheet, {**data, f"{prefix}-title": "Mine"})
    assert "Ben deleted this at" in errors(response)
    again = sent(response, factsheet)
    assert again[f"{prefix}-title"] == "Mine"
    assert save(client, factsheet, again).status_code == 302
    assert factsheet.references.get(key="a").title == "Mine"


def test_a_deleted_reference_is_let_go_by_a_tick(client, ben, factsheet, entry):
    data = opened(client, factsheet)
    delete(ben, entry)
    prefix = row(data, entry)
    again = sent(save(client, factsheet, {**data, f"{prefix}-title": "Mine"}), factsheet)
    again["keep"] = f"{prefix}:bibliography"
    assert save(client, factsheet, again).status_code == 302
    assert factsheet.references.get().key == "b"


def test_references_added_meanwhile_stay(client, ben, factsheet, entry):
    data = opened(client, factsheet)
    with change_set(by=ben):
        Reference.objects.create(factsheet=factsheet, key="0", title="His", order=0)
    retitle(ben, entry)
    data[f"{row(data, entry)}-title"] = "Mine"
    again = sent(save(client, factsheet, data), factsheet)
    assert save(client, factsheet, again).status_code == 302
    titles = factsheet.references.order_by("key").values_list("title", flat=True)
    assert list(titles) == ["His", "Mine", "B"]


def test_a_reference_of_another_factsheet_is_refused(client, factsheet, entry, caplog):
    foreign = Reference.objects.create(factsheet=make_factsheet("FR"), key="x", title="Theirs")
    data = opened(client, factsheet)
    prefix = row(data, entry)
    data |= {f"{prefix}-id": foreign.pk, f"{prefix}-title": "Mine"}
    assert "This row does not belong to this page" in errors(save(client, factsheet, data))
    assert Reference.objects.get(key="x").title == "Theirs"
    assert "refused: a form names row" in caplog.text


# Sent twice


def new_policy(client: Client, factsheet: Factsheet) -> Data:
    page = client.get(reverse(ADD), {"factsheet": factsheet.pk}).text
    return {**form_data(page, "policy_form"), "names": "The Plan", "kind": "broad"}


def test_a_new_policy_that_is_sent_twice_is_one_policy(client, factsheet):
    data = new_policy(client, factsheet)
    first, second = client.post(reverse(ADD), data), client.post(reverse(ADD), data)
    assert factsheet.policies.count() == 1
    assert second.url == first.url
    assert "This form was sent twice; it was saved once." in said(second)


def test_another_policy_of_the_same_name_is_another_policy(client, factsheet):
    for _time in range(2):
        client.post(reverse(ADD), new_policy(client, factsheet))
    assert set(factsheet.policies.values_list("code", flat=True)) == {"the-plan", "the-plan-2"}


def test_a_key_that_a_colleague_took_meanwhile_is_a_mistake_and_nothing_is_saved(
    client, ben, factsheet
):
    data = opened(client, factsheet)
    data |= {"references-TOTAL_FORMS": "1", "references-0-key": "a", "references-0-title": "A"}
    with change_set(by=ben):
        factsheet.references.create(key="a", title="His")
    response = save(client, factsheet, data)
    assert "Another reference of this factsheet has that key." in response.text
    assert factsheet.references.get().title == "His"


def test_a_new_reference_that_is_sent_twice_is_one_reference(client, factsheet):
    data = opened(client, factsheet)
    data |= {"references-TOTAL_FORMS": "1", "references-0-key": "a", "references-0-title": "A"}
    assert [save(client, factsheet, data).status_code for _time in range(2)] == [302, 302]
    assert factsheet.references.count() == 1


def test_a_change_that_is_sent_twice_is_one_revision(client, policy):
    data = {**opened(client, policy), "overall_currency": "eur", "overall_amount": "5"}
    data |= {"overall_availability": "reported"}
    assert [save(client, policy, data).status_code for _time in range(2)] == [302, 302]
    assert section(policy, "budget").version == 2


def test_a_page_gone_back_to_saves_what_was_typed_there_since(client, policy):
    data = opened(client, policy)
    field = text_of(data, policy, "focus")
    save(client, policy, {**data, field: "First."})
    again = sent(save(client, policy, {**data, field: "Second."}), policy)
    assert again[field] == "Second."
