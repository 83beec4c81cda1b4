"""The doors that are no API: what a link opens, signing in and accounts, the hoster's pages; every route and method.

A route that is in no table here fails. What each of them does is proved where it lives: in `tests/lumptracker/` by
`test_clinic_door.py`, `test_clinic_helper.py`, `test_account_doors.py`, `test_hoster.py`, and in
`triage/test_contacts.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from pytest_django.fixtures import Settings

from lumptracker.account_doors import OPEN
from tests.doors import KNOCKS, World, a_world, nobodies, routes, strangers
from tests.people import Somebody

pytestmark = pytest.mark.django_db

ALL, HOLDER, HELPER, NONE = (
    "all",
    "holder of a link",
    "holder of a helper's link",
    "none",
)  # who is let in; everybody else gets one and the same refusal
LINKS = {
    "s/": ("GET", ALL),
    "s/open/": ("GET", ALL),  # the door again; opening by POST takes a token, and is tried where links are
    "s/view/": ("GET", HOLDER),
    "s/view/bundle.json": ("GET", HOLDER),
    "s/view/report.pdf": ("GET", HOLDER),
    "s/view/record.txt": ("GET", HOLDER),
    "s/view/photos/<uuid:photo_id>/large/": ("GET", HOLDER),
    "s/view/photos/<uuid:photo_id>/thumb/": ("GET", HOLDER),
    "s/view/reply/": ("POST", NONE),  # this link allows no answer
    "s/help/": ("GET", ALL),
    "s/help/open/": ("POST", NONE),  # without a token
    "s/help/photo/": ("GET", HELPER),
    "s/help/like/": ("GET", HELPER),
    "s/help/send/": ("POST", NONE),  # without a photo
    "s/contact/<str:token>/": ("GET", NONE),  # nobody knows this token
    "^s/.+": ("GET", NONE),
    "shl/<str:token>/": ("POST", NONE),
    "shl/<str:token>/file/<str:ticket>/": ("GET", NONE),
}
# Of accounts: what answers 200 to somebody who is not signed in.
ASKED_BY_ANYBODY = {("auth/webauthn/login", "GET")}  # a challenge for a passkey


@pytest.fixture(name="world")
def _world(settings: Settings, tmp_path: Path) -> World:
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.RATE_LIMITS_ON = settings.ACCOUNT_RATE_LIMITS = False  # who is told to wait gets another answer
    return a_world()


def asked(somebody: Somebody, method: str, address: str) -> HttpResponse:
    return somebody.ask(method, address, {} if method != "GET" else None)


def starting(prefix: tuple[str, ...]) -> list[str]:
    return [path for path, _ in routes(get_resolver()) if path.startswith(prefix)]


def test_every_route_of_a_link_has_a_row() -> None:
    assert set(starting(("s/", "^s/", "shl/"))) == LINKS.keys()


def address_of(path: str, world: World) -> str:
    address = "/" + path.replace("<uuid:photo_id>", str(world.ids["photo"])).replace("^s/.+", "s/never")
    return address.replace("<str:token>", "a-token").replace("<str:ticket>", "a-ticket")


def test_what_a_link_opens_is_open_to_its_holder_and_answers_all_others_alike(world: World) -> None:
    visitors = {**nobodies(world), **strangers(world), "owner": world.ada}
    for path, (method, who) in LINKS.items():
        for tried in KNOCKS:
            answers = {name: asked(visitor, tried, address_of(path, world)) for name, visitor in visitors.items()}
            holders = {name: answers.pop(name) for name in (HOLDER, HELPER)}
            assert len({(one.status_code, one.content) for one in answers.values()}) == 1, (tried, path)
            other = answers["anonymous"]
            is_read = tried == "HEAD" and method == "GET"
            for name, answer in {**holders, "others": other}.items():
                if tried == method or is_read:
                    assert (answer.status_code == 200) == (who in (ALL, name)), (tried, path, name, answer.status_code)
                elif tried == "OPTIONS" and path.startswith("shl/"):
                    assert answer.status_code == 204  # what a browser asks before a record system's page may ask
                else:
                    assert answer.status_code in (400, 403, 404, 405), (tried, path, name)
                assert not (tried == "HEAD" and answer.content), (path, name)


def test_no_door_of_accounts_opens_to_somebody_who_brings_anything_else(world: World) -> None:
    visitors = nobodies(world)
    gone = visitors.pop("somebody whose account was erased")
    for address in sorted(OPEN):
        for method in KNOCKS:
            path = f"/_allauth/app/v1/{address}"
            answers = [asked(somebody, method, path) for somebody in visitors.values()]
            late = asked(gone, method, path)  # 410 says that the session they bring is over
            for answer in (*answers, late):
                assert world.ada.email not in answer.content.decode(), (method, address)
                assert answer.status_code < 500, (method, address)
                is_open = (address, "GET" if method == "HEAD" else method) in ASKED_BY_ANYBODY
                if (method, answer.status_code) == ("OPTIONS", 200):
                    assert (answer.content, answer is not late) == (b"", True), address  # which methods there are
                else:
                    assert (answer.status_code == 200) == (is_open and answer is not late), (method, address)
            if not is_open:
                assert len({(one.status_code, _without_session(one)) for one in answers}) == 1, (method, address)


def _without_session(answer: HttpResponse) -> str:
    """A new session's token differs each time."""
    if not answer.headers.get("Content-Type", "").startswith("application/json"):
        return answer.content.decode()
    body = json.loads(answer.content or b"null")
    if isinstance(body, dict):
        body.get("meta", {}).pop("session_token", None)
    return json.dumps(body, sort_keys=True)


def hoster_pages(world: World) -> list[str]:
    """Every address below admin/, about Ada where it is about somebody."""
    found = []
    for path in starting(("admin/",)):
        address = path.replace("<path:object_id>", str(world.ada.user.pk)).replace("<path:content_type_id>", "1")
        address = address.replace("^(?P<app_label>auth|account|mfa|usersessions|tracking|triage)/$", "tracking/")
        found.append("/" + address.replace("(?P<url>.*)$", "never/"))
    return found


def test_the_hosters_pages_are_closed_to_all_without_a_second_factor(world: World) -> None:
    pages = hoster_pages(world)
    ours = [model._meta for model in admin.site._registry]
    assert {f"/admin/{one.app_label}/{one.model_name}/{page}" for one in ours for page in ("", "add/")} <= set(pages)
    assert len(pages) > 8 * len(ours)
    visitors = {name: browser_of(somebody) for name, somebody in nobodies(world).items()}
    for name, somebody in {**strangers(world), "owner": world.ada}.items():
        visitors[name] = browser_of(somebody)
        visitors[name].force_login(somebody.user)
    for address in pages:
        for method in KNOCKS:
            if (method, address) == ("POST", "/admin/logout/"):
                continue  # it ends one's own session and shows nothing
            answers = {name: browser.generic(method, address) for name, browser in visitors.items()}
            told = {(one.status_code, one.content, one.headers.get("Location")) for one in answers.values()}
            assert {status for status, _, _ in told} <= {302, 403, 404, 405}, (method, address)
            if address not in ("/admin/login/", "/admin/"):
                assert len(told) == 1, (method, address, told)
            assert not any(world.ada.email.encode() in content for _, content, _ in told), (method, address)


def browser_of(somebody: Somebody) -> Client:
    """Their cookies in a browser that is asked for no CSRF token."""
    browser = Client()
    browser.cookies = somebody.client.cookies
    return browser
