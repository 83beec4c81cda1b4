"""`photos/`: stored once, whole or not at all, and shown only to whoever may see it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image
from pytest_django.fixtures import Settings

from tests import pictures
from tests.people import Somebody, ada, cal, nobody
from tests.pictures import CANARY, KINDS
from tests.uploads import check_of, files, nothing_is_stored, send, told
from tracking import photos, record_photos, vault
from tracking.models import Photo
from tracking.record_photos import forget_orphans

pytestmark = pytest.mark.django_db(transaction=True)  # bytes go when a deletion is certain: at its commit

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> Path:
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.DATA_DIR = tmp_path
    return tmp_path / "storage"


def test_a_picture_is_stored_and_served_in_two_sizes() -> None:
    somebody, photo = ada(), uuid4()
    observation = check_of(somebody)
    data = pictures.encoded(pictures.marked(3000, 2000), "JPEG")
    answer = send(somebody, observation, data, photo=photo, taken_at="2026-09-21T19:04:00+01:00")
    assert answer.status_code == 201
    row = told(answer)
    assert (row["id"], row["observation"], row["state"]) == (str(photo), str(observation), "ready")
    assert (row["width"], row["height"], row["sha256"]) == (2048, 1365, hashlib.sha256(data).hexdigest())
    assert datetime.fromisoformat(row["taken_at"]) == datetime(2026, 9, 21, 18, 4, tzinfo=UTC)
    assert somebody.get(f"photos/{photo}/") == row
    for size, long_side in (("large", 2048), ("thumb", 480)):
        served = somebody.ask("GET", f"photos/{photo}/{size}/")
        assert served.status_code == 200
        assert max(Image.open(BytesIO(served.content)).size) == long_side


def test_no_planted_byte_is_served_or_stored(storage: Path) -> None:
    somebody = ada()
    observation = check_of(somebody)
    for kind in KINDS:
        photo = uuid4()
        assert send(somebody, observation, pictures.with_canaries(kind), photo=photo).status_code == 201
        for size in ("large", "thumb"):
            assert CANARY not in somebody.ask("GET", f"photos/{photo}/{size}/").content, kind
        row = Photo.objects.get(pk=photo)
        assert not any(CANARY in vault.read_bytes(key) for key in (row.large_key, row.thumb_key)), kind
    assert not any(CANARY in path.read_bytes() or b"JFIF" in path.read_bytes() for path in files(storage))


def test_a_sideways_picture_of_any_kind_is_served_upright() -> None:
    somebody = ada()
    observation = check_of(somebody)
    for kind in KINDS:
        photo = uuid4()
        send(somebody, observation, pictures.turned(kind, 6), photo=photo, name="whatever.txt")
        served = Image.open(BytesIO(somebody.ask("GET", f"photos/{photo}/large/").content))
        assert pictures.is_near(pictures.corners(served)[0], pictures.RED), kind
        assert served.size == (96, 64), kind


def test_what_is_served_can_only_be_looked_at() -> None:
    somebody, photo = ada(), uuid4()
    send(somebody, check_of(somebody), pictures.jpeg(), photo=photo, name='"><script>.html')
    served = somebody.ask("GET", f"photos/{photo}/large/", Accept="image/avif,image/webp")
    assert served.headers["Content-Type"] == "image/jpeg"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert served.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert served.headers["Cache-Control"] == "private, no-store"


def test_a_browser_that_has_it_is_told_so_but_only_through_the_door() -> None:
    somebody, photo = ada(), uuid4()
    send(somebody, check_of(somebody), pictures.jpeg(), photo=photo)
    etag = somebody.ask("GET", f"photos/{photo}/large/").headers["ETag"]
    again = somebody.ask("GET", f"photos/{photo}/large/", **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert cal().ask("GET", f"photos/{photo}/large/", **{"If-None-Match": etag}).status_code == 404


def test_the_same_bytes_again_change_nothing(storage: Path) -> None:
    somebody, photo = ada(), uuid4()
    observation = check_of(somebody)
    first = send(somebody, observation, pictures.jpeg(), photo=photo)
    stored = {path: path.stat().st_mtime_ns for path in files(storage)}
    again = send(somebody, observation, pictures.jpeg(), photo=photo)
    assert (first.status_code, again.status_code) == (201, 200)
    assert told(again) == told(first)
    assert {path: path.stat().st_mtime_ns for path in files(storage)} == stored


def test_other_bytes_under_the_id_are_refused_and_the_first_stay() -> None:
    somebody, photo = ada(), uuid4()
    observation = check_of(somebody)
    send(somebody, observation, pictures.jpeg(), photo=photo)
    before = somebody.ask("GET", f"photos/{photo}/large/").content
    answer = send(somebody, observation, pictures.jpeg(100, 100), photo=photo)
    assert (answer.status_code, told(answer)["code"]) == (409, "other_bytes")
    assert somebody.ask("GET", f"photos/{photo}/large/").content == before


def test_no_phone_can_say_by_sync_that_stored_bytes_are_others() -> None:
    somebody, photo = ada(), uuid4()
    observation = check_of(somebody)
    send(somebody, observation, pictures.jpeg(), photo=photo)
    fields = {"observation": str(observation), "sha256": "0" * 64}
    operation = {"op_id": str(uuid4()), "type": "photo", "id": str(photo), "base_rev": 0, "fields": fields}
    somebody.post("sync/", {"cursor": None, "operations": [operation]})
    assert send(somebody, observation, pictures.jpeg(), photo=photo).status_code == 200


def test_a_picture_stays_with_its_check() -> None:
    somebody, photo = ada(), uuid4()
    send(somebody, check_of(somebody), pictures.jpeg(), photo=photo)
    answer = send(somebody, check_of(somebody), pictures.jpeg(), photo=photo)
    assert answer.status_code == 400
    assert "observation" in told(answer)["fields"]


def test_strangers_and_nobody_find_nothing() -> None:
    somebody, stranger, photo = ada(), cal(), uuid4()
    observation = check_of(somebody)
    send(somebody, observation, pictures.jpeg(), photo=photo)
    missing = stranger.ask("GET", f"photos/{uuid4()}/")
    for path in ("", "large/", "thumb/"):
        answer = stranger.ask("GET", f"photos/{photo}/{path}")
        assert (answer.status_code, answer.content) == (404, missing.content)
        assert nobody().ask("GET", f"photos/{photo}/{path}").status_code == 401
    assert stranger.ask("DELETE", f"photos/{photo}/").status_code == 404
    assert send(nobody(), observation, pictures.jpeg()).status_code == 401
    assert stranger.get("photos/")["results"] == []


def test_a_strangers_check_and_a_strangers_id_are_not_there(storage: Path) -> None:
    somebody, stranger, photo = ada(), cal(), uuid4()
    observation = check_of(somebody)
    assert send(stranger, observation, pictures.jpeg()).status_code == 404
    assert nothing_is_stored(storage)
    send(somebody, observation, pictures.jpeg(), photo=photo)
    assert send(stranger, check_of(stranger), pictures.jpeg(), photo=photo).status_code == 404
    assert Photo.objects.count() == 1
    assert len(files(storage)) == 2


def test_deleting_removes_the_bytes_and_the_id_stays_used(storage: Path) -> None:
    somebody, photo = ada(), uuid4()
    observation = check_of(somebody)
    send(somebody, observation, pictures.jpeg(), photo=photo)
    for _ in range(2):
        assert somebody.ask("DELETE", f"photos/{photo}/").status_code == 204
    assert nothing_is_stored(storage)
    assert somebody.ask("GET", f"photos/{photo}/large/").status_code == 404
    answer = send(somebody, observation, pictures.jpeg(), photo=photo)
    assert (answer.status_code, told(answer)["code"]) == (409, "deleted")
    assert nothing_is_stored(storage)


def test_deleting_the_lump_removes_its_pictures(storage: Path) -> None:
    somebody = ada()
    lump = somebody.put_lump()
    send(somebody, somebody.put_observation(lump), pictures.jpeg())
    somebody.ask("DELETE", f"lumps/{lump}/")
    assert nothing_is_stored(storage)


def test_the_list_is_newest_first_and_can_be_one_lumps() -> None:
    somebody = ada()
    one, other = check_of(somebody), check_of(somebody)
    ids = [told(send(somebody, at, pictures.jpeg()))["id"] for at in (one, other, one)]
    assert [row["id"] for row in somebody.get("photos/")["results"]] == ids[::-1]
    lump = somebody.get(f"observations/{one}/")["lump"]
    assert [row["id"] for row in somebody.get(f"photos/?lump={lump}")["results"]] == [ids[2], ids[0]]


def waiting_photo(somebody: Somebody, observation: UUID, **columns: object) -> Photo:
    """A row that came by `sync/` before its bytes."""
    lump = somebody.get(f"observations/{observation}/")["lump"]
    person = somebody.get(f"lumps/{lump}/")["person"]
    return Photo.objects.create(
        observation_id=observation, lump_id=lump, person_id=person, created_at=NOW, updated_at=NOW, **columns
    )


def test_a_picture_whose_bytes_have_not_come_asks_for_patience_until_they_do() -> None:
    somebody = ada()
    observation = check_of(somebody)
    photo = waiting_photo(somebody, observation, sha256=hashlib.sha256(pictures.jpeg()).hexdigest())
    answer = somebody.ask("GET", f"photos/{photo.pk}/thumb/")
    assert (answer.status_code, told(answer)["code"]) == (503, "waiting")
    assert int(answer.headers["Retry-After"]) > 0
    assert send(somebody, observation, pictures.jpeg(50, 50), photo=photo.pk).status_code == 409
    assert send(somebody, observation, pictures.jpeg(), photo=photo.pk).status_code == 201
    assert somebody.ask("GET", f"photos/{photo.pk}/thumb/").status_code == 200


def test_a_picture_whose_files_were_lost_takes_them_again(storage: Path) -> None:
    somebody, photo = ada(), uuid4()
    observation = check_of(somebody)
    send(somebody, observation, pictures.jpeg(), photo=photo)
    for path in files(storage):
        path.unlink()
    assert somebody.ask("GET", f"photos/{photo}/large/").status_code == 503
    assert send(somebody, observation, pictures.jpeg(), photo=photo).status_code == 201
    assert somebody.ask("GET", f"photos/{photo}/large/").status_code == 200


def test_files_without_a_row_are_found_once_they_are_old(storage: Path) -> None:
    somebody, photo = ada(), uuid4()
    send(somebody, check_of(somebody), pictures.jpeg(), photo=photo)
    vault.store_bytes(vault.new_key(), b"left by a crash", holder=vault.Holder("person", uuid4()))
    written = datetime.fromtimestamp(files(storage)[0].stat().st_mtime, tz=UTC)
    assert forget_orphans(at=written) == 0
    assert forget_orphans(at=written + timedelta(hours=2)) == 1
    assert somebody.ask("GET", f"photos/{photo}/large/").status_code == 200
    assert len(files(storage)) == 2


def test_an_upload_that_overtakes_its_twin_is_stored_once(storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody, photo = ada(), uuid4()
    observation = check_of(somebody)
    decode, statuses = photos.clean_picture, []

    def overtaken(data: bytes, **more: Any) -> photos.CleanPicture:  # Any: passed on as it came
        monkeypatch.setattr(record_photos, "clean_picture", decode)
        statuses.append(send(somebody, observation, pictures.jpeg(), photo=photo).status_code)
        return decode(data, **more)

    monkeypatch.setattr(record_photos, "clean_picture", overtaken)
    statuses.append(send(somebody, observation, pictures.jpeg(), photo=photo).status_code)
    assert statuses == [201, 200]
    assert len(files(storage)) == 2


def test_a_check_that_is_deleted_meanwhile_leaves_no_picture(storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = ada()
    observation = check_of(somebody)
    decode = photos.clean_picture

    def overtaken(data: bytes, **more: Any) -> photos.CleanPicture:  # Any: passed on as it came
        assert somebody.ask("DELETE", f"observations/{observation}/").status_code == 204
        return decode(data, **more)

    monkeypatch.setattr(record_photos, "clean_picture", overtaken)
    assert send(somebody, observation, pictures.jpeg()).status_code == 404
    assert nothing_is_stored(storage)
