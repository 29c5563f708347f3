"""Two people who do something at once: in threads of one process, or each in a process of its own.

A runner is told its deed, gets ready (opens the page, reads the row), says so, and waits. Once
all are ready they are let go together. What comes back is how each deed ended.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

Deed = tuple[Any, ...]  # its name in `DEEDS`, and plain values
Race = Callable[..., list[str]]


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Run every step in a thread of its own, all from one start."""
    from django.db import connection

    start = Barrier(len(steps), timeout=20)

    def run(step: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return step()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as threads:
        return [done.result(timeout=60) for done in [threads.submit(run, step) for step in steps]]


def threads(*deeds: Deed) -> list[str]:
    from tests.deeds import ready

    return at_once(*[ready(*deed) for deed in deeds])


@contextmanager
def processes(number: int) -> Iterator[Race]:
    """Runners that live until the end, for starting one takes seconds."""
    runners = [_start() for _number in range(number)]

    def race(*deeds: Deed) -> list[str]:
        at_start = list(zip(runners, deeds, strict=True))
        for runner, deed in at_start:
            _say(runner, json.dumps(deed))
        for runner, _deed in at_start:
            assert _hear(runner) == "ready"
        for runner, _deed in at_start:
            _say(runner, "go")
        return [_hear(runner) for runner, _deed in at_start]

    yield race
    for runner in runners:
        runner.stdin.close()
        runner.stdout.close()
        runner.wait(timeout=60)


def _start() -> Any:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.racing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DATABASE_URL": _address()},
    )


def _address() -> str:
    """Where the database of this test run is."""
    from django.db import connection

    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return f"postgres://postgres@/{database['NAME']}?host={database['OPTIONS']['host']}"


def _say(runner: Any, line: str) -> None:
    runner.stdin.write(line + "\n")
    runner.stdin.flush()


def _hear(runner: Any) -> str:
    line = runner.stdout.readline().strip()
    assert line, "a runner ended before its race"
    return line


def main() -> None:
    import django

    django.setup()
    from django.contrib.contenttypes.models import ContentType
    from django.test.utils import setup_test_environment

    from tests.deeds import ready

    setup_test_environment()
    for line in sys.stdin:
        ContentType.objects.clear_cache()  # the tests empty the database between two races
        do = ready(*json.loads(line))
        _tell("ready")
        sys.stdin.readline()
        _tell(do())


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
