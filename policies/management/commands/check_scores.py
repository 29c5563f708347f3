import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from policies import bulk
from policies.assessing import Difference, rescore
from policies.document import drafts
from policies.models import Factsheet


class Command(BaseCommand):
    help = "Recompute every stored score and report what differs; --fix repairs it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="Write the computed scores.")

    def handle(self, *args: Any, **options: Any) -> None:
        keys = list(Factsheet.objects.order_by("pk").values_list("pk", flat=True))
        found = 0
        for batch in bulk.chunks(keys):
            for difference in self._check(batch, fix=options["fix"]):
                found += 1
                self.stdout.write(self._words(difference))
        self.stdout.write(f"{len(keys)} factsheets, {found} differences.")
        if found and not options["fix"]:
            raise CommandError("Stored scores differ; run check_scores --fix.", returncode=1)

    @transaction.atomic
    def _check(self, keys: list[int], *, fix: bool) -> list[Difference]:
        return rescore(drafts(keys, lock=fix), timezone.now(), write=fix)

    def _words(self, difference: Difference) -> str:
        return (
            f"{difference.factsheet}: {difference.what} is {difference.stored}, "
            f"should be {difference.computed}"
        )
