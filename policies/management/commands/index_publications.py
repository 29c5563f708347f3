import argparse
from typing import Any

from django.core.management.base import BaseCommand

from policies.searching.writing import fill


class Command(BaseCommand):
    help = "Make current publications findable that are not yet; --rebuild does all of them anew."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="Index all of them anew.")

    def handle(self, *args: Any, **options: Any) -> None:
        count = sum(1 for _publication in fill(rebuild=options["rebuild"]))
        self.stdout.write(f"{count} publications indexed for the search.")
