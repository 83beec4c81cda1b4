"""Invitations: who holds the link or the code becomes a member, once, and nothing else opens."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.people import Somebody, cal, nobody, sign_up
from tests.people import ada as sign_up_ada
from tests.tracking.test_members import Made, accepts, invited, members, share
from tracking.models import Invitation, Membership

COLUMNS = ("token_sha256", "code_hmac")
pytestmark = pytest.mark.django_db


@pytest.fixture(name="ada")
def _ada(settings: Settings) -> Somebody:
    settings.ACCOUNT_RATE_LIMITS = False
    return sign_up_ada()


@pytest.mark.parametrize("by", ["link", "code", "code as it is said"])
def test_who_holds_the_link_or_the_code_becomes_a_member(ada: Somebody, by: str) -> None:
    person, other = ada.put_person(name="Our child"), cal()
    made = invited(ada, person, role="logger")
    said = f"{made['code'][:5].lower()} - {made['code'][5:]}"
    secret = {"link": made["url"].rpartition("/")[2], "code": made["code"], "code as it is said": said}[by]
    look = other.post("invitations/look/", {"secret": secret})
    assert (look["name"], look["invited_by"], look["role"]) == ("Our child", ada.email, "logger")
    assert members(ada, person) == {ada.email: "owner"}
    assert accepts(other, secret) == 200
    assert other.get(f"persons/{person}/")["role"] == "logger"
    assert members(ada, person) == {ada.email: "owner", other.email: "logger"}


def test_an_invitation_is_for_one_account_and_may_be_accepted_twice_by_it(ada: Somebody) -> None:
    person, other, third = ada.put_person(), cal(), sign_up("bea@example.org")
    secret = invited(ada, person)["code"]
    assert [accepts(other, secret), accepts(other, secret), accepts(third, secret)] == [200, 200, 404]
    assert Membership.objects.filter(person=person).count() == 2


def test_whatever_cannot_be_accepted_is_one_and_the_same_answer(ada: Somebody) -> None:
    person, other = ada.put_person(), cal()
    taken, ended, old = (invited(ada, person) for _ in range(3))
    share(ada, sign_up("bea@example.org"), person)
    accepts(ada, taken["code"])
    ada.ask("DELETE", f"invitations/{ended['id']}/")
    Invitation.objects.filter(pk=old["id"]).update(expires_at=timezone.now() - timedelta(seconds=1))
    Invitation.objects.filter(pk=taken["id"]).update(accepted_at=timezone.now())
    secrets = [taken["code"], ended["code"], old["code"], "ZZZZZZZZZZ", "no code at all", "ada@example.org"]
    for path in ("look", "accept"):
        answers = {other.ask("POST", f"invitations/{path}/", {"secret": one}).content for one in secrets}
        assert answers == {other.ask("GET", f"lumps/{uuid4()}/").content}


def test_an_invitation_dies_with_the_ownership_of_its_maker(ada: Somebody) -> None:
    person, other, third = ada.put_person(), cal(), sign_up("bea@example.org")
    share(ada, other, person, role="owner")
    secret = invited(other, person)["code"]
    ada.ask("PATCH", f"persons/{person}/members/{other.user.pk}/", {"role": "viewer"})
    assert accepts(third, secret) == 404


def test_nobody_accepts_without_an_account_or_by_looking(ada: Somebody) -> None:
    made = invited(ada, ada.put_person())
    assert nobody().ask("POST", "invitations/accept/", {"secret": made["code"]}).status_code == 401
    assert cal().ask("GET", "invitations/accept/").status_code == 405
    assert Membership.objects.count() == 1


def test_who_shares_already_spends_nothing(ada: Somebody) -> None:
    person, other = ada.put_person(), cal()
    secret = invited(ada, person)["code"]
    answer = ada.ask("POST", "invitations/accept/", {"secret": secret})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "already_member")
    assert accepts(other, secret) == 200


def test_the_secrets_are_told_once_and_kept_nowhere(ada: Somebody) -> None:
    person, invitation = ada.put_person(), uuid4()
    body = {"person": str(person), "role": "viewer", "label": "for grandma"}
    first, again = (ada.put(f"invitations/{invitation}/", body) for _ in range(2))
    assert {"url", "code"} <= first.keys()
    assert {"url", "code"} & again.keys() == set()
    row = str(Invitation.objects.annotate(raw=Cast("label", TextField())).values("raw", *COLUMNS).get())
    assert not any(secret in row for secret in (first["code"], first["url"].rpartition("/")[2], "grandma"))
    (listed,) = ada.get("invitations/")["results"]
    assert (listed["label"], listed["state"], listed["person"]) == ("for grandma", "open", str(person))


def test_inviting_and_raising_a_role_need_a_fresh_sign_in_and_ending_does_not(ada: Somebody) -> None:
    person, other = ada.put_person(), cal()
    share(ada, other, person, role="logger")
    address = f"persons/{person}/members/{other.user.pk}/"
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        body = {"person": str(person), "role": "viewer"}
        for method, path, wish in (("PUT", f"invitations/{uuid4()}/", body), ("PATCH", address, {"role": "owner"})):
            answer = ada.ask(method, path, wish)
            assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "reauthentication_required")
        assert ada.ask("PATCH", address, {"role": "viewer"}).status_code == 200
        assert ada.ask("DELETE", address).status_code == 204


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"role": "boss"}, "role"),
        ({"role": "viewer", "afterwards": "viewer"}, "afterwards"),
        ({"role": "viewer", "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"role": "viewer", "expires_at": "2120-01-01T00:00:00Z"}, "expires_at"),
        ({"role": "viewer", "email": "cal@example.org"}, "email"),
    ],
)
def test_a_bad_wish_is_named(ada: Somebody, wish: Made, field: str) -> None:
    answer = ada.ask("PUT", f"invitations/{uuid4()}/", {"person": str(ada.put_person()), **wish})
    assert (answer.status_code, list(json.loads(answer.content)["fields"])) == (400, [field])


def test_secrets_cannot_be_searched_for(ada: Somebody, settings: Settings) -> None:
    settings.RATE_LIMITS_ON = True
    hour = timezone.now().replace(minute=0, second=0)
    with time_machine.travel(hour, tick=False) as clock:
        answers = [accepts(ada, f"ZZZZZZZZ{number:02}") for number in range(31)]
        clock.move_to(hour.replace(minute=59))
        answers.append(accepts(ada, "ZZZZZZZZ31"))
        clock.move_to(hour + timedelta(hours=1))
        answers.append(accepts(ada, "ZZZZZZZZ32"))
    assert answers == [404] * 30 + [429, 429, 404]
