"""`python -m benchmarks.phone_judge [DIST]`: how long a slow phone takes to judge a hundred checks.

The built app in Chromium, slowed down by its own developer tools. Counted is the time of the page's own thread on the
processor, not the clock: other work on the machine shows less. The first call comes right after what the app does when
it loads the judgement (`warmUp`, while a form is being filled in), which is measured apart. What it costs to ask the
page anything at all is the developer tools' own, five to eight milliseconds, and is taken off.
"""

from __future__ import annotations

import json
import statistics
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

from playwright.sync_api import CDPSession, Page

from tests.e2e.browser import ARGUMENTS, PHONE, chromium, playwright

DIST = Path(__file__).parents[1] / "frontend/dist"
LIMIT_MS = 16.0
SLOWER = 4
ROUNDS = 20
ASKED = 5
START = datetime(2025, 1, 6, 19, tzinfo=UTC)

LOAD = """
async ({ parts, document, at }) => {
  const [judgement, said, read] = await Promise.all(parts.map((part) => import(part)));
  const words = { said: said.default, read: read.default };
  window.nothing = () => 0;
  window.warmUp = () => judgement.warmUp(words);
  window.judge = (times) => {
    for (let time = 0; time < times; time += 1) judgement.judge(document, new Date(at), words);
  };
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
    """The built file of that name, as the page asks for it."""
    (path,) = (dist / "assets").glob(f"{name}-*.js")
    return f"/assets/{path.name}"


def spent(cdp: CDPSession, page: Page, script: str, times: int = 1) -> float:
    """Milliseconds of the page's thread on the processor that the script took, divided by `times`."""

    def so_far() -> float:
        metrics = cdp.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))

    before = so_far()
    page.evaluate(script, times)
    return (so_far() - before) * 1000 / times


def measured(dist: Path) -> dict[str, float]:
    """What one call costs at first and later, in milliseconds, on a page that has just loaded the judgement."""
    document, at = hundred_checks()
    parts = [part(dist, name) for name in ("judgement", "_virtual_rule-words-en", "_virtual_rule-sources")]
    with served(dist) as address, playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_context(**PHONE, service_workers="block").new_page()
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.evaluate(LOAD, {"parts": parts, "document": document, "at": at})
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        told = {"getting ready": spent(cdp, page, "warmUp")}
        asking = statistics.median(spent(cdp, page, "nothing") for _ in range(ASKED))
        told["first call"] = spent(cdp, page, "judge") - asking
        spent(cdp, page, "judge", 50)
        told["median"] = statistics.median(spent(cdp, page, "judge", 10) for _ in range(ROUNDS))
        browser.close()
    return told


def main(dist: Path = DIST) -> None:
    for name, value in measured(dist).items():
        bench = f"phone judges 100 observations, CPU {SLOWER}x slower, {name}"
        limit = {} if name == "getting ready" else {f"{LIMIT_MS:g} ms": round(value / LIMIT_MS, 2)}
        print(json.dumps({"bench": bench, "value": round(value, 2), "unit": "ms", "vs": limit}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
