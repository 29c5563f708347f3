import argparse
import json
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from policies.management.progress import bar
from policies.management.reading import person
from policies.models import Batch, BatchState, Side
from policies.spreadsheet import applying, deciding
from policies.spreadsheet.guard import Refused
from policies.spreadsheet.progress import Progress
from policies.spreadsheet.receiving import receive

SHOWN = 200


class Command(BaseCommand):
    help = (
        "Bring a workbook back: all of it or nothing, as drafts, in the name of a user. Exits with "
        "1 if it has errors or conflicts, and then nothing was written."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--user", required=True, metavar="USERNAME", help="Who sends it.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Only say what would change; keep it to confirm."
        )
        parser.add_argument("--json", action="store_true", help="Say it in JSON.")
        parser.add_argument(
            "--conflicts",
            choices=Side.values,
            help="Where the site has changed since: keep what it has, or take what the file says.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = person(options["user"])
        with bar() as progress:
            batch = self._received(options["file"], user, progress)
            problem = self._apply(batch, user, options, progress)
        self._tell(batch, problem, as_json=options["json"])
        if problem or batch.state == BatchState.REFUSED:
            raise CommandError(problem or "The file has errors; nothing was written.")

    def _received(self, path: str, user: Any, progress: Progress) -> Batch:
        try:
            data = Path(path).read_bytes()
            return receive(data, Path(path).name, by=user, progress=progress)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        except Refused as error:
            raise CommandError(f"{path}: {error} Nothing was written.") from error

    def _apply(self, batch: Batch, user: Any, options: Any, progress: Progress) -> str:
        """Why it could not be applied, if it could not."""
        if batch.state == BatchState.REFUSED or options["dry_run"]:
            return ""
        try:
            if options["conflicts"]:
                deciding.decide_all(batch, options["conflicts"], by=user)
            if undecided := batch.changes.undecided().count():
                return (
                    f"{undecided} conflicts; nothing was written. Say --conflicts keep or take, or "
                    f"decide them in the admin, where this is import {batch.pk}."
                )
            if not applying.confirm(batch, by=user, progress=progress):
                return "Something was changed in this very moment; nothing was written. Try again."
        except (ValidationError, PermissionDenied) as error:
            return " ".join(getattr(error, "messages", [str(error)])) + " Nothing was written."
        return ""

    def _tell(self, batch: Batch, problem: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(_summary(batch, problem), ensure_ascii=False, indent=2))
            return
        for sheet, counts in batch.counts.items():
            rows = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
            self.stdout.write(f"{sheet}: {rows or 'no rows'}")
        for each in batch.problems[:SHOWN]:
            place = f"{each['sheet']} {each['cell']}".strip()
            self.stdout.write(f"  {place}: {each['message']}")
        if len(batch.problems) > SHOWN:
            self.stdout.write(f"  … and {len(batch.problems) - SHOWN} more errors")
        for effect in batch.effects:
            moves = " ".join(effect["moves"])
            score = f"{effect['before']} → {effect['after']}"
            self.stdout.write(f"{effect['name']}: {score}. {moves}")
        for remark in batch.remarks:
            self.stdout.write(remark)
        self.stdout.write(f"Import {batch.pk}: {batch.get_state_display()}.")


def _summary(batch: Batch, problem: str) -> dict[str, Any]:
    return {
        "import": batch.pk,
        "state": batch.state,
        "file": batch.filename,
        "sha256": batch.sha256,
        "rows": batch.counts,
        "sections": batch.changes.count(),
        "conflicts": batch.changes.undecided().count(),
        "errors": batch.problems,
        "remarks": batch.remarks,
        "scores": batch.effects,
        "problem": problem,
    }
