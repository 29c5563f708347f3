"""What readers get at every public address, read through the addresses themselves."""

import json
from collections import Counter
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection
from django.views.defaults import server_error

from policies.models import Country, Edition, Publication, SectionType
from policies.pages import Shelf
from policies.reference_data import SAMPLE
from policies.workflow import approve, publish, submit, withdraw
from scoring.models import Criterion, Level, Rubric
from scoring.rules import RULES
from tests.factory import (
    make_cast,
    make_factsheet,
    make_publication,
    make_scored_document,
    make_unused,
)

MEXICO = "/factsheets/2022/mexico/"
COURSE, NUEVO_LEON = "course-for-an-industrial-policy", "nuevo-leon-strategic-plan"
OTHERS = ("FR", "DE", "ES", "IT", "PL")
DATA = ("application/json", "application/ld+json")  # types of scripts that nothing runs


def make_edition(year):
    """An edition of the one rubric there is, in which nothing is published."""
    fields = {"label": str(year), "collected_on": f"{year}-09-30", "rubric": Rubric.objects.get()}
    return Edition.objects.create(year=year, **fields)


class Parsed(HTMLParser):
    """The words, ids, links and tags of a page."""

    def __init__(self, html):
        super().__init__()
        self.html, self.words, self.ids, self.links, self.tags = html, [], [], [], []
        self.feed(html)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])

    def handle_data(self, data):
        self.words.append(data)

    def element(self, id_):
        """The words of the element with this id, up to the next element with one."""
        start = self.html.index(f'id="{id_}"')
        end = self.html.find(' id="', start + 1)
        return Parsed("<p " + self.html[start : end if end > 0 else None]).text


def sample(name):
    return json.loads((SAMPLE / f"{name}-2022.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def site(lasting):
    """Mexico, two invented countries and five small factsheets, published once for this file."""
    cast = make_cast()
    documents = [sample(name) for name in ("mexico", "fictavia", "inventoria")]
    documents += [make_scored_document(code) for code in OTHERS]
    published = [make_publication(cast, document) for document in documents]
    return SimpleNamespace(cast=cast, mexico=published[0])


@pytest.fixture
def get(site, db, client):
    """Fetch an address and read it."""

    def fetch(address, status=200):
        response = client.get(address)
        assert response.status_code == status
        return Parsed(response.content.decode())

    return fetch


@pytest.fixture
def document(site, db):
    return site.mexico.document


@pytest.fixture
def page(get):
    return get(MEXICO)


@pytest.fixture
def second_version(site, db):
    """Mexico again, with another introduction."""
    section = site.mexico.factsheet.sections.get(type__code="introduction")
    section.text = "Told anew."
    section.save()
    section.refresh_from_db()
    submit(section, by=site.cast["ada"], kind="wording_only")
    section.refresh_from_db()
    approve(section, by=site.cast["ben"])
    return publish(site.mexico.factsheet, by=site.cast["cleo"], note="A new introduction.")


# The factsheet: its parts


def test_a_page_has_one_heading_of_the_first_rank_and_it_stands_in_main(page):
    tags = [tag for tag, _attributes in page.tags]
    assert tags.count("h1") == 1
    assert tags.index("main") < tags.index("h1")


def test_ids_are_unique_and_every_link_inside_the_page_leads_somewhere(page):
    assert [id_ for id_, count in Counter(page.ids).items() if count > 1] == []
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert inside - set(page.ids) == set()


def test_the_page_has_nothing_that_its_security_policy_would_block(page):
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        if tag == "script":
            assert attributes.get("src") or attributes["type"] in DATA


def test_key_facts_say_score_judged_part_type_policies_and_edition(page):
    assert "1.5 of 8 , of which 0.5 judged" in page.text
    assert "Policy type Broad policy" in page.text
    assert "Policies described 1 in force , 1 example" in page.text
    assert "Edition 2022 version 1" in page.text


def test_the_introduction_says_whom_the_page_retells(page):
    assert "retells" in page.element("introduction-title")
    assert "ECCP (2022)" in page.element("introduction-title")


def test_every_cell_of_the_policy_table_has_its_address(page, document):
    cells = {f"{p['code']}.{s['type']}" for p in document["policies"] for s in p["sections"]}
    assert len(cells) == 22
    assert cells | {f"{COURSE}.heading", f"{NUEVO_LEON}.heading"} <= set(page.ids)


def test_every_category_stands_in_its_cell_with_its_detail(page, document):
    for policy in document["policies"]:
        for section in policy["sections"]:
            cell = page.element(f"{policy['code']}.{section['type']}")
            assert all(category["label"] in cell for category in section["categories"])
    assert "Other: Nature" in page.element(f"{COURSE}.beneficiaries")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (f"{NUEVO_LEON}.history", "Limited period"),
        (f"{NUEVO_LEON}.history.ending-year", "2030"),
        (f"{NUEVO_LEON}.history.starting-year", "2015"),
        (f"{NUEVO_LEON}.history.running-since", "2004"),
        (f"{COURSE}.history", "Unlimited period"),
        (f"{COURSE}.history.ending-year", "Not applicable"),
        (f"{COURSE}.history.running-since", "No earlier year is stated"),
        (f"{COURSE}.financial-instruments", "No data available"),
        (f"{COURSE}.budget", "No data available"),
        (f"{COURSE}.budget.annual", "No data available"),
        (f"{COURSE}.evaluation", "Ex-ante"),
        (f"{NUEVO_LEON}.evaluation", "In-itinere"),
    ],
)
def test_a_line_of_a_section_says_its_fact_or_which_nothing_it_is(page, cell, words):
    assert words in page.element(cell)


