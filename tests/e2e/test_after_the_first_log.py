"""What comes after the first log: sizes and advice understood, care followed, several people, lists of every length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.journeys import first_log, listed, opened, put_lumps, sign_up, touch_lower_back
from tests.e2e.phone import until
from tests.e2e.product import Product
from tests.e2e.thumb import Thumb

pytestmark = [pytest.mark.e2e]


@pytest.fixture(name="ada")
def _ada(browser: Playwright, product: Product, account: dict[str, str], tmp_path: Path) -> Iterator[Page]:
    """Ada's phone, signed in, everything fetched."""
    with opened(browser, product, tmp_path / "ada") as page:
        page.goto(f"{product.url}/#/sign-in")
        page.get_by_label("Email", exact=True).fill(account["email"])
        page.get_by_label("Password", exact=True).fill(account["password"])
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text("Lower back").first).to_be_visible()
        yield page


def test_the_chart_the_advice_and_the_story_of_a_lump_can_be_understood(ada: Page) -> None:
    ada.get_by_role("link", name="By the waistband").tap()
    sizes = ada.get_by_role("region", name="Size")
    expect(sizes.get_by_role("img", name=re.compile(r"Chart of \d+ sizes"))).to_be_visible()
    assert sizes.locator("svg[role=img] .bar").count() == sizes.locator("svg[role=img] .dot").count() > 5
    expect(sizes.locator("svg[role=img] .band")).to_have_count(1)
    expect(sizes.get_by_role("table").get_by_role("row").nth(1)).to_contain_text("mm")
    advice = ada.get_by_role("article")
    advice.get_by_text("Why, and from where").tap()
    for words in ("What you logged:", "The rule comes from:", "What would change this", "No clinician has reviewed"):
        expect(advice).to_contain_text(words)
    expect(advice.get_by_role("link", name="All rules and their sources")).to_be_visible()
    story = ada.get_by_role("region", name="What happened")
    for words in ("Advice:", "Ruler", "Booked an appointment"):
        expect(story).to_contain_text(words)


CARE = (  # the word that is pressed, the step it leads to
    ("Booked an appointment", "Booked for"),
    ("Seen by a doctor or nurse", "Seen"),
    ("Sample taken (biopsy)", "Tests"),
    ("Got a result", "Result"),
    ("Treated", "Treated, or no more visits needed"),
)


def test_care_is_followed_from_telling_to_treatment_and_the_reminders_with_it(product: Product, ada: Page) -> None:
    ada.get_by_role("link", name="After the cold").tap()
    ada.get_by_role("link", name=re.compile("^Add care")).tap()
    ada.get_by_role("radio", name=re.compile("^Told a")).check()
    ada.get_by_role("button", name="Save", exact=True).tap()
    path = ada.get_by_role("region", name="Care")
    for pressed, step in CARE:
        path.get_by_role("link", name=pressed, exact=True).tap()
        expect(ada.get_by_role("button", name="Save", exact=True)).to_be_enabled()
        if pressed == "Treated":
            ada.get_by_label("What were you told?").fill("Drained, come back if it fills again")
        ada.get_by_role("button", name="Save", exact=True).tap()
        expect(path.get_by_role("listitem").filter(has_text=step).first).to_have_attribute("aria-current", "step")
    ada.goto(f"{product.url}/#/you")
    expect(ada.get_by_text("Everything has reached the server.")).to_be_visible()
    until(lambda: open_reminders(ada, "neck") == 0)
    ada.goto(f"{product.url}/#/")
    ada.get_by_role("link", name="After the cold").tap()
    ada.get_by_text("Close this lump").tap()
    ada.get_by_role("button", name="It was treated").tap()
    expect(ada.get_by_role("status").filter(has_text="Closed")).to_be_visible()
    ada.get_by_role("button", name="Reopen").tap()
    expect(ada.get_by_text("Close this lump")).to_be_visible()


