import argparse
import os
import platform
from importlib.metadata import version
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from bench import data, reading, rescoring, saving, serving
from bench.server import WORKERS
from policies.models import Factsheet, Section

Column = dict[str, str]


class Command(BaseCommand):
    help = "Fill an empty database with more and more factsheets, and measure at each number."
    requires_migrations_checks = True

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("sizes", type=int, nargs="+")
        parser.add_argument("--port", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(machine())
        data.start()
        self.first: dict[str, float] = {}
        columns = [self._column(size, options["port"]) for size in sorted(options["sizes"])]
        self.stdout.write("\n" + table(columns))

    def _column(self, size: int, port: int) -> Column:
        """Everything at one size; the sample is a part of it, so there may be more."""
        start = perf_counter()
        self._step(f"{size:,} factsheets: filling")
        data.fill(size)
        self._step(f"recomputing, after {perf_counter() - start:.0f} s")
        recomputed = rescoring.measure()
        self._step("saving")
        saved = saving.measure()
        self._step("reading")
        read = reading.measure(self.first)
        self._step("serving")
        served = serving.measure(port)
        self.stdout.write(f" done in {perf_counter() - start:.0f} s")
        return {**_heading(), **served, **read, **saved, **recomputed}

    def _step(self, words: str) -> None:
        self.stdout.write(f"{words} … ", ending="")


def _heading() -> Column:
    return {
        "Factsheets": f"{Factsheet.objects.count():,}",
        "  their sections": f"{Section.objects.count():,}",
    }


def machine() -> str:
    """What is measured on what."""
    return "\n".join(
        [
            f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start; "
            f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
            f"Django {version('Django')}, {_database()}.",
            f"gunicorn {version('gunicorn')} with {WORKERS} sync workers, DEBUG "
            f"{'on' if settings.DEBUG else 'off'}; {serving.READERS} readers on the same cores, "
            f"a connection for each request, {serving.ROUNDS} rounds of {serving.SECONDS:g} s in "
            "turns, of which the median counts.",
        ]
    )


def _database() -> str:
    if connection.vendor == "sqlite":
        from sqlite3 import sqlite_version

        return f"SQLite {sqlite_version} in a file, WAL"
    connection.ensure_connection()
    return f"PostgreSQL {connection.pg_version // 10_000} on a socket, without fsync"


def table(columns: list[Column]) -> str:
    labels = list(columns[0])
    width = max(map(len, labels))
    return "\n".join(
        f"{label:<{width}}" + "".join(f"{column[label]:>18}" for column in columns)
        for label in labels
    )
