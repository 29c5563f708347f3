"""Tables get the caption above them, the source line below, and a frame that scrolls."""

from collections.abc import Callable, Iterable, Sequence

from markdown_it.token import Token

from policies.text.parsing import plain


def frame_tables(tokens: Iterable[Token], name: Callable[[str], str]) -> list[Token]:
    """Give tables their caption, source line and scrolling frame."""
    framed: list[Token] = []
    for token in tokens:
        if token.type == "table_open":
            caption = _take_caption(framed)
            label = name(plain(caption[1]) if caption else "")
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
