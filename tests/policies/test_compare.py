"""Countries of an edition, or editions of a country, side by side at one address."""

import json
import re
from types import SimpleNamespace

import pytest

from policies.models import Country, Edition, Publication
from policies.presentation.elsewhere import moved
from policies.presentation.side_by_side import policy_rows, text_rows
from policies.presentation.sides import side_of
from policies.presentation.yardsticks import charts, points_tables
from policies.reference_data import SAMPLE
from policies.workflow import withdraw
from scoring.facts import Facts, PolicyFacts, Status
from scoring.models import Criterion, Level, Rubric
from tests.factory import make_cast, make_factsheet, make_publication, make_scored_document

OTHERS = ("FR", "DE", "ES", "IT", "PL")
SIX = ("mexico", "france", "germany", "spain", "italy", "poland")


def compare(*countries, editions=(2022,), only=""):
    values = [f"edition={edition}" for edition in editions]
    values += [f"country={country}" for country in countries]
    return "/compare/?" + "&".join([*values, *([f"only={only}"] if only else [])])


def sample(name):
    return json.loads((SAMPLE / f"{name}-2022.json").read_text(encoding="utf-8"))


def make_edition(year, rubric=None):
    fields = {"label": str(year), "collected_on": f"{year}-09-30"}
    return Edition.objects.create(year=year, rubric=rubric or Rubric.objects.get(), **fields)


@pytest.fixture(scope="module")
def site(lasting):
    """Mexico in two editions, five small factsheets and two invented countries."""
    cast = make_cast()
    make_edition(2021)
    documents = [sample(name) for name in ("mexico", "fictavia", "inventoria")]
    documents += [make_scored_document(code) for code in OTHERS]
    documents.append(make_scored_document("MX", edition={"year": 2021}))
    for document in documents:
        make_publication(cast, document)
    return SimpleNamespace(cast=cast)


