"""Searching what is published, through the address of the search, on both databases."""

import re
from html import unescape
from types import SimpleNamespace
from urllib.parse import urlencode

import hypothesis
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from policies.models import Category, Country, SearchEntry, Translation, note_change
from policies.searching.results import SIZE
from policies.workflow import approve, publish, submit, withdraw
from tests.factory import (
    make_cast,
    make_publication,
    make_scored_document,
    reported,
)

FRANCE, GERMANY, SPAIN, ITALY = (
    f"/factsheets/2022/{slug}/" for slug in ("france", "germany", "spain", "italy")
)


def make_sheet(country, explanation, **fields):
    """A factsheet whose only policy explains its instruments in these words."""
    document = make_scored_document(country, **fields)
    sections = document["policies"][0]["sections"]
    next(s for s in sections if s["type"] == "instruments")["text"] = explanation
    return document


def named(document, name):
    """The same factsheet, its policy under another name."""
    document["policies"][0]["names"] = [name]
    return document


def ticking(document, type_, *codes):
    """The same factsheet, with these categories ticked in a section."""
    sections = document["policies"][0]["sections"]
    sections[:] = [s for s in sections if s["type"] != type_]
    sections.append({"type": type_, **reported(*codes)})
    return document


FRENCH = """The *Économie* circulaire is its theme.[^1] Firms get **vouchers**; R&D is paid.
An otter is fed.

[^1]: A wombat told us.

| Year | Firms |
|---|---|
| 2020 | quokkas |
"""
REFERENCES = [{"key": "atlas:1", "authors": "Zhang, W.", "year": 2019, "title": "Kelp forests"}]
DOCUMENTS = {
    "FR": make_sheet("FR", FRENCH, references=REFERENCES),
    "DE": named(
        ticking(
            make_sheet("DE", "Clusters clustered."), "financial-instruments", "innovation-support"
        ),
        "Otter Fund",
    ),
    "ES": make_sheet("ES", "A cluster of economists with one voucher."),
    "IT": make_sheet("IT", " ".join(["Padding"] * 90) + " needle " + " ".join(["straw"] * 90)),
    "QX": ticking(
        make_sheet("QX", "A lighthouse with vouchers."),
        "financial-instruments",
        "innovation-support",
    ),
    "QY": make_sheet("QY", "Two lighthouses and an economia."),
}


@pytest.fixture(scope="module")
def site(lasting):
    """Four real countries and two invented ones, published once for this file."""
    cast = make_cast()
    invented = list(Country.objects.filter(group="demonstration").order_by("code")[:2])
    codes = {"QX": invented[0].code, "QY": invented[1].code}
    published = {
        code: make_publication(cast, {**document, "country": {"code": codes.get(code, code)}})
        for code, document in DOCUMENTS.items()
    }
    return SimpleNamespace(cast=cast, invented=invented, **published)


class Page:
    """What a reader sees of a page of results."""

    def __init__(self, html):
        self.html = html
        self.urls = re.findall(r'<h3><a href="(?:/\w\w)?(/factsheets/[^"]+)"', html)
        self.marks = [unescape(words) for words in re.findall(r"<mark>(.*?)</mark>", html)]
        self.main = re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", "", html.split("<main")[1])))


@pytest.fixture
def search(site, db, client):
    def search(words="", status=200, language="", **filters):
        response = client.get(f"{language}/search/?{urlencode({'q': words, **filters})}")
        assert response.status_code == status
        return Page(response.content.decode())

    return search


# What is found


@pytest.mark.parametrize(
    ("words", "url", "mark"),
    [
        ("voucher", f"{FRANCE}#plan.instruments", "vouchers"),
        ("VOUCHERS", f"{SPAIN}#plan.instruments", "voucher"),
        ("economie", f"{FRANCE}#plan.instruments", "Économie"),
        ("économie", f"{FRANCE}#plan.instruments", "Économie"),
        ("r&d is paid", f"{FRANCE}#plan.instruments", "R&D"),
        ("wombats", f"{FRANCE}#plan.instruments", "wombat"),
        ("quokka", f"{FRANCE}#plan.instruments", "quokkas"),
        ("clustering", f"{GERMANY}#plan.instruments", "Clusters clustered"),
        ('"economists with one"', f"{SPAIN}#plan.instruments", "economists"),
        ('"one voucher"', f"{SPAIN}#plan.instruments", "one voucher"),
        ("kelp forest", f"{FRANCE}#ref-atlas:1", "Kelp forests"),
        ("zhang", f"{FRANCE}#ref-atlas:1", "Zhang"),
        ("Grants for projects", None, None),
        ("needle", f"{ITALY}#plan.instruments", "needle"),
        ("ex-ante italy", f"{ITALY}#plan.evaluation", "Ex-ante"),
        ("glance france", f"{FRANCE}#introduction", "glance"),
        ('"the plan" spain', f"{SPAIN}#plan.heading", "Plan"),
        ("words italy", f"{ITALY}#scope", "words"),
    ],
)
def test_a_word_opens_the_very_place_and_is_marked_there(search, words, url, mark) -> None:
    page = search(words)
    if url is None:
        assert page.urls == []
        return
    assert url in page.urls
    found = " ".join(page.marks)
    assert all(word in found for word in mark.split())


