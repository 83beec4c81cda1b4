"""The app lock and what stays behind, in a real browser: what lies in its storage, and what it shows to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Playwright, expect

from tests.e2e.browser import phone
from tests.e2e.lock import CANARY, PIN, PLANT, POSTPONE, Ada
from tests.e2e.product import Product

pytestmark = [pytest.mark.e2e]

MILLISECOND = timedelta(milliseconds=1)
LOCKS_AFTER_MINUTES = 5
SEEN = """state => {
  Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => state});
  document.dispatchEvent(new Event('visibilitychange'));
}"""


@pytest.fixture(name="ada")
def _ada(browser: Playwright, product: Product, tmp_path: Path) -> Iterator[Ada]:
    with ExitStack() as stack:
        context = phone(browser, tmp_path / "profile")
        stack.callback(context.close)
        page = context.pages[0]
        page.goto(product.url)
        expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
        page.evaluate(PLANT, CANARY)
        page.goto(f"{product.url}/#/you")
        page.reload()
        expect(page.get_by_role("heading", name="You", exact=True)).to_be_visible()
        yield Ada(context, page, product.url)


def test_with_the_lock_on_nothing_lies_readable_neither_open_nor_locked(ada: Ada) -> None:
    assert CANARY in ada.at_rest()
    ada.lock()
    opened = ada.at_rest()
    ada.page.goto(f"{ada.url}/#/")
    expect(ada.page.get_by_text(CANARY).first).to_be_visible()
    ada.page.goto(f"{ada.url}/#/you")
    ada.press("Lock now")
    ada.is_locked()
    for found in (opened, ada.at_rest(), ada.page.content()):
        assert CANARY not in found
        assert "thigh" not in found
    ada.unlock()
    ada.page.goto(f"{ada.url}/#/")
    expect(ada.page.get_by_text(CANARY).first).to_be_visible()


def test_a_new_start_is_locked_and_wrong_pins_slow_down_also_after_a_reload(ada: Ada) -> None:
    ada.lock()
    ada.page.reload()
    ada.is_locked()
    for _ in range(3):
        ada.unlock("000000")
        expect(ada.page.get_by_role("alert").filter(has_text=re.compile("not the PIN|next one"))).to_be_visible(
            timeout=60_000
        )
    assert ada.page.evaluate(POSTPONE) == 3
    ada.page.reload()
    ada.is_locked()
    ada.unlock()
    expect(ada.page.get_by_text("The next one counts at")).to_be_visible(timeout=60_000)


def test_one_tap_or_esc_twice_leaves_an_empty_page_and_the_lock_behind_it(ada: Ada) -> None:
    ada.lock()
    ada.page.get_by_label("Show a button on every screen").check()
    ada.page.goto(f"{ada.url}/#/")
    ada.press("Hide the app")
    blank = ada.page.get_by_role("button", name="Show the app")
    expect(blank).to_be_visible()
    assert ada.page.inner_text("body").strip() == ""
    blank.click()
    ada.is_locked()
    ada.unlock()
    expect(ada.page.get_by_text(CANARY).first).to_be_visible(timeout=60_000)
    ada.page.keyboard.press("Escape")
    ada.page.keyboard.press("Escape")
    expect(blank).to_be_visible()


def test_it_locks_itself_while_nobody_looks_and_not_for_a_short_look_elsewhere(ada: Ada) -> None:
    ada.page.clock.install(time=timezone.now())
    ada.page.reload()
    ada.lock()
    ada.page.goto(f"{ada.url}/#/")
    ada.page.evaluate(SEEN, "hidden")
    ada.page.clock.fast_forward(timedelta(minutes=LOCKS_AFTER_MINUTES - 1) // MILLISECOND)
    ada.page.evaluate(SEEN, "visible")
    expect(ada.page.get_by_text(CANARY).first).to_be_visible()
    ada.page.evaluate(SEEN, "hidden")
    ada.page.clock.fast_forward(timedelta(minutes=LOCKS_AFTER_MINUTES, seconds=1) // MILLISECOND)
    ada.is_locked()  # nobody has come back to it yet
    assert CANARY not in ada.page.content()


def test_an_app_that_slept_while_hidden_is_locked_when_it_is_looked_at(ada: Ada) -> None:
    ada.lock()
    ada.page.goto(f"{ada.url}/#/")
    expect(ada.page.get_by_text(CANARY).first).to_be_visible()
    ada.page.evaluate(SEEN, "hidden")
    ada.page.clock.set_system_time(timezone.now() + timedelta(minutes=LOCKS_AFTER_MINUTES, seconds=1))  # no timer ran
    ada.page.evaluate(SEEN, "visible")
    ada.is_locked()
    assert CANARY not in ada.page.content()


def test_who_forgot_the_pin_is_told_what_is_lost_and_starts_from_nothing(ada: Ada) -> None:
    ada.lock()
    ada.press("Lock now")
    ada.is_locked()
    ada.press("I forgot the PIN")
    expect(ada.page.get_by_text("4 entries have not reached the server")).to_be_visible()
    ada.press("Sign out and clear this phone")
    expect(ada.page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
    assert CANARY not in ada.at_rest()


def test_the_lock_can_be_taken_off_again(ada: Ada) -> None:
    ada.lock()
    ada.press("Turn off the lock")
    ada.page.get_by_label("Your PIN").fill(PIN)
    ada.press("Turn off the lock")
    expect(ada.page.get_by_role("button", name="Turn on the lock")).to_be_visible(timeout=60_000)
    ada.page.goto(f"{ada.url}/#/")
    ada.page.reload()
    expect(ada.page.get_by_text(CANARY).first).to_be_visible()
    assert CANARY in ada.at_rest()


def test_another_open_tab_is_in_the_way_of_turning_the_lock_and_locks_along(ada: Ada) -> None:
    other = ada.context.new_page()
    other.goto(f"{ada.url}/#/")
    expect(other.get_by_text(CANARY).first).to_be_visible()
    ada.press("Turn on the lock")
    ada.page.get_by_label("New PIN").fill(PIN)
    ada.page.get_by_label("The PIN once more").fill(PIN)
    ada.press("Turn on the lock")
    expect(ada.page.get_by_text("The app is open in another tab")).to_be_visible(timeout=60_000)
    other.close()
    locked = ada.page.get_by_role("button", name="Lock now")
    refused = ada.page.get_by_text("The app is open in another tab")
    for _ in range(10):  # a browser takes a moment to let go of what a closed tab held
        ada.press("Turn on the lock")
        expect(locked.or_(refused).first).to_be_visible(timeout=60_000)
        if locked.is_visible():
            break
    expect(locked).to_be_visible()


def test_the_phones_own_authenticator_opens_it_too(ada: Ada) -> None:
    session = ada.context.new_cdp_session(ada.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "hasPrf": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    ada.url = ada.url.replace("127.0.0.1", "localhost")  # WebAuthn knows no bare addresses
    ada.page.goto(ada.url)
    expect(ada.page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
    ada.page.evaluate(PLANT, CANARY)
    ada.page.goto(f"{ada.url}/#/you")
    ada.press("Turn on the lock")
    ada.page.get_by_label("New PIN").fill(PIN)
    ada.page.get_by_label("The PIN once more").fill(PIN)
    ada.page.get_by_label("Also open with this phone's fingerprint").check()
    ada.press("Turn on the lock")
    expect(ada.page.get_by_role("button", name="Lock now")).to_be_visible(timeout=60_000)
    ada.press("Lock now")
    ada.is_locked()
    ada.press("Use fingerprint or face")
    expect(ada.page.get_by_role("button", name="Lock now")).to_be_visible(timeout=60_000)
    ada.page.goto(f"{ada.url}/#/")
    expect(ada.page.get_by_text(CANARY).first).to_be_visible()
