"""What the journeys have in common: a phone on a network, an account, the first log, and lumps put there beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.e2e.browser import phone
from tests.e2e.product import Product
from tests.e2e.thumb import Thumb

# What Lighthouse calls slow 4G: 150 ms there and back, 1.6 Mbit/s.
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 204_800, "uploadThroughput": 93_750}
PASSWORD = "four quiet lamps at noon"


@contextmanager
def opened(browser: Playwright, product: Product, folder: Path) -> Iterator[Page]:
    """The app on a phone that has never seen it, installed to the point where it starts without network."""
    context = phone(browser, folder, device_scale_factor=1)
    page = context.pages[0]
    page.goto(product.url)
    expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    try:
        yield page
    finally:
        context.close()


def on(network: str, page: Page) -> None:
    """Slow 4G, or none at all, and the app started anew on it."""
    if network == "online":
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_4G)
    else:
        page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()


def sign_up(page: Page, product: Product, email: str) -> None:
    page.goto(f"{product.url}/#/sign-up")
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account", exact=True).click()
    expect(page.get_by_text("Account created")).to_be_visible()


def touch_lower_back(thumb: Thumb) -> None:
    """The drawing is touched where a person would touch it: right of the spine, on the back view."""
    thumb.page.get_by_role("group", name="Back").get_by_role("button", name="Lower back", exact=True).tap(
        position={"x": 55, "y": 25}
    )
    thumb.taps += 1


def first_log(thumb: Thumb, *, tick: str | None = None, answer_all: bool = True, save: bool = True) -> None:
    page = thumb.page
    thumb.tap(page.get_by_role("link", name="Add a lump"))
    thumb.sees("Where is it?")
    touch_lower_back(thumb)
    thumb.tap(page.get_by_role("button", name="Next", exact=True))
    thumb.sees("How big is it?")
    thumb.tap(page.get_by_role("button", name=re.compile("^Grape")))
    thumb.tap(page.get_by_role("radio", name="This week"))
    thumb.tap(page.get_by_role("button", name="Next", exact=True))
    thumb.sees("Any of these?")
    thumb.passes_questions()
    if tick:
        thumb.tap(page.get_by_role("checkbox", name=re.compile(f"^{tick}")))
    elif answer_all:
        thumb.tap(page.get_by_role("button", name="None of these", exact=True))
    if save:
        thumb.tap(page.get_by_role("button", name="Save", exact=True))


def log_days_ago(page: Page, days: int) -> None:
    """A lump that was added so many days ago, all questions answered, and the clock back at today."""
    page.context.clock.set_system_time(timezone.now() - timedelta(days=days))
    page.goto(page.url.split("#")[0] + "#/")
    page.reload()
    first_log(Thumb(page))
    expect(page.get_by_role("article").first).to_contain_text("Worked out")
    page.context.clock.set_system_time(timezone.now())
    page.goto(page.url.split("#")[0] + "#/")
    page.reload()
    expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()


def listed(page: Page, product: Product, count: int) -> None:
    page.goto(f"{product.url}/#/")
    page.reload()
    expect(page.locator("main article:visible")).to_have_count(count)
    expect(page.get_by_role("link", name="Add a lump")).to_be_visible()


PUT_LUMPS = """
async count => {
  const token = decodeURIComponent(document.cookie.match(/csrftoken=([^;]+)/)[1]);
  const put = (path, body) => fetch(`/api/v1/${path}/`, {method: 'PUT', body: JSON.stringify(body),
    headers: {'Content-Type': 'application/json', 'X-CSRFToken': token}});
  const person = crypto.randomUUID();
  await put(`persons/${person}`, {id: person, name: ''});
  const sites = ['calf', 'neck', 'thigh', 'scalp', 'forearm'];
  for (let i = 0; i < count; i += 1) {
    const lump = crypto.randomUUID();
    await put(`lumps/${lump}`, {id: lump, person, site: sites[i % 5], side: 'left'});
  }
}
"""


def put_lumps(context: BrowserContext, product: Product, count: int) -> None:
    page = context.new_page()
    page.goto(f"{product.url}/#/")
    page.evaluate(PUT_LUMPS, count)
    page.close()
