"""gunicorn as in production, for as long as it is measured."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from django.conf import settings

from bench.load import HOST

WORKERS = 2


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]

    def computed(self) -> float | None:
        """Seconds that the workers have computed so far; only Linux tells."""
        pid = self.process.pid
        try:
            workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            return sum(map(_computed, workers)) / os.sysconf("SC_CLK_TCK")
        except FileNotFoundError:
            return None


def _computed(pid: str) -> int:
    """Ticks in the program and in the kernel: fields 14 and 15 of proc_pid_stat(5)."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])


@contextmanager
def serving(port: int) -> Iterator[Server]:
    """A server that is ready; it is ended whatever happens."""
    if _listens(port):
        sys.exit(f"Port {port} is in use. Choose another one: bench/run.py --port 8106")
    command = [sys.executable, "-m", "gunicorn", "clusterpolicy.wsgi:application"]
    choices = ["--bind", f"{HOST}:{port}", "--workers", str(WORKERS), "--no-control-socket"]
    process = subprocess.Popen(
        [*command, *choices, "--log-level", "warning"],
        cwd=settings.BASE_DIR,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )
    try:
        _wait(process, port)
        yield Server(process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _end_with_parent() -> None:
    """Ask Linux to end the server even if the bench is killed."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _attempt in range(300):
        if process.poll() is not None:
            sys.exit("gunicorn did not start; it says why above.")
        if _listens(port):
            break
        sleep(0.1)
    sleep(3)  # gunicorn listens before its workers have read the project


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