def words(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def canonical(html):
    address = re.search(r'rel="canonical" href="http://testserver([^"]*)"', html)[1]
    return address.replace("&amp;", "&")


def columns(html):
    return re.findall(r'<th scope="col"><span class="name">([^<]*)</span>', html)


# Addresses


def test_countries_stand_in_the_order_of_the_address(get):
    assert columns(get(compare("mexico", "france", "germany")))[:3] == [
        *("Mexico", "France", "Germany"),
    ]
    assert columns(get(compare("germany", "mexico")))[:2] == ["Germany", "Mexico"]


def test_editions_of_a_country_are_named_by_their_years(get):
    page = get(compare("mexico", editions=(2021, 2022)))
    assert columns(page)[:2] == ["2021", "2022"]
    assert "Mexico, edition by edition" in page
    assert f'href="{compare("mexico")}"'.replace("&", "&amp;") in page


def test_a_country_chosen_twice_is_refused_with_the_address_that_has_it_once(get):
    page = get(compare("mexico", "france", "mexico"), status=400)
    assert "“mexico” is chosen twice" in page
    assert f'href="{compare("mexico", "france")}"'.replace("&", "&amp;") in page


def test_without_an_edition_the_latest_with_all_the_countries_is_compared(site, get):
    make_edition(2024)
    make_publication(site.cast, make_scored_document("MX", edition={"year": 2024}))
    assert canonical(get("/compare/?country=mexico&country=france")) == compare("mexico", "france")


def test_the_head_links_the_factsheets_and_what_remains_without_one(get):
    page = get(compare("mexico", "france", "spain"))
    assert 'href="/factsheets/2022/france/"' in page
    assert f'href="{compare("mexico", "spain")}"'.replace("&", "&amp;") in page


def test_a_country_is_found_by_its_word_of_today_and_shown_by_its_name_of_today(get):
    Country.objects.filter(code="MX").update(slug="mexiko", name="Mexiko")
    page = get(compare("mexiko", "france"))
    assert columns(page)[:2] == ["Mexiko", "France"]
    assert "<title>Mexiko, France compared, 2022" in page
    assert '"name": "Mexiko 2022"' in page
    assert ">Mexico 2022<" not in page
    get(compare("mexico", "france"), status=404)


def test_every_factsheet_leads_to_its_comparison(get):
    address = compare("mexico").replace("&", "&amp;")
    assert f'href="{address}"' in get("/factsheets/2022/mexico/")


# Choosing


def test_one_country_is_ticked_and_named(get):
    page = get(compare("mexico"))
    assert re.findall(r'value="([^"]*)" checked', page) == ["mexico", "2022"]
    assert "Chosen: Mexico." in page
    assert "Or editions of one country: Mexico" in page


def test_the_boxes_keep_invented_countries_apart(get):
    real, invented = get("/compare/").split("invented countries")
    assert "France" in real
    assert "Fictavia" not in real
    assert "Fictavia" in invented


def test_seven_countries_come_back_ticked_with_what_to_change(get):
    page = get(compare(*SIX, "fictavia"), status=400)
    assert "7 are too many to compare: leave at most 6 ticked" in words(page)
    assert page.count(" checked") == 7


def test_a_site_without_factsheets_has_nothing_to_compare(get, monkeypatch):
    monkeypatch.setattr("policies.finding.published_years", list)
    assert "No factsheet is published yet" in get(compare("mexico", "france"))


BAD = [
    ("edition=1999&country=mexico&country=france", 404, "in the 1999 edition"),
    ("edition=&country=mexico&country=france", 200, "Side by side, 2022"),
    ("edition=x&country=mexico", 400, "Edition: “x” is no year. "),
    ("edition=99999999999999999999&country=mexico", 400, "is no year"),
    ("edition=2022%00&country=mexico", 400, "is no year"),
    ("edition=２０２２&country=mexico", 400, "is no year"),
    ("edition=2022&edition=2022&country=mexico", 400, "“2022” is chosen twice"),
    ("edition=2022&country=mexico&country=atlantis", 404, "No factsheet of “atlantis”"),
    ("edition=2022&country=mexico&country=atlantis", 404, "Compare instead"),
    ("edition=2022&country=mexico&country=atlantis", 404, "Fictavia (invented) France"),
    ("edition=2022&country=atlantis", 404, "No factsheet of “atlantis”"),
    ("country=atlantis&country=mexico", 404, "No factsheet of “atlantis”"),
    ("edition=2022&country=a%00b&country=mexico", 400, "Country: “a"),
    ("country=%F0%9F%A6%86&country=mexico", 400, "Country: “🦆” can’t stand"),
    ("edition=2021&country=mexico&country=france", 404, "“france” is published in the 2021"),
    ("edition=2021&edition=2022&country=france", 404, "“france” is published in the 2021"),
    ("edition=2021&edition=2022", 200, "choose the one country"),
    ("edition=2021&edition=2022&country=mexico&country=france", 400, "one country in several"),
    ("edition=2022&country=mexico,france", 400, "Country: “mexico,france” can’t stand"),
    ("edition=2022&country[]=mexico&only=&x=y", 200, "Choose two to six countries"),
    ("edition=2022&country=mexico&country=france&only=all", 400, "“Only what differs” is either"),
    ("country=mexico&only=differences&only=differences", 400, "“Only what differs” is either"),
    ("&".join(f"country=c{n}" for n in range(900)), 400, "900 are too many"),
    ("&".join(f"edition={n}" for n in range(2000, 2010)), 404, "edition"),
    (f"edition=2022&country={'x' * 8000}", 400, "Country: “xxx"),
]


@pytest.mark.parametrize(("query", "status", "said"), BAD, ids=[row[0][:50] for row in BAD])
def test_bad_input_gets_a_page_that_says_what_to_change(
    get, query, status, said, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        page = get(f"/compare/?{query}", status=status)
    assert said in words(page)
    assert len(page) < 300_000


def test_what_is_missing_can_be_left_out_with_one_link(get):
    page = get(compare("mexico", "atlantis", "france"), status=404)
    assert f'href="{compare("mexico", "france")}"'.replace("&", "&amp;") in page


def test_countries_in_several_editions_can_be_had_either_way(get):
    page = get(compare("mexico", "france", editions=(2021, 2022)), status=400)
    for address in (compare("mexico", "france"), compare("mexico", editions=(2021, 2022))):
        assert f'href="{address}"'.replace("&", "&amp;") in page


# What is shown


def test_scores_say_how_much_of_them_was_judged(get):
    assert "1.5 of 8 , of which 0.5 judged" in words(get(compare("mexico", "france")))


def test_no_draft_and_nothing_withdrawn_is_compared(site, get):
    make_factsheet("SE")
    get(compare("mexico", "sweden"), status=404)
    publication = Publication.objects.current().get(factsheet__country__code="FR")
    withdraw(publication, by=site.cast["cleo"], reason="A wrong year.")
    get(compare("mexico", "france"), status=404)


def test_a_draft_that_was_changed_changes_nothing(site, get):
    before = get(compare("mexico", "france"))
    section = Publication.objects.current().get(factsheet__country__code="FR").factsheet.sections
    found = section.get(type__code="introduction")
    found.text = "Not yet public."
    found.save()
    assert get(compare("mexico", "france")) == before


def test_invented_countries_beside_real_ones_are_said_to_be_invented(get):
    mixed = words(get(compare("mexico", "fictavia")))
    assert "Fictavia is an invented country" in mixed
    assert "no conclusion about the real ones follows" in mixed
    assert "invented" not in words(get(compare("mexico", "france"))).split("Countries")[0]
    assert "no conclusion" not in words(get(compare("fictavia", "inventoria")))


def test_three_outlines_share_a_chart_and_four_do_not(get):
    assert get(compare(*SIX[:3])).count("<canvas") == 1
    assert get(compare(*SIX[:4])).count("<canvas") == 4


@pytest.fixture
def mixed_rules(site, db):
    """Mexico in an edition with another rubric, too."""
    rubric = Rubric.objects.create(code="2023", title="Another")
    for old in Criterion.objects.filter(rubric__code="2022").prefetch_related("levels"):
        levels = list(old.levels.all())
        old.pk, old.rubric = None, rubric
        old.save()
        for level in levels:
            level.pk, level.criterion = None, old
        Level.objects.bulk_create(levels)
    make_edition(2023, rubric)
    make_publication(site.cast, make_scored_document("MX", edition={"year": 2023}))


def test_editions_under_different_rubrics_are_not_compared_by_number(mixed_rules, get):
    page = get(compare("mexico", editions=(2022, 2023)))
    assert "These factsheets were scored by different rules" in page
    assert page.count('<table class="compare-points">') == 2
    assert "<canvas" not in page


def test_texts_lead_to_the_notes_and_sources_of_their_factsheet(get):
    page = get(compare("mexico", "france"))
    assert 'href="/factsheets/2022/mexico/#fn-2"' in page
    assert not re.findall(r'id="(?:cite|fnref)-', page)


def test_ids_are_unique_and_nothing_is_blocked_by_the_policy(get):
    for address in (compare(*SIX[:3]), compare(*SIX), compare("mexico")):
        page = get(address)
        ids = re.findall(r'\sid="([^"]*)"', page)
        assert len(ids) == len(set(ids))
        assert not re.search(r"\s(style|on\w+)=", page)


def test_only_what_differs_names_the_rows_that_it_hides(get):
    page = words(get(compare("france", "germany", only="differences")))
    assert "Only what differs." in page
    hidden = page.split("rows are hidden")[1].split("Show everything")[0]
    shown = page.split("Policies side by side")[-1]
    assert "Instruments: Financial" in hidden
    assert "Instruments : Financial" not in shown
    assert "Policy objectives not known of either" in shown
    assert "Points: Policy scope; Points: Continuity" in hidden
    assert "Points by criterion 4 rows are left out" in page


def test_points_of_different_rules_are_never_left_out_as_the_same(mixed_rules, get):
    page = get(compare("mexico", editions=(2022, 2023), only="differences"))
    assert "Policy scope" in words(page).split("Points by the rules 2023")[1]
    assert "Points: " not in page


def test_with_everything_shown_the_number_of_equal_rows_is_a_link_away(get):
    page = get(compare("france", "germany"))
    assert "only=differences" in page
    assert "rows are the same in all" in words(page)
    assert canonical(get(compare("france", "germany", only="differences"))) == canonical(page)


# Queries


@pytest.mark.parametrize(
    "address",
    [
        "/compare/",
        compare("mexico"),
        compare("mexico", "france"),
        "/compare/?country=mexico&country=france",
        compare(*SIX),
        compare("mexico", editions=(2021, 2022)),
    ],
)
def test_a_comparison_takes_few_queries_and_one_when_remembered(
    site, db, client, address, django_assert_max_num_queries
):
    with django_assert_max_num_queries(5):
        first = client.get(address)
    with django_assert_max_num_queries(1):
        assert client.get(f"{address}{'&' if '?' in address else '?'}x=1").content == first.content
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_new_version_is_compared_at_once(site, get):
    before = get(compare("mexico", "france"))
    publication = Publication.objects.current().get(factsheet__country__code="FR")
    withdraw(publication, by=site.cast["cleo"], reason="A wrong year.")
    assert before != get(compare("mexico", "france"), status=404)


# Lines side by side, from plain documents


def make_section(*codes, availability="reported", type_="focus", text=""):
    return {
        "type": type_,
        "heading": type_.title(),
        "title": type_.title(),
        "availability": availability,
        "availability_note": "",
        "html": f"<p>{text}</p>" if text else "",
        "categories": [
            {"code": code.split(":")[0], "label": code.split(":")[0].title(), "detail": detail}
            for code in codes
            for detail in [code.partition(":")[2]]
        ],
    }


def make_policy(code, *sections, **fields):
    return {
        "code": code,
        "names": [code.title()],
        "original_name": "",
        "url": "",
        "kind": "broad",
        "level": "national",
        "region": "",
        "is_example": False,
        "period": "unknown",
        "starting_year": None,
        "ending_year": None,
        "continuous_since": None,
        "sections": list(sections),
        **fields,
    }


def make_side(name, *policies, status="reported", points=1.0, **maturity):
    facts = Facts(
        Status(status),
        2022,
        tuple(
            PolicyFacts(p["code"], p["code"], p["kind"], p["is_example"], p["period"])
            if p["ending_year"] is None
            else PolicyFacts(p["code"], p["code"], p["kind"], ending_year=p["ending_year"])
            for p in policies
        ),
    )
    levels = [{"points": n, "label": f"Level {n}", "annex_label": ""} for n in (0, 1.0, 2)]
    criterion = {
        "code": "scope",
        "title": "Policy scope",
        "description": "",
        "points": points,
        "maximum": 2,
        "derived": {"points": points, "reasons": []},
        "judged": None,
        "levels": levels,
        "html": f"<p>Of {name}.</p>",
    }
    document = {
        "language": "en",
        "country": {"name": "Old", "slug": "old", "group": "third"},
        "edition": {"year": 2022, "label": "2022", "collected_on": "2022-09-30"},
        "version": 1,
        "published_at": "2022-12-21T10:00:00+00:00",
        "policies_status": status,
        "sections": [],
        "policies": list(policies),
        "maturity": {
            "rubric": "2022",
            "total": points,
            "judged_total": 0,
            "maximum": 2,
            "complete": True,
            "facts": facts.to_dict(),
            "criteria": [criterion],
            **maturity,
        },
        "references": [],
        "footnotes": [],
    }
    return side_of(document, name.lower(), name)


def focus(*sides):
    """The line of the policy focus, and what stands in it by label and mark."""
    row = policy_rows(list(sides))[1]
    found = [
        [(c.label, c.mark) for entry in cell.entries for c in entry.categories]
        for cell in row.cells
    ]
    return row, found


def test_what_all_have_is_shared_and_what_one_is_known_not_to_have_differs():
    row, found = focus(
        make_side("A", make_policy("p", make_section("cities", "ports"))),
        make_side(
            "B", make_policy("q", make_section("cities")), make_policy("r", make_section("x"))
        ),
    )
    assert found == [
        [("Cities", "shared"), ("Ports", "differs")],
        [("Cities", "shared"), ("X", "differs")],
    ]
    assert row.summary == "1 shared, 2 differ"
    assert not row.same


@pytest.mark.parametrize(
    ("other", "mark"),
    [
        (make_section(availability="no_data"), "open"),
        (make_section(availability="not_researched"), "open"),
        (make_section(), "open"),  # reported, but nothing ticked: that says nothing
        (make_section(availability="none_exists"), "differs"),
        (make_section(availability="not_applicable"), "differs"),
        (make_section("ports"), "differs"),
        (make_section("ports", "cities"), "shared"),
    ],
)
def test_a_category_differs_only_from_what_is_known(other, mark):
    _row, found = focus(
        make_side("A", make_policy("p", make_section("cities"))),
        make_side("B", make_policy("q", other)),
    )
    assert found[0] == [("Cities", mark)]


def test_another_policy_of_a_side_may_still_have_what_is_not_known_of_it():
    _row, found = focus(
        make_side("A", make_policy("p", make_section("cities"))),
        make_side(
            "B",
            make_policy("q", make_section("ports")),
            make_policy("r", make_section(availability="no_data")),
        ),
    )
    assert found[0] == [("Cities", "open")]


@pytest.mark.parametrize(("status", "mark"), [("none_exist", "differs"), ("reported", "open")])
def test_a_side_without_policies_has_no_category_only_if_none_exist(status, mark):
    row, found = focus(
        make_side("A", make_policy("p", make_section("cities"))), make_side("B", status=status)
    )
    assert found[0] == [("Cities", mark)]
    assert row.cells[1].nothing.kind == {"none_exist": "none_exists"}.get(status, status)


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"is_example": True}, "Example, not counted"),
        ({"ending_year": 2020, "period": "limited"}, "Ended, not counted"),
    ],
)
def test_what_does_not_count_is_shown_last_and_shared_with_nobody(fields, label):
    row, found = focus(
        make_side(
            "A",
            make_policy("p", make_section("cities"), **fields),
            make_policy("q", make_section()),
        ),
        make_side("B", make_policy("r", make_section("cities"))),
    )
    assert [entry.label for entry in row.cells[0].entries] == ["", label]
    assert found == [[("Cities", "")], [("Cities", "open")]]


