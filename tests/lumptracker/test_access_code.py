"""The hoster lets somebody in who forgot the password, with no mail at all."""

from __future__ import annotations

from io import StringIO

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from tests.lumptracker.signing_in import signed_in_again, with_totp
from tests.people import Somebody, ada

pytestmark = pytest.mark.django_db
NEW = "another long way home"
NOON = 1_795_262_400.0  # at the start of a step of thirty seconds


def code_for(email: str, *options: str) -> str:
    out = StringIO()
    call_command("access-code", email, *options, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def reset_with(code: str, email: str = "ada@example.org") -> int:
    """Ask for a code in the app, then answer with this one."""
    device = Somebody()
    asked = device.ask("POST", "/_allauth/app/v1/auth/password/request", {"email": email})
    device.token = asked.json()["meta"]["session_token"]  # type: ignore[attr-defined]  # the test client adds json()
    return device.ask("POST", "/_allauth/app/v1/auth/password/reset", {"key": code, "password": NEW}).status_code


def sign_in() -> int:
    body = {"email": "ada@example.org", "password": NEW}
    return Somebody().ask("POST", "/_allauth/app/v1/auth/login", body).status_code


def test_the_code_lets_its_owner_choose_a_new_password() -> None:
    ada()
    assert reset_with(code_for("Ada@Example.org ")) in (200, 401)
    assert sign_in() == 200


def test_the_code_works_once() -> None:
    ada()
    code = code_for("ada@example.org")
    reset_with(code)
    assert reset_with(code) == 400


def test_a_wrong_code_opens_nothing() -> None:
    ada()
    code_for("ada@example.org")
    assert reset_with("AAAA-AAAA") == 400
    assert sign_in() == 400


def test_the_address_is_no_more_verified_than_before() -> None:
    ada()
    reset_with(code_for("ada@example.org"))
    assert not EmailAddress.objects.get(email="ada@example.org").verified


def test_nobody_by_that_address_is_said_plainly() -> None:
    with pytest.raises(CommandError, match="No account"):
        code_for("nobody@example.org")


def asked(email: str = "ada@example.org") -> Somebody:
    """A device that has asked for a code for this address."""
    device = Somebody()
    answer = device.ask("POST", "/_allauth/app/v1/auth/password/request", {"email": email})
    device.token = answer.json()["meta"]["session_token"]  # type: ignore[attr-defined]  # as above
    return device


def answered(device: Somebody, code: str) -> int:
    return device.ask("POST", "/_allauth/app/v1/auth/password/reset", {"key": code, "password": NEW}).status_code


def test_a_stranger_who_asks_for_a_code_does_not_use_up_the_one_that_waits() -> None:
    ada()
    code = code_for("ada@example.org")
    stranger = asked()
    assert [answered(stranger, "AAAA-AAAA") for _ in range(4)] == [400, 400, 400, 409]
    assert reset_with(code) in (200, 401)
    assert sign_in() == 200


def test_of_two_who_hold_the_code_the_first_uses_it_up() -> None:
    ada()
    code = code_for("ada@example.org")
    first, second = asked(), asked()
    assert answered(first, code) in (200, 401)
    assert answered(second, code) == 409


def test_a_newer_code_voids_the_one_before_even_where_it_is_asked_for_already() -> None:
    ada()
    code = code_for("ada@example.org")
    device = asked()
    code_for("ada@example.org")
    assert answered(device, code) == 409


def test_who_lost_every_factor_is_let_in_without_one_and_finds_it_in_the_log() -> None:
    owner = ada()
    with time_machine.travel(NOON):
        with_totp(owner, seconds=NOON)
    code = code_for("ada@example.org", "--without-second-step")
    assert not Authenticator.objects.exists()
    assert owner.user.log_entries.filter(what="factor_changed", by="admin").count() == 1
    reset_with(code)
    assert sign_in() == 200


def test_who_lost_every_factor_is_signed_out_wherever_somebody_may_hold_them() -> None:
    owner, found = ada(), signed_in_again("ada@example.org")
    code_for("ada@example.org")
    assert [one.ask("GET", "me/").status_code for one in (owner, found)] == [200, 200], "a code alone ends nothing"
    code_for("ada@example.org", "--without-second-step")
    assert [one.ask("GET", "me/").status_code for one in (owner, found)] == [401, 401]
