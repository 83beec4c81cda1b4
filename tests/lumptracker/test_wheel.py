"""What `pipx install` would bring: the same commands, with the phone app inside and no checkout beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lumptracker.management.commands.serve import children
from tests.servers import without

ROOT = Path(__file__).parents[2]
DOCUMENT = {"format": "lumptracker.history/1", "person": {}, "lump": {"site": "neck"}, "observations": []}
ASK = """
import django
django.setup()
from django.test import Client
answer = Client().get("/", headers={"Host": "localhost"})
print(answer.status_code, b"<script" in b"".join(answer.streaming_content))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content on its own; what it depends on comes from the environment of the tests."""
    if not (ROOT / "frontend/dist/index.html").exists():
        without("the phone app is not built (make setup)")
    folder = tmp_path_factory.mktemp("wheel")
    build = ["sh", str(ROOT / "lumptracker/packaging/wheel.sh"), str(folder)]
    subprocess.run(build, check=True, env={**os.environ, "PY": sys.executable}, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(site: Path, *command: str, said: str = "") -> str:
    data = site.parent / "data"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    surroundings = {**kept, "PYTHONPATH": str(site), "LUMPTRACKER_DATA": str(data)}
    surroundings["DJANGO_SETTINGS_MODULE"] = "lumptracker.settings"
    done = subprocess.run(
        [sys.executable, *command],
        cwd=site.parent,
        env=surroundings,
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_judges_prepares_and_serves_the_app_without_a_checkout(installed: Path) -> None:
    assert json.loads(run(installed, "-m", "lumptracker", "assess", said=json.dumps(DOCUMENT) + "\n"))["level"]
    run(installed, "-m", "lumptracker", "prepare")
    assert run(installed, "-c", ASK).strip() == "200 True"


def test_it_holds_no_test_and_every_file_that_the_rooms_read(installed: Path) -> None:
    names = {str(path.relative_to(installed)) for path in installed.rglob("*") if path.is_file()}
    assert not [name for name in names if name.startswith(("tests/", "frontend/", "benchmarks/"))]
    listed = subprocess.run(
        ["git", "ls-files", "lumptracker", "tracking", "triage"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    missing = [name for name in listed if name not in names and (ROOT / name).exists()]
    assert missing == []


def test_the_command_is_there_by_its_name(installed: Path) -> None:
    (points,) = installed.glob("*.dist-info/entry_points.txt")
    assert "lumptracker = lumptracker.__main__:main" in points.read_text()


def test_the_unit_starts_what_the_supervisor_knows() -> None:
    unit = (ROOT / "lumptracker/packaging/tracker.service").read_text()
    assert "ExecStart=/opt/tracker/bin/lumptracker serve\n" in unit
    assert [child.name for child in children()] == ["web", "worker", "beat"]
