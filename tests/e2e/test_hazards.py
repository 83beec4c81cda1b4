"""What bit the users of other trackers, held against this app in a real browser.

Held elsewhere: pictures kept as buffers with their type (frontend store/pictures.test.ts), entries before photos and
nothing twice (store/sync.test.ts, tests/e2e/test_devices.py), days that a clock change would move
(domain/dates.test.ts), left and right of both views (parts/body/regions.test.ts), the drawing by keyboard
(test_keyboard.py), one tap that trembles, what waits without network and what was logged before the account
(test_journeys.py), words on a lock screen (test_main_job.py), a slip of units (domain/slip.test.ts, test_journeys.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.browser import phone
from tests.e2e.product import Product, running_product

pytestmark = [pytest.mark.e2e]

PATIENCE_MS = 20_000  # a busy machine
CACHED = """async () => {
  const stores = await Promise.all((await caches.keys()).map(name => caches.open(name)));
  const lists = await Promise.all(stores.map(store => store.keys()));
  return lists.flat().map(one => one.url);
}"""
KEPT_SIZES = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('tracker');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const all = opening.result.transaction('records').objectStore('records').getAll();
    all.onsuccess = () => {
      resolve(all.result.filter(row => row.type === 'observation').map(row => row.shown.length_mm));
      opening.result.close();
    };
  };
})"""


@pytest.fixture(scope="module", name="product")
def _product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(tmp_path_factory.mktemp("hazards")) as product:
        yield product


@pytest.fixture(name="page")
def _page(product: Product, browser: Playwright, tmp_path: Path) -> Iterator[Page]:
    context = phone(browser, tmp_path / "phone", device_scale_factor=1)
    page = context.pages[0]
    page.set_default_timeout(PATIENCE_MS)
    page.goto(product.url)
    expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
    yield page
    context.close()


def choose_neck(page: Page) -> None:
    page.get_by_role("link", name="Add a lump").tap()
    page.get_by_role("radio", name="List").check()
    page.get_by_role("button", name="Neck", exact=True).tap()
    page.get_by_role("button", name="Next", exact=True).tap()
    expect(page.get_by_role("heading", name="How big is it?")).to_be_visible()


def save_from_size(page: Page) -> None:
    page.get_by_role("button", name="Next", exact=True).tap()
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(page.get_by_role("link", name="Log a check", exact=True)).to_be_visible()


def test_a_half_filled_form_survives_a_reload_and_a_lost_network(page: Page) -> None:
    """A long form that loses what was said (Baby Buddy 952, Flaredown 401)."""
    choose_neck(page)
    page.get_by_role("button", name=re.compile("^Grape")).tap()
    page.get_by_role("radio", name="This month").check()
    page.wait_for_timeout(300)  # the draft is written after the key, not before the next one
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("button", name=re.compile("^Grape"))).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("radio", name="This month")).to_be_checked()
    page.get_by_role("button", name="Next", exact=True).tap()
    expect(page.get_by_text("Step 3 of 3. Neck")).to_be_visible()


def test_two_checks_on_one_day_are_two_checks(page: Page) -> None:
    """One entry a date is not a diary (Pain Diary 21)."""
    choose_neck(page)
    page.get_by_role("button", name=re.compile("^Grape")).tap()
    save_from_size(page)
    for size in ("21", "22"):
        page.get_by_role("link", name="Log a check", exact=True).tap()
        page.get_by_label("Longest size", exact=True).fill(size)
        page.get_by_role("button", name="Save", exact=True).tap()
        expect(page.get_by_role("row").filter(has_text=f"{size} mm")).to_be_visible()
    assert sorted(page.evaluate(KEPT_SIZES)) == [20, 21, 22]


def test_inches_are_kept_as_millimetres(page: Page) -> None:
    """A number without its unit (Baby Buddy 961)."""
    choose_neck(page)
    page.get_by_role("radio", name="in", exact=True).check()
    page.get_by_label("Longest size", exact=True).fill("0.75")
    save_from_size(page)
    expect(page.get_by_text("0.75 in").first).to_be_visible()
    assert page.evaluate(KEPT_SIZES) == [19.1]


