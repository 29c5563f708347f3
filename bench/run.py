"""Measures the project's speed in production settings; README.md says how to read the table.

make bench                                     on SQLite, 6 to 10 minutes
.venv/bin/python bench/run.py --sizes 56       a quick look
.venv/bin/python bench/run.py --database postgres
.venv/bin/python bench/run.py --workbooks      how workbooks go out and come back, 2 minutes
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
SIZES = [56, 560, 5600]
PORT = 8105


def main() -> int:
    options = _options()
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        _database(options.database, Path(folder)) as url,
    ):
        environment = _production(url, Path(folder))
        sizes = [str(size) for size in options.sizes]
        measure = ["measure", "--port", str(options.port), *sizes]
        for command in (
            ["migrate", "--verbosity", "0"],
            ["collectstatic", "--no-input", "--verbosity", "0"],
            ["measure_workbooks"] if options.workbooks else measure,
        ):
            done = subprocess.run(
                [sys.executable, "manage.py", *command], cwd=ROOT, env=environment
            )
            if done.returncode:
                return done.returncode
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, help="numbers of factsheets to measure at"
    )
    parser.add_argument("--workbooks", action="store_true", help="measure spreadsheets instead")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--port", type=int, default=PORT, help="where the benched server listens")
    return parser.parse_args()


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of our own."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    server = postgres.start()
    try:
        yield server.url
    finally:
        server.stop()


def _production(url: str, folder: Path) -> dict[str, str]:
    """An environment without DEBUG, and without whatever else is set on this machine."""
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "BENCH_STATIC_ROOT": str(folder / "collected"),
        "DATABASE_URL": url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "0",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


if __name__ == "__main__":
    sys.exit(main())
