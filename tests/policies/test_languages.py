"""The public pages in four languages: the address alone says which."""

import re
from types import SimpleNamespace

import pytest
from django.utils.translation import override

from policies.presentation.words import day, money
from tests.factory import make_cast, make_publication
from tests.policies.test_public_pages import Parsed, sample

pytestmark = pytest.mark.django_db

OTHERS = ["es", "fr", "de"]
MEXICO = "/factsheets/2022/mexico/"


@pytest.fixture(scope="module")
def site(lasting):
    cast = make_cast()
    make_publication(cast, {**sample("mexico"), "country": {"code": "US"}})
    make_publication(cast, sample("examplia"))
    return SimpleNamespace(cast=cast, mexico=make_publication(cast, sample("mexico")))


@pytest.fixture(autouse=True)
def mexico(site, db):
    return site.mexico


# Addresses


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("page", ["/", "/factsheets/", "/about/", MEXICO, f"{MEXICO}v1/"])
def test_each_page_is_in_each_language(mexico, client, language, page):
    response = client.get(f"/{language}{page}")
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.content.decode()
    assert response.headers["Content-Language"] == language


def test_neither_a_cookie_nor_a_header_says_the_language(mexico, client):
    client.cookies["django_language"] = "fr"
    response = client.get("/about/", headers={"Accept-Language": "de"})
    assert '<html lang="en">' in response.content.decode()
    assert response.headers["Vary"] == "Accept-Encoding"


MACHINES = ["/factsheets.atom", "/factsheets.csv", f"{MEXICO}v1.json", f"{MEXICO}v1.bib"]
MACHINES += ["/sitemap.xml", "/robots.txt", "/healthz"]


@pytest.mark.parametrize("address", MACHINES)
def test_what_machines_read_has_no_language(mexico, client, address):
    assert client.get(address).status_code == 200
    assert client.get(f"/es{address}").status_code == 404


@pytest.mark.parametrize("address", ["/es/admin/", "/en/", "/en/about/", "/it/about/"])
def test_nothing_else_has_one(client, address):
    assert client.get(address).status_code == 404


def test_links_stay_in_the_language_of_the_page(mexico, client):
    links = Parsed(client.get(f"/es{MEXICO}").content.decode()).links
    of_pages = [link for link in links if link.startswith("/") and link.endswith("/")]
    others = {link for link in of_pages if not link.startswith("/es/")}
    assert others <= {MEXICO, "/admin/", f"/fr{MEXICO}", f"/de{MEXICO}"}


def test_lists_lead_to_the_same_files_from_each_language(mexico, client):
    page = client.get("/de/factsheets/?edition=2022").content.decode()
    assert 'href="/factsheets.csv?edition=2022"' in page


@pytest.mark.parametrize("language", OTHERS)
def test_a_permanent_address_is_the_same_in_each_language(mexico, client, language):
    parsed = Parsed(client.get(f"/{language}{MEXICO}").content.decode())
    permanent = [link for link in parsed.links if "/v1/" in link]
    assert permanent
    assert {re.sub("^http://[^/]*|#.*$", "", link) for link in permanent} == {f"{MEXICO}v1/"}


# The same page in the other languages


def test_the_switcher_leads_to_the_same_page_without_its_junk(mexico, client):
    page = client.get("/fr/factsheets/?edition=2022&junk=1").content.decode()
    assert '<a href="/de/factsheets/?edition=2022" lang="de" hreflang="de">Deutsch</a>' in page
    assert '<a href="/factsheets/?edition=2022" lang="en" hreflang="en">English</a>' in page
    assert re.search('lang="fr" hreflang="fr" aria-current="true">Français', page)


