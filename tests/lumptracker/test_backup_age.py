"""Sealed files: they open with the right key alone, and the smallest change is noticed. The second opinion is age's own
program."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumptracker.backups import bech32
from lumptracker.backups.age import CHUNK, BackupUnreadable, Lock, Opener, Sealer, new_key_pair
from tests.servers import without

PUBLIC, SECRET = new_key_pair()
WORK = 2  # as little stretching as there can be: its strength is not what is tried here


def sealed(data: bytes, lock: Lock) -> bytes:
    target = io.BytesIO()
    sealer = Sealer(target, lock, work=WORK)
    sealer.write(data)
    sealer.close()
    return target.getvalue()


def opened(data: bytes, lock: Lock) -> bytes:
    return Opener(io.BytesIO(data), lock).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_any_size_comes_back_by_key_and_by_passphrase(size: int) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)
    for close, unlock in (
        (Lock(public_key=PUBLIC), Lock(secret_key=SECRET)),
        (Lock(passphrase="one two three"), Lock(passphrase="one two three")),
    ):
        assert opened(sealed(data, close), unlock) == data


def test_another_key_or_passphrase_opens_nothing() -> None:
    for close, unlock in (
        (Lock(public_key=PUBLIC), Lock(secret_key=new_key_pair()[1])),
        (Lock(passphrase="one"), Lock(passphrase="two")),
        (Lock(public_key=PUBLIC), Lock(passphrase="one")),
    ):
        with pytest.raises(BackupUnreadable, match="does not open"):
            opened(sealed(b"x", close), unlock)


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_each_changed_bit_is_noticed(place: int, bit: int) -> None:
    whole = bytearray(sealed(b"a picture" * 500, Lock(public_key=PUBLIC)))
    whole[place % len(whole)] ^= 1 << bit
    with pytest.raises(BackupUnreadable):
        opened(bytes(whole), Lock(secret_key=SECRET))


@pytest.mark.parametrize("left_out", [1, 16, 17, CHUNK, CHUNK + 16, CHUNK + 17])
def test_an_end_that_is_missing_is_noticed(left_out: int) -> None:
    whole = sealed(b"x" * 3 * CHUNK, Lock(public_key=PUBLIC))
    with pytest.raises(BackupUnreadable):
        opened(whole[:-left_out], Lock(secret_key=SECRET))


def test_a_slip_in_a_key_is_noticed() -> None:
    wrong = PUBLIC[:-3] + ("q" if PUBLIC[-3] != "q" else "p") + PUBLIC[-2:]
    for text in (wrong, PUBLIC[:-1], "", "age1", SECRET):
        with pytest.raises(ValueError):
            bech32.decode("age", text)


def test_ages_own_program_opens_what_we_sealed_and_seals_what_we_open(tmp_path: Path) -> None:
    if shutil.which("age") is None:
        without("age is not installed (Debian: apt-get install age)")
    data = b"both ways" * 20_000
    (tmp_path / "key").write_text(SECRET + "\n")
    (tmp_path / "ours").write_bytes(sealed(data, Lock(public_key=PUBLIC)))
    ask = ["age", "--decrypt", "--identity", str(tmp_path / "key"), str(tmp_path / "ours")]
    assert subprocess.run(ask, capture_output=True, check=True).stdout == data
    theirs = subprocess.run(["age", "--recipient", PUBLIC], input=data, capture_output=True, check=True).stdout
    assert opened(theirs, Lock(secret_key=SECRET)) == data
