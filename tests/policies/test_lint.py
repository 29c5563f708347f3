"""Every rule with a case that fires and one that does not, and what the samples show."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from policies.document import document_of, drafts, facts_of
from policies.lint import RULES, Finding, Severity, Standing, fingerprint, lint
from policies.loading import load
from policies.models import SectionType
from policies.reference_data import DATA

TODAY = date(2023, 1, 15)
PROVES = {
    (row["section"], row["code"]): row["evidence"]
    for row in json.loads((DATA / "vocabulary.json").read_text("utf-8"))
    if row["evidence"]
}

Document = dict[str, Any]
Change = Callable[[Document], object]


# A document in which no rule finds anything, and ways to change it


def make_section(type_, *categories, **fields):
    return {
        "type": type_,
        "heading": type_.title(),
        "title": type_.title(),
        "availability": "reported",
        "availability_note": "",
        "categories": [{"code": code, "label": code, "detail": ""} for code in categories],
        "text": "Told in a few words.",
        **fields,
    }


def make_policy(code="plan", **fields):
    budget = {"availability": "no_data", "amount": None, "currency": "", "words": ""}
    return {
        "code": code,
        "names": ["The Plan"],
        "original_name": "",
        "kind": "broad",
        "is_example": False,
        "heading_note": "",
        "period": "limited",
        "starting_year": 2015,
        "ending_year": 2025,
        "continuous_since": None,
        "budget": {"overall": dict(budget), "annual": dict(budget)},
        "sections": [
            make_section("focus", "sectoral"),
            make_section("authorities", "drafting"),
            make_section("financial-instruments", text="", availability="no_data"),
            make_section("technical-assistance", "networking", text=""),
            make_section("instruments"),
            make_section("history"),
            make_section("eu-priorities", "resilience", text=""),
        ],
        **fields,
    }


def make_criterion(code="scope", **fields):
    return {
        "code": code,
        "title": code.title(),
        "points": 0,
        "maximum": 2,
        "derived": {"points": 0, "reasons": []},
        "judged": None,
        "levels": [{"points": points} for points in (0, 0.5, 1, 2)],
        "text": "Told in a few words.",
        **fields,
    }


def make_reference(key="pilcrow-2020", **fields):
    return {
        "key": key,
        "authors": "Pilcrow, A.",
        "year": 2020,
        "title": f"A Study of {key}",
        "url": f"https://example.org/{key}",
        "accessed": "2022-09-01",
        "note": "",
        **fields,
    }


def make_document():
    introduction = make_section("introduction", text="As one study says [@pilcrow-2020].")
    return {
        "edition": {"collected_on": "2022-09-30"},
        "policies_status": "reported",
        "sections": [{**introduction, "part": "introduction"}],
        "policies": [make_policy()],
        "maturity": {"criteria": [make_criterion("scope"), make_criterion("support")]},
        "references": [make_reference()],
    }


def findings(*changes: Change, **standing: Any) -> list[Finding]:
    document = make_document()
    for change in changes:
        change(document)
    document["maturity"]["facts"] = facts_of(document, PROVES).to_dict()
    return lint(document, today=TODAY, standing=Standing(**standing))


def codes(*changes: Change, **standing: Any) -> set[str]:
    return {finding.rule for finding in findings(*changes, **standing)}


def policy(**fields: Any) -> Change:
    return lambda document: document["policies"][0].update(fields)


def section(type_: str, *categories: str, **fields: Any) -> Change:
    """Put a section in place of the policy's one of this type."""

    def change(document: Document) -> None:
        sections = document["policies"][0]["sections"]
        sections[:] = [
            make_section(type_, *categories, **fields) if old["type"] == type_ else old
            for old in sections
        ]

    return change


def say(words: str) -> Change:
    return section("history", text=words)


def budget(**fields: Any) -> Change:
    return lambda document: document["policies"][0]["budget"]["annual"].update(fields)


