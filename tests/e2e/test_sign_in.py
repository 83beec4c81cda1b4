"""Signing in without the password, the second step, and who looked: on a phone, with a passkey made by the browser.

Also the proof that the app runs where no text may become code: the whole walk is under Trusted Types.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests.e2e.browser import PATIENCE_MS, phone, playwright
from tests.e2e.journeys import PASSWORD, sign_up
from tests.e2e.product import Product, running_product
from tests.lumptracker.signing_in import totp
from tests.sinks import MailSink

pytestmark = [pytest.mark.e2e]
EMAIL = "ada@example.org"
LATER_MS = 2 * PATIENCE_MS


@pytest.fixture(name="home")
def _home(tmp_path: Path, mail: MailSink) -> Iterator[Product]:
    """The product under a name: no browser makes a passkey for an address of numbers."""
    with running_product(tmp_path / "data", settings={"EMAIL_URL": mail.url}) as product:
        product.url = product.url.replace("127.0.0.1", "localhost")
        yield product


def with_passkeys(context: BrowserContext, page: Page) -> CDPSession:
    """A device that keeps passkeys and whose owner always agrees."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def prove(page: Page) -> None:
    """The sheet that asks who this is."""
    sheet = page.get_by_role("dialog", name="Is it you?")
    expect(sheet).to_be_visible(timeout=LATER_MS)
    sheet.get_by_label("Password", exact=True).fill(PASSWORD)
    sheet.get_by_role("button", name="Go on").click()
    expect(sheet).to_be_hidden(timeout=LATER_MS)


def sign_out(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/#/you")
    with page.expect_event("load", timeout=LATER_MS):  # the app starts anew, empty
        page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible(timeout=LATER_MS)


def test_a_passkey_lets_in_without_a_password_and_can_be_named_and_removed(home: Product, tmp_path: Path) -> None:
    with playwright() as started:
        context = phone(started, tmp_path / "phone", device_scale_factor=1)
        page = context.pages[0]
        refused: list[str] = []
        page.on("console", lambda said: refused.append(said.text) if "Trusted" in said.text else None)
        page.on("pageerror", lambda error: refused.append(str(error)))
        with_passkeys(context, page)
        page.goto(home.url)
        expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible(timeout=LATER_MS)
        page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
        sign_up(page, home, EMAIL)

        page.goto(f"{home.url}/#/security")
        page.get_by_label("Name of the passkey").fill("My phone")
        page.get_by_role("button", name="Add a passkey").click()
        prove(page)
        expect(page.locator("strong", has_text="My phone")).to_be_visible(timeout=LATER_MS)
        page.get_by_role("button", name="Rename My phone").click()
        page.get_by_label("Name of the passkey").first.fill("Red phone")
        page.get_by_role("button", name="Save the name").click()
        expect(page.locator("strong", has_text="Red phone")).to_be_visible(timeout=LATER_MS)
        page.screenshot(path=tmp_path / "security.png", full_page=True)

        sign_out(page, home)
        page.goto(f"{home.url}/#/sign-in")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible(timeout=LATER_MS)
        page.goto(f"{home.url}/#/you")
        expect(page.get_by_text(EMAIL, exact=True)).to_be_visible(timeout=LATER_MS)

        page.goto(f"{home.url}/#/security/log")
        lines = page.get_by_role("list", name="Who looked").get_by_role("listitem")
        expect(lines.first).to_contain_text("You signed in.", timeout=LATER_MS)
        page.goto(f"{home.url}/#/security/agreed")
        expect(page.get_by_role("region", name="Keeping your record")).to_contain_text("You agreed on")
        page.goto(f"{home.url}/#/security")
        page.get_by_role("button", name="Remove Red phone").click()
        prove(page)
        expect(page.locator("strong", has_text="Red phone")).to_be_hidden(timeout=LATER_MS)
        assert refused == []
        violation = "document.createElement('div').innerHTML = '<b>x</b>'"
        assert (
            page.evaluate(f"() => {{ try {{ {violation}; return 'ran' }} catch (e) {{ return e.name }} }}")
            == "TypeError"
        )
        context.close()


def test_an_authenticator_app_and_a_mailed_code_let_in_together(home: Product, tmp_path: Path, mail: MailSink) -> None:
    with playwright() as started:
        context = phone(started, tmp_path / "phone", device_scale_factor=1, color_scheme="dark")
        page = context.pages[0]
        sign_up(page, home, EMAIL)
        page.goto(f"{home.url}/#/you")
        page.get_by_label("Code", exact=True).fill(mailed_code(mail, "Your code"))
        page.get_by_role("button", name="Confirm address").click()
        expect(page.get_by_text("Address confirmed")).to_be_visible(timeout=LATER_MS)
        page.goto(f"{home.url}/#/security")
        page.get_by_role("button", name="Set up an authenticator app").click()
        prove(page)
        expect(page.get_by_role("img", name="QR code for your app")).to_be_visible(timeout=LATER_MS)
        page.screenshot(path=tmp_path / "second-step.png", full_page=True)
        secret = page.locator("code").inner_text().replace(" ", "")
        page.get_by_label("Code from the app").fill(totp(secret, seconds=time.time()))
        page.get_by_role("button", name="Turn on", exact=True).click()
        expect(page.get_by_text("Keep these codes in a safe place")).to_be_visible(timeout=LATER_MS)
        recovery = page.get_by_role("listitem").filter(has_text=re.compile(r"^\d{10}$")).first.inner_text()

        sign_out(page, home)
        page.goto(f"{home.url}/#/sign-in")
        page.get_by_role("button", name="Email me a code").click()
        page.get_by_label("Email", exact=True).fill(EMAIL)
        page.get_by_role("button", name="Send the code").click()
        page.get_by_label("Code", exact=True).fill(mailed_code(mail, "sign in"))
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_label("Code from your app, or a recovery code").fill(recovery)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible(timeout=LATER_MS)
        page.goto(f"{home.url}/#/you")
        expect(page.get_by_text(EMAIL, exact=True)).to_be_visible(timeout=LATER_MS)
        context.close()


def mailed_code(mail: MailSink, words: str) -> str:
    """The code that came last in a mail with these words before it."""
    deadline = time.monotonic() + LATER_MS / 1000
    while time.monotonic() < deadline:
        texts = [one.get_body(("plain",)) for one in mail.mails]
        codes = re.findall(rf"{words} is:\s+([A-Z0-9-]{{6,}})\s", "\n".join(one.get_content() for one in texts if one))
        if codes:
            return str(codes[-1])
        time.sleep(0.2)  # the mail is on its way through a real server
    raise AssertionError("no code was mailed")
