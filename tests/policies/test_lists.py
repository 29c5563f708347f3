"""The lists of factsheets and of policies: filters, counts, pages, files, and bad addresses."""

import csv
import json
import re
from io import BytesIO, StringIO
from types import SimpleNamespace
from urllib.parse import urlencode

import openpyxl
import pytest
from django.core import serializers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.listing import paging, selecting
from policies.models import Country, Edition, Publication
from policies.reference_data import SAMPLE
from policies.workflow import withdraw
from scoring.models import Rubric
from tests.factory import (
    make_cast,
    make_judged,
    make_publication,
    make_scored_document,
    reported,
)
from tests.policies.test_public_pages import Parsed

MEXICAN = "Mexico: Course for an Industrial Policy"
SHEETS, POLICIES = "/factsheets/", "/policies/"


CRITERIA = ("scope", "continuity", "evidence", "support")
NOTHING = {"points": 0, "reason": "Its only policy has ended."}


def sample(name):
    return json.loads((SAMPLE / f"{name}-2022.json").read_text(encoding="utf-8"))


def small(code, year=2022, **policy):
    """A factsheet with one policy that reports research and innovation among its objectives."""
    document = make_scored_document(code, edition={"year": year})
    (plan,) = document["policies"]
    sections = [s for s in plan["sections"] if s["type"] != "objectives"]
    objectives = {"type": "objectives", **reported(*policy.pop("objectives", ["rd"]))}
    document["policies"] = [{**plan, "sections": [objectives, *sections], **policy}]
    return document


@pytest.fixture(scope="module")
def site(lasting):
    """Mexico, Fictavia, and four small factsheets, one of them of a later edition."""
    cast = make_cast()
    rubric = Rubric.objects.get()
    Edition.objects.create(year=2019, label="2019", collected_on="2019-09-30", rubric=rubric)
    documents = [sample("mexico"), sample("fictavia")]
    documents += [
        small("FR", objectives=["rd", "innovation"], names=["=Plan", "Plan Léger"]),
        small("DE", objectives=["innovation"], level="regional", region="Saxony"),
        {
            **small("PL", starting_year=2010, ending_year=2020, period="limited"),
            "maturity": make_judged(dict.fromkeys(CRITERIA, NOTHING)),
        },
        small("FR", 2019),
    ]
    return SimpleNamespace(cast=cast, made=[make_publication(cast, each) for each in documents])


@pytest.fixture
def get(site, db, client):
    def fetch(address, status=200):
        response = client.get(address)
        assert response.status_code == status, response.content.decode()
        return Parsed(response.content.decode())

    return fetch


@pytest.fixture
def listed(site, db, client):
    """The rows of a selection, as JSON gives them by part."""

    def fetch(address):
        path, _mark, query = address.partition("?")
        response = client.get(f"{path.rstrip('/')}.json?{query}")
        assert response.status_code == 200, response.content.decode()
        return json.loads(response.content)["parts"]

    return fetch


def countries(parts):
    return [row["country"] for row in parts["countries"]]


def policies(parts, part="in-force"):
    return [f"{row['country']}: {row['names'][0]}" for row in parts[part]]


