"""What was begun and left, and what is taken off a phone for good: forms, their photos, addresses, everything."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.journeys import first_log, opened, sign_up
from tests.e2e.product import Product
from tests.e2e.thumb import Thumb

pytestmark = [pytest.mark.e2e]

PIN = "271828"
LUMP = "Lower back, right side"


def photo(folder: Path) -> Path:
    out = BytesIO()
    Image.radial_gradient("L").convert("RGB").resize((800, 600)).save(out, "JPEG")
    file = folder / "photo.jpg"
    file.write_bytes(out.getvalue())
    return file


def begin_check(page: Page, product: Product) -> str:
    """A lump, and the form of a check of it; returns the form's address."""
    first_log(Thumb(page))
    expect(page.get_by_role("heading", name=LUMP, level=1)).to_be_visible()
    lump = page.url.rpartition("/")[2]
    address = f"{product.url}/#/check/{lump}"
    page.goto(address)
    expect(page.get_by_label("Note")).to_be_visible()
    return address


def turn_on_lock(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/#/you")
    page.get_by_role("button", name="Turn on the lock").click()
    page.get_by_label("New PIN").fill(PIN)
    page.get_by_label("The PIN once more").fill(PIN)
    page.get_by_role("button", name="Turn on the lock").click()
    expect(page.get_by_role("button", name="Lock now")).to_be_visible(timeout=60_000)


def test_a_photo_in_a_half_filled_check_is_there_after_the_lock_and_in_the_saved_check(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        address = begin_check(page, product)
        turn_on_lock(page, product)
        page.goto(address)
        page.get_by_label("Choose a photo").set_input_files(photo(tmp_path))
        page.get_by_label("Note").fill("seen in the shower")
        expect(page.get_by_role("img", name="Photo 1")).to_be_visible()
        page.goto(f"{product.url}/#/you")
        page.get_by_role("button", name="Lock now").click()
        page.get_by_label("Your PIN").fill(PIN)
        page.get_by_role("button", name="Unlock", exact=True).click()
        page.goto(address)
        expect(page.get_by_label("Note")).to_have_value("seen in the shower")
        expect(page.get_by_role("img", name="Photo 1")).to_be_visible()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("button", name=re.compile("^Photo of"))).to_be_visible()
        page.goto(address)
        expect(page.get_by_label("Note")).to_have_value("")
        expect(page.get_by_role("img", name="Photo 1")).to_have_count(0)


def test_a_check_cannot_be_dated_on_a_day_still_to_come(product: Product, browser: Playwright, tmp_path: Path) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        begin_check(page, product)
        day = page.get_by_label("Day of this check")
        day.fill((timezone.now().date() + timedelta(days=2)).isoformat())
        day.blur()
        expect(page.get_by_text("This day is still to come.")).to_be_visible()
        expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
        day.fill((timezone.now().date() - timedelta(days=1)).isoformat())
        day.blur()
        expect(page.get_by_role("button", name="Save", exact=True)).to_be_enabled()


@pytest.mark.parametrize(("pressed", "note"), [("Go on", "half said"), ("Start again", "")])
def test_a_check_left_two_days_ago_is_offered_and_taken_up_only_when_asked(
    product: Product, browser: Playwright, tmp_path: Path, pressed: str, note: str
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        address = begin_check(page, product)
        page.get_by_label("Note").fill("half said")
        page.goto(f"{product.url}/#/")
        page.context.clock.set_system_time(timezone.now() + timedelta(days=2))
        page.reload()
        page.goto(address)
        expect(page.get_by_text("You began this on")).to_be_visible()
        expect(page.get_by_label("Note")).to_have_count(0)
        page.get_by_role("button", name=pressed, exact=True).click()
        expect(page.get_by_label("Note")).to_have_value(note)


def test_an_address_for_the_calendar_is_shown_once_and_can_be_revoked(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        sign_up(page, product, "ada+calendar@example.org")
        page.goto(f"{product.url}/#/you")
        card = page.get_by_role("region", name="The days in your calendar")
        card.get_by_role("button", name="Make the address").click()
        address = card.locator(".url")
        expect(address).to_contain_text(product.url)
        answer = page.request.get(address.inner_text().strip())
        assert answer.status == 200
        assert answer.text().startswith("BEGIN:VCALENDAR")
        page.reload()
        expect(card.get_by_role("button", name="Make a new address")).to_be_visible()
        expect(address).to_have_count(0)
        card.get_by_role("button", name="Revoke the address").click()
        expect(card.get_by_role("button", name="Make the address")).to_be_visible()
        assert page.request.get(answer.url).status == 404


def test_a_phone_whose_session_ended_can_be_cleared_and_forgets_everything(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        sign_up(page, product, "ada+cleared@example.org")
        page.goto(f"{product.url}/#/")
        first_log(Thumb(page))
        expect(page.get_by_role("heading", name=LUMP, level=1)).to_be_visible()
        page.context.clear_cookies()
        page.goto(f"{product.url}/#/you")
        page.reload()
        page.get_by_role("button", name="Clear this phone").click()
        page.get_by_role("button", name="Keep it").click()
        page.get_by_role("button", name="Clear this phone").click()
        expect(page.get_by_text("All that this app keeps on this phone goes.")).to_be_visible()
        with page.expect_event("load"):  # the app begins anew by itself: whoever goes elsewhere before is in its way
            page.get_by_role("button", name="Clear it now").click()
        expect(page.get_by_text("Clear this phone")).to_have_count(0)
        page.goto(f"{product.url}/#/")
        page.reload()
        expect(page.get_by_role("link", name="Add a lump")).to_be_visible()
        expect(page.get_by_role("link", name=LUMP)).to_have_count(0)
