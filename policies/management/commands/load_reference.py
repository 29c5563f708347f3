from typing import Any

from django.core.management.base import BaseCommand

from policies.reference_data import load_reference


class Command(BaseCommand):
    help = (
        "Add the countries, the 2022 edition with its section types, categories and rubric, and "
        "the groups. Adds what is missing and never overwrites what a person edited; what a "
        "group may do is the table of roles.py."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_reference()
        words = ", ".join(f"{name}: {count}" for name, count in added.items() if count)
        self.stdout.write(f"Reference data added: {words or 'nothing'}.")
