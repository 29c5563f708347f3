"""The sample documents: valid, consistent, and for Mexico true to the published factsheet."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

POLICIES = Path(__file__).parents[2] / "policies"

Json = dict[str, Any]


def read(path: str) -> Any:
    return json.loads((POLICIES / path).read_text("utf-8"))


PATHS = sorted((POLICIES / "data" / "sample").glob("*.json"))
SAMPLES: dict[str, Json] = {path.stem: json.loads(path.read_text("utf-8")) for path in PATHS}
INVENTED = {name: sample for name, sample in SAMPLES.items() if name != "mexico-2022"}
TYPES = {section_type["code"]: section_type for section_type in read("data/section_types.json")}
CATEGORIES = {(row["section"], row["code"]): row for row in read("data/vocabulary.json")}
ADDED = {country["code"]: country for country in read("data/countries.json")["added"]}

each_sample = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
each_invented = pytest.mark.parametrize("sample", INVENTED.values(), ids=INVENTED)


def sections(sample: Json) -> Iterator[Json]:
    yield from sample["sections"]
    for policy in sample["policies"]:
        yield from policy["sections"]


def uses(sample: Json) -> Iterator[tuple[str, str, str]]:
    """Section type, code and detail of every category in use."""
    for section in sections(sample):
        for category in section.get("categories", []):
            yield section["type"], category["code"], category["detail"]


def texts(sample: Json) -> Iterator[str]:
    yield from (section["text"] for section in sections(sample))
    yield from (policy["heading_note"] for policy in sample["policies"])
    yield from (criterion["text"] for criterion in sample["maturity"]["criteria"])


def cited(text: str) -> set[str]:
    citations = re.findall(r"\[@([^\]]*)\]", text)
    return {part.split(",")[0].strip(" @") for item in citations for part in item.split(";")}


# Every sample


@each_sample
def test_a_sample_is_valid(sample: Json) -> None:
    schema = read("schemas/factsheet-1.schema.json")
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [error.json_path for error in validator.iter_errors(sample)] == []


@each_sample
def test_a_sample_uses_categories_of_the_vocabulary_only(sample: Json) -> None:
    assert [use for use in uses(sample) if use[:2] not in CATEGORIES] == []


@each_sample
def test_a_detail_stands_exactly_where_its_category_needs_one(sample: Json) -> None:
    assert all(bool(use[2]) == CATEGORIES[use[:2]]["needs_detail"] for use in uses(sample))


@each_sample
def test_categories_stand_once_and_in_the_order_of_the_vocabulary(sample: Json) -> None:
    for section in sections(sample):
        codes = [category["code"] for category in section.get("categories", [])]
        orders = [CATEGORIES[section["type"], code]["order"] for code in codes]
        assert orders == sorted(set(orders))


@each_sample
def test_every_citation_has_its_reference(sample: Json) -> None:
    keys = [reference["key"] for reference in sample["references"]]
    assert len(keys) == len(set(keys))
    assert {key for text in texts(sample) for key in cited(text)} <= set(keys)


@each_sample
def test_every_footnote_mark_has_its_note(sample: Json) -> None:
    for text in texts(sample):
        marks = re.findall(r"\[\^([^\]]+)\](?!:)", text)
        assert marks == re.findall(r"^\[\^([^\]]+)\]:", text, re.MULTILINE)


@each_sample
def test_every_policy_has_the_eleven_sections_in_order(sample: Json) -> None:
    visible = [t["code"] for t in TYPES.values() if t["part"] == "policy"][1:]
    assert len(visible) == 11
    for policy in sample["policies"]:
        assert [section["type"] for section in policy["sections"]] == visible


@each_sample
def test_a_reported_section_says_something_and_any_other_nothing(sample: Json) -> None:
    for section in sections(sample):
        content = bool(section["text"] or section.get("categories"))
        assert content == (section["availability"] == "reported"), section


@each_sample
def test_a_text_stands_only_where_its_section_takes_one(sample: Json) -> None:
    assert all(TYPES[s["type"]]["takes_text"] for s in sections(sample) if s["text"])


@each_sample
def test_no_required_section_is_left_unresearched(sample: Json) -> None:
    unresearched = {s["type"] for s in sections(sample) if s["availability"] == "not_researched"}
    assert not [code for code in unresearched if TYPES[code]["is_required"]]


@each_sample
def test_an_ending_year_stands_exactly_in_a_limited_period(sample: Json) -> None:
    for policy in sample["policies"]:
        assert (policy["ending_year"] is not None) == (policy["period"] == "limited")


@each_sample
def test_a_region_stands_exactly_in_a_regional_policy(sample: Json) -> None:
    assert all(bool(p["region"]) == (p["level"] == "regional") for p in sample["policies"])


# The invented countries


def test_there_are_five_invented_countries() -> None:
    assert len(INVENTED) == 5


@each_invented
def test_an_invented_country_has_a_code_that_iso_leaves_to_users(sample: Json) -> None:
    country = ADDED[sample["country"]["code"]]
    assert re.fullmatch(r"Q[M-Z]|X[A-Z]", country["code"])
    assert re.fullmatch(r"Q[M-Z][A-Z]|X[A-Z]{2}", country["alpha3"])
    assert 900 <= int(country["numeric"]) <= 999
    assert country["group"] == "demonstration"


@each_invented
def test_an_invented_country_says_so(sample: Json) -> None:
    assert "is an invented country" in sample["sections"][0]["text"]


@each_invented
def test_addresses_of_an_invented_country_lead_to_reserved_domains(sample: Json) -> None:
    addresses = re.findall(r"https?://([^/\s\"]+)", json.dumps(sample))
    assert set(addresses) <= {"example.org", "www.example.com"}


def test_all_levels_of_all_criteria_are_reached() -> None:
    reached = {
        (criterion["code"], criterion["points"])
        for sample in INVENTED.values()
        for criterion in sample["maturity"]["criteria"]
    }
    criteria = ("scope", "continuity", "evidence", "support")
    assert reached == {(code, points) for code in criteria for points in (0, 0.5, 1, 2)}


def test_all_five_kinds_of_nothing_and_something_occur() -> None:
    found = {s["availability"] for sample in INVENTED.values() for s in sections(sample)}
    assert found == {"reported", "none_exists", "no_data", "not_applicable", "not_researched"}


# Mexico against the published factsheet, column by column

BROAD, REGIONAL = SAMPLES["mexico-2022"]["policies"]

COLUMNS = [
    (
        BROAD,
        {
            "objectives": "cooperation competitiveness internationalisation rd innovation "
            "new-clusters entrepreneurship resilience-solidarity employment-skills "
            "territorial-cohesion supply-chain",
            "focus": "cross-sectoral",
            "authorities": "drafting-and-implementation funding oversight",
            "beneficiaries": "smes research-organisations academic-institutions start-ups "
            "large-firms general-population other",
            "financial-instruments": "",
            "technical-assistance": "hard-skills soft-skills networking marketing",
            "evaluation": "ex-ante",
            "eu-priorities": "green-economy digitalisation resilience",
        },
    ),
    (
        REGIONAL,
        {
            "objectives": "cooperation competitiveness internationalisation rd innovation "
            "cluster-consolidation cross-clustering entrepreneurship employment-skills",
            "focus": "no-specific-focus",
            "authorities": "drafting-and-implementation funding oversight",
            "beneficiaries": "smes cluster-organisations research-organisations "
            "academic-institutions start-ups business-associations large-firms ngos "
            "technology-centres general-population",
            "financial-instruments": "collaboration-funding project-support innovation-support",
            "technical-assistance": "infrastructure hard-skills soft-skills networking marketing",
            "evaluation": "in-itinere",
            "eu-priorities": "green-economy",
        },
    ),
]


@pytest.mark.parametrize(("policy", "column"), COLUMNS, ids=["broad", "regional"])
def test_mexico_has_the_categories_of_the_source(policy: Json, column: dict[str, str]) -> None:
    found = {
        section["type"]: " ".join(category["code"] for category in section["categories"])
        for section in policy["sections"]
        if section["categories"] or section["type"] in column
    }
    assert found == column


def facts(policy: Json) -> tuple[Any, ...]:
    keys = ("kind", "level", "region", "is_example", "period")
    years = ("starting_year", "ending_year", "continuous_since")
    return tuple(policy[key] for key in keys + years)


def test_mexico_has_the_policies_of_the_source() -> None:
    assert facts(BROAD) == ("broad", "national", "", False, "unlimited", 2022, None, None)
    assert facts(REGIONAL) == (
        "cluster", "regional", "Nuevo León", True, "limited", 2015, 2030, 2004,
    )  # fmt: skip


def test_mexico_names_its_policies_as_the_source() -> None:
    assert BROAD["names"] == ["Course for an Industrial Policy"]
    assert REGIONAL["names"] == [
        "Business and Investment Development Strategy 2014-2020",
        "Strategic Plan for the State of Nuevo León 2015-2030",
    ]


def test_no_budget_of_mexico_is_known() -> None:
    budgets = [
        policy["budget"][which] for policy in (BROAD, REGIONAL) for which in policy["budget"]
    ]
    nothing = {"availability": "no_data", "amount": None, "currency": "", "words": ""}
    assert budgets == [nothing] * 4


def test_the_other_beneficiary_of_mexico_is_nature() -> None:
    details = [use for use in uses(SAMPLES["mexico-2022"]) if use[2]]
    assert details == [("beneficiaries", "other", "Nature")]


def test_financial_instruments_of_mexico_are_without_data_and_say_why() -> None:
    section = BROAD["sections"][4]
    assert (section["availability"], bool(section["availability_note"])) == ("no_data", True)


def test_mexico_states_the_points_of_the_source() -> None:
    maturity = SAMPLES["mexico-2022"]["maturity"]
    assert maturity["total"] == 1.5
    assert [(c["code"], c["points"], bool(c["judged"])) for c in maturity["criteria"]] == [
        ("scope", 0.5, False),
        ("continuity", 0, False),
        ("evidence", 0.5, False),
        ("support", 0.5, True),
    ]


def test_mexico_has_both_footnotes_of_the_source() -> None:
    continuity = SAMPLES["mexico-2022"]["maturity"]["criteria"][1]["text"]
    assert "23.4%" in REGIONAL["heading_note"]
    assert cited(continuity) == {"conacyt-2019", "solleiro-2021"}
    assert "@solleiro-2021, p. 130]" in continuity


FIGURES = [
    "2030",
    "Article 49",
    "$1,400,000",
    "six years",
    "2016",
    "2014",
    "2019-2024",
    "2004",
    "2021",
]


@pytest.mark.parametrize("figure", FIGURES)
def test_mexico_tells_the_figures_of_the_source(figure: str) -> None:
    assert any(figure in text for text in texts(SAMPLES["mexico-2022"]))


def test_mexico_says_that_it_retells_the_published_factsheet() -> None:
    introduction = SAMPLES["mexico-2022"]["sections"][0]["text"]
    assert "published by the European Cluster Collaboration Platform, ECCP (2022)" in introduction


# First words of the authors, year, last characters of the address, day and month of the access.
BIBLIOGRAPHY = [
    ("European Cluster", 2016, "d3.2_preparatory_briefing_mexico_20190408.pdf", "12-20"),
    ("European Cluster", 2017, "d3.4_discussion_paper_mexico_20190318_v3_public_0.pdf", "12-20"),
    ("Gobierno de México", 2013, "prodeinn/Programa_de_Desarrollo_Innovador2013-2018.pdf", "10-11"),
    ("Gobierno de México", 2014, "tecnologia-e-innovacion-2014-2018/file", "10-11"),
    ("Gobierno de México", 2019, "framework-gb.cdn.gob.mx/landing/documentos/PND.pdf", "12-19"),
    ("Gobierno de México, S", 2020, "programa-sectorial-de-economia-2020-2024", "12-20"),
    ("Gobierno de México, S", 2022, "estrategia-rumbo-a-una-politica-industrial-314996", "12-20"),
    ("CONACYT", 2019, "innovacion-peciti-2021-2024/file", "12-21"),
    ("Consejo Estatal", None, "https://icluster-nuevoleon.spribo.com", "12-20"),
    ("Consejo Nuevo León", None, "plan_estrategico_2030_nlmanana_0.pdf", "10-11"),
    ("Gobierno de Nuevo León", None, "http://datos.nl.gob.mx/", "12-20"),
    ("Gobierno de Nuevo León", None, "Nuevo%20Le%C3%B3n/Ley_FIEE_NL_Abr.pdf", "12-20"),
    ("Gobierno de Nuevo León", None, "programa_especial_cyt.pdf", "12-20"),
    ("Gobierno de Nuevo León", None, "programa_economia_y_comp.pdf", "10-11"),
    ("Gobierno de Nuevo León", None, "30jun_pednl2016-2021.pdf", "10-11"),
    ("Hantsch", 2015, "country-report-mexico-en-public", "12-20"),
    ("Gobierno de Nuevo León", 2019, "4to_informe_de_gobierno_2019.pdf", "10-11"),
    ("Gobierno de México. S", None, "programa-sectorial-de-economia-2020-2024", "10-11"),
    ("Paton", 2018, "https://eulacfoundation.org/en/system/files/clustersen.pdf", "10-11"),
    ("Solleiro", 2021, "The_Case_of_the_State_of_Mexico_Mexico", "12-20"),
]


def test_mexico_has_the_twenty_references_of_the_source_in_order() -> None:
    references = SAMPLES["mexico-2022"]["references"]
    assert len(references) == len(BIBLIOGRAPHY) == 20
    for reference, (authors, year, address, accessed) in zip(references, BIBLIOGRAPHY, strict=True):
        assert reference["authors"].startswith(authors)
        assert reference["year"] == year
        assert reference["url"].endswith(address)
        assert reference["accessed"] == f"2022-{accessed}"


def test_mexico_keeps_the_notes_of_the_bibliography() -> None:
    notes = {r["key"]: r["note"] for r in SAMPLES["mexico-2022"]["references"] if r["note"]}
    assert notes["eccp-2016"] == notes["eccp-2017"] == "Updated: March 2019."
    assert "https://www.youtube.com/watch?v=5_tS3qNBagg" in notes["rumbo-2022"]
