"""Prints the time and the peak of memory that refusing each hostile spreadsheet takes.

.venv/bin/python -m bench.hostile                     all of them, ten seconds
.venv/bin/python -m bench.hostile bomb "last cell"    only these
"""

import os
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import django

from tests.hostile import CORPUS

MEGABYTE = 1024 * 1024


def main() -> None:
    os.environ.update(DEBUG="1", DJANGO_SETTINGS_MODULE="clusterpolicy.settings")
    django.setup()
    from policies.spreadsheet.guard import inspect

    print("| file | KB | ms | MB at most | refused because |\n|---|---:|---:|---:|---|")
    for file in sys.argv[1:] or CORPUS:
        name, build, _phrase = CORPUS[file]
        print(_line(file, build(), name, inspect), flush=True)


def _line(file: str, data: bytes, name: str, inspect: Callable[..., Any]) -> str:
    milliseconds, verdict = _timed(data, name, inspect)
    peak = _peak(data, name, inspect)
    return f"| {file} | {len(data) / 1024:.0f} | {milliseconds:.0f} | {peak:.1f} | {verdict} |"


def _timed(data: bytes, name: str, inspect: Callable[..., Any]) -> tuple[float, str]:
    start = time.perf_counter()
    verdict = _verdict(data, name, inspect)
    return (time.perf_counter() - start) * 1000, verdict


def _peak(data: bytes, name: str, inspect: Callable[..., Any]) -> float:
    """In megabytes, the parser's own memory included; measuring it slows everything down."""
    tracemalloc.start()
    try:
        _verdict(data, name, inspect)
        return tracemalloc.get_traced_memory()[1] / MEGABYTE
    finally:
        tracemalloc.stop()


def _verdict(data: bytes, name: str, inspect: Callable[..., Any]) -> str:
    from policies.spreadsheet.guard import Refused

    try:
        inspect(data, name)
    except Refused as refused:
        return str(refused)
    return "NOT REFUSED"


if __name__ == "__main__":
    main()
