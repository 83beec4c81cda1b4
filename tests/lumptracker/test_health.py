"""Nobody is left in the dark: health, metrics, the watchman outside, and logs that say nothing about anybody."""

from __future__ import annotations

import json
import logging
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from pytest_django.fixtures import Settings

from lumptracker.doctor import CHECKS
from lumptracker.logs import HideSecretPaths, JsonLines
from tests.test_wording import HEALTH_WORDS
from tests.triage.rows import NOON, a_growing_lump, a_lump, an_account, an_intent
from tracking.models import Lump
from triage.models import Stumble
from triage.pulse import beat_heart
from triage.sweep import sweep

pytestmark = pytest.mark.django_db
TOKEN = "a token of thirty-two characters!"


@pytest.fixture(name="_files", autouse=True)
def _mail_files(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_CONFIGURED, settings.MAIL_DIR = False, tmp_path / "mail"


def asked(at: datetime, path: str = "/readyz", **headers: str) -> tuple[int, str]:
    with time_machine.travel(at, tick=False):
        answer = Client().get(path, headers=headers)
    return answer.status_code, answer.content.decode()


def test_it_is_ready_while_sweeps_end_and_red_five_minutes_after_the_last() -> None:
    sweep(NOON)
    assert asked(NOON + timedelta(minutes=5))[0] == 200
    status, text = asked(NOON + timedelta(minutes=5, seconds=1))
    assert (status, json.loads(text)["last_sweep_seconds"]) == (503, 301)


def test_it_is_red_when_something_due_has_waited_although_sweeps_end() -> None:
    ada = an_account()
    an_intent(ada, a_lump(ada))
    late = NOON + timedelta(minutes=6)
    beat_heart(late)
    status, text = asked(late)
    assert (status, json.loads(text)["oldest_due_seconds"]) == (503, 360)


def test_where_nothing_goes_out_by_a_way_what_was_put_off_turns_it_red_although_other_ways_work() -> None:
    ada = an_account()
    an_intent(ada, a_lump(ada), channel="push", attempts=3, leased_until=NOON + timedelta(minutes=10))
    an_intent(ada, a_lump(ada), state="sent", sent_at=NOON + timedelta(minutes=5))
    Lump.objects.update(assess_after=None)
    beat_heart(NOON + timedelta(minutes=6))
    status, text = asked(NOON + timedelta(minutes=6))
    assert (status, json.loads(text)["oldest_due_seconds"]) == (503, 360)


def test_a_message_put_off_alone_is_counted_and_only_red_when_its_next_try_does_not_come() -> None:
    ada = an_account()
    an_intent(ada, a_lump(ada), attempts=3, leased_until=NOON + timedelta(minutes=10))
    an_intent(ada, a_lump(ada), state="sent", sent_at=NOON + timedelta(minutes=1))
    Lump.objects.update(assess_after=None)
    seen = []
    for minutes in (9, 16):
        beat_heart(NOON + timedelta(minutes=minutes))
        status, text = asked(NOON + timedelta(minutes=minutes))
        seen.append((status, json.loads(text)["oldest_due_seconds"], json.loads(text)["put_off"]))
    assert seen == [(200, 0, 1), (503, 360, 0)]
    assert "tracker_put_off 1\n" in asked(NOON + timedelta(minutes=9), "/metrics")[1]


def test_what_is_due_later_keeps_nobody_waiting() -> None:
    ada = an_account()
    an_intent(ada, a_lump(ada, at=NOON), due_at=NOON + timedelta(days=1))
    sweep(NOON)
    assert asked(NOON)[0] == 200


def test_it_says_how_much_was_set_aside() -> None:
    ada = an_account()
    lump = a_lump(ada)
    an_intent(ada, lump, state="failed", last_error="push_410")
    Stumble.objects.create(lump=lump, attempts=Stumble.SET_ASIDE_AFTER, error="ValueError", at=NOON)
    assert json.loads(asked(NOON)[1])["set_aside"] == 2


def test_without_its_database_it_is_red_and_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: datetime) -> None:
        raise DatabaseError

    monkeypatch.setattr("lumptracker.health.measured_ages", gone)
    assert asked(NOON)[0] == 503
    assert asked(NOON, "/healthz")[0] == 200


