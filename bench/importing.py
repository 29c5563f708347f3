"""What it costs to take workbooks out and bring them back, against bare and stock ways."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ManyToManyWidget
from tablib import Dataset

from bench import data
from bench.data import copy
from bench.rescoring import counted
from policies.models import (
    Batch,
    Category,
    Edition,
    Factsheet,
    Policy,
    Section,
    SectionCategory,
    User,
)
from policies.spreadsheet import applying, undoing
from policies.spreadsheet.exporting import export
from policies.spreadsheet.formats import FORMATS, Page
from policies.spreadsheet.receiving import receive

EDITION = 56  # factsheets
ROWS = 20_000
STOCK = 300  # rows; more would take minutes

Column = dict[str, str]


def measure() -> Column:
    by = User.objects.create_superuser("bench")
    return {**_edition(by), **_many_rows(by)}


# An edition there and back


def _edition(by: User) -> Column:
    data.fill(EDITION)
    keys = list(Factsheet.objects.order_by("pk").values_list("pk", flat=True)[:EDITION])
    exported, taking = timed(lambda: export(keys, by=by, now=timezone.now()).data)
    _same, comparing = timed(lambda: receive(exported, "edition.xlsx", by=by))
    changed = edited(exported)
    batch, receiving = timed(lambda: receive(changed, "edition.xlsx", by=by))
    _done, confirming = timed(lambda: applying.confirm(batch, by=by))
    sections = f"{batch.changes.count():,}"
    undoing.undo(batch, by=by)
    return {
        f"An edition of {EDITION} factsheets": sections + " sections changed",
        "  export": f"{taking:.1f} s",
        "  preview of what is unchanged": f"{comparing:.1f} s",
        "  preview of every text changed": f"{receiving:.1f} s",
        "  confirm": f"{confirming:.1f} s",
    }


def timed(work: Any) -> tuple[Any, float]:
    start = perf_counter()
    done = work()
    return done, perf_counter() - start


def edited(file: bytes, most: int | None = None) -> bytes:
    """The workbook with every text changed; with `most`, just so many rows, all of them changed."""
    book = {sheet.title: sheet for sheet in FORMATS["xlsx"]().read(file).sheets()}
    rows = list(_with_text(book["Sections"]))
    kept = rows[:most] if most else rows
    pages = [
        Page("README", book["README"].headers, iter(book["README"])),
        Page("Sections", book["Sections"].headers, kept),
    ]
    return FORMATS["xlsx"]().write(pages)


def _with_text(sheet: Dataset) -> Iterator[list[Any]]:
    place = sheet.headers.index("text")
    for row in sheet:
        if row[place]:
            changed = list(row)
            changed[place] = f"{row[place]} More."
            yield changed


# Twenty thousand rows


def _many_rows(by: User) -> Column:
    data.fill(_enough())
    keys = list(Factsheet.objects.order_by("pk").values_list("pk", flat=True))
    file = edited(export(keys, by=by, now=timezone.now()).data, ROWS)
    bare = _bare(_sections())
    stock = _stock()
    batch, preview, asked = _counted(lambda: receive(file, "many.xlsx", by=by))
    changes = batch.changes.count()
    page = _preview_page(batch, by)
    _done, confirm, asked_to_confirm = _counted(lambda: applying.confirm(batch, by=by))
    undoing.undo(batch, by=by)
    memory = _memory(edited(export(keys, by=by, now=timezone.now()).data, ROWS))
    return {
        f"{changes:,} section rows, all changed": "",
        "  bare bulk_create of the same rows": f"{ROWS / bare:,.0f} rows/s",
        "  stock ModelResource, a dry run": f"{stock:,.0f} rows/s",
        "  preview": f"{ROWS / preview:,.0f} rows/s",
        "    / bulk_create": f"{bare / preview:.2f} (aim: 0.4)",
        "    queries": f"{asked} (aim: 150)",
        "    its page": f"{page / 1000:.0f} KB (aim: 500)",
        "  confirm ": f"{ROWS / confirm:,.0f} rows/s",
        "    / bulk_create ": f"{bare / confirm:.2f} (aim: 0.4)",
        "    queries ": f"{asked_to_confirm} (aim: 150)",
        "  both / bulk_create": f"{bare / (preview + confirm):.2f}",
        "  both / stock": f"{ROWS / (preview + confirm) / stock:.0f} (aim: 8)",
        "  most memory of a process": f"{memory:.0f} MB (aim: 400)",
    }


def _enough() -> int:
    """As many copies of Mexico as it takes to have so many sections with a text."""
    mexico = Factsheet.objects.get(country__code="MX", edition__year=2022)
    return ROWS // mexico.sections.exclude(text="").count() + EDITION


def _counted(work: Any) -> tuple[Any, float, int]:
    with counted() as queries:
        done, seconds = timed(work)
    return done, seconds, queries.number


def _sections() -> list[Section]:
    found = Section.bookkeeping.exclude(text="").order_by("factsheet", "pk")
    return list(found[:ROWS])


def _bare(sections: list[Section]) -> float:
    """Seconds that Django's bulk_create takes for these sections and their categories."""
    with transaction.atomic():
        factsheets, policies = _copies({section.factsheet_id for section in sections})
        uses = list(SectionCategory.bookkeeping.filter(section__in=_subquery()))
        new = {section.pk: _like(section, factsheets, policies) for section in sections}
        start = perf_counter()
        Section.bookkeeping.bulk_create(new.values())
        seconds = perf_counter() - start
        rows = [
            SectionCategory(section=new[use.section_id], category_id=use.category_id)
            for use in uses
            if use.section_id in new
        ]
        start = perf_counter()
        SectionCategory.bookkeeping.bulk_create(rows)
        seconds += perf_counter() - start
        transaction.set_rollback(True)
    return seconds


