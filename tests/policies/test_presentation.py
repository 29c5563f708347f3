"""Words, numbers and rows of a page, made from plain documents."""

from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from policies.presentation import card_of, page_of
from policies.presentation.score import criteria_of, radar_of, score_of
from policies.presentation.words import day, folded, money, nothing, points, sentence_case

LONG = " ".join(["word"] * 50)
JUDGED = {"judged": {"points": 0.5, "reason": "Its promise is in the programme."}}


def make_maturity(**fields):
    maturity = {"total": 1.5, "judged_total": 0.5, "maximum": 8, "complete": True}
    facts = {"status": "reported", "collection_year": 2022, "policies": []}
    return {**maturity, "facts": facts, "criteria": [], **fields}


def make_criterion(points=0.5, judged=None, **fields):
    return {
        "code": "scope",
        "title": "Policy scope",
        "description": "What there is.",
        "points": points,
        "maximum": 2,
        "derived": {"points": points, "reasons": [{"text": "A broad policy counts."}]},
        "judged": judged,
        "levels": [
            {"points": 0, "label": "Nothing", "annex_label": "nothing"},
            {"points": 0.5, "label": "Broad policy", "annex_label": "broad"},
        ],
        "html": "",
        **fields,
    }


def make_document(policies=(), **fields):
    return {
        "language": "en",
        "country": {"name": "Mexico", "slug": "mexico", "group": "third"},
        "edition": {
            "year": 2022,
            "label": "Q3 2022",
            "collected_on": "2022-09-30",
            "source_line": "ECCP (2022)",
        },
        "version": 1,
        "published_at": "2022-12-21T10:00:00+00:00",
        "policies_status": "reported",
        "sections": [],
        "policies": list(policies),
        "maturity": make_maturity(criteria=[make_criterion()]),
        "references": [],
        "footnotes": [],
        **fields,
    }


def make_section(type_="focus", availability="reported", html="", **fields):
    heading = {"heading": type_.title(), "title": type_.title()}
    words = {"availability_note": "", "categories": [], "html": html}
    return {"type": type_, "availability": availability, **heading, **words, **fields}


def make_policy(*sections, **fields):
    budget = {"availability": "no_data", "amount": None, "currency": "", "words": ""}
    return {
        "code": "plan",
        "names": ["The Plan"],
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
        "budget": {"overall": budget, "annual": budget},
        "sections": list(sections),
        **fields,
    }


def body(policy, row=0):
    return page_of(make_document([policy])).table.rows[row].cells[0].body


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (0.5, "0.5"), (Decimal("2.0"), "2"), (None, "–")]
)
def test_points_are_short(value, words):
    assert points(value) == words


def test_days_are_written_out():
    assert day("2022-12-20") == "20 December 2022"
    assert day(None) == ""


@pytest.mark.parametrize(
    ("amount", "words"), [("1400000.00", "EUR 1,400,000"), ("0.50", "EUR 0.50")]
)
def test_amounts_have_their_thousands_apart(amount, words):
    assert money(amount, "EUR") == words


def test_a_title_inside_a_sentence_begins_small_unless_it_is_an_abbreviation():
    assert sentence_case("Policy scope") == "policy scope"
    assert sentence_case("EU priorities") == "EU priorities"


def test_a_short_explanation_does_not_fold():
    assert folded("<p>One.</p><p>Two.</p>").unfold == ""


def test_a_long_explanation_folds_after_its_first_paragraph():
    text = folded(f"<p>One.</p><p>{LONG}</p>")
    assert (text.lead, text.rest) == ("<p>One.</p>", f"<p>{LONG}</p>")
    assert text.unfold == "Read on (50 words)"


def test_a_paragraph_that_announces_a_list_keeps_it():
    html = "<p>Two aims:</p>\n<ul><li>one</li></ul>"
    assert folded(f"{html}<p>{LONG}</p>").lead == html


def test_a_list_with_a_list_inside_is_never_cut():
    html = f"<p>Aims:</p><ul><li>one<ul><li>{LONG}</li></ul></li></ul>"
    assert folded(html).lead == "<p>Aims:</p>"


@pytest.mark.parametrize(
    ("kind", "label", "known"),
    [
        ("none_exists", "None exists", True),
        ("not_applicable", "Not applicable", True),
        ("no_data", "No data available", False),
        ("not_researched", "Not yet researched", False),
        ("reported", "No further details", True),
    ],
)
def test_each_kind_of_nothing_has_its_words(kind, label, known):
    found = nothing(kind)
    assert (found.label, found.known) == (label, known)


