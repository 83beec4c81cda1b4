"""The hazard log: read from docs/clinical-safety/hazards.toml, written as a page. `python -m tests.clinical_safety`."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOG = ROOT / "docs" / "clinical-safety" / "hazards.toml"
PAGE = LOG.with_name("hazard-log.md")
SEVERITIES = ("minor", "significant", "considerable", "major", "catastrophic")
LIKELIHOODS = ("very low", "low", "medium", "high", "very high")
RISKS = (  # a row a likelihood, a column a severity; after the matrix that is in use with DCB0129
    (1, 1, 2, 2, 3),
    (1, 2, 2, 3, 4),
    (2, 2, 3, 3, 4),
    (2, 3, 3, 4, 5),
    (3, 4, 4, 5, 5),
)
MAY_NOT_SHIP = 4  # from here on; 3 needs a signature
HEAD = """# Hazard log

Made from `hazards.toml` by `python -m tests.clinical_safety`; a test fails when it is stale. Do not edit.

**No clinician has reviewed this log, and nobody has signed it.** Severities and likelihoods are estimates by those who
built the product; nobody has used it yet. How to use it, and who must review it first: [README.md](README.md).

Risk is 1 (lowest) to 5 by severity and likelihood. From 4 on a hazard may not be put into use; 3 needs the signature of
a clinical safety officer. A hazard with something under *missing* is open, whatever its number.
"""


@dataclass(frozen=True)
class Hazard:
    """One row. `likelihood` before the controls and with them."""

    id: str
    hazard: str
    cause: str
    effect: str
    severity: str
    likelihood: tuple[str, str]
    controls: tuple[str, ...]
    tests: tuple[str, ...]
    open: tuple[str, ...]
    residual: str

    @property
    def risks(self) -> tuple[int, int]:
        """Before the controls and with them."""
        column = SEVERITIES.index(self.severity)
        before, after = (RISKS[LIKELIHOODS.index(word)][column] for word in self.likelihood)
        return before, after

    @property
    def status(self) -> str:
        return "open" if self.open else "controlled, not reviewed"


@dataclass(frozen=True)
class HazardLog:
    hazards: tuple[Hazard, ...]
    date: date
    owner: str


def read_log(path: Path = LOG) -> HazardLog:
    """The log. A missing or unknown column is a TypeError: nothing has a default."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return HazardLog(tuple(_hazard(row) for row in table["hazards"]), table["date"], table["owner"])


def _hazard(row: dict[str, Any]) -> Hazard:  # Any: a TOML table; an unknown or missing column is refused by name
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Hazard(**values)


def is_there(test: str) -> bool:
    """Is there such a test: `path::function`, or `path::title` in the phone app?"""
    place, _, name = test.partition("::")
    path = ROOT / place
    if not path.is_file() or not name:
        return False
    return name in (_titles(path) if path.suffix == ".ts" else _functions(path))


@cache
def _functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@cache
def _titles(path: Path) -> frozenset[str]:
    text = path.read_text(encoding="utf-8")
    return frozenset(
        re.findall(r"""^\s*(?:test|test\.each\(.*\)(?: as const)?|\]\))\(["'](.+?)["'],""", text, re.MULTILINE)
    )


def page(log: HazardLog) -> str:
    """The log as a page: an overview, what is missing, then each hazard in full."""
    lines = [HEAD, f"Owner: {log.owner}. Last changed {log.date.isoformat()}.\n", *_overview(log), *_missing(log)]
    for hazard in log.hazards:
        lines.extend(_in_full(hazard))
    return "\n".join(lines).rstrip() + "\n"


def _overview(log: HazardLog) -> Iterator[str]:
    yield "| id | hazard | severity | likelihood before → with controls | risk | status |\n|---|---|---|---|---|---|"
    for one in log.hazards:
        risk, likelihood = " → ".join(map(str, one.risks)), " → ".join(one.likelihood)
        link = f"[{one.id}](#{one.id.lower()})"
        yield f"| {link} | {one.hazard} | {one.severity} | {likelihood} | {risk} | {one.status} |"
    yield ""


def _missing(log: HazardLog) -> Iterator[str]:
    yield "## Missing\n"
    for one in log.hazards:
        yield from (f"* {one.id}: {text}." for text in one.open)
    to_sign = [one.id for one in log.hazards if one.risks[1] == MAY_NOT_SHIP - 1]
    yield f"* To be signed by a clinical safety officer before use, as their risk is 3: {', '.join(to_sign)}.\n"


def _in_full(one: Hazard) -> Iterator[str]:
    yield f"## {one.id}\n"
    yield f"**{one.hazard}**\n"
    yield f"* Cause: {one.cause}."
    yield f"* Effect on the person: {one.effect}. Severity: {one.severity}."
    yield f"* Likelihood: {one.likelihood[0]}, with the controls {one.likelihood[1]}."
    yield f"* Risk: {one.risks[0]}, with the controls {one.risks[1]}."
    yield from (f"* Control: {text}." for text in one.controls)
    yield from (f"* Evidence: `{test}`" for test in one.tests)
    yield from (f"* Missing: {text}." for text in one.open)
    yield f"* What remains: {one.residual}.\n"


if __name__ == "__main__":
    PAGE.write_text(page(read_log()), encoding="utf-8")
