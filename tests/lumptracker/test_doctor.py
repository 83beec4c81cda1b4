"""Each thing that can be wrong with an installation is found, and its mend is named."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from pytest_django.fixtures import Settings

from lumptracker.doctor import CHECKS, inside, look
from lumptracker.doctor.findings import Finding
from tests.lumptracker.installation import Installation
from tests.servers import Missing, free_port, redis_server, without
from tests.sinks import mail_sink, push_service
from tests.triage.rows import a_browser, an_account
from tracking import sealing, vault
from tracking.models import Person, SealingKey
from tracking.models.base import SealedText
from tracking.vault import Holder
from triage.models import Heartbeat
from triage.push_subscriptions import try_subscriptions

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture(autouse=True)
def _a_sound_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.STORAGE_DIR, settings.FRONTEND_DIST = tmp_path, tmp_path / "storage", tmp_path / "dist"
    (tmp_path / "secrets").mkdir()
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_text("<!doctype html>")
    tmp_path.chmod(0o700)
    Heartbeat.objects.create(name=Heartbeat.SWEEP, at=AT)


def said(check: str, *, at: datetime = AT) -> list[tuple[str, str]]:
    return [(finding.state, finding.says) for finding in CHECKS[check](at)]


def only(check: str, *, at: datetime = AT) -> Finding:
    (finding,) = CHECKS[check](at)
    return finding


@pytest.mark.parametrize("check", sorted(set(CHECKS) - {"mail", "push", "address", "clock"}))
def test_a_sound_installation_is_called_sound(check: str) -> None:
    assert [state for state, _ in said(check)] == ["good"]


def test_every_finding_that_is_not_good_names_a_mend() -> None:
    assert [finding for finding in look(AT) if finding.state != "good" and not finding.mend] == []


def test_secrets_that_others_can_read_are_found(settings: Settings) -> None:
    secret = Path(settings.DATA_DIR) / "secrets" / "data_key"
    secret.write_text("x")
    secret.chmod(0o644)
    finding = only("data folder")
    assert (finding.state, "data_key" in finding.says, "chmod 600" in finding.mend) == ("bad", True, True)


def test_a_data_folder_that_all_can_look_into_is_told(settings: Settings) -> None:
    Path(settings.DATA_DIR).chmod(0o755)
    assert only("data folder").state == "mind"


def test_a_data_folder_that_cannot_be_written_is_found(settings: Settings) -> None:
    settings.DATA_DIR = "/proc/1/nowhere"
    assert only("data folder").state == "bad"


@pytest.mark.parametrize(("free", "state"), [(10**8, "bad"), (10**9, "mind"), (10**10, "good")])
def test_a_disk_that_fills_up_is_found(free: int, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(10**11, 0, free))
    assert only("disk").state == state


def test_a_database_that_is_too_old_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "OLDEST_SQLITE", (99, 0))
    monkeypatch.setattr(inside, "OLDEST_POSTGRESQL", 990000)
    assert "too old" in only("database").says


def test_a_damaged_file_is_found(tmp_path: Path) -> None:
    damaged = Installation(tmp_path / "data", {"DATABASE_URL": f"sqlite:///{tmp_path}/broken.sqlite3"})
    with sqlite3.connect(tmp_path / "broken.sqlite3") as file:
        file.execute("CREATE TABLE filled AS SELECT hex(randomblob(4000)) AS words")
    content = bytearray((tmp_path / "broken.sqlite3").read_bytes())
    content[:100] = b"x" * 100
    (tmp_path / "broken.sqlite3").write_bytes(content)
    done = damaged.run("manage.py", "doctor", "--json")
    found = {finding["check"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert (done.returncode, found["database"]["state"], "restore" in found["database"]["mend"]) == (1, "bad", True)


def test_a_wrong_setting_is_told_too(tmp_path: Path) -> None:
    wrong = Installation(tmp_path / "data", {"PORT": "everywhere"})
    done = wrong.run("manage.py", "doctor", "--json")
    (finding,) = json.loads(done.stdout)["findings"]
    assert (done.returncode, finding["check"], "PORT" in finding["says"]) == (1, "settings", True)


def test_tables_that_are_behind_or_ahead_are_found() -> None:
    (newest,) = MigrationExecutor(connection).loader.graph.leaf_nodes("triage")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'triage' AND name = %s", [newest[1]])
    assert "steps behind" in only("tables").says
    assert "prepare" in only("tables").mend
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('triage', '9999_later', %s)", [AT])
    assert "newer version" in only("tables").says


def test_another_data_key_is_found(settings: Settings) -> None:
    vault.seal_text("x", holder=Holder("person", uuid4()))
    settings.DATA_KEY, settings.READ_DATA_KEYS = "of another installation altogether", lambda: ()
    assert only("keys").state == "bad"


def test_a_change_of_keys_that_was_not_finished_is_told(settings: Settings) -> None:
    vault.seal_text("x", holder=Holder("person", uuid4()))
    settings.DATA_KEY, settings.DATA_KEYS_ALSO = "the next key of this installation", (settings.DATA_KEY,)
    finding = only("keys")
    assert (finding.state, f"{SealingKey.objects.count()} keys" in finding.says) == ("mind", True)
    assert "rotate-key" in finding.mend


def test_words_of_an_early_version_are_told(settings: Settings) -> None:
    secret = sealing.derived(settings.DATA_KEY, "text")
    old = SealedText("v1." + base64.urlsafe_b64encode(sealing.seal(secret, b"x", bound_to=b"")).decode())
    Person.objects.create(name=old, created_at=AT, updated_at=AT)
    assert only("keys").state == "mind"


def test_photos_that_cannot_be_stored_are_found(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    settings.STORAGE_DIR = tmp_path / "a file" / "storage"
    finding = only("photos")
    assert (finding.state, "STORAGE_URL" in finding.mend) == ("bad", True)


def test_an_app_that_was_never_built_is_found(settings: Settings) -> None:
    settings.FRONTEND_DIST = "/nowhere"
    assert (only("app").state, only("app").mend) == ("bad", "make setup")


def test_a_broker_that_is_gone_is_found_and_one_that_answers_is_good(settings: Settings) -> None:
    settings.BROKER_IS_FOLDER, settings.CELERY_BROKER_URL = False, f"redis://127.0.0.1:{free_port()}/0"
    assert (only("broker").state, "CELERY_BROKER_URL" in only("broker").mend) == ("bad", True)
    try:
        with redis_server() as server:
            settings.CELERY_BROKER_URL = server.url
            assert only("broker").state == "good"
    except Missing as missing:
        without(missing)


def test_a_sweep_that_is_late_or_never_was_is_found() -> None:
    assert "60 minutes ago" in only("sweep", at=AT + timedelta(hours=1)).says
    Heartbeat.objects.all().delete()
    assert only("sweep").state == "mind"


def test_a_mail_server_that_is_gone_is_found_and_one_that_answers_is_good(settings: Settings, tmp_path: Path) -> None:
    assert only("mail").state == "mind"
    settings.EMAIL_CONFIGURED, settings.EMAIL_BACKEND = True, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert only("mail").state == "bad"
    with mail_sink(tmp_path / "mails") as sink:
        settings.EMAIL_PORT = sink.port
        assert only("mail").state == "good"


def test_push_without_https_is_found(settings: Settings) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_IS_LOCAL = "http://tracker.example.org", False
    assert (only("push").state, "https" in only("push").mend) == ("bad", True)


def test_browsers_whose_push_service_refuses_our_key_are_counted_until_a_test_gets_through(
    settings: Settings, tmp_path: Path
) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_IS_LOCAL = "https://tracker.example.org", False
    with push_service(tmp_path / "pushes") as service:
        settings.PUSH_HOSTS, settings.VAPID_SUBJECT = [service.origin], "mailto:hoster@example.org"
        ada = an_account()
        for name, status in {"phone": 403, "tablet": 401, "sold": 410, "laptop": 201}.items():
            a_browser(ada, service, name)
            service.answers[name] = (status, {})
        assert only("push").state == "good"
        try_subscriptions(ada, at=AT)
        finding = only("push")
        assert (finding.state, "2 browsers" in finding.says, "VAPID_SUBJECT" in finding.mend) == ("bad", True, True)
        service.answers.clear()
        try_subscriptions(ada, at=AT)
        assert only("push").state == "good"


def test_the_clock_of_this_machine_is_called_sound() -> None:
    assert only("clock", at=timezone.now()).state == "good"


def test_a_clock_that_was_never_set_or_ran_ahead_is_found() -> None:
    assert "1970" in only("clock", at=datetime(1970, 1, 2, tzinfo=UTC)).says
    assert "in the future" in only("clock", at=AT - timedelta(hours=1)).says


def test_an_address_that_leads_elsewhere_is_found(settings: Settings) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_IS_LOCAL, settings.TRUSTED_PROXY = f"http://127.0.0.1:{free_port()}", False, []
    states = dict(said("address"))
    assert "nobody answers" in states["bad"]
    assert "X-Forwarded" in states["mind"]


def test_one_check_that_breaks_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: Any) -> list[Finding]:  # Any: unused
        raise RuntimeError

    monkeypatch.setitem(CHECKS, "disk", breaks)
    found = {finding.check: finding.state for finding in look(AT)}
    assert (found["disk"], found["tables"], set(found)) == ("bad", "good", set(CHECKS))


def test_the_command_prints_a_line_each_and_ends_badly_if_something_is_bad(settings: Settings) -> None:
    settings.FRONTEND_DIST = "/nowhere"
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=out)
    assert ended.value.code == 1
    assert "BAD   app: the phone app is not built. make setup." in out.getvalue()
