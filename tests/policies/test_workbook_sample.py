"""The sample's factsheets come back from every format without a change."""

from types import SimpleNamespace

import pytest

from policies.checking import parsed
from policies.loading import load
from policies.models import SectionRevision, User
from policies.reference_data import SAMPLE
from policies.spreadsheet.formats import FORMATS
from policies.spreadsheet.receiving import receive
from tests.factory import make_cast
from tests.lasting import lent
from tests.office import Soffice
from tests.workbooks import apply, exported, file_of, opened, problems, send

pytestmark = pytest.mark.django_db

every_format = pytest.mark.parametrize("kind", FORMATS)


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    """Not published: that takes seconds."""
    files = sorted(SAMPLE.glob("*.json"))
    drafts = [load(parsed(path.read_bytes())).factsheet for path in files]
    return SimpleNamespace(cast=make_cast(), drafts=drafts)


cast, drafts = lent("cast"), lent("drafts")


@pytest.fixture
def ben(cast: dict[str, User]) -> User:
    return cast["ben"]


def test_every_row_that_comes_back_is_counted_as_unchanged(drafts, ben):
    counts = send(exported(*drafts), by=ben).counts
    assert {name: dict(found) for name, found in counts.items()} == {
        "Factsheets": {"unchanged": 6},
        "Policies": {"unchanged": 14},
        "Sections": {"unchanged": 204},
        "Assessments": {"unchanged": 24},
        "References": {"unchanged": 32},
    }


def test_confirming_a_file_without_a_change_writes_no_revision(drafts, ben):
    before = SectionRevision.objects.count()
    apply(exported(*drafts), by=ben)
    assert SectionRevision.objects.count() == before


@every_format
def test_a_second_export_is_equal_cell_by_cell(kind, drafts):
    assert exported(*drafts, kind=kind) == exported(*drafts, kind=kind)


def test_a_workbook_and_an_opendocument_hold_the_same_cells(drafts):
    assert exported(*drafts).sheets == exported(*drafts, kind="ods").sheets


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_libreoffice_saved_comes_back_without_a_change(kind, drafts, ben, soffice: Soffice):
    data = soffice(file_of(*drafts, kind=kind), kind)
    batch = receive(data, f"a.{kind}", by=ben)
    assert (problems(batch), batch.changes.count()) == ([], 0)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_libreoffice_keeps_every_cell(kind, drafts, soffice: Soffice):
    data = file_of(*drafts, kind=kind)
    assert opened(soffice(data, kind), kind).sheets == opened(data, kind).sheets
