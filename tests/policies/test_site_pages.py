"""What the site says about itself, to machines and to people; and where wrong addresses lead."""

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client, override_settings
from django.utils.timezone import now

from policies import contact
from policies.models import Edition
from policies.reference_data import SAMPLE
from policies.sitemaps import Factsheets
from policies.workflow import withdraw
from scoring.models import Rubric
from tests.factory import make_cast, make_publication, make_scored_document

MEXICO = "/factsheets/2022/mexico/"
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
LANGUAGES = {"en": "", "es": "/es", "fr": "/fr", "de": "/de"}
SECURITY = "/.well-known/security.txt"
PERSON = "security@factsheets.example"


@pytest.fixture(scope="module")
def site(lasting):
    """Mexico and France, and France of a later edition, published once for this file."""
    cast = make_cast()
    fields = {"label": "2024", "collected_on": "2024-09-30", "rubric": Rubric.objects.get()}
    Edition.objects.create(year=2024, **fields)
    mexico = json.loads((SAMPLE / "mexico-2022.json").read_text(encoding="utf-8"))
    documents = [
        mexico,
        make_scored_document("FR"),
        make_scored_document("FR", edition={"year": 2024}),
    ]
    published = [make_publication(cast, document) for document in documents]
    return SimpleNamespace(cast=cast, mexico=published[0])


# Short addresses


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/factsheets/2022/", "/factsheets/?edition=2022"),
        ("/factsheets/mexico/", MEXICO),
        ("/factsheets/france/", "/factsheets/2024/france/"),
    ],
)
def test_a_short_address_leads_on(site, db, client, address, place):
    assert client.get(address).headers["Location"] == place


def test_a_country_without_a_factsheet_is_missing(site, get):
    withdraw(site.mexico, by=site.cast["cleo"], reason="A wrong year.")
    assert "No country “mexico” is published here" in get("/factsheets/mexico/", status=404)


# What is not there


@pytest.mark.parametrize(
    ("address", "guess"),
    [
        ("/factsheets/2022/mexiko/", MEXICO),
        ("/factsheets/2022/Mexico/", MEXICO),
        ("/factsheets/mexco/", "/factsheets/mexico/"),
        ("/factsheets/farnce/", "/factsheets/france/"),
    ],
)
def test_a_mistyped_country_is_guessed(get, address, guess):
    assert f'Did you mean <a href="{guess}">' in get(address, status=404)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/factsheets/0000/mexico/", "Mexico has no factsheet in the 0000 edition."),
        ("/factsheets/0000/atlantis/", "No factsheet is published in the 0000 edition."),
        ("/factsheets/0000/", "No factsheet is published in the 0000 edition."),
        ("/methodology/0099/", "There is no 0099 edition, so it has no method."),
    ],
)
def test_an_edition_that_is_not_there_is_named_as_it_was_asked_for(
    site, db, client, address, words
):
    response = client.get(address, follow=True)
    assert response.status_code == 404
    assert words in response.text


def test_what_is_like_no_country_is_not_guessed(get):
    assert "Did you mean" not in get("/factsheets/atlantis/", status=404)


def test_a_country_of_8_kilobytes_is_as_missing_as_any(get):
    page = get(f"/factsheets/{'mexico' * 1400}/", status=404)
    assert len(page) < 20_000


@pytest.mark.parametrize("address", ["/factsheets/2022/atlantis/", "/no/such/page/"])
def test_a_missing_page_offers_to_search(get, address):
    page = get(address, status=404)
    assert '<form class="search-box" action="/search/"' in page
    assert "<h1>Page not found</h1>" in page


def test_a_page_asked_for_what_does_not_exist_says_so(get):
    page = get("/factsheets/?kind=nothing", status=400)
    assert page.count("This address asks for") == 3  # the title, once more for who links, and h1
    assert "<h1>This address asks for something that does not exist</h1>" in page
    assert '<form class="search-box" action="/search/"' in page


@pytest.mark.parametrize("has_token", [True, False])
@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
@pytest.mark.parametrize("address", ["/", MEXICO, "/factsheets.csv", "/search/"])
def test_whoever_sends_something_to_a_public_page_is_told_that_it_takes_nothing(
    site, db, address, method, has_token
):
    response = getattr(Client(enforce_csrf_checks=not has_token), method)(address)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert "<h1>Not possible here</h1>" in response.text


def test_a_form_of_the_workplace_without_its_token_is_refused_with_a_way_out(db):
    response = Client(enforce_csrf_checks=True).post("/admin/login/")
    assert response.status_code == 403
    assert "open the page again and send it once more" in response.text
    assert "CSRF" not in response.text


# Search engines


def contents(name):
    """Of a static file."""
    return Path(finders.find(unquote(name))).read_bytes()


def addresses(xml):
    return [place.text for place in ElementTree.fromstring(xml).iter(f"{SITEMAPS}loc")]


def test_robots_are_told_where_the_sitemap_is(get):
    assert "\nSitemap: http://testserver/sitemap.xml\n" in get("/robots.txt")


def test_the_sitemap_names_its_files_and_they_every_page(get):
    files = addresses(get("/sitemap.xml"))
    found = {place for file in files for place in addresses(get(file))}
    assert {f"http://testserver{page}" for page in ("/", "/factsheets/", MEXICO)} <= found
    assert "http://testserver/methodology/2024/" in found
    assert "http://testserver/accessibility/" in found


def test_each_address_of_the_sitemap_is_there(get):
    for file in addresses(get("/sitemap.xml")):
        for place in addresses(get(file)):
            get(place)


