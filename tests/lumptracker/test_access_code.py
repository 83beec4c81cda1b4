"""The hoster lets somebody in who forgot the password, with no mail at all."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from tests.people import Somebody, ada

pytestmark = pytest.mark.django_db
NEW = "another long way home"


def code_for(email: str) -> str:
    out = StringIO()
    call_command("access-code", email, stdout=out, stderr=StringIO())
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
