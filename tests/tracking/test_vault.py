"""Nothing plain at rest; what was sealed opens under its own key alone; a crash leaves nothing half written."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tracking import vault
from tracking.vault import VaultError

NOTE = "It is sore when I lie on it. Ünïcode 🙂"


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_KEY = "a key for this test"
    settings.STORAGE_DIR = tmp_path / "storage"
    return tmp_path / "storage"


def test_text_comes_back_and_lies_sealed() -> None:
    sealed = vault.seal_text(NOTE)
    assert "sore" not in sealed
    assert sealed.startswith("v1.")
    assert vault.open_text(sealed) == NOTE


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert vault.seal_text(NOTE) != vault.seal_text(NOTE)


def test_the_empty_text_stays_empty() -> None:
    assert vault.seal_text("") == ""
    assert vault.open_text("") == ""


def test_another_key_opens_nothing(settings: Settings) -> None:
    sealed = vault.seal_text(NOTE)
    settings.DATA_KEY = "another key"
    with pytest.raises(VaultError, match="DATA_KEY"):
        vault.open_text(sealed)


@pytest.mark.parametrize("damaged", ["plain words", "v1.", "v1.!!!", "v1.AAAA", "v1.é", "v2.AAAA"])
def test_what_was_not_sealed_here_is_a_clear_error(damaged: str) -> None:
    with pytest.raises(VaultError):
        vault.open_text(damaged)


def test_a_changed_character_is_noticed() -> None:
    sealed = vault.seal_text(NOTE)
    changed = sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]
    with pytest.raises(VaultError):
        vault.open_text(changed)


def test_no_key_at_all_is_a_clear_error(settings: Settings) -> None:
    settings.DATA_KEY = ""
    with pytest.raises(VaultError, match="DATA_KEY"):
        vault.seal_text(NOTE)


def test_bytes_come_back_and_lie_sealed_in_a_private_file(storage: Path) -> None:
    key = vault.new_key()
    vault.store_bytes(key, b"picture " * 100)
    (file,) = (path for path in storage.rglob("*") if path.is_file())
    assert b"picture" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert vault.read_bytes(key) == b"picture " * 100


def test_a_file_put_in_anothers_place_does_not_open() -> None:
    one, other = vault.new_key(), vault.new_key()
    with pytest.raises(VaultError):
        vault.open_bytes(vault.seal_bytes(b"mine", key=one), key=other)


def test_deleting_may_be_repeated_and_then_nothing_is_left() -> None:
    key = vault.new_key()
    vault.store_bytes(key, b"gone soon")
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
        vault.store_bytes(key, b"x")
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
        vault.store_bytes(vault.new_key(), b"x")
    assert [path for path in storage.rglob("*") if path.is_file()] == []


def test_what_a_crash_left_unfinished_is_no_key_and_can_be_removed(storage: Path) -> None:
    key = vault.new_key()
    vault.store_bytes(key, b"x")
    (storage / key[:2] / f"{vault.new_key()}.0a1b.part").write_bytes(b"half")
    assert list(vault.iter_keys()) == [key]
    assert vault.delete_unfinished(written_before=datetime(2100, 1, 1, tzinfo=UTC)) == 1
    assert vault.read_bytes(key) == b"x"
