"""The map on the home page, read through its address."""

import gzip
import re
from decimal import Decimal
from html import unescape
from types import SimpleNamespace

import pytest

from policies import mapping
from policies.models import Country, Publication
from policies.presentation.map import KIND, TOTAL, map_of
from policies.workflow import withdraw
from policies.worldmap import europe, world
from scoring.models import Level
from tests.factory import (
    make_cast,
    make_judged,
    make_publication,
    make_scored_document,
    make_unused,
)
from tests.policies.test_public_pages import Parsed, make_edition, sample

NOWHERE = {KIND: "/", TOTAL: "/"}
CLUSTER = "National and/or regional cluster policy"


@pytest.fixture(scope="module")
def site(lasting):
    """Mexico, Malta, Singapore and France of 2022, and two invented countries."""
    cast = make_cast()
    judged = {"scope": {"points": 2, "reason": "It is one."}}
    documents = [
        sample("mexico"),
        sample("fictavia"),
        make_scored_document("MT"),
        make_scored_document("SG"),
        make_scored_document("FR", maturity=make_judged(judged)),
        make_scored_document("QM", edition={"year": 2022}),
    ]
    published = [make_publication(cast, document) for document in documents]
    return SimpleNamespace(cast=cast, mexico=published[0], malta=published[2])


@pytest.fixture
def get(site, db, client):
    def fetch(address="/"):
        response = client.get(address)
        assert response.status_code == 200
        return Parsed(response.content.decode())

    return fetch


@pytest.mark.parametrize("colour", [KIND, TOTAL])
def test_numbers_of_the_home_page_open_what_they_count(get, client, colour):
    html = get(f"/?colour={colour}").html
    legend = re.findall(r'<span class="count"><a href="([^"]+)"[^>]*>(\d+)<', html)
    figures = re.findall(r'<dd><a href="([^"]+)"><b>(\d+)<', html)
    assert (len(legend), len(figures)) == (2, 10)
    for address, number in legend + figures:
        path, query = unescape(address).split("?")
        parts = client.get(f"{path.rstrip('/')}.json?{query}").json()["parts"]
        invented = "group=demonstration" in query
        part = "demonstration" if invented else "in-force" if "kind" in query else "countries"
        rows = [row for row in parts[part] if row.get("standing", "in_force") == "in_force"]
        assert len(rows) == int(number), address


def view(page, name):
    """One of the two drawings."""
    start = page.html.index(f'<svg class="map-{name}"')
    return page.html[start : page.html.index("</svg>", start)]


def link(drawing, country):
    """The link of a country in a drawing, and what it holds."""
    start = drawing.index(f"<title>{country}:")
    return drawing[drawing.rindex("<a ", 0, start) : drawing.index("</a>", start)]


def legend(page):
    """The labels of the legend, with the tone and the number of each class."""
    start = page.html.index('id="map-legend"')
    items = page.html[start : page.html.index("</ul>", start)].split("<li>")[1:]
    found = {}
    for item in items:
        tone = re.search(r"url\(#tone-(\d)\)", item)
        words = Parsed(item).text.rsplit(" ", 1)
        found[words[0]] = (int(tone[1]) if tone else None, int(words[1]))
    return found


def table(page):
    start = page.html.index('<details class="map-table">')
    return Parsed(page.html[start : page.html.index("</details>", start)])


# What the countries say


def test_a_country_says_its_kind_its_total_and_how_much_of_it_is_judged(get):
    drawing = view(get(), "world")
    assert "<title>Mexico: broad policy, 1.5 of 8, of which 0.5 judged</title>" in drawing
    assert 'href="/factsheets/2022/mexico/"' in link(drawing, "Mexico")


def test_a_total_without_a_judgement_says_nothing_of_one(get):
    assert "<title>Malta: broad policy, 1.5 of 8</title>" in view(get(), "world")


def test_how_many_of_how_many_countries_have_a_factsheet(get):
    countries = Country.objects.exclude(group=Country.Group.DEMONSTRATION).count()
    words = f"4 of {countries} countries and territories have a factsheet in the 2022 edition"
    assert words in get().text


def test_invented_countries_are_neither_on_the_map_nor_counted(get):
    page = get()
    for drawing in (view(page, "world"), view(page, "europe"), table(page).html):
        assert "Fictavia" not in drawing
        assert "Examplia" not in drawing
    assert sum(count for tone, count in legend(page).values() if tone is not None) == 4


