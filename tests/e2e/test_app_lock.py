"""The app lock and what stays behind, in a real browser: what lies in its storage, and what it shows to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.e2e.browser import phone, playwright
from tests.e2e.product import Product, running_product

pytestmark = [pytest.mark.e2e]

PIN = "271828"
MILLISECOND = timedelta(milliseconds=1)
CANARY = "planted words under the left arm"
# Every byte in IndexedDB, in the caches and in both storages, as one text.
AT_REST = """async () => {
  const said = [];
  const text = value => {
    if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value);
    if (ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value);
    if (value && typeof value === 'object')
      return Object.entries(value).map(([name, part]) => name + ' ' + text(part)).join(' ');
    return String(value);
  };
  const db = await new Promise((resolve, reject) => {
    const asked = indexedDB.open('tracker');
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  for (const name of db.objectStoreNames) {
    const store = db.transaction(name).objectStore(name);
    for (const verb of ['getAll', 'getAllKeys']) {
      said.push(await new Promise(resolve => {
        const asked = store[verb]();
        asked.onsuccess = () => resolve(text(asked.result));
      }));
    }
  }
  db.close();
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) said.push(request.url);
  }
  said.push(text({...localStorage}), text({...sessionStorage}));
  return said.join('\\n');
}"""


LOCKS_AFTER_MINUTES = 5
SEEN = """state => {
  Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => state});
  document.dispatchEvent(new Event('visibilitychange'));
}"""


@dataclass
class Ada:
    """Ada's phone with one lump on it, whose name and note are the planted words."""

    context: BrowserContext
    page: Page
    url: str

    def at_rest(self) -> str:
        return str(self.page.evaluate(AT_REST))

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def lock(self) -> None:
        self.page.goto(f"{self.url}/#/you")
        self.press("Turn on the lock")
        self.page.get_by_label("New PIN").fill(PIN)
        self.page.get_by_label("The PIN once more").fill(PIN)
        self.press("Turn on the lock")
        expect(self.page.get_by_role("button", name="Lock now")).to_be_visible(timeout=60_000)

    def unlock(self, pin: str = PIN) -> None:
        self.page.get_by_label("Your PIN").fill(pin)
        self.press("Unlock")

    def is_locked(self) -> None:
        expect(self.page.get_by_role("heading", name="Locked")).to_be_visible()


@pytest.fixture(scope="module", name="started")
def _started() -> Iterator[Playwright]:
    with playwright() as started:
        yield started


@pytest.fixture(scope="module", name="product")
def _product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(tmp_path_factory.mktemp("lock") / "data", settings={"RATE_LIMITS": "off"}) as product:
        yield product


@pytest.fixture(name="ada")
def _ada(started: Playwright, product: Product, tmp_path: Path) -> Iterator[Ada]:
    with ExitStack() as stack:
        context = phone(started, tmp_path / "profile")
        stack.callback(context.close)
        page = context.pages[0]
        page.goto(product.url)
        expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
        page.evaluate(PLANT, CANARY)
        page.goto(f"{product.url}/#/you")
        page.reload()
        expect(page.get_by_role("heading", name="You", exact=True)).to_be_visible()
        yield Ada(context, page, product.url)


# The failures that were counted; and as if there had been many more, so that a slow machine does not wait them out.
POSTPONE = """() => new Promise(resolve => {
  const asked = indexedDB.open('tracker');
  asked.onsuccess = () => {
    const meta = asked.result.transaction('meta', 'readwrite').objectStore('meta');
    const read = meta.get('lock');
    read.onsuccess = () => {
      const lock = read.result;
      if (!(lock.not_before > Date.now() - 120000)) return resolve('no delay');
      meta.put({...lock, not_before: lock.not_before + 900000}, 'lock').onsuccess = () => {
        asked.result.close();
        resolve(lock.failures);
      };
    };
  };
})"""


