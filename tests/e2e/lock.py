"""A phone with planted words on it, for the tests of its lock: how they lie there, and what is done with the lock."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page, expect

PIN = "271828"
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
