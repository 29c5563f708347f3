"""How a version is cited: in words, as BibTeX and RIS, as linked data, and part by part."""

import json
import re
from html import unescape
from types import SimpleNamespace

import pytest
import rispy
from hypothesis import example, given
from hypothesis import strategies as st
from pybtex.database import parse_string

from policies.models import Country, Edition
from policies.presentation import Rights, as_bibtex, as_ris, citation_of, linked_data
from policies.presentation.bibtex import SPELT
from policies.presentation.citation import one_line
from policies.reference_data import SAMPLE
from policies.workflow import withdraw
from tests.factory import make_cast, make_publication

MEXICO, FICTAVIA = "/factsheets/2022/mexico/", "/factsheets/2022/fictavia/"
ECCP, SITE = "European Cluster Collaboration Platform", "Cluster Policy Factsheets"
ADDRESS = "https://factsheets.example/factsheets/2022/mexico/v1/"

DOCUMENT = {
    "country": {"name": "Mexico", "slug": "mexico", "group": Country.Group.THIRD},
    "edition": {"year": 2022},
    "language": "en",
    "version": 1,
    "published_at": "2023-01-31T12:00:00+00:00",
}


def cite(author="", publisher=ECCP, licence="CC BY 4.0", **fields):
    rights = Rights(author, publisher, licence)
    return citation_of({**DOCUMENT, **fields}, rights, "mexico", ADDRESS)


# The sentence


def test_a_citation_names_author_year_title_publisher_day_and_address():
    assert str(cite(author="Ada and Ben")) == (
        "Ada and Ben (2023): Cluster policy factsheet: Mexico 2022, version 1. "
        f"{ECCP}. Published on 31 January 2023. {ADDRESS}"
    )


def test_without_an_author_the_publisher_stands_in_and_is_named_once():
    assert cite().sentence.count(ECCP) == 1
    assert cite().author == ECCP


def test_nothing_invented_is_ascribed_to_those_who_collected_the_facts():
    country = {"name": "Fictavia", "slug": "fictavia", "group": Country.Group.DEMONSTRATION}
    citation = cite(author="Ada", country=country)
    assert (citation.author, citation.publisher, citation.licence) == (SITE, SITE, "")
    assert citation.title.endswith("version 1 [invented for demonstration]")


# BibTeX and RIS, read by programs that know them

texts = st.text(max_size=60)
SIGNS = r"\ { } ~ ^ & % $ # _ \{ }} {\"u} @ = , and é ß 漢"
TAGS = "ER  - \nTY  - DATA\r\nER  -"


def read_bibtex(text):
    """Its one entry; each command that we write is read back as the sign that it stands for."""
    (entry,) = parse_string(text, "bibtex").entries.values()
    return entry


def unspelt(value):
    signs = {spelling: chr(sign) for sign, spelling in SPELT.items()}
    pattern = "|".join(map(re.escape, sorted(signs, key=len, reverse=True)))
    return re.sub(pattern, lambda found: signs[found[0]], value)


@given(author=texts, publisher=texts, licence=texts)
@example(author=SIGNS, publisher=SIGNS, licence=SIGNS)
@example(author=TAGS, publisher=TAGS, licence=TAGS)
@example(author="\\", publisher="\x00", licence="\u2028")
def test_whatever_they_hold_the_fields_come_back_from_bibtex(author, publisher, licence):
    citation = cite(author, publisher, licence)
    entry = read_bibtex(as_bibtex(citation))
    (person,) = entry.persons["author"]
    assert unspelt(str(person)[1:-1]) == citation.author
    assert unspelt(entry.fields["institution"][1:-1]) == citation.publisher
    assert unspelt(entry.fields.get("copyright", "")) == citation.licence


@given(author=texts, publisher=texts, licence=texts)
@example(author=SIGNS, publisher=SIGNS, licence=SIGNS)
@example(author=TAGS, publisher=TAGS, licence=TAGS)
def test_whatever_they_hold_the_fields_come_back_from_ris(author, publisher, licence):
    citation = cite(author, publisher, licence)
    (record,) = rispy.loads(as_ris(citation), newline="\r\n")
    assert record["authors"] == [citation.author]
    assert record["publisher"] == citation.publisher
    assert record.get("notes", [""]) == [citation.licence]


@given(texts)
def test_a_text_of_a_citation_is_one_line(text):
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", one_line(text))


def test_an_entry_of_bibtex_holds_what_it_should():
    entry = read_bibtex(as_bibtex(cite()))
    assert entry.key == "clusterpolicy-mexico-2022-v1"
    assert entry.type == "techreport"
    assert entry.fields["title"] == "{Cluster policy factsheet: Mexico 2022, version 1}"
    assert entry.fields["year"] == "2023"
    assert entry.fields["url"] == ADDRESS


