"""Pictures of what a link does after it was made: what its reader wrote, who was there, and its end."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, Playwright

from tests.e2e.browser import desk
from tests.e2e.screenshots_you import Keep, go

OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
IN_THE_MIDDLE = "element => element.scrollIntoView({block: 'center'})"


def draw_written(started: Playwright, page: Page, url: str, lump: str, keep: Keep) -> None:
    """A link that may be answered, from its making to its end; what was written is taken back off the record."""
    link = make_link(page, url, lump)
    write_back(started, page.locator("dd.url").first.inner_text(), page.locator(".once .big").inner_text())
    go(page, url, f"share/{lump}")
    page.reload()
    link.locator(".row button").nth(1).click()
    link.locator("ul li").first.wait_for()
    link.evaluate(IN_THE_MIDDLE)
    keep("share-visits")
    go(page, url, f"lump/{lump}")
    asked = page.locator("[id^=asked-]")
    asked.evaluate(IN_THE_MIDDLE)
    keep("written")
    asked.locator("button").last.click()
    asked.wait_for(state="detached")
    go(page, url, f"share/{lump}")
    link.locator(".row .button-warn").click()
    link.locator(".row .button-warn").wait_for(state="detached")
    link.evaluate(IN_THE_MIDDLE)
    keep("share-revoked")


def make_link(page: Page, url: str, lump: str) -> Locator:
    """One with a passcode, whose reader may write; the newest stands first."""
    go(page, url, f"share/{lump}")
    page.locator("fieldset.card").first.locator("input[type=checkbox]").last.check()
    page.locator("form.stack .button-main").first.click()
    page.locator(".once .big").wait_for()
    return page.locator("article[aria-label]").first


def write_back(started: Playwright, url: str, passcode: str) -> None:
    """By somebody at another computer."""
    context = desk(started)
    reader = context.new_page()
    reader.goto(url)
    reader.locator("#link-passcode").fill(passcode)
    reader.click("#by-link button")
    reader.wait_for_url("**/s/view/**")
    reader.evaluate(OPEN_ALL)
    form = reader.locator("form[action*=reply]").first
    form.locator("[name=seen_on]").fill("2026-11-20")
    form.locator("[name=plan]").fill("Scan in two weeks, then call.")
    with reader.expect_navigation():
        form.locator("button").first.click()
    context.close()
