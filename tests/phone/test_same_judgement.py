"""The phone judges every history as the server does: level, findings, words, dates, growth, to the last key."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from tests.phone.growing import a_measured_lump
from tests.phone.people import a_history
from tests.phone.replay import NODE_MODULES, Case, differences
from tests.triage.histories import AT
from tests.triage.test_criteria import EVERY, made
from triage.rulebook import load_rulebook
from triage.rulebook_proof import EXAMPLE_AT, example_history

VIGNETTES = Path(
    os.environ.get("LUMPTRACKER_VIGNETTES", Path(__file__).parents[3] / "shared/vignettes/development.jsonl")
)

pytestmark = pytest.mark.skipif(not NODE_MODULES.exists(), reason="the phone app's packages are not installed")


def show(found: list[str]) -> str:
    return f"{len(found)} differ. The first:\n" + "\n".join(found[:5])


def test_every_example_of_every_rule(tmp_path: Path) -> None:
    cases = [
        Case(f"{rule.id}, example {number}", example_history(rule, example), EXAMPLE_AT)
        for rule in load_rulebook().rules
        for number, example in enumerate(rule.examples, start=1)
    ]
    found = differences(cases, tmp_path)
    assert not found, show(found)


def test_every_criterion(tmp_path: Path) -> None:
    found = differences([Case(f"{case.criterion} {case.says}", made(case.told), AT) for case in EVERY], tmp_path)
    assert not found, show(found)


def test_a_thousand_histories_that_use_every_field(tmp_path: Path) -> None:
    found = differences([Case(f"history {seed}", *a_history(seed)) for seed in range(1000)], tmp_path)
    assert not found, show(found)


def test_a_thousand_measured_lumps(tmp_path: Path) -> None:
    found = differences([Case(f"measured lump {seed}", *a_measured_lump(seed)) for seed in range(1000)], tmp_path)
    assert not found, show(found)


@pytest.mark.skipif(not VIGNETTES.exists(), reason=f"no vignettes at {VIGNETTES}")
def test_every_vignette(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in VIGNETTES.read_text(encoding="utf-8").splitlines()]
    cases = [Case(row["id"], row["history"], datetime.fromisoformat(row["at"])) for row in rows]
    found = differences(cases, tmp_path)
    assert not found, show(found)
