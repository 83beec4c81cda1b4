"""Every address in both themes, on a phone and on a desk: axe objects to nothing, all fits 320 pixels and a finger."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.browser import DESK, phone
from tests.e2e.product import Product
from tests.e2e.screenshots import STILL, sign_in

pytestmark = [pytest.mark.e2e]

# What has come when all of a screen is there: some ask the server. The list, where it begins, is not the first here.
PLACES = {
    "advice": "article",
    "": "article",
    "rules": "details",
    "you": "#contact",
    "add": "polygon",
    "check": "article",
    "share": "form",
    "sign-up": "form",
    "sign-in": "form",
    "reset": "form",
    "join": "form",
    "security": "[aria-labelledby] li",
    "security/log": "ol li",
    "security/agreed": "section",
    "data": "section",
    "data/erased": "p ~ p",
    "data/kept": "section",
    "lump/{}": "svg[role=img]",
    "check/{}": "input",
    "care/{}/seen": "textarea",
    "share/{}": "form",
    "compare/{}": "table",
}
UNFOLD = "document.querySelectorAll('main details').forEach(each => each.open = true)"
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Links within a sentence are as high as its lines are, as WCAG 2.5.8 has it.
TOO_SMALL = """() => [...document.querySelectorAll('main a, main button, main summary, main select, nav a')]
  .filter(each => each.checkVisibility() && getComputedStyle(each).display !== 'inline')
  .map(each => [each.innerText.trim() || each.getAttribute('aria-label'), each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < 43.5 || box.height < 43.5))
  .map(([name, box]) => `too small: ${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
NARROW = {"width": 320, "height": 640}


@pytest.mark.parametrize(
    ("scheme", "viewport"),
    [
        ("light", NARROW),
        ("dark", DESK["viewport"]),
        pytest.param("dark", NARROW, marks=pytest.mark.soak),
        pytest.param("light", DESK["viewport"], marks=pytest.mark.soak),
    ],
)
def test_every_screen_is_open_to_everybody(
    product: Product,
    browser: Playwright,
    account: dict[str, str],
    tmp_path: Path,
    scheme: str,
    viewport: dict[str, int],
) -> None:
    still = {"reduced_motion": "reduce", "bypass_csp": True}
    context = phone(browser, tmp_path / "phone", color_scheme=scheme, viewport=viewport, **still)
    page = context.pages[0]
    sign_in(page, product.url, account)
    link = page.get_by_role("link", name="By the waistband")  # has photos; which is first changes with the advice
    lump = (link.get_attribute("href") or "").rpartition("/")[2]
    assert lump
    places = {f"{product.url}/#/{place.format(lump)}": last for place, last in PLACES.items()}
    wrong = [problem for address, last in places.items() for problem in problems(page, address, last)]
    context.close()
    assert wrong == [], "\n".join(wrong)


def problems(page: Page, address: str, last: str) -> list[str]:
    page.evaluate("document.querySelector('h1').className = 'before'")
    page.goto(address)
    expect(page.locator("h1:not(.before)")).to_be_visible()
    page.locator(f"main {last}").first.wait_for()
    page.evaluate(UNFOLD)
    page.wait_for_function(STILL)  # axe would measure half-faded colours
    found = Axe().run(page)
    axe = [f"axe: {found.generate_report()}"] if found.violations_count else []
    wide = page.evaluate(TOO_WIDE)
    too_wide = [f"{wide} px too wide"] if wide > 0 else []
    return [f"{address}: {one}" for one in [*axe, *too_wide, *page.evaluate(TOO_SMALL)]]
