"""Authors' texts: normalised at the door, counted, and rendered from Markdown to safe HTML.

One notation for every text: CommonMark without raw HTML and without images, tables with a
`Table: …` paragraph above and a `Source: …` paragraph below, footnotes (`[^1]`), and citations
(`[@key, p. 130]`) of the factsheet's bibliography.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict, cast

import nh3
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

MAX_LENGTH = 32_000
"""In UTF-16 units, which is how a spreadsheet cell (at most 32,767) counts."""

KEY = r"[A-Za-z0-9](?:[A-Za-z0-9_:.-]*[A-Za-z0-9])?"
"""What a bibliography key looks like; safe in an id and in an address as it stands."""


# At the door

# A vertical tab is a line break in Word; a form feed and U+0085 end a line as well.
_LINE_BREAK = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# Besides control characters: what UTF-8 (lone surrogates) or XML (U+FFFE, U+FFFF) can not hold.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def normalise(text: str) -> str:
    """The one form of a text that database, spreadsheet and JSON keep to the byte."""
    text = _LINE_BREAK.sub("\n", text)
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("", text))


def length(text: str) -> int:
    """The length in UTF-16 units: an emoji counts as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def problems(text: str) -> list[str]:
    """Why the text can not be stored, in words; empty when it can."""
    units = length(normalise(text))
    if units <= MAX_LENGTH:
        return []
    message = _("The text has %(length)d characters; at most %(limit)d fit. Shorten it.")
    return [message % {"length": units, "limit": MAX_LENGTH}]


# Citations


@dataclass(frozen=True)
class Citation:
    """One `@key, locator` of a text; the locator is plain text such as `p. 130`."""

    key: str
    locator: str = ""


@dataclass(frozen=True)
class Cited:
    """What a citation shows of an entry of the bibliography."""

    key: str
    authors: str
    year: int | None
    title: str

    @property
    def short(self) -> str:
        name = short_authors(self.authors) or self.title or self.key
        return f"{name} {self.year or _('n.d.')}"


def citations(text: str) -> list[Citation]:
    """The citations that readers would see, in reading order, those of its footnotes last."""
    walk = FactsheetText({})
    walk.html(text, "")
    return walk.citations


def unresolved(text: str, keys: Container[str]) -> list[str]:
    """The cited keys that the bibliography lacks, each once, in reading order."""
    cited = dict.fromkeys(citation.key for citation in citations(text))
    return [key for key in cited if key not in keys]


_CAPITAL = r"[^\W\d_a-z]"
_INITIALS = re.compile(rf"{_CAPITAL}(?:[.\s-]+{_CAPITAL})*\.?")
_AND = re.compile(r"(?:,|(?<=\.))\s*(?:and|&|y)\s+")
_ET_AL = re.compile(r"[,;\s]+et al\.?$")


def short_authors(authors: str) -> str:
    """`Paton, J., Barroeta, B.` becomes `Paton and Barroeta`; an institution stays whole."""
    listed = authors.strip(" ,;")
    open_ended = bool(_ET_AL.search(listed))
    names = _surnames(_ET_AL.sub("", listed))
    if open_ended or len(names) > 2:
        return _("%(first)s et al.") % {"first": names[0]}
    if len(names) == 2:
        return _("%(first)s and %(second)s") % {"first": names[0], "second": names[1]}
    return names[0]


def _surnames(authors: str) -> list[str]:
    """The surnames if this is a list of people with initials, else the string as it is."""
    if ";" in authors:
        return [_surnames(name.strip(" ,"))[0] for name in authors.split(";") if name.strip(" ,")]
    parts = [part.strip() for part in _AND.sub(", ", authors).split(",") if part.strip()]
    initials = parts[1::2]
    people = len(parts) == 2 * len(initials) and all(map(_INITIALS.fullmatch, initials))
    return parts[0::2] if people and parts else [authors]


# Parsing

