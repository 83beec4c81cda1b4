"""What the phone keeps, sends and forgets, in a real browser: tabs, half-filled forms, pictures, signing out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Request, expect

from tests import pictures
from tests.e2e.browser import phone
from tests.e2e.lock import AT_REST
from tests.e2e.phone import until
from tests.e2e.product import Product

pytestmark = [pytest.mark.e2e]

PASSWORD = "a long way to the sea"
CANARY = "planted words under the left arm"


# Every byte that the app hands to the network; DevTools does not tell those of a form with a picture.
RECORD = """() => {
  window.sent = [];
  const real = window.fetch;
  window.fetch = async (path, request) => {
    if (request?.body) {
      const body = await new Request(path, request).arrayBuffer();
      window.sent.push([String(path), [...new Uint8Array(body)]]);
    }
    return real(path, request);
  };
}"""


# What the caches hold, as it would be read: addresses, heads and bodies; and the names of all databases.
CACHED = """async () => {
  const said = (await indexedDB.databases()).map(({name}) => `database ${name}`);
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      said.push(request.url, JSON.stringify([...answer.headers]), await answer.text());
    }
  }
  return said.join('\\n');
}"""


@pytest.fixture(name="ada")
def _ada(browser: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    context = phone(browser, tmp_path / "profile")
    yield context
    context.close()


def opened(context: BrowserContext, url: str) -> Page:
    page = context.pages[0]
    page.goto(url)
    expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
    return page


def sign_up(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/#/sign-up")
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account", exact=True).click()
    expect(page.get_by_role("heading", name="Where is it?")).to_be_visible()


def add_lump(page: Page, url: str) -> None:
    page.goto(f"{url}/#/add")
    page.get_by_role("radio", name="List", exact=True).check()
    page.get_by_label("Search for a place").fill("Thigh")
    page.get_by_text("Thigh", exact=True).first.click()
    page.get_by_role("radio", name="Left", exact=True).check()
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_label("Longest size", exact=True).fill("12")
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Log a check")).to_be_visible()


def open_check(page: Page) -> None:
    page.get_by_role("link", name="Log a check").click()
    expect(page.get_by_label("Note")).to_be_visible()


def test_what_is_logged_in_one_tab_stands_in_the_other(ada: BrowserContext, product: Product) -> None:
    page = opened(ada, product.url)
    other = ada.new_page()
    other.goto(product.url)
    expect(other.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
    add_lump(page, product.url)
    expect(other.get_by_role("link", name=re.compile("thigh", re.IGNORECASE)).first).to_be_visible()


def test_of_two_tabs_one_sends_and_everything_arrives_once(ada: BrowserContext, product: Product) -> None:
    page = opened(ada, product.url)
    other = ada.new_page()
    other.goto(product.url)
    sign_up(page, product.url, "ada+tabs@example.org")
    other.reload()
    sent: list[str] = []
    ada.on("request", lambda request: sent.extend(operations_in(request)))
    add_lump(page, product.url)
    add_lump(other, product.url)
    for tab in (page, other):
        tab.goto(f"{product.url}/#/you")
        expect(tab.get_by_text("Everything has reached the server.")).to_be_visible(timeout=60_000)
    assert len(sent) == len(set(sent)) > 0
    lumps = page.evaluate("async () => (await (await fetch('/api/v1/lumps/')).json()).results.length")
    assert lumps == 2


def operations_in(request: Request) -> list[str]:
    if not request.url.endswith("/sync/"):
        return []
    return [operation["op_id"] for operation in (request.post_data_json or {}).get("operations", [])]


def test_a_half_filled_form_survives_a_reload_a_lost_line_and_an_ended_session(
    ada: BrowserContext, product: Product
) -> None:
    page = opened(ada, product.url)
    sign_up(page, product.url, "ada+form@example.org")
    add_lump(page, product.url)
    open_check(page)
    page.get_by_label("Longest size", exact=True).fill("17")
    page.get_by_label("Note").fill(CANARY)
    page.wait_for_timeout(300)
    page.reload()
    expect(page.get_by_label("Note")).to_have_value(CANARY)
    ada.set_offline(True)
    page.reload()
    expect(page.get_by_label("Note")).to_have_value(CANARY)
    ada.set_offline(False)
    ada.clear_cookies()
    page.reload()
    expect(page.get_by_label("Note")).to_have_value(CANARY)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Log a check")).to_be_visible()
    expect(page.get_by_text("17 mm").first).to_be_visible()


def test_a_picture_leaves_the_phone_small_without_its_place_and_after_its_entry(
    ada: BrowserContext, product: Product, tmp_path: Path
) -> None:
    page = opened(ada, product.url)
    sign_up(page, product.url, "ada+photo@example.org")
    add_lump(page, product.url)
    planted = pictures.with_canaries("JPEG")
    assert pictures.CANARY in planted
    (tmp_path / "IMG_0042.jpg").write_bytes(planted)
    open_check(page)
    page.get_by_label("Choose a photo").set_input_files(tmp_path / "IMG_0042.jpg")
    page.evaluate(RECORD)
    page.get_by_role("button", name="Save", exact=True).click()
    until(lambda: page.evaluate("window.sent.some(([path]) => path.includes('/photos/'))"))
    sent = [(path, bytes(body)) for path, body in page.evaluate("window.sent")]
    assert "/sync/" in sent[0][0]
    body = next(body for path, body in sent if "/photos/" in path)
    assert b"\xff\xd8\xff" in body
    for trace in (
        pictures.CANARY,
        b"Exif",
        b"IMG_0042",
        b"http://ns.adobe.com",
    ):  # the profile in it is the canvas's own
        assert trace not in body


def test_signing_out_asks_when_something_was_not_sent_and_leaves_nothing(
    browser: Playwright, product: Product, tmp_path: Path
) -> None:
    context = phone(browser, tmp_path / "profile")
    page = opened(context, product.url)
    sign_up(page, product.url, "ada+leaves@example.org")
    add_lump(page, product.url)
    page.goto(f"{product.url}/#/you")
    expect(page.get_by_text("Everything has reached the server.")).to_be_visible(timeout=60_000)
    context.route("**/sync/", lambda route: route.abort())
    page.goto(f"{product.url}/#/")
    page.get_by_role("link", name=re.compile("thigh", re.IGNORECASE)).first.click()
    open_check(page)
    page.get_by_label("Note").fill(CANARY)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Log a check")).to_be_visible()
    page.goto(f"{product.url}/#/you")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(
        page.get_by_text(re.compile("not (yet )?reached|only on this phone|be lost", re.IGNORECASE)).first
    ).to_be_visible()
    assert CANARY in page.evaluate(AT_REST)
    page.get_by_role("button", name=re.compile("Sign out")).last.click()
    expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
    page.wait_for_timeout(1000)
    left = page.evaluate(AT_REST)
    for trace in (CANARY, "thigh", "leaves@example.org"):
        assert trace not in left.lower()
    cached = page.evaluate(CACHED)
    assert "<!doctype html" in cached.lower(), "bodies are among them"
    assert [name for name in re.findall("^database (.*)$", cached, re.MULTILINE) if name != "tracker"] == []
    for trace in (CANARY, "leaves@example.org"):
        assert trace not in cached
    for _ in range(6):  # to the beginning
        page.go_back()
        expect(page.get_by_text(re.compile(f"thigh|{CANARY}", re.IGNORECASE))).to_have_count(0)
    context.close()
    assert written_down(tmp_path / "profile", b"thigh", in_files="History*") == []
    assert written_down(tmp_path / "profile", CANARY.encode(), in_files="*") == []


def written_down(profile: Path, trace: bytes, *, in_files: str) -> list[str]:
    """Files of the browser's own that hold it: its history, its cache of answers, its session. Not the database's,
    whose deleted rows it overwrites when it tidies up (docs/decisions.md, "What the lock does not do")."""
    found = [path for path in profile.rglob(in_files) if path.is_file() and "IndexedDB" not in path.parts]
    assert found
    return [str(path.relative_to(profile)) for path in found if trace in path.read_bytes().lower()]


def test_a_browser_that_keeps_nothing_is_told_so(ada: BrowserContext, product: Product) -> None:
    ada.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); };")
    page = ada.pages[0]
    page.goto(product.url)
    expect(page.get_by_role("heading", name="Nothing can be kept here")).to_be_visible()


def test_storage_is_asked_to_last_after_the_first_entry_and_not_at_the_start(
    ada: BrowserContext, product: Product
) -> None:
    ada.add_init_script(
        "StorageManager.prototype.persist = async () => (document.documentElement.dataset.asked = 'yes') === 'yes';"
    )
    page = opened(ada, product.url)
    page.wait_for_timeout(500)
    expect(page.locator("html[data-asked]")).to_have_count(0)
    add_lump(page, product.url)
    expect(page.locator("html[data-asked]")).to_have_count(1)  # it is asked for when the screen is at rest
