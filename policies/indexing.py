"""What is kept beside the publications: rows to filter and count by, and when they changed."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import DatabaseError
from django.db.models import Model
from django.db.models.signals import post_delete, post_migrate, post_save

from policies.document import Document, standings
from policies.models import (
    Category,
    CategoryUse,
    Country,
    Edition,
    Publication,
    PublishedPolicy,
    PublishedScore,
    PublishedSection,
    SectionType,
    Translation,
    note_change,
)
from policies.searching.sqlite import keep_in_step
from policies.searching.writing import behind, follow, replace
from scoring.models import Criterion, Level, Rubric

POLICY_FIELDS = (
    "code",
    "names",
    "original_name",
    "url",
    "kind",
    "level",
    "region",
    "period",
    "starting_year",
    "ending_year",
    "continuous_since",
    "is_example",
)


def index(publication: Publication, document: Document) -> None:
    """Write the rows of a publication that was just made."""
    standing = standings(document)
    policies = PublishedPolicy.objects.bulk_create(
        PublishedPolicy(
            publication=publication,
            language=document["language"],
            standing=standing[policy["code"]],
            overall_budget=policy["budget"]["overall"]["availability"],
            annual_budget=policy["budget"]["annual"]["availability"],
            **{key: policy[key] for key in POLICY_FIELDS},
        )
        for policy in document["policies"]
    )
    PublishedSection.objects.bulk_create(
        PublishedSection(policy=row, section=section["type"], availability=section["availability"])
        for row, policy in zip(policies, document["policies"], strict=True)
        for section in policy["sections"]
    )
    PublishedScore.objects.bulk_create(
        PublishedScore(
            publication=publication,
            criterion=criterion["code"],
            points=Decimal(str(criterion["points"])),
            level=reached(criterion),
            is_judged=criterion["judged"] is not None,
        )
        for criterion in document["maturity"]["criteria"]
    )
    rows = Category.objects.order_by().values_list("section_type__code", "code", "pk")
    categories = {(section, code): pk for section, code, pk in rows}
    CategoryUse.objects.bulk_create(
        CategoryUse(
            policy=row,
            category_id=categories[section["type"], category["code"]],
            detail=category["detail"],
        )
        for row, policy in zip(policies, document["policies"], strict=True)
        for section in policy["sections"]
        for category in section["categories"]
    )
    replace(publication, document)


def reached(criterion: Document) -> str:
    """The words of the level that a criterion of a document reached."""
    found = (level for level in criterion["levels"] if level["points"] == criterion["points"])
    return next(found, {"label": ""})["label"]


# What pages about many publications show, row by row. `models.shown` notes bulk writes of our own
# tables; the rubric is `scoring`'s, and whoever writes it in bulk calls `note_change`.
SHOWN: tuple[type[Model], ...] = (
    Publication,
    Country,
    Edition,
    SectionType,
    Category,
    Rubric,
    Criterion,
    Level,
    Translation,
)


def _saved(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    note_change(f"{sender._meta.verbose_name} {instance.pk}")


def _renamed(sender: Any, instance: Country, created: bool, raw: bool, **kwargs: Any) -> None:
    if not (created or raw):
        follow(instance)


def _migrated(sender: Any, using: str, **kwargs: Any) -> None:
    keep_in_step(using)


def check_index(
    app_configs: Any, databases: Collection[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Publications loaded from a file are not found, nor those of a country renamed in bulk."""
    if "default" not in (databases or ()):
        return []
    try:
        is_behind = behind().exists()
    except DatabaseError:  # before the tables are made
        return []
    return [UNINDEXED] if is_behind else []


UNINDEXED = checks.Warning(
    "Some published factsheets are not found by search, or not by their country's name.",
    hint="Run `manage.py index_publications`.",
    id="policies.W002",
)


def connect() -> None:
    checks.register(check_index, checks.Tags.database)
    own = apps.get_app_config("policies")
    post_migrate.connect(_migrated, sender=own, dispatch_uid="keep-search-in-step")
    post_save.connect(_renamed, sender=Country, dispatch_uid="find-renamed")
    for model in SHOWN:
        for signal in (post_save, post_delete):
            signal.connect(_saved, sender=model, dispatch_uid=f"note-{model.__name__}")