def test_the_lines_of_the_table_stand_in_the_order_of_the_source(page):
    rows = page.text[page.text.index("Table 1") :]
    order = [
        "Policy objectives",
        "Policy focus",
        "Responsible authorities",
        "Beneficiaries",
        *("Instruments : Financial", "Instruments : Technical assistance"),
        "Instruments : Explanation",
        *("History : Period", "History : Ending year", "History : Starting year"),
        "History : Explanation",
        *("Budget : Overall", "Budget : Annual", "Budget : Source of funding"),
        *("Policy evaluation : Availability", "Policy evaluation : Results"),
        "EU priorities",
    ]
    places = [rows.index(line) for line in order]
    assert places == sorted(places)


def test_a_long_explanation_folds_and_is_in_the_page_all_the_same(page, document):
    section = document["policies"][1]["sections"][0]
    assert ("details", {"class": "more"}) in page.tags
    assert section["html"][-60:] in page.html


def test_the_head_of_a_policy_marks_an_example_and_its_footnote(page):
    head = page.element(f"{NUEVO_LEON}.heading")
    assert "Cluster policy, regional: Nuevo León" in head
    assert "Example , not scored" in head
    assert "#fn-1" in page.links


def test_the_original_name_claims_no_language_and_the_official_page_is_linked(page, document):
    course = document["policies"][0]
    assert ("p", {"class": "original", "lang": "", "translate": "no"}) in page.tags
    assert course["original_name"] in page.text
    assert course["url"] in page.links


def test_the_maturity_table_has_all_levels_and_marks_the_reached_ones_in_words(page, document):
    table = page.text[page.text.index("Table 2") : page.text.index("Figure 1")]
    for criterion in document["maturity"]["criteria"]:
        assert all(level["label"] in table for level in criterion["levels"])
    assert table.count("reached:") == 4
    assert table.count("✓") == 4
    assert "Total of which 0.5 judged 8 1.5" in table


def test_the_radar_has_the_numbers_of_the_table_and_a_sentence_in_words(page):
    start = page.html.index(">", page.html.index('id="radar-data"')) + 1
    radar = json.loads(page.html[start : page.html.index("</script>", start)])
    assert radar["points"] == [0.5, 0, 0.5, 0.5]
    assert radar["maximum"] == 2
    assert "Mexico scores 0.5 of 2 for policy scope, 0 of 2 for continuity" in page.text


def test_the_derived_level_stands_beside_the_judged_one_with_both_reasons(page, document):
    support = document["maturity"]["criteria"][3]
    verdict = page.element("support-title")
    assert "Derived from the facts No level follows" in verdict
    assert support["derived"]["reasons"][0]["text"] in verdict
    assert f"Judged 0.5 {support['judged']['reason']}" in verdict


def test_the_text_of_each_criterion_is_there(page, document):
    for criterion in document["maturity"]["criteria"]:
        assert criterion["html"] in page.html


