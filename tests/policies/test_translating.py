"""What reference tables say, in each language: kept in step, edited, shown, sent as a sheet."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from policies.models import Category, Country, Of, Translation
from policies.pages import Shelf, shelf
from policies.reference_data import load_reference
from policies.roles import Role
from policies.translating import keep_in_step
from scoring.loading import copied
from scoring.models import Level, Rubric
from tests.factory import make_cast, make_publication
from tests.policies.test_public_pages import sample
from tests.policies.test_table_exchange import address, check, client_of, exported, separated

pytestmark = pytest.mark.django_db

MEXICO = "/factsheets/2022/mexico/"
RD = {"of": Of.CATEGORY, "key": "objectives.rd", "field": "label"}


@pytest.fixture(scope="module")
def published(lasting):
    return make_publication(make_cast(), sample("mexico"))


@pytest.fixture
def mexico(published, db, monkeypatch):
    monkeypatch.setattr("policies.pages.shelf", Shelf(shelf.size))
    return published


@pytest.fixture
def ed():
    return client_of("ed", Role.ADMINISTRATOR)


def page(client, address):
    return client.get(address).content.decode()


# Rows in step with the tables


@pytest.mark.parametrize("language", Translation.LANGUAGES)
def test_the_project_brings_every_text_in_every_language(language):
    assert list(Translation.objects.missing(language)) == []


def test_what_somebody_translated_stays():
    Translation.objects.filter(**RD).update(es="I+D")
    load_reference()
    assert Translation.objects.get(**RD).es == "I+D"


def test_a_new_category_waits_for_its_translation(django_capture_on_commit_callbacks):
    kind = Category.objects.get(section_type__code="focus", code="sectoral").section_type
    with django_capture_on_commit_callbacks(execute=True):
        Category.objects.create(section_type=kind, code="new", label="New", order=99)
    row = Translation.objects.get(key="focus.new")
    assert (row.english, row.es, row.fr, row.de) == ("New", "", "", "")


def test_a_text_that_changes_keeps_its_translation_and_one_that_goes_takes_it_along():
    Country.objects.filter(code="MX").update(name="Mexico (United States of)")
    Country.objects.filter(code="AQ").delete()
    keep_in_step()
    row = Translation.objects.get(of=Of.COUNTRY, key="MX", field="name")
    assert (row.english, row.de) == ("Mexico (United States of)", "Mexiko")
    assert not Translation.objects.filter(of=Of.COUNTRY, key="AQ").exists()


def test_a_copied_scoring_system_is_translated_as_its_original():
    copied(Rubric.objects.get(code="2022"), "2023", "Another")
    keep_in_step()
    row = Translation.objects.get(of=Of.LEVEL, key="2023.scope.0.5", field="label")
    assert row.de == "Allgemeine Politik"


# On pages

SAID = [
    ("es", MEXICO, "Objetivos de la política"),
    ("es", MEXICO, "<h1>México</h1>"),
    ("fr", MEXICO, "Politique générale"),
    ("de", MEXICO, "Begünstigte"),
    ("de", MEXICO, "Hat das Land eine eigene Politik für Cluster"),
    ("de", MEXICO, "3. Quartal 2022"),
    ("fr", "/methodology/2022/", "Maturité de la politique de clusters 2022"),
    ("es", "/policies/", "Aumentar la resiliencia de las cadenas de suministro"),
    ("de", "/factsheets/", "Mexiko"),
    ("de", "/", "Mexiko"),
    ("fr", "/search/?q=Mexico", "Mexique"),
    ("de", "/statistics/2022/", "0,5: Allgemeine Politik"),
    ("es", "/categories/objectives/rd/", "Fomentar las actividades de I+D"),
]


@pytest.mark.parametrize(("language", "address", "words"), SAID)
def test_labels_are_in_the_language_of_the_page(mexico, client, language, address, words):
    assert words in page(client, f"/{language}{address}")


def test_where_a_translation_is_missing_english_stands(mexico, client):
    Translation.objects.filter(of=Of.SECTION, key="beneficiaries").update(de="")
    assert "Beneficiaries" in page(client, f"/de{MEXICO}")


@pytest.mark.parametrize("address", [MEXICO, f"{MEXICO}v1/", "/policies/", "/methodology/2022/"])
def test_a_translation_shows_at_once(mexico, client, address):
    page(client, f"/es{address}")
    Translation.objects.filter(english="Beneficiaries").update(es="Destinatarios")
    Translation.objects.filter(of=Of.CRITERION, key="2022.scope").update(es="Destinatarios")
    assert "Destinatarios" in page(client, f"/es{address}")


PAGES = ["/", "/factsheets/", "/policies/", MEXICO, "/categories/", "/search/?q=industrial"]
PAGES += ["/compare/?edition=2022&country=mexico", "/methodology/2022/", "/factsheets/2022/no/"]


@pytest.mark.parametrize("address", PAGES)
def test_no_language_takes_more_than_eight_queries(mexico, client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/fr{address}")
    assert len(queries) <= 8


# In the admin


def test_the_list_counts_and_finds_what_is_missing(ed):
    Translation.objects.filter(**RD).update(fr="")
    words = page(ed, f"{address(Translation, 'changelist')}?missing=fr")
    assert "French (1)" in words
    assert "Fostering R&amp;D activities" in words
    assert "Increase supply chain resilience" not in words


def test_a_sheet_goes_out_and_comes_back_changed(ed):
    rows = exported(ed, Translation, "csv").decode("utf-8-sig").splitlines()
    assert rows[0].replace('"', "") == "of,key,field,english,es,fr,de,es_from,fr_from,de_from"
    assert len(rows) > 400
    data = separated(["of", "key", "field", "fr"], ["category", "objectives.rd", "label", "La R&D"])
    ready = check(ed, Translation, data).context
    ed.post(
        address(Translation, "process_import"),
        {"staged": ready["staged"], "seen": ready["result"].fingerprint},
    )
    row = Translation.objects.get(**RD)
    assert row.fr == "La R&D"
    assert row.es.startswith("Fomentar")


WRONG = [
    (["category", "objectives.none", "label", "", "Nada"], "The site has no such text."),
    (["category", "objectives.rd", "label", "Other words", ""], "This never changes"),
]


@pytest.mark.parametrize(("row", "complaint"), WRONG)
def test_a_sheet_changes_no_english_and_brings_no_texts(ed, row, complaint):
    data = separated(["of", "key", "field", "english", "es"], row)
    problems = check(ed, Translation, data).context["problems"]
    assert complaint in str(problems)


def test_people_write_translations_and_nothing_else(ed):
    row = Translation.objects.get(**RD)
    url = address(Translation, "changelist") + f"{row.pk}/change/"
    ed.post(url, {"es": "I+D", "fr": row.fr, "de": row.de, "english": "Hacked"})
    row.refresh_from_db()
    assert (row.es, row.english[:9]) == ("I+D", "Fostering")


# English that changes


LATER = "Fostering research"


def reworded(english=LATER):
    """The row of a category, once somebody has changed its English."""
    Category.objects.filter(section_type__code="objectives", code="rd").update(label=english)
    keep_in_step()
    return Translation.objects.get(**RD)


def saved(client, row, **values):
    url = address(Translation, "changelist") + f"{row.pk}/change/"
    response = client.post(url, {"es": row.es, "fr": row.fr, "de": row.de, **values})
    row.refresh_from_db()
    return response


def test_translations_of_other_english_are_outdated_and_say_of_which():
    before = Translation.objects.get(**RD).english
    Translation.objects.filter(**RD).update(de="")
    row = reworded()
    assert (row.es_from, row.fr_from, row.de_from) == (before, before, "")
    assert [Translation.objects.outdated(name).count() for name in row.LANGUAGES] == [1, 1, 0]


def test_english_that_changes_again_or_back_is_compared_with_what_was_translated():
    before = reworded().es_from
    assert reworded("Research").es_from == before
    assert reworded(before).es_from == ""


def test_what_is_copied_is_as_outdated_as_its_original():
    rubric = copied(Rubric.objects.get(code="2022"), "2023", "Another")
    keep_in_step()
    broad = Level.objects.filter(criterion__rubric=rubric, criterion__code="scope", points="0.5")
    broad.update(label="Another kind of policy")
    keep_in_step()
    copied(rubric, "2024", "And another")
    keep_in_step()
    row = Translation.objects.get(of=Of.LEVEL, key="2024.scope.0.5", field="label")
    assert row.de_from == "Broad policy"


def test_the_list_counts_and_finds_what_is_outdated(ed):
    reworded()
    words = page(ed, f"{address(Translation, 'changelist')}?outdated=fr")
    assert "French (1)" in words
    assert LATER in words
    assert "Increase supply chain resilience" not in words


def test_a_row_says_what_its_translations_were_made_of(ed):
    row = reworded()
    assert escape(row.es_from) in page(ed, address(Translation, "changelist") + f"{row.pk}/change/")


def test_a_new_translation_is_of_the_english_of_today(ed):
    row = reworded()
    before = row.fr_from
    saved(ed, row, es="Fomentar la investigación")
    assert (row.es_from, row.fr_from) == ("", before)


def test_somebody_can_say_that_a_translation_is_still_right(ed):
    row = reworded()
    french, before = row.fr, row.es_from
    saved(ed, row, still_right=["fr"])
    assert (row.fr, row.fr_from, row.es_from) == (french, "", before)


def test_a_sheet_shows_what_is_outdated_and_brings_it_up_to_date(ed):
    row = reworded()
    assert row.es_from in exported(ed, Translation, "csv").decode("utf-8-sig")
    key = [row.of, row.key, row.field]
    data = separated(["of", "key", "field", "de", "de_from"], [*key, "Forschung", row.de_from])
    ready = check(ed, Translation, data).context
    ed.post(
        address(Translation, "process_import"),
        {"staged": ready["staged"], "seen": ready["result"].fingerprint},
    )
    row.refresh_from_db()
    assert (row.de, row.de_from, row.english) == ("Forschung", "", LATER)
    assert row.es_from


def test_a_sheet_takes_no_outdated_translation_for_a_new_one(ed):
    row = reworded()
    data = separated(["of", "key", "field", "es_from"], [row.of, row.key, row.field, "(clear)"])
    assert check(ed, Translation, data).context["result"].changed == []


def test_a_sheet_can_come_back_twice_although_what_it_tells_has_changed(ed):
    row = reworded()
    key = [row.of, row.key, row.field]
    head = ["of", "key", "field", "de", "de_from"]
    for text in ("Forschung", "Forschung und Entwicklung"):
        ready = check(ed, Translation, separated(head, [*key, text, LATER])).context
        ed.post(
            address(Translation, "process_import"),
            {"staged": ready["staged"], "seen": ready["result"].fingerprint},
        )
    row.refresh_from_db()
    assert (row.de, row.de_from) == ("Forschung und Entwicklung", "")


def test_signs_that_no_page_can_hold_are_dropped(ed):
    row = Translation.objects.get(**RD)
    saved(ed, row, es="I+D\x01\x1f y más")
    assert row.es == "I+D y más"
    Category.objects.filter(code="rd").update(label="R\x02&D")
    assert Category.objects.filter(label="R&D").exists()
