"""The clinician's side for everybody: nothing that a link shows, or refuses, is a barrier that axe knows."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.browser import DESK, PHONE, desk, playwright
from tests.e2e.clinic_stage import Demo, demo_on_a_day, open_with_code
from tracking.models import ShareLink

__all__ = ["demo_on_a_day"]  # a fixture

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SIZES = {"desk": DESK["viewport"], "phone": PHONE["viewport"]}
STRANGE_FORM = '<form method="post" action="{door}open/"><input name="code" value="{code}"><button>Go</button></form>'


@pytest.fixture(name="page")
def _page() -> Iterator[Page]:
    with playwright() as started:
        context = desk(started, bypass_csp=True)  # axe is a script
        yield context.new_page()
        context.close()


def barriers(page: Page, name: str) -> list[str]:
    found = []
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        found += [f"{name}, {size}: {one['id']}" for one in Axe().run(page).response["violations"]]
    return found


def test_no_page_of_a_link_has_a_barrier(demo: Demo, page: Page) -> None:
    door, passcode = demo["url"].partition("#")[0], page.locator("#link-passcode")
    page.goto(demo["url"])
    passcode.wait_for()
    found = barriers(page, "door")
    passcode.fill("wrong")
    page.click("#by-link button")
    page.locator("[role=alert]").wait_for()
    found += barriers(page, "wrong passcode")
    page.goto(door)
    page.fill("#code", "0000000000")
    page.click("#by-code button")
    page.locator("p a[href='/s/']").wait_for()
    found += barriers(page, "closed")
    page.goto("about:blank")
    page.set_content(STRANGE_FORM.format(door=door, code=demo["code"]))
    with page.expect_response("**/s/open/") as refused:
        page.click("button")
    assert refused.value.status == 403  # another site's form, told by the browser itself
    page.locator("main.door h1").wait_for()
    found += barriers(page, "refused")
    ShareLink.objects.update(write_back=True)
    for name, link in demo["links"].items():
        open_with_code(page, link)
        found += barriers(page, name)
    page.locator("details.reply summary").first.click()
    page.locator("details.reply textarea").first.wait_for()
    found += barriers(page, "reply form, open")
    assert found == []
    page.goto(f"{door}view/photos/{uuid4()}/large/")
    assert barriers(page, "no such picture") == []
