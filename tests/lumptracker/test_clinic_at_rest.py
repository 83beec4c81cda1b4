"""A link of a running installation: what lies at rest after it was used in every way, and what its silence gives away.

Database, caches, logs and files are read byte for byte, and the door is timed over HTTP, from another process.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.lumptracker.test_serve import Served
from tests.servers import Missing, redis_server, without
from tests.tracking.test_share_rounds import welch_t
from tracking.share_secrets import new_token

ROOT = Path(__file__).parents[2]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class Used(Served):
    """An installation of its own with the demo's link, kept in files and, for its caches, in a Redis."""

    def __init__(self, folder: Path, *, broker: str, places: list[Path]) -> None:
        self.places = [folder, *places]
        settings = {"CELERY_BROKER_URL": broker}
        environment = {**os.environ, **settings, "LUMPTRACKER_DATA": str(folder / "data")}
        for command in (["prepare"], ["demo"]):
            done = subprocess.run(
                [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
        self.told = json.loads(done.stdout.splitlines()[-1])
        super().__init__(folder, **settings)

    @property
    def payload(self) -> dict[str, str]:
        return payload_of(self.told["url"])

    @property
    def token(self) -> str:
        return token_of(self.told["url"])

    def send(
        self, method: str, path: str, body: str = "", *, kind: str = "", cookie: str = "", session: str = ""
    ) -> tuple[int, str, str]:
        """Status, cookie, text."""
        web = HTTPConnection("127.0.0.1", self.port, timeout=60)
        told = {"Content-Type": kind, "Cookie": cookie, "X-Session-Token": session}
        try:
            web.request(method, path, body, {name: value for name, value in told.items() if value})
            answer: HTTPResponse = web.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return answer.status, (answer.getheader("Set-Cookie") or "").partition(";")[0], text
        finally:
            web.close()

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """Each file of the installation: database and its journal, queue, logs, pictures, and what Redis wrote down."""
        for place in self.places:
            for path in place.rglob("*"):
                if path.is_file():
                    yield str(path.relative_to(place)), path.read_bytes()


def payload_of(url: str) -> dict[str, str]:
    text = url.partition("#shlink:/")[2]
    return dict(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def token_of(url: str) -> str:
    return payload_of(url)["url"].rstrip("/").rpartition("/")[2]


@pytest.fixture(name="used", scope="module")
def _used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Used]:
    folder = tmp_path_factory.mktemp("used")
    with ExitStack() as stack:
        try:
            redis = stack.enter_context(redis_server())
        except Missing as missing:
            without(missing)
        running = Used(folder, broker=redis.url, places=[redis.folder])
        stack.callback(running.process.wait)
        stack.callback(running.process.terminate)
        yield running


def test_nothing_that_lies_anywhere_opens_a_link(used: Used) -> None:
    token, passcode, code = used.token, used.told["passcode"], used.told["code"]
    manifest = f"/shl/{token}/"
    for method in ("GET", "HEAD"):
        assert used.send(method, manifest)[0] == 405
    assert used.send("GET", f"/shl/{token}x/file/none/")[0] == 404
    wrong = urlencode({"token": token, "passcode": "000000" if passcode != "000000" else "111111"})
    assert used.send("POST", "/s/open/", wrong, kind=FORM)[0] == 401
    status, cookie, _ = used.send("POST", "/s/open/", urlencode({"code": code, "passcode": passcode}), kind=FORM)
    assert status == 303
    for part in ("", "report.pdf", "record.txt", "bundle.json"):
        assert used.send("GET", f"/s/view/{part}", cookie=cookie)[0] == 200
    asked = json.dumps({"recipient": "A record system", "passcode": passcode, "embeddedLengthMax": 0})
    status, _, text = used.send("POST", manifest, asked, kind=JSON)
    assert status == 200
    for file in json.loads(text)["files"][:2]:
        assert used.send("GET", "/shl/" + file["location"].partition("/shl/")[2])[0] == 200
    long = secrets_of_a_long_passcode_and_a_helper(used)
    lying = dict(used.everything())
    assert any(b"CREATE TABLE" in content for content in lying.values()), "the database is among them"
    assert any("appendonly" in name and content for name, content in lying.items()), "what Redis holds is among them"
    secrets = {"token": token, "key": used.payload["key"], "code": code, "link": used.told["url"].partition("#")[2]}
    secrets |= long
    found = [
        (what, name) for what, text in secrets.items() for name, bytes_ in lying.items() if text.encode() in bytes_
    ]
    assert found == []
    assert [name for name, content in lying.items() if f'"{passcode}"'.encode() in content] == []
    assert [name for name, content in lying.items() if name.endswith(".log") and passcode.encode() in content] == []


def secrets_of_a_long_passcode_and_a_helper(used: Used) -> dict[str, str]:
    """What opened a link with words for a passcode, and what let a helper in."""
    ada, passcode = Owner(used), f"seven grey herons {uuid4().hex}"
    link = json.loads(ada.ask("PUT", f"share-links/{uuid4()}/", {"lumps": [ada.lump], "passcode": passcode}))
    right, wrong = ({"token": token_of(link["url"]), "passcode": word} for word in (passcode, f"{passcode[:-1]}!"))
    assert used.send("POST", "/s/open/", urlencode(right), kind=FORM)[0] == 303
    assert used.send("POST", "/s/open/", urlencode(wrong), kind=FORM)[0] == 401
    helping = json.loads(ada.ask("PUT", f"helper-links/{uuid4()}/", {"lump": ada.lump}))
    secret = helping["url"].partition("#")[2]
    assert used.send("POST", "/s/help/open/", urlencode({"token": secret}), kind=FORM)[0] == 303
    mistyped = wrong["passcode"]
    return {"long passcode": passcode, "mistyped": mistyped, "helper": secret, "helper's code": helping["code"]}


# Why a link stays closed


class Owner:
    """Ada, signed in to that installation by a script."""

    def __init__(self, used: Used) -> None:
        self.used = used
        login = json.dumps({"email": used.told["email"], "password": used.told["password"]})
        answer = used.send("POST", "/_allauth/app/v1/auth/login", login, kind=JSON)[2]
        self.session = json.loads(answer)["meta"]["session_token"]
        self.lump = json.loads(self.ask("GET", "lumps/"))["results"][0]["id"]

    def ask(self, method: str, path: str, body: object = None) -> str:
        text = "" if body is None else json.dumps(body)
        status, _, answer = self.used.send(method, f"/api/v1/{path}", text, kind=JSON, session=self.session)
        assert status < 300, answer
        return answer

    def closed_tokens(self) -> dict[str, Callable[[], str]]:
        """Why a link is closed → the token of such a one."""
        tokens = {name: self.token_of_new(name) for name in ("revoked", "expired", "used up")}
        assert open_by(self.used, tokens["used up"]) == 303
        deadline = time.monotonic() + 60
        while open_by(self.used, tokens["expired"]) != 404:
            assert time.monotonic() < deadline
        return {"unknown": new_token, **{name: partial(str, token) for name, token in tokens.items()}}

    def token_of_new(self, name: str) -> str:
        link = f"share-links/{uuid4()}/"
        soon = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()  # noqa: TID251  # the server's own clock
        wish: dict[str, object] = {"lumps": [self.lump], "passcode": ""}
        more: dict[str, dict[str, object]] = {"expired": {"expires_at": soon}, "used up": {"max_openings": 1}}
        wish |= more.get(name, {})
        token = token_of(json.loads(self.ask("PUT", link, wish))["url"])
        if name == "revoked":
            self.ask("DELETE", link)
        return token


def open_by(used: Used, token: str) -> int:
    return used.send("POST", "/s/open/", urlencode({"token": token}), kind=FORM)[0]


def unlike(used: Used, tokens: dict[str, Callable[[], str]], *, tries: int) -> set[str]:
    """The reasons that answer in another time than a link that never was, taken in turns."""
    times: dict[str, list[float]] = {name: [] for name in tokens}
    for number in range(tries):
        names = list(tokens)
        for name in names[number % len(names) :] + names[: number % len(names)]:
            token, began = tokens[name](), time.perf_counter()
            assert open_by(used, token) == 404
            times[name].append(time.perf_counter() - began)
    return {name for name, taken in times.items() if name != "unknown" and welch_t(times["unknown"], taken) >= 4}


def test_over_http_too_the_time_tells_not_why_a_link_stays_closed(used: Used) -> None:
    """What differs shows in every sample; what the machine did besides, in one."""
    tokens = Owner(used).closed_tokens()
    found = unlike(used, tokens, tries=100)
    assert not found or not found & unlike(used, tokens, tries=200)


@pytest.mark.soak
def test_over_http_too_the_time_tells_not_why_over_two_thousand_tries(used: Used) -> None:
    assert unlike(used, Owner(used).closed_tokens(), tries=2000) == set()
