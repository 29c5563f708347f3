"""The pages on which a scoring system is edited."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from scoring.loading import RUBRIC_2022, copied, load_rubric
from scoring.models import Criterion, Level, Rubric
from scoring.rules import RULES


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


# Copy and release


@pytest.fixture
def used(rubric):
    Rubric.objects.all().mark_used(timezone.now())
    return rubric


@pytest.fixture
def draft(rubric):
    return copied(rubric, "2024", "Copy of 2022")


def page_of(rubric, name):
    return reverse(f"admin:scoring_rubric_{name}", args=[rubric.pk])


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_copy_is_made_under_a_code_of_its_own(administrator, used):
    page = administrator.get(page_of(used, "copy"))
    assert page.context["form"]["title"].value() == "Copy of Maturity of cluster policy 2022"
    answer = administrator.post(page_of(used, "copy"), {"code": "2024", "title": "Next"})
    copy = Rubric.objects.get(code="2024")
    assert answer["Location"] == page_of(copy, "change")
    assert (copy.table().criteria, copy.released_at) == (used.table().criteria, None)


@pytest.mark.parametrize(
    ("code", "said"), [("2022", "already exists"), ("", "required"), ("a b", "valid")]
)
def test_a_copy_under_an_impossible_code_is_refused(administrator, rubric, code, said):
    page = administrator.post(page_of(rubric, "copy"), {"code": code, "title": "Next"})
    assert said in page.text
    assert Rubric.objects.count() == 1


def test_a_sound_draft_is_released(administrator, draft):
    assert "at most 8 points" in administrator.get(page_of(draft, "release")).text
    answer = administrator.post(page_of(draft, "release"))
    draft.refresh_from_db()
    assert (answer["Location"], draft.released_at is not None) == (page_of(draft, "change"), True)


def test_a_released_rubric_is_released_once(administrator, rubric):
    since = rubric.released_at
    assert "It is released already." in administrator.get(page_of(rubric, "release")).text
    administrator.post(page_of(rubric, "release"))
    rubric.refresh_from_db()
    assert rubric.released_at == since


@pytest.mark.parametrize(
    ("unsound", "said"),
    [
        (
            lambda draft: draft.criteria.get(code="scope").levels.get(points=2).delete(),
            "no level fits in 1 of 4 cases. An example: "
            "The strongest policy that counts is a cluster policy.",
        ),
        (
            lambda draft: Level.objects.filter(
                criterion__rubric=draft, rule="evidence.evaluation"
            ).update(rule="evidence.none"),
            "levels 0 and 0.5 fit the same facts",
        ),
        (lambda draft: draft.criteria.all().delete(), "has no criterion"),
    ],
)
def test_an_unsound_draft_is_not_released(administrator, draft, unsound, said):
    unsound(draft)
    page = administrator.get(page_of(draft, "release"))
    answer = administrator.post(page_of(draft, "release"))
    draft.refresh_from_db()
    assert said in page.text
    assert 'type="submit" class="default"' not in page.text
    assert told(answer) == ["It can't be released while this stands in the way."]
    assert draft.released_at is None


# What a publication used


def test_a_used_rubric_is_only_read(administrator, used):
    scope = criterion_page(used, "scope")
    for address in (page_of(used, "change"), scope):
        page = administrator.get(address).text
        assert "can&#x27;t be changed any more. Copy it, and change the copy." in page
        assert 'name="_save"' not in page
        assert administrator.post(address, {"title": "New"}).status_code == 403
    assert page_of(used, "copy") in administrator.get(page_of(used, "change")).text
    assert administrator.get(page_of(used, "release")).status_code == 403
    assert administrator.get(page_of(used, "delete")).status_code == 403


def test_a_form_that_was_open_when_the_rubric_was_used_is_refused(administrator, used, monkeypatch):
    monkeypatch.setattr("scoring.admin.is_used", lambda row: False)
    address = page_of(used, "change")
    answer = administrator.post(
        address, {"title": "New", "criteria-TOTAL_FORMS": 0, "criteria-INITIAL_FORMS": 0}
    )
    assert "can't be changed any more" in told(answer)[0]
    assert Rubric.objects.get(pk=used.pk).title == used.title


def test_a_used_rubric_gets_no_more_criteria(administrator, used, draft):
    form = administrator.get(reverse("admin:scoring_criterion_add")).context["adminform"].form
    assert list(form.fields["rubric"].queryset) == [draft]


def test_the_list_tells_drafts_from_what_is_released_and_used(administrator, draft):
    Rubric.objects.filter(code="2022").mark_used(timezone.now())
    page = administrator.get(reverse("admin:scoring_rubric_changelist")).text
    assert "Draft: no edition can choose it" in page
    assert "Used: factsheets have been published under it" in page


# The choice of rules


def test_a_rule_is_chosen_by_what_it_asks(administrator, rubric):
    page = administrator.get(criterion_page(rubric, "scope")).text
    assert ">scope.cluster: A cluster policy counts, national or regional.</option>" in page


def findings(administrator, **typed):
    return administrator.get(reverse("admin:scoring_criterion_findings"), typed)


def test_the_levels_are_checked_as_they_are_typed(administrator):
    rules = ["scope.none", "scope.broad", "scope.sectoral", "scope.cluster"]
    sound = findings(administrator, points=["0", "0.5", "1", "2"], rule=rules)
    twice = findings(
        administrator, title="Policy scope", points=["0", "0.5", "1"], rule=[*rules[:2], rules[1]]
    )
    assert "Exactly one level fits" in sound.text
    assert "Criterion Policy scope: levels 0.5 and 1 fit the same facts" in twice.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "has no level"),
        ({"points": ["x"], "rule": ["scope.magic"]}, "there is no rule “scope.magic”"),
        ({"points": ["nan", "1e99"], "rule": ["scope.none"] * 2}, "levels 0 and 0 fit"),
        ({"points": ["1"] * 900, "rule": list(RULES) * 50}, "fit the same facts"),
        ({"known_gap": "no.such"}, "there is no rule “no.such”"),
        ({"points": ["1"], "rule": [""]}, "has no level"),
    ],
)
def test_whatever_is_typed_gets_an_answer(administrator, typed, said):
    assert said in findings(administrator, **typed).text


def test_every_field_of_a_row_has_a_name_of_its_own(administrator, rubric):
    page = administrator.get(criterion_page(rubric, "scope")).text
    assert 'aria-label="Points 1"' in page
    assert 'aria-label="Points 4"' in page
