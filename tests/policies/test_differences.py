"""What changed between two contents of a section, in words that an editor would use."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from policies.differences import ItemChange, Span, TextChange, difference, pieces, words
from policies.history import contents
from tests.documents import documents, texts

CELL: dict[str, Any] = {
    "availability": "reported",
    "availability_note": "",
    "text": "One text.",
    "categories": [{"code": "a", "detail": ""}, {"code": "other", "detail": "Nature"}],
}
HEADING = {"names": ["A policy"], "kind": "broad", "level": "national", "is_example": False}
BUDGET = {
    "overall": {"availability": "reported", "amount": "1400000", "currency": "MXN", "words": ""},
    "annual": {"availability": "no_data", "amount": None, "currency": "", "words": ""},
}
NOTHING = {"availability": "no_data", "amount": None, "currency": "", "words": ""}
SOURCE = {
    "key": "nerger-2015",
    "authors": "Nerger, M.",
    "year": 2015,
    "title": "A study",
    "publisher": "",
    "url": "",
    "accessed": "2022-09-01",
    "note": "",
}
NAMES = {("category", "a"): "Category A", ("policy", "one"): "The first policy"}


def told(before: Any, after: Any) -> list[str]:
    """The changes as lines."""
    return [_line(change) for change in difference(before, after, NAMES).changes]


def _line(change: Any) -> str:
    if isinstance(change, TextChange):
        return f"{change.title}: {_marked(change.spans)}"
    if isinstance(change, ItemChange):
        rest = "".join(f" ({_line(each)})" for each in change.changes)
        return f"{change.title}: {change.op} {change.label}{rest}"
    return f"{change.title}: {change.before} → {change.after}"


def _marked(spans: list[Span]) -> str:
    marks = {"same": "%s", "added": "[+%s]", "removed": "[-%s]"}
    return "".join(marks[span.op] % span.text for span in spans)


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("", "", ""),
        ("", "New.", "[+New.]"),
        ("Old.", "", "[-Old.]"),
        ("The fund pays grants.", "The fund pays loans.", "The fund pays [-grants][+loans]."),
        ("MXN 1,400,000 in all", "MXN 1,500,000 in all", "MXN [-1,400,000][+1,500,000] in all"),
        ("ends 2021", "ended in 2021", "[-ends][+ended in] 2021"),
        ("a  b", "a b", "a[-  ][+ ]b"),
        ("One.\n\nTwo.", "One.\n\nTwo.\n\nThree.", "One.\n\nTwo.[+\n\nThree.]"),
        ("a 👩‍🔬 b", "a b", "a [-👩‍🔬 ]b"),
    ],
)
def test_words_that_changed_are_marked_as_a_whole(before: str, after: str, marked: str) -> None:
    assert _marked(words(before, after)) == marked


def test_a_sentence_written_anew_is_one_change_and_not_a_patchwork() -> None:
    spans = words("It was the plan of a ministry.", "Nobody knows whose idea this had been.")
    assert [span.op for span in spans] == ["removed", "added", "same"]


@given(texts, texts)
def test_no_word_is_lost(before: str, after: str) -> None:
    _assert_lossless(before, after)


@given(st.data())
def test_no_word_is_lost_where_one_text_grew_out_of_the_other(data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.sampled_from([*"abcd\n.-é東", "\U000f0000"])))
    kept = [part for part in parts if data.draw(st.booleans())]
    _assert_lossless(" ".join(parts), " ".join(kept))


def _assert_lossless(before: str, after: str) -> None:
    spans = words(before, after)
    assert "".join(span.text for span in spans if span.op != "added") == before
    assert "".join(span.text for span in spans if span.op != "removed") == after


@pytest.mark.parametrize(
    "make",
    [
        lambda side: " ".join(f"{side}{number}" for number in range(5000)),
        lambda side: " ".join(str(number * 7919 % (83 + side)) for number in range(10_000)),
        lambda side: ". " * (16_000 - side),
        lambda side: "".join(chr(0x4E00 + side + number * 3 % 20_000) for number in range(32_000)),
    ],
)
def test_two_long_texts_do_not_hang(make: Callable[[int], str]) -> None:
    before, after = make(1)[:32_000], make(2)[:32_000]
    started = time.monotonic()
    _assert_lossless(before, after)
    assert time.monotonic() - started < 5


def test_a_long_unchanged_stretch_is_folded_between_the_words_beside_the_changes() -> None:
    long = " ".join(f"w{number}" for number in range(100))
    found = list(pieces(words(f"Old {long} end", f"New {long} stop")))
    assert "".join(piece.text for piece in found) == f"OldNew {long} endstop"
    assert [piece.fold for piece in found if piece.fold] == ["60 unchanged words"]
    assert found[2].text.split()[:2] == ["w0", "w1"]


def test_a_paragraph_that_came_is_marked_where_its_words_begin() -> None:
    found = [(piece.lead, piece.text) for piece in pieces(words("One.", "One.\n\nTwo."))]
    assert found == [("", "One."), ("\n\n", "Two.")]


def test_a_line_break_that_came_can_be_seen() -> None:
    assert "¶\n" in [piece.text for piece in pieces(words("One. Two.", "One.\nTwo."))]


def test_a_short_unchanged_stretch_stays_in_sight() -> None:
    assert not any(piece.fold for piece in pieces(words("a b c d", "a b c e")))


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (CELL, CELL, []),
        (None, None, []),
        (CELL, {**CELL, "text": "One word."}, ["Text: One [-text][+word]."]),
        (
            CELL,
            {**CELL, "availability": "no_data"},
            ["Availability: Reported → No data available"],
        ),
        (
            CELL,
            {**CELL, "categories": CELL["categories"][1:]},
            ["Categories: removed Category A"],
        ),
        (
            {**CELL, "categories": []},
            CELL,
            ["Categories: added Category A", "Categories: added other: Nature"],
        ),
        (
            CELL,
            {
                **CELL,
                "categories": [{"code": "a", "detail": ""}, {"code": "other", "detail": "Sea"}],
            },
            ["Categories: changed other (Detail: [-Nature][+Sea])"],
        ),
        (
            CELL,
            {**CELL, "categories": CELL["categories"][::-1]},
            ["Categories: order: Category A · other → other · Category A"],
        ),
        (HEADING, {**HEADING, "kind": "cluster"}, ["Kind: Broad policy → Cluster policy"]),
        (HEADING, {**HEADING, "is_example": True}, ["Example: no → yes"]),
        (
            HEADING,
            {**HEADING, "names": ["A policy", "Its other name"]},
            ["Names: A policy → A policy; Its other name"],
        ),
        ({"starting_year": None}, {"starting_year": 2001}, ["Starting year: – → 2001"]),
        (
            BUDGET,
            {**BUDGET, "overall": {**BUDGET["overall"], "currency": "USD"}},
            ["Overall budget: amount: MXN 1,400,000 → USD 1,400,000"],
        ),
        (
            BUDGET,
            {**BUDGET, "overall": NOTHING},
            [
                "Overall budget: availability: Reported → No data available",
                "Overall budget: amount: MXN 1,400,000 → –",
            ],
        ),
        (
            {"text": "", "judged": None},
            {"text": "", "judged": {"points": 0, "reason": "None."}},
            ["Judged level: points: – → 0", "Judged level: reason: [+None.]"],
        ),
        (
            {"references": [SOURCE]},
            {"references": []},
            ["References: removed Nerger, M. (2015): A study"],
        ),
        (
            {"references": [SOURCE]},
            {"references": [{**SOURCE, "accessed": None}]},
            ["References: changed nerger-2015 (Accessed: 1 September 2022 → –)"],
        ),
        (
            {"policies": ["one", "two"]},
            {"policies": ["two", "one", "three"]},
            [
                "Policies: added three",
                "Policies: order: The first policy · two → two · The first policy",
            ],
        ),
        ({"policies": ["one"]}, {"policies": []}, ["Policies: removed The first policy"]),
        (
            {"language": "en", "policies_status": "reported"},
            {"language": "es", "policies_status": "none_exist"},
            [
                "Language: en → es",
                "State of the policies: Policies are reported → No policy exists",
            ],
        ),
        ({"of_a_later_shape": 1}, {"of_a_later_shape": 2}, ["of a later shape: 1 → 2"]),
        (
            None,
            {**CELL, "categories": []},
            ["Availability: – → Reported", "Text: [+One text.]"],
        ),
        (CELL | {"categories": []}, None, ["Availability: Reported → –", "Text: [-One text.]"]),
    ],
)
def test_every_kind_of_change_is_told(before: Any, after: Any, lines: list[str]) -> None:
    assert told(before, after) == lines


TYPES = ("objectives", "focus", "financial-instruments", "history", "budget")


@given(documents(TYPES), documents(TYPES))
def test_no_change_is_passed_over(before: dict[str, Any], after: dict[str, Any]) -> None:
    one, other = contents(before), contents(after)
    for key in one.keys() & other.keys():
        assert bool(difference(one[key], other[key])) == (one[key] != other[key])


def test_the_page_says_what_came_and_what_went_without_colours_and_marks_no_text_as_safe() -> None:
    changed = difference(CELL, {**CELL, "text": "One <script>.", "categories": []}, NAMES)
    html = render_to_string("policies/_difference.html", {"difference": changed})
    assert "<script>" not in html
    assert '<ins><span class="difference-says">[added: </span>&lt;script&gt;' in html
    assert '<del><span class="difference-says">removed: </span>Category A</del>' in html


def test_the_page_says_so_when_nothing_changed() -> None:
    html = render_to_string("policies/_difference.html", {"difference": difference(CELL, CELL)})
    assert "No difference" in html
