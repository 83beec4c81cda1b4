"""docs/hazards-elsewhere.md: what hurt people in other trackers is tied to tests, and each of them is there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.clinical_safety import is_there

PAPER = Path(__file__).parents[1] / "docs/hazards-elsewhere.md"
ROW = re.compile(r"^\| (?!what happened|---)(?P<happened>[^|]+) \| [^|]+ \| `(?P<test>[^`|]+)` \|$", re.MULTILINE)


def test_each_is_tied_to_a_test_that_exists() -> None:
    paper = PAPER.read_text(encoding="utf-8")
    rows = {row["happened"]: row["test"] for row in ROW.finditer(paper)}
    assert len(rows) == sum(line.startswith("| ") for line in paper.splitlines()) - 1, "a row that cannot be read"
    assert {happened: test for happened, test in rows.items() if not is_there(test)} == {}