# As the app writes it: a lump, a check, a half-filled form and a picture, none of them sent.
PLANT = """async words => {
  const db = await new Promise(resolve => {
    const asked = indexedDB.open('tracker');
    asked.onsuccess = () => resolve(asked.result);
  });
  const put = (store, value, key) => new Promise((resolve, reject) => {
    const asked = db.transaction(store, 'readwrite').objectStore(store).put(value, key);
    asked.onsuccess = resolve;
    asked.onerror = () => reject(asked.error);
  });
  const row = (type, id, shown) => ({id, type, rev: 0, base: null, hidden: false, shown: {id, ...shown}});
  const op = (seq, type, id, fields) =>
    ({seq, op_id: crypto.randomUUID(), type, id, base_rev: 0, fields, sent: false, not_before: 0, problem: null});
  const [person, lump, check] = [1, 2, 3].map(() => crypto.randomUUID());
  const all = [
    ['person', person, {name: '', colour: 'teal', birth_date: null, sex: null, region: null, time_zone: 'UTC',
      background: {}}],
    ['lump', lump, {person, label: words, site: 'thigh', side: 'left', pin: null, first_noticed_on: null,
      first_noticed_certainty: null, closed_on: null, closed_reason: null, background: {}}],
    ['observation', check, {lump, observed_at: '2026-11-01T10:00:00+00:00', length_mm: 12, width_mm: null,
      height_mm: null, readings_mm: [], uncertainty_mm: null, method: 'ruler', signs: {}, note: words}],
  ];
  for (const [n, [type, id, shown]] of all.entries()) {
    await put('records', row(type, id, shown));
    await put('outbox', op(n + 1, type, id, shown));
  }
  await put('drafts', {note: words}, 'check ' + lump);
  await put('pictures', {id: crypto.randomUUID(), observation: check, taken_at: '', type: 'image/jpeg', thumb: null,
    sha256: null, state: 'waiting', problem: null, bytes: new TextEncoder().encode(words).buffer});
  db.close();
}"""


def test_with_the_lock_on_nothing_lies_readable_neither_open_nor_locked(ada: Ada) -> None:
    assert CANARY in ada.at_rest()
    ada.lock()
    opened = ada.at_rest()
    ada.page.goto(f"{ada.url}/#/")
    expect(ada.page.get_by_text(CANARY).first).to_be_visible()
    ada.page.goto(f"{ada.url}/#/you")
    ada.press("Lock now")
    ada.is_locked()
    for found in (opened, ada.at_rest(), ada.page.content()):
        assert CANARY not in found
        assert "thigh" not in found
    ada.unlock()
    ada.page.goto(f"{ada.url}/#/")
    expect(ada.page.get_by_text(CANARY).first).to_be_visible()


def test_a_new_start_is_locked_and_wrong_pins_slow_down_also_after_a_reload(ada: Ada) -> None:
    ada.lock()
    ada.page.reload()
    ada.is_locked()
    for _ in range(3):
        ada.unlock("000000")
        expect(ada.page.get_by_role("alert").filter(has_text=re.compile("not the PIN|next one"))).to_be_visible(
            timeout=60_000
        )
    assert ada.page.evaluate(POSTPONE) == 3
    ada.page.reload()
    ada.is_locked()
    ada.unlock()
    expect(ada.page.get_by_text("The next one counts at")).to_be_visible(timeout=60_000)


def test_one_tap_or_esc_twice_leaves_an_empty_page_and_the_lock_behind_it(ada: Ada) -> None:
    ada.lock()
    ada.page.get_by_label("Show a button on every screen").check()
    ada.page.goto(f"{ada.url}/#/")
    ada.press("Hide the app")
    blank = ada.page.get_by_role("button", name="Show the app")
    expect(blank).to_be_visible()
    assert ada.page.inner_text("body").strip() == ""
    blank.click()
    ada.is_locked()
    ada.unlock()
    expect(ada.page.get_by_text(CANARY).first).to_be_visible(timeout=60_000)
    ada.page.keyboard.press("Escape")
    ada.page.keyboard.press("Escape")
    expect(blank).to_be_visible()