def test_all_words_must_stand_in_the_same_place(search) -> None:
    assert search("economists voucher").urls == [f"{SPAIN}#plan.instruments"]
    assert search("economists quokka").urls == []


def test_words_in_quotes_must_stand_side_by_side(search) -> None:
    assert search("cluster voucher").urls == [f"{SPAIN}#plan.instruments"]
    assert search('"cluster voucher"').urls == []


def test_a_name_weighs_more_than_a_text(search) -> None:
    urls = search("otter").urls
    assert [url for url in urls if not url.startswith(GERMANY)] == [f"{FRANCE}#plan.instruments"]
    assert urls.index(f"{GERMANY}#plan.heading") < urls.index(f"{FRANCE}#plan.instruments")


def test_a_snippet_shows_some_words_around_what_was_found(search) -> None:
    page = search("needle")
    (text,) = re.findall(r'find-text"[^>]*>(.*?)</p>', page.html, re.DOTALL)
    assert text.startswith("…")
    assert text.endswith("…")
    assert 38 <= len(text.split()) <= 42


def test_places_without_words_are_no_results(search) -> None:
    assert "No data available" not in search("available data").html


def test_a_place_is_found_by_its_own_words_and_narrowed_by_where_it_stands(search) -> None:
    assert f"{GERMANY}#plan.evaluation" in search("otter evaluation").urls
    assert f"{GERMANY}#plan.evaluation" not in search("otter").urls


# Countries


def rename(code, name):
    country = Country.objects.get(code=code)
    country.name = name
    country.save()


@pytest.mark.parametrize(
    ("words", "url"),
    [("spain", SPAIN), ("SPAIN", SPAIN), ('"Spain"', SPAIN), ("France", FRANCE)],
)
def test_a_country_is_found_by_its_name_before_all_that_mentions_it(search, words, url) -> None:
    references = SearchEntry.objects.filter(anchor="ref-atlas:1")
    references.update(text_folded="spain spain spain france france france")
    page = search(words)
    assert page.urls[0] == url
    assert f"Factsheet: {words.title().strip(chr(34))}, 2022 edition" in page.main


@pytest.mark.parametrize("words", ["iberia", "Ibería", "Iberi\u0301a", "SPAIN"])
def test_a_renamed_country_is_found_by_both_of_its_names(search, words) -> None:
    rename("ES", "Ibería")
    page = search(words)
    assert page.urls == [SPAIN]
    assert "Factsheet: Ibería, 2022 edition" in page.main
    assert "Published under the name “Spain”" in page.main


def test_a_name_that_was_taken_back_is_not_found(search) -> None:
    rename("ES", "Iberia")
    rename("ES", "Spain")
    assert search("iberia").urls == []
    assert search("spain").urls == [SPAIN]


def test_a_renamed_country_narrows_by_its_new_name(search) -> None:
    rename("ES", "Iberia")
    page = search("voucher iberia")
    assert page.urls == [f"{SPAIN}#plan.instruments"]
    assert page.marks == ["Iberia", "voucher"]


def test_an_invented_country_is_found_among_invented_ones(site, search) -> None:
    country = site.invented[0]
    page = search(country.name)
    assert page.urls[0] == f"/factsheets/2022/{country.slug}/"
    assert page.html.index('id="demonstration"') < page.html.index(page.urls[0])


def test_only_names_of_countries_can_be_searched(search) -> None:
    assert search("france", part="factsheet").urls == [FRANCE]
    assert search("voucher", part="factsheet").urls == []


def test_a_name_that_was_changed_in_bulk_is_found_after_the_command(search, capsys) -> None:
    Country.objects.filter(code="ES").update(name="Iberia")
    assert search("iberia").urls == []
    call_command("index_publications")
    assert search("iberia").urls == [SPAIN]
    assert "1 publications" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["", "/es", "/fr", "/de"])