# What a filter leaves


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["France", "Germany", "Mexico", "Poland"]),
        ("edition=2019", ["France"]),
        ("edition=all", ["France", "France", "Germany", "Mexico", "Poland"]),
        ("group=third", ["Mexico"]),
        ("group=eu&group=third", ["France", "Germany", "Mexico", "Poland"]),
        ("group=demonstration", []),
        ("total_from=1.5", ["France", "Germany", "Mexico"]),
        ("total_to=1.4", ["Poland"]),
        ("points=scope-0", ["Poland"]),
        ("points=scope-0&points=scope-0.5", ["France", "Germany", "Mexico", "Poland"]),
        ("points=scope-0.5&points=continuity-2", []),
        ("kind=broad", ["France", "Germany", "Mexico"]),
        ("kind=cluster", []),  # Mexico has one, which is an example
        ("level=regional", ["Germany"]),
        ("level=regional&kind=sectoral", []),
        ("category=objectives.rd", ["France", "Mexico"]),  # Poland's policy has ended
        ("category=objectives.rd&category=objectives.innovation", ["France", "Germany", "Mexico"]),
        ("category=objectives.rd&category=objectives.innovation&match=all", ["France", "Mexico"]),
        ("q=nuevo+leon", ["Mexico"]),
        ("q=leger", ["France"]),
        ("q=%22poland%22", ["Poland"]),  # by the country's name
        ("q=zebra", []),
        ("q=the+of", ["France", "Germany", "Mexico", "Poland"]),
        ("sort=-score", ["France", "Germany", "Mexico", "Poland"]),
        ("sort=score", ["Poland", "France", "Germany", "Mexico"]),
        ("utm_source=mail", ["France", "Germany", "Mexico", "Poland"]),
    ],
)
def test_a_filter_leaves_these_countries(listed, query, expected):
    assert countries(listed(f"{SHEETS}?{query}")) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["France: =Plan", "Germany: The Plan", "Mexico: Course for an Industrial Policy"]),
        (
            "sort=name",
            ["France: =Plan", "Mexico: Course for an Industrial Policy", "Germany: The Plan"],
        ),
        ("edition=2019", ["France: The Plan"]),
        ("group=third", ["Mexico: Course for an Industrial Policy"]),
        ("level=regional", ["Germany: The Plan"]),
        ("kind=cluster", []),
        ("q=industrial", [MEXICAN]),
        ("q=nuevo+leon", []),  # which is an example
        ("q=germany", ["Germany: The Plan"]),  # by the country's name
        ("q=germany+zebra", []),
        (
            "category=objectives.new-clusters&category=objectives.rd",
            ["France: =Plan", "Mexico: Course for an Industrial Policy"],
        ),
        ("category=objectives.new-clusters&category=objectives.rd&match=all", [MEXICAN]),
    ],
)
def test_a_filter_leaves_these_policies(listed, query, expected):
    assert policies(listed(f"{POLICIES}?{query}")) == expected


def test_ended_policies_and_examples_stand_apart(listed):
    parts = listed(POLICIES)
    assert policies(parts, "ended") == ["Poland: The Plan"]
    assert policies(parts, "example") == [
        "Mexico: Business and Investment Development Strategy 2014-2020"
    ]


def test_policies_of_invented_countries_stand_apart_whatever_they_are(listed):
    parts = listed(POLICIES)
    assert {row["country"] for row in parts["demonstration"]} == {"Fictavia"}
    others = [row for code, rows in parts.items() if code != "demonstration" for row in rows]
    assert "Fictavia" not in {row["country"] for row in others}


@pytest.mark.parametrize(
    ("query", "headings"),
    [
        ("", ["Demonstration 3", "In force", "Examples 1"]),
        ("part=demonstration", ["Demonstration 3", "In force", "Examples 1"]),
        ("level=national", ["Demonstration 3 of 3", "In force"]),
        ("kind=cluster", ["Demonstration 1 of 3", "In force", "Examples 1 of 1"]),
        ("q=mill+valley", ["Demonstration 0 of 3", "Examples 1 of 1"]),
        ("group=eu", ["Demonstration 0 of 3"]),
    ],
)
def test_of_invented_policies_those_in_force_are_counted_and_others_stand_apart(
    get, query, headings
):
    html = get(f"{POLICIES}?{query}").html
    found = re.findall(r"<h[23].*?</h[23]>", html[html.index('id="demonstration-title"') - 9 :])
    assert [Parsed(each).text for each in found if "Instruments" not in each] == headings


# Counts, chips, and the way out of nothing


def test_counts_have_their_denominators(get):
    page = get(f"{SHEETS}?kind=cluster&kind=sectoral&level=regional&level=national")
    assert "Countries 0 of 4" in page.text
    assert "Demonstration 1 of 1" in page.text


def test_the_denominator_is_of_the_edition(get):
    assert "Countries 1 of 1" in get(f"{SHEETS}?edition=2019&group=eu").text
    assert "Policies in force 1 of 3" in get(f"{POLICIES}?level=regional").text


def test_one_country_on_the_map_is_spoken_of_as_one(get):
    one, several = (get(f"{SHEETS}?edition={year}&colour=kind").text for year in (2019, 2022))
    assert "territories has a factsheet in the 2019" in one
    assert "territories have a factsheet in the 2022" in several


