"""Strings of the public pages for translators: `python -m clusterpolicy.messages` gathers them.

The workplace is in English only. Its strings are told apart by where they stand: `WORKPLACE` lists
its rooms, and of models only the words of choices are public, not the names of fields.
"""

import ast
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

BASE = Path(__file__).resolve().parent.parent
LANGUAGES = ("es", "fr", "de")
HOMES = ("policies", "scoring")  # each app has its own catalogue; templates belong to the first

WORKPLACE = {
    "templates": ("admin/", "policies/mail/"),
    "policies": (
        *("admin/", "checking/", "lint/", "management/", "migrations/", "spreadsheet/"),
        *("workflow/", "apps.py", "bulk.py", "carrying.py", "changes.py", "contact.py"),
        *("editions.py", "indexing.py", "loading.py", "mailing.py", "readiness.py"),
        *("rescoring.py", "restoring.py", "roles.py", "writing.py"),
        *("models/batch.py", "models/review.py", "models/translation.py"),
    ),
    "scoring": (
        "migrations/",
        "admin.py",
        "apps.py",
        "checks.py",
        "coverage.py",
        "models.py",
        "situations.py",
    ),
}
SINGULAR = {"_", "gettext", "gettext_lazy"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)  # in the head of a file, which else changes every day


class String(NamedTuple):
    """What is translated: its words (with those for many), and the context if they need one."""

    words: str | tuple[str, str]
    context: str | None
    place: str


def strings(home: str) -> Iterator[String]:
    """The public strings of an app, in the order of its files."""
    for path in _files(home, "*.py"):
        yield from in_python(path)
    if home == HOMES[0]:
        for path in _files("templates", "*.html"):
            yield from in_template(path)


def _files(root: str, pattern: str) -> list[Path]:
    return [
        path
        for path in sorted((BASE / root).rglob(pattern))
        if not path.relative_to(BASE / root).as_posix().startswith(WORKPLACE[root])
    ]


def in_template(path: Path) -> Iterator[String]:
    """Django makes calls of the tags, between letters that mean nothing."""
    place = path.relative_to(BASE).as_posix()
    source = templatize(path.read_text(encoding="utf-8"), origin=place)
    for start in re.finditer(r"\b(_|n?p?gettext)\(", source):
        yield from _called(_first_call(source[start.start() :]), place)


def _first_call(source: str) -> ast.Call:
    for end in re.finditer(r"\)", source):
        try:
            call = ast.parse(source[: end.end()], mode="eval").body
        except SyntaxError:
            continue
        assert isinstance(call, ast.Call)  # noqa: S101
        return call
    raise ValueError(source[:80])


def in_python(path: Path) -> Iterator[String]:
    """Calls of gettext; the help of a rule, which the page on the method prints."""
    place = path.relative_to(BASE).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in _public(tree) if "/models/" in place else [tree]:
        for each in ast.walk(node):
            if isinstance(each, ast.Call):
                yield from _called(each, place)
            elif isinstance(each, ast.FunctionDef) and any(map(_is_rule, each.decorator_list)):
                yield String(" ".join((ast.get_docstring(each) or "").split()), None, place)


def _public(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
            if "TextChoices" in bases:
                yield node


def _is_rule(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "rule"


def _called(call: ast.Call, place: str) -> Iterator[String]:
    name = getattr(call.func, "id", "")
    given = [str(each.value) for each in call.args if isinstance(each, ast.Constant)]
    if name in SINGULAR and given:
        yield String(given[0], None, place)
    elif name in CONTEXT and len(given) > 1:
        yield String(given[1], given[0], place)
    elif name in PLURAL and len(given) > 1:
        yield String((given[0], given[1]), None, place)
    elif name in CONTEXT_PLURAL and len(given) > 2:
        yield String((given[1], given[2]), given[0], place)


# Catalogues


def gathered(home: str, language: str) -> Catalog:
    """All strings of an app, with nothing translated."""
    catalog = Catalog(locale=language, fuzzy=False, creation_date=WRITTEN, revision_date=WRITTEN)
    catalog.header_comment = f"# The public pages, in {catalog.locale.english_name}."
    for string in strings(home):
        catalog.add(string.words, locations=[(string.place, 0)], context=string.context)
    return catalog


def kept(home: str, language: str) -> Path:
    return BASE / home / "locale" / language / "LC_MESSAGES" / "django.po"


def read(home: str, language: str) -> Catalog:
    path = kept(home, language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(home: str, language: str) -> Catalog:
    """Today's strings with the translations that there are."""
    catalog, old = gathered(home, language), read(home, language)
    for message in catalog:
        known = old.get(message.id, message.context) if message.id else None
        if known:
            message.string = known.string
    return catalog


def compiled(catalog: Catalog) -> bytes:
    made = io.BytesIO()
    write_mo(made, catalog)
    return made.getvalue()


def save(home: str, language: str, catalog: Catalog) -> None:
    path = kept(home, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False)
    path.with_suffix(".mo").write_bytes(compiled(catalog))


def missing(catalog: Catalog) -> int:
    return sum(bool(message.id) and not all(forms(message)) for message in catalog)


def forms(message: Message) -> tuple[str, ...]:
    """Its translation, once for each number that the language tells apart."""
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(said)


def main() -> None:
    for home in HOMES:
        for language in LANGUAGES:
            catalog = updated(home, language)
            save(home, language, catalog)
            print(f"{kept(home, language).relative_to(BASE)}: {missing(catalog)} missing")  # noqa: T201


if __name__ == "__main__":
    main()
