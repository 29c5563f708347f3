from typing import Any

from django.core.management.base import BaseCommand

from bench import data, importing
from bench.management.commands.measure import machine, table


class Command(BaseCommand):
    help = "Fill an empty database, and measure how workbooks go out and come back."
    requires_migrations_checks = True

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(machine())
        data.start()
        self.stdout.write(table([importing.measure()]))