def test_every_total_says_how_much_of_it_was_judged(get):
    assert "1.5 of 8 , of which 0.5 judged" in get(f"{SHEETS}?group=third").text


def test_a_chip_names_a_filter_and_takes_away_just_that(get):
    page = get(f"{SHEETS}?group=eu&group=third&kind=broad")
    assert "Remove the filter Country group: EU member" in page.text
    assert f"{SHEETS}?group=third&kind=broad" in page.links
    assert f"{SHEETS}?group=eu&group=third" in page.links
    assert SHEETS in page.links


def test_several_categories_say_how_they_are_meant(get):
    query = "category=objectives.rd&category=objectives.innovation"
    assert "has any of the 2 categories" in get(f"{POLICIES}?{query}").text
    assert "has all of the 2 categories" in get(f"{POLICIES}?{query}&match=all").text


def test_an_empty_list_says_which_filter_to_loosen_and_what_that_gives(get):
    page = get(f"{SHEETS}?group=third&level=regional")
    assert "Without “Country group” 1 result" in page.text
    assert "Without “Level of policy” 1 result" in page.text
    assert "Without “Kind" not in page.text
    assert f"{SHEETS}?level=regional" in page.links


def test_a_list_that_its_only_filter_empties_says_so(get):
    page = get(f"{SHEETS}?kind=cluster")
    assert "Without “Kind of policy” 4 results" in page.text
    assert "No single filter is to blame" not in page.text


def test_without_a_kind_the_level_is_asked_of_policies_of_any_kind(get):
    page = get(f"{SHEETS}?group=eu&kind=cluster&level=regional")
    assert "Without “Kind of policy” 1 result" in page.text
    assert "Without “Level of policy”" not in page.text


def test_an_empty_list_that_no_single_filter_empties_says_so(get):
    page = get(f"{SHEETS}?group=third&level=regional&total_from=7&q=the")
    assert "No single filter is to blame" in page.text


def test_what_is_chosen_stays_chosen_in_the_form(get):
    page = get(f"{SHEETS}?group=eu&category=objectives.rd&total_from=1&sort=-score")
    chosen = [a["value"] for t, a in page.tags if t == "input" and "checked" in a]
    assert chosen == ["eu", "any", "objectives.rd"]
    assert "-score" in [a["value"] for t, a in page.tags if t == "option" and "selected" in a]


# What is said above a list


def notes(page):
    html = page.html.partition('<ul class="list-notes">')[2].partition("</ul>")[0]
    return Parsed(html)


@pytest.mark.parametrize(
    ("address", "words", "links"),
    [
        (f"{SHEETS}?q=plan", "also in policies that have ended, have not yet", []),
        (f"{POLICIES}?q=plan", "in each policy itself", []),
        (f"{SHEETS}?q=the+of", "stand everywhere, so they filter nothing: the, of.", []),
        (f"{POLICIES}?q=the", "stand everywhere, so they filter nothing: the.", []),
        (f"{SHEETS}?q=*", "no word in “*”", []),
        (f"{POLICIES}?q=the+plan", "Left out, for they stand everywhere: the.", []),
        (f"{POLICIES}?q={'+'.join(f'w{n}' for n in range(30))}", "only its first words", []),
        (f"{SHEETS}?edition=all&kind=broad", "only within one edition", ["2022", "2019"]),
        (
            f"{POLICIES}?points=scope-0&total_from=1&sort=name&kind=broad",
            "knows these, so they filter nothing here: Score from, Points.",
            [
                f"{POLICIES}?kind=broad&sort=name",
                f"{SHEETS}?kind=broad&total_from=1&points=scope-0",
            ],
        ),
        (
            f"{POLICIES}?colour=kind",
            "Colour of the map",
            [POLICIES, f"{SHEETS}?colour=kind"],
        ),
    ],
)
def test_a_list_says_how_it_is_meant_and_what_it_leaves_out(get, address, words, links):
    found = notes(get(address))
    assert words in found.text
    wanted = [f"{SHEETS}?edition={link}&kind=broad" if link[0] == "2" else link for link in links]
    assert found.links == wanted


