"""What a web server answered with 2xx is there, however often it is killed; a disk that takes nothing is said so.

Everything is real: gunicorn's workers, SQLite, photos, `kill -9`, a file system of a few megabytes.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from uuid import UUID, uuid4

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.people import OBSERVED_AT, PASSWORD
from tests.pictures import jpeg
from tests.web import Web

Json = dict[str, Any]  # Any: JSON
SAME = """
import json
from pathlib import Path
from django.conf import settings
from django.utils import timezone
from tracking import vault
from tracking.models import Observation, Person, Photo
from tracking.record_photos import ORPHAN_AGE, forget_orphans
holder = vault.Holder("person", Person.objects.first().pk)
vault.store_bytes(vault.new_key(), bytes(9), holder=holder)
swept = forget_orphans(at=timezone.now() + 2 * ORPHAN_AGE)
names = [name for row in Photo.objects.all() for name in (row.large_key, row.thumb_key)]
lying = {file.name for file in Path(settings.STORAGE_DIR).rglob("*") if file.is_file()}
print(json.dumps({
    "observations": [str(pk) for pk in Observation.objects.values_list("pk", flat=True)],
    "photos": [str(pk) for pk in Photo.objects.values_list("pk", flat=True)],
    "unreadable": [name for name in names if not vault.read_bytes(name).startswith(bytes([255, 216]))],
    "doubled": len(names) - len(set(names)),
    "swept": swept,
    "without a row": sorted(lying - set(names)),
}))
"""
"""What is there once the daily sweep has been, which is later than its files are young, and has found what was planted
as a death between file and row leaves it."""


@dataclass
class Script:
    """Somebody's script on the API of a running server."""

    url: str
    token: str = ""
    lump: UUID = field(default_factory=uuid4)

    def send(self, method: str, path: str, data: bytes = b"", kind: str = "application/json") -> tuple[int, Json]:
        """Status and body; 0 where no answer came."""
        headers = {"Content-Type": kind} | ({"X-Session-Token": self.token} if self.token else {})
        request = Request(self.url + path, data=data or None, method=method, headers=headers)
        try:
            with urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except HTTPError as refusal:
            return refusal.code, json.loads(refusal.read() or b"{}")
        except (URLError, HTTPException, ConnectionError, TimeoutError):
            return 0, {}

    def begin(self, *, email: str = "ada@example.org", name: str = "") -> None:
        account = json.dumps({"email": email, "password": PASSWORD}).encode()
        self.token = self.send("POST", "/_allauth/app/v1/auth/signup", account)[1]["meta"]["session_token"]
        person = uuid4()
        assert self.send("PUT", f"/api/v1/persons/{person}/", json.dumps({"name": name}).encode())[0] == 201
        lump = json.dumps({"person": str(person), "site": "lower_back"}).encode()
        assert self.send("PUT", f"/api/v1/lumps/{self.lump}/", lump)[0] == 201

    def check(self, observation: UUID, *, note: str = "") -> int:
        body = {"lump": str(self.lump), "observed_at": OBSERVED_AT, "length_mm": 12, "method": "ruler", "note": note}
        return self.send("PUT", f"/api/v1/observations/{observation}/", json.dumps(body).encode())[0]

    def photo(self, photo: UUID, observation: UUID, data: bytes = b"") -> int:
        image = BytesIO(data or jpeg(640, 480))
        image.name = "a.jpg"
        parts = encode_multipart(BOUNDARY, {"observation": str(observation), "image": image})
        return self.send("PUT", f"/api/v1/photos/{photo}/", parts, MULTIPART_CONTENT)[0]


@pytest.fixture(name="web")
def _web(tmp_path: Path) -> Iterator[Web]:
    (tmp_path / "data").mkdir()
    yield from _served(tmp_path / "data")


