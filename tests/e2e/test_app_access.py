"""Every main screen of the phone app: nothing that axe objects to in both themes, and nothing wider than 320 pixels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.browser import phone, playwright
from tests.e2e.product import running_product
from tests.e2e.screenshots import sign_in

pytestmark = [pytest.mark.e2e]

PLACES = ("", "advice", "rules", "you", "add", "check", "share")
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_every_screen_is_open_to_everybody(tmp_path: Path) -> None:
    with running_product(tmp_path / "data") as product, playwright() as started:
        account = json.loads(product.manage("demo").splitlines()[-1])
        narrow = {"viewport": {"width": 320, "height": 640}, "bypass_csp": True}
        for scheme in ("light", "dark"):
            context = phone(started, tmp_path / scheme, color_scheme=scheme, **narrow)
            page = context.pages[0]
            sign_in(page, product.url, account)
            for place in PLACES:
                assert_open(page, f"{product.url}/#/{place}")
            page.goto(f"{product.url}/#/")
            page.get_by_role("link", name="By the waistband").first.click()
            assert_open(page, page.url)
            context.close()


def assert_open(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_timeout(300)  # axe would measure half-faded colours
    found = Axe().run(page)
    assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
    assert page.evaluate(TOO_WIDE) <= 0, address
