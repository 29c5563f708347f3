"""A workbook that is confirmed at two windows at once."""

import pytest
from django.core.exceptions import ValidationError

from policies.loading import load
from policies.spreadsheet import applying
from tests import racing
from tests.factory import make_scored_document
from tests.workbooks import exported, send


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_is_confirmed_twice_at_once_is_applied_once(cast):
    factsheet = load(make_scored_document()).factsheet
    factsheet.editors.add(cast["ada"])
    book = exported(factsheet)
    book.row("Sections", policy="plan", section="objectives")["text"] = "New."
    batch = send(book, by=cast["ada"])

    def confirm() -> str:
        try:
            again = batch.__class__.objects.get(pk=batch.pk)
            return str(applying.confirm(again, by=cast["ada"]))
        except ValidationError as error:
            return error.messages[0]

    told = racing.at_once(confirm, confirm)
    assert sorted(told) == ["This import is applied already.", "True"]
    section = factsheet.sections.get(policy__code="plan", type__code="objectives")
    assert section.revisions.filter(batch=batch).count() == 1
