"""Sharing a person's record with other accounts: on the phone, changing a role, leaving, handing over, who is told."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.people import PASSWORD, Somebody, cal, sign_up
from tests.people import ada as sign_up_ada
from tracking.access import told_memberships
from tracking.models import HelperLink, Person, ShareLink, User

pytestmark = pytest.mark.django_db
Made = dict[str, Any]  # Any: JSON


@pytest.fixture(name="ada")
def _ada(settings: Settings) -> Somebody:
    settings.ACCOUNT_RATE_LIMITS = False
    return sign_up_ada()


def invited(somebody: Somebody, person: UUID, *, role: str = "logger", **more: object) -> Made:
    made: Made = somebody.put(f"invitations/{uuid4()}/", {"person": str(person), "role": role, **more})
    return made


def accepts(somebody: Somebody, secret: str) -> int:
    return somebody.ask("POST", "invitations/accept/", {"secret": secret}).status_code


def share(owner: Somebody, other: Somebody, person: UUID, **wish: object) -> None:
    assert accepts(other, invited(owner, person, **wish)["code"]) == 200  # type: ignore[arg-type]  # the role is a text


def members(somebody: Somebody, person: UUID) -> dict[str, str]:
    return {one["email"]: one["role"] for one in somebody.get(f"persons/{person}/members/")["results"]}


def pulled(somebody: Somebody, cursor: str | None = None) -> tuple[dict[str, Any], str]:
    """What a phone is told, by id, and its next cursor. Any: JSON."""
    answer = somebody.post("sync/", {"cursor": cursor, "operations": []})
    return {one["id"]: one for one in answer["changes"]}, answer["cursor"]


def told(person: UUID) -> set[str]:
    return {row.user.email for row in told_memberships().filter(person_id=person).select_related("user")}


# On the phone


def test_a_shared_person_arrives_on_the_phone_and_leaves_it_again(ada: Somebody) -> None:
    person, other = ada.put_person(name="Our child"), cal()
    lump, own = ada.put_lump(person), other.put_person()
    _, cursor = pulled(other)
    share(ada, other, person, role="viewer")
    came, cursor = pulled(other, cursor)
    assert came.keys() == {str(person), str(lump)}
    assert came[str(person)]["fields"]["role"] == "viewer"
    ada.ask("DELETE", f"persons/{person}/members/{other.user.pk}/")
    gone, cursor = pulled(other, cursor)
    assert {one["id"]: one["deleted"] for one in gone.values()} == {str(person): True}
    assert pulled(other, cursor)[0] == {}
    share(ada, other, person, role="logger")
    assert pulled(other, cursor)[0].keys() == {str(person), str(lump)}
    assert str(own) not in pulled(other, cursor)[0]


def test_what_a_phone_logged_after_it_was_removed_is_refused_like_a_strangers(ada: Somebody) -> None:
    person, other = ada.put_person(), cal()
    lump = ada.put_lump(person)
    share(ada, other, person)
    ada.ask("DELETE", f"persons/{person}/members/{other.user.pk}/")
    fields = {"lump": str(lump), "observed_at": "2026-09-21T19:04:00+01:00"}
    operation = {"op_id": str(uuid4()), "type": "observation", "id": str(uuid4()), "fields": fields}
    (result,) = other.post("sync/", {"operations": [operation]})["results"]
    assert result["error"]["code"] == "not_found"


def test_another_role_is_told_to_the_phone_once_and_moves_no_rev(ada: Somebody) -> None:
    person, other = ada.put_person(), cal()
    share(ada, other, person, role="logger")
    before, cursor = pulled(other)
    ada.ask("PATCH", f"persons/{person}/members/{other.user.pk}/", {"role": "viewer"})
    came, cursor = pulled(other, cursor)
    assert came[str(person)]["fields"]["role"] == "viewer"
    assert came[str(person)]["rev"] == before[str(person)]["rev"]
    assert pulled(other, cursor)[0] == {}


def test_a_cursor_of_the_first_release_still_reads_and_brings_the_role(ada: Somebody) -> None:
    plain = json.dumps({ada.put_person().hex: 1})
    came, cursor = pulled(ada, base64.urlsafe_b64encode(plain.encode()).decode().rstrip("="))
    assert [one["fields"]["role"] for one in came.values()] == ["owner"]
    assert pulled(ada, cursor)[0] == {}


# Roles, leaving, handing over


def test_the_last_owner_can_neither_leave_nor_become_less(ada: Somebody) -> None:
    person, other = ada.put_person(), cal()
    share(ada, other, person, role="logger")
    address = f"persons/{person}/members/{ada.user.pk}/"
    for answer in (ada.ask("DELETE", address), ada.ask("PATCH", address, {"role": "viewer"})):
        assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "last_owner")
    assert members(ada, person)[ada.email] == "owner"


def test_a_grown_child_takes_over_and_the_parent_stays_to_look(ada: Somebody) -> None:
    person, grown = ada.put_person(name="Our child"), cal()
    lump = ada.put_lump(person)
    secret = invited(ada, person, role="owner", afterwards="viewer")["code"]
    assert grown.post("invitations/look/", {"secret": secret})["afterwards"] == "viewer"
    assert accepts(grown, secret) == 200
    assert members(grown, person) == {grown.email: "owner", ada.email: "viewer"}
    assert ada.ask("GET", f"lumps/{lump}/").status_code == 200
    assert ada.ask("PATCH", f"lumps/{lump}/", {"label": "mine"}).status_code == 403
    assert told(person) == {grown.email}
    assert grown.ask("DELETE", f"persons/{person}/members/{ada.user.pk}/").status_code == 204
    assert ada.ask("GET", f"lumps/{lump}/").status_code == 404


def test_a_grown_child_takes_over_and_the_parent_is_gone(ada: Somebody) -> None:
    person, grown = ada.put_person(), cal()
    share(ada, grown, person, role="owner", afterwards="leave")
    assert members(grown, person) == {grown.email: "owner"}
    assert ada.ask("GET", f"persons/{person}/").status_code == 404


def test_what_an_owner_showed_others_ends_with_the_ownership(ada: Somebody) -> None:
    person, other = ada.put_person(), cal()
    lump, own = ada.put_lump(person), other.put_lump()
    share(ada, other, person, role="owner")
    alone, both, helper = uuid4(), uuid4(), uuid4()
    other.put(f"share-links/{alone}/", {"lumps": [str(lump)]})
    other.put(f"share-links/{both}/", {"lumps": [str(lump), str(own)]})
    other.put(f"helper-links/{helper}/", {"lump": str(lump)})
    ada.ask("PATCH", f"persons/{person}/members/{other.user.pk}/", {"role": "logger"})
    assert ShareLink.objects.get(pk=alone).revoked_at is not None
    assert [row.pk for row in ShareLink.objects.get(pk=both).lumps.all()] == [own]
    assert ShareLink.objects.get(pk=both).revoked_at is None
    assert HelperLink.objects.get(pk=helper).revoked_at is not None


def test_erasing_an_account_leaves_the_person_with_the_other_owner_and_takes_the_invitations(ada: Somebody) -> None:
    person, other = ada.put_person(name="Our child"), cal()
    lump = ada.put_lump(person, label="left")
    share(ada, other, person, role="owner")
    share(ada, sign_up("bea@example.org"), person, role="viewer")
    secret = invited(ada, person)["code"]
    assert ada.ask("DELETE", "me/").status_code == 204
    assert other.get(f"lumps/{lump}/")["label"] == "left"
    assert members(other, person) == {other.email: "owner", "bea@example.org": "viewer"}
    assert told(person) == {other.email}
    assert accepts(sign_up("ada@example.org"), secret) == 404


def test_erasing_the_only_owner_takes_the_person_from_everybody(ada: Somebody) -> None:
    person, other = ada.put_person(), cal()
    share(ada, other, person, role="viewer")
    _, cursor = pulled(other)
    ada.ask("DELETE", "me/")
    assert not Person.objects.filter(pk=person).exists()
    assert [one["deleted"] for one in pulled(other, cursor)[0].values()] == [True]


# Who is told


def test_owners_choose_who_is_told(ada: Somebody) -> None:
    person, other = ada.put_person(), cal()
    share(ada, other, person, role="viewer")
    assert told(person) == {ada.email}
    address = f"persons/{person}/members/"
    assert ada.ask("PATCH", f"{address}{other.user.pk}/", {"told": True}).status_code == 200
    assert told(person) == {ada.email, other.email}
    assert ada.ask("PATCH", f"{address}{ada.user.pk}/", {"told": False}).status_code == 200
    assert told(person) == {other.email}
    assert {one["email"]: one["told"] for one in ada.get(address)["results"]} == {ada.email: False, other.email: True}


def test_a_member_may_say_no_to_being_told_but_not_yes(ada: Somebody) -> None:
    person, other = ada.put_person(), cal()
    share(ada, other, person, role="viewer", told=True)
    own = f"persons/{person}/members/{other.user.pk}/"
    assert other.ask("PATCH", own, {"told": False}).status_code == 200
    assert told(person) == {ada.email}
    assert other.ask("PATCH", own, {"told": True}).status_code == 403


def test_a_record_never_falls_silent(ada: Somebody) -> None:
    person, other = ada.put_person(), cal()
    share(ada, other, person, role="logger", told=True)
    address = f"persons/{person}/members/"
    ada.ask("PATCH", f"{address}{ada.user.pk}/", {"told": False})
    answer = other.ask("PATCH", f"{address}{other.user.pk}/", {"told": False})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "nobody_told")
    assert told(person) == {other.email}
    User.objects.filter(email=other.email).update(is_active=False)
    assert told(person) == {ada.email}
    User.objects.filter(email=other.email).update(is_active=True)
    other.ask("DELETE", f"{address}{other.user.pk}/")
    assert told(person) == {ada.email}


def test_the_password_is_what_a_fresh_sign_in_takes(ada: Somebody) -> None:
    person = ada.put_person()
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        again = ada.ask("POST", "/_allauth/app/v1/auth/reauthenticate", {"password": PASSWORD})
        ada.token = json.loads(again.content)["meta"].get("session_token", ada.token)
        assert invited(ada, person)["code"]
