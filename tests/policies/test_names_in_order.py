"""Countries stand in the order of their names, as the language of the page has them."""

import re
from html import unescape
from types import SimpleNamespace

import pytest

from policies.listing import paging
from tests.factory import make_cast, make_publication, make_scored_document, reported

ORDER = {
    "": ["Åland Islands", "Austria", "Germany", "Mexico", "South Africa"],
    "/es": ["Alemania", "Austria", "Islas Åland", "México", "Sudáfrica"],
    "/fr": ["Afrique du Sud", "Allemagne", "Autriche", "Îles Åland", "Mexique"],
    "/de": ["Åland-Inseln", "Deutschland", "Mexiko", "Österreich", "Südafrika"],
}


@pytest.fixture(scope="module")
def site(lasting):
    """Five countries, published in an order that no alphabet has."""
    cast = make_cast()
    for code in ("ZA", "AT", "DE", "AX", "MX"):
        document = make_scored_document(code)
        (plan,) = document["policies"]
        sections = plan["sections"]
        sections[:] = [each for each in sections if each["type"] != "objectives"]
        sections.append({"type": "objectives", **reported("rd")})
        make_publication(cast, document)
    return SimpleNamespace(cast=cast)


@pytest.fixture
def named(site, db, client):
    """The countries that a page names, each where it is named first."""

    def fetch(language, address, status=200):
        response = client.get(address if address.startswith("/de/") else f"{language}{address}")
        assert response.status_code == status
        main = unescape(response.content.decode()).split("<main")[1]
        main = re.sub("(?s)<svg.*?</svg>", "", main)  # drawn in an order of its own
        return list(dict.fromkeys(re.findall("|".join(ORDER[language]), main)))

    return fetch


PAGES = [
    "/factsheets/?edition=2022",
    "/factsheets/?edition=all&sort=-score",
    "/factsheets/?colour=kind",
    "/factsheets/?part=countries",
    "/policies/",
    "/compare/?edition=2022",
    "/categories/?section=objectives",
    "/categories/objectives/rd/",
    "/search/",
    "/",
]


@pytest.mark.parametrize("address", PAGES)
def test_countries_stand_in_the_order_of_the_names_that_are_shown(named, address):
    assert {language: named(language, address) for language in ORDER} == ORDER


def test_so_do_those_that_have_what_is_supposed(named):
    address = "/factsheets/2022/mexico/what-if/?plan.out=1"
    for language, order in ORDER.items():
        own, *others = named(language, address)
        assert others == [name for name in order if name != own]


def test_so_they_do_where_a_country_is_missing(named):
    address = "/factsheets/2022/atlantis/"
    assert {language: named(language, address, 404) for language in ORDER} == ORDER


def test_so_they_do_in_the_files(site, db, client):
    rows = client.get("/factsheets.json").json()["parts"]["countries"]
    assert [row["country"] for row in rows] == ORDER[""]


@pytest.mark.parametrize("address", ["/factsheets/?sort=score", "/policies/?edition=2022"])
def test_pages_of_a_list_follow_the_names_and_lead_back(client, monkeypatch, named, address):
    monkeypatch.setattr(paging, "SIZE", 2)
    address = f"/de{address}"
    there, back = [], []
    for found, rel in ((there, "next"), (back, "prev")):
        following = [address]
        while following:
            address = following[0]
            page = unescape(client.get(address).content.decode())
            found.append(named("/de", address))
            following = re.findall(f'<a [^>]*href="([^"]+)"[^>]*rel="{rel}"', page)
    assert [len(names) for names in there] == [2, 2, 1]
    assert there == back[::-1]
