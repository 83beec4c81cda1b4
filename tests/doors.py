"""Every door: the API's routes from the URL resolver, what each is about, and a world in which to knock at them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests import pictures
from tests.lumptracker.readers import PASSCODE, Link, Reader, share
from tests.people import OBSERVED_AT, Somebody, ada, cal, nobody, sign_up
from tracking import vault
from tracking.models import Export, HelperLink, Import, Lump, Membership, Observation, Photo, ShareLink, User
from triage.models import Episode, Notification

METHODS = ("GET", "PUT", "PATCH", "POST", "DELETE")
KNOCKS = (*METHODS, "HEAD", "OPTIONS")  # every way to knock; the last two come with the first
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)

# Anybody may read these: they say nothing about anybody.
OPEN = {"schema/", "docs/", "rulebook/", "push-subscriptions/key/", "notifications/stop/<str:token>/"}
OPEN |= {"calendar/<str:token>/"}  # but for its secret
OPEN |= {"erasures/<uuid:erasure_id>/"}  # to whoever holds the receipt of an account that is gone
# One's own, without an id in the path: a stranger sees his own, which holds nothing of Ada's.
OWN = {
    "me/", "me/access-log/", "me/consents/", "me/consents/<str:purpose>/",
    "persons/", "lumps/", "observations/", "care/", "photos/", "sync/", "share-links/",
    "helper-links/", "notifications/", "notifications/opened/",
    "invitations/", "invitations/look/", "invitations/accept/",
    "push-subscriptions/", "push-subscriptions/test/", "episodes/", "reminders/", "reminders/test/",
    "reminders/test/arrived/", "trusted-contact/", "export/", "import/", "import/template/",
    "erasures/", "retention/", "channels/", "channels/<str:channel>/", "calendar/",
}  # fmt: skip
# Somebody's object: kind of the object, whose id stands in the path.
OBJECTS = {
    "persons/<uuid:row_id>/": "person",
    "persons/<uuid:row_id>/members/": "person",
    "persons/<uuid:row_id>/members/<uuid:member_id>/": "member",
    "invitations/<uuid:invitation_id>/": "invitation",
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
    "export/<uuid:export_id>/": "export",
    "export/<uuid:export_id>/file/": "export",
    "import/<uuid:import_id>/": "import",
    "notifications/<uuid:notification_id>/": "notification",
    "notifications/<uuid:notification_id>/acknowledge/": "notification",
    "notifications/<uuid:notification_id>/snooze/": "notification",
    "episodes/<uuid:episode_id>/": "episode",
    "episodes/<uuid:episode_id>/stop/": "episode",
}
# What a role of Ada's person opens: the record to all roles, its owners' matters to owners, what she made to her alone.
RECORD = {"person", "lump", "observation", "care", "photo"}
OF_OWNERS = {"member", "invitation", "episode"}
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
    member: User  # who only looks at Ada's person
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
            "export": {},
            "import": {},
            "member": {"told": True},
            "invitation": {"person": mine["person"], "role": "viewer"},
        }
        return json.dumps(bodies[kind]), "application/json"

    def ask(self, who: Somebody, method: str, path: str, kind: str, row_id: UUID) -> HttpResponse:
        """One request for the object `row_id`, with a body that is right for the method."""
        address = "/api/v1/" + path[: path.index("<")] + str(row_id) + path[path.index(">") + 1 :]
        address = address.replace("<uuid:member_id>", str(self.member.pk))
        data, content_type = self.body(kind)
        if path.endswith("snooze/"):
            data = json.dumps({"until": (timezone.now() + timedelta(hours=1)).isoformat()})
        if method in ("GET", "DELETE", "HEAD", "OPTIONS"):
            data = ""
        headers = {"X-Session-Token": who.token} if who.token else {}
        answer: HttpResponse = who.client.generic(method, address, data, content_type, headers=headers)  # type: ignore[assignment]  # as above
        return answer


def a_world() -> World:
    """Photos go to wherever the settings say."""
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
    photo, invitation = _photo(ids["observation"]), uuid4()
    owner.put(f"invitations/{invitation}/", {"person": str(ids["person"]), "role": "viewer"})
    bea = User.objects.create_user("bea@example.org")
    Membership.objects.create(user=bea, person=lump.person, role=Membership.Role.VIEWER)
    copy = Export.objects.create(user=owner.user, state="ready", created_at=timezone.now())
    others = {
        "export": copy.pk,
        "import": Import.objects.create(user=owner.user, state="ready", created_at=timezone.now()).pk,
        "link": link,
        "helper": helper,
        "notification": told.pk,
        "photo": photo,
        "episode": episode.pk,
    }
    shared = {"member": lump.person_id, "invitation": invitation}
    return World(owner, stranger, {**ids, **others, **shared}, bea, cal_ids)


def _helped(owner: Somebody, lump: UUID) -> UUID:
    """A helper's link whose photo has arrived."""
    link, keys = uuid4(), (vault.new_key(), vault.new_key())
    owner.put(f"helper-links/{link}/", {"lump": str(lump)})
    whose = vault.Holder("person", HelperLink.objects.get(pk=link).lump.person_id)
    for key in keys:
        vault.store_bytes(key, pictures.jpeg(), holder=whose)
    HelperLink.objects.filter(pk=link).update(taken_at=NOW, large_key=keys[0], thumb_key=keys[1])
    return link


def _photo(observation_id: UUID) -> UUID:
    """A picture whose bytes are there; how they come is proved where uploads are."""
    observation = Observation.objects.get(pk=observation_id)
    large, thumb = vault.new_key(), vault.new_key()
    for key in (large, thumb):
        vault.store_bytes(key, pictures.jpeg(), holder=vault.Holder("person", observation.person_id))
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


# Who stands before a door


def holder_of(link: Link) -> Somebody:
    """Bea's browser, after it opened a share link."""
    bea = Reader()
    assert bea.open(token=link.token, passcode=PASSCODE).status_code == 303
    return Somebody(client=bea.client)


def helper_of(owner: Somebody, lump: UUID, photo: UUID) -> Somebody:
    """Somebody's phone, after it opened a helper's link that shows this picture."""
    made = owner.put(f"helper-links/{uuid4()}/", {"lump": str(lump), "like": str(photo)})
    phone = Client(enforce_csrf_checks=True)
    assert phone.post("/s/help/open/", {"token": made["url"].partition("#")[2]}).status_code == 303
    return Somebody(client=phone)


def nobodies(world: World) -> dict[str, Somebody]:
    """Whoever has no account here, whatever else they bring."""
    lump = world.ids["lump"]
    ended, gone = share(world.ada, lump), sign_up("ada+gone@example.org")
    late = holder_of(ended)
    ShareLink.objects.filter(pk=ended.id).update(expires_at=timezone.now())
    assert gone.ask("DELETE", "me/").status_code == 204
    return {
        "anonymous": nobody(),
        "holder of a link": holder_of(share(world.ada, lump)),
        "holder of a link that ended": late,
        "holder of a helper's link": helper_of(world.ada, lump, world.ids["photo"]),
        "somebody whose account was erased": gone,
    }


def strangers(world: World) -> dict[str, Somebody]:
    """Whoever has an account, and no part in Ada's record."""
    hoster = sign_up("cal+hoster@example.org")
    User.objects.filter(pk=hoster.user.pk).update(is_staff=True, is_superuser=True)
    return {"stranger": world.cal, "hoster": hoster}
