"""From tokens to safe HTML, with footnotes and citations counted through a whole factsheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

import nh3
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from policies.text.citing import KEY, Citation, Cited
from policies.text.door import normalise
from policies.text.parsing import LINK, MARKDOWN, blocks
from policies.text.tables import frame_tables


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
    MARKDOWN.add_render_rule(_name, _rule)

_ID = re.compile(rf"fnref-[0-9]+(-[0-9]+)?|cite-{KEY}-[0-9]+")


def _safe_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "id":
        return value if _ID.fullmatch(value) else None
    if name == "href":
        return value if LINK.match(value) else None
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
        tokens = MARKDOWN.parseInline(normalise(markdown))
        return self._output(tokens, _Run(self, anchor))

    def footnote(self, markdown: str, anchor: str) -> int:
        """Make the text a footnote whose mark the page sets itself; returns its number."""
        footnote = self._new_footnote(anchor)
        footnote["back"].append(f"fnref-{footnote['number']}")
        footnote["html"] = self._render(markdown, _Run(self, anchor))
        return footnote["number"]

    def _render(self, markdown: str, run: _Run) -> str:
        body, notes = blocks(markdown)
        html = self._output(body, run)
        for label in run.labels:
            run.footnotes[label]["html"] = self._output(notes.get(label, []), run)
        return html

    def _output(self, tokens: list[Token], run: _Run) -> str:
        framed = frame_tables(tokens, self._table_name)
        html = MARKDOWN.renderer.render(framed, MARKDOWN.options, {"run": run})
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


def citations(text: str) -> list[Citation]:
    """The citations that readers would see, in reading order, those of its footnotes last."""
    if "[@" not in text:
        return []  # parsing takes a thousand times as long as seeing that
    walk = FactsheetText({})
    walk.html(text, "")
    return walk.citations


def unresolved(text: str, keys: Container[str]) -> list[str]:
    """The cited keys that the bibliography lacks, each once, in reading order."""
    cited = dict.fromkeys(citation.key for citation in citations(text))
    return [key for key in cited if key not in keys]
