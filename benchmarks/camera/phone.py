"""The app's own functions in Node: see bundle.mjs, measure.mjs, hints.mjs and pairs.mjs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.camera.touches import Row

HERE = Path(__file__).parent
NODE_MODULES = HERE.parents[1] / "frontend/node_modules"


def bundle(folder: Path) -> None:
    """Build them into a folder."""
    _node("bundle.mjs", folder)


def answers(rows: Sequence[Row], folder: Path) -> list[Row]:
    """What the app makes of each row, in the same order."""
    return _told("measure.mjs", rows, folder)


def hinted(rows: Sequence[Row], folder: Path) -> list[Row]:
    """What the app says is wrong with each picture."""
    return _told("hints.mjs", rows, folder)


def laid(rows: Sequence[Row], folder: Path) -> list[Row]:
    """How the app lays one picture of each pair over the other."""
    return _told("pairs.mjs", rows, folder)


def _told(script: str, rows: Sequence[Row], folder: Path) -> list[Row]:
    asked, told = folder / "asked.jsonl", folder / "told.jsonl"
    asked.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    _node(script, folder, asked, told)
    return [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]


def _node(script: str, *arguments: Path) -> None:
    subprocess.run(["node", str(HERE / script), *map(str, arguments)], check=True)
