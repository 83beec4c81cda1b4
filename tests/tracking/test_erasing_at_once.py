"""Erasing while somebody else erases or writes: through the doors that phones use, on connections of their own.

On SQLite writers queue, so these prove something on PostgreSQL only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import pictures
from tests.at_once import at_once, several_writers
from tests.people import OBSERVED_AT, Somebody, sign_up
from tests.uploads import files, send
from tracking.key_rotation import forget_holderless
from tracking.models import CareEvent, Lump, Membership, Observation, Person, Photo, SealingKey, User

pytestmark = [
    pytest.mark.django_db(transaction=True),
    several_writers,
]
ROUNDS = 3
JPEG = pictures.jpeg()
Act = Callable[[], int]


@pytest.fixture(autouse=True)
def _doors(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.ACCOUNT_RATE_LIMITS = settings.RATE_LIMITS_ON = False


def phone_of(email: str) -> Somebody:
    """Somebody whose phone hears of an error in the program as a phone does: 500."""
    somebody = sign_up(email)
    somebody.client.raise_request_exception = False
    return somebody


def shared(owner: Somebody, other: Somebody, *, role: str) -> tuple[UUID, UUID, UUID]:
    """A person of two accounts with something logged: ids of person, lump and check."""
    person = owner.put_person(name="Our child", birth_date="1971")
    lump = owner.put_lump(person, label="below the elbow")
    check = owner.put_observation(lump, note="since the fall", length_mm=12)
    assert send(owner, check, JPEG).status_code == 201
    Membership.objects.create(user=other.user, person_id=person, role=role)
    return person, lump, check


def nothing_is_left(tmp_path: Path) -> bool:
    """Nor a key: one that was made for a picture whose person went that moment is tidied up by the daily sweep."""
    forget_holderless(at=timezone.now() + timedelta(days=3))
    rows = [model._default_manager.count() for model in (Person, Lump, Observation, Photo, CareEvent, Membership)]
    keys = SealingKey.objects.filter(kind="person").count()
    return not any(rows) and not keys and not files(tmp_path / "storage")


def together(*acts: Act) -> list[int]:
    return at_once(len(acts), lambda one: acts[one]())


def deletes(somebody: Somebody, path: str) -> Act:
    return lambda: somebody.ask("DELETE", path).status_code


def test_two_owners_who_erase_one_person_at_once_leave_nothing_of_it(tmp_path: Path) -> None:
    ada, cal = phone_of("ada@example.org"), phone_of("cal@example.org")
    for _ in range(ROUNDS):
        person, _, _ = shared(ada, cal, role="owner")
        answered = together(*(deletes(one, f"persons/{person}/") for one in (ada, cal, ada, cal)))
        assert 204 in answered
        assert set(answered) <= {204, 404}
        assert nothing_is_left(tmp_path)


def test_two_owners_whose_accounts_are_erased_at_once_leave_no_record_that_nobody_owns(tmp_path: Path) -> None:
    for one in range(ROUNDS):
        ada, cal = phone_of(f"ada{one}@example.org"), phone_of(f"cal{one}@example.org")
        shared(ada, cal, role="owner")
        assert together(deletes(ada, "me/"), deletes(cal, "me/")) == [204, 204]
        assert not User.objects.exists()
        assert nothing_is_left(tmp_path)


@pytest.mark.parametrize("erased", ["person", "account", "lump"])
def test_what_a_logger_writes_while_an_owner_erases_leaves_nothing(tmp_path: Path, erased: str) -> None:
    cal = phone_of("cal@example.org")
    ada = phone_of("ada@example.org")
    for one in range(ROUNDS):
        person, lump, check = shared(ada, cal, role="logger")
        seen = {"lump": str(lump), "observed_at": OBSERVED_AT, "note": "bigger"}
        care = {"lump": str(lump), "on": "2026-10-02", "kind": "seen", "note": "said to wait"}
        operation = {"op_id": str(uuid4()), "type": "observation", "id": str(uuid4()), "fields": seen}
        own = {**operation, "op_id": str(uuid4()), "id": str(uuid4())}
        path = {"person": f"persons/{person}/", "account": "me/", "lump": f"lumps/{lump}/"}[erased]
        answered = together(
            deletes(ada, path),
            lambda: send(cal, check, JPEG).status_code,  # noqa: B023  done within the round
            lambda: cal.ask("PUT", f"observations/{uuid4()}/", seen).status_code,  # noqa: B023  as above
            lambda: cal.ask("PUT", f"care/{uuid4()}/", care).status_code,  # noqa: B023  as above
            lambda: cal.ask("PATCH", f"persons/{person}/", {"name": "Ours"}).status_code,  # noqa: B023  as above
            lambda: cal.ask("POST", "sync/", {"cursor": None, "operations": [operation]}).status_code,  # noqa: B023
            lambda: ada.ask("POST", "sync/", {"cursor": None, "operations": [own]}).status_code,  # noqa: B023
            lambda: ada.ask("PUT", f"lumps/{uuid4()}/", {"person": str(person), "site": "thigh"}).status_code,  # noqa: B023
            lambda: ada.ask("PATCH", "me/", {"language": "es"}).status_code,  # noqa: B023
        )
        assert answered[0] == 204
        assert max(answered) < 500, answered
        if erased == "lump":
            assert not Observation.objects.exists()
            assert ada.ask("DELETE", f"persons/{person}/").status_code == 204
        assert nothing_is_left(tmp_path), f"{[path.name for path in files(tmp_path / 'storage')]}"
        if erased == "account":
            ada = phone_of(f"ada{one}@example.org")
