"""What the compose file starts, for those who start it without containers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

PACKAGING = Path(__file__).parents[1] / "lumptracker/packaging"
COMPOSE: dict[str, Any] = yaml.safe_load((PACKAGING / "compose.yaml").read_text())  # Any: YAML


def command(service: str, *, bind: str, folder: Path) -> list[str]:
    """As in the file, by this interpreter, listening on `bind`, with `folder` for what lies in /tmp there."""
    name, *rest = COMPOSE["services"][service]["command"]
    here = {"0.0.0.0:8000": bind, "/tmp/beat": str(folder / "beat")}  # noqa: S108  # replaced
    return [sys.executable, "-m", name, *(here.get(word, word) for word in rest)]
