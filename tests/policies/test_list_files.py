"""The files of the lists: their columns, and what a row says of a policy and of its categories."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from policies.models import CategoryUse, PublishedPolicy
from tests.factory import make_cast, make_publication, make_scored_document

NAMED = {"original_name": "El Plan", "url": "https://example.org/plan?a=1;b=2"}


def detailed(code="MX", **policy):
    """A factsheet with one policy that has beneficiaries of two kinds, one with a detail."""
    document = make_scored_document(code)
    (plan,) = document["policies"]
    sections = [section for section in plan["sections"] if section["type"] != "beneficiaries"]
    categories = [{"code": "smes"}, {"code": "other", "detail": "Nature"}]
    beneficiaries = {"type": "beneficiaries", "availability": "reported", "categories": categories}
    return {
        **document,
        "policies": [{**plan, "sections": [*sections, beneficiaries], **NAMED, **policy}],
    }


# Rows of before there were the columns


@pytest.fixture
def emptied(db):
    """A publication whose rows beside it have none of what the migration fills in."""
    make_publication(make_cast(), detailed())
    state = MigrationLoader(connection).project_state(("policies", "0007_published_details"))
    state.apps.get_model("policies", "PublishedPolicy").objects.update(original_name="", url="")
    state.apps.get_model("policies", "CategoryUse").objects.update(detail="")
    return state.apps


def test_a_migration_fills_in_what_the_published_documents_say(emptied):
    import_module("policies.migrations.0007_published_details").fill(emptied, None)
    assert PublishedPolicy.objects.values("original_name", "url").get() == NAMED
    uses = CategoryUse.objects.exclude(detail="").values_list("category__code", "detail")
    assert list(uses) == [("other", "Nature")]
