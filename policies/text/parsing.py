"""From Markdown to tokens: CommonMark, tables, footnotes and citations; no HTML inside."""

import re
from typing import cast

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from policies.text.citing import KEY, Citation
from policies.text.door import normalise

# Up to the next bracket only, so that a text full of brackets stays quick to read.
_BRACKET = re.compile(r"\[@[^][`]*\]")
_SEMICOLON = re.compile(r";(?=\s*@)")
_ITEM = re.compile(rf"\s*@({KEY})\s*(?:,(.*))?", re.DOTALL)
LINK = re.compile(r"https?://|mailto:|#", re.IGNORECASE)


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802  (markdown-it's name)
        return bool(LINK.match(url))


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


def blocks(markdown: str) -> tuple[list[Token], dict[str, list[Token]]]:
    """The text's tokens without its footnotes, and those of each footnote by its label."""
    notes: dict[str, list[Token]] = {}
    inside: list[list[Token]] = [[]]
    for token in MARKDOWN.parse(normalise(markdown)):
        if token.type == "footnote_reference_open":
            inside.append([])
            notes.setdefault(token.meta["label"], inside[-1])
        elif token.type == "footnote_reference_close":
            inside.pop()
        else:
            inside[-1].append(token)
    return inside[0], notes


MARKDOWN = _Markdown("commonmark", {"html": False}).enable("table")
# Inline footnotes (`^[…]`) stay off: the plugin reads nested ones in exponential time.
MARKDOWN.use(footnote_plugin, inline=False, move_to_end=False)
MARKDOWN.inline.ruler.after("link", "citation", _parse_citation)
MARKDOWN.block.ruler.at("reference", _parse_reference)


def plain(inline: Token) -> str:
    renderer = cast(RendererHTML, MARKDOWN.renderer)
    text = renderer.renderInlineAsText(inline.children, MARKDOWN.options, {})
    return " ".join(text.split())