def criterion(code: str, **fields: Any) -> Change:
    def change(document: Document) -> None:
        (found,) = (c for c in document["maturity"]["criteria"] if c["code"] == code)
        found.update(fields)

    return change


def judged(code: str, points: float, reason: str = "It is so.") -> Change:
    return criterion(code, points=points, judged={"points": points, "reason": reason})


def unknown(reason: str) -> Change:
    reasons = [{"code": reason, "text": "Nobody knows."}]
    return criterion("scope", derived={"points": None, "reasons": reasons})


def cite(key: str, **fields: Any) -> Change:
    """Add an entry to the bibliography, and a citation of it."""

    def change(document: Document) -> None:
        document["references"].append(make_reference(key, **fields))
        document["sections"][0]["text"] += f" [@{key}]"

    return change


def entry(**fields: Any) -> Change:
    return lambda document: document["references"][0].update(fields)


REQUIRED = {"introduction": "introduction", "focus": "policy", "scope": "assessment"}

# Rule, changes with which it fires, changes with which it does not.
CASES: list[tuple[str, list[Change], list[Change]]] = [
    (
        "incomplete-score",
        [criterion("scope", points=None, derived={"points": None, "reasons": []})],
        [criterion("scope", points=0)],
    ),
    ("judgement-without-reason", [judged("scope", 1, " ")], [judged("scope", 1)]),
    ("level-gone", [judged("scope", 1.5)], [judged("scope", 1)]),
    ("unresolved-citation", [say("So it says [@nobody].")], [say("So it says [@pilcrow-2020].")]),
    ("unresolved-citation", [entry(note="See [@nobody].")], [entry(note="See `[@nobody]`.")]),
    ("unresolved-citation", [policy(heading_note="See [@nobody].")], [policy(heading_note="See.")]),
    (
        "category-without-explanation",
        [section("focus", "sectoral", text="")],
        [section("eu-priorities", "resilience", text="")],
    ),
    (
        "category-without-explanation",
        [section("instruments", text="")],
        [section("instruments", text="Networks meet once a year.")],
    ),
    (
        "explanation-without-category",
        [section("focus")],
        [section("focus", availability="no_data")],
    ),
    (
        "financial-score-without-instrument",
        [judged("support", 0.5)],
        [judged("support", 0.5), section("financial-instruments", "project-support", text="")],
    ),
    (
        "financial-score-without-instrument",
        [judged("support", 2), policy(kind="cluster")],
        [judged("support", 1), policy(kind="cluster")],
    ),
    (
        "financial-score-without-instrument",
        [
            judged("support", 0.5),
            policy(is_example=True),
            section("financial-instruments", "project-support", text=""),
        ],
        [judged("support", 0)],
    ),
    (
        "funding-without-instrument",
        [section("authorities", "funding")],
        [
            section("authorities", "funding"),
            section("financial-instruments", "project-support", text=""),
        ],
    ),
    (
        "unknown-decides-score",
        [unknown("unknown.monitoring"), judged("scope", 1)],
        [judged("scope", 1)],
    ),
    (
        "unknown-decides-score",
        [unknown("policies.not_researched"), judged("scope", 1)],
        [unknown("rubric.no_level"), judged("scope", 1)],
    ),
    ("years-unlike-name", [policy(names=["Plan 2014-2020"])], [policy(names=["Plan 2015-2025"])]),
    ("years-unlike-name", [policy(original_name="Plan 2015–20")], [policy(names=["Plan 2015–25"])]),
    ("years-unlike-name", [policy(names=["Vision 2030"])], [policy(names=["Vision 2020"])]),
    (
        "years-unlike-name",
        [policy(names=["Plan 2015-2020"], period="unlimited", ending_year=None)],
        [policy(names=["Plan 2015-2020"], period="unknown", ending_year=None)],
    ),
    ("amount-without-budget", [say("It has EUR 5 million.")], [say("It counts 5 million trees.")]),
    (
        "amount-without-budget",
        [say("It has EUR 5 million.")],
        [say("It has EUR 5 million."), budget(availability="reported", amount="5", currency="EUR")],
    ),
    (
        "amount-without-budget",
        [budget(words="about 20 million euros")],
        [budget(words="about 20 million euros", availability="reported")],
    ),
    ("dollar-without-currency", [say("It has $5 million.")], [say("It has US$5 million.")]),
    ("past-target", [say("It is to end by 2021.")], [say("It is to end by 2022.")]),
    ("never-cited", [lambda d: d["references"].append(make_reference("idle"))], [cite("busy")]),
    (
        "reference-twice",
        [cite("two", url="http://www.example.org/pilcrow-2020/")],
        [cite("two", url="https://example.org/pilcrow-2020?page=2")],
    ),
    (
        "reference-twice",
        [cite("two", title="a study of: Pilcrow-2020", year=None)],
        [cite("two", title="A Study of pilcrow-2020", year=2021)],
    ),
    (
        "author-spelt-twice",
        [cite("two", authors="Pillcrow, A.")],
        [cite("two", authors="Pilcrow, B.")],
    ),
    ("access-date", [entry(accessed="2023-01-16")], [entry(accessed="2023-01-15")]),
    ("access-date", [entry(accessed="2021-12-31")], [entry(accessed=None)]),
]