def test_the_same_category_with_another_detail_is_not_shared():
    _row, found = focus(
        make_side("A", make_policy("p", make_section("other:Nature"))),
        make_side("B", make_policy("q", make_section("other:Sport"))),
    )
    assert found == [[("Other: Nature", "differs")], [("Other: Sport", "differs")]]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (make_section("x", text="One."), make_section("x", text="Another."), True),
        (make_section("x"), make_section("x", "y"), False),
        (make_section(text="One."), make_section(text="Another."), False),
        (make_section(text="One."), make_section(text="One."), True),
        (make_section(availability="no_data"), make_section(availability="no_data"), False),
        (make_section(availability="none_exists"), make_section(availability="none_exists"), True),
        (make_section(availability="no_data"), make_section(availability="none_exists"), False),
    ],
)
def test_a_line_is_the_same_by_its_categories_or_without_them_by_all_it_says(one, other, same):
    row, _found = focus(
        make_side("A", make_policy("p", one)), make_side("B", make_policy("q", other))
    )
    assert row.same is same


@pytest.mark.parametrize(
    ("many", "said"),
    [
        (["no_data", "no_data"], "not known of either"),
        (["no_data", "not_researched"], "not known of either"),
        (["no_data", "no_data", "no_data"], "not known of any"),
        (["no_data", "none_exists"], ""),
    ],
)
def test_a_line_that_is_not_known_of_any_side_says_so(many, said):
    row, _found = focus(
        *(
            make_side(name, make_policy("p", make_section(availability=kind)))
            for name, kind in zip("ABC", many, strict=False)
        )
    )
    assert (row.summary, row.same) == (said, False)


