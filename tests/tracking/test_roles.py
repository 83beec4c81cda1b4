"""Roles against operations: what an owner, a logger and a viewer of one person may do, through the API alone.

Ada owns. Cal is given each role in turn; without one he is a stranger, and every answer is that of what is not there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import pictures, uploads
from tests.people import OBSERVED_AT, Somebody, ada, cal
from tracking.models import Lump, Membership
from triage.models import Episode, Notification

pytestmark = pytest.mark.django_db
ROLES = ("viewer", "logger", "owner", None)


@dataclass
class Shared:
    """Ada's person, in which Cal has a role."""

    ada: Somebody
    cal: Somebody
    person: UUID
    lump: UUID
    check: UUID
    care: UUID

    def told(self) -> UUID:
        """A message about it, to Cal."""
        lump, at = Lump.objects.get(pk=self.lump), timezone.now()
        episode = Episode.objects.create(lump=lump, finding=str(uuid4()), level="this_week", opened_at=at, step=1)
        row = Notification.objects.create(
            user=self.cal.user, person=lump.person, lump=lump, episode=episode, kind="seek_care", level="this_week",
            channel="email", created_at=at, due_at=at,
        )  # fmt: skip
        return row.pk

    def written(self) -> tuple[UUID, UUID]:
        """What a clinician wrote and Ada confirmed: a lump of its own, and the step of care."""
        lump = self.ada.put_lump(self.person)
        return lump, self.ada.put_care(lump, by="clinician", confirmed=True)

    def sync(self, operation: dict[str, object]) -> HttpResponse:
        """One operation; a refusal inside it is shown as the status that the API would answer."""
        answer = self.cal.ask("POST", "sync/", {"operations": [{"op_id": str(uuid4()), **operation}]})
        error = json.loads(answer.content)["results"][0]["error"]
        if error:
            answer.status_code = {"not_in_this_role": 403, "not_found": 404}[error["code"]]
        return answer


Ask = Callable[[Shared], HttpResponse]
READ: dict[str, Ask] = {
    "read the person": lambda us: us.cal.ask("GET", f"persons/{us.person}/"),
    "read a lump": lambda us: us.cal.ask("GET", f"lumps/{us.lump}/"),
    "read its history": lambda us: us.cal.ask("GET", f"lumps/{us.lump}/history/"),
    "read its assessment": lambda us: us.cal.ask("GET", f"lumps/{us.lump}/assessment/"),
    "read a check": lambda us: us.cal.ask("GET", f"observations/{us.check}/"),
    "see who shares": lambda us: us.cal.ask("GET", f"persons/{us.person}/members/"),
    "say that a message was read": lambda us: us.cal.ask(
        "POST", f"notifications/{us.told()}/acknowledge/", {"answer": "read"}
    ),
    "leave": lambda us: us.cal.ask("DELETE", f"persons/{us.person}/members/{us.cal.user.pk}/"),
}
LOG: dict[str, Ask] = {
    "log a check": lambda us: us.cal.ask(
        "PUT", f"observations/{uuid4()}/", {"lump": str(us.lump), "observed_at": OBSERVED_AT}
    ),
    "mend a check": lambda us: us.cal.ask("PATCH", f"observations/{us.check}/", {"length_mm": 12}),
    "delete a check": lambda us: us.cal.ask("DELETE", f"observations/{us.check}/"),
    "add a photo": lambda us: uploads.send(us.cal, us.check, pictures.jpeg()),
    "add care": lambda us: us.cal.ask(
        "PUT", f"care/{uuid4()}/", {"lump": str(us.lump), "on": "2026-10-02", "kind": "booked"}
    ),
    "delete care": lambda us: us.cal.ask("DELETE", f"care/{us.care}/"),
    "delete a lump": lambda us: us.cal.ask("DELETE", f"lumps/{us.lump}/"),
    "add a lump": lambda us: us.cal.ask("PUT", f"lumps/{uuid4()}/", {"person": str(us.person), "site": "calf"}),
    "change a lump": lambda us: us.cal.ask("PATCH", f"lumps/{us.lump}/", {"label": "the left one"}),
    "change the person": lambda us: us.cal.ask("PATCH", f"persons/{us.person}/", {"birth_date": "2019"}),
    "log a check by sync": lambda us: us.sync(
        {"type": "observation", "id": str(uuid4()), "fields": {"lump": str(us.lump), "observed_at": OBSERVED_AT}}
    ),
    "delete a check by sync": lambda us: us.sync({"type": "observation", "id": str(us.check), "deleted": True}),
    "say that it was seen": lambda us: us.cal.ask(
        "POST", f"notifications/{us.told()}/acknowledge/", {"answer": "seen"}
    ),
}
OWN: dict[str, Ask] = {
    "delete the person": lambda us: us.cal.ask("DELETE", f"persons/{us.person}/"),
    "delete the person by sync": lambda us: us.sync({"type": "person", "id": str(us.person), "deleted": True}),
    "change what a clinician wrote": lambda us: us.sync(
        {"type": "care", "id": str(us.written()[1]), "fields": {"outcome": "Nothing to do."}}
    ),
    "delete what a clinician wrote": lambda us: us.cal.ask("DELETE", f"care/{us.written()[1]}/"),
    "delete what a clinician wrote by sync": lambda us: us.sync(
        {"type": "care", "id": str(us.written()[1]), "deleted": True}
    ),
    "delete a lump that a clinician wrote about": lambda us: us.cal.ask("DELETE", f"lumps/{us.written()[0]}/"),
    "make a share link": lambda us: us.cal.ask("PUT", f"share-links/{uuid4()}/", {"lumps": [str(us.lump)]}),
    "make a helper's link": lambda us: us.cal.ask("PUT", f"helper-links/{uuid4()}/", {"lump": str(us.lump)}),
    "invite": lambda us: us.cal.ask("PUT", f"invitations/{uuid4()}/", {"person": str(us.person), "role": "viewer"}),
    "change who is told": lambda us: us.cal.ask(
        "PATCH", f"persons/{us.person}/members/{us.ada.user.pk}/", {"told": True}
    ),
    "change a role": lambda us: us.cal.ask(
        "PATCH", f"persons/{us.person}/members/{us.cal.user.pk}/", {"role": "owner", "told": True}
    ),
    "end somebody's share": lambda us: us.cal.ask("DELETE", f"persons/{us.person}/members/{us.ada.user.pk}/"),
    "decide not to act": lambda us: us.cal.ask(
        "POST", f"notifications/{us.told()}/acknowledge/", {"answer": "will_not_act"}
    ),
}
NEEDED = {**dict.fromkeys(READ, 0), **dict.fromkeys(LOG, 1), **dict.fromkeys(OWN, 2)}
RANK = {None: -1, "viewer": 0, "logger": 1, "owner": 2}


