"""Whatever a factsheet held can be restored."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings

from policies.history import content_of, contents
from policies.loading import load
from policies.models import Factsheet, SectionRevision, User
from policies.restoring import deleted_policies, restore, restore_policy
from tests.documents import documents
from tests.factory import VISIBLE, current_document

pytestmark = pytest.mark.django_db


@pytest.mark.once
@given(one=documents(VISIBLE), other=documents(VISIBLE))
@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
def test_whatever_a_factsheet_held_can_be_restored(one: dict[str, Any], other: dict[str, Any]):
    with transaction.atomic():
        by = User(pk=None, username="root", is_superuser=True)
        by.save()
        factsheet = load(one).factsheet
        held = contents(current_document(factsheet))
        old = {r.pk for r in factsheet.revisions.order_by("policy_code", "type", "-pk")}
        load(other, replace=True)
        _restore_all(factsheet, old, by)
        now = contents(current_document(factsheet))
        transaction.set_rollback(True)
    assert {key: now[key] for key in held if key != ("", "introduction")} == {
        key: held[key] for key in held if key != ("", "introduction")
    }
    names = held["", "introduction"]["policies"]
    assert now["", "introduction"]["policies"][: len(names)] == names


def _restore_all(factsheet: Factsheet, old: set[int], by: User) -> None:
    last: dict[tuple[str, int], SectionRevision] = {}
    for revision in factsheet.revisions.filter(pk__in=old).select_related("type").order_by("pk"):
        last[revision.policy_code, revision.type_id] = revision
    for code in sorted({code for code, _type in last if code} & deleted_policies(factsheet).keys()):
        restore_policy(factsheet, code, by=by)
    for revision in last.values():
        revision.refresh_from_db()
        new = restore(revision, by=by)
        if new and revision.type.code != "introduction":
            assert content_of(new) == content_of(revision)