def open_reminders(page: Page, site: str) -> int:
    """Messages to seek care about lumps there that are still to go out, as the server has them."""
    count = page.evaluate(
        """async site => {
          const get = async path => (await (await fetch(`/api/v1/${path}/?page_size=200`)).json()).results;
          const lumps = (await get('lumps')).filter(lump => lump.site === site).map(lump => lump.id);
          const open = (await get('notifications')).filter(one => one.kind === 'seek_care' && one.state === 'waiting');
          return open.filter(one => lumps.includes(one.lump)).length;
        }""",
        site,
    )
    return int(count)


def test_several_people_are_told_apart_by_name_and_colour_on_every_screen(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        first_log(Thumb(page))
        expect(page.get_by_role("article").first).to_be_visible()
        page.goto(f"{product.url}/#/add")
        page.get_by_role("button", name="For somebody else?").tap()
        page.get_by_label("Name").fill("Cal")
        page.get_by_label("Year of birth").fill("2021")
        page.get_by_role("radio", name="List").check()
        page.get_by_role("button", name="Scalp", exact=True).tap()
        for button in ("Next", "Next"):
            page.get_by_role("button", name=button, exact=True).tap()
        page.get_by_role("button", name="None of these", exact=True).tap()
        page.get_by_role("button", name="Save", exact=True).tap()
        expect(page.get_by_role("heading", name="Scalp", level=1)).to_be_visible()
        assert_named(page, "Cal")
        page.get_by_role("link", name="Log a check", exact=True).tap()
        expect(page.get_by_role("heading", name="How is it now?")).to_be_visible()
        assert_named(page, "Cal")
        page.goto(f"{product.url}/#/advice")
        expect(page.get_by_role("article").filter(has_text="Scalp")).to_contain_text("Cal")
        page.goto(f"{product.url}/#/")
        assert page.get_by_role("article").filter(has_text="Scalp").inner_text().find("Cal") >= 0
        expect(page.get_by_role("article").filter(has_text="Lower back")).to_contain_text("Me")
        page.get_by_role("group", name="Whose lumps to show").get_by_role("button", name="Cal").tap()
        expect(page.get_by_role("article")).to_have_count(1)
        page.get_by_role("button", name="Everybody").tap()
        assert_asked_whose(page, product)


def assert_named(page: Page, name: str) -> None:
    """In the header, by name, and by a mark of another colour than the first person's."""
    tag = page.locator("main header .tag")
    expect(tag).to_have_text(re.compile(f"{name}$"))
    colour = tag.locator(".mark").evaluate("mark => getComputedStyle(mark).backgroundColor")
    assert colour not in ("rgb(11, 93, 91)", "rgba(0, 0, 0, 0)")


def assert_asked_whose(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/#/add")
    touch_lower_back(Thumb(page))
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_disabled()  # nobody is meant by default
    page.get_by_role("group", name="Whose lump is it?").get_by_role("button", name="Me", exact=True).tap()
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_enabled()


def test_the_list_stands_with_no_lump_one_and_twenty_and_a_lump_is_closed_and_reopened(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        sign_up(page, product, "cal@example.org")
        listed(page, product, 0)
        expect(page.get_by_text("No lumps yet")).to_be_visible()
        put_lumps(page.context, product, 1)
        listed(page, product, 1)
        page.get_by_role("article").get_by_role("link").first.tap()
        page.get_by_text("Close this lump").tap()
        page.get_by_role("button", name="It is gone").tap()
        page.get_by_role("button", name="Reopen").tap()
        expect(page.get_by_role("status").filter(has_text="Reopened")).to_be_visible()
        page.get_by_role("button", name="Undo").tap()
        expect(page.get_by_role("button", name="Reopen")).to_be_visible()
        put_lumps(page.context, product, 20)
        listed(page, product, 20)
        page.get_by_text("1 closed").scroll_into_view_if_needed()  # what comes into view is laid out only now
        page.get_by_text("1 closed").tap()
        expect(page.get_by_role("article").filter(has_text="It is gone")).to_be_visible()