def test_a_record_of_ris_is_one_field_a_line_and_ends():
    lines = as_ris(cite()).split("\r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert lines[0] == "TY  - RPRT"
    assert lines[-2:] == ["ER  - ", ""]


# Linked data


@given(texts)
@example("</script><script>alert(1)</script><!--")
def test_linked_data_stays_data_whatever_a_text_holds(text):
    written = linked_data(DOCUMENT, cite(author=text), text)
    assert not set("<>&") & set(written)
    assert json.loads(written)["description"] == one_line(text)


@pytest.mark.parametrize(
    ("licence", "said"),
    [
        ("https://example.org/by/4.0/", "https://example.org/by/4.0/"),
        ("Ask us.", {"@type": "CreativeWork", "text": "Ask us."}),
    ],
)
def test_a_licence_is_an_address_or_words(licence, said):
    assert json.loads(linked_data(DOCUMENT, cite(licence=licence), ""))["license"] == said


# The pages


@pytest.fixture(scope="module")
def site(lasting):
    """Mexico and an invented country, published once for this file."""
    cast = make_cast()
    names = ("mexico", "fictavia")
    texts = [(SAMPLE / f"{name}-2022.json").read_text(encoding="utf-8") for name in names]
    mexico, _fictavia = [make_publication(cast, json.loads(text)) for text in texts]
    return SimpleNamespace(cast=cast, mexico=mexico)


def data_of(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])


@pytest.mark.parametrize("address", [MEXICO, f"{MEXICO}v1/"])
def test_a_page_says_how_to_cite_its_version(get, address):
    page = get(address)
    cite = page[page.index('id="citation"') :]
    assert f"{ECCP} (" in cite
    assert f'href="http://testserver{MEXICO}v1/"' in cite
    assert f'href="{MEXICO}v1.bib"' in cite
    assert f'href="{MEXICO}v1.ris"' in cite


KEPT = [MEXICO, *(f"{MEXICO}v1{ending}" for ending in ("/", ".bib", ".ris"))]
KEPT += ["/factsheets.atom", "/factsheets/mexico.atom", "/sitemap.xml", "/robots.txt"]
KEPT += ["/sitemap-pages.xml", "/sitemap-factsheets.xml", "/factsheets.json", "/policies.csv"]
KEPT += ["/factsheets/", "/policies/", "/compare/", "/compare/?country=mexico&country=fictavia"]


@pytest.mark.parametrize("address", KEPT)
def test_whatever_name_it_is_asked_by_the_site_has_one(site, db, client, settings, address):
    settings.SITE_URL = "https://factsheets.example"
    asked_by = [client.get(address, headers={"Host": host}) for host in ("testserver", "localhost")]
    first, second = (response.content.decode() for response in asked_by)
    assert first == second
    assert "https://factsheets.example/" in first
    assert "localhost" not in second


@pytest.mark.parametrize("ending", ["/", ".bib", ".ris"])
@pytest.mark.parametrize("field", ["author", "publisher", "licence"])
def test_a_change_of_the_edition_shows_in_the_citation_at_once(get, ending, field):
    address = f"{MEXICO}v1{ending}"
    assert "Someone else" not in get(address)
    edition = Edition.objects.get(year=2022)
    setattr(edition, field, "Someone else")
    edition.save()
    assert "Someone else" in get(address)


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [("bib", "application/x-bibtex"), ("ris", "application/x-research-info-systems")],
)
def test_a_citation_comes_as_a_file_with_a_name(site, db, client, kind, content_type):
    response = client.get(f"{MEXICO}v1.{kind}")
    assert response.headers["Content-Type"] == f"{content_type}; charset=utf-8"
    name = f'attachment; filename="clusterpolicy-mexico-2022-v1.{kind}"'
    assert response.headers["Content-Disposition"] == name


@pytest.mark.parametrize("ending", ["/", ".bib", ".ris", ".json"])
def test_a_withdrawn_version_is_gone_in_each_format_and_says_why(site, get, ending):
    get(f"{MEXICO}v1{ending}")
    withdraw(site.mexico, by=site.cast["cleo"], reason="A wrong year.")
    page = get(f"{MEXICO}v1{ending}", status=410)
    assert "Version 1 of this factsheet was withdrawn" in page
    assert "A wrong year." in page


@pytest.mark.parametrize("address", [f"{MEXICO}v9.bib", "/factsheets/2022/mexiko/v1.ris"])
def test_the_citation_of_what_is_not_there_says_what_is(get, address):
    assert MEXICO in get(address, status=404)


