"""The matrix of an edition and the page of a category, as their readers see them."""

import csv
import io
import json
import re
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from policies.insight.collected import Has
from policies.insight.matrix import Tally, matrix_of, tally
from policies.insight.vocabulary import headings
from policies.models import Category, Country, Edition
from policies.presentation.words import moment
from tests.factory import make_cast, make_publication, make_scored_document, reported
from tests.policies.test_docs_reading import TEXT
from tests.policies.test_public_pages import Parsed, sample

PRIORITIES = {
    "FR": reported("resilience", text="Value chains in Europe."),
    "DE": reported("digitalisation", "green-economy"),
    "MT": {"availability": "no_data"},
    "CH": {"availability": "none_exists"},
}


def document(code, priorities, **fields):
    document = make_scored_document(code, **fields)
    (plan,) = document["policies"]
    section = {"type": "eu-priorities", **priorities}
    return {**document, "policies": [{**plan, "sections": [*plan["sections"], section]}]}


@pytest.fixture(scope="module")
def site(lasting):
    """Four countries that each say another thing of the EU priorities, and an invented one."""
    cast = make_cast()
    for code, priorities in PRIORITIES.items():
        make_publication(cast, document(code, priorities))
    make_publication(cast, sample("fictavia"))
    return SimpleNamespace(cast=cast)


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return Parsed(response.content.decode())


def rows(client, address):
    return list(csv.DictReader(io.StringIO(client.get(address).content.decode("utf-8-sig"))))


MATRIX = "/categories/?section=eu-priorities"


def matrix(page, name="matrix"):
    """The sign words of each country, in the order of the columns."""
    part = page.html[page.html.index(f'id="{name}-caption"') :]
    found = {}
    for row in part[: part.index("</table>")].split("<tr>")[2:]:
        cells = [Parsed(f"<td {cell}").text for cell in row.split("<td ")[1:]]
        found[Parsed(row[: row.index("</th>")]).text] = [cell.split()[-1] for cell in cells[:-1]]
    return found


def test_the_matrix_says_what_each_country_has(site, db, client):
    assert matrix(page(client, MATRIX)) == {
        "France": ["this", "this", "it"],
        "Germany": ["it", "it", "this"],
        "Malta": ["available", "available", "available"],
        "Switzerland": ["exists", "exists", "exists"],
    }


def test_counts_have_denominators_and_leave_out_invented_countries(site, db, client):
    found = page(client, MATRIX)
    assert "Counted are 4 countries" in found.text
    counts = found.html[found.html.index('class="figures counts"') : found.html.index('id="matrix')]
    row = next(part for part in counts.split("<tr>") if "/resilience/" in part)
    assert Parsed(row).text.endswith("1 25 % 1")


def test_invented_countries_have_a_matrix_of_their_own(site, db, client):
    assert list(matrix(page(client, MATRIX), "invented")) == ["Fictavia"]


SORTED = [
    ("rows=eu-priorities.resilience", ["France", "Germany", "Switzerland", "Malta"]),
    ("rows=count", ["Germany", "France", "Malta", "Switzerland"]),
    ("by=group", ["France", "Germany", "Malta", "Switzerland"]),
]


@pytest.mark.parametrize(("asked", "names"), SORTED)
def test_countries_can_be_sorted_by_what_they_have(site, db, client, asked, names):
    found = matrix(page(client, f"{MATRIX}&{asked}"))
    assert [name for name in found if name in Country.objects.values_list("name", flat=True)] == (
        names
    )


def test_categories_can_be_sorted_by_what_a_country_has(site, db, client):
    found = matrix(page(client, f"{MATRIX}&columns=france"))
    assert found["France"] == ["it", "this", "this"]


def test_what_is_sorted_is_said_and_undone_at_the_matrix(site, db, client):
    usual = page(client, MATRIX)
    link = f"{MATRIX}&rows=eu-priorities.resilience"
    assert {f"{link}#matrix", f"{MATRIX}&rows=count#matrix"} < set(usual.links)
    assert "Sort them by name" not in usual.text
    found = page(client, f"{link}&columns=france")
    head = found.element("matrix")
    assert "Countries sorted by: number 1, Resilience. Sort them by name" in head
    assert "Categories sorted by: France. Put them back in their usual order" in head
    assert {f"{link}#matrix", f"{MATRIX}&columns=france#matrix"} < set(found.links)


