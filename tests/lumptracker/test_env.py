"""A wrong setting ends the start with one line that names it and the mend."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lumptracker.env import Environment, WrongSetting, is_vapid_key, new_vapid_key

ROOT = Path(__file__).parents[2]


def environment(tmp_path: Path, **values: str) -> Environment:
    return Environment({"LUMPTRACKER_DATA": str(tmp_path), **values}, base=ROOT)


def test_a_secret_is_made_once_and_stays(tmp_path: Path) -> None:
    first = environment(tmp_path).secret("SECRET_KEY", lambda: "one")
    assert (first, environment(tmp_path).secret("SECRET_KEY", lambda: "two")) == ("one", "one")
    assert (tmp_path / "secrets" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    assert environment(tmp_path, SECRET_KEY_FILE=str(tmp_path / "key")).text("SECRET_KEY") == "from a file"


def test_an_unreadable_secret_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="SECRET_KEY_FILE: cannot be read"):
        environment(tmp_path, SECRET_KEY_FILE=str(tmp_path / "missing")).text("SECRET_KEY")


def test_a_made_vapid_key_reads_as_one() -> None:
    assert is_vapid_key(new_vapid_key())
    assert not is_vapid_key("not a key")


def test_loopback_is_told_from_public(tmp_path: Path) -> None:
    assert environment(tmp_path).origin("PUBLIC_URL", "http://127.0.0.1:8000").is_local
    assert not environment(tmp_path, PUBLIC_URL="https://tracker.example.org").origin("PUBLIC_URL", "").is_local


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "eighty", "PORT: 'eighty' is not a whole number"),
        ("PUBLIC_URL", "tracker.example.org", "PUBLIC_URL: 'tracker.example.org' is not an origin"),
        ("DATABASE_URL", "mysql://somewhere/db", "DATABASE_URL: is neither SQLite nor PostgreSQL"),
        ("CELERY_BROKER_URL", "amqp://somewhere", "CELERY_BROKER_URL: is of a kind that is not known"),
        ("EMAIL_URL", "mail.example.org", "EMAIL_URL: is not an SMTP address"),
        ("SIGNUP", "maybe", "SIGNUP: 'maybe' is not known"),
        ("SWEEP_SECONDS", "0", "SWEEP_SECONDS: '0' is not a whole number"),
        ("VAPID_PRIVATE_KEY", "long enough, yet not of the right kind", "VAPID_PRIVATE_KEY: is not a P-256"),
        ("SECRET_KEY", "x", "SECRET_KEY: is too short to be a secret"),
        ("PUSH_HOSTS", "http://", "PUSH_HOSTS: 'http://' names no host"),
        ("NTFY_HOSTS", "https://", "NTFY_HOSTS: 'https://' names no host"),
        ("HEALTHCHECK_URL", "hc.example.org/ping", "HEALTHCHECK_URL: is not an address"),
        ("METRICS_TOKEN", "short", "METRICS_TOKEN: is too short to be a secret"),
        ("EMAIL_URL", "anymail+pigeon://?token=x", "EMAIL_URL: 'pigeon' is no provider"),
        ("STORAGE_URL", "gopher://files", "STORAGE_URL: is neither a folder nor a bucket"),
        ("TRUSTED_PROXY", "my-proxy", "TRUSTED_PROXY: 'my-proxy' is not an address"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(tmp_path: Path, name: str, value: str, said: str) -> None:
    answer = start(tmp_path, {name: value})
    assert answer.returncode == 1
    assert answer.stderr.startswith(said)
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"RATE_LIMITS": "off"}, "RATE_LIMITS: is off while PUBLIC_URL is public"),
        ({"PUSH_HOSTS": "http://127.0.0.1:9999"}, "PUSH_HOSTS: 'http://127.0.0.1:9999' is an origin, for tests only"),
        ({"VAPID_SUBJECT": "mailto:someone@localhost"}, "VAPID_SUBJECT: 'mailto:someone@localhost' is refused"),
    ],
)
def test_what_only_a_test_may_do_is_refused_in_public(tmp_path: Path, given: dict[str, str], said: str) -> None:
    answer = start(tmp_path, {"PUBLIC_URL": "https://tracker.example.org", **given})
    assert answer.returncode == 1
    assert answer.stderr.startswith(said)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = start(tmp_path / "file" / "data", {})
    assert answer.stderr.startswith("LUMPTRACKER_DATA: ")


def start(data: Path, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "CELERY_BROKER_URL")}
    return subprocess.run(
        [sys.executable, "-c", "import lumptracker.settings"],
        env={**clean, "LUMPTRACKER_DATA": str(data), **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