def test_search_engines_learn_of_the_page_in_every_language(mexico, client, settings):
    settings.SITE_URL = "https://example.org"
    page = client.get(f"/es{MEXICO}v1/").content.decode()
    found = dict(re.findall('rel="alternate" hreflang="(.*?)" href="(.*?)"', page))
    assert found == {
        "en": f"https://example.org{MEXICO}",
        "es": f"https://example.org/es{MEXICO}",
        "fr": f"https://example.org/fr{MEXICO}",
        "de": f"https://example.org/de{MEXICO}",
        "x-default": f"https://example.org{MEXICO}",
    }
    assert f'rel="canonical" href="https://example.org/es{MEXICO}"' in page


@pytest.mark.parametrize("address", ["/fr/nowhere/", "/fr/factsheets/2022/atlantis/"])
def test_a_page_that_is_not_there_has_no_other_address(mexico, client, address):
    page = client.get(address).content.decode()
    assert "hreflang" in page
    assert '<link rel="alternate" hreflang' not in page


# Numbers and days


@pytest.mark.parametrize(
    ("language", "score", "day"),
    [
        ("", "1.5 of 8", "30 September 2022"),
        ("/es", "1,5", "30 de septiembre de 2022"),
        ("/fr", "1,5", "30 septembre 2022"),
        ("/de", "1,5", "30. September 2022"),
    ],
)
def test_points_and_days_are_written_as_the_language_does(mexico, client, language, score, day):
    page = client.get(f"{language}{MEXICO}").content.decode()
    assert score in page
    assert day in page


@pytest.mark.parametrize(
    ("language", "number"), [("", "1.5"), ("/es", "1,5"), ("/fr", "1,5"), ("/de", "1,5")]
)
def test_filters_in_use_are_written_as_the_language_does(mexico, client, language, number):
    asked = "total_from=1.50&total_to=1.5&points=scope-0.5&q=1.5"
    page = client.get(f"{language}/factsheets/?{asked}").content.decode()
    chips = page.split('<div class="chips">')[1].split("</div>")[0]
    said = [words.split()[-1] for words in re.findall(r"</span>([^<]+)<", chips)]
    assert said == ["“1.5”", number, number, number.replace("1", "0")]
    assert 'name="total_to" type="number" min="0" max="99" step="0.5" value="1.5"' in page


@pytest.mark.parametrize("address", ["/factsheets/?q=mexique", "/fr/policies/?q=Mexiko"])
def test_lists_find_a_country_by_its_name_in_any_language(mexico, client, address):
    assert "/factsheets/2022/mexico/" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("language", "title"), [("/es", "Objetivos"), ("/de", "Ziele der Politik")]
)
def test_choices_of_a_section_have_its_title_in_the_language(mexico, client, language, title):
    page = client.get(f"{language}/policies/?said=objectives.none_exists").content.decode()
    chips = page.split('<div class="chips">')[1].split("</div>")[0]
    assert title in chips
    assert "Policy objectives" not in chips


def test_an_amount_has_its_thousands_separated_as_the_language_does():
    with override("de"):
        assert money("1400000.50", "EUR") == "EUR 1.400.000,50"
    assert money("1400000", "EUR") == "EUR 1,400,000"


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "1 December 2022", "2 December 2022"),
        ("es", "1 de diciembre de 2022", "2 de diciembre de 2022"),
        ("fr", "1er décembre 2022", "2 décembre 2022"),
        ("de", "1. Dezember 2022", "2. Dezember 2022"),
    ],
)
def test_the_first_of_a_month_is_written_as_the_language_does(language, first, second):
    with override(language):
        assert [day("2022-12-01"), day("2022-12-02")] == [first, second]


@pytest.mark.parametrize("language", OTHERS)
def test_addresses_and_files_keep_their_points(mexico, client, language):
    page = client.get(f"/{language}/factsheets/").content.decode()
    assert 'value="scope-0.5"' in page
    assert client.get(f"/{language}/factsheets/?points=scope-0.5").status_code == 200
    data = client.get(f"{MEXICO}v1.json").json()
    assert data["maturity"]["total"] == 1.5


# Words in sentences

