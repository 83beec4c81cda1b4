"""`me/`: settings, what reaches the person, erasure."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.people import PASSWORD, Somebody, ada, cal
from tracking.models import Membership, Person, Tombstone, User
from triage.models import PushSubscription

pytestmark = pytest.mark.django_db


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


def test_a_new_account_sees_its_settings_and_that_nothing_reaches_it_yet(ada: Somebody) -> None:
    me = ada.get("me/")
    assert {name: me[name] for name in ("email", "email_verified", "units", "channels", "reachable")} == {
        "email": "ada@example.org",
        "email_verified": False,
        "units": "mm",
        "channels": {"email": True, "push": True},
        "reachable": {"email": False, "push": False},
    }
    assert me["unreachable_because"] == {"email": "no_mail_server", "push": "no_device"}


def test_settings_are_changed_one_by_one(ada: Somebody) -> None:
    wish = {"time_zone": "Europe/London", "units": "in", "quiet_from": "22:00", "quiet_to": "07:30"}
    assert ada.ask("PATCH", "me/", wish).status_code == 200
    assert ada.ask("PATCH", "me/", {"channels": {"push": False}}).status_code == 200
    me = ada.get("me/")
    assert {name: me[name] for name in wish} == wish
    assert me["channels"] == {"email": True, "push": False}


def test_what_was_read_can_be_written_back(ada: Somebody) -> None:
    me = ada.get("me/")
    answer = ada.ask("PATCH", "me/", me)
    assert (answer.status_code, json.loads(answer.content)) == (200, me)


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"language": "xx"}, "language"),
        ({"units": "feet"}, "units"),
        ({"quiet_from": "late"}, "quiet_from"),
        ({"channels": {"fax": True}}, "channels.fax"),
        ({"channels": {"email": "yes"}}, "channels.email"),
        ({"is_staff": True}, "is_staff"),
        ({"password": "x"}, "password"),
    ],
)
def test_a_setting_that_is_not_one_is_refused_by_name(ada: Somebody, wish: dict[str, object], named: str) -> None:
    answer = ada.ask("PATCH", "me/", wish)
    assert (answer.status_code, list(json.loads(answer.content)["fields"])) == (400, [named])


def test_email_reaches_only_a_verified_address_that_wants_it(ada: Somebody, settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = True
    assert ada.get("me/")["unreachable_because"]["email"] == "not_verified"
    EmailAddress.objects.update(verified=True)
    assert ada.get("me/")["reachable"]["email"] is True
    ada.ask("PATCH", "me/", {"channels": {"email": False}})
    assert ada.get("me/")["unreachable_because"]["email"] == "not_wanted"


def test_push_reaches_only_a_browser_that_still_listens(ada: Somebody) -> None:
    browser = PushSubscription.objects.create(
        user=ada.user, endpoint="https://push.example.org/1", p256dh="x", auth="y", created_at=timezone.now()
    )
    assert ada.get("me/")["reachable"]["push"] is True
    browser.state = PushSubscription.State.GONE
    browser.save()
    assert ada.get("me/")["unreachable_because"]["push"] == "no_device"


def test_erasing_takes_a_sign_in_of_the_last_five_minutes(ada: Somebody) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=301), tick=False):
        answer = ada.ask("DELETE", "me/")
        assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "reauthentication_required")
        again = ada.ask("POST", "/_allauth/app/v1/auth/reauthenticate", {"password": PASSWORD})
        ada.token = json.loads(again.content)["meta"].get("session_token", ada.token)
        assert ada.ask("DELETE", "me/").status_code == 204


def test_erasing_leaves_nothing_of_the_account(ada: Somebody) -> None:
    lump = ada.put_lump()
    ada.put_care(lump)
    gone = ada.put_observation(lump)
    ada.ask("DELETE", f"observations/{gone}/")
    ada.post("sync/", {"operations": [{"op_id": str(uuid4())}]})
    assert ada.ask("DELETE", "me/").status_code == 204
    left = {
        model.__name__: model._default_manager.count()
        for app in ("tracking", "triage", "account", "usersessions", "mfa", "sessions")
        for model in apps.get_app_config(app).get_models()
        if model._default_manager.exists()
    }
    assert left == {"Erasure": 1}  # the receipt, which names nobody
    assert ada.ask("GET", "me/").status_code == 401


def test_erasing_keeps_what_somebody_else_owns_too(ada: Somebody) -> None:
    person, other = ada.put_person(name="Our child"), cal()
    Membership.objects.create(user=other.user, person_id=person, role=Membership.Role.OWNER)
    ada.put_person()
    ada.ask("DELETE", "me/")
    assert [row.pk for row in Person.objects.all()] == [person]
    assert other.get(f"persons/{person}/")["name"] == "Our child"
    assert not Tombstone.objects.exists()


def test_every_device_is_signed_out_by_erasing(ada: Somebody) -> None:
    second = Somebody(email=ada.email)
    answer = second.ask("POST", "/_allauth/app/v1/auth/login", {"email": ada.email, "password": PASSWORD})
    second.token = json.loads(answer.content)["meta"]["session_token"]
    ada.ask("DELETE", "me/")
    assert second.ask("GET", "persons/").status_code == 401
    assert not Session.objects.exists()
    assert not User.objects.exists()
