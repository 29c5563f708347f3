"""What a section once held comes back as a new revision, whatever rows that takes."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from policies import history
from policies.changes import Source, change_set
from policies.history import contents
from policies.loading import load
from policies.models import (
    Category,
    CriterionScore,
    Factsheet,
    Policy,
    Reference,
    Section,
    SectionRevision,
    State,
    User,
)
from policies.reference_data import DATA
from policies.restoring import deleted_policies, restore, restore_policy
from scoring.facts import digest
from scoring.models import Rubric
from tests.factory import (
    current_document,
    make_cast,
    make_factsheet,
    make_policy,
    make_publication,
    make_scored_document,
    make_user,
    section,
    tick,
)
from tests.lasting import lent

pytestmark = pytest.mark.django_db

FROZEN = json.loads((Path(__file__).parent / "revisions/schema-1.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    """The sample of Mexico, which Ada writes."""
    cast = make_cast()
    sample = json.loads((DATA / "sample/mexico-2022.json").read_text("utf-8"))
    factsheet = load(sample, by=cast["ada"]).factsheet
    factsheet.editors.add(cast["ada"])
    return SimpleNamespace(cast=cast, mexico=factsheet)


cast, mexico = lent("cast"), lent("mexico")


@pytest.fixture
def ada(cast: dict[str, User]) -> User:
    return cast["ada"]


def first(row: Section) -> SectionRevision:
    return row.revisions.order_by("number")[0]


def own(factsheet: Factsheet, type_: str) -> Section:
    return factsheet.sections.get(type__code=type_, policy=None)


# Old revisions and later shapes


def test_every_older_shape_has_an_upgrade() -> None:
    assert set(history.UPGRADES) == set(range(1, history.SCHEMA))


def test_upgrades_apply_in_order_from_the_shape_of_the_revision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def step(name: str) -> Any:
        return lambda content, type_: {**content, "seen": [*content["seen"], (name, type_)]}

    monkeypatch.setattr(history, "SCHEMA", 4)
    monkeypatch.setattr(history, "UPGRADES", {3: step("c"), 1: step("a"), 2: step("b")})
    content = {"seen": []}
    assert history.upgraded(content, "focus", 2) == {"seen": [("b", "focus"), ("c", "focus")]}
    assert len(history.upgraded(content, "focus", 1)["seen"]) == 3
    assert history.upgraded(content, "focus", 4) == content == {"seen": []}


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(item) for key, item in value.items()}
    return [_shape(value[0])] if isinstance(value, list) and value else None


def _by_type(parts: dict[history.Key, Any]) -> dict[str, Any]:
    """The longest content of each type: in it, no list is empty that could hold something."""
    by_length = sorted(parts.items(), key=lambda item: len(json.dumps(item[1])))
    return {type_: content for (_policy, type_), content in by_length}


def test_a_revision_of_the_first_shape_reads_like_one_of_today(mexico: Factsheet) -> None:
    """If this fails, the shape has changed: raise `SCHEMA`, write the upgrade, keep the sample."""
    today = _by_type(contents(current_document(mexico)))
    upgraded = {type_: history.upgraded(old, type_, 1) for type_, old in FROZEN.items()}
    assert _shape(upgraded) == _shape(today)


@pytest.mark.parametrize("type_", FROZEN)
def test_a_revision_of_the_first_shape_can_be_restored(
    mexico: Factsheet, ada: User, type_: str
) -> None:
    row = mexico.sections.filter(type__code=type_).order_by("policy__order").last()
    assert row
    old = SectionRevision.objects.create(
        factsheet=mexico,
        policy_code="gone" if row.policy else "",
        section=row,
        type=row.type,
        number=900,
        content=FROZEN[type_],
        schema=1,
        content_hash="",
        created_at=timezone.now(),
        source=Source.ADMIN,
    )
    Section.bookkeeping.filter(pk=row.pk).update(version=900)
    restore(old, by=ada)
    row.refresh_from_db()
    assert row.content_hash == digest(history.upgraded(FROZEN[type_], type_, 1))


# Restoring


def test_a_text_and_its_categories_come_back_as_a_new_revision(mexico, ada) -> None:
    row = mexico.policies.first().sections.get(type__code="objectives")
    held = row.content_hash
    with change_set():
        row.uses.all().delete()
        row.text, row.availability = "Other.", "no_data"
        row.save()
    new = restore(first(row), by=ada, note="as the ministry says")
    row.refresh_from_db()
    assert new is not None
    assert (new.number, new.author, new.source) == (3, ada, Source.ADMIN)
    assert new.note == "Restored from #1: as the ministry says"
    assert (row.content_hash, row.state) == (held, State.DRAFT)


@pytest.mark.parametrize(
    ("type_", "spoil"),
    [
        ("heading", {"names": ["Other"], "kind": "cluster", "heading_note": "Other."}),
        ("history", {"starting_year": 1950, "period": "unlimited", "ending_year": None}),
        (
            "budget",
            {"overall_availability": "reported", "overall_amount": 5, "overall_currency": "EUR"},
        ),
    ],
)
def test_the_facts_of_a_policy_come_back(mexico, ada, type_: str, spoil: dict[str, Any]) -> None:
    row = mexico.policies.first().sections.get(type__code=type_)
    held = row.content_hash
    Policy.objects.filter(pk=row.policy_id).update(**spoil)
    restore(first(row), by=ada)
    row.refresh_from_db()
    assert (row.version, row.content_hash) == (3, held)


def test_a_judgement_comes_back_with_its_text_and_is_the_word_of_who_restores(mexico, cast) -> None:
    row = own(mexico, "support")
    held = row.content_hash
    score = CriterionScore.objects.get(factsheet=mexico, criterion__code="support")
    with change_set():
        score.judge(None, "", by=None, now=timezone.now())
        score.save()
        row.text = ""
        row.save()
    restore(first(row), by=cast["ben"])
    row.refresh_from_db()
    score.refresh_from_db()
    assert (row.content_hash, row.availability) == (held, "reported")
    assert score.judged_by == cast["ben"]


def test_the_bibliography_comes_back_in_its_order(mexico, ada) -> None:
    row = own(mexico, "bibliography")
    held = row.content_hash
    with change_set():
        mexico.references.first().delete()
        Reference.objects.create(factsheet=mexico, key="later", title="Later", order=90)
        last = mexico.references.exclude(key="later").last()
        last.order, last.title = 0, "Other"
        last.save()
    restore(first(row), by=ada)
    row.refresh_from_db()
    assert row.content_hash == held


def test_the_introduction_comes_back_with_the_order_of_the_policies(mexico, ada) -> None:
    make_policy(mexico, "second", order=8)
    row = own(mexico, "introduction")
    held = row.content_hash
    with change_set():
        mexico.policies.filter(code="second").update(order=0)
        mexico.policies.exclude(code="second").update(order=5)
        mexico.language = "es"
        mexico.save()
    revision = row.revisions.get(number=2)
    restore(revision, by=ada)
    row.refresh_from_db()
    assert row.content_hash == held


def test_a_policy_added_later_follows_those_that_the_introduction_named(mexico, ada) -> None:
    row = own(mexico, "introduction")
    make_policy(mexico, "later", order=0)
    Policy.objects.exclude(code="later").update(order=7)
    restore(first(row), by=ada)
    assert mexico.policies.last().code == "later"


def test_what_is_there_already_makes_no_revision(mexico, ada) -> None:
    before = SectionRevision.objects.count()
    assert restore(first(own(mexico, "introduction")), by=ada) is None
    assert SectionRevision.objects.count() == before


def test_a_restored_section_needs_a_new_approval(cast) -> None:
    published = make_publication(cast, make_scored_document("FR"))
    row = section(published.factsheet.policies.get(), "focus")
    tick(row.policy, "focus", "sectoral")
    Section.bookkeeping.update(state=State.APPROVED)
    restore(first(row), by=cast["ada"])
    row.refresh_from_db()
    assert row.state == State.DRAFT


# What can't be restored


def test_a_category_that_is_gone_is_named_and_nothing_is_written(mexico, ada) -> None:
    policy = mexico.policies.first()
    row = tick(policy, "focus", "sectoral")
    old = row.revisions.latest("number")
    row.uses.all().delete()
    row.text = "Kept."
    row.save()
    early = type(mexico.edition).objects.create(
        **{**_fields(mexico.edition), "year": 2021, "label": "2021"}
    )
    Category.objects.filter(section_type__code="focus", code="sectoral").update(until=early)
    with pytest.raises(ValidationError, match="has no category “") as refused:
        restore(old, by=ada)
    assert Category.objects.get(section_type__code="focus", code="sectoral").label in str(
        refused.value
    )
    assert section(policy, "focus").text == "Kept."


def _fields(row: Any) -> dict[str, Any]:
    return {f.name: getattr(row, f.name) for f in row._meta.concrete_fields if not f.primary_key}


def test_a_criterion_that_the_rubric_lost_is_named(mexico, ada) -> None:
    old = first(own(mexico, "support"))
    mexico.edition.rubric = Rubric.objects.create(code="other", title="Other")
    mexico.edition.save()
    with pytest.raises(ValidationError, match="no such criterion"):
        restore(old, by=ada)


def test_a_policy_that_the_introduction_names_must_be_restored_first(mexico, ada) -> None:
    code = mexico.policies.first().code
    mexico.policies.first().delete()
    with pytest.raises(ValidationError, match=f"“{code}” was deleted"):
        restore(first(own(mexico, "introduction")), by=ada)


def test_a_section_of_a_deleted_policy_comes_back_with_its_policy_only(mexico, ada) -> None:
    mexico.policies.first().delete()
    orphan = mexico.revisions.filter(type__code="focus", section=None).first()
    with pytest.raises(ValidationError, match="was deleted: restore it first"):
        restore(orphan, by=ada)


def test_a_section_that_was_changed_meanwhile_is_left_alone(mexico, ada) -> None:
    row = own(mexico, "introduction")
    row.text = "Meanwhile."
    row.save()
    with pytest.raises(ValidationError, match="changed after you opened"):
        restore(first(row), by=ada, seen=1)
    row.refresh_from_db()
    assert row.text == "Meanwhile."


@pytest.mark.parametrize("name", ["cleo", "dan", "fay"])
def test_who_may_not_write_may_not_restore(mexico, cast, name: str) -> None:
    people = {**cast, "fay": make_user("fay")}
    before = SectionRevision.objects.count()
    with pytest.raises(PermissionDenied):
        restore(first(own(mexico, "introduction")), by=people[name])
    mexico.policies.first().delete()
    code = next(iter(deleted_policies(mexico)))
    with pytest.raises(PermissionDenied):
        restore_policy(mexico, code, by=people[name])
    assert SectionRevision.objects.filter(author=people[name]).count() == 0
    assert SectionRevision.objects.count() == before + 1  # the introduction lists no policy now


# Deleted policies


def test_a_deleted_policy_comes_back_with_all_its_sections_as_they_last_were(mexico, ada) -> None:
    before = contents(current_document(mexico))
    policy = mexico.policies.first()
    name = str(policy)
    policy.delete()
    assert deleted_policies(mexico) == {policy.code: name}
    restore_policy(mexico, policy.code, by=ada, note="deleted by mistake")
    assert contents(current_document(mexico)) == before
    assert deleted_policies(mexico) == {}


def test_the_revisions_of_a_policy_that_comes_back_count_on(mexico, ada) -> None:
    policy = mexico.policies.first()
    tick(policy, "focus", "sectoral")
    last = section(policy, "focus").version
    policy.delete()
    restored = restore_policy(mexico, policy.code, by=ada)
    new = section(restored, "focus").revisions.get()
    assert (new.number, new.author) == (last + 1, ada)
    assert new.note.startswith("Restored the policy")


def test_a_policy_returns_to_its_place(reference, cast) -> None:
    factsheet = make_factsheet("FR")
    for order, code in enumerate("abc"):
        make_policy(factsheet, code, order=order)
    factsheet.policies.get(code="b").delete()
    restore_policy(factsheet, "b", by=cast["ben"])
    assert "".join(policy.code for policy in factsheet.policies.all()) == "abc"


@pytest.mark.parametrize(("code", "words"), [("nowhere", "knows no policy"), ("", "there already")])
def test_only_a_deleted_policy_can_be_restored(mexico, ada, code: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        restore_policy(mexico, code or mexico.policies.first().code, by=ada)


def test_a_policy_under_another_code_is_not_deleted(cast, reference):
    factsheet = load(make_scored_document("FR"), by=cast["ada"]).factsheet
    policy = factsheet.policies.get()
    policy.code = "renamed"
    policy.save()
    assert deleted_policies(factsheet) == {}
