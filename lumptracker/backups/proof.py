"""Does everything that lies here open? Every key, every sealed text and every picture is tried; nothing is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracking import sealing, vault
from tracking.key_proof import sealed_columns, sealed_rows
from tracking.keyring import name_of
from tracking.models import Photo, SealingKey
from tracking.vault import VaultError


@dataclass(frozen=True, slots=True)
class Proof:
    """What was opened, and what could not be. `photos_without_files`: rows whose pictures are lost."""

    keys: int
    texts: int
    pictures: int
    unopened: int
    photos_without_files: int

    @property
    def is_whole(self) -> bool:
        return self.unopened == 0 and self.photos_without_files == 0


def prove_data() -> Proof:
    """Minutes for a large installation: it reads everything once."""
    keys, bad_keys = _count(_opens_key(row) for row in SealingKey.objects.iterator())
    texts, bad_texts = _count(
        _opens_text(text)
        for model, column in sealed_columns()
        for text in sealed_rows(model, column).values_list("as_it_lies", flat=True).iterator()
    )
    pictures, bad_pictures = _count(_opens_picture(key) for key in vault.iter_keys())
    lost = sum(
        not (vault.has_bytes(large) and vault.has_bytes(thumb))
        for large, thumb in Photo.objects.filter(state=Photo.State.READY)
        .values_list("large_key", "thumb_key")
        .iterator()
    )
    return Proof(keys, texts, pictures, bad_keys + bad_texts + bad_pictures, lost)


def _count(answers: Iterable[bool]) -> tuple[int, int]:
    """How many said yes, how many no."""
    yes = no = 0
    for answer in answers:
        yes, no = yes + answer, no + (not answer)
    return yes, no


def _opens_key(row: SealingKey) -> bool:
    try:
        sealing.unwrap(row.wrapped, row.wrapped_by, bound_to=name_of(row.pk))
    except VaultError:
        return False
    return True


def _opens_text(sealed: str) -> bool:
    try:
        vault.open_text(sealed)
    except VaultError:
        return False
    return True


def _opens_picture(key: str) -> bool:
    try:
        vault.read_bytes(key)
    except VaultError:
        return False
    return True
