"""Texts: the door, citations, footnotes, tables, and what can not get through."""

import re
import unicodedata
from html.parser import HTMLParser
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.text import (
    MAX_LENGTH,
    Citation,
    Cited,
    FactsheetText,
    citations,
    length,
    normalise,
    problems,
    short_authors,
    unresolved,
)

PORTER = Cited("porter-1998", "Porter, M. E.", 1998, "Clusters")
BOARD = Cited("board", "Cluster Board", None, "Cluster map")
REFERENCES = {cited.key: cited for cited in [PORTER, BOARD]}

FRAGMENTS = [
    *["[^1]", "[^2]", "[^zz]", "\n\n[^1]: one [^2] ", "\n\n[^2]: two\n", "\n\n[^1]: > [^3]: x\n"],
    *[
        "[@board]",
        "[@porter-1998, p. 3; @nix]",
        "[@",
        "]",
        "`",
        "*",
        "_",
        "**",
        "![",
        "](http://x)",
    ],
    *["\n", "\n\n", "> ", "- ", "1. ", "# ", "    ", "| a | b |\n|---|:-:|\n| c |\n", "Table: t\n"],
    *["Source: s\n", "<script>alert(1)</script>", '<a onclick="x" id="y">', "[a](javascript:x)"],
    *["](javascript:alert(1))", '[a](http://x "onload=")', "&lt;img&gt;", "&#0;", "\\", "```", "é"],
]
soup = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=8)), max_size=30)
unhurried = settings(deadline=None)  # a busy machine is no failure
markdown = soup.map("".join) | st.text(st.characters())


def render(text: str) -> str:
    return FactsheetText(REFERENCES).html(text, "scope")


class Outline(HTMLParser):
    """Notes every tag and attribute, and whether each end tag closes the last open one."""

    VOID: ClassVar = {"br", "hr"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.nested = True
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.nested = self.nested and bool(self.open) and self.open.pop() == tag


# At the door


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne"),
        ("a\vb\fc\x85d", "a\nb\nc\nd"),
        ("a\x00b\x07c\x7fd\x9fe", "abcde"),
        ("a\ud83db\ufffec\uffff", "abc"),
        ("e\u0301", "\u00e9"),
        ("e\x00\u0301", "\u00e9"),
        ("\ta \n b ", "\ta \n b "),
        ("👩\u200d👧 \u200f\u05d0\u200e \ufeff", "👩\u200d👧 \u200f\u05d0\u200e \ufeff"),
    ],
)
def test_the_door_keeps_what_every_format_can_hold(text: str, kept: str) -> None:
    assert normalise(text) == kept


