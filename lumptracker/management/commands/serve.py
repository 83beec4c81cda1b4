"""`manage.py serve`: the whole product under one supervisor: web, Celery worker, Celery beat."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from typing import Any

import segno
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from lumptracker.embedded import run_beat, run_web, run_worker, share_what_is_loaded
from lumptracker.ground import prepare_installation
from lumptracker.supervisor import Child, Supervisor, status_of

WEB_WAIT_SECONDS = 30.0


class Command(BaseCommand):
    help = "Serve the app with its worker and its beat until Ctrl-C or TERM."
    requires_system_checks = ()  # they run while the web starts, see below

    def handle(self, *_: object, **__: Any) -> None:  # Any: Django's own options
        if is_taken(settings.HOST, settings.PORT):
            raise CommandError(
                f"Port {settings.PORT} is in use. Stop what listens there, or set PORT to another number."
            )
        share_what_is_loaded()
        end_unless_done(prepare_installation)
        (settings.QUEUE_DIR / "tmp").mkdir(mode=0o700, parents=True, exist_ok=True)
        supervisor = Supervisor(children())
        supervisor.run(when_first_runs=lambda: self._prove_and_greet(supervisor))

    def _prove_and_greet(self, supervisor: Supervisor) -> None:
        """Prove rules, fields and settings, and say where it is reached, once it is. A slip ends the start.

        The worker and beat start after that: the machine may be small.
        """
        end_unless_done(self.check)
        ends = time.monotonic() + WEB_WAIT_SECONDS
        while not supervisor.is_ending and time.monotonic() < ends:
            if answers(settings.HOST, settings.PORT):
                self.stdout.write(greeting())
                self.stdout.flush()
                return
            time.sleep(0.05)


def end_unless_done(work: Callable[[], None]) -> None:
    """In a process apart: what it loads need not lie here, to be shared by nobody, for as long as we run."""

    def do() -> None:
        try:
            work()
        except CommandError as error:
            raise SystemExit(str(error)) from error
        finally:
            connections.close_all()

    if status := status_of(do, name="tracker-prepare"):
        raise SystemExit(status)


def children() -> list[Child]:
    """Web first: it is what people wait for."""
    return [Child("web", run_web), Child("worker", run_worker), Child("beat", run_beat)]


def is_taken(host: str, port: int) -> bool:
    """Does somebody listen there already?"""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1)
        return probe.connect_ex((_reachable(host), port)) == 0


def answers(host: str, port: int) -> bool:
    """Does the web answer on `/healthz`?"""
    web = HTTPConnection(_reachable(host), port, timeout=2)
    try:
        web.request("GET", "/healthz", headers={"Host": "localhost"})
        return web.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        web.close()


def _reachable(host: str) -> str:
    """An address to call for an address to listen on."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound


def greeting() -> str:
    """Where to open it, on this machine and on a phone, with a code to point the phone's camera at."""
    lines = [f"\n  {settings.APP_NAME} is running at http://{_reachable(settings.HOST)}:{settings.PORT}"]
    if not settings.PUBLIC_IS_LOCAL:
        lines += [f"  On the phone: {settings.PUBLIC_URL}", "", qr_code(settings.PUBLIC_URL)]
    else:
        lines += ['  Only this machine can reach it. For a phone set PUBLIC_URL: see README, "Reach it from a phone".']
    return "\n".join([*lines, "  Ctrl-C stops it.", ""])


def qr_code(url: str) -> str:
    """For a terminal, two modules to a character."""
    rows = [[bool(cell) for cell in row] for row in segno.make(url, error="l", micro=False).matrix_iter(border=2)]
    rows += [[False] * len(rows[0])] * (len(rows) % 2)
    blocks = {
        (False, False): "█",
        (False, True): "▀",
        (True, False): "▄",
        (True, True): " ",
    }  # light on a dark terminal
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join(
        "  " + "".join(blocks[cells] for cells in zip(upper, lower, strict=True)) for upper, lower in pairs
    )
