"""What feed readers get: each version under its permanent address, the latest first."""

import json
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.db import connection

from policies import finding
from policies.models import Country
from policies.reference_data import SAMPLE
from policies.workflow import withdraw
from tests.factory import make_cast, make_publication, make_scored_document

ALL, MEXICO = "/factsheets.atom", "/factsheets/mexico.atom"
HERE = "http://testserver/factsheets/2022"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def site(lasting):
    """Mexico, France and an invented country, published once for this file."""
    cast = make_cast()
    texts = [(SAMPLE / f"{name}-2022.json").read_text() for name in ("mexico", "fictavia")]
    documents = [*map(json.loads, texts), make_scored_document("FR")]
    mexico, *_others = [make_publication(cast, document) for document in documents]
    return SimpleNamespace(cast=cast, mexico=mexico)


@pytest.fixture
def read(site, db, client):
    """The entries of a feed, as a reader that wants well-formed XML sees them."""

    def fetch(address):
        response = client.get(address)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")

    return fetch


def texts_of(entries, name):
    return [entry.findtext(f"{ATOM}{name}") for entry in entries]


def test_the_feed_of_all_has_each_version_the_latest_first(read):
    assert texts_of(read(ALL), "title") == [
        "France 2022, version 1",
        "Fictavia 2022, version 1 [invented for demonstration]",
        "Mexico 2022, version 1",
    ]


def test_the_feed_of_a_country_has_only_its_own(read):
    assert texts_of(read(MEXICO), "id") == [f"{HERE}/mexico/v1/"]


def test_an_entry_is_known_by_its_permanent_address_and_says_the_score(site, read):
    (entry,) = read(MEXICO)
    assert entry.find(f"{ATOM}link").get("href") == f"{HERE}/mexico/v1/"
    day = site.mexico.published_at.date().isoformat()
    assert entry.findtext(f"{ATOM}updated").startswith(day)
    assert "1.5 of 8, of which 0.5 judged" in entry.findtext(f"{ATOM}summary")


def test_an_entry_says_what_changed_as_words_and_not_as_markup(read):
    with connection.cursor() as cursor:  # the tables of publications refuse to be written again
        cursor.execute("UPDATE policies_publication SET change_note = 'A <b> & more.'")
    (summary,) = texts_of(read(MEXICO), "summary")
    assert "<p>A &lt;b&gt; &amp; more.</p>" in summary


def test_signs_that_no_feed_may_hold_are_left_out(read):
    Country.objects.filter(code="MX").update(name="Me\x01xi\x1bco \ufffe]]>")
    assert texts_of(read(MEXICO), "title") == ["Mexico ]]> 2022, version 1"]


def test_a_withdrawn_version_is_left_out(site, read):
    read(ALL)
    withdraw(site.mexico, by=site.cast["cleo"], reason="A wrong year.")
    assert len(read(ALL)) == 2
    assert read(MEXICO) == []


def test_a_feed_ends_somewhere(read, monkeypatch):
    newest = finding.newest
    monkeypatch.setattr(finding, "newest", lambda country: newest(country, 2))
    assert len(read(ALL)) == 2


def test_the_feed_of_an_unknown_country_is_missing_and_names_one_like_it(site, db, client):
    response = client.get("/factsheets/mexiko.atom")
    assert response.status_code == 404
    assert "Did you mean" in response.content.decode()
    assert "/factsheets/mexico/" in response.content.decode()


@pytest.mark.parametrize("address", [ALL, MEXICO])
def test_who_has_the_feed_is_told_so_by_one_query(
    site, db, client, address, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(3):
        first = client.get(address)
    with django_assert_num_queries(1):
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(("address", "feed"), [("/", ALL), ("/factsheets/2022/mexico/", MEXICO)])
def test_pages_name_their_feed(site, db, client, address, feed):
    assert f'href="{feed}">' in client.get(address).content.decode()
