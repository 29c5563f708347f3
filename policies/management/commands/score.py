import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand

from policies.checking import InvalidDocument, completed, computed_maturity, problems
from policies.management.reading import read, refusal
from policies.models import Edition

NOT_SCORED = "can not be scored"


class Command(BaseCommand):
    help = "Print the maturity of a factsheet document, computed anew from its facts, as JSON."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        data = read(options["file"], NOT_SCORED)
        if found := problems(data):
            raise refusal(options["file"], InvalidDocument(found), NOT_SCORED)
        edition = Edition.objects.select_related("rubric").get(year=data["edition"]["year"])
        maturity = computed_maturity(completed(data), edition)
        self.stdout.write(json.dumps(maturity, ensure_ascii=False, indent=2))
