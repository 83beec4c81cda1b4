"""allauth's addresses: each is named as open or closed, and every open one that takes a credential has limits."""

from __future__ import annotations

import json

import pytest
from django.urls import get_resolver
from pytest_django.fixtures import Settings

from lumptracker.account_doors import CLOSED, OPEN
from lumptracker.counted_doors import COUNTED
from lumptracker.tries import ACCOUNT_TRIES
from tests.doors import routes
from tests.lumptracker.signing_in import APP, sent
from tests.people import Somebody, ada
from tracking.models import User

pytestmark = pytest.mark.django_db
EMAIL = "ada@example.org"
STARTS = ("_allauth/app/v1/", "_allauth/browser/v1/")


def addresses() -> set[str]:
    found = {path for path, _ in routes(get_resolver()) if path.startswith("_allauth/")}
    assert all(path.startswith(STARTS) for path in found)
    return {path.removeprefix(start) for path in found for start in STARTS if path.startswith(start)}


def test_every_address_of_allauth_is_named_as_open_or_closed() -> None:
    assert addresses() == OPEN | CLOSED


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_closed_door_answers_like_one_that_never_was(method: str) -> None:
    owner = ada()
    for start in STARTS:
        never = owner.ask(method, f"/{start}never/was")
        answers = [owner.ask(method, f"/{start}{address}") for address in sorted(CLOSED)]
        assert {(one.status_code, one.content) for one in answers} == {(404, never.content)}


def test_nobody_is_mailed_a_code_to_sign_in_with_where_no_mail_goes_out() -> None:
    ada()
    assert Somebody().ask("POST", f"{APP}auth/code/request", {"email": EMAIL}).status_code == 404


def test_a_mailed_code_signs_in_and_proves_the_address(settings: Settings, mailoutbox: list[object]) -> None:
    owner = ada()
    settings.EMAIL_CONFIGURED = True
    device = Somebody(email=EMAIL)
    status, answer = sent("auth/code/request", {"email": EMAIL}, device)
    device.token = answer["meta"]["session_token"]
    text = str(mailoutbox[-1].body)  # type: ignore[attr-defined]  # Django's own list of mails
    code = next(line for line in text.splitlines() if line.isupper())
    assert (status, sent("auth/code/confirm", {"code": "AAAAAA"}, device)[0]) == (401, 400)
    status, answer = sent("auth/code/confirm", {"code": code}, device)
    device.token = answer["meta"].get("session_token", device.token)
    assert (status, device.get("me/")["email_verified"]) == (200, True)
    assert owner.ask("GET", "me/").status_code == 401, "who was there before the address was proved is there no more"


# Every open address: what holds guessing back there, or that nothing can be guessed.
BY_ALLAUTH = {"auth/signup", "account/email"}
THREE_ANSWERS = {"auth/code/confirm", "auth/email/verify"}  # to a code that this browser had sent
NO_SECRET = {
    "auth/session", "auth/sessions", "account/authenticators", "account/authenticators/totp",
    "account/authenticators/recovery-codes", "account/authenticators/webauthn",
}  # fmt: skip


def test_every_open_address_that_takes_a_credential_has_its_limit() -> None:
    kinds = [set(COUNTED), BY_ALLAUTH, THREE_ANSWERS, NO_SECRET]
    assert set().union(*kinds) == OPEN
    assert sum(map(len, kinds)) == len(OPEN)
    counted = {door.counts for door in COUNTED.values() if hasattr(door, "counts")} | {"passkey", "password"}
    assert all(ACCOUNT_TRIES[name] and ACCOUNT_TRIES[f"{name}_known"] for name in counted)


def test_a_mailed_code_takes_three_answers(settings: Settings, mailoutbox: list[object]) -> None:
    ada()
    settings.EMAIL_CONFIGURED = True
    device = Somebody(email=EMAIL)
    device.token = sent("auth/code/request", {"email": EMAIL}, device)[1]["meta"]["session_token"]
    code = next(line for line in str(mailoutbox[-1].body).splitlines() if line.isupper())  # type: ignore[attr-defined]  # Django's own list of mails
    assert [sent("auth/code/confirm", {"code": "AAAAAA"}, device)[0] for _ in range(3)] == [400] * 3
    assert sent("auth/code/confirm", {"code": code}, device)[0] == 409


GUESSES = {
    "auth/login": {"email": EMAIL, "password": "not the right password"},
    "auth/reauthenticate": {"password": "not the right password"},
    "account/password/change": {"current_password": "not the right one", "new_password": "another long way home"},
}


@pytest.mark.parametrize("path", sorted(GUESSES))
def test_a_password_cannot_be_guessed_more_than_twenty_times_an_hour(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = ada()
    tried = []
    check = User.check_password

    def counted(user: User, raw: str) -> bool:
        tried.append(raw)
        return check(user, raw)

    monkeypatch.setattr(User, "check_password", counted)
    who = Somebody() if path == "auth/login" else owner
    for guess in range(30):
        assert sent(path, {**GUESSES[path], "ignored": guess}, who)[0] in (400, 429)
    assert 1 <= len(tried) <= 20


def test_the_counters_are_shared_between_processes(settings: Settings) -> None:
    backends = {"default": settings.CACHES["default"]["BACKEND"].rpartition(".")[2]}
    assert backends["default"] in ("DatabaseCache", "RedisCache")
    assert json.dumps(settings.CACHES).count("LocMem") == 0