@pytest.mark.parametrize("address", [SHEETS, POLICIES, f"{POLICIES}?edition=all", f"{SHEETS}?x=1"])
def test_a_list_that_needs_no_words_has_none(get, address):
    assert notes(get(address)).text == ""


@pytest.mark.parametrize("query", ["q=the+of", "q=*", "q=%22+%22"])
def test_a_text_without_a_word_to_look_for_is_no_filter(get, query):
    page = get(f"{SHEETS}?{query}")
    assert "Remove the filter" not in page.text
    assert "Countries 4 " in page.text
    assert f"{SHEETS}?{query.replace('q=*', 'q=%2A')}&colour=kind#map" in page.links


def test_the_next_edition_says_what_of_the_former_it_lacks(site, get):
    year = {"label": "2023", "collected_on": "2023-09-30", "rubric": Rubric.objects.get()}
    Edition.objects.create(year=2023, **year)
    make_publication(site.cast, small("FR", 2023))
    for path in (SHEETS, POLICIES):
        found = notes(get(f"{path}?kind=broad"))
        assert "3 factsheets of the 2022 edition are not in this edition." in found.text
        assert "1 demonstration factsheet of the 2022 edition is not in this edition." in found.text
        assert found.links == [f"{path}?kind=broad&edition=2022"]
        assert notes(get(f"{path}?edition=2023")).links == [f"{path}?edition=2022"]
        assert notes(get(f"{path}?edition=2022")).text == ""


def test_demonstration_factsheets_that_only_another_edition_has_are_pointed_to(site, get):
    year = {"label": "2023", "collected_on": "2023-09-30", "rubric": Rubric.objects.get()}
    Edition.objects.create(year=2023, **year)
    make_publication(site.cast, small("QN", 2023))
    withdraw(site.made[1], by=site.cast["cleo"], reason="A mistake.")
    found = notes(get(SHEETS))
    assert found.text == "Demonstration factsheets are in the 2023 edition. See the 2023 edition"
    assert found.links == [f"{SHEETS}?edition=2023"]


# Pages


@pytest.fixture
def short_pages(monkeypatch):
    monkeypatch.setattr(paging, "SIZE", 2)
    monkeypatch.setattr(selecting, "FEW", 1)


def walked(get, address, word):
    """The links of each page to factsheets, from page to page."""
    pages = []
    while address:
        page = get(address)
        pages.append([link for link in page.links if link.startswith("/factsheets/2")])
        following = [a for tag, a in page.tags if tag == "a" and a.get("rel") == word]
        address = following[0]["href"] if following else None
    return pages


@pytest.mark.parametrize("sort", ["name", "-score", "score", "-date"])
def test_pages_lead_through_every_factsheet_once_and_back(get, short_pages, listed, sort):
    address = f"{SHEETS}?edition=all&part=countries&sort={sort}"
    there = walked(get, address, "next")
    wanted = [f"/factsheets/{row['edition']}/" for row in listed(address)["countries"]]
    assert [link[:17] for page in there for link in page] == wanted
    assert [len(page) for page in there] == [2, 2, 1]
    for _turn in there[1:]:
        address = next(a["href"] for t, a in get(address).tags if a.get("rel") == "next")
    assert walked(get, address, "prev") == there[::-1]


@pytest.mark.parametrize("sort", ["country", "name", "start", "-start"])
def test_pages_lead_through_every_policy_once(get, short_pages, sort):
    found = walked(get, f"{POLICIES}?part=demonstration&sort={sort}", "next")
    assert [len(page) for page in found] == [2, 2]
    assert len({link for page in found for link in page}) == 4


@pytest.mark.parametrize(("sort", "turn"), [("start", 1), ("-start", -1)])
def test_policies_without_a_starting_year_stand_last_either_way(listed, sort, turn):
    rows = listed(f"{POLICIES}?edition=all&sort={sort}")["in-force"]
    years = [row["starting_year"] for row in rows]
    known = [year for year in years if year]
    assert years == sorted(known)[::turn] + [None] * (len(years) - len(known))
    assert known
    assert None in years