@unhurried
@given(st.text(st.characters()))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@unhurried
@given(st.text(st.characters()))
def test_a_normalised_text_is_composed_and_has_no_control_characters(text: str) -> None:
    kept = normalise(text)
    assert unicodedata.is_normalized("NFC", kept)
    assert not [c for c in kept if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\t\n"]


def test_an_emoji_counts_as_two_units() -> None:
    assert length("a😀é") == 4


def test_a_text_may_fill_the_whole_room() -> None:
    assert problems("😀" * (MAX_LENGTH // 2)) == []


def test_a_longer_text_is_a_problem_that_names_both_lengths() -> None:
    [problem] = problems("😀" * (MAX_LENGTH // 2) + "a")
    assert "32001" in problem
    assert "32000" in problem


# Citations


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[@board]", [Citation("board")]),
        ("[@board, p. 130]", [Citation("board", "p. 130")]),
        ("[@a; @b, p. 3; 5]", [Citation("a"), Citation("b", "p. 3; 5")]),
        ("[@a,\npp.&ndash;3]", [Citation("a", "pp.–3")]),
        ("[@a_b:c.d-e]", [Citation("a_b:c.d-e")]),
        ("one[^1] [@b]\n\n[^1]: [@a]", [Citation("b"), Citation("a")]),
        ("| a |\n|---|\n| [@a] |", [Citation("a")]),
        ("[@a]: word", [Citation("a")]),
        ("`[@a]`", []),
        ("```\n[@a]\n```", []),
        (r"\[@a]", []),
        ("[@a.]", []),
        ("[@a b]", []),
        ("[@ECCP](https://example.org)", []),
        ("[^1]: never used [@a]", []),
    ],
)
def test_citations_are_found_where_readers_see_them(text: str, found: list[Citation]) -> None:
    assert citations(text) == found


def test_unresolved_names_each_missing_key_once() -> None:
    assert unresolved("[@x] [@board] [@y] [@x, p. 2]", {"board"}) == ["x", "y"]


@pytest.mark.parametrize(
    ("authors", "short"),
    [
        ("Porter, M. E.", "Porter"),
        ("Solleiro-Rebolledo, J. L., Castañón-Ibarra, R., Roe, L. E.", "Solleiro-Rebolledo et al."),
        ("Porter, M.E. and Ketels, C.", "Porter and Ketels"),
        ("Porter, M., & Ketels, C.", "Porter and Ketels"),
        ("Porter, Michael; Ketels, Christian", "Porter, Michael and Ketels, Christian"),
        ("Paton, J., Bercovich, N., Barroeta, B", "Paton et al."),
        ("Müller, J.-L., et al.", "Müller et al."),
        (
            "Gobierno de México, Secretaría de Economía",
            "Gobierno de México, Secretaría de Economía",
        ),
        ("CONACYT", "CONACYT"),
        ("", ""),
    ],
)
def test_authors_are_shortened(authors: str, short: str) -> None:
    assert short_authors(authors) == short


@unhurried
@given(st.text("aA.,; \n&", max_size=12) | st.text())
def test_any_authors_can_be_shortened(authors: str) -> None:
    assert isinstance(short_authors(authors), str)


def test_a_citation_links_to_its_entry() -> None:
    assert render("[@porter-1998, p. 130]") == (
        '<p>(<a class="cite" id="cite-porter-1998-1" href="#ref-porter-1998">'
        "Porter 1998, p. 130</a>)</p>"
    )


def test_an_entry_without_year_says_so() -> None:
    assert "Cluster Board n.d.</a>" in render("[@board]")


def test_an_entry_without_authors_is_cited_by_its_title() -> None:
    walk = FactsheetText({"map": Cited("map", "", 2020, "Map")})
    assert "Map 2020</a>" in walk.html("[@map]", "scope")


def test_an_unknown_key_is_marked() -> None:
    html = render("[@nix, p. 3]")
    assert '<span class="cite missing" title="' in html
    assert "[@nix?]</span>" in html


def test_an_entry_knows_where_it_is_cited() -> None:
    walk = FactsheetText(REFERENCES)
    walk.html("[@board] [^1]\n\n[^1]: [@board]", "scope")
    walk.inline("see [@board]", "references")
    assert walk.cited_by == {
        "board": [{"anchor": f"cite-board-{n}", "label": str(n)} for n in (1, 2, 3)]
    }


# Footnotes


def test_a_footnote_mark_links_to_its_footnote() -> None:
    mark = '<sup class="fn-ref"><a id="fnref-1" href="#fn-1">1</a></sup>'
    assert render("a[^x]\n\n[^x]: note") == f"<p>a{mark}</p>"


def test_footnotes_are_numbered_through_the_factsheet() -> None:
    walk = FactsheetText({})
    walk.html("[^b] [^a]\n\n[^a]: A\n\n[^b]: B", "introduction")
    walk.html("[^a]\n\n[^a]: C", "scope")
    assert walk.footnotes == [
        {"number": 1, "section": "introduction", "html": "<p>B</p>", "back": ["fnref-1"]},
        {"number": 2, "section": "introduction", "html": "<p>A</p>", "back": ["fnref-2"]},
        {"number": 3, "section": "scope", "html": "<p>C</p>", "back": ["fnref-3"]},
    ]


def test_a_footnote_used_twice_has_one_number_and_two_ways_back() -> None:
    walk = FactsheetText({})
    walk.html("[^a] [^a]\n\n[^a]: A", "scope")
    assert [note["back"] for note in walk.footnotes] == [["fnref-1", "fnref-1-2"]]


def test_a_footnote_may_call_another_and_itself() -> None:
    walk = FactsheetText({})
    walk.html("[^a] [^c]\n\n[^a]: A [^b] [^a]\n\n[^b]: B\n\n[^c]: C", "scope")
    texts = [re.sub(r"<sup.*</sup>|</?p>", "", note["html"]).strip() for note in walk.footnotes]
    assert texts == ["A", "C", "B"]


def test_a_footnote_inside_another_keeps_both_texts() -> None:
    walk = FactsheetText({})
    walk.html("[^a] [^b]\n\n[^a]: A\n\n    [^b]: B", "scope")
    assert [note["html"] for note in walk.footnotes] == ["<p>A</p>", "<p>B</p>"]


def test_an_unused_footnote_is_not_shown() -> None:
    walk = FactsheetText({})
    assert walk.html("text\n\n[^a]: A", "scope") == "<p>text</p>"
    assert walk.footnotes == []


def test_a_mark_without_a_footnote_stays_text() -> None:
    assert render("a[^x]") == "<p>a[^x]</p>"


def test_a_heading_note_becomes_a_footnote() -> None:
    walk = FactsheetText({})
    walk.html("[^a]\n\n[^a]: A", "introduction")
    assert walk.footnote("*Note*", "plan.heading") == 2
    assert walk.footnotes[1] == {
        "number": 2,
        "section": "plan.heading",
        "html": "<p><em>Note</em></p>",
        "back": ["fnref-2"],
    }


def numbers_seen(walk: FactsheetText, pages: list[tuple[str, str]]) -> list[int]:
    """The footnote marks in reading order: each text, then its footnotes; each number once."""
    read = []
    for anchor, html in pages:
        read += [html, *[note["html"] for note in walk.footnotes if note["section"] == anchor]]
    marks = re.findall(r'<a id="fnref-[0-9-]+" href="#fn-([0-9]+)">', "".join(read))
    return [int(number) for number in dict.fromkeys(marks)]


@unhurried
@given(st.lists(markdown, max_size=3))
def test_footnotes_count_from_one_in_reading_order(texts: list[str]) -> None:
    walk = FactsheetText(REFERENCES)
    pages = [(str(n), walk.html(text, str(n))) for n, text in enumerate(texts)]
    contiguous = list(range(1, len(walk.footnotes) + 1))
    assert [note["number"] for note in walk.footnotes] == contiguous
    assert numbers_seen(walk, pages) == contiguous


@unhurried
@given(st.lists(markdown, max_size=3))
def test_every_way_back_exists_exactly_once(texts: list[str]) -> None:
    walk = FactsheetText(REFERENCES)
    pages = [walk.html(text, "scope") for text in texts]
    outline = Outline("".join([*pages, *[note["html"] for note in walk.footnotes]]))
    backs = [back for note in walk.footnotes for back in note["back"]]
    cites = [place["anchor"] for places in walk.cited_by.values() for place in places]
    assert sorted(outline.ids) == sorted(backs + cites)


# Blocks


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# One", "<h4>One</h4>"),
        ("## Two", "<h5>Two</h5>"),
        ("###### Six", "<h6>Six</h6>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("[a](#x.y)", '<p><a href="#x.y">a</a></p>'),
        ("[a](https://x.org)", '<p><a href="https://x.org" rel="noopener">a</a></p>'),
        ("[](https://x.org)", '<p><a href="https://x.org" rel="noopener">https://x.org</a></p>'),
        ("<a@x.org>", '<p><a href="mailto:a@x.org">a@x.org</a></p>'),
        ("[a](ftp://x.org)", "<p>[a](ftp://x.org)</p>"),
        ("[a](/about/)", "<p>[a](/about/)</p>"),
        ("[a](//x.org)", "<p>[a](//x.org)</p>"),
        ("[a](JavaScript:x)", "<p>[a](JavaScript:x)</p>"),
        ("https://x.org", "<p>https://x.org</p>"),
        ("![a *map*](https://x.org/map.png)", "<p>a map</p>"),
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        ("```js\na<b\n```", "<pre><code>a&lt;b\n</code></pre>"),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert render(text) == html


def test_a_citation_inside_a_link_wins_over_the_link() -> None:
    assert render("[see [@board]](#x)") == "<p>[see " + render("[@board]")[3:-4] + "](#x)</p>"


def test_a_reference_note_is_inline() -> None:
    html = FactsheetText({}).inline("See *also* <https://x.org>", "references")
    assert html == 'See <em>also</em> <a href="https://x.org" rel="noopener">https://x.org</a>'


TABLE = "|  | Firms |\n|---|--:|\n| 2021 | 3 |\n"
FRAMED = (
    '<div class="table-scroll" tabindex="0" role="region" aria-label="{label}">\n<table>\n{caption}'
    '<thead>\n<tr>\n<td></td>\n<th class="align-right" scope="col">Firms</th>\n</tr>\n</thead>\n'
    '<tbody>\n<tr>\n<td>2021</td>\n<td class="align-right">3</td>\n</tr>\n</tbody>\n'
    "</table>\n</div>"
)


def test_a_table_stands_in_a_frame_that_scrolls() -> None:
    assert render(TABLE) == FRAMED.format(label="Table", caption="")


@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_table_takes_the_caption_above_and_the_source_below(gap: str) -> None:
    html = render(f"Table: Firms *now*\n{gap}{TABLE}{gap}Source: ECCP (2022)")
    caption = "<caption>Firms <em>now</em></caption>\n"
    framed = FRAMED.format(label="Firms now", caption=caption)
    assert html.replace("\n", "") == (framed + '<p class="source">Source: ECCP (2022)</p>').replace(
        "\n", ""
    )


def test_two_tables_do_not_share_a_name() -> None:
    names = re.findall(r'aria-label="([^"]+)"', render(f"{TABLE}\n{TABLE}"))
    assert names == ["Table", "Table (2)"]


def test_a_caption_or_source_away_from_a_table_stays_a_paragraph() -> None:
    html = render("Table: a\n\nwords\n\nSource: b")
    assert html == "<p>Table: a</p>\n<p>words</p>\n<p>Source: b</p>"


# What can not get through


TAGS = """
    p br hr em strong a code pre blockquote ul ol li sup span div h4 h5 h6
    table caption thead tbody tr th td
"""
ATTRIBUTES = "id href title rel class start tabindex role aria-label scope"


@unhurried
@given(markdown)
def test_any_text_renders_to_safe_html(text: str) -> None:
    walk = FactsheetText(REFERENCES)
    walk.footnote(text, "plan.heading")
    outputs = [walk.html(text, "scope"), walk.inline(text, "references")]
    outline = Outline("".join([*outputs, *[note["html"] for note in walk.footnotes]]))
    assert outline.tags <= set(TAGS.split())
    assert outline.attributes <= set(ATTRIBUTES.split())
    assert all(re.match(r"(?i)https?://|mailto:|#", link) for link in outline.links)


@unhurried
@given(markdown)
def test_any_text_renders_to_html_that_nests(text: str) -> None:
    walk = FactsheetText(REFERENCES)
    html = [walk.html(text, "scope"), walk.inline(text, "references")]
    outlines = [Outline(part) for part in [*html, *[n["html"] for n in walk.footnotes]]]
    assert all(outline.nested and not outline.open for outline in outlines)


@unhurried
@given(markdown)
def test_citations_agree_with_what_is_rendered(text: str) -> None:
    walk = FactsheetText(REFERENCES)
    walk.html(text, "scope")
    assert walk.citations == citations(text)
