"""Lock files pin by hash and name no package index: `python -m tests.lockfiles`."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def problems() -> list[str]:
    """What is wrong with the locks, one sentence each."""
    found = []
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        if re.search(r"https?://|file://|--(extra-)?index|--find", text):
            found.append(f"{path.name} names a place to fetch from")
        pins = re.findall(r"^[a-z0-9_.\[\]-]+==[^\s;]+", text, flags=re.MULTILINE | re.IGNORECASE)
        if not pins or text.count("--hash=sha256:") < len(pins):
            found.append(f"{path.name} has pins without a hash")
    for folder in ("frontend", "benchmarks/lighthouse"):
        lock = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))
        for name, entry in lock["packages"].items():
            if "resolved" in entry:
                found.append(f"{folder}/package-lock.json: {name} names where it came from")
            if name and "integrity" not in entry and not entry.get("link"):
                found.append(f"{folder}/package-lock.json: {name} has no hash")
    return found


if __name__ == "__main__":
    for problem in problems():
        sys.stderr.write(problem + "\n")
    sys.exit(1 if problems() else 0)
