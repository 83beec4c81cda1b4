"""Erasing: at once in effect, at once on the disk, with a receipt, and nothing left that a scan could find."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.conf import settings as live
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import pictures
from tests.people import Somebody, ada, cal, nobody, sign_up
from tests.tracking.test_imports import history as a_history
from tests.tracking.test_imports import post, zipped
from tests.uploads import send
from tracking import vault
from tracking.erasing import rewrite_named
from tracking.models import Erasure, Export, HelperLink, Photo, SealingKey, ShareLink, Superseded
from tracking.moving_work import move_due
from triage.channels.files import write_mail
from triage.models import PushSubscription
from triage.sweep import sweep

CANARY = "c4n4ry"
NOTE, NAME, EMAIL = f"{CANARY} of a note", f"{CANARY} of a name", f"{CANARY}@example.org"
ENDPOINT = f"https://push.example.org/{CANARY}-of-a-browser"
CANARIES = {"note": NOTE.encode(), "name": NAME.encode(), "email": EMAIL.encode(), "push": ENDPOINT.encode()}


@pytest.fixture(autouse=True)
def _folders(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.MAIL_DIR = tmp_path / "mail"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["photo", "observation", "lump", "person"])
def test_each_erasure_has_a_receipt_of_counts(kind: str) -> None:
    owner = ada()
    ids = planted(owner)
    owner.ask("DELETE", f"{kind}s/{ids[kind]}/")
    receipt = owner.get("erasures/")["results"][0]
    assert receipt["kind"] == kind
    below = {"photo": {"photos": 1}, "observation": {"checks": 1, "photos": 1}}
    whole = {"checks": 1, "photos": 1, "care": 1, "lumps": 1}
    assert receipt["counts"] == {**below, "lump": whole, "person": {**whole, "persons": 1}}[kind]
    assert cal().get("erasures/")["results"] == []


@pytest.mark.django_db
def test_deleting_again_writes_no_second_receipt() -> None:
    owner = ada()
    lump = owner.put_lump()
    for _ in range(2):
        assert owner.ask("DELETE", f"lumps/{lump}/").status_code == 204
    assert Erasure.objects.count() == 1


@pytest.mark.django_db
def test_the_receipt_of_an_account_can_be_looked_up_without_one() -> None:
    owner = ada()
    owner.put_lump(label=CANARY)
    answer = owner.ask("DELETE", "me/")
    receipt = answer.headers["Erasure-Receipt"]
    told = nobody().get(f"erasures/{receipt}/")
    assert (told["kind"], told["counts"]) == ("account", {"lumps": 1, "persons": 1})
    assert nobody().ask("GET", f"erasures/{uuid4()}/").status_code == 404


@pytest.mark.django_db
def test_a_receipt_of_ones_own_is_told_to_nobody_else() -> None:
    owner = ada()
    owner.ask("DELETE", f"lumps/{owner.put_lump()}/")
    assert nobody().ask("GET", f"erasures/{Erasure.objects.get().pk}/").status_code == 404


@pytest.mark.django_db
def test_a_link_with_nothing_left_to_show_goes_with_its_lump() -> None:
    owner = ada()
    first, second = owner.put_lump(), owner.put_lump()
    only, both = uuid4(), uuid4()
    owner.put(f"share-links/{only}/", {"lumps": [str(first)], "label": CANARY})
    owner.put(f"share-links/{both}/", {"lumps": [str(first), str(second)]})
    owner.ask("DELETE", f"lumps/{first}/")
    assert [link.pk for link in ShareLink.objects.all()] == [both]


@pytest.mark.django_db
def test_an_export_that_may_hold_it_goes_too() -> None:
    owner, other = ada(), cal()
    lump = owner.put_lump()
    for somebody in (owner, other):
        somebody.post("export/", {})
    owner.ask("DELETE", f"lumps/{lump}/")
    assert [export.user for export in Export.objects.all()] == [other.user]


@pytest.mark.django_db
def test_a_value_that_lost_between_two_phones_goes_with_its_row() -> None:
    owner = ada()
    lump = owner.put_lump(label="first")
    for base, label in ((1, CANARY), (1, "second")):
        operation = {
            "op_id": str(uuid4()),
            "type": "lump",
            "id": str(lump),
            "base_rev": base,
            "fields": {"label": label},
        }
        owner.post("sync/", {"cursor": None, "operations": [operation]})
    assert Superseded.objects.exists()
    assert any(CANARY in row.result for row in owner.user.operations.all())
    owner.ask("DELETE", f"lumps/{lump}/")
    assert not Superseded.objects.exists()
    assert not any(CANARY in row.result for row in owner.user.operations.all())


@pytest.mark.django_db(transaction=True)
def test_a_photo_is_off_the_disk_when_the_answer_comes(settings: Settings) -> None:
    owner = ada()
    ids = planted(owner)
    assert list(vault.iter_keys())
    owner.ask("DELETE", f"photos/{ids['photo']}/")
    left = set(HelperLink.objects.values_list("large_key", flat=True)) | set(
        HelperLink.objects.values_list("thumb_key", flat=True)
    )
    assert set(vault.iter_keys()) == left
    owner.ask("DELETE", f"lumps/{ids['lump']}/")
    assert list(vault.iter_keys()) == []


@pytest.mark.django_db(transaction=True)
def test_after_an_account_is_erased_no_scan_finds_any_of_five_canaries(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    other = cal()
    other.put_lump(label="stays")
    owner = sign_up(EMAIL)
    planted(owner)
    canaries = {**CANARIES, "photo": kept_picture()}
    owner.post("export/", {})
    post(owner, zipped(a_history(label=NAME)), preview=False)
    move_due(at=timezone.now())
    owner.post("export/", {})
    move_due(at=timezone.now())
    post(owner, zipped(a_history(label=NAME)), preview=False)  # still waits
    write_mail(EmailMessage("a subject", f"code for {EMAIL}", to=[EMAIL]))
    nobody().ask("POST", "/_allauth/app/v1/auth/password/request", {"email": EMAIL})
    sweep(timezone.now())
    before = list(everything_stored())
    assert [name for name, canary in canaries.items() if not any(canary in one for one in before)] == []
    assert owner.ask("DELETE", "me/").status_code == 204
    after = [*everything_stored(), caplog.text.encode()]
    after += [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert [name for name, canary in canaries.items() if any(canary.lower() in one.lower() for one in after)] == []
    assert list(vault.iter_keys()) == []
    assert other.get("lumps/")["results"][0]["label"] == "stays"


@pytest.mark.django_db(transaction=True)
def test_the_databases_own_files_hold_neither_address_nor_key_either() -> None:
    owner = sign_up(EMAIL)
    planted(owner)
    wrapped = list(SealingKey.objects.values_list("wrapped", flat=True))
    marks = [CANARY.encode(), *(key.encode() for key in wrapped)]
    assert all(any(mark in content for content in database_files()) for mark in marks)
    owner.ask("DELETE", "me/")
    rewrite_named(at=timezone.now())  # as the hourly sweep does
    assert [mark for mark in marks if any(mark in content for content in database_files())] == []


def planted(somebody: Somebody) -> dict[str, UUID]:
    """A record with a canary wherever somebody can type, and a picture."""
    person = somebody.put_person(name=NAME)
    lump = somebody.put_lump(person, label=NAME)
    check = somebody.put_observation(lump, note=NOTE)
    somebody.put_care(lump, note=NOTE, outcome=NOTE)
    photo = UUID(send(somebody, check, pictures.jpeg()).json()["id"])
    somebody.put(f"share-links/{uuid4()}/", {"lumps": [str(lump)], "label": CANARY, "passcode": CANARY})
    helper, keys = uuid4(), (vault.new_key(), vault.new_key())
    somebody.put(f"helper-links/{helper}/", {"lump": str(lump)})
    for key in keys:
        vault.store_bytes(key, pictures.jpeg(), holder=vault.Holder("person", person))
    HelperLink.objects.filter(pk=helper).update(taken_at=timezone.now(), large_key=keys[0], thumb_key=keys[1])
    PushSubscription.objects.create(
        user=somebody.user,
        endpoint=ENDPOINT,
        p256dh="x",
        auth="y",
        created_at=timezone.now(),
    )
    return {"person": person, "lump": lump, "observation": check, "photo": photo}


def kept_picture() -> bytes:
    """Some of the one picture's own bytes, as they are kept: of what was sent only the pixels are."""
    return vault.read_bytes(Photo.objects.get().large_key)[-200:-100]


