"""How much room the photos of one account may take."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from pytest_django.fixtures import Settings

from tests import pictures
from tests.at_once import at_once, several_writers
from tests.people import Somebody, cal
from tests.people import ada as sign_up_ada
from tests.uploads import check_of, send, told
from tracking.models import Membership, Photo, User
from tracking.room import MEGABYTE, TYPICAL_BYTES, kept_bytes

pytestmark = pytest.mark.django_db
JPEG = pictures.jpeg()


@pytest.fixture(name="ada")
def _ada(settings: Settings, tmp_path: Path) -> Somebody:
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.ACCOUNT_RATE_LIMITS = False
    settings.ACCOUNT_MEGABYTES = 1
    return sign_up_ada()


def kept(somebody: Somebody) -> int:
    return kept_bytes(somebody.user.pk)


def leave_room_for(settings: Settings, somebody: Somebody, photos: int) -> None:
    """Make what is there take so much that only this many more of `JPEG` fit."""
    first = Photo.objects.latest("created_at")
    one = first.size_bytes or 0
    full = settings.ACCOUNT_MEGABYTES * MEGABYTE - (photos + 0.5) * one - (kept(somebody) - one)
    Photo.objects.filter(pk=first.pk).update(size_bytes=int(full))


def test_a_photo_takes_the_room_of_what_is_kept_of_it(ada: Somebody) -> None:
    assert send(ada, check_of(ada), JPEG).status_code == 201
    photo = Photo.objects.get()
    lengths = [len(ada.ask("GET", f"photos/{photo.pk}/{size}/").content) for size in ("large", "thumb")]
    assert kept(ada) == photo.size_bytes == sum(lengths)


def test_without_room_a_photo_is_refused_and_the_answer_says_what_to_do(ada: Somebody, settings: Settings) -> None:
    check = check_of(ada)
    send(ada, check, JPEG)
    leave_room_for(settings, ada, 1)
    assert send(ada, check, JPEG).status_code == 201
    refused = send(ada, check, JPEG)
    assert (refused.status_code, told(refused)["code"]) == (413, "account_full")
    for word in ("1 MB", "Delete photos", "ask whoever runs this"):
        assert word in told(refused)["message"]
    assert Photo.objects.filter(state="ready").count() == 2


def test_deleting_makes_room_again_and_what_is_written_needs_none(ada: Somebody, settings: Settings) -> None:
    check = check_of(ada)
    first = told(send(ada, check, JPEG))["id"]
    leave_room_for(settings, ada, 0)
    assert send(ada, check, JPEG).status_code == 413
    ada.put_observation(UUID(ada.get(f"observations/{check}/")["lump"]), length_mm=12)
    assert ada.ask("DELETE", f"photos/{first}/").status_code == 204
    assert send(ada, check, JPEG).status_code == 201


def test_the_same_photo_sent_again_needs_no_more_room(ada: Somebody, settings: Settings) -> None:
    check = check_of(ada)
    photo = UUID(told(send(ada, check, JPEG))["id"])
    leave_room_for(settings, ada, 0)
    assert send(ada, check, JPEG, photo=photo).status_code == 200


def test_who_shares_is_refused_only_where_no_owner_has_room(ada: Somebody, settings: Settings) -> None:
    other, check = cal(), check_of(ada)
    person = ada.get(f"observations/{check}/")["lump"]
    person_id = ada.get(f"lumps/{person}/")["person"]
    Membership.objects.create(user=other.user, person_id=person_id, role="logger")
    send(ada, check, JPEG)
    leave_room_for(settings, ada, 0)
    assert send(other, check, JPEG).status_code == 413
    full = check_of(other)
    send(other, full, JPEG)
    Membership.objects.filter(user=other.user, person_id=person_id).update(role="owner")
    Photo.objects.filter(observation=check).update(size_bytes=10)
    Photo.objects.filter(observation=full).update(size_bytes=MEGABYTE)
    assert (send(other, full, JPEG).status_code, send(other, check, JPEG).status_code) == (413, 201)


def test_what_an_earlier_version_stored_counts_as_usual(ada: Somebody) -> None:
    send(ada, check_of(ada), JPEG)
    Photo.objects.update(size_bytes=None)
    assert kept(ada) == TYPICAL_BYTES


def test_nought_is_no_limit(ada: Somebody, settings: Settings) -> None:
    settings.ACCOUNT_MEGABYTES = 0
    check = check_of(ada)
    send(ada, check, JPEG)
    Photo.objects.update(size_bytes=2_000_000_000)
    assert send(ada, check, JPEG).status_code == 201


@pytest.mark.django_db(transaction=True)
@several_writers
def test_of_many_photos_at_once_as_many_are_taken_as_have_room(ada: Somebody, settings: Settings) -> None:
    """Each of another person, so that nothing but the account's own row holds them apart."""
    checks = [check_of(ada) for _ in range(4)]
    send(ada, checks[0], JPEG)
    leave_room_for(settings, ada, 2)
    assert User.objects.count() == 1

    def until_it_is_answered(one: int) -> int:
        answered = 429
        while answered == 429:  # all decoders are taken: a phone comes again
            answered = send(ada, checks[one], JPEG).status_code
        return answered

    assert sorted(at_once(4, until_it_is_answered)) == [201, 201, 413, 413]
