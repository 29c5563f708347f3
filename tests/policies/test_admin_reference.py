"""The reference tables in the admin."""

import pytest
from django.urls import reverse

from policies.models import Category, Country, Edition, SectionType
from scoring.models import Criterion
from tests.admin_form import Data, form_data
from tests.factory import make_factsheet, make_policy, tick

TABLES = [Category, Country, Edition, SectionType]


def page(model, name, *args):
    return reverse(f"admin:policies_{model._meta.model_name}_{name}", args=args)


def opened(client, row) -> Data:
    name = row._meta.model_name
    return form_data(client.get(page(type(row), "change", row.pk)).text, f"{name}_form")


@pytest.mark.parametrize("model", TABLES)
def test_every_table_opens(admin_client, reference, model):
    assert admin_client.get(page(model, "changelist"), {"q": "a"}).status_code == 200
    assert admin_client.get(page(model, "add")).status_code == 200


@pytest.mark.parametrize("model", TABLES)
def test_saving_an_unchanged_row_changes_nothing(admin_client, reference, model):
    row = model.objects.first()
    before = model.objects.filter(pk=row.pk).values().get()
    address = page(model, "change", row.pk)
    assert admin_client.post(address, opened(admin_client, row)).status_code == 302
    assert model.objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize(
    ("model", "lasting"),
    [
        (Category, {"code", "section_type"}),
        (Country, {"code", "alpha3"}),
        (Edition, {"year"}),
        (SectionType, {"code", "part"}),
    ],
)
def test_what_identifies_a_row_stays(admin_client, reference, model, lasting):
    assert not lasting & opened(admin_client, model.objects.first()).keys()


def test_a_country_gets_a_note(admin_client, reference):
    country = Country.objects.get(code="MX")
    data = opened(admin_client, country) | {"note": "A note.", "slug": "mexiko"}
    admin_client.post(page(Country, "change", country.pk), data)
    country.refresh_from_db()
    assert (country.note, country.slug) == ("A note.", "mexiko")


def test_a_chapter_for_some_countries_appears_in_their_drafts(admin_client, reference):
    french, mexican = make_factsheet("FR"), make_factsheet("MX")
    data = form_data(admin_client.get(page(SectionType, "add")).text, "sectiontype_form")
    data |= {"code": "gaps", "part": "chapter", "heading": "Gaps", "title": "Gaps"}
    data |= {"order": "175", "takes_text": "on", "country_groups": ["eu"]}
    admin_client.post(page(SectionType, "add"), data)
    assert french.sections.filter(type__code="gaps").exists()
    assert not mexican.sections.filter(type__code="gaps").exists()


def test_what_a_category_proves_rescores_the_drafts(admin_client, reference):
    policy = make_policy(make_factsheet())
    tick(policy, "evaluation", "ex-ante")
    category = Category.objects.get(section_type__code="evaluation", code="ex-ante")
    data = opened(admin_client, category) | {"evidence": ""}
    admin_client.post(page(Category, "change", category.pk), data)
    assert policy.factsheet.criterion_scores.get(criterion__code="evidence").derived_points == 0


def test_a_category_in_use_is_not_deleted_and_names_its_uses(admin_client, reference):
    tick(make_policy(make_factsheet()), "evaluation", "ex-ante")
    category = Category.objects.get(section_type__code="evaluation", code="ex-ante")
    address = page(Category, "delete", category.pk)
    assert "would require deleting the following protected" in admin_client.get(address).text
    admin_client.post(address, {"post": "yes"})
    assert Category.objects.filter(pk=category.pk).exists()


def test_changing_several_levels_rescores_the_drafts_once(admin_client, reference, monkeypatch):
    make_policy(make_factsheet())
    criterion = Criterion.objects.get(code="scope")
    address = reverse("admin:scoring_criterion_change", args=[criterion.pk])
    data = form_data(admin_client.get(address).text, "criterion_form")
    data |= {f"levels-{number}-label": f"Level {number}" for number in range(4)}
    settled = []
    monkeypatch.setattr("policies.assessing.rescore", lambda *rows, **_more: settled.append(rows))
    admin_client.post(address, data)
    assert [level.label for level in criterion.levels.all()] == [f"Level {n}" for n in range(4)]
    assert len(settled) == 1