def everything_stored() -> Iterator[bytes]:
    """Every cell of every table, opened where it is sealed, sessions too; and all that lies in the vault, opened."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._default_manager.all():
            for field in model._meta.concrete_fields:
                yield str(getattr(row, field.attname)).encode()
            if isinstance(row, Session):
                yield json.dumps(row.get_decoded(), default=str).encode()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  names of our own tables
            yield from (str(cell).encode() for row in cursor.fetchall() for cell in row)
    yield from map(vault.read_bytes, vault.iter_keys())


def database_files() -> list[bytes]:
    if connection.vendor == "postgresql":
        return cluster_files()
    name = Path(str(live.DATABASES["default"]["NAME"]))
    files = [name, *(name.with_name(name.name + end) for end in ("-wal", "-shm", "-journal"))]
    return [file.read_bytes() for file in files if file.exists()]


def cluster_files() -> list[bytes]:
    """The files of this database's tables and indexes as they lie, all that is in memory written out before."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT pg_read_binary_file(folder || '/' || name, 0, 100000000, true)"
            " FROM (SELECT 'base/' || oid AS folder FROM pg_database WHERE datname = current_database()) AS here,"
            " pg_ls_dir(folder) AS name"
        )
        return [bytes(content) for (content,) in cursor.fetchall() if content]