def test_the_matrix_can_be_sorted_by_a_form_that_keeps_the_rest(site, db, client):
    found = page(client, f"{MATRIX}&by=group&columns=france").html
    form = found[found.index('action="/categories/#matrix"') :]
    form = form[: form.index("</form>")]
    for name, value in (("section", "eu-priorities"), ("by", "group")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in form
    assert form.count("hidden") == 2
    assert '<option value="france" selected>France</option>' in form


def test_how_many_a_country_has_opens_where_they_stand(site, db, client):
    found = page(client, MATRIX).html
    numbers = re.findall(r'class="number"><a href="(/factsheets/2022/[^"]+)">(\d)', found)
    assert numbers[:2] == [
        ("/factsheets/2022/france/#plan.eu-priorities", "1"),
        ("/factsheets/2022/germany/#plan.eu-priorities", "2"),
    ]
    whole = page(client, "/categories/?section=all")
    assert "/factsheets/2022/france/#policies" in whole.links


def test_each_part_of_the_page_has_a_link_at_its_top(site, db, client):
    assert {"#matrix-title", "#invented-title"} < set(page(client, MATRIX).links)
    whole = page(client, "/categories/?section=all").links
    assert "#counts-eu-priorities.green-economy" in whole
    sorted_ = page(client, "/categories/?section=all&columns=count").links
    assert "#counts-eu-priorities.green-economy" not in sorted_


def test_groups_have_counts_of_their_own(site, db, client):
    found = page(client, f"{MATRIX}&by=group")
    assert "EU member" in found.text
    row = next(part for part in found.html.split("<tr>") if "/resilience/" in part)
    assert "1 25 % 1 1 of 3 0 of 1" in Parsed(row).text


def test_files_hold_a_row_for_each_country_and_category(site, db, client):
    found = rows(client, "/categories.csv?section=eu-priorities")
    assert len(found) == 3 * 5
    (france,) = [r for r in found if r["country"] == "France" and r["category"] == "resilience"]
    assert (france["has"], france["policies"], france["part"]) == ("yes", "plan", "countries")
    assert france["address"].endswith("/factsheets/2022/france/v1/")
    as_json = json.loads(client.get("/categories.json?section=eu-priorities").content)
    assert [row["has"] for row in as_json["rows"]] == [row["has"] for row in found]
    assert client.get("/categories.xlsx").content.startswith(b"PK")


def test_files_say_of_which_day_they_are(site, db, client):
    today = timezone.localdate().isoformat()
    for address, name in FILES:
        response = client.get(f"{address}.csv")
        assert response["Content-Disposition"] == f'attachment; filename="{name}.csv"'
        response = client.get(f"{address}.csv?edition=2022&on={today}")
        assert response["Content-Disposition"] == f'attachment; filename="{name}-{today}.csv"'
        for row in rows(client, f"{address}.csv?on={today}"):
            assert (row["on"], row["latest_publication"]) == (today, today)
        first = rows(client, f"{address}.csv")[0]
        assert [column for column in first if f"`{column}`" not in EXPLAINED] == []
        assert (first["on"], first["country_code"], first["country"]) == ("", "FR", "France")


EXPLAINED = TEXT[TEXT.index("## Categories") :].split("\n## ")[0]
FILES = [
    ("/categories", "categories-2022"),
    ("/categories/eu-priorities/resilience", "eu-priorities-resilience-2022"),
]


@pytest.mark.parametrize("address", ["/categories/", "/categories/eu-priorities/resilience/"])
def test_pages_say_until_when_they_count(site, db, client, address):
    words = f"Counted from what was published until {moment(timezone.localdate())}."
    assert page(client, address).text.count(words) == 2  # invented countries by themselves


def test_a_category_shows_who_has_it_and_who_has_not_and_what_they_write(site, db, client):
    found = page(client, "/categories/eu-priorities/resilience/")
    for id_, words in (("yes", "1 of 4 France"), ("no", "1 of 4 Germany")):
        assert words in found.element(f"{id_}-title")
    assert "1 of 4 Malta" in found.element("no_data-title")
    assert "1 of 4 Switzerland" in found.element("none_exists-title")
    assert "Value chains in Europe." in found.element("yes-title")
    assert "/factsheets/2022/france/#plan.eu-priorities" in found.links


def test_what_is_written_of_evaluations_stands_beside_their_categories(site, db, client):
    found = page(client, "/categories/evaluation/ex-ante/")
    assert "France The Plan Before the start." in found.element("yes-title")


def test_the_file_of_a_category_says_what_each_policy_in_force_says(site, db, client):
    found = rows(client, "/categories/eu-priorities/resilience.csv?edition=2022")
    said = [(row["country"], row["policy"], row["has"], row["part"]) for row in found]
    assert said[:4] == [
        ("France", "plan", "yes", "countries"),
        ("Germany", "plan", "no", "countries"),
        ("Switzerland", "plan", "none_exists", "countries"),
        ("Malta", "plan", "no_data", "countries"),
    ]
    assert {row["part"] for row in found[4:]} == {"demonstration"}
    assert found[0]["text"] == "Value chains in Europe."
    assert found[0]["address"].endswith("/factsheets/2022/france/v1/#plan.eu-priorities")
    shown = page(client, "/categories/eu-priorities/resilience/?edition=2022")
    for kind in ("csv", "xlsx", "json"):
        address = f"/categories/eu-priorities/resilience.{kind}?edition=2022"
        assert address in shown.links
        assert client.get(address).status_code == 200


def test_of_a_day_gone_by_the_versions_have_the_texts(site, db, client):
    address = f"/categories/eu-priorities/resilience/?on={timezone.localdate()}"
    found = page(client, address)
    assert "stands in the versions that the names open" in found.text
    assert "/factsheets/2022/france/v1/#plan.eu-priorities" in found.links
    (france, *_others) = rows(client, address.replace("/?", ".csv?"))
    assert (france["text"], france["language"]) == ("", "")


def test_a_bold_category_leads_to_its_page(site, db, client):
    links = page(client, "/factsheets/2022/france/").links
    assert "/categories/eu-priorities/resilience/?edition=2022" in links


def test_a_category_is_counted_over_the_editions_that_have_it(site, db, client):
    with transaction.atomic():
        edition = Edition.objects.get(year=2022)
        values = {"rubric": edition.rubric, "label": "Q3 2023", "collected_on": "2023-09-30"}
        later = Edition.objects.create(year=2023, publisher="P", licence="L", **values)
        make_publication(
            site.cast, document("FR", reported("green-economy"), edition={"year": 2023})
        )
        found = page(client, "/categories/eu-priorities/resilience/")
        table = found.html[found.html.index('id="years-title"') : found.html.index("</table>")]
        assert "2023 0 1 0 % 2022 1 4 25 %" in Parsed(table).text
        assert "/factsheets/?edition=2022" in Parsed(table).links
        Category.objects.filter(code="resilience").update(since=later)
        refused = page(client, "/categories/eu-priorities/resilience/?edition=2022", 404)
        assert "does not have the category" in refused.text
        assert "/categories/eu-priorities/resilience/?edition=2023" in refused.links
        transaction.set_rollback(True)


REFUSED = [
    ("/categories/?section=atlantis", 400, "Section: “atlantis” is not among the choices."),
    ("/categories/?by=colour", 400, "Grouped by: “colour” is not among the choices."),
    ("/categories/?rows=objectives.none", 400, "is not among the choices"),
    ("/categories/?section=objectives&section=focus", 400, "“Section” is given more than once"),
    ("/categories/?edition=1999", 404, "No factsheet is published in the 1999 edition."),
    ("/categories/eu-priorities/atlantis.csv", 404, "There is no such category."),
    ("/categories/eu-priorities/resilience.csv?kind=broad", 400, "can’t be filtered by “kind”"),
    ("/categories/eu-priorities/resilience.csv?part=demonstration", 400, "“part”"),
    ("/categories.csv?by=kind&kind=broad", 400, "can’t be filtered by “kind”"),
    ("/categories/?on=yesterday", 400, "“yesterday” is no day"),
    ("/categories/?on=2999-01-01", 400, "has not come yet"),
    ("/categories/?on=1999-01-01", 404, "was published on 1999-01-01"),
    ("/categories/objectives/atlantis/", 404, "There is no such category."),
    ("/categories/atlantis/rd/", 404, "There is no such category."),
    ("/categories/atlantis/", 404, "There is no such category."),
]


@pytest.mark.parametrize(("address", "status", "words"), REFUSED)
def test_what_can_not_be_is_refused_with_a_way_out(site, db, client, address, status, words):
    found = page(client, address, status)
    assert words in found.text
    main = found.html[found.html.index("<main") : found.html.index("</main>")]
    assert Parsed(main).links


def test_an_address_cut_short_leads_to_the_section(site, db, client):
    response = client.get("/de/categories/objectives/?edition=2022")
    assert response.status_code == 302
    assert response["Location"] == "/de/categories/?edition=2022&section=objectives"


# The matrix itself


def test_a_tally_keeps_what_is_not_known_apart():
    cells = [Has.YES, Has.NO, Has.NO_POLICY, Has.NO_DATA, Has.NOT_RESEARCHED, Has.REPORTED]
    assert tally(cells) == Tally(having=1, unknown=3, of=6)


def test_a_matrix_of_nothing_is_empty(reference):
    assert matrix_of([], headings(), "kind", "count", "count").rows == []


# Every number opens what it counts


def body_row(found, word):
    """The row of the counts table in which this stands."""
    counts = found.html[found.html.index('class="figures counts"') :]
    return Parsed(next(part for part in counts.split("<tr>") if word in part))


def test_what_is_not_known_opens_the_countries_of_which_it_is_not(site, db, client):
    row = body_row(page(client, MATRIX), "/resilience/")
    link = "/categories/eu-priorities/resilience/?edition=2022"
    assert row.links == [link, f"{link}#yes", f"{link}#no_data"]
    head = page(client, link)
    head = Parsed(head.html[: head.html.index("</header>", head.html.index("<main"))])
    assert head.links[-2:] == ["#yes", "#no_data"]


def test_a_day_is_kept_in_links_of_numbers(site, db, client):
    today = timezone.localdate().isoformat()
    row = body_row(page(client, f"{MATRIX}&by=group&on={today}"), "/resilience/")
    assert len(row.links) == 5
    assert [link for link in row.links if f"on={today}" not in link] == []


def listed(client, link, part="countries"):
    """The countries of a list, as its file has them."""
    response = client.get(link.replace("&amp;", "&").replace("/?", ".json?"))
    return [row["country"] for row in json.loads(response.content)["parts"][part]]


def assert_titles_open_their_countries(client, found):
    """Each band of both matrices, and the column of each group in the table of counts."""
    head = found.html[found.html.index('class="figures counts"') :]
    columns = re.findall(r'"number"><a href="(/factsheets/[^"]+)">', head[: head.index("</thead>")])
    for name, part in (("matrix", "countries"), ("invented", "demonstration")):
        html = found.html[found.html.index(f'id="{name}-caption"') :]
        html = html[: html.index("</table>")]
        bands = re.findall(r'<a class="count" href="([^"]+)">(\d+)</a>', html)
        assert [len(listed(client, link, part)) for link, _count in bands] == [
            int(count) for _link, count in bands
        ]
        assert sum(int(count) for _link, count in bands) == len(listed(client, ALL, part))
        if name == "matrix":
            assert columns == [link for link, _count in bands]
        for link, having in re.findall(r'<td><a href="([^"]+category=[^"]+)">(\d+)', html):
            assert len(listed(client, link, part)) == int(having), link


ALL = "/factsheets/?edition=2022"


def test_of_how_many_countries_is_counted_opens_these(site, db, client):
    found = page(client, MATRIX)
    for words in ("Counted are 4 countries", "Of 4 countries"):
        assert f'<a href="{ALL}">{words}' in found.html
    assert len(listed(client, ALL)) == 4


@pytest.mark.parametrize("by", ["group", "kind"])
def test_counts_of_groups_open_the_countries_that_they_count(site, db, client, by):
    found = page(client, f"{MATRIX}&by={by}")
    counted = 0
    assert_titles_open_their_countries(client, found)
    for category in ("resilience", "digitalisation", "green-economy"):
        row = body_row(found, f"/{category}/")
        for link, having in zip(row.links[3:], re.findall(r"(\d+) of", row.text), strict=True):
            assert len(listed(client, link)) == int(having), link
            counted += int(having)
        assert set(row.links[3:]) <= set(found.links)
    assert counted == 3
