"""`export/`: everything that an account owns, as one ZIP."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import pictures
from tests.lumptracker.signing_in import proved
from tests.people import Somebody, ada, cal
from tests.uploads import send
from tracking import vault
from tracking.models import Export, LogEntry, Membership
from tracking.moving_work import move_due
from tracking.record_photos import forget_orphans
from tracking.retaining import forget_old_rows
from tracking.spreadsheet import plain_cell

pytestmark = pytest.mark.django_db


@pytest.fixture(name="ada")
def _ada(settings: Settings, tmp_path: Path) -> Somebody:
    settings.STORAGE_DIR = tmp_path / "storage"
    return ada()


def exported(somebody: Somebody) -> dict[str, bytes]:
    """Ask, wait, fetch, unpack."""
    return unpacked(fetched(somebody, made(somebody)))


def made(somebody: Somebody) -> str:
    export = somebody.post("export/", {})
    move_due(at=timezone.now())
    assert somebody.get(f"export/{export['id']}/")["state"] == "ready"
    return str(export["id"])


def fetched(somebody: Somebody, export: str) -> bytes:
    answer = somebody.ask("GET", f"export/{export}/file/")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a stream


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def cells(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_an_export_holds_every_history_and_picture_and_pages_to_read(ada: Somebody) -> None:
    lump = ada.put_lump(label="Back")
    check = ada.put_observation(lump, length_mm=18, note="after a walk")
    photo = UUID(send(ada, check, pictures.jpeg()).json()["id"])
    files = exported(ada)
    lone = {"account.json", "checks.csv", "index.html", "persons.json"}
    assert files.keys() == lone | {f"histories/{lump}.json", f"photos/{photo}.jpg"}
    document = json.loads(files[f"histories/{lump}.json"])
    assert document["observations"][0]["note"] == "after a walk"
    assert files[f"photos/{photo}.jpg"] == ada.ask("GET", f"photos/{photo}/large/").content
    assert "after a walk" in files["index.html"].decode()


def test_two_exports_of_one_record_are_the_same_to_the_byte(ada: Somebody) -> None:
    lump = ada.put_lump()
    for _ in range(3):
        ada.put_observation(lump, length_mm=18)  # the same moment: only their ids order them
    assert fetched(ada, made(ada)) == fetched(ada, made(ada))


def test_asking_takes_a_sign_in_of_the_last_five_minutes(ada: Somebody) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=301), tick=False):
        answer = ada.ask("POST", "export/", {})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "reauthentication_required")


def test_an_export_is_asked_for_in_a_moment_and_made_later(ada: Somebody) -> None:
    ada.put_lump()
    answer = ada.ask("POST", "export/", {})
    assert answer.status_code == 202
    export = json.loads(answer.content)
    assert export["state"] == "waiting"
    early = ada.ask("GET", f"export/{export['id']}/file/")
    assert (early.status_code, early.headers["Retry-After"]) == (503, "2")
    move_due(at=timezone.now())
    told = ada.get(f"export/{export['id']}/")
    assert (told["state"], told["done"], told["total"]) == ("ready", 5, 5)


def test_asking_again_while_one_is_made_gives_that_one(ada: Somebody) -> None:
    assert ada.post("export/", {})["id"] == ada.post("export/", {})["id"]
    move_due(at=timezone.now())
    ada.post("export/", {})
    assert len(ada.get("export/")) == 2


def test_only_what_the_account_owns_is_in_it(ada: Somebody) -> None:
    other = cal()
    person = other.put_person(name="Cal's child")
    other.put_lump(person, label="Shared")
    for role in (Membership.Role.VIEWER, Membership.Role.LOGGER):
        Membership.objects.update_or_create(user=ada.user, person_id=person, defaults={"role": role})
        assert b"Shared" not in b"".join(exported(ada).values())


def test_a_stranger_finds_no_export(ada: Somebody) -> None:
    export = made(ada)
    stranger = cal()
    for path in (f"export/{export}/", f"export/{export}/file/"):
        assert stranger.ask("GET", path).status_code == 404
    assert stranger.ask("DELETE", f"export/{export}/").status_code == 404
    assert stranger.get("export/") == []


@pytest.mark.parametrize("note", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "'=1", '"=1'])
def test_no_cell_is_a_formula(ada: Somebody, note: str) -> None:
    ada.put_observation(ada.put_lump(label=note), note=note)
    row = cells(exported(ada)["checks.csv"])[0]
    for cell in (row["note"], row["lump"]):
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝"))
        assert plain_cell(cell) == note


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><script>"])
def test_nothing_that_was_typed_runs_on_the_page(ada: Somebody, text: str) -> None:
    lump = ada.put_lump(ada.put_person(name=text), label=text)
    ada.put_observation(lump, note=text)
    ada.put_care(lump, note=text, outcome=text)
    page = exported(ada)["index.html"].decode()
    assert text not in page
    assert "<script" not in page
    assert "<img" not in page


def test_who_is_no_owner_any_more_has_no_export_with_the_record_in_it(ada: Somebody) -> None:
    other = cal()
    person = other.put_person(name="Cal's child")
    Membership.objects.create(user=ada.user, person_id=person, role=Membership.Role.OWNER, since=timezone.now())
    for change in ({"role": "viewer"}, None):
        Membership.objects.filter(user=ada.user, person_id=person).update(role=Membership.Role.OWNER)
        export = made(ada)
        path = f"persons/{person}/members/{ada.user.pk}/"
        answer = other.ask("PATCH", path, change) if change else other.ask("DELETE", path)
        assert answer.status_code in (200, 204)
        assert ada.ask("GET", f"export/{export}/file/").status_code == 404


def test_fetching_it_asks_who_that_is_and_is_in_the_access_log(ada: Somebody) -> None:
    export = made(ada)
    assert ada.ask("GET", f"export/{export}/?fetch=true").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=5)):
        assert ada.ask("GET", f"export/{export}/").status_code == 200
        for path in (f"export/{export}/?fetch=true", f"export/{export}/file/"):
            answer = ada.ask("GET", path)
            assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "reauthentication_required")
        assert LogEntry.objects.filter(what="export").count() == 1
        proved(ada)
        fetched(ada, export)
        assert LogEntry.objects.filter(what="export").count() == 2


def test_the_file_is_kept_by_no_cache_and_lies_nowhere_plain(ada: Somebody, settings: Settings) -> None:
    ada.put_observation(ada.put_lump(), note="a canary in the note")
    export = made(ada)
    answer = ada.ask("GET", f"export/{export}/file/")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    kept = [path.read_bytes() for path in Path(settings.STORAGE_DIR).rglob("*") if path.is_file()]
    assert kept
    assert not any(b"canary" in content or b"PK\x03\x04" in content for content in kept)


def test_it_is_gone_after_its_days(ada: Somebody, settings: Settings) -> None:
    export = made(ada)
    told = ada.get(f"export/{export}/")
    assert told["expires_at"] > told["created_at"]
    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1), tick=False):
        forget_old_rows(at=timezone.now())
    assert not Export.objects.exists()


def test_taking_it_back_removes_its_bytes(
    ada: Somebody, settings: Settings, django_capture_on_commit_callbacks: object
) -> None:
    export = made(ada)
    keys = Export.objects.get(pk=export).pieces
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture
        assert ada.ask("DELETE", f"export/{export}/").status_code == 204
    assert not any(vault.has_bytes(key) for key in keys)


def test_tidying_up_leaves_the_bytes_of_an_export(ada: Somebody) -> None:
    export = made(ada)
    forget_orphans(at=timezone.now() + timedelta(hours=2))
    assert unpacked(fetched(ada, export))


def test_a_worker_that_died_is_followed_by_another(ada: Somebody) -> None:
    export = ada.post("export/", {})["id"]
    at = timezone.now()
    Export.objects.update(state="working", attempts=1, leased_until=at + timedelta(minutes=10))
    move_due(at=at)
    assert ada.get(f"export/{export}/")["state"] == "working"
    move_due(at=at + timedelta(minutes=11))
    assert ada.get(f"export/{export}/")["state"] == "ready"


def test_what_fails_every_time_is_given_up(ada: Somebody) -> None:
    export = ada.post("export/", {})["id"]
    at = timezone.now()
    Export.objects.update(state="working", attempts=3, leased_until=at)
    move_due(at=at + timedelta(seconds=1))
    told = ada.get(f"export/{export}/")
    assert (told["state"], told["code"]) == ("failed", "gave_up")


def test_a_picture_whose_bytes_are_lost_stops_nothing(ada: Somebody, settings: Settings) -> None:
    lump = ada.put_lump()
    photo = send(ada, ada.put_observation(lump), pictures.jpeg()).json()["id"]
    for path in Path(settings.STORAGE_DIR).rglob("*"):
        if path.is_file():
            path.unlink()
    files = exported(ada)
    assert f"histories/{lump}.json" in files
    assert f"photos/{photo}.jpg" not in files