def test_footnotes_run_through_and_lead_back(page, document):
    assert [note["number"] for note in document["footnotes"]] == [1, 2]
    assert {"fn-1", "fn-2", "fnref-1", "fnref-2"} <= set(page.ids)
    assert {"#fnref-1", "#fnref-2"} <= set(page.links)


def test_the_bibliography_has_working_links_and_days_of_access(page, document):
    entries = page.text[page.text.index("Bibliography European") :]
    assert len(document["references"]) == 20
    for reference in document["references"]:
        assert reference["title"] in entries
        assert reference["url"] in page.links
    assert "accessed 20 December 2022" in entries


def test_a_cited_source_links_to_its_citations(page, document):
    cited = [reference for reference in document["references"] if reference["cited_by"]]
    assert len(cited) == 2
    for reference in cited:
        assert f"#ref-{reference['key']}" in page.links
        assert f"#{reference['cited_by'][0]['anchor']}" in page.links


def test_the_annex_gives_every_level_in_the_wording_of_the_annex(page, document):
    annex = page.text[page.text.index("Annex: the scoring system") :]
    for criterion in document["maturity"]["criteria"]:
        assert criterion["description"] in annex
        assert all(level["annex_label"] in annex for level in criterion["levels"])


def test_tables_and_figures_name_their_source_and_what_the_score_is_not(page):
    assert page.text.count("Source: ECCP (2022)") == 4
    assert "It does not reflect the performance of the country" in page.text


def test_the_lead_ins_of_the_reference_tables_introduce_their_parts(get):
    SectionType.objects.filter(code="heading").update(lead_in="Columns are policies.")
    assert "Columns are policies." in get(MEXICO).text


def test_the_lead_in_of_a_section_that_the_factsheet_does_not_have_is_left_out(get):
    narrowings = [
        {"country_groups": ["eu"]},
        {"since": make_edition(2030)},
        {"until": make_edition(2020)},
    ]
    for narrow in narrowings:
        whole = {"country_groups": [], "since": None, "until": None}
        SectionType.objects.filter(code="heading").update(lead_in="Not ours.", **whole | narrow)
        assert "Not ours." not in get(MEXICO).text


def test_the_lead_in_of_the_first_section_that_the_factsheet_has_is_shown(get):
    SectionType.objects.filter(code="heading").update(country_groups=["eu", "european"])
    SectionType.objects.filter(code="focus").update(
        lead_in="Of third countries.", country_groups=["eu", "third"]
    )
    assert "Of third countries." in get(MEXICO).text


def test_the_colophon_says_what_of_the_page_may_change(page):
    assert "whose content never changes" in page.element("colophon-title")
    assert "Headings, lead-ins" in page.element("colophon-title")


def test_the_note_of_a_country_stands_under_its_name_and_is_up_to_date(get):
    get(MEXICO)
    Country.objects.filter(code="MX").update(note="A note <on> its status.")
    assert "Mexico A note <on> its status. Cluster policy factsheet" in get(MEXICO).text
    assert 'class="country-note"' not in get("/factsheets/2022/france/").html


def test_a_real_country_carries_no_banner_and_an_invented_one_does(get, page):
    assert "invented country" not in page.text
    invented = get("/factsheets/2022/fictavia/")
    assert "Fictavia is an invented country" in invented.text
    assert "Source: invented for demonstration" in invented.text


def test_more_than_three_policies_scroll_sideways_with_a_name_for_the_keyboard(get, page):
    region = {
        "class": "wide",
        "role": "region",
        "aria-labelledby": "policies-caption",
        "tabindex": "0",
    }
    assert ("div", region) in get("/factsheets/2022/fictavia/").tags
    assert ("div", region) not in page.tags


def test_a_country_without_policies_says_that_none_exists(get):
    page = get("/factsheets/2022/inventoria/")
    assert "this was researched, and none exists" in page.text
    assert "Policies described None exists" in page.text


# Versions


def test_the_document_is_served_as_it_was_frozen(site, db, client):
    response = client.get("/factsheets/2022/mexico.json")
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert response.json() == site.mexico.document


def test_a_version_has_a_permanent_address_that_its_page_names(page, get):
    address = "http://testserver/factsheets/2022/mexico/v1/"
    assert address in page.links
    assert get(address).element("introduction-title") == page.element("introduction-title")


