"""What is pasted from Word and from web pages becomes our Markdown, and renders as it looked."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Route

from policies.text import FactsheetText
from tests.browser import REPORT_VIOLATIONS

WORD = (Path(__file__).parent / "pasted" / "word.html").read_text(encoding="utf-8")
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"
SITE = "http://pasting.test/"
CONVERT = """async ([html, taken]) => {
  const {markdownOf} = await import("/policies/admin/pasting/markdown.js");
  const made = markdownOf(html, new Set(taken));
  return made && {...made, dropped: Object.fromEntries(made.dropped)};
}"""

Convert = Callable[..., dict[str, Any]]


def serve(route: Route) -> None:
    """Our static files, from a page under the site's own policy."""
    name = route.request.url.removeprefix(SITE)
    if name:
        route.fulfill(path=finders.find(name))
    else:
        route.fulfill(body="<!DOCTYPE html>", headers={"Content-Security-Policy": POLICY})


@pytest.fixture(scope="module")
def convert(chromium: Browser) -> Iterator[Convert]:
    context = chromium.new_context()
    context.add_init_script(REPORT_VIOLATIONS)
    complaints: list[str] = []
    context.on("console", lambda message: complaints.append(message.text))
    context.route("**/*", serve)
    page = context.new_page()
    page.goto(SITE)
    yield lambda html, *taken: page.evaluate(CONVERT, [html, taken])
    context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def rendered(convert: Convert) -> Callable[[str], str]:
    """The HTML that readers see of what was pasted."""

    def render(html: str) -> str:
        made = convert(html)
        texts = FactsheetText({})
        body = texts.html(made["text"] + "\n\n" + made["notes"], "")
        return body + "".join(note["html"] for note in texts.footnotes)

    return render


