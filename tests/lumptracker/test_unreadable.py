"""What no door can read is refused by it, and is no accident: found by requests that were made up."""

from __future__ import annotations

import json
import logging
from uuid import uuid4

import pytest

from lumptracker.logs import HideSecretPaths
from tests.fuzzed_elsewhere import what_is_logged
from tests.people import ada, nobody

pytestmark = pytest.mark.django_db
DEEP = b"[" * 5000
TOO_LONG_A_NUMBER = b'{"name": ' + b"1" * 5000 + b"}"
HALF_A_CHARACTER = rb'{"recipient": "\ud800", "email": "\ud800", "name": "\ud800"}'
UNREADABLE = [DEEP, TOO_LONG_A_NUMBER, HALF_A_CHARACTER]
OF_ACCOUNTS = ["/_allauth/app/v1/auth/login", "/_allauth/app/v1/auth/password/request", "/_allauth/app/v1/never/was"]
OF_API = ["push-subscriptions/", "trusted-contact/", "channels/ntfy/"]


@pytest.mark.parametrize("body", UNREADABLE, ids=["deep", "number", "half"])
@pytest.mark.parametrize("address", [*OF_ACCOUNTS, "/shl/a-token/"])
def test_a_body_that_cannot_be_read_is_a_slip(address: str, body: bytes) -> None:
    assert nobody().client.post(address, body, "application/json").status_code == 400


@pytest.mark.parametrize("address", OF_API)
def test_no_nesting_is_too_deep_for_the_api_to_refuse(address: str) -> None:
    owner = ada()
    answer = owner.client.put(f"/api/v1/{address}", DEEP, "application/json", headers={"X-Session-Token": owner.token})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (400, "malformed")


def test_half_a_character_in_one_operation_stops_none_of_the_others() -> None:
    owner, person = ada(), str(uuid4())
    broken = [
        {"op_id": "\ud800", "type": "person", "id": str(uuid4()), "fields": {}},
        {"op_id": str(uuid4()), "type": "person", "id": str(uuid4()), "fields": {"\ud800": "x"}},
    ]
    whole = {"op_id": str(uuid4()), "type": "person", "id": person, "fields": {"name": "Cal"}}
    results = owner.post("sync/", {"operations": [*broken, whole]})["results"]
    assert [one["status"] for one in results] == ["rejected", "rejected", "applied"]
    assert (results[0]["op_id"], owner.get(f"persons/{person}/")["name"]) == ("\ud800", "Cal")


@pytest.mark.parametrize("name", ["session", "device", "shared", "helping", "csrftoken"])
def test_a_cookie_with_what_no_database_takes_is_none(name: str) -> None:
    for address in ("/s/open/", "/_allauth/browser/v1/auth/session", "/api/v1/persons/"):
        told = [
            nobody().client.get(address, headers={"Cookie": cookie}).status_code
            for cookie in (name + r'="abcdefgh\000\000"', "other=1")
        ]
        assert told[0] == told[1], address


@pytest.mark.parametrize("address", ["/s/open/", "/s/help/open/"])
def test_a_form_from_no_address_at_all_opens_nothing(address: str) -> None:
    assert nobody().client.post(address, {}, headers={"Origin": "http://["}).status_code == 403


KINDS = ["application/x-www-form-urlencoded; charset=utf-7", "multipart/form-data; boundary=\xe9"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("address", ["/never/was", "/s/open/", "/admin/login/"])
def test_the_page_about_a_form_that_cannot_be_read_is_no_accident(address: str, kind: str) -> None:
    token = "c" * 32
    headers = {"Cookie": f"csrftoken={token}", "X-CSRFToken": token}
    assert nobody().client.post(address, b"a=b", kind, headers=headers).status_code in (400, 403, 404)


def test_what_was_asked_for_below_the_door_of_links_stands_in_no_log() -> None:
    with what_is_logged() as lines:
        assert nobody().client.post("/s/a-token-that-was-pasted-there/").status_code == 404
    assert lines.getvalue() == ""


def test_where_somebody_came_from_stands_in_no_log() -> None:
    with what_is_logged() as lines:
        answer = nobody().client.post("/admin/login/", headers={"Origin": "https://secret.example.org"})
    assert answer.status_code == 403
    assert "checking failed" in lines.getvalue()
    assert "secret.example.org" not in lines.getvalue()


def test_the_page_that_somebody_came_from_is_blotted_out_of_any_line() -> None:
    said = "Forbidden (Referer checking failed - https://a.example.org/page does not match any trusted origins.)"
    line = logging.LogRecord("a", logging.WARNING, "", 0, said, None, None)
    assert HideSecretPaths().filter(line)
    assert line.getMessage() == "Forbidden (Referer checking failed - … does not match any trusted origins.)"
