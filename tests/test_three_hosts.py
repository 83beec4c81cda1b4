"""Web, workers and store on hosts of their own: each in turn is cut off, slowed down and killed while people log."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests.servers import without
from tests.sinks import MailSink, mail_sink
from tests.test_killed_web import Script
from tests.three_hosts import GATE, HOSTS, Hosts, three_hosts

HARM_SECONDS = 12
URGENT = {"length_mm": 12, "method": "ruler", "signs": {"pain": 8, "fever": True}}
CONFIRM = """
from allauth.account.models import EmailAddress
print(EmailAddress.objects.update(verified=True))
"""
LAST_SWEEP = "from triage.sweep import last_sweep_at; print(last_sweep_at().timestamp())"
THERE = """
import json
from tracking.models import Observation
from triage.models import Notification
rows = Notification.objects.filter(kind="seek_care", step=1, channel="email")
print(json.dumps({
    "observations": [str(pk) for pk in Observation.objects.values_list("pk", flat=True)],
    "told": sorted([str(lump), state] for lump, state in rows.values_list("lump", "state")),
}))
"""


@pytest.fixture(scope="module")
def mails() -> Iterator[MailSink]:
    folder = Path(tempfile.mkdtemp(prefix="tracker-mails-"))
    with mail_sink(folder / "mails.jsonl", host="0.0.0.0") as sink:  # noqa: S104  # three hosts write to it
        yield sink
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def hosts(mails: MailSink) -> Iterator[Hosts]:
    if os.geteuid() or not shutil.which("tc"):
        without("network namespaces need root, `ip` and `tc` (Debian: apt-get install iproute2)")
    folder = Path(tempfile.mkdtemp(prefix="tracker-hosts-"))
    further = {"EMAIL_URL": f"smtp://{GATE}:{mails.port}", "SWEEP_SECONDS": "10"}
    with three_hosts(folder, further) as running:
        yield running
    shutil.rmtree(folder)


class People:
    """Two who log without a break: one plain check after the other, and now and then a lump that is urgent."""

    def __init__(self, script: Script) -> None:
        self.script, self.over = script, threading.Event()
        self.checks: set[str] = set()
        self.urgent: set[str] = set()
        self.person = uuid4()
        self.threads = [threading.Thread(target=self._log) for _ in range(2)]

    def begin(self) -> None:
        assert self._put("persons", self.person, {}) == 201
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _log(self) -> None:
        while not self.over.is_set():
            check = uuid4()
            if self.script.check(check) in (200, 201):
                self.checks.add(str(check))
                if len(self.checks) % 20 == 0:
                    self._urgent()
            self.over.wait(0.05)

    def _urgent(self) -> None:
        """What was not answered is sent again, as the phone does: it is the same intent."""
        lump, check = uuid4(), uuid4()
        self._put_at_last("lumps", lump, {"person": str(self.person), "site": "anus"})
        self._put_at_last("observations", check, {"lump": str(lump), "observed_at": _now(), **URGENT})
        self.checks.add(str(check))
        self.urgent.add(str(lump))

    def _put_at_last(self, kind: str, pk: UUID, document: dict[str, object]) -> None:
        while self._put(kind, pk, document) not in (200, 201):
            time.sleep(0.5)

    def _put(self, kind: str, pk: UUID, document: dict[str, object]) -> int:
        return self.script.send("PUT", f"/api/v1/{kind}/{pk}/", json.dumps(document).encode())[0]


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


@pytest.mark.soak
def test_nothing_is_lost_or_doubled_and_all_recovers_by_itself(hosts: Hosts, mails: MailSink) -> None:
    script = Script(hosts.url)
    hosts.until(lambda: script.send("GET", "/healthz")[0] == 200, "the web never answered")
    script.begin()
    assert hosts.told(CONFIRM) == "1"
    people = People(script)
    people.begin()
    try:
        for host in HOSTS:
            for harm in (_cut, _slow, _kill):
                harm(hosts, host)
                _goes_on(hosts, people, f"{host} {harm.__name__}")
    finally:
        people.end()
    hosts.until(lambda: _all_told(hosts, people), "somebody was not told")
    there = json.loads(hosts.told(THERE))
    assert people.checks - set(there["observations"]) == set()
    assert [lump for lump, count in Counter(lump for lump, _ in there["told"]).items() if count > 1] == []
    copies = Counter(str(mail["Message-ID"]) for mail in mails.mails)
    assert max(copies.values()) <= 2
    print(f"{len(people.checks)} checks, {len(people.urgent)} urgent, {len(mails.mails)} mails")  # noqa: T201  # as above


def _goes_on(hosts: Hosts, people: People, after: str) -> None:
    """People can log again, and what is due is looked at, without anybody's hand."""
    seen, healed = len(people.checks), time.time()
    logs = hosts.until(lambda: len(people.checks) > seen, f"nobody can log: {after}")
    hosts.until(lambda: float(hosts.told(LAST_SWEEP) or 0) > healed, f"no sweep: {after}")
    sweeps = time.time() - healed
    print(f"{after}: logs after {logs:.1f} s, sweeps after {sweeps:.1f} s")  # noqa: T201  # for `pytest -s`


def _all_told(hosts: Hosts, people: People) -> bool:
    there = hosts.told(THERE)
    return bool(there) and people.urgent <= {lump for lump, state in json.loads(there)["told"] if state == "sent"}


def _cut(hosts: Hosts, host: str) -> None:
    hosts.cut_off(host)
    time.sleep(HARM_SECONDS)
    hosts.mend_line(host)


def _slow(hosts: Hosts, host: str) -> None:
    hosts.slow_down(host)
    time.sleep(HARM_SECONDS)
    hosts.mend_line(host)


def _kill(hosts: Hosts, host: str) -> None:
    hosts.kill(host)
    time.sleep(HARM_SECONDS)
    hosts.start(host)