def test_an_older_version_stays_and_says_that_a_newer_exists(second_version, get):
    old = get(f"{MEXICO}v1/")
    assert "Read the newer version 2" in old.text
    assert f"{MEXICO}v2/" in old.links
    assert "retells" in old.element("introduction-title")
    assert "Told anew." in get(MEXICO).element("introduction-title")
    assert "A new introduction." in get(MEXICO).text


def test_every_version_is_there_as_data_for_good(site, second_version, client):
    assert client.get(f"{MEXICO}v1.json").json() == site.mexico.document
    assert client.get(f"{MEXICO}v2.json").json() == second_version.document
    assert client.get(f"{MEXICO}v9.json").status_code == 404
    withdraw(second_version, by=site.cast["cleo"], reason="A wrong year.")
    assert client.get(f"{MEXICO}v2.json").status_code == 410


def test_an_unknown_version_names_the_versions_that_exist(get):
    page = get(f"{MEXICO}v9/", status=404)
    assert "has no version 9" in page.text
    assert f"{MEXICO}v1/" in page.links


def test_a_withdrawn_version_keeps_its_address_with_a_plain_notice(site, second_version, get):
    withdraw(second_version, by=site.cast["cleo"], reason="A wrong year.")
    page = get(f"{MEXICO}v2/", status=410)
    assert "was withdrawn on" in page.text
    assert "A wrong year." in page.text
    assert "Told anew." not in page.text


def test_a_factsheet_whose_current_version_is_withdrawn_says_so(site, second_version, get, client):
    withdraw(second_version, by=site.cast["cleo"], reason="A wrong year.")
    assert "was withdrawn on" in get(MEXICO, status=410).text
    assert client.get("/factsheets/2022/mexico.json").status_code == 410
    assert MEXICO not in get("/factsheets/").links


# Lists


def test_the_list_keeps_countries_and_demonstration_apart(get):
    page = get("/factsheets/")
    countries, demonstration = page.text.split("Demonstration 2", 1)
    assert "Countries 6" in countries
    assert "Fictavia" not in countries
    assert "Mexico" not in demonstration


def test_the_list_says_how_much_of_a_score_is_judged(get):
    assert "1.5 of 8 , of which 0.5 judged" in get("/factsheets/").text


def test_an_edition_without_factsheets_names_those_that_have_some(get):
    page = get("/factsheets/?edition=1999", status=404)
    assert "No factsheet is published in the 1999 edition" in page.text
    assert "/factsheets/?edition=2022" in page.links


def test_the_first_page_counts_real_and_invented_countries_apart(get):
    real, invented = get("/").text.split("Key figures of the demonstration 2022", 1)
    assert "0 of 6" in real
    assert "of 2" not in real.split("Key figures 2022", 1)[1].split("Demonstration", 1)[0]
    assert "1 of 2" in invented


def test_the_first_page_shows_only_the_latest(get, monkeypatch):
    monkeypatch.setattr("policies.views.home.LATEST", 2)
    html = get("/").html
    cards = Parsed(html[html.index('id="latest-title"') : html.index('id="countries-figures')])
    assert "/factsheets/2022/poland/" in cards.links
    assert MEXICO not in cards.links


def test_cards_count_the_policies_in_force_and_name_the_others_apart(site, get):
    for name in ("mockovia", "samplonia"):
        make_publication(site.cast, sample(name))
    cards = get("/").text
    for country, policies in {
        "Mexico": "1 in force, 1 example",
        "Fictavia": "3 in force, 1 example",
        "Mockovia": "2 in force, 1 ended",
        "Samplonia": "1 in force, 1 not yet started",
        "Inventoria": "None exists",
    }.items():
        card = cards.partition(f"{country} 2022 ")[2].partition(" 2022 ")[0]
        assert f"Policies {policies}" in card


def test_a_card_has_the_name_of_its_country_today(get):
    get("/")
    Country.objects.filter(code="MX").update(name="United Mexican States")
    assert "United Mexican States 2022" in get("/").text


@pytest.mark.parametrize("address", [MEXICO, f"{MEXICO}v1/"])
def test_a_factsheet_keeps_the_name_it_was_published_under_and_says_todays(get, address):
    assert "is called" not in get(address).text
    Country.objects.filter(code="MX").update(name="United <Mexican> States")
    page = get(address).text
    assert "Published as “Mexico”; the country is called “United <Mexican> States”" in page
    assert "on this site today." in page
    assert page.startswith("Mexico 2022")


