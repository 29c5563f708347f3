"""What the search makes of words, without a database."""

import json
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.folding import fold
from policies.reference_data import DATA
from policies.searching.plain import plain
from policies.searching.query import LONGEST, MOST, parse
from policies.searching.snippets import SIZE, START, STOP, snippet
from policies.searching.vocabulary import Named, answers, bundles

VOCABULARY = json.loads((DATA / "vocabulary.json").read_text(encoding="utf-8"))

# Every label that names several things. All other labels of the vocabulary name one.
BUNDLED = {
    "competitiveness": ("Increasing competitiveness", "boosting scale up of SMEs"),
    "rd": ("Fostering R&D activities", "technology development", "implementation"),
    "innovation": ("Fostering innovation", "strengthening innovation ecosystems"),
    "cross-clustering": (
        "Strengthening the network of cluster organisations",
        "cross-clustering",
    ),
    "entrepreneurship": ("Promoting entrepreneurship", "start-ups", "spin-offs"),
    "resilience-solidarity": (
        "Promoting resilience",
        "sustainable economy",
        "other solidarity-based initiatives",
    ),
    "employment-skills": ("Promoting employment", "upgrading skills", "competences"),
    "project-support": ("Support to R&D projects", "SMEs becoming cluster members"),
    "innovation-support": ("voucher", "support to hire PhDs", "cooperation with R&I actors"),
    "infrastructure": (
        "coworking spaces",
        "offices",
        "incubation",
        "accelerator spaces",
        "research centres",
        "technology parks",
    ),
    "hard-skills": (
        "knowledge transfer",
        "intellectual property",
        "entrepreneurship",
        "export advice",
        "market intelligence",
    ),
    "soft-skills": ("coaching", "management training", "upskilling", "reskilling"),
    "networking": ("Support for networking", "partnership building"),
    "marketing": ("advertising", "communication", "events", "fairs"),
}


# Letters


@given(st.text())
def test_a_folded_text_is_as_long_as_the_text(text) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert all(letter == " " or letter.isalnum() for letter in folded)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Économía", "economia"),
        ("Łódź", "lodz"),
        ("Ørsted", "orsted"),
        ("İzmir", "izmir"),
        ("R&D", "r d"),
        ("한글", "한글"),
    ],
)
def test_case_accents_and_punctuation_do_not_matter(text, folded) -> None:
    assert fold(text) == folded


# What is typed


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Tu\u0308rkiye", [("turkiye",)]),
        ("voucher", [("voucher",)]),
        ("Innovation  vouchers", [("innovation",), ("vouchers",)]),
        ("voucher VOUCHER", [("voucher",)]),
        ('"value chain"', [("value", "chain")]),
        ("“value chain” now", [("value", "chain")]),
        ("R&D", [("r", "d")]),
        ("start-up", [("start", "up")]),
        ('"state of the art"', [("state", "of", "the", "art")]),
        ('an "open quote', [("open",), ("quote",)]),
        ('""" "', []),
        ("& | ! ( * : \0", []),
        ("", []),
    ],
)
def test_words_and_quotes_are_all_there_is(typed, terms) -> None:
    assert list(parse(typed).terms) == terms


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("R&D, (vouchers)!", ("R&D", "vouchers")),
        ('"Value  chain" SMEs', ("Value chain", "SMEs")),
        ("Tu\u0308rkiye", ("Türkiye",)),
        ("& Voucher voucher", ("Voucher",)),
    ],
)
def test_words_are_kept_as_they_were_typed(typed, words) -> None:
    assert parse(typed).words == words


@given(st.text(max_size=2 * LONGEST))
def test_whatever_is_typed_becomes_a_few_folded_words(typed) -> None:
    query = parse(typed)
    assert len(query.terms) <= MOST
    assert len(query.text) <= LONGEST
    assert all(fold(word) == word != "" for term in query.terms for word in term)
    assert parse(query.text).terms == query.terms
    assert [tuple(fold(words).split()) for words in query.words] == list(query.terms)


@pytest.mark.parametrize(
    ("typed", "shortened"),
    [
        ("voucher", False),
        (" ".join(str(n) for n in range(MOST)), False),
        (" ".join(str(n) for n in range(MOST + 1)), True),
        ("x" * LONGEST, False),
        ("x" * (LONGEST + 1), True),
    ],
)
def test_it_is_said_if_not_all_is_used(typed, shortened) -> None:
    assert parse(typed).shortened is shortened


# Texts


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<p>bold<strong>ly</strong> &amp; <em>so</em></p>", "boldly & so"),
        (
            '<p>Said<sup class="fn-ref"><a id="fnref-1" href="#fn-1">1</a></sup>.</p>',
            "Said. A note. Another.",
        ),
        ("<p>2<sup>nd</sup></p>", "2nd"),
    ],
)
def test_a_text_is_searched_as_it_is_read_with_its_notes(html, words) -> None:
    again = '<p>A note.<sup class="fn-ref"><a href="#fn-2">2</a></sup></p>'
    once_more = '<p>Another.<sup class="fn-ref"><a href="#fn-1">1</a></sup></p>'
    assert plain(html, {1: again, 2: once_more}) == words


def words_of(html):
    """A snippet without its marks and its dots."""
    return unescape(re.sub("</?mark>", "", html)).removeprefix("…\xa0").removesuffix("\xa0…")


