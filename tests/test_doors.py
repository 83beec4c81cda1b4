"""The doors matrix: every route of the API, every method, for whoever may stand before it.

The routes come from the URL resolver, so a route without a row fails. What is no API has its own matrix:
`test_doors_elsewhere.py`. What each role of a shared record may do: `tracking/test_roles.py`.
"""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from pytest_django.fixtures import Settings

from tests.doors import (
    ELSEWHERE,
    KNOCKS,
    METHODS,
    OBJECTS,
    OF_OWNERS,
    OPEN,
    OWN,
    RECORD,
    World,
    a_world,
    api_routes,
    methods_of,
    nobodies,
    routes,
    strangers,
)
from tests.people import Somebody, ada, nobody, sign_up
from tracking.models import Lump, Membership

pytestmark = pytest.mark.django_db
ROLES = ("viewer", "logger", "owner")


@pytest.fixture(name="world")
def _world(settings: Settings, tmp_path: Path) -> World:
    settings.STORAGE_DIR = tmp_path / "storage"
    return a_world()


def test_every_route_has_a_row() -> None:
    assert set(api_routes()) == OPEN | OWN | OBJECTS.keys()


def test_every_other_address_is_known() -> None:
    strange = [path for path, _ in routes(get_resolver()) if path and not path.startswith(("api/v1/", *ELSEWHERE))]
    assert strange == []


def test_whoever_has_no_account_is_asked_to_sign_in_whatever_the_id_and_whatever_they_bring(world: World) -> None:
    plain = {method: nobody().ask("HEAD" if method == "HEAD" else "GET", "lumps/").content for method in KNOCKS}
    assert (plain["HEAD"], len({*plain.values()})) == (b"", 2)
    for who, somebody in nobodies(world).items():
        for path, kind in OBJECTS.items():
            for method in KNOCKS:
                for row_id in (world.ids[kind], uuid4()) if method in METHODS else (world.ids[kind],):
                    answer = world.ask(somebody, method, path, kind, row_id)
                    assert (answer.status_code, answer.content) == (401, plain[method]), (who, method, path)
        for path in OWN:
            for method in KNOCKS:
                answer = somebody.ask(method, path, {})
                assert (answer.status_code, answer.content) == (401, plain[method]), (who, method, path)


def test_a_stranger_gets_the_answer_of_what_is_not_there(world: World) -> None:
    missing = world.cal.ask("GET", f"lumps/{uuid4()}/")
    for who, somebody in strangers(world).items():
        for path, kind in OBJECTS.items():
            for method in METHODS:
                answer = world.ask(somebody, method, path, kind, world.ids[kind])
                if method in methods_of(path):
                    assert (answer.status_code, answer.content) == (404, missing.content), (who, method, path)
                    assert answer.headers["Content-Type"] == missing.headers["Content-Type"]
                else:
                    assert answer.status_code == 405, (who, method, path)
            head = world.ask(somebody, "HEAD", path, kind, world.ids[kind])
            status = 404 if "GET" in methods_of(path) else 405
            assert (head.status_code, head.content) == (status, b""), (who, path)
            told = [world.ask(somebody, "OPTIONS", path, kind, row_id) for row_id in (world.ids[kind], uuid4())]
            assert [one.status_code for one in told] == [200, 200], (who, path)
            assert told[0].content == told[1].content, (
                who,
                path,
            )  # what the door is for, and nothing of what is behind


def expected(role: str, path: str, method: str) -> str:
    """What somebody in this role meets: "in", "too small a role", or "nothing there"."""
    kind = OBJECTS[path]
    if kind not in RECORD:
        return "in" if role == "owner" and kind in OF_OWNERS else "nothing there"
    needed = "viewer" if method == "GET" else "owner" if (kind, method) == ("person", "DELETE") else "logger"
    return "in" if ROLES.index(role) >= ROLES.index(needed) else "too small a role"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_meets_what_it_should_at_each_door(world: World, role: str) -> None:
    lump = Lump.objects.get(pk=world.ids["lump"])
    member = sign_up("cal+member@example.org")
    Membership.objects.create(user=member.user, person=lump.person, role=role)
    world.cal_ids = world.ids  # bodies that are right for Ada's record
    missing = world.cal.ask("GET", f"lumps/{uuid4()}/").content
    for path, kind in OBJECTS.items():
        for method in sorted(methods_of(path)):
            before = transaction.savepoint()
            answer = world.ask(member, method, path, kind, world.ids[kind])
            transaction.savepoint_rollback(before)
            meets = {403: "too small a role", 404: "nothing there"}.get(answer.status_code, "in")
            assert (meets, answer.status_code < 500) == (expected(role, path, method), True), (method, path)
            if meets == "nothing there":
                assert answer.content == missing, (method, path)


@pytest.mark.parametrize("path", sorted(OBJECTS))
def test_the_owner_comes_in(world: World, path: str) -> None:
    kind = OBJECTS[path]
    world.cal_ids = world.ids
    for method in (one for one in METHODS if one in methods_of(path)):
        assert world.ask(world.ada, method, path, kind, world.ids[kind]).status_code in (200, 201, 204), method


@pytest.mark.parametrize("path", sorted(OWN))
def test_a_strangers_own_holds_nothing_of_somebody_else(world: World, path: str) -> None:
    secrets = [str(pk) for pk in world.ids.values()] + [world.ada.email]
    for method in ("GET", "POST"):
        if method in methods_of(path):
            answer = world.cal.ask(method, path, {} if method == "POST" else None)
            assert answer.status_code < 500
            assert not any(secret in answer.content.decode() for secret in secrets)


@pytest.mark.parametrize("path", sorted(one for one in OPEN if "<" not in one))
def test_what_is_open_says_nothing_about_anybody(world: World, path: str) -> None:
    answer = nobody().ask("GET", path)
    assert answer.status_code == 200
    assert not any(str(pk) in answer.content.decode() for pk in world.ids.values())


@pytest.mark.parametrize("ending", ["", "?signed=out"])
def test_a_session_that_ended_is_nobodys(world: World, ending: str) -> None:
    world.cal.ask("DELETE", "/_allauth/app/v1/auth/session")
    assert world.cal.ask("GET", f"lumps/{ending}").status_code == 401


def test_an_account_that_was_erased_is_nobodys(world: World) -> None:
    world.ada.ask("DELETE", "me/")
    assert world.ada.ask("GET", "lumps/").status_code == 401


def test_the_hosters_pages_are_closed_to_people_with_an_account(world: World) -> None:
    answer = world.cal.client.get("/admin/tracking/user/")
    assert answer.status_code == 302


def test_the_hosters_pages_have_no_password_door_of_their_own(world: World) -> None:
    door = world.cal.client.get("/admin/login/")
    assert (door.status_code, door.headers["Location"]) == (302, "/#/sign-in")
    browser = Client()
    guess = {"username": "ada@example.org", "password": "whatever it may be"}
    assert browser.post("/admin/login/", guess).status_code == 405


def test_a_browser_that_brings_no_csrf_token_changes_nothing() -> None:
    """The cookie alone is what a page of a stranger would send along."""
    ada()
    browser = Somebody(email="ada@example.org")
    browser.client.force_login(browser.user)
    assert browser.ask("GET", "persons/").status_code == 200
    assert browser.ask("PUT", f"persons/{uuid4()}/", {}).status_code == 403