# The same for what only those know who keep the document.
STANDINGS: list[tuple[str, list[Change], dict[str, Any], dict[str, Any]]] = [
    (
        "missing-section",
        [section("focus", availability="not_researched")],
        {"required": REQUIRED},
        {"required": {"history": "policy"}},
    ),
    ("missing-section", [criterion("scope", text=" ")], {"required": REQUIRED}, {}),
    ("missing-section", [lambda d: d["sections"].clear()], {"required": REQUIRED}, {}),
    ("missing-section", [], {"required": {"outlook": "chapter"}}, {"required": REQUIRED}),
    ("unapproved-section", [], {"unapproved": {"plan.focus"}}, {}),
    ("stale-judgement", [judged("scope", 1)], {"stale": {"scope"}}, {}),
    (
        "explanation-without-category",
        [section("history")],
        {"categorised": {"history"}},
        {"categorised": {"focus"}},
    ),
]


def named(cases: list[Any]) -> list[str]:
    return [case[0] for case in cases]


def test_the_document_from_which_the_cases_depart_is_clean():
    assert findings(required=REQUIRED) == []


@pytest.mark.parametrize(("rule", "changes", "_quiet"), CASES, ids=named(CASES))
def test_a_rule_fires(rule, changes, _quiet):
    assert rule in codes(*changes)


@pytest.mark.parametrize(("rule", "_changes", "quiet"), CASES, ids=named(CASES))
def test_a_rule_stays_quiet(rule, _changes, quiet):
    assert rule not in codes(*quiet)


@pytest.mark.parametrize(("rule", "changes", "standing", "_quiet"), STANDINGS, ids=named(STANDINGS))
def test_a_rule_fires_with_a_standing(rule, changes, standing, _quiet):
    assert rule in codes(*changes, **standing)


@pytest.mark.parametrize(("rule", "changes", "_standing", "quiet"), STANDINGS, ids=named(STANDINGS))
def test_a_rule_stays_quiet_with_a_standing(rule, changes, _standing, quiet):
    assert rule not in codes(*changes, **quiet)


def test_every_rule_has_a_case():
    assert {case[0] for case in [*CASES, *STANDINGS]} == set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_has_a_title_and_says_what_to_do(rule):
    assert str(rule.title)
    assert str(rule.hint).endswith((".", ")"))


# What words mean