def _subquery() -> Any:
    return Section.bookkeeping.exclude(text="").values("pk")


def _copies(keys: Iterable[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Empty factsheets of further editions, and policies in them, to hang copies on."""
    keys = set(keys)
    rows = [f for f in Factsheet.bookkeeping.all() if f.pk in keys]
    policies = [p for p in Policy.bookkeeping.all() if p.factsheet_id in keys]
    editions = Edition.objects.all()
    years = {edition.pk: _later(edition) for edition in list(editions)}
    changed = [{"edition_id": years[row.edition_id]} for row in rows]
    made = {}
    for row, values in zip(rows, changed, strict=True):
        made |= {row.pk: next(iter(copy(Factsheet.bookkeeping, [row], [values]).values()))}
    hung = {}
    for policy in policies:
        parent = {(0, policy.factsheet_id): made[policy.factsheet_id]}
        hung |= {
            policy.pk: next(
                iter(copy(Policy.bookkeeping, [policy], [{}], factsheet_id=parent).values())
            )
        }
    return made, hung


def _later(edition: Edition) -> int:
    year = edition.year + 150
    values = {**data._values(edition), "year": year, "collected_on": date(year, 9, 30)}
    return Edition.objects.create(**values).pk


def _like(section: Section, factsheets: dict[int, int], policies: dict[int, int]) -> Section:
    values = data._values(section)
    values["factsheet_id"] = factsheets[section.factsheet_id]
    values["policy_id"] = policies[section.policy_id] if section.policy_id else None
    return Section(**{**values, "approved_revision_id": None})


class StockResource(ModelResource):
    """The library as it comes, on the same model; a save here records and scores, too."""

    categories = Field(
        attribute="categories", column_name="categories", widget=ManyToManyWidget(Category)
    )

    class Meta:
        model = Section
        fields = ("id", "availability", "availability_note", "text", "categories")


def _stock() -> float:
    """Rows a second of a dry run, which is what its preview does."""
    sections = Section.objects.exclude(text="").order_by("pk")[:STOCK]
    dataset = StockResource().export(sections)
    rows = [[*row[:3], f"{row[3]} More.", row[4]] for row in dataset]
    changed = Dataset(*rows, headers=dataset.headers)
    _result, seconds = timed(lambda: StockResource().import_data(changed, dry_run=True))
    return STOCK / seconds


def _preview_page(batch: Batch, by: User) -> int:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(by)
    return len(client.get(f"/admin/policies/batch/{batch.pk}/change/", secure=True).content)


IMPORT = """
import sys
import django
django.setup()
from django.core.management import call_command
call_command("import_workbook", sys.argv[1], user="bench")
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


def _memory(file: bytes) -> float:
    """The most that a process holds which previews and confirms the file, in megabytes.

    As Linux tells it of the process itself: what `getrusage` tells includes its parent's.
    """
    connection.close()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.xlsx"
        path.write_bytes(file)
        done = subprocess.run(
            [sys.executable, "-c", IMPORT, str(path)], check=True, capture_output=True, text=True
        )
    return int(done.stdout.split()[-1]) / 1024
