"""Where accounts are made by invitation, the invitation to share a record is one: once, and from then on one's own."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from lumptracker.signup import new_invitation
from tests.at_once import at_once, several_writers
from tests.people import PASSWORD, Somebody, sign_up
from tests.people import ada as sign_up_ada
from tracking.invitations import MOST_NEWCOMERS, NEWCOMERS_WITHIN
from tracking.models import Invitation, Membership, User

pytestmark = pytest.mark.django_db
CAL, BEA = "cal@example.org", "bea@example.org"


@pytest.fixture(name="ada")
def _ada(settings: Settings) -> Somebody:
    """She has an account of an installation that others enter by invitation only."""
    settings.ACCOUNT_RATE_LIMITS = False
    owner = sign_up_ada()
    settings.SIGNUP = "invite"
    return owner


def invited(owner: Somebody, **more: object) -> dict[str, Any]:  # Any: JSON
    wish = {"person": str(owner.put_person(name="Our child")), "role": "logger", **more}
    made: dict[str, Any] = owner.put(f"invitations/{uuid4()}/", wish)
    return made


def signs_up(email: str, invitation: str) -> tuple[int, Somebody]:
    somebody = Somebody(email=email)
    wish = {"email": email, "password": PASSWORD, "invitation": invitation}
    answer = somebody.ask("POST", "/_allauth/app/v1/auth/signup", wish)
    if answer.status_code == 200:
        somebody.token = json.loads(answer.content)["meta"]["session_token"]
    return answer.status_code, somebody


def status(somebody: Somebody, way: str, secret: str) -> int:
    return somebody.ask("POST", f"invitations/{way}/", {"secret": secret}).status_code


@pytest.mark.parametrize("by", ["link", "code"])
def test_who_was_invited_to_a_record_makes_an_account_and_then_decides(ada: Somebody, by: str) -> None:
    made = invited(ada)
    secret = made["code"] if by == "code" else made["url"].rpartition("/")[2]
    answered, newcomer = signs_up(CAL, secret)
    assert answered == 200
    assert not Membership.objects.filter(user=newcomer.user).exists(), "nobody becomes a member without saying yes"
    assert newcomer.post("invitations/look/", {"secret": secret})["invited_by"] == ada.email
    assert status(newcomer, "accept", secret) == 200


def test_it_makes_one_account_and_is_that_ones_alone_from_then_on(ada: Somebody, settings: Settings) -> None:
    secret = invited(ada)["code"]
    settings.SIGNUP = "open"
    other = sign_up(BEA)
    settings.SIGNUP = "invite"
    answered, newcomer = signs_up(CAL, secret)
    assert (answered, signs_up("third@example.org", secret)[0]) == (200, 400)
    assert [status(other, way, secret) for way in ("look", "accept")] == [404, 404]
    assert status(newcomer, "accept", secret) == 200


@pytest.mark.django_db(transaction=True)
@several_writers
def test_of_many_who_sign_up_with_it_at_once_one_gets_in(ada: Somebody) -> None:
    secret = invited(ada)["code"]
    answered = at_once(6, lambda one: signs_up(f"cal{one}@example.org", secret)[0])
    assert sorted(answered) == [200, 400, 400, 400, 400, 400]
    assert (User.objects.count(), Invitation.objects.exclude(newcomer=None).count()) == (2, 1)


def test_it_makes_no_second_account_when_the_first_is_erased(ada: Somebody) -> None:
    secret = invited(ada)["code"]
    _, newcomer = signs_up(CAL, secret)
    assert newcomer.ask("DELETE", "me/").status_code == 204
    assert signs_up(CAL, secret)[0] == 400


def test_what_cannot_be_accepted_any_more_makes_no_account(ada: Somebody) -> None:
    ended, taken, late = invited(ada), invited(ada), invited(ada)
    assert ada.ask("DELETE", f"invitations/{ended['id']}/").status_code == 204
    Invitation.objects.filter(pk=taken["id"]).update(accepted_at=timezone.now(), accepted_by=ada.user)
    Invitation.objects.filter(pk=late["id"]).update(expires_at=timezone.now())
    for made in (ended, taken, late, {"code": "0000000000"}, {"code": ""}):
        assert signs_up(CAL, made["code"])[0] == 400
    assert list(User.objects.values_list("email", flat=True)) == [ada.email]


def test_an_account_that_cannot_be_made_spends_nothing(ada: Somebody) -> None:
    secret = invited(ada)["code"]
    wish = {"email": CAL, "password": "short", "invitation": secret}
    assert Somebody().ask("POST", "/_allauth/app/v1/auth/signup", wish).status_code == 400
    assert signs_up(ada.email, secret)[0] == 400
    assert signs_up(CAL, secret)[0] == 200


def test_one_owner_opens_the_door_to_so_many_a_month(ada: Somebody) -> None:
    spent = [invited(ada) for _ in range(MOST_NEWCOMERS)]
    Invitation.objects.filter(pk__in=[made["id"] for made in spent]).update(newcomer_at=timezone.now())
    next_one = invited(ada, expires_at=(timezone.now() + timedelta(days=30)).isoformat())
    assert signs_up(CAL, next_one["code"])[0] == 400
    Invitation.objects.filter(pk=spent[0]["id"]).update(newcomer_at=timezone.now() - NEWCOMERS_WITHIN)
    assert signs_up(CAL, next_one["code"])[0] == 200


def test_without_an_invitation_nobody_hears_whether_an_address_has_an_account(ada: Somebody) -> None:
    wish = {"email": ada.email, "password": PASSWORD, "invitation": "made up"}
    answer = Somebody().ask("POST", "/_allauth/app/v1/auth/signup", wish)
    assert [error["param"] for error in json.loads(answer.content)["errors"]] == ["invitation"]


def test_ten_unknown_invitations_an_hour_then_a_pause_for_good_ones_too(ada: Somebody, settings: Settings) -> None:
    settings.RATE_LIMITS_ON = True
    assert [signs_up(CAL, f"{guess:010}")[0] for guess in range(11)] == [400] * 10 + [429]
    good = new_invitation(CAL)
    assert signs_up(CAL, good)[0] == 429
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        assert signs_up(CAL, good)[0] == 200


def test_an_owners_invitation_opens_no_closed_installation(ada: Somebody, settings: Settings) -> None:
    settings.SIGNUP = "closed"
    assert signs_up(CAL, invited(ada)["code"])[0] == 403