def test_it_locks_itself_while_nobody_looks_and_not_for_a_short_look_elsewhere(ada: Ada) -> None:
    ada.page.clock.install(time=timezone.now())
    ada.page.reload()
    ada.lock()
    ada.page.goto(f"{ada.url}/#/")
    ada.page.evaluate(SEEN, "hidden")
    ada.page.clock.fast_forward(timedelta(minutes=LOCKS_AFTER_MINUTES - 1) // MILLISECOND)
    ada.page.evaluate(SEEN, "visible")
    expect(ada.page.get_by_text(CANARY).first).to_be_visible()
    ada.page.evaluate(SEEN, "hidden")
    ada.page.clock.fast_forward(timedelta(minutes=LOCKS_AFTER_MINUTES, seconds=1) // MILLISECOND)
    ada.is_locked()  # nobody has come back to it yet
    assert CANARY not in ada.page.content()


def test_an_app_that_slept_while_hidden_is_locked_when_it_is_looked_at(ada: Ada) -> None:
    ada.lock()
    ada.page.goto(f"{ada.url}/#/")
    expect(ada.page.get_by_text(CANARY).first).to_be_visible()
    ada.page.evaluate(SEEN, "hidden")
    ada.page.clock.set_system_time(timezone.now() + timedelta(minutes=LOCKS_AFTER_MINUTES, seconds=1))  # no timer ran
    ada.page.evaluate(SEEN, "visible")
    ada.is_locked()
    assert CANARY not in ada.page.content()


def test_who_forgot_the_pin_is_told_what_is_lost_and_starts_from_nothing(ada: Ada) -> None:
    ada.lock()
    ada.press("Lock now")
    ada.is_locked()
    ada.press("I forgot the PIN")
    expect(ada.page.get_by_text("4 entries have not reached the server")).to_be_visible()
    ada.press("Sign out and clear this phone")
    expect(ada.page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
    assert CANARY not in ada.at_rest()


def test_the_lock_can_be_taken_off_again(ada: Ada) -> None:
    ada.lock()
    ada.press("Turn off the lock")
    ada.page.get_by_label("Your PIN").fill(PIN)
    ada.press("Turn off the lock")
    expect(ada.page.get_by_role("button", name="Turn on the lock")).to_be_visible(timeout=60_000)
    ada.page.goto(f"{ada.url}/#/")
    ada.page.reload()
    expect(ada.page.get_by_text(CANARY).first).to_be_visible()
    assert CANARY in ada.at_rest()


def test_another_open_tab_is_in_the_way_of_turning_the_lock_and_locks_along(ada: Ada) -> None:
    other = ada.context.new_page()
    other.goto(f"{ada.url}/#/")
    expect(other.get_by_text(CANARY).first).to_be_visible()
    ada.press("Turn on the lock")
    ada.page.get_by_label("New PIN").fill(PIN)
    ada.page.get_by_label("The PIN once more").fill(PIN)
    ada.press("Turn on the lock")
    expect(ada.page.get_by_text("The app is open in another tab")).to_be_visible(timeout=60_000)
    other.close()
    locked = ada.page.get_by_role("button", name="Lock now")
    refused = ada.page.get_by_text("The app is open in another tab")
    for _ in range(10):  # a browser takes a moment to let go of what a closed tab held
        ada.press("Turn on the lock")
        expect(locked.or_(refused).first).to_be_visible(timeout=60_000)
        if locked.is_visible():
            break
    expect(locked).to_be_visible()


def test_the_phones_own_authenticator_opens_it_too(ada: Ada) -> None:
    session = ada.context.new_cdp_session(ada.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "hasPrf": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    ada.url = ada.url.replace("127.0.0.1", "localhost")  # WebAuthn knows no bare addresses
    ada.page.goto(ada.url)
    expect(ada.page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
    ada.page.evaluate(PLANT, CANARY)
    ada.page.goto(f"{ada.url}/#/you")
    ada.press("Turn on the lock")
    ada.page.get_by_label("New PIN").fill(PIN)
    ada.page.get_by_label("The PIN once more").fill(PIN)
    ada.page.get_by_label("Also open with this phone's fingerprint").check()
    ada.press("Turn on the lock")
    expect(ada.page.get_by_role("button", name="Lock now")).to_be_visible(timeout=60_000)
    ada.press("Lock now")
    ada.is_locked()
    ada.press("Use fingerprint or face")
    expect(ada.page.get_by_role("button", name="Lock now")).to_be_visible(timeout=60_000)
    ada.page.goto(f"{ada.url}/#/")
    expect(ada.page.get_by_text(CANARY).first).to_be_visible()
