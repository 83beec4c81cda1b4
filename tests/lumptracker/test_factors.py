"""Authenticator apps, recovery codes and passkeys, through the doors that the app uses."""

from __future__ import annotations

import base64
import json

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from pytest_django.fixtures import Settings

from tests.lumptracker.signing_in import proved, sent, signed_in_again, totp, with_totp
from tests.people import PASSWORD, Somebody, ada

pytestmark = [pytest.mark.django_db, pytest.mark.any_database("what allauth asks for")]
EMAIL = "ada@example.org"
NOON = 1_795_262_400.0  # 2026-11-21 12:00 UTC, at the start of a step of thirty seconds
LOGIN = {"email": EMAIL, "password": PASSWORD}


def asked_for_code() -> Somebody:
    """Ada at a new device, after the password."""
    somebody = Somebody(email=EMAIL)
    status, answer = sent("auth/login", LOGIN, somebody)
    assert status == 401
    somebody.token = answer["meta"]["session_token"]
    return somebody


def test_with_an_authenticator_app_the_password_alone_lets_nobody_in() -> None:
    with time_machine.travel(NOON) as clock:
        secret = with_totp(ada(), seconds=NOON)
        somebody = asked_for_code()
        assert somebody.ask("GET", "me/").status_code == 401
        assert sent("auth/2fa/authenticate", {"code": "000000"}, somebody)[0] == 400
        clock.move_to(NOON + 60)
        status, answer = sent("auth/2fa/authenticate", {"code": totp(secret, seconds=NOON + 60)}, somebody)
        somebody.token = answer["meta"].get("session_token", somebody.token)
        assert status == 200
        assert somebody.get("me/")["email"] == EMAIL


def test_a_code_of_an_authenticator_app_is_good_once_and_for_half_a_minute() -> None:
    with time_machine.travel(NOON) as clock:
        secret = with_totp(ada(), seconds=NOON)
        clock.move_to(NOON + 60)
        code = totp(secret, seconds=NOON + 60)
        assert sent("auth/2fa/authenticate", {"code": code}, asked_for_code())[0] == 200
        assert sent("auth/2fa/authenticate", {"code": code}, asked_for_code())[0] == 400
        clock.move_to(NOON + 120)
        assert sent("auth/2fa/authenticate", {"code": code}, asked_for_code())[0] == 400


def test_recovery_codes_are_shown_once_and_each_lets_in_once() -> None:
    with time_machine.travel(NOON):
        owner = ada()
        with_totp(owner, seconds=NOON)
        status, answer = sent("account/authenticators/recovery-codes", None, owner, "GET")
        codes = answer["data"]["unused_codes"]
        assert (status, len(codes)) == (200, 10)
        assert "unused_codes" not in sent("account/authenticators/recovery-codes", None, owner, "GET")[1]["data"]
        assert sent("auth/2fa/authenticate", {"code": codes[0]}, asked_for_code())[0] == 200
        assert sent("auth/2fa/authenticate", {"code": codes[0]}, asked_for_code())[0] == 400


def test_guessing_codes_ends_after_a_few_tries() -> None:
    with time_machine.travel(NOON):
        secret = with_totp(ada(), seconds=NOON)
        somebody = asked_for_code()
        for guess in range(5):
            assert sent("auth/2fa/authenticate", {"code": f"{guess:06d}"}, somebody)[0] == 400
        right = totp(secret, seconds=NOON)
        assert sent("auth/2fa/authenticate", {"code": right}, somebody)[0] == 400


def test_choosing_a_new_password_does_not_go_round_the_second_factor(
    settings: Settings, mailoutbox: list[object]
) -> None:
    settings.EMAIL_CONFIGURED = True
    with time_machine.travel(NOON):
        with_totp(ada(), seconds=NOON)
        EmailAddress.objects.update(verified=True)
        mailoutbox.clear()
        device = Somebody()
        _, answer = sent("auth/password/request", {"email": EMAIL}, device)
        device.token = answer["meta"]["session_token"]
        code = next(line for line in str(mailoutbox[0].body).splitlines() if "-" in line and line.isupper())  # type: ignore[attr-defined]  # Django's own list of mails
        new = "another way to the sea"
        assert sent("auth/password/reset", {"key": code, "password": new}, device)[0] == 401
        status, answer = sent("auth/login", {"email": EMAIL, "password": new})
        assert status == 401
        assert [flow["id"] for flow in answer["data"]["flows"] if flow.get("is_pending")] == ["mfa_authenticate"]


def test_the_database_alone_holds_no_second_factor() -> None:
    with time_machine.travel(NOON):
        owner = ada()
        secret = with_totp(owner, seconds=NOON)
        codes = sent("account/authenticators/recovery-codes", None, owner, "GET")[1]["data"]["unused_codes"]
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_with_another_secret_key_no_code_opens_anything(settings: Settings) -> None:
    with time_machine.travel(NOON):
        secret = with_totp(ada(), seconds=NOON)
        settings.SECRET_KEY = "another key that is long enough to be one"
        empty = base64.b32encode(b"").decode()
        for guess in (totp(secret, seconds=NOON), totp(empty, seconds=NOON)):
            assert sent("auth/2fa/authenticate", {"code": guess}, asked_for_code())[0] == 400


@pytest.mark.parametrize("path", ["account/authenticators/totp", "account/authenticators/recovery-codes"])
def test_a_factor_is_changed_only_after_proving_who_one_is(path: str) -> None:
    owner = ada()
    body = {"code": "000000"} if path.endswith("totp") else {}
    assert sent(path, body, owner)[0] in (400, 401)
    assert not Authenticator.objects.exists()


@pytest.mark.django_db(transaction=True)  # allauth tells of it once it is certain
def test_a_change_of_a_factor_ends_every_other_session_and_not_this_one() -> None:
    with time_machine.travel(NOON):
        owner, other = ada(), signed_in_again(EMAIL)
        with_totp(owner, seconds=NOON)
    assert owner.ask("GET", "me/").status_code == 200
    assert other.ask("GET", "me/").status_code == 401


def test_a_passkey_is_offered_with_the_neutral_name_and_asks_the_person_to_prove_themselves() -> None:
    owner = ada()
    proved(owner)
    status, answer = sent("account/authenticators/webauthn?passwordless", None, owner, "GET")
    options = answer["data"]["creation_options"]["publicKey"]
    assert (status, options["rp"]["name"]) == (200, "Tracker")
    assert options["authenticatorSelection"]["userVerification"] == "required"


HOSTILE = [{}, {"credential": {}}, {"credential": None}, {"credential": "x"}, {"credential": {"response": None}}]
HOSTILE += [
    {"credential": {"id": "x", "rawId": "eA", "type": "public-key", "response": {"userHandle": handle}}}
    for handle in (None, 1, "", "eA", "////")
]


@pytest.mark.parametrize("body", HOSTILE)
def test_a_made_up_passkey_opens_nothing_and_breaks_nothing(body: object) -> None:
    ada()
    somebody = Somebody()
    _, answer = sent("auth/webauthn/login", None, somebody, "GET")
    somebody.token = answer["meta"].get("session_token", "")
    assert sent("auth/webauthn/login", body, somebody)[0] == 400
