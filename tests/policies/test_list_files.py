"""The files of the lists: their columns, and what a row says of a policy and of its categories."""

import csv
import json
import re
from importlib import import_module
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from policies.models import Category, CategoryUse, Edition, PublishedPolicy, SectionType
from policies.reference_data import SAMPLE
from scoring.models import Criterion, Rubric
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


@pytest.fixture
def publish(db):
    cast = make_cast()
    return lambda *documents: [make_publication(cast, document) for document in documents]


def sample(name):
    return json.loads((SAMPLE / f"{name}-2022.json").read_text(encoding="utf-8"))


@pytest.fixture
def table(client):
    """The header of a file and its rows, as its reader has them."""

    def fetch(address):
        data = client.get(address).content
        if ".csv" in address:
            header, *rows = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))
        else:
            sheet = openpyxl.load_workbook(BytesIO(data)).active
            header, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
        return header, [dict(zip(header, row, strict=True)) for row in rows]

    return fetch


@pytest.fixture
def objects(client):
    def fetch(address):
        parts = json.loads(client.get(address).content)["parts"]
        return [row for part in parts.values() for row in part]

    return fetch


# Columns


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("path", ["/factsheets", "/policies"])
def test_the_columns_are_the_same_whatever_is_selected(publish, table, path, kind):
    publish(detailed(), detailed("QN"))
    selections = ["q=nowhere", "group=third", "edition=all"]
    (empty, none), (few, some), (whole, every) = (
        table(f"{path}.{kind}?{query}") for query in selections
    )
    assert empty == few == whole
    assert len(none) < len(some) < len(every)


@pytest.fixture
def next_edition(db):
    """A criterion and a section that only the edition of 2023 has, which nobody wrote for yet."""
    rubric = Rubric.objects.create(code="2023", title="2023")
    Criterion.objects.create(rubric=rubric, code="reach", title="Reach", description="How far.")
    year = {"year": 2023, "label": "2023", "collected_on": "2023-09-30"}
    edition = Edition.objects.create(rubric=rubric, **year)
    words = {"heading": "Climate", "title": "Climate", "order": 55, "part": "policy"}
    type_ = SectionType.objects.create(
        code="climate", takes_categories=True, since=edition, **words
    )
    Category.objects.create(section_type=type_, code="energy", label="Energy", order=1)


def test_there_are_columns_for_what_other_editions_have(publish, table, next_edition):
    publish(detailed())
    policies, (policy,) = table("/policies.csv")
    assert policies.index("authorities_labels") < policies.index("climate_codes")
    assert policies.index("climate_labels") < policies.index("beneficiaries_codes")
    assert policy["climate_codes"] == ""
    _header, (factsheet,) = table("/factsheets.csv")
    assert (factsheet["scope_points"], factsheet["reach_points"]) == ("0.5", "")


DOCS = (Path(__file__).parents[2] / "docs/reading.md").read_text(encoding="utf-8")
COLUMNS = re.findall(r"^\| (?:both|factsheets|policies) \| (`.+?) \|", DOCS, re.MULTILINE)


@pytest.mark.parametrize("address", ["/factsheets.csv", "/policies.csv"])
def test_every_column_is_explained(db, table, address):
    explained = set(re.findall(r"`(\S+?)`", " ".join(COLUMNS)))
    by_section = re.compile(r"^.+(?=_(codes|labels|points|basis)$)")
    assert {by_section.sub("…", column) for column in table(address)[0]} <= explained


# What a file is asked for that it does not know


def test_a_file_that_knows_not_every_filter_leads_to_the_list_that_does(publish, client):
    publish(detailed())
    refused = client.get("/policies.csv?kind=broad&points=scope-0.5")
    assert refused.status_code == 400
    content = refused.content.decode()
    assert 'href="/policies/?kind=broad"' in content
    assert 'href="/factsheets/?kind=broad&amp;points=scope-0.5"' in content


def test_an_unknown_colour_is_answered_with_the_colours_there_are(db, client):
    for address in ("/factsheets/", "/factsheets.csv"):
        refused = client.get(f"{address}?group=eu&colour=red")
        assert refused.status_code == 400
        content = refused.content.decode()
        for colour in ("kind", "total"):
            assert f'href="/factsheets/?group=eu&amp;colour={colour}"' in content


@pytest.mark.parametrize(
    "query", ["colour=kind", "points=", "utm_source=mail", "sort=-score", "q=the"]
)
def test_what_filters_nothing_by_itself_is_no_reason_to_refuse_a_file(publish, table, query):
    publish(detailed(), detailed("QN"))
    assert len(table(f"/factsheets.csv?{query}")[1]) == 2


# Policies


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mexico", {("real", "in-force", "in_force"), ("real", "example", "example")}),
        ("samplonia", {("invented", "demonstration", each) for each in ("in_force", "future")}),
        ("mockovia", {("invented", "demonstration", each) for each in ("in_force", "ended")}),
    ],
)
def test_a_row_says_the_standing_of_its_policy_and_whether_the_country_is_real(
    publish, objects, name, expected
):
    publish(sample(name))
    rows = objects("/policies.json")
    assert {(row["country_is"], row["part"], row["standing"]) for row in rows} == expected


def test_a_row_says_the_original_name_and_where_the_policy_can_be_read(publish, table, objects):
    publish(detailed())
    for address in ("/policies.csv", "/policies.xlsx"):
        _header, (row,) = table(address)
        assert (row["original_name"], row["official_url"]) == tuple(NAMED.values())
    (row,) = objects("/policies.json")
    assert (row["original_name"], row["official_url"]) == tuple(NAMED.values())


# Several entries in a cell


def entries(cell):
    """Taken apart by the rule that docs/reading.md gives."""
    return next(csv.reader([cell], delimiter=";", skipinitialspace=True))


@pytest.fixture
def awkward(db):
    category = Category.objects.get(section_type__code="beneficiaries", code="smes")
    category.label = 'SMEs; also "start-ups"'
    category.save()
    return category.label


@pytest.mark.parametrize("address", ["/policies.csv", "/policies.xlsx"])
def test_entries_with_semicolons_can_be_told_apart(publish, table, awkward, address):
    names = ["Plan; second part", '"Plan"', 'The "big" Plan']
    publish(detailed(names=names))
    _header, (row,) = table(address)
    assert entries(row["names"]) == names
    assert entries(row["beneficiaries_labels"]) == [awkward, "Other: Nature"]
    assert row["beneficiaries_codes"] == "smes; other"


def test_an_entry_without_semicolon_stands_as_it_is(publish, table):
    publish(detailed(names=["One", 'The "big" Plan']))
    _header, (row,) = table("/policies.csv")
    assert row["names"] == 'One; The "big" Plan'
    assert row["beneficiaries_labels"] == "SMEs; Other: Nature"


def test_json_has_categories_as_objects(publish, objects):
    publish(detailed())
    (row,) = objects("/policies.json")
    assert [use for use in row["categories"] if use["section"] == "beneficiaries"] == [
        {"section": "beneficiaries", "code": "smes", "label": "SMEs", "detail": ""},
        {"section": "beneficiaries", "code": "other", "label": "Other", "detail": "Nature"},
    ]


# Costs


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("path", ["/factsheets", "/policies"])
def test_a_file_takes_at_most_eight_queries(
    publish, client, path, kind, django_assert_max_num_queries
):
    publish(detailed(), detailed("QN"))
    query = "edition=all&q=plan&category=beneficiaries.other&category=objectives.rd&kind=broad"
    with django_assert_max_num_queries(8):
        assert client.get(f"{path}.{kind}?{query}").status_code == 200


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
