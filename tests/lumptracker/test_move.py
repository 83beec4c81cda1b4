"""From the small form to the large one and back: killed in the middle, begun again, equal to the last byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lumptracker.installation import Installation
from tests.lumptracker.large import Large, large_form

MORE = """
ada = User.objects.get()
for number in range(40):
    more, person = uuid4(), str(Person.objects.get().pk)
    put_row(ada, LUMP, more, {"person": person, "site": "forearm", "label": f"number {number}"}, at=at)
    check = {"lump": str(more), "observed_at": at.isoformat(), "note": f"fine {number}"}
    put_row(ada, OBSERVATION, uuid4(), check, at=at)
from triage.sweep import assess_due
assess_due(at=at)
"""
CHANGE = """
from tracking.record_removal import delete_row
ada = User.objects.get()
for lump in Lump.objects.order_by("pk")[:3]:
    delete_row(ada, LUMP, lump.pk, at=at)
lump = Lump.objects.order_by("pk").last()
lump.label = "said otherwise"
lump.save()
"""
DIE = """
import os
from django.core.management import call_command
from lumptracker.moving import rows
rows.BATCH = 7
whole, written = rows._sealed, []
def die_in_the_middle(model, row):
    written.append(model.__name__)
    if written.count("Observation") == 20:
        os.kill(os.getpid(), 9)
    return whole(model, row)
rows._sealed = die_in_the_middle
call_command("move", "--database", TARGET)
"""
WORDS = """
from tracking.vault import read_bytes
print(json.dumps({"labels": sorted(lump.label for lump in Lump.objects.all()), "name": Person.objects.get().name,
    "notes": sorted(row.note for row in Observation.objects.all()), "told": Notification.objects.count(),
    "photos": [read_bytes(photo.large_key).hex() for photo in Photo.objects.all()]}))
"""


@pytest.fixture(name="large")
def _large() -> Iterator[Large]:
    with large_form() as large:
        yield large


def test_there_and_back_killed_resumed_and_equal(large: Large, tmp_path: Path) -> None:
    small = Installation(tmp_path / "data", {})
    small.manage("prepare")
    small.sign_up_ada(hard_to_breathe=True)
    small.told(MORE)

    killed = small.run("-c", _with_settings(DIE.replace("TARGET", repr(large.database))))
    assert killed.returncode == -9, killed.stderr
    where = ("--database", large.database, "--storage", large.storage)
    first = json.loads(small.manage("move", *where))
    assert 0 < first["carried"]["added"] < first["rows"]  # what was there already was not written again
    small.told(CHANGE)
    last = json.loads(small.manage("move", *where, "--finish").splitlines()[0])
    assert (last["differing_tables"], last["differing_pictures"]) == ({}, [])
    assert last["carried"]["removed"] > 0
    assert last["carried"]["changed"] > 0

    moved = Installation(small.folder, {"DATABASE_URL": large.database, "STORAGE_URL": large.storage})
    assert moved.told(WORDS) == small.told(WORDS)
    moved.told(MORE.replace("40", "2"))  # new rows find free numbers

    back = (f"sqlite:///{tmp_path}/back.sqlite3", str(tmp_path / "back"))
    last = json.loads(moved.manage("move", "--database", back[0], "--storage", back[1], "--finish").splitlines()[0])
    assert (last["differing_tables"], last["differing_pictures"]) == ({}, [])
    home = Installation(small.folder, {"DATABASE_URL": back[0], "STORAGE_URL": back[1]})
    assert home.told(WORDS) == moved.told(WORDS)


def test_a_move_onto_itself_or_to_nowhere_is_refused(tmp_path: Path) -> None:
    one = Installation(tmp_path / "data", {"DATABASE_URL": f"sqlite:///{tmp_path}/one.sqlite3"})
    assert "Say where to" in one.refuses("move")
    assert "this installation uses" in one.refuses("move", "--database", one.given["DATABASE_URL"])
    assert "keeps its pictures" in one.refuses("move", "--storage", str(one.folder / "storage"))


def _with_settings(code: str) -> str:
    return "import django\ndjango.setup()\n" + code