def test_the_first_page_shows_a_few_of_the_other_parts_and_leads_to_all(get, short_pages):
    page = get(f"{POLICIES}?edition=2022")
    assert f"{POLICIES}?edition=2022&part=demonstration" in page.links
    shown = [link for link in page.links if link.startswith("/factsheets/2022/fictavia/#")]
    assert len(shown) == 1


def test_a_page_after_a_row_that_has_gone_leads_to_the_first(get):
    page = get(f"{SHEETS}?after=2022-atlantis&sort=score", status=404)
    assert f"{SHEETS}?sort=score" in page.links


# Files


def test_the_three_files_hold_the_same_rows(client, listed):
    query = "edition=all&sort=-score"
    rows = [row for part in listed(f"{SHEETS}?{query}").values() for row in part]
    text = client.get(f"/factsheets.csv?{query}").content.decode("utf-8-sig")
    from_csv = list(csv.DictReader(StringIO(text)))
    book = openpyxl.load_workbook(BytesIO(client.get(f"/factsheets.xlsx?{query}").content))
    header, *cells = book.active.iter_rows(values_only=True)
    from_xlsx = [dict(zip(header, row, strict=True)) for row in cells]
    assert [row["address"] for row in from_csv] == [row["address"] for row in rows]
    assert from_xlsx == rows
    assert [float(row["total"]) for row in from_csv] == [row["total"] for row in rows]


def test_a_file_says_how_much_of_a_score_was_judged_and_where_it_stands_for_good(listed):
    (row,) = listed(f"{SHEETS}?group=third")["countries"]
    assert (row["total"], row["judged_total"], row["maximum"]) == (1.5, 0.5, 8)
    assert (row["support_points"], row["support_basis"]) == (0.5, "judged")
    assert row["address"] == "http://testserver/factsheets/2022/mexico/v1/"


def test_a_name_that_looks_like_a_formula_stays_text(site, client, db):
    text = client.get("/policies.csv?group=eu").content.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert [row["names"] for row in rows if row["country"] == "France"] == ["'=Plan; Plan Léger"]
    book = openpyxl.load_workbook(BytesIO(client.get("/policies.xlsx?group=eu").content))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n"}


def test_a_file_holds_the_categories_by_section(listed):
    (row,) = listed(f"{POLICIES}?level=regional")["in-force"]
    objectives = [use for use in row["categories"] if use["section"] == "objectives"]
    label = "Fostering innovation and strengthening innovation ecosystems"
    assert objectives == [
        {"section": "objectives", "code": "innovation", "label": label, "detail": ""}
    ]


def test_a_selection_links_to_itself_as_a_file(get):
    assert "/factsheets.csv?group=eu" in get(f"{SHEETS}?group=eu&part=countries").links


# Addresses that ask for what there is not


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        (f"{SHEETS}?kind=purple", 400, "Kind of policy: “purple” is not among the choices."),
        (f"{SHEETS}?edition=1999", 404, "1999"),
        (f"{SHEETS}?edition=two", 404, "two"),
        (f"{SHEETS}?edition=2022&edition=2019", 400, "“Edition” more than once"),
        (f"{SHEETS}?sort=name&sort=score", 400, "“Sorted by” more than once"),
        (f"{SHEETS}?colour=kind&colour=total", 400, "“colour” more than once"),
        (f"{SHEETS}?sort=luck", 400, "Sorted by: “luck” is not"),
        (f"{SHEETS}?total_from=many", 400, "Score from: Enter a number."),
        (f"{SHEETS}?total_from=1e999999", 400, "Score from: "),
        (f"{SHEETS}?total_to=-1", 400, "The list without “Score to”"),
        (f"{SHEETS}?category=objectives.gold", 400, "objectives.gold"),
        (f"{SHEETS}?points=scope-7", 400, "scope-7"),
        (f"{SHEETS}?part=nowhere", 400, "Part of the list: “nowhere” is not"),
        (f"{SHEETS}?after=here", 400, "2022-mexico"),
        (f"{SHEETS}?q={'x' * 201}", 400, "200"),
        (f"{SHEETS}?q=a%00b", 400, "Null"),
        (f"{SHEETS}?q={'x' * 8000}", 400, "too long"),
        (f"{POLICIES}?kind=purple", 400, "purple"),
        (f"{POLICIES}?before=2022-mexico", 400, "some-plan"),
        (f"{SHEETS}?colour=red&kind=broad", 400, "Colour of the map: “red” is not among the"),
        ("/factsheets.csv?colour=red", 400, "Colour of the map: “red” is not among the choices."),
        ("/policies.csv?kind=purple", 400, "purple"),
        ("/policies.csv?points=2", 400, "This file can’t be filtered by “points”, so it"),
        ("/policies.json?points=scope-0&judged=yes", 400, "by “points”, “judged”, so it"),
        ("/factsheets.xlsx?age=2&kind=broad", 400, "This file can’t be filtered by “age”, so it"),
        ("/factsheets.json?edition=1999", 404, "1999"),
    ],
)
def test_a_bad_address_is_told_what_to_change(get, address, status, words):
    page = get(address, status=status)
    assert words in page.text
    assert any(link.startswith(("/factsheets/", "/policies/")) for link in page.links)


