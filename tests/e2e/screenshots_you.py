"""Pictures of the place You, of every screen it leads to and of what a helper sees, for tests/e2e/screenshots.py."""

from __future__ import annotations

import re
from typing import Protocol

from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.journeys import PASSWORD

DRAWN = {"", "add", "check", "lump", "rules", "share", "advice", "camera", "sign-in", "you"}  # each by itself
HREFS = "all => all.map(each => each.getAttribute('href').slice(2))"
TABLE = "Date;Lump;Site;Size;Note\n05/09/2025;By hand;Lower back;18,5;first\nsoon;By hand;;20;\n"


class Keep(Protocol):
    """Keeps a picture of the screen, or of all that can be scrolled to."""

    def __call__(self, name: str, *, whole: bool = False) -> None: ...


def go(page: Page, url: str, address: str) -> None:
    page.goto(f"{url}/#/{address}")
    page.locator("h1").wait_for()


def draw_you(page: Page, url: str, password: str, keep: Keep) -> None:
    """The whole place with everything unfolded (it is long), and every screen that it leads to."""
    go(page, url, "you")
    keep("you")
    page.locator("#contact, #calendar").first.wait_for()
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    page.locator("[aria-labelledby=calendar] button").first.click()
    page.locator("[aria-labelledby=calendar] .url").wait_for()
    page.locator("[aria-labelledby=people] .row .button").first.wait_for()
    keep("you-whole", whole=True)
    known, ahead = set[str](), places(page)
    while ahead:
        place = ahead.pop(0)
        if place.partition("/")[0] in DRAWN or place in known:
            continue
        known.add(place)
        go(page, url, place)
        page.wait_for_timeout(500)
        keep(f"you-{re.sub('[^a-z]+', '-', place)}", whole=True)
        if "/" not in place:
            ahead += [each for each in places(page) if each.startswith(f"{place}/")]
    draw_sharing(page, url, keep)
    draw_data(page, url, password, keep)
    draw_sure(page, url, keep)


def places(page: Page) -> list[str]:
    """Where the links of this screen lead."""
    found: list[str] = page.eval_on_selector_all("main a[href^='#/']", HREFS)
    return found


def draw_sharing(page: Page, url: str, keep: Keep) -> None:
    """An invitation: asked for, made, and taken back."""
    go(page, url, "you")
    people = page.locator("[aria-labelledby=people]")
    people.locator("summary").first.click()
    people.locator("ul summary").first.wait_for()
    people.locator("h3").first.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 300)")
    keep("members")
    people.locator(".row .button").first.click()
    form = people.locator("form.card")
    form.evaluate("element => element.scrollIntoView({block: 'center'})")
    keep("members-invite")
    form.locator("button[type=submit]").click()
    made = people.locator("article .url").first
    made.wait_for()
    made.evaluate("element => element.scrollIntoView({block: 'center'})")
    keep("members-made")
    people.locator("article .button-warn").first.click()
    made.wait_for(state="detached")


def draw_data(page: Page, url: str, password: str, keep: Keep) -> None:
    """A file made, and another looked at."""
    go(page, url, "data")
    fetch = page.locator("[aria-labelledby=take-out] a.button")
    page.wait_for_timeout(500)
    if fetch.count() == 0:
        page.locator("[aria-labelledby=take-out] button").first.click()
        sheet = page.locator("dialog[open]")
        fetch.or_(sheet).first.wait_for()
        if sheet.count():  # the sign-in was minutes ago
            sheet.locator("input[type=password]").fill(password)
            sheet.locator("button[type=submit]").click()
        fetch.wait_for()
    table: FilePayload = {"name": "mine.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    page.locator("input[type=file]").set_input_files(files=[table])
    page.locator("fieldset").first.wait_for()
    keep("data-asks", whole=True)


def draw_sure(page: Page, url: str, keep: Keep) -> None:
    """Who asks for the end of the account is asked who they are."""
    go(page, url, "you")
    account = page.locator("[aria-labelledby=account]")
    account.locator("summary").click()
    account.locator("form button[type=submit]").click()
    page.locator("dialog[open]").wait_for()
    keep("sure")
    page.keyboard.press("Escape")


def draw_end(page: Page, url: str, keep: Keep) -> None:
    """An account made and deleted, down to its receipt."""
    page.locator("button.blank").click()
    page.locator("main input[type=password]").fill("271828")
    page.locator("main button[type=submit]").click()
    page.locator(".app").wait_for()
    go(page, url, "sign-up")
    page.locator("input[type=email]").fill("ada+end@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form button[type=submit]").click()
    expect(page.locator("input[name=password]")).to_have_count(0)
    go(page, url, "you")
    account = page.locator("[aria-labelledby=account]")
    account.locator("summary").click()
    account.locator("form button[type=submit]").click()
    page.locator("dialog[open] input[type=password]").fill(PASSWORD)
    page.locator("dialog[open] button[type=submit]").click()
    page.locator("#receipt").wait_for()
    keep("gone")


def draw_helper(page: Page, url: str, code: str, keep: Keep) -> None:
    """What the person sees who takes the photo."""
    page.goto(f"{url}/s/help/")
    page.locator("#code").fill(code)
    keep("helper-door")
    page.locator("#by-code button").click()
    page.locator("input[type=file]").first.wait_for(state="attached")
    keep("helper-camera")
