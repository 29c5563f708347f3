"""A scoring system from copy to release, and what the factsheets say meanwhile."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from policies.loading import load
from policies.models import Edition
from policies.workflow import approve, publish, submit
from scoring.loading import copied
from scoring.models import Level, Rubric, Used
from tests.factory import (
    EXPLAINED,
    make_publication,
    make_scored_document,
    make_unused,
)
from tests.racing import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def rubric(reference):
    return Rubric.objects.get()


@pytest.fixture
def copy(rubric):
    return copied(rubric, "2024", "Copy of 2022")


@pytest.fixture
def published(cast):
    return make_publication(cast)


# When a scoring system is used


def test_a_publication_marks_its_rubric_as_used(rubric, copy, published):
    found = dict(Rubric.objects.values_list("code", "used_at"))
    assert found == {"2022": published.published_at, "2024": None}


def test_a_rubric_that_a_publication_used_is_closed(published):
    with pytest.raises(Used, match="Copy it, and change the copy"):
        Level.objects.update(points=1)


@pytest.mark.django_db(transaction=True)
def test_points_that_change_while_they_are_first_published_are_those_of_the_document(cast):
    factsheet = load(make_scored_document(), by=cast["ada"]).factsheet
    factsheet.editors.add(cast["ada"])
    for section in factsheet.sections.all():
        submit(section, by=cast["ada"])
        approve(section, by=cast["ben"])
    level = Level.objects.get(rule="scope.broad")

    def change():
        with suppress(Used):
            level.points = Decimal("0.7")
            level.save()

    published, _none = at_once(
        lambda: publish(factsheet, by=cast["cleo"], reasons=EXPLAINED), change
    )
    level.refresh_from_db()
    assert published.document["maturity"]["criteria"][0]["points"] == float(level.points)


def test_an_edition_chooses_only_what_is_released(copy):
    edition = Edition.objects.get()
    edition.rubric = copy
    with pytest.raises(ValidationError, match=r"“Copy of 2022” is a draft. Release it first"):
        edition.full_clean()


def test_the_page_of_an_edition_offers_only_what_is_released(admin_client, rubric, copy):
    edition = Edition.objects.get()
    page = f"/admin/policies/edition/{edition.pk}/change/"
    choices = admin_client.get(page).context["adminform"].form.fields["rubric"].queryset
    answer = admin_client.post(page, {"rubric": copy.pk})
    assert list(choices) == [rubric]
    assert "choose one that is released" in answer.text


def test_a_draft_is_no_filter_of_public_lists(client, published, copy):
    copy.criteria.filter(code="scope").update(title="A criterion to come")
    assert "A criterion to come" not in client.get("/factsheets/").text


def test_an_older_database_learns_what_is_used(rubric, copy, published):
    opened = Edition.objects.get()
    opened.pk, opened.year, opened.rubric = None, 2024, copy
    opened.collected_on = date(2024, 9, 30)
    opened.save(force_insert=True)
    draft = copied(rubric, "2026", "Nobody's")
    make_unused()
    Rubric.objects.update(released_at=None)
    import_module("policies.migrations.0009_rubrics_in_use").note_use(
        SimpleNamespace(get_model=apps.get_model), None
    )
    found = {each.code: (bool(each.released_at), each.used_at) for each in Rubric.objects.all()}
    assert found == {
        "2022": (True, published.published_at),
        "2024": (True, None),
        draft.code: (False, None),
    }


def test_without_publications_nobody_can_move(admin_client, copy):
    page = admin_client.get(f"/admin/scoring/rubric/{copy.pk}/movers/")
    assert "nobody can move" in page.text