AS_MARKDOWN = {
    "bold and italic": ("<p>A <b>b</b> <i>c</i>", "A **b** *c*"),
    "bold cut in two": ("<p><b>one </b><b>two</b></p>", "**one two**"),
    "bold over paragraphs": ("<b><p>one</p><p>two</p></b>", "**one**\n\n**two**"),
    "bold in pieces around italics": (
        "<p><b>one </b><b>two <i>three</i></b><b></b></p>",
        "**one two *three***",
    ),
    "bold before a letter": ("<p><b>Note:</b>this</p>", "**Note**:this"),
    "no bold in a heading": ("<h2><b>Aims</b></h2>", "# Aims"),
    "headings from the first level": ("<h2>A</h2><h3>B</h3>", "# A\n\n## B"),
    "a link": ('<a href="https://example.org/a_(b)">x</a>', "[x](https://example.org/a_\\(b\\))"),
    "an address": (
        '<a href="https://example.org/">https://example.org/</a>',
        "<https://example.org/>",
    ),
    "a link around a card": (
        '<div><a href="https://example.org/"><div>One</div><div>two</div></a></div>',
        "[One two](https://example.org/)",
    ),
    "Google's way out": (
        '<a href="https://www.google.com/url?q=https://example.org/&amp;sa=D">x</a>',
        "[x](https://example.org/)",
    ),
    "a list in a list": ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
    "a list beside its item": ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
    "a list that starts later": ('<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b"),
    "paragraphs in an item": ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n  b"),
    "line breaks": ("<p>one<br>two<br><br>three</p>", "one\\\ntwo\n\nthree"),
    "small numbers": ("<p>m<sup>2</sup> CO<sub>2</sub> 1<sup>st</sup></p>", "m² CO₂ 1st"),
    "a quotation": ("<blockquote><p>a</p></blockquote>", "> a"),
    "words beside a paragraph": ("1986. <b>was</b><p>on</p>", "1986\\. **was**\n\non"),
    "a table": (
        "<table><caption>Cap</caption><tr><th>A</th><th>B|C</th></tr><tr><td>1</td><td></td></tr></table>",
        "Table: Cap\n\n| A | B\\|C |\n| --- | --- |\n| 1 |  |",
    ),
    "merged cells": (
        "<table><tr><td>A</td><td>B</td></tr><tr><td rowspan=2>x</td><td>1</td></tr>"
        "<tr><td>2</td></tr></table>",
        "| A | B |\n| --- | --- |\n| x | 1 |\n|  | 2 |",
    ),
    "a list in a cell": (
        "<table><tr><td>A</td><td>B</td></tr><tr><td><ul><li>x</li><li>y</li></ul></td><td>1</td></tr></table>",
        "| A | B |\n| --- | --- |\n| x; y | 1 |",
    ),
    "a table that arranges a page": (
        "<table><tr><td><p>one</p><p>two</p></td></tr></table>",
        "one\n\ntwo",
    ),
    "what is bold by style": (
        '<p><span style="font-weight:700">a</span> <span style="font-style: italic">b</span></p>',
        "**a** *b*",
    ),
    "a citation": ("<p>As <b>said</b> [@key, p. 3]</p>", "As **said** [@key, p. 3]"),
}


@pytest.mark.parametrize("case", AS_MARKDOWN)
def test_html_becomes_markdown(convert: Convert, case: str):
    html, markdown = AS_MARKDOWN[case]
    assert convert(html)["text"] == markdown


LOOKS_LIKE_MARKDOWN = [
    "1986.",
    "1986. was a year",
    "2) two",
    "- dash",
    "+ plus",
    "* star and *stars*",
    "_under_ snake_case a_",
    "# number sign",
    "> greater",
    "=== and --- and ***",
    "---",
    "a ` b `c`",
    "[x](https://example.org)",
    "[x][y]",
    "[x]: https://example.org",
    "[^1]",
    "<b> and &copy; and <https://example.org>",
    "back\\slash \\*",
    "| a | b |",
    "~~~",
]


@pytest.mark.parametrize("words", LOOKS_LIKE_MARKDOWN)
def test_words_that_look_like_markdown_stay_words(rendered, words: str):
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert rendered(f"<p>{escaped}</p><p>On.</p>") == f"<p>{escaped}</p>\n<p>On.</p>"


def test_a_year_whose_period_stands_apart_stays_a_year(rendered):
    html = "<p><span>1986</span><span>. It</span><br>2. began</p><p>On.</p>"
    assert rendered(html) == "<p>1986. It<br>\n2. began</p>\n<p>On.</p>"


def test_an_exclamation_before_a_link_makes_no_image(rendered):
    html = '<p>Look!<a href="https://example.org/">here</a></p>'
    assert 'Look!<a href="https://example.org/" rel="noopener">here</a>' in rendered(html)


def test_a_document_of_word(convert: Convert):
    made = convert(WORD, "1")
    assert made["text"] == (
        "# Why the plan was written\n\n"
        "1986\\. was the first year of the **cluster programme**, which the Inventorian council "
        "called *a bold start*.[^2] It covered 40 km² and is "
        "[still online](https://example.org/plan?year=1986&part=2).\n\n"
        "It has three aims:\n\n"
        "- grow the **harbour** cluster,\n  - with two quays,\n- train people.\n\n"
        "The steps were:\n\n"
        "1. a survey,\n2. a call for partners.\n\n"
        "Table: Money by year\n\n"
        "| Year | Million \\| EUR |\n| --- | --- |\n| 1987 | 4.5[^3] |\n\n"
        "Source: the council's accounts."
    )
    assert made["notes"] == (
        "[^2]: Minutes of the council, *first* session.\n\n[^3]: At the prices of 1990."
    )
    assert made["dropped"] == {"comments": 1, "deletions": 1, "images": 1}


def test_word_renders_with_its_caption_source_and_footnotes(rendered):
    html = rendered(WORD)
    assert "<caption>Money by year</caption>" in html
    assert '<p class="source">Source: the council\'s accounts.</p>' in html
    assert "Minutes of the council, <em>first</em> session." in html
    assert html.count('class="fn-ref"') == 2


def test_the_lists_of_word_in_a_browser(convert: Convert):
    html = "".join(
        f'<div class="ListContainerWrapper"><{kind}><li data-aria-level="{level}"><p>{words}</p>'
        f"</li></{kind}></div>"
        for kind, level, words in (("ul", 1, "a"), ("ul", 2, "b"), ("ol", 1, "c"))
    )
    assert convert(html)["text"] == "- a\n  - b\n\n1. c"


def test_google_docs_bold_wrapper_is_not_bold(convert: Convert):
    html = (
        '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">'
        '<p dir="ltr"><span style="font-weight:400">A </span><span style="font-weight:700">b</span>'
        '</p><ul><li aria-level="1"><p role="presentation"><span>one</span></p></li></ul></b>'
        '<br class="Apple-interchange-newline">'
    )
    assert convert(html)["text"] == "A **b**\n\n- one"


FOOTNOTES = {
    "LibreOffice": (
        '<p>On<a name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a></p>'
        '<div id="sdfootnote1"><p><a name="sdfootnote1sym" href="#sdfootnote1anc">1</a>A note.</p>'
        "</div>"
    ),
    "an encyclopedia": (
        '<p>On<sup id="cite_ref-1"><a href="https://example.org/p#cite_note-1">[1]</a></sup></p>'
        '<ol><li id="cite_note-1"><span><b><a href="https://example.org/p#cite_ref-1">^</a></b>'
        "</span> <span>A note.</span></li></ol>"
    ),
    "a blog": (
        '<p>On<a href="#fn1" id="fnref1"><sup>1</sup></a></p><section><hr><ol><li id="fn1">'
        '<p>A note. <a href="#fnref1">↩︎</a></p></li></ol></section>'
    ),
}


@pytest.mark.parametrize("origin", FOOTNOTES)
def test_footnotes_of_other_origins(convert: Convert, origin: str):
    made = convert(FOOTNOTES[origin])
    assert (made["text"], made["notes"]) == ("On[^1]", "[^1]: A note.")


def test_a_footnote_of_two_paragraphs(rendered):
    html = FOOTNOTES["LibreOffice"].replace("A note.</p>", "A note.</p><p>More.</p>")
    assert "<p>A note.</p>\n<p>More.</p>" in rendered(html)


DROPPED = {
    "images": '<p>a<img src="x.png" alt="A map"> b</p>',
    "deletions": "<p>a<del>gone</del> b</p>",
    "objects": '<p>a</p><iframe src="https://example.org/"></iframe><p>b</p>',
    "fields": "<p>a<input></p><p>b</p>",
    "hidden": '<p>a<span style="display: none">x</span></p><p>b</p>',
    "underlining": "<p>a <u>b</u></p>",
    "striking": "<p>a <s>b</s></p>",
    "links": '<p>a <a href="file:///C:/plan.docx">b</a></p>',
    "footnotes": '<p>a b<a href="#_ftn4">[4]</a></p>',
    "merged": "<table><tr><td>a</td><td>b</td></tr><tr><td colspan=2>c</td></tr></table>",
    "cellLists": "<table><tr><td>a</td><td><ul><li>b</li></ul></td></tr></table>",
}


@pytest.mark.parametrize("name", DROPPED)
def test_what_is_left_out_is_named(convert: Convert, name: str):
    assert convert(DROPPED[name])["dropped"] == {name: 1}


@pytest.mark.parametrize(
    "html",
    [
        '<meta charset="utf-8"><span style="color: red">just words</span>',
        '<div style="font-family: monospace; white-space: pre;"><div><b># head</b></div></div>',
    ],
    ids=["one line", "a code editor"],
)
def test_what_has_no_form_stays_plain_text(convert: Convert, html: str):
    assert convert(html) is None


def test_a_page_that_would_run_something_runs_nothing(convert: Convert):
    html = '<p onclick="alert(1)">a</p><script>alert(2)</script><a href="javascript:alert(3)">b</a>'
    assert convert(html)["text"] == "a\n\nb"
