"""What holds for every public address: it leads on, it costs little, and nothing breaks it."""

import gzip
from collections import Counter
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.data import fill
from policies.pages import Shelf, shelf
from policies.urls import urlpatterns
from tests.factory import make_cast, make_publication, make_scored_document
from tests.policies.test_public_pages import Parsed, sample

MOST = 12  # addresses of one path that differ only in what is asked of it
# Pages in other languages have the same links (`test_languages`).
SKIPPED = ("/admin/", "/static/", "/es/", "/fr/", "/de/")


@pytest.fixture(scope="module")
def site(lasting):
    """Mexico with two versions' worth of addresses, two invented countries, and three others."""
    cast = make_cast()
    for name in ("mexico", "fictavia", "inventoria"):
        make_publication(cast, sample(name))
    for code in ("FR", "DE", "MT"):
        make_publication(cast, make_scored_document(code))


# A crawl


@pytest.mark.once
def test_every_link_of_the_site_leads_somewhere(site, db, client):
    """From the home page on, to every page and every place in a page that a link names."""
    pages, asked, dead = {}, Counter(), []
    waiting = [("/", "the address bar")]
    wanted = []
    while waiting:
        address, source = waiting.pop()
        address, fragment = urldefrag(address)
        wanted.append((address, fragment, source))
        path = urlsplit(address).path
        if address in pages or asked[path] >= MOST or path.startswith(SKIPPED):
            continue
        asked[path] += 1
        response = client.get(address, follow=True)
        if response.status_code != 200:
            dead.append(f"{response.status_code} {address} (linked on {source})")
        is_page = response.headers["Content-Type"].startswith("text/html")
        pages[address] = Parsed(response.content.decode()) if is_page else None
        if is_page:
            links = (urljoin(address, link) for link in pages[address].links)
            waiting += [(_here(link), address) for link in links if _is_here(link)]
    lost = [
        f"{address}#{fragment} (linked on {source})"
        for address, fragment, source in wanted
        if fragment and pages.get(address) and fragment not in pages[address].ids
    ]
    assert dead + sorted(set(lost)) == []
    assert len(pages) > 60


def _is_here(link):
    return urlsplit(link).netloc in ("", "testserver") and urlsplit(link).scheme in ("", "http")


def _here(link):
    return link.removeprefix("http://testserver")


# Costs


# What stands in an address, where the same name means another thing elsewhere.
RD = {"section": "objectives", "code": "rd"}
OWN = {"category": RD, "category_file": RD, "categories_of_section": RD}


def _addresses():
    """One address of each kind, and lists and comparisons that ask for much."""
    values = {"year": 2022, "slug": "mexico", "number": 1, "section": "factsheets"}
    kinds = {"policy_file": "csv", "factsheet_file": "json", "version_citation": "bib"}
    kinds |= {"categories_file": "xlsx", "category_file": "csv", "statistics_file": "json"}
    for pattern in urlpatterns:
        names = pattern.pattern.converters
        known = {**values, **OWN.get(pattern.name, {})}
        given = {name: known.get(name) or kinds[pattern.name] for name in names}
        yield reverse(f"policies:{pattern.name}", kwargs=given)
    yield "/?colour=total"
    yield "/factsheets/?edition=all&sort=-score&kind=broad&category=objectives.rd&q=industrial"
    yield "/policies/?edition=all&sort=name&level=national&category=objectives.rd&q=industrial"
    yield "/compare/?edition=2022&country=mexico"
    yield "/compare/?edition=2022&country=mexico&country=france&country=germany&country=malta"
    yield "/search/?q=industrial+policy&edition=all"
    yield "/search/?q=voucher&part=section"
    yield "/categories/?section=all&by=kind&rows=count&columns=mexico&on=2026-01-01"
    yield "/categories/objectives/rd/?edition=2022"
    yield "/factsheets/2022/mexico/what-if/?course-for-an-industrial-policy.kind=cluster"
    yield "/factsheets/2022/mexico/v9/"
    yield "/factsheets/2022/atlantis/"


