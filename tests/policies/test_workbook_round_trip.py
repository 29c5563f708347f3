"""What is exported comes back without a change, and every document can be reached by cells."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from policies.loading import load
from policies.models import Batch, Factsheet, User
from policies.roles import Role
from policies.spreadsheet import undoing
from policies.spreadsheet.formats import FORMATS
from policies.spreadsheet.receiving import receive
from policies.text import MAX_LENGTH
from tests.documents import documents
from tests.factory import VISIBLE, current_document, make_scored_document, make_user
from tests.workbooks import (
    apply,
    contents_of,
    exported,
    file_of,
    problems,
    say,
    send,
)

pytestmark = pytest.mark.django_db

every_format = pytest.mark.parametrize("kind", FORMATS)
few = hypothesis_settings(max_examples=6)
some = hypothesis_settings(max_examples=12)
LONG = [
    "a" * MAX_LENGTH,
    "😀" * (MAX_LENGTH // 2),
    ("=1+1 \n\n" * 5000)[: MAX_LENGTH - 1] + ".",
]


@pytest.fixture
def ben(cast: dict[str, User]) -> User:
    return cast["ben"]


@pytest.fixture
def sample(reference: None) -> list[Factsheet]:
    call_command("load_sample", verbosity=0, stdout=None)
    return list(Factsheet.objects.all())


def said(batch: Batch) -> tuple[list[str], int]:
    """Its errors, and how many sections it changes."""
    return problems(batch), batch.changes.count()


NOTHING: tuple[list[str], int] = ([], 0)


# What comes back unchanged changes nothing


def test_the_sample_comes_back_without_a_change(sample, ben):
    found = {
        kind: said(receive(file_of(*sample, kind=kind), f"all.{kind}", by=ben)) for kind in FORMATS
    }
    assert found == dict.fromkeys(FORMATS, NOTHING)


@every_format
def test_any_document_comes_back_without_a_change(kind, cast):
    @some
    @given(documents(VISIBLE))
    def check(document: dict[str, Any]) -> None:
        with transaction.atomic():
            factsheet = load(document).factsheet
            batch = receive(file_of(factsheet, kind=kind), f"a.{kind}", by=cast["ben"])
            assert said(batch) == NOTHING
            transaction.set_rollback(True)

    check()


@every_format
@pytest.mark.parametrize("text", LONG, ids=["letters", "emoji", "lines"])
def test_texts_of_the_greatest_length_come_back(kind, text, ben):
    introduction = {"type": "introduction", "availability": "reported", "text": text}
    factsheet = load(make_scored_document(sections=[introduction])).factsheet
    batch = receive(file_of(factsheet, kind=kind), f"a.{kind}", by=ben)
    assert said(batch) == NOTHING


# Every document can be reached


def check_reached(first: dict[str, Any], second: dict[str, Any], kind: str, by: User) -> None:
    with transaction.atomic():
        wanted = contents_of(load(second).factsheet)
        transaction.set_rollback(True)
    with transaction.atomic():
        factsheet = load(first).factsheet
        original, has = current_document(factsheet), contents_of(factsheet)
        book = exported(factsheet, kind=kind)
        say(book, wanted, has)
        batch = apply(book, by=by)
        assert contents_of(factsheet) == wanted
        assert said(send(exported(factsheet, kind=kind), by=by)) == NOTHING
        undoing.undo(batch, by=by)
        assert current_document(factsheet) == original
        transaction.set_rollback(True)


@pytest.fixture
def eva(reference: None) -> User:
    """Who may add and delete policies everywhere."""
    return make_user("eva", Role.ADMINISTRATOR)


@every_format
def test_any_document_is_reached_from_any_other_and_left_again(kind, eva):
    @few
    @given(documents(VISIBLE), documents(VISIBLE))
    def check(first: dict[str, Any], second: dict[str, Any]) -> None:
        check_reached(first, second, kind, eva)

    check()


@st.composite
def of_the_same_codes(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two documents that share policies and references, in another order."""
    first, second = draw(documents(VISIBLE)), draw(documents(VISIBLE))
    for name, key in (("policies", "code"), ("references", "key")):
        shared = [each[key] for each in first[name]]
        for each, value in zip(second[name], draw(st.permutations(shared)), strict=False):
            if value not in [other[key] for other in second[name]]:
                each[key] = value
    return first, second


def test_policies_and_references_are_moved_changed_added_and_deleted_at_once(eva):
    @some
    @given(of_the_same_codes())
    def check(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
        check_reached(*pair, "xlsx", eva)

    check()