NAMES = ["q", "edition", "group", "total_from", "points", "kind", "level", "category", "match"]
NAMES += ["sort", "part", "after", "before", "page", ""]
VALUES = ["", "2022", "all", "eu", "scope-2", "cluster", "objectives.rd", "any", "0.5", "name"]
VALUES += ["countries", "2022-mexico", "2022-mexico.plan", "9" * 40, "-1", "NaN", "٣", "1_0"]
WORDS = st.sampled_from(VALUES) | st.text(max_size=30)
PAIRS = st.tuples(st.sampled_from(NAMES) | st.text(max_size=8), WORDS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    path=st.sampled_from([SHEETS, POLICIES, "/factsheets.csv", "/policies.json"]),
    pairs=st.lists(PAIRS, max_size=6),
)
def test_no_address_breaks_a_list(site, db, client, path, pairs):
    query = urlencode(pairs, errors="replace")
    assert client.get(f"{path}?{query}").status_code in (200, 400, 404)


# What changes, and what it costs


@pytest.mark.parametrize("address", [SHEETS, POLICIES, "/factsheets.json"])
def test_a_withdrawal_shows_at_once(site, db, client, address):
    before = client.get(address)
    germany = Publication.objects.get(factsheet__country__code="DE")
    withdraw(germany, by=site.cast["cleo"], reason="A mistake.")
    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert b"Germany" in before.content
    assert b"Germany" not in after.content


def test_a_country_gets_its_new_name_at_once(get):
    get(SHEETS)
    country = Country.objects.get(code="DE")
    country.name = "Allemagne"
    country.save()
    assert "Allemagne" in get(SHEETS).text


def test_a_country_that_came_from_a_file_of_rows_gets_its_new_name_at_once(get):
    get(SHEETS)
    rows = serializers.serialize("json", Country.objects.filter(code="DE"))
    for row in serializers.deserialize("json", rows.replace("Germany", "Allemagne")):
        row.save()
    assert "Allemagne" in get(SHEETS).text


EVERYTHING = "q=plan&group=eu&kind=broad&level=national&category=objectives.rd&edition=all"
QUERIES = ["", EVERYTHING, f"{EVERYTHING}&group=demonstration&level=regional&kind=cluster"]
QUERIES += ["after=2022-france&sort=-date"]


@pytest.mark.parametrize("query", QUERIES)
def test_a_list_takes_at_most_eight_queries_and_then_one(
    site, db, client, query, django_assert_max_num_queries
):
    addresses = [f"{SHEETS}?{query}"]
    addresses += [f"{POLICIES}?{query}"] if "after" not in query else []
    for address in addresses:
        with django_assert_max_num_queries(8):
            assert client.get(address).status_code == 200
        with django_assert_max_num_queries(1):
            assert client.get(address).status_code == 200


def test_a_policy_is_listed_with_all_of_its_names(site, get):
    make_publication(site.cast, small("IT", names=["One", "Two"], objectives=["new-clusters"]))
    page = get(f"{POLICIES}?category=objectives.new-clusters")
    assert "One Two Italy 2022" in page.text