@pytest.mark.parametrize("kind", ["bib", "ris"])
def test_a_citation_takes_few_queries_and_remembered_one(
    site, db, client, kind, django_assert_num_queries
):
    with django_assert_num_queries(2):
        client.get(f"{MEXICO}v1.{kind}")
    with django_assert_num_queries(1):
        client.get(f"{MEXICO}v1.{kind}")


def test_an_invented_country_is_cited_as_invented(get):
    page = get(FICTAVIA)
    cite = page[page.index('id="citation"') : page.index('id="colophon"')]
    assert f"{SITE} (" in cite
    assert "[invented for demonstration]" in cite
    assert ECCP not in cite
    assert ECCP not in get(f"{FICTAVIA}v1.ris")
    assert ECCP not in json.dumps(data_of(page))


@pytest.mark.parametrize("ending", ["/", ".bib", ".ris"])
def test_a_real_country_is_not_cited_with_words_on_invented_ones(get, ending):
    assert "wording remains theirs" in get(f"{MEXICO}v1{ending}")
    assert "invented" not in get(f"{MEXICO}v1{ending}")


def test_each_cell_text_and_source_has_a_permanent_address(site, get):
    links = dict(re.findall(r'class="permalink" href="([^"]+)" aria-label="([^"]+)"', get(MEXICO)))
    document, at = site.mexico.document, f"{MEXICO}v1/#"
    cells = {f"{p['code']}.{s['type']}" for p in document["policies"] for s in p["sections"]}
    criteria = {criterion["code"] for criterion in document["maturity"]["criteria"]}
    sources = {f"ref-{reference['key']}" for reference in document["references"]}
    assert {f"{at}{anchor}" for anchor in cells | criteria | sources | {"introduction"}} <= set(
        links
    )
    course = f"{at}{document['policies'][0]['code']}"
    name = document["policies"][0]["names"][0]
    assert links[f"{course}.objectives"] == f"Link to this cell: Policy objectives, {name}"
    assert links[f"{course}.budget.annual"] == f"Link to this cell: Budget: Annual, {name}"


PAIR = "country=mexico&country=fictavia"
HEADS = [
    ("/factsheets/", "/factsheets/"),
    ("/policies/?edition=2022&utm=x", "/policies/?edition=2022"),
    ("/factsheets/?colour=total", "/factsheets/"),
    ("/factsheets/?group=third", None),
    ("/policies/?sort=name", None),
    ("/factsheets/?part=demonstration&after=2022-fictavia", None),
    (f"/compare/?{PAIR}&only=differences", f"/compare/?edition=2022&{PAIR}"),
    ("/compare/?edition=2022&country=mexico&utm=x", "/compare/?edition=2022&country=mexico"),
]


@pytest.mark.parametrize(("address", "canonical"), HEADS)
def test_a_list_or_comparison_is_found_under_one_address_or_not_at_all(get, address, canonical):
    page = unescape(get(address))
    found = re.findall('<link rel="canonical" href="http://testserver([^"]*)">', page)
    assert found == ([canonical] if canonical else [])
    assert ('<meta name="robots" content="noindex">' in page) is (canonical is None)
    assert '<meta property="og:url" content="http://testserver/' in page


def test_linked_data_says_what_the_page_is(get):
    data = data_of(get(MEXICO))
    assert data["@type"] == "Dataset"
    assert data["url"] == f"http://testserver{MEXICO}v1/"
    assert data["creator"]["name"] == data["publisher"]["name"] == ECCP
    assert data["temporalCoverage"] == "2022"
    assert data["spatialCoverage"] == {"@type": "Country", "name": "Mexico"}
    assert data["distribution"][0]["contentUrl"] == f"http://testserver{MEXICO}v1.json"


@pytest.mark.parametrize("address", [MEXICO, f"{MEXICO}v1/"])
def test_a_page_introduces_itself_to_those_who_link_to_it(get, address):
    page = get(address)
    for name, words in {
        "og:title": "Mexico 2022",
        "og:type": "article",
        "og:url": f"http://testserver{address}",
        "og:site_name": SITE,
    }.items():
        assert f'<meta property="{name}" content="{words}">' in page
    assert 'property="og:description" content="Cluster policy, Mexico: ' in page


@pytest.mark.parametrize("address", ["/", "/factsheets/", "/about/", "/methodology/2022/"])
def test_every_page_introduces_itself(get, address):
    page = get(address)
    title = re.search("<title>(.*?) · ", page)[1]
    assert f'<meta property="og:title" content="{title}">' in page
    assert '<meta property="og:type" content="website">' in page