@pytest.fixture(name="small")
def _small(tmp_path: Path) -> Iterator[Path]:
    """A data folder on a file system of its own, of 24 megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("nobody may mount a file system here: run as root")  # reason: a full disk must be a real one
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture(name="failing")
def _failing(tmp_path: Path) -> Iterator[Path]:
    """A data folder on a disk that turns read-only when it fails, as disks do."""
    folder, image = tmp_path / "failing", tmp_path / "disk"
    folder.mkdir()
    image.write_bytes(bytes(24 * 1024 * 1024))
    made = subprocess.run(["mkfs.ext4", "-q", image], capture_output=True)
    mounted = subprocess.run(["mount", "-o", "loop,errors=remount-ro", image, folder], capture_output=True)
    if made.returncode or mounted.returncode:
        pytest.skip("no disk can be made of a file here: run as root")  # reason: a disk that fails must be a real one
    (folder / "data").mkdir()
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def _served(data: Path) -> Iterator[Web]:
    web = Web(data)
    try:
        web.wait()
        yield web
    finally:
        web.end()


def _live_through(web: Web, *, kills: int) -> None:
    """Two scripts log checks and photos without a break while the server dies; what was answered is looked for."""
    script, over = Script(web.url), threading.Event()
    script.begin()
    checks: set[str] = set()
    photos: set[str] = set()

    def log() -> None:
        while not over.is_set():
            observation, photo = uuid4(), uuid4()
            if script.check(observation) in (200, 201):
                checks.add(str(observation))
                if len(checks) % 3 == 0 and script.photo(photo, observation) in (200, 201):
                    photos.add(str(photo))

    scripts = [threading.Thread(target=log) for _ in range(2)]
    for one in scripts:
        one.start()
    try:
        while web.kills < kills:
            seen = len(checks) + len(photos)
            web.kill()
            over.wait(0.05 * (web.kills % 5) if len(checks) + len(photos) > seen else 0.2)
    finally:
        over.set()
        for one in scripts:
            one.join()
    there = json.loads(web.manage("shell", "--no-imports", "-c", SAME))
    assert (checks - set(there["observations"]), photos - set(there["photos"])) == (set(), set())
    assert_rows_and_files_agree(there)
    assert len(checks) >= kills // 2
    assert photos


def assert_rows_and_files_agree(there: Json) -> None:
    """Each row's pictures are whole, and each file is of a row."""
    assert (there["unreadable"], there["doubled"], there["without a row"]) == ([], 0, [])
    assert there["swept"] >= 1


def test_what_was_answered_is_there_after_fifteen_kills(web: Web) -> None:
    _live_through(web, kills=15)


@pytest.mark.soak
def test_what_was_answered_is_there_after_a_thousand_kills(web: Web) -> None:
    _live_through(web, kills=1000)


def fill(folder: Path) -> None:
    """Until nothing fits any more."""
    filler = folder / f"filler-{uuid4()}"
    subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=4k"], capture_output=True)


def assert_it_can_be_read(script: Script, observation: UUID) -> None:
    """By every thread of every worker."""
    with ThreadPoolExecutor(8) as phones:
        answers = phones.map(lambda _: script.send("GET", f"/api/v1/observations/{observation}/")[0], range(24))
        assert set(answers) == {200}


def test_a_full_disk_is_said_and_all_goes_on_when_there_is_room(small: Path) -> None:
    for web in _served(small):
        script = Script(web.url)
        script.begin()
        kept = uuid4()
        assert script.check(kept) == 201
        fill(small)
        answers = {script.check(uuid4()) for _ in range(40)} | {script.photo(uuid4(), kept) for _ in range(3)}
        assert 507 in answers
        assert answers <= {201, 507}
        fill(small)  # what the server let go of is taken by others
        assert_it_can_be_read(script, kept)
        web.kill()  # whoever comes after must read without room, too
        assert_it_can_be_read(script, kept)
        for filler in small.glob("filler-*"):
            filler.unlink()
        after, photo = uuid4(), uuid4()
        assert (script.check(after), script.photo(photo, after)) == (201, 201)
        assert_rows_and_files_agree(json.loads(web.manage("shell", "--no-imports", "-c", SAME)))


def test_a_disk_that_may_not_be_written_is_said_and_all_goes_on_when_it_may(small: Path) -> None:
    for web in _served(small):
        script = Script(web.url)
        script.begin()
        kept = uuid4()
        assert script.check(kept) == 201
        web.end()  # a file that is open for writing holds the disk open for writing
        subprocess.run(["mount", "-o", "remount,ro,size=24m", small], check=True)
        web.start()
        web.wait()
        status, told = script.send("PUT", f"/api/v1/persons/{uuid4()}/", b"{}")
        assert (status, told["code"]) == (503, "not_writable")
        subprocess.run(["mount", "-o", "remount,rw,size=24m", small], check=True)
        assert script.check(uuid4()) == 201


def test_a_disk_that_turns_read_only_under_the_server_is_called_so_and_what_is_there_can_be_read(failing: Path) -> None:
    for web in _served(failing / "data"):
        script = Script(web.url)
        script.begin()
        kept = uuid4()
        assert script.check(kept) == 201
        subprocess.run(["mount", "-o", "remount,abort", failing], check=True)
        for _ in range(3):
            status, told = script.send("PUT", f"/api/v1/persons/{uuid4()}/", b"{}")
            assert (status, told["code"], script.photo(uuid4(), kept)) == (503, "not_writable", 503)
            assert_it_can_be_read(script, kept)
