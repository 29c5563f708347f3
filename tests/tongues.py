"""Which language each piece of text on a page is said to be in."""

import re
from html.parser import HTMLParser

VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNMARKED = {"title", "option", "script", "canvas"}  # hold nothing but text


class Tongues(HTMLParser):
    """Texts with their languages: those that `lang` of the nearest element around them names."""

    def __init__(self, html):
        super().__init__()
        self.found, self.around = [], [("", "")]
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.around.append((tag, dict(attributes).get("lang", self.around[-1][1])))

    def handle_endtag(self, tag):
        while tag not in VOID and self.around.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tag, language = self.around[-1]
        if tag not in UNMARKED:
            self.found.append((" ".join(data.split()), language))


def tongues_of(html, words):
    """The languages of all texts that have these words in them."""
    return {language for text, language in Tongues(html).found if words in text}


def texts_in(html, words, language):
    """Those with these words in them that are said to be in another language than this."""
    return [text for text, other in Tongues(html).found if words in text and other != language]


def misplaced(html):
    """Marks where there can be none: in attributes, titles and options."""
    return re.findall('="[^"]*<bdi[^>]*>|<(?:title|option)[^>]*>[^<]*<bdi[^>]*>', html)
