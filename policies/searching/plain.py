"""The words of a rendered text, as they are read: no tags, no marks of footnotes."""

from collections.abc import Mapping
from html.parser import HTMLParser

_BLOCKS = "p br hr blockquote pre ul ol li div h4 h5 h6 table caption tr th td"
BLOCKS = frozenset(_BLOCKS.split())


class _Words(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.notes: list[int] = []
        self.in_mark = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "sup" and given.get("class") == "fn-ref":
            self.in_mark = True
        if self.in_mark and (href := given.get("href")):
            self.notes.append(int(href.removeprefix("#fn-")))
        if tag in BLOCKS:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "sup":
            self.in_mark = False

    def handle_data(self, data: str) -> None:
        if not self.in_mark:
            self.pieces.append(data)


def plain(html: str, footnotes: Mapping[int, str]) -> str:
    """The words of a text and then those of the footnotes that it calls, in one line."""
    texts, waiting, told = [], [html], set()
    while waiting:
        words = _Words(waiting.pop(0))
        texts.append("".join(words.pieces))
        for number in words.notes:
            if number not in told:
                told.add(number)
                waiting.append(footnotes.get(number, ""))
    return " ".join(" ".join(texts).split())
