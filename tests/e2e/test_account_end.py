"""The end of an account, asked for on the phone: what goes is said, who asks is proved, and nothing is left."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.journeys import PASSWORD, listed, opened, put_lumps, sign_up
from tests.e2e.phone import until
from tests.e2e.product import Product
from tests.lumptracker.test_erased_at_rest import content_of

pytestmark = [pytest.mark.e2e]

EMAIL = "ada+c4n4ry@example.org"
CANARY = b"c4n4ry"
EMPTY = "from tracking.tasks import retain; retain()"  # what beat rings for each hour
# How many rows of a person's own lie on the phone.
ON_THE_PHONE = """async () => {
  const db = await new Promise(resolve => {
    const asked = indexedDB.open('tracker');
    asked.onsuccess = () => resolve(asked.result);
  });
  const counts = await Promise.all(['records', 'outbox', 'drafts', 'pictures'].map(name => new Promise(resolve => {
    const asked = db.transaction(name).objectStore(name).count();
    asked.onsuccess = () => resolve(asked.result);
  })));
  db.close();
  return counts.reduce((sum, each) => sum + each, 0);
}"""


def test_an_account_is_deleted_only_after_a_proof_and_then_wholly(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        sign_up(page, product, EMAIL)
        put_lumps(page.context, product, 2)
        listed(page, product, 2)
        assert page.evaluate(ON_THE_PHONE) > 0
        assert traces(product)

        page.goto(f"{product.url}/#/you")
        page.get_by_text("Delete the account").click()
        expect(page.get_by_text("It cannot be undone.")).to_be_visible()
        page.get_by_role("button", name="Delete it all for good").click()
        sheet = page.get_by_role("dialog", name="Is it you?")
        sheet.get_by_role("button", name="Cancel").click()
        expect(sheet).to_be_hidden()
        listed(page, product, 2)  # who turned back has lost nothing

        page.goto(f"{product.url}/#/you")
        page.get_by_text("Delete the account").click()
        page.get_by_role("button", name="Delete it all for good").click()
        sheet.get_by_label("Password", exact=True).fill(PASSWORD)
        sheet.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", name="Your account is deleted", level=1)).to_be_visible()
        expect(page.get_by_role("region", name="Your receipt")).to_contain_text("Lumps: 2")
        page.get_by_role("link", name="Done").click()
        expect(page.get_by_role("heading", name="No lumps yet")).to_be_visible()
        assert page.evaluate(ON_THE_PHONE) == 0
        assert page.request.get(f"{product.url}/api/v1/me/").status in (401, 403)
        until(lambda: product.manage("shell", "--no-imports", "-c", EMPTY) == "" and not traces(product))

        page.goto(f"{product.url}/#/sign-in")
        page.get_by_label("Email", exact=True).fill(EMAIL)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("alert").filter(has_text="correct")).to_be_visible()


def traces(product: Product) -> list[str]:
    """Files of the installation that hold it: database and journal, the broker's folder, logs, mails, pictures."""
    lying = [path for path in product.data.rglob("*") if path.is_file()]
    assert {"run.log", "queue"} <= {path.relative_to(product.data).parts[0] for path in lying}
    return [path.name for path in lying if CANARY in content_of(path)]
