"""The reference tables that come with the project: added where missing, never overwritten."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pycountry
from django.db.models import Model
from django.utils.text import slugify

from policies.changes import change_set
from policies.models import Category, Country, Edition, SectionType, Translation
from policies.roles import load_groups
from policies.translating import keep_in_step
from scoring.loading import RUBRIC_2022, load_rubric

DATA = Path(__file__).parent / "data"
SAMPLE = DATA / "sample"
SAMPLE_REASONS = DATA / "sample_reasons.json"  # why the warnings of each sample may stand


def load_reference() -> dict[str, int]:
    """Add what is missing, by code; what a person edited stays. Returns the rows added by name."""
    with change_set():
        before = _counts()
        load_rubric(RUBRIC_2022)
        _countries()
        _edition()
        _section_types()
        _categories()
        load_groups()
        keep_in_step()
        return {name: count - before[name] for name, count in _counts().items()}


def _counts() -> dict[str, int]:
    models: tuple[type[Model], ...] = (Country, Edition, SectionType, Category, Translation)
    return {
        str(model._meta.verbose_name_plural): model._default_manager.count() for model in models
    }


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _countries() -> None:
    data = _read("countries.json")
    present = set(Country.objects.values_list("code", flat=True))
    rows = [*_iso_countries(data), *data["added"]]
    Country.objects.bulk_create(Country(**row) for row in rows if row["code"] not in present)


def _iso_countries(data: dict[str, Any]) -> list[dict[str, str]]:
    groups = {code: group for group in ("eu", "european") for code in data[group]}
    return [
        {
            "code": country.alpha_2,
            "alpha3": country.alpha_3,
            "numeric": country.numeric,
            "name": (name := data["names"].get(country.alpha_2, country.name)),
            "slug": slugify(name),
            "group": groups.get(country.alpha_2, Country.Group.THIRD),
            "note": data["notes"].get(country.alpha_2, ""),
        }
        for country in pycountry.countries
    ]


def _edition() -> None:
    data = _read("edition-2022.json")
    if Edition.objects.filter(year=data["year"]).exists():
        return
    Edition.objects.create(
        **{
            **data,
            "collected_on": date.fromisoformat(data["collected_on"]),
            "rubric": load_rubric(RUBRIC_2022),
        }
    )


def _section_types() -> None:
    present = set(SectionType.objects.values_list("code", flat=True))
    for row in _read("section_types.json"):
        if row["code"] not in present:
            SectionType.objects.create(**row)


def _categories() -> None:
    types = {type_.code: type_ for type_ in SectionType.objects.all()}
    present = set(Category.objects.values_list("section_type__code", "code"))
    for row in _read("vocabulary.json"):
        section = row.pop("section")
        if (section, row["code"]) not in present:
            row["search_words"] = ", ".join(row["search_words"])
            Category.objects.create(section_type=types[section], **row)
