"""Two accounts on two phones share one record: the invitation, what a viewer is offered, and the end of it.

The installation lets in only who was invited: the one by whoever runs it, the other by her.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.journeys import PASSWORD, listed, opened, put_lumps
from tests.e2e.product import Product, running_product

pytestmark = [pytest.mark.e2e]
LUMP = re.compile("left side$")


@pytest.fixture(scope="module", name="product")
def _product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(
        tmp_path_factory.mktemp("invited"), settings={"SIGNUP": "invite", "RATE_LIMITS": "off"}
    ) as product:
        yield product


def sign_up(page: Page, email: str, *, invitation: str | None = None) -> None:
    """`invitation` is one to be typed; who is not known for one is asked for it."""
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    create = page.get_by_role("button", name="Create account", exact=True)
    create.click()
    if invitation is not None:
        field = page.get_by_label("Invitation", exact=True)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_role("alert").filter(has_text="invitation")).to_be_visible()
        field.fill(invitation)
        create.click()


def shared_with(page: Page, product: Product, *, person: str) -> None:
    """To the part of You that says who shares this person's record."""
    page.goto(f"{product.url}/#/you")
    page.reload()
    page.locator("summary", has_text=person).click()
    expect(page.get_by_role("heading", name="Shared with")).to_be_visible()


def test_an_invitation_is_made_passed_on_accepted_and_ended(
    browser: Playwright, product: Product, tmp_path: Path
) -> None:
    with ExitStack() as phones:
        hers = phones.enter_context(opened(browser, product, tmp_path / "ada"))
        hers.goto(f"{product.url}/#/sign-up")
        sign_up(hers, "ada@example.org", invitation=product.manage("invite", "ada@example.org").strip())
        expect(hers.get_by_text("Account created")).to_be_visible()
        put_lumps(hers.context, product, 1)
        listed(hers, product, 1)
        shared_with(hers, product, person="Me")
        hers.get_by_role("button", name="Invite somebody").click()
        hers.get_by_label("Whose record is it?").fill("Ada")
        hers.get_by_role("radio", name="Looks Sees everything").check()
        hers.get_by_role("button", name="Make the invitation").click()
        link = hers.locator("article dd.url").inner_text()

        his = phones.enter_context(opened(browser, product, tmp_path / "cal"))
        his.goto(link)
        expect(his.get_by_text("Somebody shares a record with you")).to_be_visible()
        assert link.rpartition("/")[2] not in his.url  # nothing of it stays in the history
        his.get_by_role("link", name="Create account").click()
        sign_up(his, "cal@example.org")  # her invitation opens the door too, and is not asked for
        expect(his.get_by_text("ada@example.org shares the record of Ada with you.")).to_be_visible()
        his.get_by_role("button", name="Accept").click()
        expect(his.get_by_text("You share the record of Ada now.")).to_be_visible()
        his.get_by_role("link", name=LUMP).click()
        expect(his.get_by_role("heading", name=LUMP)).to_be_visible()
        for name in ("Log a check", "Share with a clinician"):
            expect(his.get_by_role("link", name=name)).to_have_count(0)
        expect(his.get_by_role("button", name="Delete this lump")).to_have_count(0)

        shared_with(hers, product, person="Ada")
        hers.locator("summary", has_text="cal@example.org").click()
        hers.get_by_role("button", name="Stop sharing").click()
        expect(hers.get_by_text("No longer shared with cal@example.org.")).to_be_visible()
        his.goto(f"{product.url}/#/")
        his.reload()
        expect(his.get_by_role("link", name=LUMP)).to_have_count(0)
