import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from policies.management.progress import bar
from policies.models import Factsheet
from policies.spreadsheet.exporting import export

KINDS = {".xlsx": "xlsx", ".ods": "ods", ".zip": "csv"}


class Command(BaseCommand):
    help = (
        "Write drafts to a workbook that can be edited and brought back with import_workbook. The "
        "file's ending chooses the format: .xlsx, .ods, or .zip for CSV files."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--edition", type=int, metavar="YEAR", help="Only this edition.")
        parser.add_argument(
            "--country", action="append", default=[], metavar="CODE", help="Only these countries."
        )
        parser.add_argument(
            "--wide", action="store_true", help="A table for reading only, a column a category."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        if path.suffix not in KINDS:
            raise CommandError(f"{path}: the name must end in {', '.join(KINDS)}.")
        factsheets = self._factsheets(options["edition"], options["country"])
        with bar() as progress:
            exported = export(
                list(factsheets.values_list("pk", flat=True)),
                kind=KINDS[path.suffix],
                layout="wide" if options["wide"] else "",
                now=timezone.now(),
                progress=progress,
            )
        try:
            path.write_bytes(exported.data)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        self.stdout.write(f"{factsheets.count()} factsheets written to {path}.")

    def _factsheets(self, edition: int | None, countries: list[str]) -> Any:
        factsheets = Factsheet.objects.order_by()
        if edition:
            factsheets = factsheets.filter(edition__year=edition)
        if countries:
            factsheets = factsheets.filter(country__code__in=[code.upper() for code in countries])
        if not factsheets.exists():
            raise CommandError("There is no such factsheet; nothing was written.")
        return factsheets
