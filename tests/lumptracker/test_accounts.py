"""Signing up, the code for the address, and choosing a new password, through the doors that the app uses."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from lumptracker.signup import new_invitation
from tests.lumptracker.signing_in import with_totp
from tests.people import PASSWORD, Somebody, ada
from tracking.models import User
from triage.models import TrustedContact

pytestmark = pytest.mark.django_db
EMAIL = "ada@example.org"


def sent(path: str, body: dict[str, Any], somebody: Somebody | None = None, method: str = "POST") -> tuple[int, Any]:
    """Status and body of one request to the app door. Any: JSON."""
    answer = (somebody or Somebody()).ask(method, f"/_allauth/app/v1/{path}", body)
    return answer.status_code, json.loads(answer.content)


def code_in(message: EmailMessage) -> str:
    return str(re.findall(r"^[A-Z0-9-]{6,}$", str(message.body), re.MULTILINE)[0])


@pytest.fixture(name="_mail_server")
def _with_mail(settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = True


@pytest.mark.parametrize("configured", [True, False])
def test_signing_up_signs_in_at_once_whatever_the_mail_settings(settings: Settings, configured: bool) -> None:
    settings.EMAIL_CONFIGURED = configured
    assert ada().get("me/")["email_verified"] is False
    assert len(mail.outbox) == configured


def test_signing_up_works_while_the_mail_server_is_away(settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert ada().get("me/")["email"] == EMAIL


@pytest.mark.usefixtures("_mail_server")
def test_the_address_is_verified_by_the_code_that_was_sent() -> None:
    somebody = ada()
    status, _ = sent("auth/email/verify", {"key": code_in(mail.outbox[0])}, somebody)
    assert status == 200
    assert somebody.get("me/")["email_verified"] is True


@pytest.mark.usefixtures("_mail_server")
def test_a_wrong_code_verifies_nothing() -> None:
    somebody = ada()
    status, _ = sent("auth/email/verify", {"key": "WRONG1"}, somebody)
    assert (status, somebody.get("me/")["email_verified"]) == (400, False)


@pytest.mark.usefixtures("_mail_server")
def test_somebody_who_signed_in_anew_can_ask_for_the_code_again() -> None:
    ada()
    again = Somebody(email=EMAIL)
    _, answer = sent("auth/login", {"email": EMAIL, "password": PASSWORD}, again)
    again.token = answer["meta"]["session_token"]
    mail.outbox.clear()
    EmailAddress.objects.update(verified=False)
    status, answer = sent("account/email", {"email": EMAIL}, again, method="PUT")
    assert (status, len(mail.outbox)) == (200, 1)
    assert sent("auth/email/verify", {"key": code_in(mail.outbox[0])}, again)[0] == 200
    assert again.get("me/")["email_verified"] is True


def test_without_a_mail_server_no_address_is_ever_verified() -> None:
    somebody = ada()
    sent("account/email", {"email": EMAIL}, somebody, method="PUT")
    assert mail.outbox == []
    assert somebody.get("me/")["email_verified"] is False


@pytest.mark.usefixtures("_mail_server")
def test_a_new_password_is_chosen_with_the_code_that_was_mailed() -> None:
    ada()
    mail.outbox.clear()
    somebody = Client()
    json_type = "application/json"
    asked = somebody.post("/_allauth/app/v1/auth/password/request", {"email": EMAIL}, content_type=json_type)
    token = asked.json()["meta"]["session_token"]
    headers = {"X-Session-Token": token}
    body = {"key": code_in(mail.outbox[0]), "password": "another way to the sea"}
    changed = somebody.post("/_allauth/app/v1/auth/password/reset", body, content_type=json_type, headers=headers)
    assert changed.status_code in (200, 401)
    assert sent("auth/login", {"email": EMAIL, "password": "another way to the sea"})[0] == 200
    assert sent("auth/login", {"email": EMAIL, "password": PASSWORD})[0] == 400


@pytest.mark.usefixtures("_mail_server")
@pytest.mark.parametrize("door", ["auth/code", "auth/password"])
def test_who_reads_the_mails_has_the_account_alone_whoever_signed_up_with_the_address(door: str) -> None:
    somebody = ada()  # who may not be Ada: nobody has proved the address
    with_totp(somebody, seconds=time.time())
    TrustedContact.objects.create(
        user=somebody.user, email="cal@example.org", language="en", text="", words="1", consented_at=timezone.now()
    )
    mail.outbox.clear()
    owner = Somebody()
    owner.token = sent(f"{door}/request", {"email": EMAIL}, owner)[1]["meta"]["session_token"]
    code = code_in(mail.outbox[-1])
    if door == "auth/code":
        status, told = sent("auth/code/confirm", {"code": code}, owner)
        assert (status, told["meta"]["is_authenticated"]) == (200, True)
        owner.token = told["meta"]["session_token"]
        assert owner.ask("GET", "me/").status_code == 200
        assert sent("auth/login", {"email": EMAIL, "password": PASSWORD})[0] == 400
    else:
        sent("auth/password/reset", {"key": code, "password": "some other words here"}, owner)
        assert sent("auth/login", {"email": EMAIL, "password": "some other words here"})[0] == 200
    assert somebody.ask("GET", "me/").status_code == 401
    assert not Authenticator.objects.exists()
    assert not TrustedContact.objects.exists()


@pytest.mark.usefixtures("_mail_server")
def test_who_proves_the_address_while_signed_in_keeps_the_session_and_the_password() -> None:
    somebody = ada()
    with_totp(somebody, seconds=time.time())
    assert sent("auth/email/verify", {"key": code_in(mail.outbox[0])}, somebody)[0] == 200
    assert somebody.ask("GET", "me/").status_code == 200
    assert somebody.user.has_usable_password()
    assert Authenticator.objects.exists()


@pytest.mark.parametrize("password", ["short", "eleven char", "x" * 129, "password1234"])
def test_a_password_that_is_too_short_too_long_or_too_common_is_refused(password: str) -> None:
    status, answer = sent("auth/signup", {"email": EMAIL, "password": password})
    assert (status, answer["errors"][0]["param"]) == (400, "password")
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["correct horse", "x" * 64 + "long way to the sea" + "y" * 45])
def test_a_password_of_twelve_to_128_characters_is_taken(password: str) -> None:
    assert sent("auth/signup", {"email": EMAIL, "password": password})[0] == 200


def test_an_address_that_has_an_account_is_told_so() -> None:
    ada()
    status, answer = sent("auth/signup", {"email": "ADA@example.org", "password": PASSWORD})
    assert (status, answer["errors"][0]["code"]) == (400, "email_taken")
    assert User.objects.count() == 1


def test_nobody_signs_up_where_it_is_closed(settings: Settings) -> None:
    settings.SIGNUP = "closed"
    assert sent("auth/signup", {"email": EMAIL, "password": PASSWORD})[0] == 403
    assert not User.objects.exists()


def test_an_invitation_lets_its_own_address_in_and_no_other(settings: Settings) -> None:
    settings.SIGNUP = "invite"
    wish = {"email": EMAIL, "password": PASSWORD}
    for invitation in ("", "made up", new_invitation("cal@example.org")):
        status, answer = sent("auth/signup", {**wish, "invitation": invitation})
        assert (status, answer["errors"][0]["param"]) == (400, "invitation")
    assert sent("auth/signup", {**wish, "invitation": new_invitation(EMAIL)})[0] == 200


@pytest.mark.usefixtures("_mail_server")
def test_a_mail_with_a_code_says_how_long_it_works(settings: Settings) -> None:
    ada()
    sent("auth/password/request", {"email": EMAIL})
    assert [message.body.count("It works for ten minutes.") for message in mail.outbox] == [1, 1]
    seconds = settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT, settings.ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT
    assert {*seconds, settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT} == {600}


@pytest.mark.usefixtures("_mail_server")
def test_mails_about_the_account_say_nothing_of_health(settings: Settings) -> None:
    settings.APP_NAME = "Tracker"
    ada()
    sent("auth/password/request", {"email": EMAIL})
    sent("auth/password/request", {"email": "nobody@example.org"})
    words = " ".join(f"{message.subject} {message.body} {message.from_email}" for message in mail.outbox).lower()
    assert len(mail.outbox) == 3
    assert "tracker" in words
    assert not any(word in words for word in ("lump", "health", "doctor", "medical", "symptom"))
