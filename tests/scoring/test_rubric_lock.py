"""What published points were given by never changes; a copy of it is a draft until released."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from scoring.loading import RUBRIC_2022, copied, load_rubric
from scoring.models import Level, Rubric, Used


@pytest.fixture
def rubric(db):
    return load_rubric(RUBRIC_2022)


@pytest.fixture
def used(rubric):
    Rubric.objects.filter(pk=rubric.pk).mark_used(timezone.now())
    rubric.refresh_from_db()
    return rubric


@pytest.fixture
def copy(rubric):
    return copied(rubric, "2024", "Copy of 2022")


def scope(rubric):
    return rubric.criteria.get(code="scope")


def level(rubric):
    return scope(rubric).levels.get(points=2)


def moved(level, copy):
    level.criterion = scope(copy)
    return level


REFUSED = {
    "save a rubric": lambda used, _copy: used.save(),
    "update a rubric": lambda used, _copy: Rubric.objects.filter(pk=used.pk).update(title="New"),
    "free a rubric": lambda _used, _copy: Rubric.objects.update(used_at=None),
    "delete a rubric": lambda used, _copy: used.delete(),
    "save a criterion": lambda used, _copy: scope(used).save(),
    "reorder": lambda used, _copy: used.criteria.update(order=9),
    "add a criterion": lambda used, _copy: used.criteria.create(code="new", title="New"),
    "delete a criterion": lambda used, _copy: scope(used).delete(),
    "delete criteria": lambda used, _copy: used.criteria.all().delete(),
    "declare a gap": lambda used, _copy: used.criteria.update(
        known_gap="support.technical_elsewhere"
    ),
    "save a level": lambda used, _copy: level(used).save(),
    "give other points": lambda used, _copy: Level.objects.filter(
        criterion__rubric=used, points=2
    ).update(points=3),
    "bulk update": lambda used, _copy: Level.objects.bulk_update([level(used)], ["label"]),
    "bulk create": lambda used, _copy: Level.objects.bulk_create(
        [Level(criterion=scope(used), points=7, rule="scope.none")]
    ),
    "bulk replace": lambda used, copy: Level.objects.bulk_create(
        [Level(pk=level(used).pk, criterion=scope(copy), points=7, rule="scope.none")],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["points", "criterion"],
    ),
    "go round": lambda used, _copy: Level._base_manager.filter(criterion__rubric=used).update(
        label="New"
    ),
    "add others' criteria": lambda used, copy: used.criteria.add(scope(copy)),
    "add others' levels": lambda used, copy: scope(used).levels.add(level(copy)),
    "add a level": lambda used, _copy: scope(used).levels.create(points=7, rule="scope.none"),
    "delete a level": lambda used, _copy: level(used).delete(),
    "delete levels": lambda used, _copy: scope(used).levels.all().delete(),
    "take a level away": lambda used, copy: moved(level(used), copy).save(),
    "bring a level in": lambda used, copy: moved(level(copy), used).save(),
    "take levels away": lambda used, copy: scope(used).levels.update(criterion=scope(copy)),
    "bring levels in": lambda used, copy: scope(copy).levels.update(criterion=scope(used)),
    "bring criteria in": lambda used, copy: copy.criteria.update(rubric_id=used.pk),
}


@pytest.mark.parametrize("deed", REFUSED.values(), ids=REFUSED.keys())
def test_a_used_rubric_refuses_to(used, copy, deed):
    before = used.table()
    with (
        pytest.raises(Used, match=r"“Maturity of cluster policy 2022” can't be changed any more"),
        transaction.atomic(),
    ):
        deed(used, copy)
    assert Rubric.objects.get(pk=used.pk).table() == before


def test_a_copy_of_a_used_rubric_can_be_changed(used, copy):
    scope(copy).levels.filter(points=2).update(points=Decimal("2.5"))
    scope(copy).delete()
    assert (copy.table().maximum, used.table().maximum) == (6, 8)


def test_a_copy_is_the_same_under_another_code_and_a_draft(rubric, copy):
    assert copy.table().criteria == rubric.table().criteria
    assert (copy.code, copy.title, copy.released_at, copy.used_at) == (
        "2024",
        "Copy of 2022",
        None,
        None,
    )


def test_a_copy_needs_a_code_of_its_own(rubric):
    with pytest.raises(IntegrityError):
        copied(rubric, "2022", "Copy")


def test_the_rubric_that_comes_with_the_project_is_released(rubric):
    assert (rubric.released_at is not None, rubric.used_at) == (True, None)


def test_a_rubric_is_used_since_the_first_time(used):
    since = used.used_at
    Rubric.objects.filter(pk=used.pk).mark_used(timezone.now())
    assert Rubric.objects.get(pk=used.pk).used_at == since


def test_what_is_used_counts_as_released(copy):
    Rubric.objects.filter(pk=copy.pk).mark_used(timezone.now())
    assert Rubric.objects.get(pk=copy.pk).released_at