def _queries(client, address, monkeypatch):
    monkeypatch.setattr("policies.pages.shelf", Shelf(shelf.size))
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_no_page_takes_more_than_eight_queries_at_any_of_three_sizes(site, db, client, monkeypatch):
    counted = {}
    for size in (6, 30, 90):
        fill(size)
        for address in _addresses():
            counted[size, address] = _queries(client, address, monkeypatch)
            if size == 30 and urlsplit(address).path.endswith("/"):
                counted["de", address] = _queries(client, f"/de{address}", monkeypatch)
    assert {key: count for key, count in counted.items() if count > 8} == {}


# Whatever is asked

TEXTS = ["2022", "2019", "all", "mexico", "france", "fictavia", "atlantis", "EU", "scope-2", "1"]
TEXTS += ["2022-12-31", "2022-13-31", "objectives", "objectives.rd", "differences", "total", "kind"]
TEXTS += ["section", "name", "any", "-1", "0.5"]
TEXTS += ["cluster", "present", "none_exist", "1999"]
TEXTS += ["9" * 30, "٣", "%00", "\x00", "'", '"', "a OR b", "NEAR(", "*", "<b>", "..", "é" * 50]
NAMES = ["edition", "country", "q", "part", "page", "only", "colour", "from", "to", "sort", "kind"]
NAMES += ["section", "by", "rows", "columns", "on"]
NAMES += ["status", "new.1.kind", "new.1.start", "plan.kind", "plan.end", "plan.monitoring"]
NAMES += ["category", "match", "points", "total_from", "after", "before", "level", "group", ""]
PAIRS = st.tuples(st.sampled_from(NAMES), st.sampled_from(TEXTS) | st.text(max_size=20))
PLACES = {
    "year": st.sampled_from([2022, 2019, 1000, 9999]),
    "slug": st.sampled_from(["mexico", "fictavia", "france", "no-such", "2022", "-", "x" * 300]),
    "number": st.sampled_from([1, 2, 999999]),
    "section": st.sampled_from(["factsheets", "site", "objectives", "no-such"]),
    "code": st.sampled_from(["rd", "other", "no-such"]),
}
KINDS = {"policy_file": "csv", "factsheet_file": "xlsx", "version_citation": "ris"}
KINDS |= {"categories_file": "csv", "category_file": "csv", "statistics_file": "csv"}


@st.composite
def asked(draw):
    pattern = draw(st.sampled_from(urlpatterns))
    given = {
        name: draw(PLACES[name]) if name in PLACES else KINDS[pattern.name]
        for name in pattern.pattern.converters
    }
    query = urlencode(draw(st.lists(PAIRS, max_size=9)), errors="replace")
    return f"{reverse(f'policies:{pattern.name}', kwargs=given)}?{query}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=250)
@given(address=asked())
def test_no_address_breaks_the_site(site, db, client, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code in (200, 302, 400, 404, 410)
    assert len(queries) <= 8


@pytest.mark.parametrize("address", ["/", "/factsheets/", "/policies/", "/compare/", "/search/"])
def test_eight_thousand_characters_are_no_danger(site, db, client, address):
    for name in ("q", "country", "category", "colour"):
        assert client.get(f"{address}?{name}={'é' * 4000}").status_code in (200, 400, 404)
    many = urlencode([("country", f"c{number}") for number in range(700)])
    assert client.get(f"{address}?{many}").status_code in (200, 400, 404)


def test_more_parameters_than_django_reads_are_a_bad_request_in_words(site, db, client):
    response = client.get("/factsheets/?" + "&".join(f"a{n}=" for n in range(6000)))
    assert response.status_code == 400
    assert b"<h1>" in response.content


# On the way


@pytest.mark.once
@pytest.mark.parametrize("address", ["/", "/factsheets/", "/factsheets.csv", "/factsheets.atom"])
@pytest.mark.parametrize(
    ("takes", "is_packed"),
    [
        ("gzip, deflate, br", True),
        ("br ,GZip;q=0.5", True),
        ("gzip; q=1.000", True),
        ("", False),
        ("br", False),
        ("gzip;q=0, br", False),
        ("gzip;Q=0.000", False),
        ("x-gzip, gzip2", False),
    ],
)
def test_pages_travel_compressed_to_those_who_take_them_so(
    site, db, client, address, takes, is_packed
):
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": takes})
    assert (packed.headers.get("Content-Encoding") == "gzip") is is_packed
    content = gzip.decompress(packed.content) if is_packed else packed.content
    assert content == plain.content
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]