def test_metrics_are_ages_and_counts_and_nothing_about_anybody() -> None:
    ada = an_account()
    a_growing_lump(ada)
    sweep(NOON)
    status, text = asked(NOON, "/metrics")
    assert status == 200
    assert "tracker_last_sweep_seconds 0\n" in text
    assert 'tracker_messages{channel="email",state="written"} 1\n' in text
    assert HEALTH_WORDS.findall(text) == []
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(line.rpartition(" ")[2].isdigit() for line in samples)


def test_metrics_are_for_this_machine_alone_or_for_who_brings_the_token(settings: Settings) -> None:
    assert Client(REMOTE_ADDR="192.0.2.7").get("/metrics").status_code == 404
    settings.PUBLIC_IS_LOCAL = False
    assert Client().get("/metrics").status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    stranger = Client(REMOTE_ADDR="192.0.2.7")
    assert stranger.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


@pytest.fixture(name="watchman")
def _watchman(settings: Settings) -> Iterator[list[str]]:
    """The paths that the watchman was called at."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            paths.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True).start()
    settings.HEALTHCHECK_URL = f"http://127.0.0.1:{server.server_port}/ping/secret"
    yield paths
    server.shutdown()
    server.server_close()


def test_each_sweep_reports_to_the_watchman(watchman: list[str]) -> None:
    sweep(NOON)
    sweep(NOON + timedelta(seconds=30))
    sweep(NOON, is_played=True)
    assert watchman == ["/ping/secret", "/ping/secret"]


def test_old_notes_that_cannot_be_taken_away_silence_no_sweep(
    watchman: list[str], settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "handed" / "0").mkdir(parents=True)  # unlike a file, not even root can unlink it
    sweep(NOON)
    assert watchman == ["/ping/secret"]
    assert "could not be taken away: IsADirectoryError" in caplog.text


def test_the_watchman_is_told_when_something_due_was_left(watchman: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.sweep.deliver_due", lambda **_: Counter())
    ada = an_account()
    an_intent(ada, a_lump(ada))
    sweep(NOON + timedelta(minutes=6))
    assert watchman == ["/ping/secret/fail"]


def test_the_watchman_hears_for_an_hour_that_a_row_was_set_aside_and_the_doctor_says_so(watchman: list[str]) -> None:
    ada = an_account()
    lump = a_lump(ada)
    Lump.objects.update(assess_after=None)
    an_intent(ada, lump, state="failed", last_error="push_410")
    sweep(NOON)
    assert [finding.state for finding in CHECKS["set aside"](NOON)] == ["good"], "an address that died is no alarm"
    an_intent(ada, lump, state="leased", attempts=5, failures=4, leased_until=NOON)
    an_intent(ada, lump)
    for minutes in (1, 60, 62):
        sweep(NOON + timedelta(minutes=minutes))
    assert [path.removeprefix("/ping/secret") for path in watchman] == ["", "/fail", "/fail", ""]
    for days, state in ((0.5, "bad"), (2, "mind")):
        (finding,) = CHECKS["set aside"](NOON + timedelta(days=days))
        assert (finding.state, finding.says[:2]) == (state, "1 ")
    status, text = asked(NOON + timedelta(minutes=62))
    assert (status, json.loads(text)["set_aside"]) == (200, 2), "the others go on"


def test_a_watchman_who_is_away_stops_no_sweep_and_his_address_is_not_written_down(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.HEALTHCHECK_URL = "http://127.0.0.1:1/ping/secret"
    sweep(NOON)
    assert "watchman could not be told" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("path", ["/shl/abc", "/api/v1/calendar/abc/", "/api/v1/notifications/stop/abc/"])
def test_what_opens_something_stays_out_of_the_logs(path: str) -> None:
    record = logging.LogRecord("web", logging.WARNING, "x", 1, "GET %s 404", (path,), None)
    HideSecretPaths().filter(record)
    assert "abc" not in record.getMessage()


def test_a_log_line_for_machines_names_an_error_and_never_quotes_it() -> None:
    try:
        raise ValueError("a private note")
    except ValueError as error:
        about = (type(error), error, error.__traceback__)
    record = logging.LogRecord("triage", logging.ERROR, "x", 1, "notification %s failed", ("an-id",), about)
    row = json.loads(JsonLines().format(record))
    assert (row["level"], row["message"], row["exception"]) == ("ERROR", "notification an-id failed", "ValueError")
    assert "private" not in json.dumps(row)
