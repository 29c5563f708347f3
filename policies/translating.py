"""Keeps a row to translate for each text of the reference tables, and brings the first ones."""

import gettext
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pycountry
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from policies.models import Category, Country, Edition, Of, SectionType, Translation
from scoring.models import Criterion, Level, Rubric
from scoring.reasons import plain_points

DATA = Path(__file__).parent / "data" / "translations"

Key = tuple[str, str, str]  # of what, its code, the field

FIELDS: dict[Of, tuple[type[Model], tuple[str, ...]]] = {
    Of.SECTION: (SectionType, ("heading", "title", "lead_in")),
    Of.CATEGORY: (Category, ("label", "definition")),
    Of.RUBRIC: (Rubric, ("title",)),
    Of.CRITERION: (Criterion, ("title", "annex_title", "description")),
    Of.LEVEL: (Level, ("label", "annex_label")),
    Of.EDITION: (Edition, ("label", "licence")),
    Of.COUNTRY: (Country, ("name", "note")),
}
# Where a row's code stands, seen from the row; the parts are joined by dots.
CODES = {
    Of.SECTION: ("code",),
    Of.CATEGORY: ("section_type__code", "code"),
    Of.RUBRIC: ("code",),
    Of.CRITERION: ("rubric__code", "code"),
    Of.LEVEL: ("criterion__rubric__code", "criterion__code", "points"),
    Of.EDITION: ("year",),
    Of.COUNTRY: ("code",),
}


def originals() -> dict[Key, str]:
    """Every text that readers see of the reference tables, in English."""
    return {key: english for of in Of for key, english in _of_table(of) if english}


def _of_table(of: Of) -> Iterator[tuple[Key, str]]:
    model, fields = FIELDS[of]
    rows = model._default_manager.order_by().values_list(*CODES[of], *fields)
    for (*codes,) in rows:
        code = ".".join(map(_plain, codes[: len(CODES[of])]))
        for name, english in zip(fields, codes[len(CODES[of]) :], strict=True):
            yield (of.value, code, name), english


def _plain(code: Any) -> str:
    return plain_points(code) if hasattr(code, "as_tuple") else str(code)


@transaction.atomic
def keep_in_step() -> None:
    """A row for each text and none besides; what somebody translated stays as it is.

    A new row begins with what the project brings along, or with what the same words are
    translated by already, as in a scoring system that was copied.
    """
    known = {(row.of, row.key, row.field): row for row in Translation.objects.order_by()}
    found = originals()
    same = {(of, name, row.english): _texts(row) for (of, _key, name), row in known.items()}
    Translation.objects.bulk_create(
        Translation(
            **dict(zip(("of", "key", "field"), key, strict=True)),
            english=english,
            **(_brought(key) or same.get((key[0], key[2], english), {})),
        )
        for key, english in found.items()
        if key not in known
    )
    for key, row in known.items():
        if key in found and row.english != found[key]:
            row.reword(found[key])
            row.save(update_fields=["english", *(f"{name}_from" for name in row.LANGUAGES)])
    gone = [row.pk for key, row in known.items() if key not in found]
    if gone:
        Translation.objects.filter(pk__in=gone).delete()


def _texts(row: Translation) -> dict[str, str]:
    """With what outdated ones were made from."""
    names = (each for name in Translation.LANGUAGES for each in (name, f"{name}_from"))
    return {name: getattr(row, name) for name in names}


def _brought(key: Key) -> dict[str, str]:
    """What comes with the project; names of countries come from ISO 3166 where it says none."""
    of, code, name = key
    brought = {language: _read(language).get(key, "") for language in Translation.LANGUAGES}
    if (of, name) == (Of.COUNTRY, "name"):
        brought = {language: text or _of_iso(code, language) for language, text in brought.items()}
    return {language: text for language, text in brought.items() if text}


@cache
def _read(language: str) -> dict[Key, str]:
    tables = json.loads((DATA / f"{language}.json").read_text(encoding="utf-8"))
    return {
        (of, code, name): text
        for of, rows in tables.items()
        for code, texts in rows.items()
        for name, text in texts.items()
    }


def _of_iso(code: str, language: str) -> str:
    country = pycountry.countries.get(alpha_2=code)
    if country is None:
        return ""
    names = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language])
    return names.gettext(getattr(country, "common_name", country.name))


def _changed(sender: type[Model], using: str, **kwargs: Any) -> None:
    """Once when the transaction is done, however many rows it wrote."""
    waiting = transaction.get_connection(using).run_on_commit
    if keep_in_step not in (run for _savepoints, run, *_rest in waiting):
        transaction.on_commit(keep_in_step, using=using)


def connect() -> None:
    for model, _fields in FIELDS.values():
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"translate-{model.__name__}")