@pytest.mark.parametrize(("status", "same"), [("none_exist", True), ("not_researched", False)])
def test_sides_without_policies_are_the_same_only_if_none_exist(status, same):
    ended = {"ending_year": 2020, "period": "limited"}
    extra = [make_policy("p", make_section("x"), **ended)] if status != "none_exist" else []
    sides = [make_side("A", *extra, status=status), make_side("B", status=status)]
    assert {row.same for row in policy_rows(sides)[1:]} <= {same}


@pytest.mark.parametrize(("kind", "same"), [("no_data", False), ("none_exists", True)])
def test_texts_that_are_missing_are_the_same_only_if_that_is_known(kind, same):
    sides = [make_side("A"), make_side("B")]
    section = {**make_section(availability=kind, type_="introduction"), "part": "introduction"}
    for side in sides:
        side.document["sections"].append(section)
    assert text_rows(sides)[0].same is same


def test_a_category_that_was_relabelled_has_the_label_of_the_newest_document_on_all_sides():
    sections = [make_section("cities"), make_section("cities"), make_section("cities:Ports")]
    sections[0]["categories"][0]["label"] = "Towns"
    sides = [
        make_side(name, make_policy("p", found))
        for name, found in zip("ABC", sections, strict=True)
    ]
    sides[0].document["published_at"] = "2021-12-21T10:00:00+00:00"
    _row, found = focus(*sides)
    assert [[label for label, _mark in cell] for cell in found] == [
        *(["Cities"], ["Cities"], ["Cities: Ports"]),
    ]


