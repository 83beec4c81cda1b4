"""What waited too long for a thread is refused at once, and the next is served again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response

from lumptracker import shedding
from tests.servers import free_port, wait_for_port

ROOT = Path(__file__).parents[2]
SERVER = """
import pathlib, time
from lumptracker import waiting, wsgi
from lumptracker import shedding  # after Django is there

shedding.LONGEST_WAIT_SECONDS = 0.2
HERE = pathlib.Path(__file__).parent
queued = []

class Telling(waiting.Worker):
    def enqueue_req(self, conn):
        super().enqueue_req(conn)
        queued.append(conn)
        (HERE / f"queued-{len(queued)}").touch()

def application(environ, start):
    if environ["PATH_INFO"].startswith("/hold"):
        (HERE / environ["PATH_INFO"][1:]).touch()
        while not (HERE / "released").exists():
            time.sleep(0.01)
    return wsgi.application(environ, start)
"""
LONG_SECONDS = 0.5  # nothing but time makes a wait too long


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """One worker of two threads, each of which whoever asks for `/hold…` holds until there is a file `released`."""
    (tmp_path / "holding.py").write_text(SERVER)
    port = free_port()
    surroundings = {**os.environ, "LUMPTRACKER_DATA": str(tmp_path / "data"), "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    surroundings |= {"DJANGO_SETTINGS_MODULE": "lumptracker.settings", "RATE_LIMITS": "off"}
    options = ["--bind", f"127.0.0.1:{port}", "--worker-class", "holding.Telling", "--threads", "2"]
    command = [sys.executable, "-m", "gunicorn", *options, "--no-control-socket", "holding:application"]
    server = subprocess.Popen(command, cwd=ROOT, env=surroundings)
    try:
        wait_for_port(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def ask(port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    web = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        web.request("GET", path, headers={"Accept-Language": "es"})
        answer = web.getresponse()
        return answer.status, dict(answer.headers), answer.read()
    finally:
        web.close()


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < deadline, f"no {file.name}"
        time.sleep(0.01)


def test_what_waited_too_long_is_refused_and_the_next_is_served(port: int, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as people:
        for name in ("hold-1", "hold-2"):
            people.submit(ask, port, f"/{name}")
            wait_for(tmp_path / name)
        before = len(list(tmp_path.glob("queued-*")))
        late, watchman = people.submit(ask, port, "/robots.txt"), people.submit(ask, port, "/healthz")
        wait_for(tmp_path / f"queued-{before + 2}")
        time.sleep(LONG_SECONDS)
        (tmp_path / "released").touch()
        status, headers, body = late.result()
        assert (status, headers["Retry-After"], json.loads(body)["code"]) == (503, "5", "busy")
        assert "ocupado" in json.loads(body)["message"]
        assert headers["Cache-Control"] == "private, no-store"
        assert watchman.result()[0] == 200
    assert ask(port, "/robots.txt")[0] == 200


def test_the_log_tells_of_many_refusals_in_a_few_lines(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = 100.0
    monkeypatch.setattr(shedding, "waited_seconds", lambda: 3.0)
    monkeypatch.setattr(time, "monotonic", lambda: now)
    door = shedding.SheddingMiddleware(lambda _: HttpResponse())
    for _ in range(50):
        request = RequestFactory().get("/api/v1/lumps/")
        log_response(
            "refused", response=door(request), request=request
        )  # as Django does with every answer of 500 and up
    now += 61
    door(RequestFactory().get("/api/v1/lumps/"))
    told = [row.getMessage() for row in caplog.records]
    assert told == [
        "too busy: 1 requests waited too long and were refused",
        "too busy: 50 requests waited too long and were refused",
    ]