STATES = "/factsheets/2022/united-states/"
SAID = {
    STATES: [
        "Total score, United States 2022: 1.5 of 8",
        "Table 1: Policies by section, United States",
        "Table 2: Points for each criterion, United States",
    ],
    f"{STATES}what-if/?status=rich": ["take one of reported,"],
    f"{STATES}what-if/?new.1.out=2": ["“2” is no value of “new.1.out”: it can only be 1."],
    f"/es{STATES}": ["Estados Unidos: alcance de la política 0,5 de 2"],
    "/es/policies/": ["Instrumentos: financieros", "Inventada, terminada", "Terminadas"],
    f"/fr{STATES}": [
        "Score total, États-Unis 2022 : 1,5 sur 8",
        "Tableau 1 : Politiques par section, États-Unis",
        "États-Unis : portée de la politique 0,5 sur 2, continuité 0 sur 2",
        ") : Fiche de politique de clusters : États-Unis 2022",
    ],
    f"/fr{STATES}history/": ["Historique : États-Unis 2022"],
    f"/fr{STATES}what-if/": ["une nouvelle politique de clusters commence ; la nouvelle"],
    "/fr/factsheets/2021/united-states/": [
        "États-Unis : il n’y a pas de fiche dans l’édition 2021"
    ],
    "/fr/compare/?country=united-states": ["Choisi : États-Unis."],
    "/fr/policies/": ["Instruments : financiers", "Inventée, terminée", "Terminées"],
    "/fr/search/?q=mexique": ["Fiche : Mexique, édition 2022"],
    f"/de{STATES}": [
        "Gesamtwert, Vereinigte Staaten 2022: 1,5 von 8",
        "Vereinigte Staaten: Reichweite der Politik 0,5 von 2, Kontinuität 0 von 2",
    ],
    f"/de{STATES}what-if/?status=rich": ["Was wäre, wenn? Von den veröffentlichten Fakten aus"],
    "/de/factsheets/?edition=2022&colour=kind": ["Vereinigte Staaten: Allgemeine Politik"],
    "/de/policies/": ["Erfunden, beendet", "Instrumente: Finanziell"],
    "/de/statistics/2022/": ["Statistik der erfundenen Länder", "Stand vom"],
}


@pytest.mark.parametrize("address", SAID)
def test_names_and_titles_stand_as_the_grammar_of_each_language_lets_them(client, address):
    text = Parsed(client.get(address).content.decode()).text.replace("\xa0", " ")
    assert [words for words in SAID[address] if words not in text] == []


def test_a_category_found_by_its_label_in_another_language_says_which(client):
    page = client.get("/search/?q=accompagnement").content.decode()
    assert 'also searched for as “<bdi lang="fr">' in page


# What people wrote keeps its language


@pytest.mark.parametrize("language", ["", "/de"])
def test_the_prose_of_a_factsheet_is_marked_as_its_own_language(site, client, language):
    document = {**sample("mexico"), "language": "es-MX", "country": {"code": "CL"}}
    make_publication(site.cast, document)
    page = client.get(f"{language}/factsheets/2022/chile/").content.decode()
    assert '<div class="prose" lang="es-MX">' in page
    name = '<bdi lang="es-MX">Course for an Industrial Policy</bdi>'
    assert f'<span class="name">{name}</span>' in page
    assert f'<p class="cell-policy">{name}</p>' in page


def test_reasons_are_said_anew_in_the_language_of_the_page(mexico, client):
    page = client.get(f"/fr{MEXICO}").content.decode()
    assert "la portée de la politique est donc 0,5" in page


def test_the_sitemap_names_each_page_in_every_language(client):
    words = client.get("/sitemap-pages.xml").content.decode()
    for address in ("/about/", "/es/about/", "/fr/about/", "/de/about/"):
        assert f"<loc>http://testserver{address}</loc>" in words
    assert 'hreflang="x-default" href="http://testserver/about/"' in words
