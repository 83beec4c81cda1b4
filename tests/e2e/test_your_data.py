"""Your data in the app: a ZIP out and in again, a table kept by hand, what was erased, what is kept."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Playwright, expect

from tests.e2e.browser import phone
from tests.e2e.product import Product
from tests.e2e.screenshots import sign_in

pytestmark = [pytest.mark.e2e]

TABLE = (
    "Date;Lump;Site;Size;Note\n05/09/2025;By hand;Lower back;18,5;first\n07/09/2025;By hand;;19;\nsoon;By hand;;20;\n"
)


@pytest.fixture(name="page")
def _page(browser: Playwright, product: Product, account: dict[str, str], tmp_path: Path) -> Iterator[Page]:
    """Signed in, at "Your data"; axe is let in."""
    context = phone(browser, tmp_path / "phone", bypass_csp=True, accept_downloads=True)
    page = context.pages[0]
    sign_in(page, product.url, account)
    page.goto(f"{product.url}/#/you")
    page.get_by_role("link", name="Your data").click()
    expect(page.get_by_role("heading", name="Your data", level=1)).to_be_visible()
    yield page
    context.close()


def prove(page: Page, account: dict[str, str], shown: Locator) -> None:
    """Where the sign-in was more than a few minutes ago, it is asked who this is."""
    sheet = page.get_by_role("dialog", name="Is it you?")
    expect(shown.or_(sheet).first).to_be_visible()
    if sheet.is_visible():
        sheet.get_by_label("Password", exact=True).fill(account["password"])
        sheet.get_by_role("button", name="Go on").click()
    expect(shown).to_be_visible()


def test_everything_is_taken_out_as_a_zip_that_holds_nothing_new_when_it_comes_back(
    page: Page, account: dict[str, str], tmp_path: Path
) -> None:
    page.get_by_role("button", name="Make a ZIP").click()
    fetch = page.get_by_role("button", name="Download")
    prove(page, account, fetch)
    with page.expect_download() as coming:
        fetch.click()
    bundle = tmp_path / "export.zip"
    coming.value.save_as(bundle)
    names = zipfile.ZipFile(bundle).namelist()
    assert "index.html" in names
    assert any(name.startswith("histories/") for name in names)
    page.get_by_label("Choose a file").set_input_files(bundle)
    expect(page.get_by_text("There is nothing new in this file.")).to_be_visible()
    page.get_by_role("button", name="Delete this ZIP here").click()
    expect(fetch).to_have_count(0)


def test_a_table_kept_by_hand_is_asked_about_brought_in_and_told_line_by_line(
    page: Page, product: Product, tmp_path: Path
) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(TABLE, encoding="utf-8")
    page.get_by_label("Choose a file").set_input_files(table)
    region = page.get_by_role("region", name="Bring data in")
    go = region.get_by_role("button", name="Bring it in")
    expect(region.get_by_role("group", name="05/09/2025")).to_be_visible()
    expect(go).to_be_disabled()
    for question in region.get_by_role("group").filter(has=page.get_by_role("radio")).all():
        question.get_by_role("radio").first.check()
    expect(region.get_by_role("radio", name="Day first")).to_be_checked()
    expect(region.get_by_text("Not brought in: 1")).to_be_visible()
    go.click()
    expect(region.get_by_text("Done.")).to_be_visible()
    region.get_by_text("Not brought in: 1").click()
    expect(region.get_by_text("line 4")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.goto(f"{product.url}/#/")
    page.get_by_role("link", name="By hand").first.click()
    expect(page.get_by_role("row").filter(has_text="19 mm")).to_contain_text("7 Sep")


def test_what_is_erased_leaves_a_receipt_without_a_word_of_it(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/#/")
    page.get_by_role("link", name="Old soft one").first.click()
    page.get_by_role("button", name="Delete this lump").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.goto(f"{product.url}/#/you")
    expect(page.get_by_text("Everything has reached the server.")).to_be_visible()
    page.goto(f"{product.url}/#/data/erased")
    receipt = page.get_by_role("list", name="What was erased").get_by_role("listitem").first
    expect(receipt).to_contain_text("A lump")
    expect(receipt).to_contain_text("Lumps: 1")
    expect(page.get_by_role("main")).not_to_contain_text("Old soft one")
    page.goto(f"{product.url}/#/data/kept")
    expect(page.get_by_role("heading", name="Exports that you asked for")).to_be_visible()
