"""With another password or other factors, no way in that was begun before leads in."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from pytest_django.fixtures import Settings

from tests.lumptracker.signing_in import proved, sent, signed_in_again, totp, with_totp
from tests.people import PASSWORD, Somebody, ada

pytestmark = pytest.mark.django_db
EMAIL, NEW = "ada@example.org", "another way to the sea"
NOON = 1_795_262_400.0  # at the start of a step of thirty seconds
ANOTHER_PASSWORD = {"current_password": PASSWORD, "new_password": NEW}


def begun(path: str, body: object) -> Somebody:
    """A device that has done the first step and waits for the second."""
    device = Somebody(email=EMAIL)
    status, answer = sent(path, body, device)
    assert status == 401, answer
    device.token = answer["meta"]["session_token"]
    return device


def mailed_code() -> str:
    return str(re.findall(r"^[A-Z0-9-]{6,}$", str(mail.outbox[-1].body), re.MULTILINE)[0])


def is_in(device: Somebody, answered: tuple[int, dict[str, dict[str, str]]]) -> bool:
    status, answer = answered
    device.token = answer.get("meta", {}).get("session_token", device.token)
    return status == 200 and device.ask("GET", "me/").status_code == 200


@pytest.mark.parametrize("is_changed", [True, False])
def test_the_old_password_leads_to_no_second_step_after_a_new_one(is_changed: bool) -> None:
    with time_machine.travel(NOON) as clock:
        owner = ada()
        secret = with_totp(owner, seconds=NOON)
        thief = begun("auth/login", {"email": EMAIL, "password": PASSWORD})
        clock.move_to(NOON + 60)
        if is_changed:
            assert sent("account/password/change", ANOTHER_PASSWORD, owner)[0] == 200
        answered = sent("auth/2fa/authenticate", {"code": totp(secret, seconds=NOON + 60)}, thief)
        assert is_in(thief, answered) is not is_changed
        assert answered[0] == (401 if is_changed else 200)
        assert sent("auth/webauthn/authenticate", None, thief, "GET")[0] != 200


def test_a_recovery_code_that_is_spent_meanwhile_ends_nobody_elses_sign_in() -> None:
    with time_machine.travel(NOON) as clock:
        owner = ada()
        secret = with_totp(owner, seconds=NOON)
        codes = sent("account/authenticators/recovery-codes", None, owner, "GET")[1]["data"]["unused_codes"]
        first, second = (begun("auth/login", {"email": EMAIL, "password": PASSWORD}) for _ in range(2))
        assert is_in(first, sent("auth/2fa/authenticate", {"code": codes[0]}, first))
        clock.move_to(NOON + 60)
        code = totp(secret, seconds=NOON + 60)
        assert is_in(second, sent("auth/2fa/authenticate", {"code": code}, second))


@pytest.mark.parametrize("change", ["password", "factor", "nothing"])
def test_a_mailed_code_of_before_signs_nobody_in(change: str, settings: Settings) -> None:
    with time_machine.travel(NOON):
        owner = ada()
        settings.EMAIL_CONFIGURED = True
        device = begun("auth/code/request", {"email": EMAIL})
        code = mailed_code()
        if change == "password":
            assert sent("account/password/change", ANOTHER_PASSWORD, owner)[0] == 200
        elif change == "factor":
            with_totp(owner, seconds=NOON)
        answered = sent("auth/code/confirm", {"code": code}, device)
        assert is_in(device, answered) is (change == "nothing")
        assert answered[0] == (200 if change == "nothing" else 409)


def test_removed_factors_let_nobody_past_the_step_that_asked_for_them() -> None:
    """The hoster takes them off for somebody who lost them: perhaps to who stands at this very step."""
    with time_machine.travel(NOON) as clock:
        secret = with_totp(ada(), seconds=NOON)
        thief = begun("auth/login", {"email": EMAIL, "password": PASSWORD})
        call_command("access-code", EMAIL, "--without-second-step")
        clock.move_to(NOON + 60)
        assert not is_in(thief, sent("auth/2fa/authenticate", {"code": totp(secret, seconds=NOON + 60)}, thief))


def test_what_was_begun_on_is_forgotten_once_somebody_is_in() -> None:
    ada()
    proved(signed_in_again(EMAIL))
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert kept
    assert not any("sign_in_began_on" in one for one in kept)