def test_the_sitemap_has_current_factsheets_only_with_their_day(site, get):
    day = site.mexico.published_at.date().isoformat()
    assert f"{MEXICO}</loc><lastmod>{day}</lastmod>" in get("/sitemap-factsheets.xml")
    withdraw(site.mexico, by=site.cast["cleo"], reason="A wrong year.")
    assert MEXICO not in get("/sitemap-factsheets.xml")


def test_a_long_sitemap_has_several_files(get, monkeypatch):
    monkeypatch.setattr(Factsheets, "limit", 2)
    files = addresses(get("/sitemap.xml"))
    assert "http://testserver/sitemap-factsheets.xml?p=2" in files
    assert len(addresses(get("/sitemap-factsheets.xml?p=2"))) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("file", "page"), [("factsheets", MEXICO), ("over-time", "/factsheets/mexico/over-time/")]
)
def test_the_sitemap_has_each_page_in_each_language_with_the_others(site, get, file, page):
    day = site.mexico.published_at.date().isoformat()
    versions = {code: f"http://testserver{prefix}{page}" for code, prefix in LANGUAGES.items()}
    links = [("x-default", versions["en"]), *versions.items()]
    found = {
        url.find(f"{SITEMAPS}loc").text: (
            url.find(f"{SITEMAPS}lastmod").text,
            sorted((link.get("hreflang"), link.get("href")) for link in url.iter(f"{XHTML}link")),
        )
        for url in ElementTree.fromstring(get(f"/sitemap-{file}.xml"))
    }
    assert {address: found[address] for address in versions.values()} == dict.fromkeys(
        versions.values(), (day, sorted(links))
    )


def test_the_sitemap_has_a_country_once_whatever_its_editions(get):
    found = addresses(get("/sitemap-over-time.xml"))
    assert found.count("http://testserver/factsheets/france/over-time/") == 1


@pytest.mark.parametrize("page", ["0", "2", "x", "01", "-1", "99999999999999999999", ""])
def test_a_file_that_the_sitemap_does_not_have_is_missing(get, page):
    get(f"/sitemap-factsheets.xml?p={page}", status=404)


def test_a_section_that_the_sitemap_does_not_have_is_missing(get):
    get("/sitemap-nothing.xml", status=404)


@pytest.mark.parametrize(
    "address",
    ["/sitemap.xml", *(f"/sitemap-{name}.xml" for name in ("pages", "factsheets", "over-time"))],
)
def test_a_sitemap_takes_few_queries_and_remembered_one(
    site, db, client, address, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(4):
        client.get(address)
    with django_assert_num_queries(1):
        client.get(address)


# Whom to tell


@override_settings(SECURITY_CONTACT=PERSON)
def test_who_finds_a_hole_is_told_whom_to_tell(client):
    response = client.get(SECURITY)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert fields["Contact"] == f"mailto:{PERSON}"
    assert fields["Canonical"] == f"http://testserver{SECURITY}"
    assert fields["Preferred-Languages"] == "en"
    expires = datetime.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=90) < expires - now() < timedelta(days=365)


def test_without_a_contact_there_is_no_such_file(db, client):
    assert client.get(SECURITY).status_code == 404


@pytest.mark.parametrize(
    ("told", "address"),
    [
        (PERSON, f"mailto:{PERSON}"),
        (f"mailto:{PERSON}", f"mailto:{PERSON}"),
        ("https://example.org/tell?a=1&b=2", "https://example.org/tell?a=1&b=2"),
        (f"{PERSON}\nHiring: x", f"mailto:{PERSON}Hiring:x"),
        (" ", ""),
    ],
)
def test_a_contact_is_one_address(told, address):
    with override_settings(SECURITY_CONTACT=told):
        assert contact.security() == address


def test_the_statement_on_accessibility_names_whom_to_tell(client):
    with override_settings(ACCESSIBILITY_CONTACT="help@factsheets.example"):
        page = client.get("/accessibility/").content.decode()
    assert '<a href="mailto:help@factsheets.example">help@factsheets.example</a>' in page


def test_the_statement_on_accessibility_admits_that_nobody_is_named(client):
    assert "has not named an address" in client.get("/accessibility/").content.decode()


def test_every_page_leads_to_the_statement_on_accessibility(get):
    for address in ("/", MEXICO, "/about/"):
        assert 'href="/accessibility/"' in get(address)


def test_the_page_of_a_failure_leads_on_without_asking_for_anything(client, monkeypatch):
    def fail(*args, **kwargs):
        raise AssertionError("asked for something")

    monkeypatch.setattr("django.contrib.staticfiles.storage.StaticFilesStorage.url", fail)
    monkeypatch.setattr(connection, "cursor", fail)
    monkeypatch.setattr("policies.views.site.render_to_string", fail)
    client.raise_request_exception = False
    response = client.get("/about/")
    page = response.content.decode()
    assert response.status_code == 500
    assert re.findall('<a href="([^"]+)"', page) == ["/", "/factsheets/"]


def test_the_first_view_of_a_factsheet_weighs_at_most_250_kilobytes(get):
    """As production sends it: style, scripts and signs compressed, the page itself not yet."""
    page = get(MEXICO)
    files = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page))
    font = "node/@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght"
    assert len(files) > 5
    packed = [gzip.compress(contents(name)) for name in files]
    letters = [contents(f"{font}-{style}.woff2") for style in ("normal", "italic")]
    assert sum(map(len, [page.encode(), *packed, *letters])) <= 250 * 1024