def test_a_demonstration_of_a_later_year_leaves_the_key_figures_of_countries_alone(site, get):
    make_edition(2024)
    make_publication(site.cast, make_scored_document("QM", edition={"year": 2024}))
    page = get("/")
    assert "Key figures 2022" in page.text
    assert "Key figures of the demonstration 2024" in page.text
    assert "of 0" not in page.text


def test_a_demonstration_of_a_later_year_is_meant_nowhere_unless_it_is_named(site, get, client):
    make_edition(2024)
    make_publication(site.cast, make_scored_document("QM", edition={"year": 2024}))
    assert client.get("/methodology/").headers["Location"] == "/methodology/2022/"
    for address in ("/factsheets/", "/policies/", "/compare/"):
        assert "2022" in get(address).text.split("·")[0]
    chosen = [a["value"] for t, a in get("/search/").tags if t == "option" and "selected" in a]
    assert chosen[0] == "2022"


def test_a_country_whose_address_changed_is_linked_at_the_new_one(get):
    get("/")
    get("/factsheets/")
    Country.objects.filter(code="MX").update(slug="mexiko")
    for address in ("/", "/factsheets/"):
        assert "/factsheets/2022/mexiko/" in get(address).links
        assert MEXICO not in get(address).links
    page = get("/factsheets/2022/mexiko/")
    assert "/factsheets/2022/mexiko.json" in page.links
    assert "mexico.json" not in page.html


def test_a_site_without_factsheets_says_so(site, get):
    for publication in Publication.objects.all():
        withdraw(publication, by=site.cast["cleo"], reason="All a mistake.")
    assert "No factsheet of a country is published yet" in get("/").text
    assert "No factsheet is published yet" in get("/factsheets/").text


# What is not there


def test_an_unknown_country_names_those_of_the_edition(get):
    page = get("/factsheets/2022/mexiko/", status=404)
    assert "No country “mexiko” is published in the 2022 edition" in page.text
    assert MEXICO in page.links


def test_a_country_of_another_edition_is_pointed_to(get):
    page = get("/factsheets/2021/mexico/", status=404)
    assert "Mexico has no factsheet in the 2021 edition" in page.text
    assert MEXICO in page.links


def test_an_unknown_edition_names_those_that_exist(get):
    assert "/factsheets/?edition=2022" in get("/factsheets/1999/atlantis/", status=404).links


@pytest.mark.parametrize(
    "address",
    [
        "/factsheets/99999999999999999999999/mexico/",
        "/factsheets/99999999999999999999999/mexico.json",
        "/factsheets/02022/mexico/",
        "/factsheets/2022/mexico/v99999999999999999999999/",
        "/factsheets/2022/mexico/v01/",
        "/methodology/99999999999999999999999/",
        "/methodology/02022/",
    ],
)
def test_a_year_has_four_digits_and_a_version_few(get, address):
    assert "Nothing is at this address" in get(address, status=404).text


def test_a_draft_is_not_public(site, db, client):
    make_factsheet("SE")
    assert client.get("/factsheets/2022/sweden/").status_code == 404
    assert client.get("/factsheets/2022/sweden.json").json()["error"]


def test_any_other_address_says_where_to_look(get):
    page = get("/nothing/here/", status=404)
    assert "/factsheets/" in page.links