def test_an_empty_cell_says_which_nothing_it_is_and_where_was_looked():
    section = make_section(availability="no_data", availability_note="Looked in two laws.")
    found = body(make_policy(section)).nothing
    assert (found.kind, found.note) == ("no_data", "Looked in two laws.")


def test_a_cell_with_text_needs_no_word_for_nothing():
    assert body(make_policy(make_section(html="<p>One.</p>"))).nothing is None


def test_a_missing_year_of_a_reported_history_means_no_data():
    assert body(make_policy(make_section("history")), row=2).nothing.kind == "no_data"


def test_an_unlimited_period_has_no_ending_year():
    policy = make_policy(make_section("history"), period="unlimited")
    assert body(policy, row=1).nothing.kind == "not_applicable"


def test_running_since_is_a_line_only_where_a_policy_states_it():
    def lines(policy):
        return [row.sub for row in page_of(make_document([policy])).table.rows]

    history = make_section("history")
    assert "Running since" not in lines(make_policy(history))
    assert "Running since" in lines(make_policy(history, continuous_since=2004))


def test_a_budget_has_its_amount_and_the_words_of_the_source():
    overall = {"availability": "reported", "amount": "5.00", "currency": "EUR", "words": "five"}
    policy = make_policy(make_section("budget"), budget={"overall": overall, "annual": overall})
    assert body(policy).value == "EUR 5; five"


def test_the_first_line_of_a_section_carries_its_plain_address():
    table = page_of(make_document([make_policy(make_section("history"))])).table
    assert [row.cells[0].anchor for row in table.rows[:2]] == [
        "plan.history",
        "plan.history.ending-year",
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"criteria": [JUDGED]}, "1.5 of 8, of which 0.5 judged"),
        ({"criteria": [JUDGED], "judged_total": 0}, "1.5 of 8, of which 0 judged"),
        ({"judged_total": 0}, "1.5 of 8"),
        ({"complete": False}, "– of 8, not complete"),
    ],
)
def test_a_score_says_what_was_judged_and_what_is_open(fields, words):
    assert score_of(make_maturity(**fields)).words == words


def test_the_strip_has_a_box_per_half_point_derived_before_judged():
    strip = score_of(make_maturity(maximum=2)).strip
    assert strip == ["derived", "derived", "judged", "open"]


def test_a_criterion_without_points_is_open_and_leaves_a_gap_in_the_radar():
    document = make_document(maturity=make_maturity(criteria=[make_criterion(points=None)]))
    assert criteria_of(document)[0].basis == "open"
    assert radar_of(document)["points"] == [None]
    assert card_of(document).policy_type == "Not settled"


def test_policies_that_are_not_yet_researched_are_not_said_to_be_missing():
    card = card_of(make_document(policies_status="not_researched"))
    assert card.policies == "Not yet researched"


def test_policies_that_nobody_described_are_not_said_to_be_unresearched():
    assert card_of(make_document()).policies == "None described"
    page = render_to_string("policies/_policies.html", {"page": page_of(make_document())})
    assert "No policy is described here." in page
    assert "not yet researched" not in page


def test_columns_with_different_sections_stay_in_line():
    """A section type may have stopped applying before a policy was added."""
    kept = make_policy(*map(make_section, ("objectives", "focus", "history")))
    added = make_policy(*map(make_section, ("objectives", "history")), code="added")
    for policies in ([kept, added], [added, kept]):
        table = page_of(make_document(policies)).table
        assert [row.group for row in table.rows[:3]] == ["Objectives", "Focus", "History"]
        for column, policy in enumerate(policies):
            anchors = [row.cells[column].anchor for row in table.rows[:3]]
            assert anchors == [f"{policy['code']}.{t}" for t in ("objectives", "focus", "history")]


def test_a_section_that_a_policy_does_not_have_is_an_empty_cell():
    kept, added = make_policy(make_section("focus", html="<p>One.</p>")), make_policy(code="added")
    row = page_of(make_document([kept, added])).table.rows[0]
    assert row.cells[1].body.nothing.kind == "not_applicable"


def test_an_address_that_changed_since_is_the_one_of_today():
    assert card_of(make_document(), slug="mexiko").slug == "mexiko"
    assert card_of(make_document()).slug == "mexico"


def test_a_reference_without_a_year_ends_in_one_full_stop():
    reference = {"key": "a", "title": "T", "publisher": "", "url": "", "accessed": None}
    document = make_document(references=[{**reference, "authors": "Nerger, M.", "year": None}])
    assert page_of(document).sources[0].byline == "Nerger, M."