def test_each_country_says_how_many_of_its_policies_are_in_force():
    row = policy_rows([make_side("A", make_policy("p", make_section("x"))), make_side("B")])[0]
    assert [cell.summary for cell in row.cells] == ["1 policy in force", ""]


def test_short_answers_that_are_the_same_are_given_once():
    sections = [make_section(availability="no_data"), make_section(availability="no_data")]
    row, _found = focus(
        make_side("A", make_policy("p", sections[0]), make_policy("q", sections[1])),
        make_side("B", make_policy("r", make_section("x"))),
    )
    (entry,) = row.cells[0].entries
    assert entry.policies == (
        ("P", "/factsheets/2022/a/#p.focus"),
        ("Q", "/factsheets/2022/a/#q.focus"),
    )


def test_texts_of_the_criteria_stand_side_by_side_to_unfold():
    (row,) = text_rows([make_side("A"), make_side("B")])
    assert [cell.text.html for cell in row.cells] == ["<p>Of A.</p>", "<p>Of B.</p>"]
    assert row.cells[0].text.label == "Text, 2 words"


def test_levels_that_differ_are_another_yardstick_even_under_one_rubric():
    alike = [make_side("A"), make_side("B", points=2)]
    assert [len(table.sides) for table in points_tables(alike)] == [2]
    other = make_side("C", rubric="2030")
    assert [len(table.sides) for table in points_tables([*alike, other])] == [2, 1]
    other.document["maturity"]["rubric"] = "2022"
    other.document["maturity"]["criteria"][0]["levels"][1]["label"] = "Another"
    assert [len(table.sides) for table in points_tables([*alike, other])] == [2, 1]


def test_a_chart_carries_the_points_of_each_and_says_them_in_words():
    (chart,) = charts([make_side("A"), make_side("B", points=2)])
    assert [series["points"] for series in chart.data["series"]] == [[1.0], [2]]
    assert chart.words == [
        "A 2022 scores 1 of 2 for policy scope.",
        "B 2022 scores 2 of 2 for policy scope.",
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a id="fnref-1" href="#fn-1">1</a>', '<a href="/x/#fn-1">1</a>'),
        ('<a href="https://example.org/#a">a</a>', '<a href="https://example.org/#a">a</a>'),
        (
            '<a class="cite" title="a > b" id="cite-x-1" href="#ref-x">x</a>',
            '<a class="cite" title="a > b" href="/x/#ref-x">x</a>',
        ),
        ('<p>id="x" href="#y" <b></p>', '<p>id="x" href="#y" <b></p>'),
    ],
)
def test_marks_of_a_text_elsewhere_lead_back_to_its_own_page(html, expected):
    assert moved(html, "/x/") == expected
