"""The doors matrix: every route of the API, every method, for nobody, a stranger and the owner (T6).

The routes come from the URL resolver, so a route without a row here fails. What a share link opens has its own
matrix beside the clinic's tests, because its visitors have no account at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import pictures
from tests.people import OBSERVED_AT, Somebody, ada, cal, nobody
from tracking import vault
from tracking.models import HelperLink, Lump, Observation, Photo
from triage.models import Episode, Notification

pytestmark = pytest.mark.django_db
METHODS = ("GET", "PUT", "PATCH", "POST", "DELETE")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)

# Anybody may read these: they say nothing about anybody.
OPEN = {"schema/", "docs/", "rulebook/", "push-subscriptions/key/", "notifications/stop/<str:token>/"}
OPEN |= {"calendar/<str:token>/"}  # but for its secret
# One's own, without an id in the path: a stranger sees his own, which holds nothing of Ada's.
OWN = {
    "me/", "persons/", "lumps/", "observations/", "care/", "photos/", "sync/", "share-links/",
    "helper-links/", "notifications/",
    "push-subscriptions/", "push-subscriptions/test/", "episodes/", "reminders/", "reminders/test/",
    "reminders/test/arrived/", "trusted-contact/", "channels/", "channels/<str:channel>/", "calendar/",
}  # fmt: skip
# Somebody's object: kind of the object, whose id stands in the path.
OBJECTS = {
    "persons/<uuid:row_id>/": "person",
    "lumps/<uuid:row_id>/": "lump",
    "lumps/<uuid:row_id>/history/": "lump",
    "lumps/<uuid:lump_id>/assessment/": "lump",
    "observations/<uuid:row_id>/": "observation",
    "care/<uuid:row_id>/": "care",
    "photos/<uuid:row_id>/": "photo",
    "photos/<uuid:row_id>/large/": "photo",
    "photos/<uuid:row_id>/thumb/": "photo",
    "share-links/<uuid:link_id>/": "link",
    "share-links/<uuid:link_id>/accesses/": "link",
    "helper-links/<uuid:link_id>/": "helper",
    "helper-links/<uuid:link_id>/photo/": "helper",
    "helper-links/<uuid:link_id>/keep/": "helper",
    "notifications/<uuid:notification_id>/": "notification",
    "notifications/<uuid:notification_id>/acknowledge/": "notification",
    "notifications/<uuid:notification_id>/snooze/": "notification",
    "episodes/<uuid:episode_id>/": "episode",
    "episodes/<uuid:episode_id>/stop/": "episode",
}
# Not the API: the app, accounts (django-allauth's own tests), the clinic's pages, the hoster's pages.
ELSEWHERE = (
    "_allauth/",
    "admin/",
    "s/",
    "^s/",
    "shl/",
    "healthz",
    "readyz",
    "metrics",
    "manifest.webmanifest",
    "robots.txt",
)


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address and its view. Any: views come in two shapes."""
    for one in resolver.url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, path)
        elif isinstance(one, URLPattern):
            yield path, one.callback


def api_routes() -> dict[str, Any]:  # Any: a view class
    start = "api/v1/"
    return {
        path.removeprefix(start): view.view_class for path, view in routes(get_resolver()) if path.startswith(start)
    }


def methods_of(path: str) -> set[str]:
    return {method for method in METHODS if hasattr(api_routes()[path], method.lower())}


@dataclass
class World:
    """Ada's record with one of everything, and Cal who has a person and a lump of his own."""

    ada: Somebody
    cal: Somebody
    ids: dict[str, UUID]
    cal_ids: dict[str, UUID] = field(default_factory=dict)

    def body(self, kind: str) -> tuple[object, str]:
        """What a valid PUT of this kind by Cal would send, in its media type."""
        mine = {name: str(pk) for name, pk in self.cal_ids.items()}
        if kind == "photo":
            image = BytesIO(pictures.jpeg())
            image.name = "a.jpg"
            return encode_multipart(BOUNDARY, {"image": image, "observation": mine["observation"]}), MULTIPART_CONTENT
        bodies: dict[str, object] = {
            "person": {},
            "lump": {"person": mine["person"], "site": "thigh"},
            "observation": {"lump": mine["lump"], "observed_at": OBSERVED_AT},
            "care": {"lump": mine["lump"], "on": "2026-10-02", "kind": "booked"},
            "link": {"lumps": [mine["lump"]]},
            "helper": {"lump": mine["lump"]},
            "notification": {"answer": "read"},
            "episode": {"step": 1},
        }
        return json.dumps(bodies[kind]), "application/json"

    def ask(self, who: Somebody, method: str, path: str, kind: str, row_id: UUID) -> HttpResponse:
        """One request for the object `row_id`, with a body that is right for the method."""
        address = "/api/v1/" + path[: path.index("<")] + str(row_id) + path[path.index(">") + 1 :]
        data, content_type = self.body(kind)
        if path.endswith("snooze/"):
            data = json.dumps({"until": (timezone.now() + timedelta(hours=1)).isoformat()})
        if method in ("GET", "DELETE"):
            data = ""
        headers = {"X-Session-Token": who.token} if who.token else {}
        answer: HttpResponse = who.client.generic(method, address, data, content_type, headers=headers)  # type: ignore[assignment]  # as above
        return answer


