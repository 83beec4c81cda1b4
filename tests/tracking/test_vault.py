"""Nothing plain at rest; what was sealed opens under its own key alone; a crash leaves nothing half written."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from tracking import keyring, sealing, vault
from tracking.vault import Holder, VaultError

pytestmark = pytest.mark.django_db

ADA = Holder("person", uuid4())
NOTE = "It is sore when I lie on it. Ünïcode 🙂"


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_KEY = "a key for this test"
    settings.STORAGE_DIR = tmp_path / "storage"
    return tmp_path / "storage"


def test_text_comes_back_and_lies_sealed() -> None:
    sealed = vault.seal_text(NOTE, holder=ADA)
    assert "sore" not in sealed
    assert sealed.startswith("v2.")
    assert vault.open_text(sealed) == NOTE


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert vault.seal_text(NOTE, holder=ADA) != vault.seal_text(NOTE, holder=ADA)


def test_the_empty_text_stays_empty() -> None:
    assert vault.seal_text("", holder=ADA) == ""
    assert vault.open_text("") == ""


def test_another_key_opens_nothing(settings: Settings) -> None:
    sealed = vault.seal_text(NOTE, holder=ADA)
    settings.DATA_KEY, settings.READ_DATA_KEYS = "another key", lambda: ()
    with pytest.raises(VaultError, match="DATA_KEY"):
        vault.open_text(sealed)


@pytest.mark.parametrize("damaged", ["plain words", "v1.", "v1.!!!", "v1.AAAA", "v1.é", "v2.AAAA", "v2.!!!", "v3.AAAA"])
def test_what_was_not_sealed_here_is_a_clear_error(damaged: str) -> None:
    with pytest.raises(VaultError):
        vault.open_text(damaged)


def test_a_changed_character_is_noticed() -> None:
    sealed = vault.seal_text(NOTE, holder=ADA)
    changed = sealed[:60] + ("A" if sealed[60] != "A" else "B") + sealed[61:]
    with pytest.raises(VaultError):
        vault.open_text(changed)


def test_no_key_at_all_is_a_clear_error(settings: Settings) -> None:
    settings.DATA_KEY = ""
    with pytest.raises(VaultError, match="DATA_KEY"):
        vault.seal_text(NOTE, holder=ADA)


def test_bytes_come_back_and_lie_sealed_in_a_private_file(storage: Path) -> None:
    key = vault.new_key()
    vault.store_bytes(key, b"picture " * 100, holder=ADA)
    (file,) = (path for path in storage.rglob("*") if path.is_file())
    assert b"picture" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert vault.read_bytes(key) == b"picture " * 100


def test_a_file_put_in_anothers_place_does_not_open() -> None:
    one, other = vault.new_key(), vault.new_key()
    with pytest.raises(VaultError):
        vault.open_bytes(vault.seal_bytes(b"mine", key=one, holder=ADA), key=other)


def test_deleting_may_be_repeated_and_then_nothing_is_left() -> None:
    key = vault.new_key()
    vault.store_bytes(key, b"gone soon", holder=ADA)
    vault.delete_bytes(key)
    vault.delete_bytes(key)
    assert list(vault.iter_keys()) == []
    with pytest.raises(VaultError, match="gone"):
        vault.read_bytes(key)


def test_keys_are_random_and_name_no_path() -> None:
    assert len({vault.new_key() for _ in range(100)}) == 100
    for wrong in ("../secret", "", "a" * 39, "/etc/passwd", "A" * 40):
        with pytest.raises(VaultError):
            vault.read_bytes(wrong)


def test_old_keys_can_be_told_from_new_ones(storage: Path) -> None:
    old, new = vault.new_key(), vault.new_key()
    for key in (old, new):
        vault.store_bytes(key, b"x", holder=ADA)
    instant = datetime(2026, 9, 21, tzinfo=UTC)
    for key, written in ((old, instant - timedelta(days=1)), (new, instant + timedelta(days=1))):
        os.utime(storage / key[:2] / key, (written.timestamp(), written.timestamp()))
    assert list(vault.iter_keys(written_before=instant)) == [old]
    assert set(vault.iter_keys()) == {old, new}


def test_a_write_that_fails_leaves_nothing(storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def disk_is_full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_is_full)
    with pytest.raises(OSError, match="No space"):
        vault.store_bytes(vault.new_key(), b"x", holder=ADA)
    assert [path for path in storage.rglob("*") if path.is_file()] == []


def test_what_a_crash_left_unfinished_is_no_key_and_can_be_removed(storage: Path) -> None:
    key = vault.new_key()
    vault.store_bytes(key, b"x", holder=ADA)
    (storage / key[:2] / f"{vault.new_key()}.0a1b.part").write_bytes(b"half")
    assert list(vault.iter_keys()) == [key]
    assert vault.delete_unfinished(written_before=datetime(2100, 1, 1, tzinfo=UTC)) == 1
    assert vault.read_bytes(key) == b"x"


def test_each_holder_has_a_key_of_their_own_and_erasing_it_erases() -> None:
    bea = Holder("person", uuid4())
    adas, beas = vault.seal_text(NOTE, holder=ADA), vault.seal_text(NOTE, holder=bea)
    picture = vault.new_key()
    vault.store_bytes(picture, b"of Ada", holder=ADA)
    assert keyring.forget_keys("person", [ADA.id]) == 1
    for lost in (lambda: vault.open_text(adas), lambda: vault.read_bytes(picture)):
        with pytest.raises(VaultError, match="erased"):
            lost()
    assert vault.open_text(beas) == NOTE
    again = vault.seal_text(NOTE, holder=ADA)
    assert vault.open_text(again) == NOTE
    with pytest.raises(VaultError, match="erased"):
        vault.open_text(adas)


def test_a_person_who_bears_an_accounts_id_does_not_share_its_key() -> None:
    same = uuid4()
    sealed = vault.seal_text(NOTE, holder=Holder("account", same))
    vault.seal_text(NOTE, holder=Holder("person", same))
    keyring.forget_keys("person", [same])
    assert vault.open_text(sealed) == NOTE


def test_a_key_whose_transaction_failed_seals_nothing_later() -> None:
    cal = Holder("person", uuid4())
    with transaction.atomic():
        vault.seal_text(NOTE, holder=cal)
        transaction.set_rollback(True)
    sealed = vault.seal_text(NOTE, holder=cal)
    keyring._memory.drop(keyring.key_for(cal).id)  # as another process, which has to read the row
    assert vault.open_text(sealed) == NOTE


def test_words_of_the_first_releases_still_open(settings: Settings) -> None:
    secret = sealing.derived(settings.DATA_KEY, "text")
    old = "v1." + base64.urlsafe_b64encode(sealing.seal(secret, NOTE.encode(), bound_to=b"")).decode()
    assert vault.open_text(old) == NOTE
