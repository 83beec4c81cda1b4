"""Whatever others try, from the same house or with the account's own address, its owner gets in at a known device."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings

from lumptracker.tries import ACCOUNT_TRIES
from tests.lumptracker.signing_in import browsed, proved, sent, signed_in_again, totp, with_totp
from tests.people import PASSWORD, Somebody, ada, cal
from tracking.models import User

pytestmark = pytest.mark.django_db
EMAIL = "ada@example.org"
NEW = "another way to the sea"
RIGHT = {"email": EMAIL, "password": PASSWORD}
WRONG = {"email": EMAIL, "password": "not the right password"}
NOON = 1_795_262_400.0  # at the start of a step of thirty seconds
MADE_UP = {"credential": {"id": "x", "rawId": "eA", "type": "public-key", "response": {"userHandle": None}}}


@pytest.fixture(name="home")
def _home(settings: Settings) -> Somebody:
    """A browser in which Ada has signed in before, and is signed out now. Mails go out."""
    ada()
    settings.EMAIL_CONFIGURED = True
    home = Somebody(email=EMAIL)
    assert browsed("auth/login", RIGHT, at=home)[0] == 200
    browsed("auth/session", None, at=home, method="DELETE")
    mail.outbox.clear()
    return home


def is_refused(answered: tuple[int, Any]) -> bool:
    """Too many tries, as each door says it."""
    status, body = answered
    codes = {error["code"] for error in (body or {}).get("errors", [])}
    return status == 429 or "too_many_login_attempts" in codes


def until_refused(ask: Callable[[], tuple[int, Any]], *, most: int = 32) -> None:
    assert any(is_refused(ask()) for _ in range(most))


def code_in(text: str) -> str:
    return str(re.findall(r"^[A-Z0-9-]{6,}$", text, re.MULTILINE)[0])


def mailed_code() -> str:
    return code_in(str(mail.outbox[-1].body))


def test_who_signs_in_again_and_again_next_door_uses_up_nothing_of_a_known_device(home: Somebody) -> None:
    cal()
    theirs = {"email": "cal@example.org", "password": PASSWORD}
    until_refused(lambda: browsed("auth/login", theirs, at=Somebody()))
    assert is_refused(browsed("auth/login", RIGHT, at=Somebody()))
    assert browsed("auth/login", RIGHT, at=home)[0] == 200


def test_who_asks_for_codes_in_her_name_uses_up_none_of_a_known_device(home: Somebody) -> None:
    until_refused(lambda: browsed("auth/code/request", {"email": EMAIL}, at=Somebody()))
    assert is_refused(browsed("auth/code/request", {"email": EMAIL}, at=Somebody()))
    mail.outbox.clear()
    assert browsed("auth/code/request", {"email": EMAIL}, at=home)[0] == 401
    assert browsed("auth/code/confirm", {"code": mailed_code()}, at=home)[0] == 200


def test_who_asks_for_new_passwords_in_her_name_uses_up_none_of_a_known_device(home: Somebody) -> None:
    until_refused(lambda: browsed("auth/password/request", {"email": EMAIL}, at=Somebody()))
    mail.outbox.clear()
    assert browsed("auth/password/request", {"email": EMAIL}, at=home)[0] == 401
    code = mailed_code()
    with time_machine.travel(timezone.now().timestamp() + 61):
        strangers = [Somebody() for _ in range(8)]
        for number, stranger in enumerate(strangers):
            browsed("auth/password/request", {"email": f"nobody{number}@example.org"}, at=stranger)
        answers = [_answered(stranger) for stranger in strangers for _ in range(3)]
        assert any(map(is_refused, answers))
        assert browsed("auth/password/reset", {"key": code, "password": NEW}, at=home)[0] == 401
        assert browsed("auth/login", {"email": EMAIL, "password": NEW}, at=home)[0] == 200


def _answered(somebody: Somebody) -> tuple[int, Any]:
    """With a made-up code for a new password."""
    return browsed("auth/password/reset", {"key": "AAAA-AAAA", "password": NEW}, at=somebody)


def test_a_code_that_waits_is_not_ended_by_what_others_ask_and_answer(home: Somebody) -> None:
    """Each code belongs to the browser that asked for it."""
    assert browsed("auth/code/request", {"email": EMAIL}, at=home)[0] == 401
    to_sign_in = mailed_code()
    elsewhere = Somebody()
    assert browsed("auth/password/request", {"email": EMAIL}, at=elsewhere)[0] == 401
    for_password = mailed_code()
    for _ in range(3):
        stranger = Somebody()
        browsed("auth/code/request", {"email": EMAIL}, at=stranger)
        browsed("auth/password/request", {"email": EMAIL}, at=stranger)
        for _ in range(4):
            browsed("auth/code/confirm", {"code": "AAAAAA"}, at=stranger)
            _answered(stranger)
    assert browsed("auth/code/confirm", {"code": to_sign_in}, at=home)[0] == 200, "before her own new password ends it"
    assert browsed("auth/password/reset", {"key": for_password, "password": NEW}, at=elsewhere)[0] == 401
    assert browsed("auth/login", {"email": EMAIL, "password": NEW}, at=elsewhere)[0] == 200


def test_who_knows_the_password_and_guesses_the_second_step_does_not_keep_her_out(home: Somebody) -> None:
    with time_machine.travel(NOON) as clock:
        signed_in = Somebody(email=EMAIL)
        signed_in.token = sent("auth/login", RIGHT, signed_in)[1]["meta"]["session_token"]
        secret = with_totp(signed_in, seconds=NOON)
        thief = Somebody()
        assert browsed("auth/login", RIGHT, at=thief)[0] == 401
        until_refused(lambda: browsed("auth/2fa/authenticate", {"code": "000000"}, at=thief))
        clock.move_to(NOON + 60)
        code = totp(secret, seconds=NOON + 60)
        assert is_refused(browsed("auth/2fa/authenticate", {"code": code}, at=thief))
        assert browsed("auth/login", RIGHT, at=home)[0] == 401
        assert browsed("auth/2fa/authenticate", {"code": code}, at=home)[0] == 200


def test_who_makes_up_passkeys_next_door_does_not_stop_those_of_a_known_device(home: Somebody) -> None:
    until_refused(lambda: browsed("auth/webauthn/login", MADE_UP, at=Somebody()))
    assert browsed("auth/webauthn/login", None, at=home, method="GET")[0] == 200
    assert browsed("auth/webauthn/login", MADE_UP, at=home)[0] == 400


@pytest.mark.parametrize("is_mailing", [True, False])
def test_codes_that_others_have_sent_to_an_unproved_address_keep_nobody_out(
    settings: Settings, is_mailing: bool
) -> None:
    """Another account may ask for this address, and its letters are counted by address."""
    ada()
    settings.EMAIL_CONFIGURED = is_mailing
    EmailAddress.objects.update(verified=False)
    other = cal()
    proved(other)
    until_refused(lambda: sent("account/email", {"email": EMAIL}, other), most=12)
    assert browsed("auth/login", RIGHT, at=Somebody())[0] == 200


def test_a_session_of_ones_own_is_no_new_set_of_tries_at_somebody_elses_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada()
    cal()
    tried = []
    check = User.check_password

    def counted(user: User, raw: str) -> bool:
        tried.extend([raw] if user.email == EMAIL else [])
        return check(user, raw)

    monkeypatch.setattr(User, "check_password", counted)
    sessions = [Somebody() for _ in range(4)]
    for stranger in sessions:
        assert browsed("auth/login", {"email": "cal@example.org", "password": PASSWORD}, at=stranger)[0] == 200
    for stranger in sessions:
        for _ in range(6):
            assert browsed("auth/login", WRONG, at=stranger)[0] == 400
    assert 1 <= len(tried) <= 5


OF_WHO_IS_SIGNED_IN: dict[str, tuple[object, object]] = {
    "auth/reauthenticate": ({"password": WRONG["password"]}, {"password": PASSWORD}),
    "account/password/change": (
        {"current_password": WRONG["password"], "new_password": NEW},
        {"current_password": PASSWORD, "new_password": NEW},
    ),
}


@pytest.mark.parametrize("path", sorted(OF_WHO_IS_SIGNED_IN))
def test_who_guesses_in_an_open_session_uses_up_nothing_of_her_other_ones(path: str) -> None:
    """A phone that she left lying about, or one that was taken."""
    ada()
    wrong, right = OF_WHO_IS_SIGNED_IN[path]
    left_behind, hers = signed_in_again(EMAIL), signed_in_again(EMAIL)
    until_refused(lambda: sent(path, wrong, left_behind))
    assert is_refused(sent(path, right, left_behind))
    assert sent(path, right, hers)[0] == 200


def test_a_device_stays_known_when_the_address_changes(home: Somebody) -> None:
    assert browsed("auth/login", RIGHT, at=home)[0] == 200
    EmailAddress.objects.update(verified=True)
    assert browsed("auth/reauthenticate", {"password": PASSWORD}, at=home)[0] == 200
    new = "ada@example.com"
    assert browsed("account/email", {"email": new}, at=home)[0] == 200
    assert browsed("auth/email/verify", {"key": mailed_code()}, at=home)[0] == 200
    browsed("auth/session", None, at=home, method="DELETE")
    until_refused(lambda: browsed("auth/login", {**WRONG, "email": new}, at=Somebody()))
    assert browsed("auth/login", {**RIGHT, "email": new}, at=home)[0] == 200


def test_no_counter_of_a_known_device_is_shared_with_a_network_address() -> None:
    known = {what: rates for what, rates in ACCOUNT_TRIES.items() if what.endswith("_known")}
    assert len(known) == 9
    assert not any("/ip" in rates for rates in known.values())
    assert {what.removesuffix("_known") for what in known} <= ACCOUNT_TRIES.keys()
