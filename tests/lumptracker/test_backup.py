"""A backup brings everything back elsewhere, holds no key, and its old messages are not sent again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lumptracker.backups.age import Lock, new_key_pair
from lumptracker.backups.reading import unpack
from tests.lumptracker.installation import Installation
from tests.servers import Missing, postgres_cluster, without
from tests.sinks import MailSink, mail_sink

PUBLIC, SECRET = new_key_pair()
SEALED = {"BACKUP_PUBLIC_KEY": PUBLIC, "BACKUP_SECRET_KEY": SECRET}
EVERYTHING = """
print(json.dumps({"name": Person.objects.get().name, "label": Lump.objects.get().label,
    "note": Observation.objects.get().note, "photo": vault.read_bytes(Photo.objects.get().large_key).hex()}))
"""
READ_ALL = "from tracking import vault\n" + EVERYTHING
OTHERS = """
cal = User.objects.create_user("cal@example.org", "a long way to the sea", time_zone="UTC")
Membership.objects.create(user=cal, person=Person.objects.get(), role="viewer")
from importlib import import_module
from django.conf import settings
import_module(settings.SESSION_ENGINE).SessionStore().create()
"""
SIGNED_IN = """
from django.contrib.sessions.models import Session
print(json.dumps(Session.objects.count()))
"""
DATABASES = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM pg_database")
    print(json.dumps(cursor.fetchone()[0]))
"""


@dataclass(frozen=True)
class House:
    """An installation with Ada's entries, of which a backup was made while a message about them still waited."""

    one: Installation
    backup: Path
    made: dict[str, Any]  # Any: JSON
    sink: MailSink


def built(folder: Path, url: str, sink: MailSink) -> House:
    one = Installation(folder / "one", {"DATABASE_URL": url, "EMAIL_URL": sink.url, **SEALED})
    one.manage("prepare")
    one.sign_up_ada(hard_to_breathe=True)
    one.told("from triage.sweep import assess_due\nassess_due(at=timezone.now())")
    one.told(OTHERS)
    old = folder / "backups" / "2026-01-01T000000Z.backup.age"
    for path in (old, old.with_name("notes.txt")):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    made = json.loads(one.manage("backup", str(old.parent), "--keep-days", "30"))
    return House(one, Path(made["file"]), made, sink)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with mail_sink(folder / "mails") as sink:
        yield built(folder, f"sqlite:///{folder}/one.sqlite3", sink)


def moved_house(one: Installation, folder: Path, url: str) -> Installation:
    """Another machine that was given the keys by hand, as docs/hosting.md asks, and nothing else."""
    shutil.copytree(one.folder / "secrets", folder / "secrets")
    return Installation(folder, {**one.given, "DATABASE_URL": url})


def comes_back(house: House, folder: Path, url: str) -> Installation:
    two = moved_house(house.one, folder, url)
    told = json.loads(two.manage("restore", str(house.backup)))
    assert (told["differing_tables"], told["proof"]["unopened"], told["proof"]["photos_without_files"]) == ([], 0, 0)
    assert (told["rows"], told["pictures"]) == (house.made["rows"], 2)
    assert told["review"]["cancelled"] >= 1
    assert (told["sessions_ended"], told["open_links"], told["shared_with"]) == (1, 0, 1)
    assert two.told(SIGNED_IN) == 0
    return two


def test_what_was_lost_comes_back_and_what_waited_in_it_is_not_sent_again(house: House, tmp_path: Path) -> None:
    before = house.one.told(READ_ALL)
    house.one.manage("sweep")
    assert len(house.sink.mails) == 1  # while the backup still says that it waits
    two = comes_back(house, tmp_path, f"sqlite:///{tmp_path}/two.sqlite3")
    assert two.told(READ_ALL) == before
    assert "There are accounts here" in two.refuses("restore", str(house.backup))
    two.told("from triage.sweep import sweep\nsweep(at)")
    assert len(house.sink.mails) == 1
    two.told("from triage.sweep import sweep\nsweep(at + timedelta(hours=2), is_played=True)")
    first, repeated = (mail["Message-ID"] for mail in house.sink.mails)  # the advice itself is not lost
    assert first != repeated


def test_a_postgresql_comes_back_too_and_a_drill_there_leaves_nothing(tmp_path: Path) -> None:
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(postgres_cluster())
        except Missing as missing:
            without(missing)
        cluster.create("other")
        sink = stack.enter_context(mail_sink(tmp_path / "mails"))
        house = built(tmp_path, cluster.url, sink)
        drill = json.loads(house.one.manage("drill", str(house.backup)))
        assert (drill["whole"], drill["rows"], drill["proof"]["pictures"]) == (True, house.made["rows"], 2)
        assert house.one.told(DATABASES) == 5
        two = comes_back(house, tmp_path / "two", cluster.url.rpartition("/")[0] + "/other")
        assert two.told(READ_ALL) == house.one.told(READ_ALL)


def test_a_drill_proves_a_backup_and_refuses_one_that_was_cut(house: House, tmp_path: Path) -> None:
    drill = json.loads(house.one.manage("drill", str(house.backup)))
    assert (drill["whole"], drill["rows"], drill["proof"]["pictures"]) == (True, house.made["rows"], 2)
    cut = tmp_path / "cut.backup.age"
    cut.write_bytes(house.backup.read_bytes()[:-1])
    assert "cut short" in house.one.refuses("drill", str(cut))
    assert [path.name for path in house.one.folder.iterdir() if path.name.startswith(("drill-", "restore-"))] == []


def test_no_key_and_no_word_of_anybody_is_in_the_file_or_in_what_it_holds(house: House, tmp_path: Path) -> None:
    unpack(house.backup, Lock(secret_key=SECRET), tmp_path)
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    secrets = [path.read_bytes().strip() for path in (house.one.folder / "secrets").iterdir()]
    assert len(secrets) >= 3
    for canary in (*secrets, b"the one by the collar", b"sore at night"):
        assert canary not in everything
    for canary in (b"SQLite", b"ada@example.org", *secrets):
        assert canary not in house.backup.read_bytes()


def test_a_backup_of_other_keys_changes_nothing(house: House, tmp_path: Path) -> None:
    stranger = Installation(tmp_path / "stranger", SEALED)
    assert "DATA_KEY is not the one" in stranger.refuses("restore", str(house.backup))
    assert not list(stranger.folder.glob("storage/*/*"))


def test_old_backups_go_when_their_days_are_over_and_other_files_stay(house: House) -> None:
    assert house.made["deleted"] == ["2026-01-01T000000Z.backup.age"]
    assert sorted(path.name for path in house.backup.parent.iterdir()) == sorted([house.backup.name, "notes.txt"])
