"""The pages on which a scoring system is edited."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from scoring.loading import RUBRIC_2022, load_rubric
from scoring.models import Criterion, Level, Rubric


@pytest.fixture
def rubric(db):
    return load_rubric(RUBRIC_2022)


@pytest.fixture
def administrator(client, db):
    client.force_login(get_user_model().objects.create_superuser("ada"))
    return client


def criterion_page(rubric, code):
    return reverse("admin:scoring_criterion_change", args=[rubric.criteria.get(code=code).pk])


def test_the_list_shows_the_rubric(administrator, rubric):
    assert rubric.title in administrator.get(reverse("admin:scoring_rubric_changelist")).text


def test_a_rubric_leads_to_its_criteria(administrator, rubric):
    page = administrator.get(reverse("admin:scoring_rubric_change", args=[rubric.pk])).text
    assert all(
        criterion_page(rubric, criterion.code) in page for criterion in Criterion.objects.all()
    )


def test_a_criterion_explains_the_rules(administrator, rubric):
    page = administrator.get(criterion_page(rubric, "scope")).text
    assert "A broad policy counts, and neither a sectoral nor a cluster policy does." in page


def test_a_sound_criterion_says_so(administrator, rubric):
    page = administrator.get(criterion_page(rubric, "support")).text
    assert "Exactly one level fits" in page


def test_a_broken_criterion_says_what_is_wrong(administrator, rubric):
    Level.objects.filter(rule="scope.cluster").delete()
    page = administrator.get(criterion_page(rubric, "scope")).text
    assert "The strongest policy that counts is a cluster policy." in page


def test_the_empty_forms_open(administrator):
    for name in ("rubric", "criterion"):
        assert administrator.get(reverse(f"admin:scoring_{name}_add")).status_code == 200


def test_the_list_of_criteria_opens(administrator, rubric):
    page = administrator.get(reverse("admin:scoring_criterion_changelist"))
    assert page.status_code == 200


def test_a_level_can_be_reworded(administrator, rubric):
    criterion = rubric.criteria.get(code="scope")
    levels = list(criterion.levels.all())
    form = {
        "rubric": rubric.pk,
        "code": "scope",
        "order": 1,
        "title": "Policy scope",
        "annex_title": "",
        "description": "What is measured.",
        "known_gap": "",
        "levels-TOTAL_FORMS": len(levels),
        "levels-INITIAL_FORMS": len(levels),
    }
    for number, level in enumerate(levels):
        form |= {
            f"levels-{number}-id": level.pk,
            f"levels-{number}-criterion": criterion.pk,
            f"levels-{number}-points": str(level.points),
            f"levels-{number}-label": f"Level {number}",
            f"levels-{number}-annex_label": level.annex_label,
            f"levels-{number}-rule": level.rule,
        }
    administrator.post(criterion_page(rubric, "scope"), form)
    assert [level.label for level in rubric.table().criteria[0].levels][2] == "Level 2"


def test_a_rubric_in_use_is_named_by_its_title(rubric):
    assert str(Rubric.objects.get()) == "Maturity of cluster policy 2022"


def test_codes_are_given_once(administrator, rubric):
    for row in (rubric, rubric.criteria.first()):
        name = f"admin:scoring_{row._meta.model_name}_change"
        form = administrator.get(reverse(name, args=[row.pk])).context["adminform"].form
        assert "code" not in form.fields


def test_every_field_of_a_row_has_a_name_of_its_own(administrator, rubric):
    page = administrator.get(criterion_page(rubric, "scope")).text
    assert 'aria-label="Points 1"' in page
    assert 'aria-label="Points 4"' in page
