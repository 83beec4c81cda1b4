"""All processes and servers of one installation count together: more of them are not more tries, also all at once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.people import PASSWORD
from tests.servers import Missing, postgres, redis, without
from tests.test_killed_web import Json, Script
from tests.web import Web

LOGIN, SIGN_UP = "/_allauth/app/v1/auth/login", "/_allauth/app/v1/auth/signup"
HOUR_SECONDS = 3600


@pytest.fixture(name="urls", scope="module", params=["small", "large"])
def _urls(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Where to ask: one server of two processes that count in a table, or two such servers that count in Redis."""
    folder = tmp_path_factory.mktemp("together")
    with ExitStack() as stack:
        settings = {"RATE_LIMITS": "on"}
        if request.param == "large":
            try:
                settings["DATABASE_URL"] = stack.enter_context(postgres(is_hasty=True))
                settings["CELERY_BROKER_URL"] = stack.enter_context(redis())
            except Missing as missing:
                without(missing)
        webs = [served(stack, folder / "data", settings) for _ in range(2 if request.param == "large" else 1)]
        yield [web.url for web in webs]


def served(stack: ExitStack, data: Path, settings: dict[str, str]) -> Web:
    web = Web(data, **settings)
    stack.callback(web.end)
    web.wait()
    return web


def answers_of(urls: list[str], path: str, body: Json, *, token: str = "", most: int) -> list[tuple[int, Json]]:
    """So many of the same request, to each server in turn: the first half all at once, the rest one by one, for a
    counter that many ask for at the same moment may turn one away too many."""
    sent = json.dumps(body).encode()

    def ask(url: str) -> tuple[int, Json]:
        return Script(url, token).send("POST", path, sent)

    turns = list(islice(cycle(urls), most))
    with ThreadPoolExecutor(8) as pool:
        return [*pool.map(ask, turns[: most // 2]), *map(ask, turns[most // 2 :])]


def signed_up(url: str, email: str) -> str:
    account = json.dumps({"email": email, "password": PASSWORD}).encode()
    return str(Script(url).send("POST", SIGN_UP, account)[1]["meta"]["session_token"])


def test_a_password_is_guessed_five_times_in_all(urls: list[str]) -> None:
    signed_up(urls[0], "ada@example.org")
    guess = {"email": "ada@example.org", "password": "not the right password"}
    answers = answers_of(urls, LOGIN, guess, most=28)
    refusals = [told["errors"][0]["code"] if status == 400 else str(status) for status, told in answers]
    assert refusals.count("email_password_mismatch") == 5
    assert set(refusals) <= {"email_password_mismatch", "too_many_login_attempts", "429"}


def test_a_code_of_an_invitation_is_guessed_thirty_times_in_all(urls: list[str]) -> None:
    for email in ("cal@example.org", "cal+later@example.org"):  # the second where an hour ended meanwhile
        token, hour = signed_up(urls[-1], email), time.time() // HOUR_SECONDS
        answers = answers_of(urls, "/api/v1/invitations/look/", {"secret": "ZZZZZZZZZZ"}, token=token, most=60)
        if time.time() // HOUR_SECONDS == hour:
            break
    assert [status for status, _ in answers].count(404) == 30
    assert {status for status, _ in answers} == {404, 429}