@pytest.fixture(name="us")
def _us(settings: Settings, tmp_path: Path) -> Shared:
    settings.STORAGE_DIR = tmp_path / "storage"
    owner = ada()
    person = owner.put_person(name="Our child")
    lump = owner.put_lump(person)
    return Shared(owner, cal(), person, lump, owner.put_observation(lump), owner.put_care(lump))


@pytest.mark.any_database("a role is one word in one row, asked for in one place")
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("operation", sorted(NEEDED))
def test_each_role_may_do_what_it_says_and_no_more(us: Shared, operation: str, role: str | None) -> None:
    if role:
        Membership.objects.create(user=us.cal.user, person_id=us.person, role=role)
    answer = {**READ, **LOG, **OWN}[operation](us)
    if RANK[role] >= NEEDED[operation]:
        assert answer.status_code in (200, 201, 204), answer.content
    elif role is None:
        assert answer.status_code == 404
    else:
        assert answer.status_code == 403
        assert b"not_in_this_role" in answer.content


def test_a_person_says_what_the_caller_may_do_there(us: Shared) -> None:
    Membership.objects.create(user=us.cal.user, person_id=us.person, role="logger")
    assert [row["role"] for row in us.cal.get("persons/")["results"]] == ["logger"]
    assert us.ada.get(f"persons/{us.person}/")["role"] == "owner"
    written = us.ada.put(f"persons/{us.person}/", us.ada.get(f"persons/{us.person}/"))
    assert written["role"] == "owner"


def test_who_is_no_owner_sees_the_owners_and_themselves(us: Shared) -> None:
    for email, role in ((us.cal.email, "viewer"), ("bea@example.org", "logger")):
        user = us.cal.user if email == us.cal.email else type(us.cal.user).objects.create_user(email)
        Membership.objects.create(user=user, person_id=us.person, role=role)
    address = f"persons/{us.person}/members/"
    assert [(one["email"], one["role"]) for one in us.cal.get(address)["results"]] == [
        ("ada@example.org", "owner"),
        ("cal@example.org", "viewer"),
    ]
    assert len(us.ada.get(address)["results"]) == 3