def test_the_table_has_every_country_by_name_with_the_same_words_and_links(get):
    twin = table(get())
    rows = "France National and/or regional cluster policy 3 of 8, of which 2 judged"
    rows += " Malta Broad policy 1.5 of 8 Mexico Broad policy 1.5 of 8, of which 0.5 judged"
    assert rows + " Singapore Broad policy 1.5 of 8" in twin.text
    assert twin.links == [
        f"/factsheets/2022/{x}/" for x in ("france", "malta", "mexico", "singapore")
    ]


def test_the_note_on_borders_names_where_they_come_from(get):
    text = get().text
    assert "take no position on the status of any territory" in text
    assert "Natural Earth" in text
    assert "world-atlas" in text


# How they are drawn


@pytest.mark.parametrize(
    ("country", "drawing"), [("Malta", "world"), ("Malta", "europe"), ("Singapore", "world")]
)
def test_a_small_state_is_a_circle_that_can_be_hit(get, country, drawing):
    (radius,) = re.findall(r'<circle [^>]*r="(\d+)"', link(view(get(), drawing), country))
    shown_at = 780 / 4000 if drawing == "world" else 390 / 2000  # pixels for a unit, at 1280
    assert 2 * int(radius) * shown_at >= 9


def test_the_keyboard_stops_once_at_each_country_where_it_is_larger(get):
    page = get()
    off = 'tabindex="-1" aria-hidden="true"'
    stops = {
        name: [
            c
            for c in ("France", "Malta", "Mexico", "Singapore")
            if f"<title>{c}:" in drawing and off not in link(drawing, c)
        ]
        for name in ("world", "europe")
        for drawing in [view(page, name)]
    }
    assert stops == {"world": ["Mexico", "Singapore"], "europe": ["France", "Malta"]}


def test_nothing_but_countries_with_a_factsheet_is_a_link(get):
    page = get()
    assert view(page, "world").count("<a ") == 4
    assert view(page, "europe").count("<a ") == 2


def test_the_kind_of_policy_colours_the_map_and_the_rubric_words_its_legend(get):
    page = get()
    drawing = view(page, "europe")
    assert 'fill="url(#tone-4)"' in link(drawing, "France")
    assert 'fill="url(#tone-1)"' in link(drawing, "Malta")
    countries = Country.objects.exclude(group=Country.Group.DEMONSTRATION).count()
    assert legend(page) == {
        "Absence of cluster policy": (0, 0),
        "Broad policy": (1, 3),
        "Sectoral policy": (3, 0),
        CLUSTER: (4, 1),
        "No factsheet": (None, countries - 4),
    }


def test_the_total_colours_the_map_if_the_reader_chooses(get):
    page = get("/?colour=total")
    assert 'fill="url(#tone-2)"' in link(view(page, "europe"), "France")
    found = legend(page)
    assert list(found)[:5] == [
        *("0 of 8", "up to 2", "over 2, up to 4"),
        *("over 4, up to 6", "over 6, up to 8"),
    ]
    assert [count for _tone, count in found.values()][:5] == [0, 3, 1, 0, 0]


@pytest.mark.parametrize(
    "address", ["/?colour=red", "/?colour=", "/?colour=total&colour=kind", "/?x=1"]
)
def test_an_unknown_colour_is_the_usual_one(get, address):
    assert get(address).html == get("/").html


def test_the_choice_of_colours_is_two_links_and_says_which_is_chosen(get):
    for address, chosen in (("/", "/#map"), ("/?colour=total", "/?colour=total#map")):
        links = [
            found for tag, found in get(address).tags if found.get("href", "").endswith("#map")
        ]
        current = [found["href"] for found in links if found.get("aria-current") == "true"]
        assert current == [chosen]


@pytest.mark.parametrize(
    ("total", "tone"), [(0, 0), ("0.5", 1), (2, 1), ("2.5", 2), (4, 2), (6, 3), ("6.5", 4), (8, 4)]
)
def test_a_total_falls_into_a_quarter_of_the_maximum_and_nothing_apart(site, db, total, tone):
    edition = mapping.edition()
    row = edition.mapped[0]._replace(total=Decimal(total))
    edition = mapping.Edition(2022, edition.countries, [row], edition.levels)
    assert map_of(edition, TOTAL, NOWHERE, world(), europe()).places[0].tone == tone