def test_a_failure_says_so_without_the_database(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    response = server_error(request)
    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()


# The method


def test_the_method_walks_every_criterion_level_and_rule(get):
    page = get("/methodology/2022/")
    for criterion in Criterion.objects.filter(rubric__edition__year=2022):
        assert criterion.title in page.text
        assert criterion.description in page.text
    for level in Level.objects.filter(criterion__rubric__edition__year=2022):
        assert level.label in page.text
        assert level.annex_label in page.text
        assert " ".join(RULES[level.rule].guidance.split()) in page.text


def test_the_method_names_its_known_gap_and_its_principles(get):
    page = get("/methodology/2022/")
    assert RULES["support.technical_elsewhere"].guidance in page.text
    for words in ("What counts", "Unknown is not zero", "Derived and judged"):
        assert words in page.text


def test_the_method_shows_an_edit_of_the_rubric_at_once(get):
    get("/methodology/2022/")
    make_unused()
    level = Level.objects.get(rule="scope.broad")
    level.annex_label = "broader policies only"
    level.save()
    assert "broader policies only" in get("/methodology/2022/").text


def test_the_method_of_an_unknown_edition_names_the_others(get):
    page = get("/methodology/1999/", status=404)
    assert "/methodology/2022/" in page.links


def test_the_method_without_a_year_is_that_of_the_latest_edition_with_a_factsheet(site, db, client):
    make_edition(2030)
    assert client.get("/methodology/").headers["Location"] == "/methodology/2022/"


def test_the_method_without_a_year_and_factsheets_is_that_of_the_latest_edition(site, db, client):
    for publication in Publication.objects.all():
        withdraw(publication, by=site.cast["cleo"], reason="All a mistake.")
    make_edition(2030)
    assert client.get("/methodology/").headers["Location"] == "/methodology/2030/"


def test_the_principles_tell_pooled_evaluations_from_whose_instruments_they_are(get):
    words = "for instruments it matters only whether a cluster policy or another one has them"
    assert words in get("/methodology/2022/").element("principles-title")


# Validators, queries, readers

PAGES = ["/", "/factsheets/", MEXICO, f"{MEXICO}v1/", "/factsheets/2022/mexico.json"]
PAGES += ["/factsheets/2022/fictavia/", "/methodology/2022/", "/about/"]
each_page = pytest.mark.parametrize("address", PAGES)


@each_page
def test_a_page_never_takes_more_than_six_queries(
    site, db, client, address, django_assert_max_num_queries
):
    with django_assert_max_num_queries(6):
        client.get(address)


@pytest.mark.parametrize("address", [*PAGES[:6], "/about/"])
def test_a_remembered_page_takes_one_query(
    site, db, client, address, django_assert_max_num_queries
):
    client.get(address)
    with django_assert_max_num_queries(1):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address", [f"{MEXICO}v9/", "/factsheets/2022/mexiko/", "/factsheets/1999/atlantis/", "/no/"]
)
def test_a_missing_page_takes_few_queries(site, db, client, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        assert client.get(address).status_code == 404


@each_page
def test_a_reader_who_has_the_page_is_told_so(site, db, client, address):
    response = client.get(address)
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == response.headers["ETag"]


@pytest.mark.parametrize("address", ["/", "/factsheets/", MEXICO, f"{MEXICO}v1/"])
def test_a_new_version_changes_the_validator(site, db, client, address, request):
    before = client.get(address).headers["ETag"]
    request.getfixturevalue("second_version")
    assert client.get(address).headers["ETag"] != before


def test_a_new_release_changes_the_validator(site, db, client, settings):
    before = client.get(MEXICO).headers["ETag"]
    settings.RELEASE = "another"
    assert client.get(MEXICO).headers["ETag"] != before


def test_the_shelf_forgets_the_page_that_was_read_longest_ago():
    small, made = Shelf(2), []
    for key in ("a", "b", "a", "c", "a", "b"):
        small.take((key,), "1", lambda key=key: made.append(key) or key)
    assert made == ["a", "b", "c", "b"]


@each_page
def test_who_reads_changes_nothing_and_leaves_no_trace(site, db, client, address):
    alone = client.get(address)
    client.force_login(site.cast["cleo"])
    signed_in = client.get(address)
    assert signed_in.content == alone.content
    assert not signed_in.cookies
    assert "Cookie" not in signed_in.headers.get("Vary", "")


@each_page
def test_a_public_page_can_only_be_read(site, db, client, address):
    assert client.post(address).status_code == 405


def test_the_address_of_a_publication_and_of_its_factsheet_are_these(site, db):
    assert site.mexico.get_absolute_url() == f"{MEXICO}v1/"
    assert site.mexico.factsheet.get_absolute_url() == MEXICO


# For machines


def test_alive_asks_nothing_of_the_database(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]


def test_ready_asks_the_database(db, client):
    assert client.get("/readyz").status_code == 200


def test_ready_says_plainly_that_the_database_does_not_answer(client, monkeypatch):
    def fail():
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", fail)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content == b"The site is running, but its database does not answer.\n"


def test_robots_are_kept_from_the_admin_only(client):
    words = b"User-agent: *\nDisallow: /admin/\n\nSitemap: http://testserver/sitemap.xml\n"
    assert client.get("/robots.txt").content == words
