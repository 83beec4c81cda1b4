"""DATA_KEY can be changed while everything goes on, and a run that was cut short is simply begun again."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.models import CharField, F
from django.db.models.functions import Cast
from pytest_django.fixtures import Settings

from tests import pictures
from tests.people import Somebody, ada
from tracking import keyring, sealing, storage, vault
from tracking.key_proof import is_data_key_right, sealed_columns
from tracking.key_rotation import first_forms, forget_holderless, keys_of_others, rotate_keys
from tracking.models import Observation, Person, Photo, SealingKey
from tracking.models.base import SealedText
from tracking.vault import Holder, VaultError

pytestmark = pytest.mark.django_db

OLD, NEW = "the first key of this test, long enough", "the second key of this test, long enough"
NOTE = "Sore when I lie on it"


@pytest.fixture(autouse=True)
def _under_the_old_key(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_KEY, settings.DATA_KEYS_ALSO, settings.READ_DATA_KEYS = OLD, (), lambda: ()
    settings.STORAGE_DIR = tmp_path / "storage"


def a_note(somebody: Somebody) -> UUID:
    lump = somebody.put_lump(somebody.put_person(name="Ada"), label="the one at the back")
    return somebody.put_observation(lump, note=NOTE)


def change_to_new(settings: Settings) -> None:
    settings.DATA_KEY, settings.DATA_KEYS_ALSO = NEW, (OLD,)


def forget_old(settings: Settings) -> None:
    settings.DATA_KEYS_ALSO = ()


def note_of(pk: UUID) -> str:
    return str(Observation.objects.get(pk=pk).note)


def as_it_lies(pk: UUID) -> str:
    rows = Observation.objects.annotate(raw=Cast(F("note"), CharField()))
    return str(rows.values_list("raw", flat=True).get(pk=pk))


def test_after_a_change_the_new_key_alone_opens_everything_and_no_text_was_touched(settings: Settings) -> None:
    note = a_note(ada())
    before = as_it_lies(note)
    change_to_new(settings)
    assert note_of(note) == NOTE  # while it goes on
    done = rotate_keys()
    assert (done.keys > 0, done.unopened, keys_of_others()) == (True, 0, 0)
    forget_old(settings)
    assert (note_of(note), as_it_lies(note)) == (NOTE, before)
    assert is_data_key_right()
    settings.DATA_KEY = OLD
    assert not is_data_key_right()
    with pytest.raises(VaultError):
        note_of(note)


def test_a_run_that_was_cut_short_is_finished_by_the_next(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = ada()
    notes = [a_note(somebody) for _ in range(3)]
    change_to_new(settings)
    whole, calls = sealing.wrap, []

    def die_at_the_third(secret: bytes, *, bound_to: str) -> tuple[str, str]:
        calls.append(bound_to)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return whole(secret, bound_to=bound_to)

    monkeypatch.setattr(sealing, "wrap", die_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        rotate_keys()
    monkeypatch.undo()
    assert keys_of_others() > 0
    assert [note_of(note) for note in notes] == [NOTE] * 3
    rotate_keys()
    forget_old(settings)
    assert [note_of(note) for note in notes] == [NOTE] * 3


def test_who_still_serves_with_the_old_key_reads_what_the_new_one_wrapped(settings: Settings) -> None:
    note = a_note(ada())
    change_to_new(settings)
    rotate_keys()
    settings.DATA_KEY, settings.DATA_KEYS_ALSO = OLD, ()  # the other process, which never heard of it
    settings.READ_DATA_KEYS = lambda: (NEW, OLD)  # but finds both where they are kept
    assert note_of(note) == NOTE


def test_texts_and_pictures_of_the_first_releases_get_a_holders_key() -> None:
    somebody = ada()
    note = a_note(somebody)
    first = base64.urlsafe_b64encode(sealing.seal(sealing.derived(OLD, "text"), NOTE.encode(), bound_to=b"")).decode()
    Observation.objects.filter(pk=note).update(note=SealedText("v1." + first))
    photo = a_photo_of_the_first_release(Observation.objects.get(pk=note))
    assert first_forms() == 1
    done = rotate_keys()
    assert (done.texts, done.pictures, first_forms()) == (1, 2, 0)
    assert (note_of(note), vault.read_bytes(photo.large_key)) == (NOTE, pictures.jpeg())
    keyring.forget_keys("person", [photo.person_id])
    with pytest.raises(VaultError, match="erased"):
        vault.read_bytes(photo.large_key)


def a_photo_of_the_first_release(observation: Observation) -> Photo:
    keys = vault.new_key(), vault.new_key()
    for key in keys:
        sealed = sealing.seal(sealing.derived(OLD, "bytes"), pictures.jpeg(), bound_to=key.encode())
        storage.place().write(key, vault.FIRST_BYTES_VERSION + sealed)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return Photo.objects.create(
        person=observation.person, lump=observation.lump, observation=observation, state="ready",
        large_key=keys[0], thumb_key=keys[1], created_at=now, updated_at=now,
    )  # fmt: skip


def test_what_no_key_at_hand_opens_stays_as_it_is_and_is_counted(settings: Settings) -> None:
    a_note(ada())
    settings.DATA_KEY = NEW
    assert rotate_keys().unopened == keys_of_others() > 0


def test_a_person_who_is_deleted_takes_the_key_along() -> None:
    somebody = ada()
    person = somebody.put_person(name="Ada")
    assert SealingKey.objects.filter(holder=person).exists()
    somebody.ask("DELETE", f"persons/{person}/")
    assert not SealingKey.objects.filter(holder=person).exists()


def test_keys_without_a_person_are_tidied_away_and_others_stay() -> None:
    note = a_note(ada())
    vault.seal_text("x", holder=Holder("person", uuid4()))
    later = datetime(2100, 1, 1, tzinfo=UTC)
    assert forget_holderless(at=later) == 1
    assert note_of(note) == NOTE


def test_every_sealed_column_has_somebody_whose_key_it_takes() -> None:
    holders = {"person", "user", "account", "owner"}
    bare = [
        model._meta.label
        for model, _ in sealed_columns()
        if model is not Person and not holders & {field.name for field in model._meta.concrete_fields}
    ]
    assert bare == []


def test_words_cannot_reach_a_column_unsealed() -> None:
    note = a_note(ada())
    with pytest.raises(VaultError, match="saving their row"), transaction.atomic():
        Observation.objects.filter(pk=note).update(note="plain")
    assert note_of(note) == NOTE
