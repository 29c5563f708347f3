"""What people wrote keeps its language on every page, as does English that stands in."""

from types import SimpleNamespace

import pytest
from django.utils.timezone import localdate

from policies.models import Translation
from tests.factory import (
    make_cast,
    make_judged,
    make_publication,
    make_scored_document,
    reported,
)
from tests.lasting import lent
from tests.over_time import make_edition, revise
from tests.policies.test_public_pages import sample
from tests.tongues import misplaced, texts_in, tongues_of

pytestmark = pytest.mark.django_db
CHILE = "/factsheets/2022/chile/"
OURS = "ñandú"  # stands in all that the people of Chile wrote
TICKED = "objectives/rd"
FORMER = "Otro &lt;i&gt;ñandú&lt;/i&gt; &amp; 100 %"


@pytest.fixture(scope="module")
def once(lasting):
    """Two versions of Chile in Spanish, the edition after, and Mexico in English."""
    cast = make_cast()
    first = make_publication(cast, in_spanish())
    kinds = {"plan-norte.heading": "record_corrected"}
    second = revise(cast, first, kinds, "Era sectorial.", kind="sectoral")
    make_edition(2024)
    make_publication(cast, in_spanish(edition={"year": 2024}))
    return SimpleNamespace(cast=cast, chile=second, mexico=make_publication(cast, sample("mexico")))


chile = lent("chile")


def in_spanish(**fields):
    document = make_scored_document("CL", language="es", **fields)
    sections = document["policies"][0]["sections"]
    for section in sections:
        if section["type"] == "objectives":
            section |= reported("rd", text="Long")
        if section["type"] == "beneficiaries":
            section |= reported() | {"categories": [{"code": "other", "detail": "Un ñandú"}]}
        if section.get("text"):
            section["text"] = "El ñandú corre.[@uno]" + " Otra vez el ñandú." * 20
        else:
            section["availability_note"] = "Nota del ñandú."
    judged = {"evidence": {"points": 1, "reason": "Lo vio un ñandú."}}
    reference = {"key": "uno", "authors": "Un puma", "year": 2020, "title": "Del puma"}
    own = {"region": "Valle del ñandú", "level": "regional"}
    budget = {"overall": {"availability": "reported", "words": "Un ñandú al año"}}
    return document | {
        "policies": [
            document["policies"][0]
            | {"code": "plan-norte", "names": ["Plan Norte ñandú", "Otro <i>ñandú</i> & 100 %"]}
            | {**own, "budget": budget, "heading_note": "Véase el ñandú."},
            {"code": "este", "names": ["Ejemplo ñandú"], "kind": "broad", "is_example": True}
            | {"sections": sections},
        ],
        "references": [{**reference, "publisher": "Casa del puma", "note": "Sobre el ñandú."}],
        "maturity": make_judged(judged, text="Un ñandú."),
    }


PAGES = {
    "factsheet": (CHILE, "Plan Norte ñandú"),
    "version": (f"{CHILE}v1/", "Lo vio un ñandú"),
    "notes": (CHILE, "Véase el ñandú"),
    "bibliography": (CHILE, "Sobre el ñandú"),
    "history": (f"{CHILE}history/", "Plan Norte ñandú"),
    "what-if": (f"{CHILE}what-if/?plan-norte.out=1", "Plan Norte ñandú"),
    "steps": (f"{CHILE}what-if/?plan-norte.kind=broad", "Plan Norte ñandú"),
    "over time": ("/factsheets/chile/over-time/", "Plan Norte ñandú"),
    "list": ("/policies/?edition=2022", FORMER),
    "list of a day": ("/policies/?edition=2022&on={today}", FORMER),
    "countries": ("/compare/?edition=2022&country=chile&country=mexico", "Plan Norte ñandú"),
    "editions": ("/compare/?edition=2022&edition=2024&country=chile", FORMER),
    "category": (f"/categories/{TICKED}/?edition=2022", "El ñandú corre"),
    "category of a day": (f"/categories/{TICKED}/?edition=2022&on={{today}}", "Plan Norte ñandú"),
    "search": ("/search/?q=Norte&edition=2022", "ñandú"),
}


@pytest.mark.parametrize("language", ["", "/de"])
@pytest.mark.parametrize("kind", PAGES)
def test_what_people_wrote_is_marked_as_their_language(chile, client, kind, language):
    address, words = PAGES[kind]
    page = read(client, f"{language}{address}")
    assert words in page
    assert texts_in(page, OURS, "es") == []
    assert misplaced(page) == []
    assert "<i>" not in page


@pytest.mark.parametrize("language", ["", "/es", "/de"])
def test_of_the_language_of_a_source_nothing_is_said(chile, client, language):
    _head, _list, rest = read(client, f"{language}{CHILE}").partition('<ul class="sources">')
    assert tongues_of(rest.partition("</ul>")[0], "puma") == {""}


def read(client, address):
    return client.get(address.format(today=localdate())).content.decode()


def test_a_policy_that_a_reader_supposes_is_in_the_language_of_the_page(chile, client):
    page = read(client, f"/de{CHILE}what-if/?new.1.kind=cluster")
    assert tongues_of(page, "Neue Politik 1") == {"de"}


# Where a translation is missing, English stands in

LABEL = "Fostering R&D activities, technology development and implementation"
DEFINITION = "The policy promotes research and development"
SECTION = "Policy objectives"
LEVEL = "Sectoral policy"
CRITERION = "Policy scope"
UNTRANSLATED = {
    "factsheet": (CHILE, [LABEL, SECTION, LEVEL, CRITERION]),
    "what-if": (f"{CHILE}what-if/?plan-norte.kind=broad", [LEVEL, CRITERION]),
    "history": (f"{CHILE}history/?from=1&to=2", [CRITERION]),
    "over time": ("/factsheets/chile/over-time/", [CRITERION]),
    "category": (f"/categories/{TICKED}/?edition=2022", [LABEL, DEFINITION, SECTION]),
    "categories": ("/categories/?edition=2022&section=objectives", [LABEL, SECTION]),
    "all categories": ("/categories/?edition=2022&section=all", [LABEL, SECTION]),
    "method": ("/methodology/2022/", [LEVEL, CRITERION]),
    "statistics": ("/statistics/2022/", [LABEL, SECTION, LEVEL, CRITERION]),
    "policies": (f"/policies/?edition=2022&category={TICKED.replace('/', '.')}", [LABEL, SECTION]),
    "factsheets": ("/factsheets/?edition=2022&points=scope-1", [LEVEL, CRITERION]),
    "compare": (PAGES["countries"][0], [LABEL, SECTION, LEVEL, CRITERION]),
    "home": ("/", [LEVEL, CRITERION]),
}


@pytest.mark.parametrize("kind", UNTRANSLATED)
def test_english_that_stands_in_is_marked_as_english(chile, client, kind):
    for row in Translation.objects.filter(english__in=[LABEL, SECTION, LEVEL, CRITERION]):
        untranslate(row)
    untranslate(Translation.objects.get(english__startswith=DEFINITION))
    address, english = UNTRANSLATED[kind]
    page = read(client, f"/de{address}")
    assert [words for words in english if tongues_of(page, words) != {"en"}] == []
    assert misplaced(page) == []


def untranslate(row):
    row.de = ""
    row.save()
