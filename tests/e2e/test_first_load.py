"""What a browser that has never seen the app fetches: little, packed, from this origin alone; and the app installs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, Request, expect

from tests.e2e.browser import phone, playwright
from tests.e2e.product import Product

pytestmark = [pytest.mark.e2e]

FIRST_LOAD, SCRIPT = 120_000, 75_000  # bytes on the line
SMALL = 256  # bytes below which packing makes an answer longer
PASSWORD = "four quiet lamps at noon"
SERVICES = ("chrome", "devtools", "data", "blob", "about")  # addresses of the browser itself, which no wire carries


@pytest.fixture(name="context")
def _context(tmp_path: Path) -> Iterator[BrowserContext]:
    with playwright() as started:
        context = phone(started, tmp_path / "phone", device_scale_factor=1)
        yield context
        context.close()


def asked_by(context: BrowserContext) -> list[Request]:
    """Every request of the context's pages and of its service worker, as they come."""
    asked: list[Request] = []
    context.on("request", lambda request: asked.append(request))  # Playwright cannot hold on to a built-in
    return asked


def open_app(page: Page, product: Product) -> None:
    page.goto(product.url)
    expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")


def add_lump_with_account(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/#/sign-up")
    page.get_by_label("Email", exact=True).fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account", exact=True).click()
    expect(page.get_by_text("Account created")).to_be_visible()
    page.goto(f"{product.url}/#/add")
    page.get_by_role("radio", name="List", exact=True).check()
    page.get_by_label("Search for a place").fill("Lower back")
    page.get_by_text("Lower back", exact=True).first.click()
    page.get_by_role("radio", name="Left", exact=True).check()
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("button", name=re.compile("^Grape")).click()
    page.get_by_role("radio", name="This week").check()
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Log a check")).to_be_visible()


@dataclass
class Answer:
    """What the network said of one request; `carried` counts headers too."""

    url: str
    kind: str
    packing: str
    mime: str
    length: int = 0
    carried: float = 0

    @property
    def could_be_packed(self) -> bool:
        return bool(re.search("text|script|json|svg", self.mime)) and self.length > SMALL


def answers_of(session: CDPSession) -> dict[str, Answer]:
    """By the number of the request, as they come."""
    told: dict[str, Answer] = {}

    def received(event: dict[str, Any]) -> None:  # Any: as DevTools tells it
        answer = event["response"]
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        packing = headers.get("content-encoding", "")
        told[event["requestId"]] = Answer(answer["url"], event["type"], packing, answer["mimeType"])

    def unpacked(event: dict[str, Any]) -> None:  # Any: as above
        if event["requestId"] in told:
            told[event["requestId"]].length += event["dataLength"]

    def finished(event: dict[str, Any]) -> None:  # Any: as above
        if event["requestId"] in told:
            told[event["requestId"]].carried = event["encodedDataLength"]

    session.on("Network.responseReceived", received)
    session.on("Network.dataReceived", unpacked)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    return told


def test_no_request_leaves_the_origin_from_the_first_load_to_a_shared_lump(
    product: Product, context: BrowserContext
) -> None:
    asked = asked_by(context)
    page = context.pages[0]
    open_app(page, product)
    add_lump_with_account(page, product)
    for place in ("advice", "you", "rules", "check", ""):
        page.goto(f"{product.url}/#/{place}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name=re.compile("Lower back")).first.click()
    page.get_by_role("link", name="Share with a clinician", exact=True).click()
    page.get_by_role("button", name="Make a link", exact=True).click()
    expect(page.get_by_text("Code to say")).to_be_visible()
    urls = [urlsplit(request.url) for request in asked]
    wired = [url for url in urls if url.scheme not in SERVICES]
    assert any(url.path.startswith("/api/v1/sync/") for url in wired)  # the record did travel
    assert any(url.path == "/sw.js" for url in wired)  # the service worker is heard too
    assert {f"{url.scheme}://{url.netloc}" for url in wired} == {product.url}


def test_the_app_installs_without_an_error_and_starts_without_network(
    product: Product, context: BrowserContext
) -> None:
    page = context.pages[0]
    open_app(page, product)
    page.reload()  # now from the worker, as an installed app starts
    session = context.new_cdp_session(page)
    manifest = session.send("Page.getAppManifest")
    assert manifest["url"] == f"{product.url}/manifest.webmanifest"
    assert manifest["errors"] == []
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()


def test_every_text_of_the_first_load_is_packed_and_together_they_keep_the_budget(
    product: Product, context: BrowserContext
) -> None:
    page = context.pages[0]
    told = answers_of(context.new_cdp_session(page))
    page.goto(product.url)
    expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    answers = list(told.values())
    assert {"Document", "Script", "Stylesheet", "Manifest"} <= {one.kind for one in answers}
    assert [one.url for one in answers if one.could_be_packed and not one.packing] == []
    assert all(one.packing == "br" for one in answers if one.kind in ("Document", "Script", "Stylesheet"))
    sizes = {one.url: one.carried for one in answers}
    assert 0 < sum(one.carried for one in answers if one.kind == "Script") <= SCRIPT, sizes
    assert sum(sizes.values()) <= FIRST_LOAD, sizes
