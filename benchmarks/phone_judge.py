"""`python -m benchmarks.phone_judge [DIST]`: how long a slow phone takes to judge a hundred checks.

The built app in Chromium, throttled by its own developer tools. The first call includes what a session pays once: the
browser's time zones and code that has never run. Prints the contract's lines; load on the machine is in the numbers.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.e2e.browser import ARGUMENTS, PHONE, chromium, playwright

DIST = Path(__file__).parents[1] / "frontend/dist"
LIMIT_MS = 16.0
SLOWER = 4
ROUNDS = 200
START = datetime(2025, 1, 6, 19, tzinfo=UTC)

MEASURE = """
async ({ parts, document, at, rounds }) => {
  const began = performance.now();
  const [{ judge }, said, read] = await Promise.all(parts.map((part) => import(part)));
  const loaded = performance.now() - began;
  const words = { said: said.default, read: read.default };
  const moment = new Date(at);
  const times = [];
  let level = "";
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    level = judge(document, moment, words).level;
    times.push(performance.now() - start);
  }
  const [first, ...rest] = times;
  rest.sort((a, b) => a - b);
  return { level, loaded, first, median: rest[rest.length >> 1], slowest: rest[Math.floor(rest.length * 0.95)] };
}
"""


class Quiet(SimpleHTTPRequestHandler):
    """Files of the built app, without a line for each."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address under which the folder is served meanwhile."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


def hundred_checks() -> tuple[dict[str, Any], str]:  # Any: JSON
    """A lump measured weekly that begins to grow, with fifteen answers at each check, and the moment after the last."""
    checks = [
        {
            "id": str(UUID(int=week + 1)),
            "observed_at": (START + timedelta(weeks=week)).isoformat(),
            "length_mm": round(14 + week % 4 + max(0, week - 70) * 0.3, 1),
            "width_mm": 11,
            "method": "ruler",
            "signs": {
                **dict.fromkeys(("fever", "back_pain", "saddle_numbness", "bladder_change", "night_sweats"), False),
                **dict.fromkeys(("red", "hot", "ulcer", "spreading_redness", "vomiting", "chills"), False),
                "consistency": "rubbery",
                "mobility": "moves",
                "pain": week % 6,
                "trend": "unsure",
            },
        }
        for week in range(100)
    ]
    person = {"birth_date": "1970", "region": "GB", "time_zone": "Europe/London", "background": {"diabetes": False}}
    lump = {"id": str(UUID(int=1000)), "site": "lower_back", "background": {"kind": "under_skin"}}
    care = [{"id": str(UUID(int=2000)), "on": "2025-06-02", "kind": "seen"}]
    at = (START + timedelta(weeks=99, minutes=5)).isoformat()
    return {"person": person, "lump": lump, "observations": checks, "care": care}, at


def part(dist: Path, name: str) -> str:
    """The built file of that name, the largest if it has a small one before it, as the page asks for it."""
    path = max((dist / "assets").glob(f"{name}-*.js"), key=lambda path: path.stat().st_size)
    return f"/assets/{path.name}"


def measured(dist: Path) -> dict[str, Any]:  # Any: JSON
    """What the page measured, in milliseconds, and the level it came to."""
    document, at = hundred_checks()
    parts = [part(dist, name) for name in ("judge", "_virtual_rule-words-en", "_virtual_rule-sources")]
    with served(dist) as address, playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_context(**PHONE, service_workers="block").new_page()
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        asked = {"parts": parts, "document": document, "at": at, "rounds": ROUNDS}
        told: dict[str, Any] = page.evaluate(MEASURE, asked)  # Any: JSON
        browser.close()
    return told


def main(dist: Path = DIST) -> None:
    told = measured(dist)
    for name in ("median", "slowest", "first"):
        shown = {"slowest": "slowest of 19 in 20", "first": "first call"}.get(name, name)
        bench = f"phone judges 100 observations, CPU {SLOWER}x slower, {shown}"
        vs = {f"{LIMIT_MS:g} ms": round(told[name] / LIMIT_MS, 2)}
        print(json.dumps({"bench": bench, "value": round(told[name], 2), "unit": "ms", "vs": vs}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