@st.composite
def marked_texts(draw):
    """A text, and its folded twin with some words between marks."""
    word = st.text("aéß<&>\"'x.", min_size=1, max_size=4)
    words = draw(st.lists(st.tuples(word, st.integers(0, 9)), max_size=120))
    text = " ".join(word for word, _mark in words)
    marked = " ".join(
        f"{START}{fold(word)}{STOP}" if mark == 0 else fold(word) for word, mark in words
    )
    return text, marked


@given(marked_texts())
def test_a_snippet_is_a_piece_of_the_text(texts) -> None:
    text, marked = texts
    words = words_of(snippet(text, marked))
    assert words in text
    assert len(words.split()) == min(SIZE, len(text.split()))


@given(marked_texts())
def test_a_snippet_shows_a_mark_if_there_is_one(texts) -> None:
    text, marked = texts
    assert ("<mark>" in snippet(text, marked)) is (START in marked)


def test_a_snippet_shows_where_different_words_are_close() -> None:
    one, other = f"{START}alpha{STOP}", f"{START}omega{STOP}"
    filler = " ".join(["word"] * 100)
    marked = f"{one} {one} {one} {filler} {one} {other} {filler}"
    text = marked.replace(START, "").replace(STOP, "")
    assert "<mark>alpha omega</mark>" in snippet(text, marked)


def test_a_text_is_escaped_and_marked() -> None:
    text = "<b>Tom & Économie</b>"
    marked = f" b tom   {START}economie{STOP}  b "
    assert snippet(text, marked) == "&lt;b&gt;Tom &amp; <mark>Économie</mark>&lt;/b&gt;"


def test_marks_of_another_text_are_not_shown() -> None:
    assert snippet("A new text", f"{START}old{STOP}") == "A new text"


# Categories


@pytest.mark.parametrize("row", VOCABULARY, ids=lambda row: f"{row['section']}.{row['code']}")
def test_it_is_known_of_every_label_what_it_bundles(row) -> None:
    parts = bundles(row["label"])
    assert (parts if len(parts) > 1 else None) == BUNDLED.get(row["code"])


@pytest.mark.parametrize("language", ["es", "fr", "de"])
def test_a_translated_label_bundles_as_much_as_the_english_one(language) -> None:
    file = DATA / "translations" / f"{language}.json"
    translated = json.loads(file.read_text(encoding="utf-8"))["category"]
    for row in VOCABULARY:
        label = translated[f"{row['section']}.{row['code']}"]["label"]
        assert len(bundles(label)) == len(bundles(row["label"])), label


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("Grants; loans; equity", ("Grants", "loans", "equity")),
        ("Training / coaching", ("Training", "coaching")),
        ("Energy & climate", ("Energy", "climate")),
        ("Advice and/or training", ("Advice", "training")),
        ("Fairs, events & communication", ("Fairs", "events", "communication")),
        ("R&D; M&A & IP", ("R&D", "M&A", "IP")),
        ("B2B/B2C platforms", ("B2B", "B2C platforms")),
        ("Horizon 2020/R&D/M&A/IP", ("Horizon 2020", "R&D", "M&A", "IP")),
        ("R & D projects", ("R & D projects",)),
        ("I/O devices", ("I/O devices",)),
        ("Service 24/7", ("Service 24/7",)),
        ("Plan 2021/22", ("Plan 2021/22",)),
        ("Other: grants; loans", ("grants", "loans")),
    ],
)
def test_a_label_is_split_between_things_and_not_within_abbreviations(label, parts) -> None:
    assert bundles(label) == parts


CATEGORIES = [
    Named(
        number,
        f"{row['section']}.{row['code']}",
        row["section"],
        row["label"],
        tuple(row["search_words"]),
    )
    for number, row in enumerate(VOCABULARY)
]


@pytest.mark.parametrize(
    ("typed", "first", "found_by", "is_bundled"),
    [
        ("voucher", "financial-instruments.innovation-support", (), True),
        ("vouchers", "financial-instruments.innovation-support", (), True),
        (
            "innovation cheques",
            "financial-instruments.innovation-support",
            ("innovation cheque",),
            True,
        ),
        ("SME", "beneficiaries.smes", (), False),
        ("universities", "beneficiaries.academic-institutions", ("universities",), False),
        ("infrastructure", "technical-assistance.infrastructure", (), False),
        ("coworking", "technical-assistance.infrastructure", (), True),
        ("green deal", "eu-priorities.green-economy", ("Green Deal",), False),
        ("monitoring", "evaluation.monitoring", (), False),
        ("reskilling", "technical-assistance.soft-skills", (), True),
        ('"research organisations"', "beneficiaries.research-organisations", (), False),
    ],
)
def test_a_category_answers_to_its_label_and_its_search_words(
    typed, first, found_by, is_bundled
) -> None:
    answer = answers(parse(typed).terms, CATEGORIES)[0]
    assert answer.category.address == first
    assert answer.found_by == found_by
    assert bool(answer.bundled) is is_bundled


@pytest.mark.parametrize("typed", ["", "zebra", "voucher zebra", "vouch"])
def test_no_category_answers_to_other_words(typed) -> None:
    assert answers(parse(typed).terms, CATEGORIES) == []
