"""Devices: known ones are not locked out, each session is listed and can be ended, and its last use is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from lumptracker import devices
from tests.lumptracker.signing_in import browsed, sent, signed_in_again
from tests.people import PASSWORD, Somebody, ada, cal

pytestmark = pytest.mark.django_db
EMAIL = "ada@example.org"
RIGHT = {"email": EMAIL, "password": PASSWORD}
WRONG = {"email": EMAIL, "password": "not the right password"}


@pytest.fixture(autouse=True)
def _fresh_notes() -> None:
    devices._noted.clear()


def known_browser() -> Somebody:
    """A browser in which Ada has signed in before, and is signed out now."""
    home = Somebody(email=EMAIL)
    assert browsed("auth/login", RIGHT, at=home)[0] == 200
    browsed("auth/session", None, at=home, method="DELETE")
    return home


def guess_until_refused(somebody: Somebody) -> None:
    codes = {browsed("auth/login", WRONG, at=somebody)[1]["errors"][0]["code"] for _ in range(7)}
    assert "too_many_login_attempts" in codes


def test_a_stranger_who_guesses_does_not_keep_the_owner_out_of_a_known_device() -> None:
    ada()
    home = known_browser()
    guess_until_refused(Somebody())
    assert browsed("auth/login", RIGHT, at=Somebody())[0] == 400
    assert browsed("auth/login", RIGHT, at=home)[0] == 200


def test_a_known_device_has_limits_of_its_own() -> None:
    ada()
    home = known_browser()
    answers = [browsed("auth/login", WRONG, at=home)[1]["errors"][0]["code"] for _ in range(12)]
    assert answers[-1] == "too_many_login_attempts"
    assert answers[8] != "too_many_login_attempts"


def test_a_device_is_known_to_the_accounts_that_signed_in_there_and_to_no_others() -> None:
    cal()
    ada()
    device = Somebody()
    browsed("auth/login", {"email": "cal@example.org", "password": PASSWORD}, at=device)
    browsed("auth/session", None, at=device, method="DELETE")
    guess_until_refused(device)
    assert browsed("auth/login", RIGHT, at=device)[0] == 400


@pytest.mark.parametrize("cookie", ["", "x", "a:b:c", "eyJkZXZpY2UiOiJ4IiwiIjoxfQ:1:sig"])
def test_a_made_up_cookie_makes_no_device_known(cookie: str) -> None:
    ada()
    guess_until_refused(Somebody())
    device = Somebody()
    device.client.cookies[devices.COOKIE] = cookie
    assert browsed("auth/login", RIGHT, at=device)[0] == 400


def test_the_cookie_names_nobody() -> None:
    ada()
    value = known_browser().client.cookies[devices.COOKIE]
    assert EMAIL not in value.value
    assert (value["httponly"], value["samesite"]) == (True, "Strict")


def test_who_is_signed_in_can_prove_it_while_a_stranger_guesses() -> None:
    owner = ada()
    guess_until_refused(Somebody())
    assert sent("auth/reauthenticate", {"password": PASSWORD}, owner)[0] == 200


def test_sessions_are_listed_with_their_last_use_and_ended_one_by_one() -> None:
    owner, other = ada(), signed_in_again(EMAIL)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        other.get("me/")
        _, answer = sent("auth/sessions", None, owner, "GET")
    listed = {one["is_current"]: one for one in answer["data"]}
    assert listed[False]["last_seen_at"] - listed[True]["last_seen_at"] == pytest.approx(7200, abs=120)
    assert sent("auth/sessions", {"sessions": [listed[False]["id"]]}, owner, "DELETE")[0] == 200
    assert other.ask("GET", "me/").status_code == 401
    assert owner.ask("GET", "me/").status_code == 200


def test_nobody_ends_a_session_of_somebody_else() -> None:
    owner, stranger = ada(), cal()
    mine = sent("auth/sessions", None, owner, "GET")[1]["data"][0]["id"]
    assert sent("auth/sessions", {"sessions": [mine]}, stranger, "DELETE")[0] == 400
    assert owner.ask("GET", "me/").status_code == 200


def test_after_a_new_password_no_other_session_works() -> None:
    owner = ada()
    others = [signed_in_again(EMAIL) for _ in range(5)]
    body = {"current_password": PASSWORD, "new_password": "another way to the sea"}
    status, answer = sent("account/password/change", body, owner)
    owner.token = answer["meta"].get("session_token", owner.token)
    assert (status, owner.ask("GET", "me/").status_code) == (200, 200)
    assert {other.ask("GET", "me/").status_code for other in others} == {401}