@pytest.fixture(name="world")
def _world(settings: Settings, tmp_path: Path) -> World:
    settings.STORAGE_DIR = tmp_path / "storage"
    owner, stranger = ada(), cal()
    ids, cal_ids = _record(owner), _record(stranger)
    link, helper = uuid4(), _helped(owner, ids["lump"])
    owner.put(f"share-links/{link}/", {"lumps": [str(ids["lump"])]})
    lump = Lump.objects.get(pk=ids["lump"])
    episode = Episode.objects.create(lump=lump, finding="check", level="watch", opened_at=NOW, next_step_at=NOW)
    told = Notification.objects.create(
        user=owner.user, person=lump.person, lump=lump, episode=episode, kind="check_due", level="watch",
        channel="email", created_at=NOW, due_at=NOW,
    )  # fmt: skip
    photo = _photo(ids["observation"])
    others = {"link": link, "helper": helper, "notification": told.pk, "photo": photo, "episode": episode.pk}
    return World(owner, stranger, {**ids, **others}, cal_ids)


def _helped(owner: Somebody, lump: UUID) -> UUID:
    """A helper's link whose photo has arrived."""
    link, keys = uuid4(), (vault.new_key(), vault.new_key())
    owner.put(f"helper-links/{link}/", {"lump": str(lump)})
    for key in keys:
        vault.store_bytes(key, pictures.jpeg())
    HelperLink.objects.filter(pk=link).update(taken_at=NOW, large_key=keys[0], thumb_key=keys[1])
    return link


def _photo(observation_id: UUID) -> UUID:
    """A picture whose bytes are there; how they come is proved where uploads are."""
    observation = Observation.objects.get(pk=observation_id)
    large, thumb = vault.new_key(), vault.new_key()
    for key in (large, thumb):
        vault.store_bytes(key, pictures.jpeg())
    return Photo.objects.create(
        person=observation.person, lump=observation.lump, observation=observation, state="ready", width=96, height=64,
        large_key=large, thumb_key=thumb, sha256=hashlib.sha256(pictures.jpeg()).hexdigest(),
        created_at=NOW, updated_at=NOW,
    ).pk  # fmt: skip


def _record(somebody: Somebody) -> dict[str, UUID]:
    person = somebody.put_person(name="Secret Name")
    lump = somebody.put_lump(person, label="Secret label")
    observation, care = somebody.put_observation(lump), somebody.put_care(lump)
    return {"person": person, "lump": lump, "observation": observation, "care": care}


def test_every_route_has_a_row() -> None:
    assert set(api_routes()) == OPEN | OWN | OBJECTS.keys()


def test_every_other_address_is_known() -> None:
    strange = [path for path, _ in routes(get_resolver()) if path and not path.startswith(("api/v1/", *ELSEWHERE))]
    assert strange == []


@pytest.mark.parametrize("path", sorted(OBJECTS))
def test_nobody_is_asked_to_sign_in_whatever_the_id(world: World, path: str) -> None:
    kind = OBJECTS[path]
    for method in METHODS:
        answers = [world.ask(nobody(), method, path, kind, row_id) for row_id in (world.ids[kind], uuid4())]
        assert [answer.status_code for answer in answers] == [401, 401], method
        assert answers[0].content == answers[1].content


@pytest.mark.parametrize("path", sorted(OBJECTS))
def test_a_stranger_gets_the_answer_of_what_is_not_there(world: World, path: str) -> None:
    kind = OBJECTS[path]
    missing = world.cal.ask("GET", f"lumps/{uuid4()}/")
    for method in METHODS:
        answer = world.ask(world.cal, method, path, kind, world.ids[kind])
        if method in methods_of(path):
            assert (method, answer.status_code, answer.content) == (method, 404, missing.content)
            assert answer.headers["Content-Type"] == missing.headers["Content-Type"]
        else:
            assert (method, answer.status_code) == (method, 405)


@pytest.mark.parametrize("path", sorted(OBJECTS))
def test_the_owner_comes_in(world: World, path: str) -> None:
    kind = OBJECTS[path]
    world.cal_ids = world.ids
    for method in (one for one in METHODS if one in methods_of(path)):
        assert world.ask(world.ada, method, path, kind, world.ids[kind]).status_code in (200, 201, 204), method


@pytest.mark.parametrize("path", sorted(OWN))
def test_ones_own_needs_a_sign_in(path: str) -> None:
    for method in METHODS:
        assert nobody().ask(method, path, {}).status_code == 401, method


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