@pytest.mark.parametrize(
    "words",
    [
        "$1,400,000",
        "€ 5",
        "EUR 500",
        "MXN 1.5 million",
        "20 euros",
        "1 400 000 PLN",
        "7.5 bn francs",
    ],
)
def test_this_is_an_amount_of_money(words):
    (found,) = [f for f in findings(say(f"So {words} is told.")) if f.rule[:6] == "amount"]
    assert f"“{words}”" in found.message


@pytest.mark.parametrize(
    "words",
    [
        "COP 26",
        "ISO 9001",
        "TOP 500",
        "23.4% of GDP",
        "2015 or 2022",
        "5 million people",
        "EUR\n\n1987",
    ],
)
def test_this_is_no_amount_of_money(words):
    assert codes(say(f"So {words} is told.")) == set()


@pytest.mark.parametrize(
    "words", ["US$ 5", "MXN $5", "$5 million (USD)", "$5,000 CAD", "$5 Mexican pesos", "A$5"]
)
def test_these_dollars_are_named(words):
    assert "dollar-without-currency" not in codes(say(f"So {words} is told."))


@pytest.mark.parametrize("words", ["$1,400,000 per cluster", "$ 5 million", "It took $5. CO2 fell"])
def test_these_dollars_are_not_named(words):
    assert "dollar-without-currency" in codes(say(words))


@pytest.mark.parametrize(
    "words",
    ["by the end of 2020", "No later than 2019", "expected in 2021", "scheduled for 2021"],
)
def test_this_is_a_target(words):
    assert "past-target" in codes(say(f"{words}, they meet."))


@pytest.mark.parametrize(
    "words",
    [
        "By 2019 the fund had grown.",
        "It ended in 2018, as planned in 2010.",
        "It ran until 2020.",
        "They [wrote](https://example.org/by-2020) of it.",
    ],
)
def test_this_is_no_past_target(words):
    assert "past-target" not in codes(say(words))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gobierno de México, Secretaría", "Gobierno de Mexico. Secretaría"),
        ("Solleiro, J. L., Castañón, R.", "Sollero, J.L."),
        ("Ministry of Labor", "Ministry of Labour"),
        ("Octothorpe, B.; Ministry of Defence", "Ministry of Defense"),
    ],
)
def test_these_are_spellings_of_one_author(one, other):
    assert "author-spelt-twice" in codes(entry(authors=one), cite("two", authors=other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry of Economy", "Ministry of Ecology"),
        ("Ministry of Economy", "Ministry of Economy and Labour"),
        ("Ministry of Economy", "Ministry of Education"),
        ("Gobierno de Nuevo León", "Consejo Nuevo León"),
        ("Government of Iran", "Government of Iraq"),
        ("Council of Region 1000011", "Council of Region 1000012"),
        ("Müller, J.", "Möller, J."),
        ("Jansen, A.", "Hansen, A."),
        ("Muñoz, M.E., and Nerger, M.", "Muñoz, M. E.; Nerger, M"),
        ("Pilcrow, A.", "Pilcrow, A., Octothorpe, B."),
        ("", "Pilcrow, A."),
    ],
)
def test_these_are_different_authors_or_one_spelling(one, other):
    assert "author-spelt-twice" not in codes(entry(authors=one), cite("two", authors=other))


# Findings


def test_the_references_that_are_never_cited_are_one_finding():
    idle = [make_reference("idle"), make_reference("lazy")]
    (found,) = findings(lambda document: document["references"].extend(idle))
    assert found.message.startswith("2 of 3 references are never cited:")
    assert "[@idle]; Pilcrow 2020 [@lazy]" in found.message


def test_a_finding_names_the_thing_and_says_what_to_do():
    (found,) = findings(section("focus"))
    assert found == Finding(
        rule="explanation-without-category",
        severity=Severity.WARNING,
        anchor="plan.focus",
        message="The Plan, Focus is explained, but no category is ticked.",
        hint="Tick the categories that the text speaks of, or choose another availability.",
    )


