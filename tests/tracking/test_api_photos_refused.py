"""What is no picture, comes at the wrong moment or meets a full disk is refused in words, and nothing is stored."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from pytest_django.fixtures import Settings

from tests import pictures
from tests.people import ada
from tests.pictures import KINDS
from tests.uploads import check_of, nothing_is_stored, send, told
from tracking import photos, record_photos, vault


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> Path:
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.DATA_DIR = tmp_path
    return tmp_path / "storage"


pytestmark = pytest.mark.django_db(transaction=True)  # bytes go when a deletion is certain: at its commit


def test_bytes_that_changed_on_the_way_are_refused(storage: Path) -> None:
    somebody = ada()
    observation = check_of(somebody)
    right = hashlib.sha256(pictures.jpeg()).hexdigest()
    answer = send(somebody, observation, pictures.jpeg(50, 50), sha256=right)
    assert (answer.status_code, told(answer)["code"]) == (400, "sha256_mismatch")
    assert nothing_is_stored(storage)
    assert send(somebody, observation, pictures.jpeg(), sha256=right).status_code == 201


@pytest.mark.parametrize("missing", ["image", "observation"])
def test_a_form_that_lacks_something_names_it(missing: str, storage: Path) -> None:
    somebody = ada()
    form: dict[str, object] = {"image": BytesIO(pictures.jpeg()), "observation": str(check_of(somebody))}
    form["image"].name = "a.jpg"  # type: ignore[attr-defined]  # what makes it a file in the form
    del form[missing]
    answer = somebody.client.put(
        f"/api/v1/photos/{uuid4()}/",
        encode_multipart(BOUNDARY, form),
        content_type=MULTIPART_CONTENT,
        headers={"X-Session-Token": somebody.token},
    )
    assert answer.status_code == 400
    assert list(told(answer)["fields"]) == [missing]
    assert nothing_is_stored(storage)


def test_json_in_place_of_the_form_is_refused() -> None:
    assert ada().ask("PUT", f"photos/{uuid4()}/", {"observation": str(uuid4())}).status_code == 415


REFUSED = {
    "nothing": (b"", 415),
    "text": (b"not a picture " * 99, 415),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 415),
    "GIF": (pictures.encoded(pictures.marked(), "GIF"), 415),
    "half a JPEG": (pictures.jpeg(400, 300)[:2000], 415),
    "half a HEIC": (pictures.turned("HEIF", 1)[:300], 415),
    "a bomb of ten kilobytes": (pictures.flat_png(9216, 9216), 413),
    "a little over fifty megapixels": (pictures.flat_png(8350, 6000), 413),
    "a little over 25 MB": (pictures.jpeg() + bytes(photos.MAX_BYTES), 413),
    "far over 25 MB": (bytes(2 * photos.MAX_BYTES), 413),
}


def test_what_cannot_be_taken_is_refused_and_nothing_is_stored(storage: Path) -> None:
    somebody = ada()
    observation = check_of(somebody)
    for name, (data, status) in REFUSED.items():
        answer = send(somebody, observation, data)
        assert answer.status_code == status, name
        assert set(told(answer)) == {"code", "message", "fields"}, name
        assert nothing_is_stored(storage), name
    assert send(somebody, observation, pictures.jpeg()).status_code == 201


def test_mutants_are_taken_or_refused_and_never_an_accident() -> None:
    somebody = ada()
    observation = check_of(somebody)
    for number, kind in enumerate(KINDS * 4):
        mutant = bytearray(pictures.with_canaries(kind))
        mutant[number * 7 % len(mutant)] ^= 0xFF
        mutant[number * 101 % len(mutant)] ^= 0x55
        assert send(somebody, observation, bytes(mutant)).status_code in {201, 413, 415}


def test_a_decoder_that_crashes_leaves_the_server_alive(
    storage: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    somebody = ada()
    observation = check_of(somebody)
    crash = tmp_path / "crash.py"
    crash.write_text("import os; os.abort()")
    with monkeypatch.context() as patch:
        patch.setattr(photos, "_CHILD", crash)
        assert send(somebody, observation, pictures.jpeg()).status_code == 415
    assert nothing_is_stored(storage)
    assert send(somebody, observation, pictures.jpeg()).status_code == 201


def test_when_all_slots_are_taken_the_phone_is_told_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_taken(*_: object, **__: object) -> None:
        raise photos.Busy

    somebody = ada()
    observation = check_of(somebody)
    monkeypatch.setattr(record_photos, "clean_picture", all_taken)
    answer = send(somebody, observation, pictures.jpeg())
    assert (answer.status_code, told(answer)["code"]) == (429, "busy")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_full_disk_stores_neither_file_nor_row(storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = ada()
    observation = check_of(somebody)
    whole, written = vault.store_bytes, []

    def fail_at_the_second(key: str, data: bytes, *, holder: vault.Holder) -> None:
        written.append(key)
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        whole(key, data, holder=holder)

    monkeypatch.setattr(vault, "store_bytes", fail_at_the_second)
    with pytest.raises(OSError, match="No space"):
        send(somebody, observation, pictures.jpeg())
    assert nothing_is_stored(storage)