def test_a_score_of_zero_is_hatched_and_no_factsheet_is_plain(get, site):
    edition = mapping.edition()
    row = edition.mapped[0]._replace(points=Decimal(0), level="Absence of cluster policy")
    nothing = mapping.Edition(2022, edition.countries, [row], edition.levels)
    assert map_of(nothing, KIND, NOWHERE, world(), europe()).places[0].tone == 0
    html = get().html
    hatch = html[html.index('<pattern id="tone-0"') :]
    assert '<path class="mark-0"' in hatch[: hatch.index("</pattern>")]


def test_a_country_without_a_place_on_the_map_is_named_and_stands_in_the_table(get):
    Country.objects.filter(code="MT").update(numeric="")
    page = get()
    assert "Not drawn: Malta." in page.text
    assert "Malta" in table(page).text
    assert view(page, "europe").count("<a ") == 1


def test_kosovo_is_found_without_a_code_of_its_own_in_the_data(site, get):
    make_publication(site.cast, make_scored_document("XK"))
    assert 'href="/factsheets/2022/kosovo/"' in link(view(get(), "europe"), "Kosovo")


# Which edition, and when it changes


def test_the_map_is_that_of_the_latest_edition_with_a_real_country(site, get):
    make_edition(2023)
    make_edition(2024)
    make_publication(site.cast, make_scored_document("BR", edition={"year": 2023}))
    make_publication(site.cast, make_scored_document("QP", edition={"year": 2024}))
    page = get()
    assert "1 of" in page.text[page.text.index("The map of 2023") :]
    assert 'href="/factsheets/2023/brazil/"' in view(page, "world")


def test_a_withdrawal_takes_the_country_off_the_map_at_once(site, get):
    assert "<title>Malta:" in view(get(), "world")
    withdraw(site.malta, by=site.cast["cleo"], reason="A wrong year.")
    assert "<title>Malta:" not in view(get(), "world")


def test_new_words_of_a_level_stand_in_the_legend_at_once(get):
    get()
    make_unused()
    level = Level.objects.get(rule="scope.sectoral")
    level.label = "Policy of a sector"
    level.save()
    assert "Policy of a sector" in legend(get())


def test_a_site_without_factsheets_has_no_map(site, get):
    for publication in Publication.objects.all():
        withdraw(publication, by=site.cast["cleo"], reason="All a mistake.")
    assert 'id="map"' not in get().html


# The list


@pytest.mark.parametrize("colour", ["kind", "total"])
def test_the_list_shows_its_edition_on_the_map_if_asked(get, colour):
    make_edition(2023)
    assert 'id="map"' not in get("/factsheets/?edition=2022").html
    assert "/factsheets/?edition=2022&colour=kind#map" in get("/factsheets/?edition=2022").links
    page = get(f"/factsheets/?edition=2022&colour={colour}")
    assert "The map of 2022" in page.text
    assert f"/factsheets/?edition=2022&colour={colour}#map" in page.links
    assert "1.5 of 8, of which 0.5 judged" in link(view(page, "world"), "Mexico")


@pytest.mark.parametrize("query", ["colour=", "colour=kind&kind=broad", "colour=kind&edition=all"])
def test_a_list_with_filters_has_no_map_for_it_would_show_more(get, query):
    assert 'id="map"' not in get(f"/factsheets/?{query}").html


def test_the_list_with_its_map_takes_eight_queries_and_remembered_one(
    site, db, client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        client.get("/factsheets/?colour=kind")
    with django_assert_max_num_queries(1):
        assert b'id="map"' in client.get("/factsheets/?colour=kind").content


# What it costs


@pytest.mark.parametrize("address", ["/", "/?colour=total"])
def test_the_home_page_takes_six_queries_and_remembered_one(
    site, db, client, address, django_assert_max_num_queries
):
    with django_assert_max_num_queries(6):
        client.get(address)
    with django_assert_max_num_queries(1):
        assert client.get(address).status_code == 200


def test_both_drawings_together_are_below_90_kb(get):
    page = get()
    inline = (view(page, "world") + view(page, "europe")).encode()
    assert len(inline) < 65_000
    assert len(gzip.compress(inline)) < 30_000


def test_the_page_has_nothing_that_its_security_policy_would_block(get):
    for _tag, attributes in get().tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