# Up to the next bracket only, so that a text full of brackets stays quick to read.
_BRACKET = re.compile(r"\[@[^][`]*\]")
_SEMICOLON = re.compile(r";(?=\s*@)")
_ITEM = re.compile(rf"\s*@({KEY})\s*(?:,(.*))?", re.DOTALL)
_LINK = re.compile(r"https?://|mailto:|#", re.IGNORECASE)


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802  (markdown-it's name)
        return bool(_LINK.match(url))


def _parse_citation(state: StateInline, silent: bool) -> bool:
    """The inline rule for `[@key]`; it comes after links, so `[@name](https://…)` is a link."""
    found = _BRACKET.match(state.src, state.pos, state.posMax)
    items = list(map(_ITEM.fullmatch, _SEMICOLON.split(found[0][1:-1]))) if found else []
    if not found or not all(items):
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.meta["citations"] = [_citation(item) for item in items if item]
    state.pos = found.end()
    return True


def _citation(item: re.Match[str]) -> Citation:
    locator = unescapeAll(item[2] or "")
    return Citation(item[1], locator.replace("\n", " ").strip())


def _parse_reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Without this, `[@key]: words` would vanish as the address of a link named `@key`."""
    if state.src.startswith("[@", state.bMarks[start] + state.tShift[start]):
        return False
    return reference(state, start, end, silent)


def _blocks(markdown: str) -> tuple[list[Token], dict[str, list[Token]]]:
    """The text's tokens without its footnotes, and those of each footnote by its label."""
    notes: dict[str, list[Token]] = {}
    inside: list[list[Token]] = [[]]
    for token in _MARKDOWN.parse(normalise(markdown)):
        if token.type == "footnote_reference_open":
            inside.append([])
            notes.setdefault(token.meta["label"], inside[-1])
        elif token.type == "footnote_reference_close":
            inside.pop()
        else:
            inside[-1].append(token)
    return inside[0], notes


# Tables


def _frame_tables(tokens: Iterable[Token], name: Callable[[str], str]) -> list[Token]:
    """Give tables their caption, source line and scrolling frame."""
    framed: list[Token] = []
    for token in tokens:
        if token.type == "table_open":
            caption = _take_caption(framed)
            label = name(_plain(caption[1]) if caption else "")
            framed += [_frame(label), token, *caption]
        elif token.type == "table_close":
            source = _take_source_row(framed)
            framed += [token, Token("frame_close", "div", -1, block=True), *source]
        else:
            framed.append(_fit_cell(token))
            _mark_source(framed)
    return framed


def _paragraph(tokens: Sequence[Token], opening: str) -> bool:
    """Whether these three tokens are a paragraph that begins with this word."""
    return (
        [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
        and tokens[1].content.startswith(opening)
        and tokens[1].content != opening
    )


def _take_caption(before: list[Token]) -> list[Token]:
    if not _paragraph(before[-3:], "Table:"):
        return []
    inline = before[-2]
    del before[-3:]
    first = (inline.children or [])[0]
    first.content = first.content.removeprefix("Table:").lstrip()
    return [
        Token("caption_open", "caption", 1),
        inline,
        Token("caption_close", "caption", -1, block=True),
    ]


def _take_source_row(table: list[Token]) -> list[Token]:
    """A source line without a blank line above has become a row: make it a paragraph again."""
    start = next(i for i in reversed(range(len(table))) if table[i].type == "tr_open")
    cells = [token for token in table[start:] if token.type == "inline"]
    first, rest = cells[0], cells[1:]
    lone = first.content.startswith("Source:") and not any(cell.content for cell in rest)
    if table[start + 1].type != "td_open" or not lone:
        return []
    end = next(i for i in range(start, len(table)) if table[i].type == "tr_close")
    del table[start : end + 1]
    return _source_paragraph(first)


def _source_paragraph(inline: Token) -> list[Token]:
    opening = Token("paragraph_open", "p", 1, attrs={"class": "source"}, block=True)
    return [opening, inline, Token("paragraph_close", "p", -1, block=True)]


def _mark_source(framed: list[Token]) -> None:
    if _paragraph(framed[-3:], "Source:") and [t.type for t in framed[-4:-3]] == ["frame_close"]:
        framed[-3:] = _source_paragraph(framed[-2])


def _frame(label: str) -> Token:
    """Keyboard users can scroll the frame, so it takes the focus and has a name."""
    frame = Token("frame_open", "div", 1, block=True)
    frame.attrs = {"class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": label}
    return frame


def _fit_cell(token: Token) -> Token:
    """Alignment as a class, since the site's policy forbids inline styles."""
    align = str(token.attrs.pop("style", "")).removeprefix("text-align:")
    if align:
        token.attrSet("class", f"align-{align}")
    return token


# Rendering

_MARKDOWN = _Markdown("commonmark", {"html": False}).enable("table")
# Inline footnotes (`^[…]`) stay off: the plugin reads nested ones in exponential time.
_MARKDOWN.use(footnote_plugin, inline=False, move_to_end=False)
_MARKDOWN.inline.ruler.after("link", "citation", _parse_citation)
_MARKDOWN.block.ruler.at("reference", _parse_reference)


def _plain(inline: Token) -> str:
    renderer = cast(RendererHTML, _MARKDOWN.renderer)
    text = renderer.renderInlineAsText(inline.children, _MARKDOWN.options, {})
    return " ".join(text.split())


@dataclass
class _Run:
    """What the render rules share while one text is rendered."""

    walk: FactsheetText
    anchor: str
    footnotes: dict[str, Footnote] = field(default_factory=dict)
    """Of this text, by label; another text may use the label again."""
    labels: list[str] = field(default_factory=list)
    """The same labels in reading order, growing while footnotes call further ones."""


def _render_heading(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """The page's own headings end at h3, so a text's begin at h4."""
    token = tokens[index]
    token.tag = f"h{min(int(token.tag[1]) + 3, 6)}"
    return renderer.renderToken(tokens, index, options, env)


def _render_column_header(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """An empty corner heads no column, so it is a plain cell."""
    token = tokens[index]
    if not tokens[index + token.nesting].content:
        token.tag = "td"
    elif token.nesting == 1:
        token.attrSet("scope", "col")
    return renderer.renderToken(tokens, index, options, env)


def _render_link(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """A link without words shows its address."""
    token = tokens[index]
    href = str(token.attrs["href"])
    if href.lower().startswith("http"):
        token.attrSet("rel", "noopener")
    words = escape(href) if tokens[index + 1].type == "link_close" else ""
    return renderer.renderToken(tokens, index, options, env) + words


def _render_image(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """There are no images: the alternative text stands in."""
    return escape(renderer.renderInlineAsText(tokens[index].children, options, env))


def _render_footnote_ref(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    run: _Run = env["run"]
    label = tokens[index].meta["label"]
    if label not in run.footnotes:
        run.footnotes[label] = run.walk._new_footnote(run.anchor)
        run.labels.append(label)
    footnote = run.footnotes[label]
    number, uses = footnote["number"], len(footnote["back"])
    back = f"fnref-{number}-{uses + 1}" if uses else f"fnref-{number}"
    footnote["back"].append(back)
    mark = '<sup class="fn-ref"><a id="{}" href="#fn-{}">{}</a></sup>'
    return format_html(mark, back, number, number)


def _render_citation(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    walk = env["run"].walk
    cited: list[Citation] = tokens[index].meta["citations"]
    html = "; ".join([walk._cite(citation) for citation in cited])
    return f"({html})" if any(c.key in walk.references for c in cited) else html


_RULES = {
    "heading_open": _render_heading,
    "heading_close": _render_heading,
    "th_open": _render_column_header,
    "th_close": _render_column_header,
    "link_open": _render_link,
    "image": _render_image,
    "footnote_ref": _render_footnote_ref,
    "citation": _render_citation,
}
for _name, _rule in _RULES.items():
    _MARKDOWN.add_render_rule(_name, _rule)

_ID = re.compile(rf"fnref-[0-9]+(-[0-9]+)?|cite-{KEY}-[0-9]+")


def _safe_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "id":
        return value if _ID.fullmatch(value) else None
    if name == "href":
        return value if _LINK.match(value) else None
    return value


_TAGS = """
    p br hr em strong a code pre blockquote ul ol li sup span div h4 h5 h6
    table caption thead tbody tr th td
"""
_ALIGNED = {"align-left", "align-center", "align-right"}

_CLEANER = nh3.Cleaner(
    tags=set(_TAGS.split()),
    attributes={
        "a": {"id", "href", "title"},
        "span": {"title"},
        "div": {"aria-label"},
        "ol": {"start"},
    },
    tag_attribute_values={
        "a": {"rel": {"noopener"}},
        "div": {"tabindex": {"0"}, "role": {"region"}},
        "th": {"scope": {"col"}},
    },
    allowed_classes={
        "a": {"cite"},
        "span": {"cite", "missing"},
        "sup": {"fn-ref"},
        "div": {"table-scroll"},
        "p": {"source"},
        "th": _ALIGNED,
        "td": _ALIGNED,
    },
    attribute_filter=_safe_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


class Footnote(TypedDict):
    """A footnote as it is shown; `back` are the ids of its marks in the texts."""

    number: int
    section: str
    html: str
    back: list[str]


class Backlink(TypedDict):
    """A place where an entry of the bibliography is cited."""

    anchor: str
    label: str


class FactsheetText:
    """Renders the texts of one factsheet, called in reading order, and keeps count.

    Footnote numbers run through all the texts; labels such as `[^1]` belong to one text.
    `footnotes` and `cited_by` are complete once the last text is rendered.
    """

    def __init__(self, references: Mapping[str, Cited]) -> None:
        self.references = references
        self.footnotes: list[Footnote] = []
        self.cited_by: dict[str, list[Backlink]] = {}
        self.citations: list[Citation] = []
        self._table_names: Counter[str] = Counter()

    def html(self, markdown: str, anchor: str) -> str:
        """Block HTML; `anchor` is the address of the section that the text belongs to."""
        return self._render(markdown, _Run(self, anchor))

    def inline(self, markdown: str, anchor: str) -> str:
        """Inline HTML, for one line such as a reference's note; it can define no footnotes."""
        tokens = _MARKDOWN.parseInline(normalise(markdown))
        return self._output(tokens, _Run(self, anchor))

    def footnote(self, markdown: str, anchor: str) -> int:
        """Make the text a footnote whose mark the page sets itself; returns its number."""
        footnote = self._new_footnote(anchor)
        footnote["back"].append(f"fnref-{footnote['number']}")
        footnote["html"] = self._render(markdown, _Run(self, anchor))
        return footnote["number"]

    def _render(self, markdown: str, run: _Run) -> str:
        body, notes = _blocks(markdown)
        html = self._output(body, run)
        for label in run.labels:
            run.footnotes[label]["html"] = self._output(notes.get(label, []), run)
        return html

    def _output(self, tokens: list[Token], run: _Run) -> str:
        framed = _frame_tables(tokens, self._table_name)
        html = _MARKDOWN.renderer.render(framed, _MARKDOWN.options, {"run": run})
        return _CLEANER.clean(html).strip()

    def _table_name(self, caption: str) -> str:
        """Two regions of a page must not share a name."""
        name = caption or _("Table")
        self._table_names[name] += 1
        count = self._table_names[name]
        return name if count == 1 else f"{name} ({count})"

    def _new_footnote(self, anchor: str) -> Footnote:
        footnote = Footnote(number=len(self.footnotes) + 1, section=anchor, html="", back=[])
        self.footnotes.append(footnote)
        return footnote

    def _cite(self, citation: Citation) -> str:
        self.citations.append(citation)
        key = citation.key
        if key not in self.references:
            return _missing(key)
        places = self.cited_by.setdefault(key, [])
        number = len(places) + 1
        places.append(Backlink(anchor=f"cite-{key}-{number}", label=str(number)))
        words = ", ".join(filter(None, [self.references[key].short, citation.locator]))
        link = '<a class="cite" id="cite-{}-{}" href="#ref-{}">{}</a>'
        return format_html(link, key, number, key, words)


def _missing(key: str) -> str:
    title = _("The key “%(key)s” is not in the bibliography.") % {"key": key}
    return format_html('<span class="cite missing" title="{}">[@{}?]</span>', title, key)
