"""Which passwords are refused because many try them first, and how the others are kept."""

from __future__ import annotations

import importlib

import pytest
from django.contrib.auth.hashers import get_hasher
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from lumptracker import settings as installed
from tests.lumptracker.signing_in import sent
from tests.people import PASSWORD, ada

COMMON = [
    "password1234",
    "Password2026!",
    "p@ssw0rd1234",
    "passwordpassword",
    "PASSWORD1234!!!!",
    "qwertyuiop12",
    "qwertyuiopqwertyuiop",
    "123456789012",
    "1q2w3e4r5t6y",
    "abcdefghijkl",
    "aaaaaaaaaaaa",
    "abcabcabcabc",
    "!!!!1111????",
    "987654321098",
    "iloveyou2026",
    "sunshine!!!!!!",
    "monkeymonkey",
]


@pytest.mark.parametrize("password", COMMON)
def test_what_many_try_first_is_refused(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "password_too_common" in {error.code for error in refused.value.error_list}


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "four quiet lamps at noon",
        "correct horse",
        "übermut tut selten gut",
        "kX9!vQ2#mL7$",
        "夏の夜の長い散歩道と月の光",
    ],
)
def test_a_few_words_in_a_row_are_taken(password: str) -> None:
    validate_password(password)


def test_passwords_are_kept_as_argon2id_with_the_parameters_of_owasp_or_more(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = importlib.reload(installed).PASSWORD_HASHERS
    kept = get_hasher().encode(PASSWORD, "a salt of ours here")
    assert kept.startswith("argon2$argon2id$v=19$")
    numbers = dict(part.split("=") for part in kept.split("$")[3].split(","))
    assert int(numbers["m"]) >= 19_456
    assert int(numbers["t"]) >= 2


@pytest.mark.django_db
@pytest.mark.parametrize("verified", [True, False])
def test_a_new_password_is_told_by_mail_to_a_proved_address_alone(settings: Settings, verified: bool) -> None:
    owner = ada()
    settings.EMAIL_CONFIGURED = True
    owner.user.emailaddress_set.update(verified=verified)  # type: ignore[attr-defined]  # allauth's own relation
    body = {"current_password": PASSWORD, "new_password": "another way to the sea"}
    assert sent("account/password/change", body, owner)[0] == 200
    assert len(mail.outbox) == verified
    assert not any("another way" in str(one.body) for one in mail.outbox)
