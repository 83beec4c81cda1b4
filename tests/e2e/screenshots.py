"""Pictures of the main screens, from the example account: `python -m tests.e2e.screenshots FOLDER`."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from tests.e2e.browser import desk, phone, playwright
from tests.e2e.product import Product, running_product

SCHEMES = ("light", "dark")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tracker-screens-") as name:
        data = Path(name) / "data"
        with running_product(data) as product, playwright() as started:
            account = json.loads(product.manage("demo").splitlines()[-1])
            for scheme in SCHEMES:
                ending = "" if scheme == "light" else f"-{scheme}"
                draw_phone(
                    started, product, account, profile=Path(name) / scheme, scheme=scheme, save=folder, ending=ending
                )
            draw_clinic(started, account, save=folder)


def draw_phone(
    started: Playwright,
    product: Product,
    account: dict[str, str],
    *,
    profile: Path,
    scheme: str,
    save: Path,
    ending: str,
) -> None:
    context = phone(started, profile, color_scheme=scheme)
    page = context.pages[0]
    sign_in(page, product.url, account)

    def keep(name: str) -> None:
        page.wait_for_timeout(700)  # pictures fade in
        page.screenshot(path=save / f"{name}{ending}.png")

    page.goto(f"{product.url}/#/")
    expect(page.get_by_text("Lower back").first).to_be_visible()
    keep("lumps")
    page.get_by_role("link", name=re.compile("waistband")).first.click()
    expect(page.get_by_role("link", name="Log a check")).to_be_visible()
    keep("lump")
    page.get_by_role("heading", name="Size").first.scroll_into_view_if_needed()
    page.evaluate("document.querySelector('svg[role=img], figure, .chart')?.scrollIntoView({block: 'center'})")
    keep("chart")
    page.get_by_role("link", name="Log a check").click()
    expect(page.get_by_role("heading", name="How is it now?")).to_be_visible()
    keep("check")
    page.goto(f"{product.url}/#/add")
    expect(page.get_by_role("heading", name="Where is it?")).to_be_visible()
    keep("add")
    page.goto(f"{product.url}/#/advice")
    expect(page.get_by_role("heading", name="Advice", exact=True, level=1)).to_be_visible()
    keep("advice")
    page.goto(f"{product.url}/#/you")
    expect(page.get_by_role("heading", name="You", exact=True)).to_be_visible()
    keep("you")


def sign_in(page: Page, url: str, account: dict[str, str]) -> None:
    page.goto(f"{url}/#/sign-in")
    page.get_by_label("Email", exact=True).fill(account["email"])
    page.get_by_label("Password", exact=True).fill(account["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Lower back").first).to_be_visible(timeout=30_000)


def draw_clinic(started: Playwright, account: dict[str, str], *, save: Path) -> None:
    context = desk(started)
    page = context.new_page()
    page.goto(account["url"])
    page.screenshot(path=save / "door.png")
    page.get_by_label("Passcode").first.fill(account["passcode"])
    page.get_by_role("button").first.click()
    expect(page).to_have_url(re.compile("/s/view/"))
    page.screenshot(path=save / "clinician.png")
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
