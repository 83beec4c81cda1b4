"""Three phones with the app's own store against the real server, over a bad line, while the server is killed.

`frontend/src/store/trial` plays the phones in Node on a faked IndexedDB; nothing else of it is faked. It says what each
world ended with, and these tests say whether that will do.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.product import ROOT
from tests.pictures import jpeg
from tests.web import Web

Json = dict[str, Any]  # Any: JSON
ROWS = """
import json
from tracking.access import rows_of
from tracking.models import User
from tracking.record_kinds import KINDS
print(json.dumps({user.email: sum(rows_of(kind.model, user).count() for kind in KINDS.values())
                  for user in User.objects.all()}))
"""


@pytest.fixture(name="web")
def _web(tmp_path: Path) -> Any:  # Any: a generator
    (tmp_path / "data").mkdir()
    web = Web(tmp_path / "data")
    try:
        web.wait()
        yield web
    finally:
        web.end()


def built_trial(folder: Path) -> Path:
    """The phones' code and the trial around it as one script."""
    script = folder / "trial.mjs"
    source = "src/store/trial/main.ts"
    command = ["npx", "rolldown", source, "--platform", "node", "--format", "esm", "-o", str(script)]
    subprocess.run(command, cwd=ROOT / "frontend", check=True, capture_output=True)
    return script


def play(web: Web, script: Path, seeds: range, *, steps: int) -> list[Json]:
    """Live these worlds and kill the server whenever a phone asks for it."""
    told = {"url": web.url, "jpeg": base64.b64encode(jpeg()).decode()}
    process = subprocess.Popen(
        ["node", str(script), str(seeds.start), str(seeds.stop - 1), str(steps)],
        env={**os.environ, "TRIAL": json.dumps(told)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    worlds: list[Json] = []
    for line in process.stdout:
        said = json.loads(line)
        if "kill" not in said:
            worlds.append(said)
            continue
        time.sleep(said["kill"] / 1000)
        web.kill()
        process.stdin.write("up\n")
        process.stdin.flush()
    assert process.wait() == 0
    return worlds


def assert_well(web: Web, worlds: list[Json]) -> None:
    """All alike, nothing doubled, nothing stuck; and where no phone was lost, nothing said is lost in silence."""
    for world in worlds:
        seed = world["seed"]
        assert world["agree"], (seed, world["shown"])
        assert world["stuck"] == [], seed
        if not world["lostPhones"]:
            assert world["unaccounted"] == [], seed
            assert world["blind"] == 0, seed
    rows = json.loads(web.manage("shell", "-v", "0", "-c", ROWS))
    for world in worlds:
        assert rows[f"ada+{world['seed']}@example.org"] == world["ids"], world["seed"]


@pytest.mark.e2e
def test_three_phones_and_a_server_that_is_killed_end_with_one_record(web: Web, tmp_path: Path) -> None:
    worlds = play(web, built_trial(tmp_path), range(1, 21), steps=40)
    assert len(worlds) == 20
    assert web.kills > 10
    assert_well(web, worlds)


@pytest.mark.soak
def test_they_still_do_over_many_long_worlds(web: Web, tmp_path: Path) -> None:
    worlds = play(web, built_trial(tmp_path), range(1000, 1200), steps=80)
    assert len(worlds) == 200
    assert_well(web, worlds)
