"""The screen by which an administrator opens an edition."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from policies.loading import load
from policies.models import Category, Edition, Factsheet, User
from policies.roles import Role
from scoring.loading import copied
from scoring.models import Rubric
from tests.admin_form import Data, errors, form_data, queries, said
from tests.factory import (
    make_cast,
    make_document,
    make_factsheet,
    make_policy_document,
    make_publication,
    make_scored_document,
    make_user,
    reported,
)
from tests.lasting import lent

pytestmark = pytest.mark.django_db

OPEN = "/admin/policies/edition/open/"


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    cast = make_cast()
    Edition.objects.update(submit_by=date(2022, 10, 1), source_line="ECCP (2022)")
    factsheet = load(make_scored_document(), by=cast["ada"]).factsheet
    factsheet.editors.add(cast["ada"])
    factsheet.reviewers.add(cast["ben"])
    return SimpleNamespace(cast=cast, mexico=factsheet)


cast, mexico = lent("cast"), lent("mexico")


@pytest.fixture
def eva(client: Client, cast: dict[str, User]) -> Client:
    client.force_login(make_user("eva", Role.ADMINISTRATOR))
    return client


def filled(client: Client, address: str = OPEN, **fields: Any) -> Data:
    data = form_data(client.get(address).text, "edition_form")
    return {**data, **{name.replace("_part", "-part"): value for name, value in fields.items()}}


def edition(year: int = 2023) -> Edition:
    return Edition.objects.get(year=year)


def names(year: int = 2023) -> list[str]:
    return [str(each.country) for each in Factsheet.objects.filter(edition__year=year)]


def test_proposes_the_next_year_from_the_last(eva: Client, mexico: Factsheet) -> None:
    data = filled(eva)
    last = edition(2022)
    assert (data["year"], data["label"]) == ("2023", "Q3 2023")
    assert (data["collected_on"], data["submit_by"]) == ("2023-09-30", "2023-10-01")
    assert (data["rubric"], data["publisher"]) == (str(last.rubric_id), last.publisher)
    assert data["source_line"] == "ECCP (2023)"
    assert (data["MX-part"], data["MX-editors"], data["MX-reviewers"]) == (["on"], "ada", "ben")
    assert "FR-part" not in data


def test_a_leap_day_becomes_the_day_before(eva: Client, mexico: Factsheet) -> None:
    Edition.objects.update(year=2024, collected_on=date(2024, 2, 29))
    assert filled(eva)["collected_on"] == "2025-02-28"


def test_opens_the_edition_with_its_countries_and_people(eva: Client, mexico, cast) -> None:
    data = filled(eva, FR_part="on")
    response = eva.post(OPEN, {**data, "FR-editors": "ada"})
    assert response.status_code == 302
    assert response.url == reverse("admin:policies_edition_opened", args=[edition().pk])
    assert names() == ["France", "Mexico"]
    found = edition().factsheets.get(country__code="MX")
    assert list(found.editors.all()) == [cast["ada"]]
    assert list(found.reviewers.all()) == [cast["ben"]]
    assert said(response) == ["2 factsheets were opened: 1 carried over, 1 empty."]


def test_the_page_afterwards_counts_what_waits(eva: Client, mexico: Factsheet) -> None:
    page = eva.post(OPEN, filled(eva), follow=True).text
    waiting = edition().factsheets.get().sections.filter(is_unconfirmed=True).count()
    assert f"1 factsheet, {waiting} sections to confirm" in page
    assert "Carried over from 2022" in page


def test_the_page_afterwards_names_what_was_left_out(eva: Client, cast) -> None:
    focus = {"type": "focus", **reported("sectoral")}
    load(make_document("FR", policies=[make_policy_document(sections=[focus])]))
    Category.objects.filter(section_type__code="focus", code="sectoral").update(until=edition(2022))
    page = eva.post(OPEN, filled(eva), follow=True).text
    assert "1 thing could not be carried over as it was" in page
    assert "is not in the 2023 edition" in page


def test_a_second_press_opens_nothing_more(eva: Client, mexico: Factsheet) -> None:
    data = filled(eva)
    eva.post(OPEN, data)
    assert "This edition is open already" in errors(eva.post(OPEN, data))
    assert names() == ["Mexico"]


def test_a_mistake_is_named_at_its_place_and_nothing_is_created(eva: Client, mexico) -> None:
    data = filled(eva) | {"MX-editors": "adda, ada", "submit_by": "2024-01-01"}
    page = errors(eva.post(OPEN, {**data, "review_by": "2023-12-31", "label": ""}))
    assert "Nobody with the role Editor is called “adda”. Did you mean “ada”?" in page
    assert "This day is before “Submit by”: choose a later one." in page
    assert '<a href="#country-MX">Mexico</a>' in page
    assert Edition.objects.count() == 1


def test_a_reviewer_is_no_editor(eva: Client, mexico: Factsheet) -> None:
    page = errors(eva.post(OPEN, filled(eva) | {"MX-editors": "ben"}))
    assert "Nobody with the role Editor is called “ben”." in page


def test_who_lost_the_role_is_not_proposed_again(eva: Client, mexico: Factsheet, cast) -> None:
    cast["ada"].groups.clear()
    assert filled(eva)["MX-editors"] == ""


def test_a_country_that_takes_no_part_is_not_looked_at(eva: Client, mexico: Factsheet) -> None:
    data = filled(eva) | {"MX-editors": "nobody"}
    del data["MX-part"]
    assert eva.post(OPEN, data).status_code == 302
    assert names() == []


def test_a_country_that_can_not_be_carried_over_is_named(eva: Client, mexico: Factsheet) -> None:
    mexico.policies.update(url="javascript:alert(1)")
    assert "Mexico: policies[0].url" in errors(eva.post(OPEN, filled(eva)))
    assert Edition.objects.count() == 1


def test_more_countries_join_an_open_edition(eva: Client, mexico: Factsheet) -> None:
    make_factsheet("FR")
    data = filled(eva)
    del data["FR-part"]
    eva.post(OPEN, data)
    address = reverse("admin:policies_edition_extend", args=[edition().pk])
    data = filled(eva, address)
    assert "MX-editors" not in data
    assert "Choose at least one country." in errors(eva.post(address, data))
    eva.post(address, data | {"FR-part": "on"})
    assert names() == ["France", "Mexico"]


@pytest.mark.parametrize("who", ["ada", "ben", "cleo"])
def test_others_are_refused_with_a_record_of_it(client, mexico, cast, who: str, caplog) -> None:
    client.force_login(cast[who])
    addresses = [OPEN]
    for name in ("extend", "opened"):
        addresses.append(reverse(f"admin:policies_edition_{name}", args=[edition(2022).pk]))
    for address in addresses:
        assert client.get(address).status_code == 403
        assert client.post(address, {"year": "2023"}).status_code == 403
    assert Edition.objects.count() == 1
    assert f"refused: {who}, open" in caplog.text


def test_only_administrators_see_the_way_in(client: Client, eva, mexico, cast) -> None:
    assert OPEN in client.get("/admin/policies/edition/").text
    client.force_login(cast["ada"])
    assert OPEN not in client.get("/admin/policies/edition/").text


def test_the_pages_ask_the_database_no_more_for_more_countries(eva: Client, mexico, cast) -> None:
    opened = reverse("admin:policies_edition_opened", args=[edition(2022).pk])
    before = [queries(eva, OPEN), queries(eva, opened)]
    for code in ("FR", "DE", "IT"):
        factsheet = make_factsheet(code)
        factsheet.editors.add(cast["ada"])
        factsheet.reviewers.add(cast["ben"])
    assert [queries(eva, OPEN), queries(eva, opened)] == before


def test_another_rubric_says_what_becomes_of_what_is_published(eva: Client, cast: Any) -> None:
    make_publication(cast, make_scored_document("FR"))
    other = copied(Rubric.objects.get(), "other", "Another")
    Rubric.objects.filter(pk=other.pk).update(released_at=timezone.now())
    address = reverse("admin:policies_edition_change", args=[edition(2022).pk])
    data = filled(eva, address, rubric=str(other.pk))
    page = eva.post(address, data, follow=True).text
    assert "1 factsheet of this edition was published under another scoring system." in page
    assert edition(2022).rubric == other
