"""`manage.py assess` as its users run it: a process that reads lines and writes lines, with nothing set up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.triage.histories import AT, check, document

MANAGE = Path(__file__).parents[2] / "manage.py"


def run(
    *lines: str, arguments: tuple[str, ...] = (), folder: Path | None = None
) -> tuple[list[dict[str, Any]], int]:  # Any: JSON
    environment = {"PATH": os.environ["PATH"], "LUMPTRACKER_DATA": "/nonexistent/data", "DATABASE_URL": "nonsense"}
    done = subprocess.run(
        [sys.executable, str(MANAGE), "assess", *arguments],
        input="\n".join(lines).encode(),
        capture_output=True,
        check=False,
        env=environment,
        cwd=folder,
    )
    return [json.loads(line) for line in done.stdout.decode().splitlines()], done.returncode


def line(**changes: Any) -> str:  # Any: JSON
    made = document(check(1, pain=0), noticed=20)
    for path, value in changes.items():
        part, _, key = path.partition("__")
        if key:
            made[part][key] = value
        else:
            made[part] = value
    return json.dumps(made)


def test_it_needs_no_database_data_folder_or_setting(tmp_path: Path) -> None:
    answers, status = run(line(), arguments=("--at", AT.isoformat()), folder=tmp_path)
    assert status == 0
    assert answers[0]["level"] == "routine"
    assert list(tmp_path.iterdir()) == []


def test_the_document_s_own_instant_wins() -> None:
    answers, _ = run(line(at="2026-06-16T08:00:00+02:00"), arguments=("--at", AT.isoformat()))
    assert answers[0]["at"] == "2026-06-16T06:00:00Z"


def test_errors_stand_in_their_place_and_the_rest_go_on() -> None:
    answers, status = run("nonsense", "", line(), line(format="other/9"), line(), arguments=("--at", AT.isoformat()))
    assert status == 1
    assert [("error" in answer) for answer in answers] == [True, False, True, False]
    assert answers[0]["error"]["line"] == 1
    assert answers[2]["error"]["line"] == 4
    assert set(answers[2]["error"]) == {"code", "message", "line"}


def slip(**signs: Any) -> str:  # Any: JSON
    return json.dumps(document(check(1, **signs)))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (slip(saddle_numness=True), "saddle_numbness"),
        (slip(length_mm=-3), "length_mm"),
        (line(person__birth_date="2031-01-01"), "birth_date"),
        (line(at="yesterday"), "at"),
        (line(at="2026-06-15T12:00:00"), "at"),
        (line(lump__site="elbo"), "elbow"),
        (line(observations=None), "observations"),
        (json.dumps([1, 2]), ""),
        ('{"format": NaN}', "NaN"),
    ],
)
def test_each_slip_gets_a_clear_error_on_its_own_line(text: str, named: str) -> None:
    answers, status = run(text, arguments=("--at", AT.isoformat()))
    assert status == 1
    assert answers[0]["error"]["line"] == 1
    assert named in answers[0]["error"]["message"]
