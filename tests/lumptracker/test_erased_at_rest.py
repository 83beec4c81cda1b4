"""After an account is erased on a running installation: what lies in its files, its logs, its broker and its cache."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests import pictures
from tests.lumptracker.test_serve import Served
from tests.servers import Missing, redis_server, without
from tests.test_killed_web import Script

ROOT = Path(__file__).parents[2]
CANARY = "c4n4ry"
ENDPOINT = f"https://fcm.googleapis.com/fcm/send/{CANARY}"  # nothing is due, so nothing is sent there
EMPTY = "from tracking.tasks import retain; retain()"
"""What beat rings for each hour: the journal cannot be emptied while somebody reads, as the sweep may just then."""


@pytest.fixture(name="served")
def _served(tmp_path: Path) -> Iterator[Served]:
    """With Redis as broker and as cache. What a folder holds as broker is looked at in tests/e2e/test_account_end."""
    with ExitStack() as stack:
        try:
            redis = stack.enter_context(redis_server())
        except Missing as missing:
            without(missing)
        (tmp_path / "redis").symlink_to(redis.folder)
        running = Served(tmp_path, CELERY_BROKER_URL=redis.url)
        stack.callback(running.process.wait)
        stack.callback(running.process.terminate)
        yield running


def lying(folder: Path) -> dict[str, bytes]:
    """Every file: database and journal, queue, logs, mails, pictures, all that Redis ever wrote down."""
    roots = [folder, *(path.resolve() for path in folder.iterdir() if path.is_symlink())]
    files = [path for root in roots for path in root.rglob("*") if path.is_file()]
    return {str(path): content_of(path) for path in files}


def content_of(file: Path) -> bytes:
    """Nothing where it went while we looked."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def test_nothing_of_an_erased_account_lies_in_files_logs_broker_or_cache(served: Served, tmp_path: Path) -> None:
    script = Script(f"http://127.0.0.1:{served.port}")
    script.begin(email=f"{CANARY}@example.org", name=f"{CANARY} of a name")
    check = uuid4()
    assert script.check(check, note=f"{CANARY} of a note") == 201
    assert script.photo(uuid4(), check, pictures.with_canaries("JPEG")) == 201
    keys = {"p256dh": browser_key(), "auth": "A" * 22}
    told = script.send("PUT", "/api/v1/push-subscriptions/", json.dumps({"endpoint": ENDPOINT, "keys": keys}).encode())
    assert told[0] in (200, 201), told
    assert script.send("POST", "/api/v1/export/", b"{}")[0] == 202
    served.until(lambda: export_is_ready(script))
    wrong = json.dumps({"email": f"{CANARY}@example.org", "password": "not the right one"}).encode()
    assert Script(script.url).send("POST", "/_allauth/app/v1/auth/login", wrong)[0] == 400
    forgot = json.dumps({"email": f"{CANARY}@example.org"}).encode()
    Script(script.url).send("POST", "/_allauth/app/v1/auth/password/request", forgot)
    before = lying(tmp_path)
    assert any(CANARY.encode() in content for content in before.values()), "addresses lie there as they are"
    assert any("serve.log" in name for name in before)
    assert any("appendonly" in name and content for name, content in before.items())

    assert script.send("DELETE", "/api/v1/me/")[0] == 204
    environment = {**os.environ, "LUMPTRACKER_DATA": str(tmp_path / "data")}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", EMPTY]
    served.until(lambda: subprocess.run(command, cwd=ROOT, env=environment).returncode == 0 and not traces(tmp_path))


def export_is_ready(script: Script) -> bool:
    status, told = script.send("GET", "/api/v1/export/")
    return status == 200 and '"ready"' in json.dumps(told)


def browser_key() -> str:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def traces(folder: Path) -> list[str]:
    canaries = (CANARY.encode(), pictures.CANARY)
    return [name for name, content in lying(folder).items() if any(one in content for one in canaries)]
