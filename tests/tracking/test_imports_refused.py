"""Files that hold no export, or one with faults: refused clearly, or told thing by thing while the rest comes in."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from tests import pictures
from tests.people import ada
from tests.tracking.test_imports import bundle, history, imported, post, zipped
from tracking import vault
from tracking.models import Import, Lump, Photo


@pytest.fixture(autouse=True)
def _storage(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGE_DIR = tmp_path / "storage"


pytestmark = pytest.mark.django_db


def test_one_bad_history_never_stops_the_rest() -> None:
    owner = ada()
    good, bad = history(label="Good"), history(label="Bad")
    bad["observations"][0]["signs"] = {"fevr": True}
    slips = ("not JSON", '{"format": "lumptracker.history/9"}', "[" * 100_000, '{"x": NaN}', "[]")
    files: dict[str, Any] = {
        **{f"histories/{uuid4()}.json": slip for slip in slips},
        **{f"histories/{one['lump']['id']}.json": json.dumps(one) for one in (good, bad)},
        f"photos/{uuid4()}.jpg": b"no picture",
    }
    told = imported(owner, bundle(files))
    assert len(told["problems"]) == 7
    assert any("signs.fevr" in str(problem["fields"]) for problem in told["problems"])
    assert [one["label"] for one in owner.get("lumps/")["results"]] == ["Good"]


def test_a_picture_that_cannot_be_read_is_told_and_leaves_no_row() -> None:
    owner = ada()
    document = history()
    photo, check = str(uuid4()), document["observations"][0]["id"]
    document["photos"] = [{"id": photo, "observation": check}]
    files = {f"histories/{document['lump']['id']}.json": json.dumps(document), f"photos/{photo}.jpg": b"no picture"}
    told = imported(owner, bundle(files))
    assert [problem["where"] for problem in told["problems"]] == [f"photos/{photo}.jpg"]
    assert not Photo.objects.exists()


def with_entry(name: str, *, mode: int = 0, flags: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(f"histories/{uuid4()}.json", json.dumps(history()))
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        file.writestr(entry, b"x")
        entry.flag_bits |= flags
    return out.getvalue()


def twice() -> bytes:
    document = json.dumps(history())
    name = f"histories/{uuid4()}.json"
    return bundle({name: document, f"{name[:-1]}m": document}).replace(name[:-1].encode() + b"m", name.encode())


def many() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for number in range(20_001):
            file.writestr(f"{number}", b"")
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: with_entry("../../etc/passwd"), "archive_odd_name"),
        (lambda: with_entry("/etc/passwd"), "archive_odd_name"),
        (lambda: with_entry("C:/x"), "archive_odd_name"),
        (lambda: with_entry("link", mode=0o120777), "archive_odd_name"),
        (lambda: with_entry("secret", flags=1), "archive_encrypted"),
        (twice, "archive_name_twice"),
        (many, "archive_too_many"),
        (lambda: bundle({}), "archive_nothing_in_it"),
        (lambda: bundle({"a.txt": "hello"}), "archive_nothing_in_it"),
        (lambda: zipped(history())[:-30], "archive_broken"),
        (lambda: b"PK\x03\x04" + b"\0" * 200, "archive_broken"),
        (lambda: b"", "sheet_unreadable"),
        (lambda: pictures.jpeg(), "sheet_unreadable"),
        (lambda: b"%PDF-1.7\n%%EOF", "sheet_unreadable"),
    ],
)
@pytest.mark.parametrize("preview", [True, False])
def test_a_file_that_is_no_export_is_refused_clearly(make: Callable[[], bytes], code: str, preview: bool) -> None:
    owner = ada()
    answer = post(owner, make(), preview=preview)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Import.objects.exists()
    assert list(vault.iter_keys()) == []


def test_a_bomb_is_stopped_by_what_is_read_not_by_what_it_says(settings: Settings) -> None:
    owner = ada()
    document = history()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"histories/{document['lump']['id']}.json", json.dumps(document))
        file.writestr(f"histories/{uuid4()}.json", b" " * (40 * 1024 * 1024))
    told = imported(owner, out.getvalue())
    assert [problem["code"] for problem in told["problems"]] == ["archive_entry_too_large"]
    assert Lump.objects.count() == 1
