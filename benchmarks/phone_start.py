"""How quickly the phone app is there and takes an entry on a slow phone: `python -m benchmarks.phone_start [--locked]`.

Chromium with its processor throttled four times, 20 lumps and 1,000 checks on the phone, no line to the server. Each
number is the median of nine. Run it on a quiet machine: the limits are the issue's, and throttling multiplies noise.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.browser import phone, playwright
from tests.e2e.phone import until
from tests.e2e.product import running_product

LUMPS, CHECKS, TIMES = 20, 1000, 9
THROTTLE = 4
START_MS, SAVE_MS = 300, 50
SETTLED_MS = 3000
PIN = "271828"

PLANT = """async ({lumps, checks}) => {
  const db = await new Promise(resolve => {
    const asked = indexedDB.open('tracker');
    asked.onsuccess = () => resolve(asked.result);
  });
  const tx = db.transaction(['records', 'cache'], 'readwrite');
  const id = n => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
  const put = (type, n, fields) => {
    const shown = {id: id(n), ...fields};
    tx.objectStore('records').put({id: id(n), type, rev: n, base: shown, shown, hidden: false});
  };
  put('person', 1, {name: 'Ada', colour: 'teal', birth_date: '1971', sex: 'female', region: 'GB',
                    time_zone: 'Europe/London', background: {anticoagulant: false}});
  const sites = ['calf', 'thigh', 'lower_back', 'forearm', 'neck'];
  for (let n = 0; n < lumps; n += 1) {
    put('lump', 100 + n, {person: id(1), label: '', site: sites[n % 5], side: 'left', pin: null,
      first_noticed_on: '2025-01-01', first_noticed_certainty: 'about', closed_on: null, closed_reason: null,
      background: {}});
    tx.objectStore('cache').put({fetched_at: new Date().toISOString(), outdated: false, assessment: {
      lump: id(100 + n), at: new Date().toISOString(), level: 'watch', findings: [], unknown: [],
      growth: {state: 'stable', probability_growing: 0.1, change_mm: 0, change_percent: 0, doubling_days: null,
               since: null, confirm_by: null, measurements: 9},
      days_since_noticed: 300, next_check_on: '2030-01-01', reassess_at: null, rulebook: ''}},
      'assessment ' + id(100 + n));
  }
  for (let n = 0; n < checks; n += 1)
    put('observation', 1000 + n, {lump: id(100 + n % lumps), method: 'ruler', length_mm: 10 + n % 7,
      width_mm: 9, height_mm: null,
      observed_at: new Date(Date.now() - (checks - n) * 7200000).toISOString(), readings_mm: [10, 10.5, 11],
      uncertainty_mm: null, note: n % 3 ? '' : 'a little sore after the long walk',
      signs: {fever: false, pain: n % 10, red: false, hot: false, trend: 'same', consistency: 'soft',
              mobility: 'moves'}});
  await new Promise(resolve => { tx.oncomplete = resolve; });
  db.close();
}"""

# Noted by the page itself, in its own time: the first moment at which the whole list can be pressed.
WATCH = """
const seen = new MutationObserver(() => {
  if (document.querySelectorAll('main a[href^="#/lump/"]').length < LUMPS) return;
  seen.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.listAt ??= performance.now(); }));
});
seen.observe(document, {childList: true, subtree: true});
""".replace("LUMPS", str(LUMPS))

# From the press to the words that confirm it.
SAVE = """() => new Promise(resolve => {
  const button = [...document.querySelectorAll('button')].find(each => each.textContent.trim() === 'Same');
  const begun = performance.now();
  const seen = new MutationObserver(() => {
    const said = document.querySelector('[role=status]');
    if (!said || !said.textContent.trim()) return;
    seen.disconnect();
    resolve(performance.now() - begun);
  });
  seen.observe(document.body, {childList: true, subtree: true, characterData: true});
  button.click();
})"""


def show(bench: str, value: float, limit_ms: float) -> None:
    ratio = {f"{limit_ms:g} ms": round(value / limit_ms, 2)}
    print(json.dumps({"bench": bench, "value": round(value, 1), "unit": "ms", "vs": ratio}), flush=True)


def throttled(context: BrowserContext, page: Page) -> None:
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})


def list_at(page: Page) -> float:
    """The page noted it itself. The first question brings a script of its own along, so it is put when all is over."""
    page.wait_for_timeout(SETTLED_MS)
    return until(lambda: float(page.evaluate("window.listAt ?? 0")))


def open_list(page: Page, url: str) -> float:
    page.goto("about:blank")
    page.goto(url)
    return list_at(page)


def unlock_list(page: Page, url: str) -> float:
    """From the press on Unlock, the PIN's own work included."""
    page.goto("about:blank")
    page.goto(url)
    page.get_by_label("Your PIN").fill(PIN)
    begun = page.evaluate("performance.now()")
    page.get_by_role("button", name="Unlock").click()
    return list_at(page) - float(begun)


def turn_on_lock(page: Page, url: str) -> None:
    page.goto(f"{url}/#/you")
    page.get_by_role("button", name="Turn on the lock").click()
    page.get_by_label("New PIN").fill(PIN)
    page.get_by_label("The PIN once more").fill(PIN)
    page.get_by_role("button", name="Turn on the lock").click()
    expect(page.get_by_role("button", name="Lock now")).to_be_visible(timeout=120_000)


def prepared(context: BrowserContext, url: str) -> Page:
    """The app was opened before, its worker keeps the shell, and the record lies on the phone."""
    page = context.pages[0]
    page.goto(url)
    expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.evaluate(PLANT, {"lumps": LUMPS, "checks": CHECKS})
    context.add_init_script(WATCH)
    return page


def measure(page: Page, url: str) -> None:
    starts = [open_list(page, url) for _ in range(TIMES)]
    show(f"second start to the list, {LUMPS} lumps, {CHECKS} checks", statistics.median(starts), START_MS)
    saves = []
    for _ in range(TIMES):
        page.goto(f"{url}#/")
        page.goto(f"{url}#/check")
        expect(page.get_by_role("button", name="Same").first).to_be_visible()
        page.wait_for_timeout(8000)  # the last confirmation has gone
        saves.append(float(page.evaluate(SAVE)))
    show("saving a check to its confirmation", statistics.median(saves), SAVE_MS)


def main(*, locked: bool) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-phone-")))
        product = stack.enter_context(running_product(folder / "data"))
        context = phone(stack.enter_context(playwright()), folder / "profile")
        stack.callback(context.close)
        page, url = prepared(context, product.url), f"{product.url}/"
        context.set_offline(True)
        open_list(page, url)
        throttled(context, page)
        measure(page, url)
        if locked:
            turn_on_lock(page, product.url)
            unlocked = [unlock_list(page, url) for _ in range(3)]
            show("from Unlock to the list, PIN included", statistics.median(unlocked), START_MS)


if __name__ == "__main__":
    main(locked="--locked" in sys.argv)