def test_findings_come_in_reading_order_and_the_table_is_read_by_rows():
    second = make_policy("second", names=["The Second"])
    changes = [
        entry(accessed="2031-01-01"),
        criterion("scope", text="By 2020."),
        lambda document: document["policies"].append(second),
        say("By 2020."),
    ]
    for policy_section in second["sections"]:
        policy_section["text"] = "By 2020." if policy_section["type"] == "focus" else "Told."
    found = [finding.anchor for finding in findings(*changes, unapproved={"plan.heading"})]
    assert found == ["plan.heading", "second.focus", "plan.history", "scope", "bibliography"]


def test_errors_come_before_warnings_at_one_address():
    found = findings(say("By 2020 [@nobody]."))
    assert [finding.severity for finding in found] == ["error", "warning"]


def test_a_document_is_left_as_it_was():
    document = make_document()
    document["maturity"]["facts"] = facts_of(document, PROVES).to_dict()
    before = deepcopy(document)
    lint(document, today=TODAY)
    assert document == before


def test_old_access_dates_are_one_finding_with_its_list():
    def one_more(document: Document) -> None:
        document["references"].append({**document["references"][0], "key": "second"})

    found = findings(entry(key="first", accessed="2021-01-01"), one_more)
    (access,) = [finding for finding in found if finding.rule == "access-date"]
    assert "[@first], 1 January 2021; " in access.message
    assert "[@second], 1 January 2021." in access.message


def test_a_fingerprint_stays_whatever_the_language_and_the_order():
    found = findings(say("By 2020, by 2021."), entry(accessed="2031-01-01"))
    translated = [replace(finding, message="?", hint="?") for finding in reversed(found)]
    assert fingerprint(translated) == fingerprint(found)


def test_a_fingerprint_changes_with_the_findings_of_its_rule_alone():
    access = entry(accessed="2031-01-01")
    before, after = (fingerprint(findings(say(f"By {y}."), access)) for y in (2020, 2021))
    assert before["past-target"] != after["past-target"]
    assert before["access-date"] == after["access-date"]


def test_a_rule_without_findings_has_no_fingerprint():
    assert fingerprint([]) == {}


# The samples


def found_in(name: str) -> list[Finding]:
    """What the linter finds in a sample that has been loaded, as long as it is not in review."""
    factsheet = load(
        json.loads((DATA / "sample" / f"{name}-2022.json").read_text("utf-8"))
    ).factsheet
    (draft,) = drafts([factsheet.pk])
    required = dict(SectionType.objects.filter(is_required=True).values_list("code", "part"))
    return lint(document_of(draft), today=TODAY, standing=Standing(required=required))


def test_mexico_shows_the_contradictions_that_survive_in_it(reference):
    assert [(finding.rule, finding.anchor) for finding in found_in("mexico")] == [
        ("years-unlike-name", "nuevo-leon-strategic-plan.heading"),
        ("funding-without-instrument", "course-for-an-industrial-policy.authorities"),
        ("amount-without-budget", "nuevo-leon-strategic-plan.authorities"),
        ("dollar-without-currency", "nuevo-leon-strategic-plan.authorities"),
        ("past-target", "continuity"),
        ("financial-score-without-instrument", "support"),
        ("unknown-decides-score", "support"),
        ("never-cited", "bibliography"),
        ("reference-twice", "bibliography"),
        ("reference-twice", "bibliography"),
        ("author-spelt-twice", "bibliography"),
    ]


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("examplia", {"category-without-explanation"}),
        ("fictavia", {"category-without-explanation", "never-cited"}),
        ("inventoria", set()),
        ("mockovia", {"category-without-explanation"}),
        (
            "samplonia",
            {"category-without-explanation", "never-cited", "unknown-decides-score"},
        ),
    ],
)
def test_an_invented_country_shows_only_the_gaps_it_was_given(reference, name, rules):
    assert {finding.rule for finding in found_in(name)} == rules
