"""Readers: small processes that ask for one page again and again, and check each answer."""

import socket
from dataclasses import dataclass
from time import perf_counter

HOST = "127.0.0.1"
COMPRESSED = "Accept-Encoding: gzip\r\n"  # as every browser asks


@dataclass(frozen=True)
class Ask:
    """A request, and the status of its answer."""

    port: int
    path: str
    status: int = 200
    etag: str = ""

    @property
    def raw(self) -> bytes:
        condition = f"If-None-Match: {self.etag}\r\n" if self.etag else ""
        head = f"GET {self.path} HTTP/1.1\r\nHost: {HOST}:{self.port}\r\n{condition}{COMPRESSED}"
        return f"{head}Connection: close\r\n\r\n".encode()


def answer(ask: Ask) -> bytes:
    """The whole answer. Sync workers close after each, so every request has its connection."""
    parts = []
    with socket.create_connection((HOST, ask.port), timeout=30) as connection:
        connection.sendall(ask.raw)
        while part := connection.recv(1 << 20):
            parts.append(part)
    found = b"".join(parts)
    if not found.startswith(f"HTTP/1.1 {ask.status} ".encode()):
        raise AssertionError(f"{ask.path} should answer {ask.status}: {found[:300]!r}")
    return found


def timed(ask: Ask) -> float:
    start = perf_counter()
    answer(ask)
    return perf_counter() - start


def repeated(ask: Ask, seconds: float, most: int = 20_000) -> tuple[int, float]:
    """How many answers one reader got who never paused, and in how many seconds."""
    start, elapsed, number = perf_counter(), 0.0, 0
    while elapsed < seconds and number < most:
        answer(ask)
        number += 1
        elapsed = perf_counter() - start
    return number, elapsed
