"""An installation whose processes can be killed: its own database and data folder, its sinks, and a warm parent.

Starting Python and Django takes longer than a sweep, so one process is started and made ready, and every sweep is a
fork of it: a process of its own, with its own connection, that really dies. `python -m tests.crashing` is that parent.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.servers import Cluster, postgres_cluster
from tests.sinks import MailSink, PushService, mail_sink, push_service

ROOT = Path(__file__).parents[1]


class Installation:
    """What a test asks for is done in forks; what they answer comes back as JSON."""

    def __init__(
        self, folder: Path, mails: MailSink, pushes: PushService, *, cluster: Cluster | None = None, **settings: str
    ) -> None:
        self.mails, self.pushes, self.cluster = mails, pushes, cluster
        self.database_url = cluster.url if cluster else f"sqlite:///{folder / 'db.sqlite3'}"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lumptracker.settings",
            "LUMPTRACKER_DATA": str(folder),
            "DATABASE_URL": self.database_url,
            "EMAIL_URL": mails.url,
            "PUSH_HOSTS": pushes.origin,
            "DEFAULT_FROM_EMAIL": "Tracker <noreply@tracker.example.org>",
            "VAPID_SUBJECT": "mailto:hoster@example.org",
            **settings,
        }
        self.parent = subprocess.Popen(
            [sys.executable, "-m", "tests.crashing"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ask("migrate")

    def start(self, what: str, **values: Any) -> None:  # Any: JSON
        """Have it done; `finish` waits for it. Several may run at once."""
        assert self.parent.stdin is not None
        self.parent.stdin.write(json.dumps({"what": what, **values}) + "\n")
        self.parent.stdin.flush()

    def finish(self) -> dict[str, Any]:  # Any: JSON
        """The next that ended: `status` (negative: killed by that signal) and `answer`."""
        assert self.parent.stdout is not None
        return dict(json.loads(self.parent.stdout.readline()))

    def ask(self, what: str, **values: Any) -> Any:  # Any: JSON
        """Have it done and return the answer."""
        self.start(what, **values)
        done = self.finish()
        assert done["status"] == 0, done
        return done["answer"]

    def spawn(self, what: str, **values: Any) -> int:  # Any: JSON
        """Have it done by a process that may be killed or put to sleep; returns its number."""
        self.start(what, **values, is_spawned=True)
        return int(self.finish()["pid"])

    def reap(self, pid: int) -> int:
        """Wait for the end of what was spawned; returns its status."""
        self.start("", pid=pid)
        return int(self.finish()["status"])

    def sweep(self, at: str, *, crash_at: str = "") -> int:
        """One sweep; returns its status."""
        self.start("sweep", at=at, crash_at=crash_at)
        return int(self.finish()["status"])

    def seed(self, at: str) -> str:
        """Somebody with a verified address, a browser that listens, and something that grew; returns the lump's id."""
        return str(self.ask("seed", at=at, subscription=self.pushes.subscribe(uuid4().hex)))

    def outbox(self, lump: str) -> list[list[str]]:
        """Its rows by channel: channel, step, state, id."""
        return list(self.ask("outbox", lump=lump))

    def close(self) -> None:
        self.parent.kill()
        self.parent.communicate()


@contextmanager
def installation(folder: Path, database: str) -> Iterator[Installation]:
    """On "sqlite" or "postgres". Raises Missing where the server is not installed."""
    with ExitStack() as stack:
        cluster = stack.enter_context(postgres_cluster()) if database == "postgres" else None
        mails = stack.enter_context(mail_sink(folder / "mails.jsonl"))
        pushes = stack.enter_context(push_service(folder / "pushes.jsonl"))
        running = Installation(folder, mails, pushes, cluster=cluster)
        stack.callback(running.close)
        yield running


def main() -> None:
    """Fork for each line of standard input; report each end on standard output. Never touches the database itself."""
    import django  # noqa: PLC0415  # only here is this module the main program

    django.setup()
    logging.disable(logging.INFO)
    from tests import crash_jobs  # noqa: PLC0415  # as above

    pipes: dict[int, int] = {}
    spawned: set[int] = set()
    for line in sys.stdin:
        request = json.loads(line)
        if not request["what"]:
            _report(pipes, request["pid"])
            continue
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _work(getattr(crash_jobs, request.pop("what")), request, writing)
        os.close(writing)
        pipes[child] = reading
        if request.get("is_spawned"):
            spawned.add(child)
            _say({"pid": child})
        elif not request.get("in_background"):
            for other in [pid for pid in pipes if pid not in spawned]:
                _report(pipes, other)


def _report(pipes: dict[int, int], which: int) -> None:
    with os.fdopen(pipes.pop(which)) as pipe:
        text = pipe.read()  # first: a long answer fills the pipe, and its writer waits
    _, status = os.waitpid(which, 0)
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    _say({"status": code, "answer": json.loads(text) if text else None})


def _say(answer: dict[str, Any]) -> None:  # Any: JSON
    print(json.dumps(answer), flush=True)  # noqa: T201  # the answer


def _work(job: Callable[..., Any], values: dict[str, Any], writing: int) -> None:  # Any: JSON
    """In the fork: do it, answer, and leave without running anything of the parent's."""
    for name in ("in_background", "is_spawned"):
        values.pop(name, None)
    try:
        answer = job(
            **{name: datetime.fromisoformat(value) if name == "at" else value for name, value in values.items()}
        )
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    main()