@pytest.mark.parametrize("words", ["Alemania", "ALLEMAGNE", "Deutschland", "germany"])
def test_a_country_is_found_by_its_name_in_each_language(search, language, words) -> None:
    page = search(words, language=language)
    assert page.urls[0] == GERMANY
    assert "Demonstration" not in page.main


@pytest.mark.parametrize(
    ("words", "urls"),
    [
        ("espana", [SPAIN]),
        ("la France", [FRANCE]),
        ("Espagne bon", []),
        ("voucher Spanien", [f"{SPAIN}#plan.instruments"]),
        ("vouchers de España", [f"{SPAIN}#plan.instruments"]),
        ('"Spanien" voucher', [f"{SPAIN}#plan.instruments"]),
        ('"voucher Spanien"', []),
    ],
)
def test_a_country_narrows_by_its_name_in_each_language(search, words, urls) -> None:
    assert search(words).urls == urls


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("República de las Fuentes", True),
        ("republica fuentes", True),
        ("república", False),
        ("fuentes república", False),
    ],
)
def test_a_name_of_several_words_is_found_as_a_whole(search, words, is_found) -> None:
    Translation.objects.filter(key="ES", field="name").update(es="República de las Fuentes")
    assert (search(words).urls == [SPAIN]) is is_found


def test_a_name_in_another_language_is_no_unknown_word(search) -> None:
    page = search("Francia zebra")
    assert "“zebra” is found nowhere" in page.main
    assert "“Francia” is found nowhere" not in page.main
    assert "Search only for “Francia”" in page.main


# Counts


def stand(publication, standing):
    """Let all policies of a publication be so, which no code of ours can."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE policies_publishedpolicy SET standing = %s WHERE publication_id = %s",
            [standing, publication.pk],
        )
    note_change("standing")


@pytest.mark.parametrize(
    ("standing", "tag"),
    [("ended", "Ended"), ("future", "Not yet started"), ("example", "Example")],
)
def test_places_of_policies_that_do_not_count_are_said_apart(site, search, standing, tag) -> None:
    stand(site.ES, standing)
    page = search("voucher")
    assert "2 places in 2 of 4 countries." in page.main
    assert "1 more is in a policy that does not count" in page.main
    assert page.html.count("find-tag") == page.html.count(f'find-tag">{tag}<') == 1
    assert "2 places in 1 of 2 demonstration countries." in page.main


def test_a_country_searched_alone_says_what_does_not_count(site, search) -> None:
    stand(site.ES, "ended")
    page = search("voucher", country="spain")
    assert "Spain: 0 places. 1 more is in a policy that does not count" in page.main


def test_texts_of_policies_that_do_not_count_tick_nothing(site, search) -> None:
    stand(site.ES, "example")
    texts = search("voucher").main.split("whatever is ticked:")[1]
    assert texts.startswith(" 1 place in 1 of 4 countries. 1 more is in a policy")


def test_real_and_invented_countries_are_counted_apart(search) -> None:
    page = search("voucher")
    assert "3 places in 3 of 4 countries." in page.main
    assert "2 places in 1 of 2 demonstration countries." in page.main


def test_results_in_invented_countries_have_a_section_of_their_own_below(site, search) -> None:
    page = search("voucher")
    real, invented = page.html.split('id="demonstration"')
    slug = site.invented[0].slug
    assert f"/{slug}/#" in invented
    assert f"/{slug}/#" not in real
    assert "france" not in invented


def test_a_country_that_is_searched_alone_is_named(search) -> None:
    page = search("voucher", country="spain")
    assert "Spain: 1 place." in page.main
    assert page.urls == [f"{SPAIN}#plan.instruments"]


@pytest.mark.parametrize(
    ("part", "count"),
    [
        ("introduction", 4),
        ("criterion", 0),
        ("reference", 0),
        ("section", 0),
        ("policy", 0),
        ("factsheet", 0),
    ],
)
def test_the_kind_of_place_narrows_the_search(search, part, count) -> None:
    page = search("glance", part=part)
    assert len([url for url in page.urls if "#introduction" in url]) == (count and count + 2)


def test_pages_hold_twenty_places_each_once_and_end_with_the_last(search) -> None:
    first, second = search("policy"), search("policy", page=2)
    assert len(first.urls) == SIZE
    assert not set(first.urls) & set(second.urls)
    last = search("policy", page=9999)
    assert last.urls
    assert 'rel="next"' not in last.html


def test_more_places_than_are_ranked_are_said_to_be_more(search, monkeypatch) -> None:
    monkeypatch.setattr("policies.searching.results.MOST", 5)
    page = search("plan")
    assert "More than" in page.main
    assert len(page.urls) == 5


# Nothing found


def test_a_word_that_is_nowhere_is_named(search) -> None:
    page = search("voucher zebra")
    assert "“zebra” is found nowhere" in page.main
    assert "Search only for “voucher”" in page.main


def test_the_filter_that_hides_everything_is_named(search) -> None:
    page = search("needle", country="spain", part="section")
    assert "Search all countries" in page.main
    assert "Search all kinds of places" not in page.main


def test_words_that_are_nowhere_together_are_said_to_be_so(search) -> None:
    assert "Search only for “needle”" in search("needle quokka").main


def test_categories_with_some_of_the_words_are_offered(search) -> None:
    assert "Categories with some of the words" in search("voucher zebra").main


@pytest.mark.parametrize("words", ["the", "of the", '"to be or not to be"'])
def test_words_that_stand_everywhere_are_said_to_be_so(search, words) -> None:
    assert "These words stand everywhere" in search(words).main


def test_words_that_stand_everywhere_are_left_out_beside_others(search) -> None:
    page = search("the needle")
    assert page.urls == [f"{ITALY}#plan.instruments"]
    assert "Left out, for they stand everywhere: the." in page.main


def test_without_words_the_page_says_what_is_searched(search) -> None:
    page = search()
    assert "4 factsheets are published. 2 more are of invented countries." in page.main
    assert "voucher" in page.main


@pytest.mark.parametrize(("words", "robots"), [("voucher", True), ("", False)])
def test_robots_leave_results_alone(search, words, robots) -> None:
    assert ('name="robots" content="noindex"' in search(words).html) is robots


# Bad input


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "'",
        '"""""',
        "a:b c*",
        "NEAR(voucher, 2)",
        "voucher OR NOT",
        "text_folded : x",
        "filed_under: y2022",
        "voucher & | ! <-> :*",
        "\0",
        "voucher\0",
        "%s %d %",
        "😀",
        "\ud83d".encode("utf-8", "replace").decode(),
        "x" * 10_000,
        "voucher " * 1_000,
        "((((((((",
        "-- ; DROP TABLE",
        "<script>alert(1)</script>",
        "ﷺ ½ ² Ⅷ 한글 ไทย",
    ],
)
def test_nothing_that_is_typed_is_syntax(search, words) -> None:
    assert "<script>alert" not in search(words).html


@hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@given(
    words=st.text(max_size=60) | st.text('"*():^-+ &|!<>aeé%\0', max_size=40),
    filters=st.dictionaries(
        st.sampled_from(["edition", "country", "part", "page", "x"]),
        st.sampled_from(["", "all", "2022", "spain", "section", "2", "-1", "1" * 30, "\0", "é"]),
    ),
)
def test_whatever_is_asked_is_answered(site, db, words, filters) -> None:
    address = f"/search/?{urlencode({**filters, 'q': words.encode('utf-8', 'replace')})}"
    assert Client().get(address).status_code in (200, 400, 404)


def test_a_filter_is_no_word_to_search_for(search) -> None:
    assert search("y2022").urls == []


def test_a_long_search_says_that_it_was_shortened(search) -> None:
    page = search(" ".join(f"word{number}" for number in range(30)))
    assert "only its first words were searched for" in page.main
    assert "word20" not in page.main.split("searched for: ")[1]


@pytest.mark.parametrize(
    ("query", "status", "message", "link"),
    [
        ("edition=1999", 404, "No factsheet is published in the 1999 edition.", "edition=2022"),
        ("edition=x", 404, "No factsheet is published in the x edition.", "edition=all"),
        ("edition=٢٠٢٢", 404, "No factsheet is published in the ٢٠٢٢ edition.", "edition=all"),
        ("country=atlantis", 404, "No country “atlantis” is published here.", "q=voucher"),
        ("country=frence", 404, "No country “frence” is published here.", "country=france"),
        (
            "part=footnote",
            400,
            "Kind of place: “footnote” is not among the choices.",
            "part=policy",
        ),
        ("q=cluster", 400, "“Words to search for” more than once", "/search/"),
        ("edition=2022&edition=all", 400, "“Edition” more than once", "q=voucher"),
        ("country=spain&country=france", 400, "“Country” more than once", "q=voucher"),
        ("part=policy&part=section", 400, "“Kind of place” more than once", "q=voucher"),
        ("page=1&page=2", 400, "“Page” more than once", "q=voucher"),
        *(
            (f"page={number}", 400, "Page: not a number of a page.", "q=voucher")
            for number in ("0", "-1", "x", "1e9", "٣", "9" * 400, "1.5")
        ),
    ],
)
def test_an_address_that_asks_for_what_there_is_not_says_what_to_change(
    search, client, query, status, message, link
) -> None:
    response = client.get(f"/search/?q=voucher&{query}")
    page = Page(response.content.decode())
    assert response.status_code == status
    assert page.main.count(message) == 1
    instead = page.main and page.html.split("<main")[1].split("Where to look")[0]
    links = [unescape(url) for url in re.findall('href="(/search/[^"]*)"', instead)]
    assert any(link in url for url in links)
    assert all(client.get(url).status_code == 200 for url in links)