def test_a_photo_is_taken_by_the_phones_own_camera(page: Page) -> None:
    """A live camera fails in a home-screen app on iOS (mutiny-web 185): the way in is a plain file field."""
    choose_neck(page)
    save_from_size(page)
    page.get_by_role("link", name="Log a check", exact=True).tap()
    assert page.get_by_label("Take a photo").get_attribute("capture") == "environment"
    assert page.get_by_label("Take a photo").get_attribute("type") == "file"


def test_the_app_keeps_no_answer_of_the_server_in_its_cache_and_asks_nobody_else(page: Page, product: Product) -> None:
    """An old worker that serves old pages or somebody's record (quorum 207); a third party that sees who opens what."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{product.url}/#/sign-up")
    page.get_by_label("Email", exact=True).fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill("four quiet lamps at noon")
    page.get_by_role("button", name="Create account", exact=True).tap()
    expect(page.get_by_role("heading", name="Where is it?")).to_be_visible()
    for place in ("you", "advice", "rules", "share", ""):
        page.goto(f"{product.url}/#/{place}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    cached = page.evaluate(CACHED)
    assert cached
    assert [url for url in cached if re.match(r"/(api|_allauth|s|shl|admin)/", urlsplit(url).path)] == []
    assert {urlsplit(url).netloc for url in asked if url.startswith("http")} == {urlsplit(product.url).netloc}


def test_the_rules_are_read_without_network_with_source_date_and_digest(page: Page) -> None:
    """Advice that cannot be checked: every rule stands in the app, and says that no clinician has reviewed it."""
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.context.set_offline(True)
    page.get_by_role("link", name="You", exact=True).tap()
    page.get_by_role("link", name="All rules and their sources").tap()
    expect(page.get_by_role("heading", name="The rules", level=1)).to_be_visible()
    expect(page.get_by_text("No clinician has reviewed this app.")).to_be_visible()
    emergencies = page.get_by_role("region", name="Emergency")
    assert emergencies.get_by_role("group").count() > 20
    page.get_by_label("Search the rules").fill("drooling")
    expect(emergencies.get_by_role("group")).to_have_count(1)
    emergencies.get_by_text("Very hard to breathe, or drooling").tap()
    expect(emergencies.get_by_text("When any of these holds:")).to_be_visible()
    expect(emergencies.get_by_role("listitem").filter(has_text="Drooling")).to_be_visible()
    expect(emergencies.get_by_role("link", name=re.compile("NHS")).first).to_be_visible()
    expect(emergencies.get_by_text(re.compile(r"Read \w+day \d+ \w+")).first).to_be_visible()
    expect(page.get_by_text(re.compile(r"Rule book sha256:[0-9a-f]{64}"))).to_be_visible()


@pytest.mark.parametrize("view", ["Front", "Back"])
def test_the_side_said_is_the_patients_own_and_is_always_in_words(page: Page, view: str) -> None:
    """A mark on the wrong side (Pain Diary 49)."""
    page.get_by_role("link", name="Add a lump").tap()
    place = page.get_by_role("group", name=view, exact=True).get_by_role("button", name="Knee, right side", exact=True)
    figure = page.get_by_role("group", name=view, exact=True).bounding_box()
    knee = place.bounding_box()
    assert figure is not None
    assert knee is not None
    is_viewers_left = knee["x"] + knee["width"] / 2 < figure["x"] + figure["width"] / 2
    assert is_viewers_left == (view == "Front")
    place.tap()
    expect(page.get_by_role("heading", name="Knee, right side", level=2)).to_be_visible()
    expect(page.get_by_role("radio", name="Right")).to_be_checked()
    page.get_by_role("radio", name="Left").check()
    expect(page.get_by_role("heading", name="Knee, left side", level=2)).to_be_visible()
