"""No string of the public pages is left untranslated; the workplace is in English only.

`clusterpolicy.messages` says which strings are public. `make messages` brings the catalogues up to
date; then the empty ones wait for their translation in `*/locale/*/LC_MESSAGES/django.po`.
"""

import ast
import re
from html.parser import HTMLParser

import pytest
from django.utils.translation import override

from clusterpolicy.messages import BASE, HOMES, LANGUAGES, compiled, forms, gathered, kept, read
from tests.factory import make_cast, make_publication
from tests.policies.test_public_pages import sample

CATALOGUES = [(home, language) for home in HOMES for language in LANGUAGES]
PLACEHOLDER = re.compile(r"%\(\w+\)\w+|%%")


def keys(catalogue):
    return {(message.context, message.id) for message in catalogue if message.id}


@pytest.mark.parametrize(("home", "language"), CATALOGUES)
def test_every_public_string_is_translated(home, language):
    kept_now = read(home, language)
    assert keys(gathered(home, language)) - keys(kept_now) == set(), "Run `make messages`."
    untranslated = [m.id for m in kept_now if m.id and (m.fuzzy or not all(forms(m)))]
    assert untranslated == []


@pytest.mark.parametrize(("home", "language"), CATALOGUES)
def test_a_translation_has_the_placeholders_of_its_original(home, language):
    odd = []
    for message in read(home, language):
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        known = {name for original in originals for name in PLACEHOLDER.findall(original)}
        for form in forms(message) if message.id else ():
            missing = set(PLACEHOLDER.findall(originals[-1])) - set(PLACEHOLDER.findall(form))
            extra = set(PLACEHOLDER.findall(form)) - known
            if extra or (missing and len(originals) == 1):
                odd.append((message.id, form))
    assert odd == []


@pytest.mark.parametrize(("home", "language"), CATALOGUES)
def test_what_the_site_reads_is_what_translators_wrote(home, language):
    made = kept(home, language).with_suffix(".mo").read_bytes()
    assert made == compiled(read(home, language)), "Run `make messages`."


def test_no_word_is_translated_once_for_all_when_a_module_is_read():
    """Outside of functions only the lazy kind knows the language of the page."""
    found = []
    for home in HOMES:
        for path in (BASE / home).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            lazy = {
                alias.asname or alias.name
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom)
                for alias in node.names
                if alias.name.endswith("_lazy")
            }
            found += [
                f"{path}:{call.lineno}" for call in _at_once(tree) if call.func.id not in lazy
            ]
    assert found == []


def _at_once(node):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.Lambda):
            continue
        name = getattr(getattr(child, "func", None), "id", "")
        if isinstance(child, ast.Call) and name in ("_", "gettext", "ngettext", "pgettext"):
            yield child
        yield from _at_once(child)


# What readers see


class Visible(HTMLParser):
    """The texts of a page in its own language, as a reader sees or hears them."""

    def __init__(self, html, language):
        super().__init__()
        self.texts, self._language, self._open = set(), language, []
        self.feed(html)

    VOID = {"meta", "link", "input", "img", "br", "hr", "wbr"}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in self.VOID:
            other = given.get("lang", self._language) != self._language
            self._open.append((tag, other or tag in ("script", "style")))
        if not self._is_foreign:
            said = (given.get(name) for name in ("aria-label", "title", "alt", "placeholder"))
            self.texts |= {text.strip() for text in said if text}

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, text):
        if not self._is_foreign:
            self.texts.add(" ".join(text.split()))

    @property
    def _is_foreign(self):
        return any(foreign for _tag, foreign in self._open)


PAGES = ["/", "/factsheets/", "/policies/", "/compare/", "/search/", "/search/?q=industrial"]
PAGES += ["/compare/?edition=2022&country=mexico&country=fictavia", "/categories/"]
PAGES += ["/categories/objectives/rd/", "/statistics/2022/", "/methodology/2022/", "/about/"]
PAGES += ["/accessibility/", "/factsheets/2022/mexico/", "/factsheets/2022/fictavia/"]
PAGES += ["/factsheets/2022/mexico/history/", "/factsheets/2022/mexico/what-if/"]
PAGES += ["/factsheets/2022/atlantis/", "/factsheets/?edition=1999", "/search/?q=xyzzy"]


@pytest.fixture(scope="module")
def published(lasting):
    cast = make_cast()
    for name in ("mexico", "fictavia"):
        make_publication(cast, sample(name))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shows_an_english_string_that_has_a_translation(published, db, client, language):
    messages = [message for home in HOMES for message in read(home, language) if message.id]
    translations = {form for message in messages for form in forms(message)}
    known = {m.id for m in messages if isinstance(m.id, str)} - translations
    with override(language):
        shown = {
            (page, text)
            for page in PAGES
            for text in Visible(client.get(f"/{language}{page}").content.decode(), language).texts
        }
    assert {(page, text) for page, text in shown if text in known} == set()
