"""What Lighthouse says of the built product as a phone on a slow line: `python -m benchmarks.lighthouse [--cpu N]`.

The median of three runs, each in a browser that has never seen the app. Lighthouse slows the processor down four times
by reckoning, as for a fast desktop machine; its own measure of this machine is printed beside the scores. Under 800 the
machine is no faster than a good phone, and `--cpu 1` comes nearer. Lighthouse lies in benchmarks/lighthouse/, apart
from the phone app, and is fetched at first use.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.e2e.browser import ARGUMENTS, chromium
from tests.e2e.product import running_product

FOLDER = Path(__file__).parent / "lighthouse"
RUNS = 3
USUAL_CPU = 4
SCORES = ("performance", "accessibility", "best-practices", "seo")
LARGEST_PAINT_S = 1.5
FIRST_LOAD_KB, SCRIPT_KB = 120, 75


def installed() -> Path:
    """The command line of the pinned Lighthouse."""
    program = FOLDER / "node_modules/lighthouse/cli/index.js"
    if not program.exists():
        fetch = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        subprocess.run(fetch, cwd=FOLDER, check=True, stdout=sys.stderr)
    return program


def report_on(url: str, *, cpu: float) -> dict[str, Any]:  # Any: JSON
    flags = " ".join(["--headless", *ARGUMENTS])
    command = [
        *("node", str(installed()), url, "--quiet", "--output=json", "--no-enable-error-reporting"),
        *(f"--throttling.cpuSlowdownMultiplier={cpu:g}", f"--chrome-flags={flags}"),
    ]
    environment = {**os.environ, "CHROME_PATH": chromium()}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout)  # Any: JSON
    if told.get("runtimeError"):
        raise RuntimeError(told["runtimeError"]["message"])
    return told


def fell_short(report: dict[str, Any]) -> list[str]:  # Any: JSON
    """Names of the audits that cost a score something."""
    weighed = {ref["id"] for one in report["categories"].values() for ref in one["auditRefs"] if ref["weight"] > 0}
    return sorted(name for name in weighed if (report["audits"][name]["score"] or 0) < 1 and is_scored(report, name))


def is_scored(report: dict[str, Any], name: str) -> bool:  # Any: JSON
    return report["audits"][name]["scoreDisplayMode"] in ("binary", "numeric", "metricSavings", "error")


def kilobytes(report: dict[str, Any], *kinds: str) -> float:  # Any: JSON
    """What travelled, headers included."""
    requests = report["audits"]["network-requests"]["details"]["items"]
    travelled = [int(one["transferSize"]) for one in requests if not kinds or one["resourceType"] in kinds]
    return sum(travelled) / 1000


def foreign(report: dict[str, Any]) -> int:  # Any: JSON
    """Requests that went anywhere else."""
    requests = report["audits"]["network-requests"]["details"]["items"]
    return sum(not one["url"].startswith(("data:", "blob:", report["requestedUrl"])) for one in requests)


def show(bench: str, value: float, unit: str, vs: dict[str, float]) -> None:
    print(json.dumps({"bench": bench, "value": round(value, 3), "unit": unit, "vs": vs}), flush=True)


def show_all(reports: list[dict[str, Any]], *, cpu: float) -> None:  # Any: JSON
    kind = "Lighthouse mobile" if cpu == USUAL_CPU else f"Lighthouse mobile, CPU {cpu:g}x slower"
    for name in SCORES:
        score = statistics.median(100 * one["categories"][name]["score"] for one in reports)
        show(f"{kind}: {name}", score, "of 100", {"100": round(100 / score, 2) if score else 100.0})
    for name, limit in (("largest-contentful-paint", LARGEST_PAINT_S), ("total-blocking-time", None)):
        seconds = statistics.median(one["audits"][name]["numericValue"] / 1000 for one in reports)
        show(f"{kind}: {name}", seconds, "s", {f"{limit} s": round(seconds / limit, 2)} if limit else {})
    for what, kinds, limit_kb in (("first load", (), FIRST_LOAD_KB), ("script at first", ("Script",), SCRIPT_KB)):
        travelled = max(kilobytes(one, *kinds) for one in reports)
        show(f"{kind}: {what}", travelled, "kB on the line", {f"{limit_kb} kB": round(travelled / limit_kb, 2)})
    show(f"{kind}: requests to elsewhere", max(map(foreign, reports)), "requests", {})
    speed = statistics.median(one["environment"]["benchmarkIndex"] for one in reports)
    show(f"{kind}: speed of this machine", speed, "BenchmarkIndex", {})


def measure(*, cpu: float = USUAL_CPU) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="tracker-lighthouse-") as folder,
        running_product(Path(folder) / "data") as product,
    ):
        reports = [report_on(f"{product.url}/", cpu=cpu) for _ in range(RUNS)]
    show_all(reports, cpu=cpu)
    for name in sorted({name for one in reports for name in fell_short(one)}):
        sys.stderr.write(f"below 1: {name}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cpu", type=float, default=USUAL_CPU, help="how much slower the processor is reckoned")
    measure(cpu=parser.parse_args().cpu)