def test_the_same_value_twice_is_one(search, client) -> None:
    query = "q=voucher&q=voucher&edition=2022&edition=&country=spain&country=spain"
    assert Page(client.get(f"/search/?{query}").content.decode()).urls
    assert search("voucher", country="\0").urls


def test_parameters_that_mean_nothing_share_a_page(search, client) -> None:
    one = client.get("/search/?q=voucher&utm=1&page=1")
    other = client.get("/search/?q=+voucher++&junk[]=x")
    assert one.content == other.content


# Cost


@pytest.mark.parametrize(
    ("words", "filters"),
    [
        ("voucher", {}),
        ("voucher zebra", {"country": "spain", "part": "section"}),
        ("policy", {"page": 2}),
        ("", {}),
    ],
)
def test_a_page_takes_few_queries_and_one_when_it_is_remembered(
    search, settings, django_assert_max_num_queries, django_assert_num_queries, words, filters
) -> None:
    settings.DEBUG = False  # while developing, no page is remembered
    with django_assert_max_num_queries(8):
        search(words, **filters)
    with django_assert_num_queries(1):
        search(words, **filters)


# Categories


def test_a_category_is_answered_with_countries_apart_from_invented_ones(search) -> None:
    page = search("hire phds")
    assert "Innovation: voucher, support to hire PhDs" in page.main
    assert "1 of 4 countries tick it" in page.main
    assert "1 of 2 demonstration countries" in page.main
    assert "/policies/?category=financial-instruments.innovation-support" in page.html


def test_a_bundled_category_says_so_and_counts_the_texts_that_use_the_word(search) -> None:
    page = search("voucher")
    assert "This category bundles several things: voucher; support to hire PhDs;" in page.main
    assert "So the number is not that of countries with “voucher”." in page.main
    texts = page.main.split("whatever is ticked:")[1]
    assert texts.startswith(
        " 2 places in 2 of 4 countries. 1 place in 1 of 2 demonstration countries."
    )


def test_words_are_said_as_they_were_typed(search) -> None:
    assert "So the number is not that of countries with “R&D”." in search("R&D").main
    assert "“Q&A, Too” is found nowhere" in search('"Q&A, Too"').main
    page = search("(R&D) needle")
    assert "Search only for “R&D”" in page.main
    assert 'href="/search/?q=R%26D&amp;edition=all"' in page.html


def test_a_category_is_found_by_the_search_words_of_its_editors(search) -> None:
    category = Category.objects.get(code="monitoring")
    category.search_words = "tracking, Überwachung"
    category.save()
    page = search("uberwachung")
    assert "Monitoring" in page.main
    assert "also searched for as “Überwachung”" in page.main


def test_a_relabelled_category_answers_by_its_label_of_today_and_its_places_by_theirs(
    search,
) -> None:
    category = Category.objects.get(code="ex-ante")
    category.label = "Appraisal"
    category.save()
    page = search("appraisal")
    assert "Appraisal" in page.main
    assert "4 of 4 countries tick it" in page.main
    assert page.urls == []
    assert "Only the categories above have these words" in page.main
    assert "found nowhere" not in page.main
    assert f"{ITALY}#plan.evaluation" in search("ex-ante italy").urls


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("/es", "contratación de doctores"),
        ("/es", "contratar a doctores"),
        ("/es", '"CONTRATACION DE DOCTORES" cheque'),
        ("/fr", "embaucher des docteurs"),
        ("/de", "Einstellung von Promovierten"),
    ],
)
def test_a_category_and_its_places_are_found_as_the_page_calls_it(
    site, search, language, words
) -> None:
    page = search(words, language=language)
    assert page.html.count('<li class="answer">') == 1
    assert "financial-instruments.innovation-support" in page.html
    slug = site.invented[0].slug
    places = [GERMANY, f"/factsheets/2022/{slug}/"]
    assert page.urls == [f"{place}#plan.financial-instruments" for place in places]


