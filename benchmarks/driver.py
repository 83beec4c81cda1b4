"""A small load driver: some connections at once, each request on a connection of its own, and who paid for it.

Raw sockets and threads, because client, server and database share the same cores: it takes a tenth of a millisecond a
request, which a client with all comforts would not.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

Turn = Callable[[int], bytes]  # the number of the request → the whole request
Heard = Callable[[bytes], object]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it."""

    requests: int
    seconds: float
    server_seconds: float  # of processor time, of all that serves
    slowest_of_twenty: float  # 95 of 100 requests took no longer, in seconds

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def server_ms(self) -> float:
        return self.server_seconds * 1000 / self.requests


def request_bytes(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A whole request that asks for the connection to be closed after it."""
    told = {"Host": "localhost", "Connection": "close", **headers}
    if body:
        told |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def first_byte_ms(port: int, request: bytes) -> float:
    """From the connection to the first byte of the answer."""
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(request)
        line.recv(1)
        taken = time.perf_counter() - began
        while line.recv(262_144):
            pass  # read to its end, so that the server is free again
    return taken * 1000


def ask(port: int, request: bytes) -> bytes:
    """The body of the answer; RuntimeError for anything but a 2xx."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(request)
        parts = []
        while part := line.recv(262_144):
            parts.append(part)
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    if head[9:10] != b"2":
        raise RuntimeError(f"{head.splitlines()[:1]} {body[:300]!r}")
    return body


def drive(port: int, turns: Iterable[tuple[Turn, Heard]], *, seconds: float, servers: Iterable[int]) -> Load:
    """Every turn is a connection's: asked again and again for so long. `servers`: roots of the serving processes."""
    roots, waits, errors = list(servers), list[float](), list[BaseException]()
    began, used = time.perf_counter(), _processor_seconds(roots)

    def connection(turn: Turn, heard: Heard) -> None:
        number = 0
        try:
            while (at := time.perf_counter()) - began < seconds:
                answer = ask(port, turn(number))
                waits.append(time.perf_counter() - at)
                heard(answer)
                number += 1
        except (OSError, RuntimeError) as error:
            errors.append(error)

    threads = [threading.Thread(target=connection, args=turn) for turn in turns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, paid = time.perf_counter() - began, _processor_seconds(roots) - used
    if errors:
        raise RuntimeError(f"{len(errors)} connections failed") from errors[0]
    return Load(len(waits), took, paid, sorted(waits)[int(len(waits) * 0.95) - 1])


def _processor_seconds(roots: Iterable[int]) -> float:
    """Of these processes and all below them."""
    children: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        pid = int(path.parent.name)
        children.setdefault(int(fields[1]), []).append(pid)
        ticks[pid] = sum(map(int, fields[11:15]))  # its own, and of children that ended
    total, rest = 0, list(roots)
    while rest:
        pid = rest.pop()
        total += ticks.get(pid, 0)
        rest += children.get(pid, [])
    return total / TICKS