def test_a_category_is_found_by_its_label_in_another_language(search) -> None:
    page = search("embauche de docteurs")
    assert "1 of 4 countries tick it" in page.main
    assert "also searched for as “Innovation" in page.main
    assert page.urls == []


def relabel(code, label):
    category = Category.objects.get(code=code)
    category.label = label
    category.save()


def test_a_category_is_found_by_a_label_that_it_had(search) -> None:
    relabel("innovation-support", "Other support")
    page = search("hire PhDs")
    assert "Other support" in page.main
    assert "also searched for as “Innovation: voucher, support to hire PhDs" in page.main
    assert f"{GERMANY}#plan.financial-instruments" in search("doctores", language="/es").urls


def test_a_label_that_comes_back_is_no_former_one(search) -> None:
    for label in ("Appraisal", "Estimate", "Appraisal"):
        relabel("ex-ante", label)
    assert Category.objects.get(code="ex-ante").former_labels.splitlines()[1:] == ["Estimate"]
    assert "also searched for as" not in search("appraisal").main


@pytest.mark.parametrize("words", ["de la", "para", "und"])
def test_small_words_of_other_languages_find_no_category(search, words) -> None:
    assert '<li class="answer">' not in search(words, language="/es").html


def test_examples_and_ended_policies_do_not_tick_a_category(site, search) -> None:
    before = search("hire phds").main
    assert "1 of 4 countries tick it" in before
    for standing in ("example", "ended"):
        stand(site.DE, standing)
        assert "0 of 4 countries tick it" in search("hire phds").main


# Publishing


@pytest.fixture
def france_again(site, db):
    """France, with another introduction."""
    section = site.FR.factsheet.sections.get(type__code="introduction")
    section.text = "Told anew, with a platypus."
    section.save()
    section.refresh_from_db()
    submit(section, by=site.cast["ada"], kind="wording_only")
    section.refresh_from_db()
    approve(section, by=site.cast["ben"])
    return publish(site.FR.factsheet, by=site.cast["cleo"], note="A new introduction.")


def test_a_draft_is_not_found(site, search) -> None:
    section = site.FR.factsheet.sections.get(type__code="introduction")
    section.text = "A secret platypus."
    section.save()
    assert search("platypus").urls == []


def test_a_new_version_replaces_what_was_found_before(search, france_again) -> None:
    assert search("platypus").urls == [f"{FRANCE}#introduction"]
    assert f"{FRANCE}#introduction" not in search("glance france").urls
    assert len(search("kelp").urls) == 1


def test_a_withdrawn_version_is_not_found(site, search, france_again) -> None:
    withdraw(france_again, by=site.cast["cleo"], reason="Wrong.")
    assert search("platypus").urls == []
    assert not SearchEntry.objects.filter(publication__factsheet=site.FR.factsheet).exists()


def test_the_command_fills_what_is_missing_and_only_that(search, capsys) -> None:
    SearchEntry.objects.filter(publication__factsheet__country__code="FR").delete()
    assert search("kelp").urls == []
    call_command("index_publications")
    assert len(search("kelp").urls) == 1
    call_command("index_publications")
    assert capsys.readouterr().out.split("\n")[:2] == [
        "1 publications indexed for the search.",
        "0 publications indexed for the search.",
    ]


def test_the_command_rebuilds_all(site, search) -> None:
    before = list(SearchEntry.objects.order_by("pk").values_list("anchor", "text"))
    SearchEntry.objects.update(text="", text_folded="")
    call_command("index_publications", rebuild=True)
    assert list(SearchEntry.objects.order_by("pk").values_list("anchor", "text")) == before
    assert len(search("kelp").urls) == 1


def test_every_result_leads_to_a_place_that_is_there(site, client, db) -> None:
    page = client.get(FRANCE).content.decode()
    anchors = SearchEntry.objects.filter(publication=site.FR).values_list("anchor", flat=True)
    assert [anchor for anchor in anchors if anchor and f'id="{anchor}"' not in page] == []
