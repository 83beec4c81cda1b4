"""Whole journeys by keyboard alone, and what a screen reader is told on the way: roles, names, states, focus.

Nothing here clicks, taps or looks for a style: keys go in, the accessibility tree comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.browser import DESK, phone
from tests.e2e.product import Product, running_product

pytestmark = [pytest.mark.e2e]

MOST_TABS = 90
# Any: Playwright's options are of several types
SMALL_AND_LARGE: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "is_mobile": False, "has_touch": False}
FOCUSED = """() => {
  const element = document.activeElement;
  const name = element.getAttribute('aria-label') || (element.labels?.[0] ?? element).innerText || '';
  return name.trim().replace(/\\s+/g, ' ');
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll('main a, main button, main summary, nav a')]
  .filter(each => !each.closest('p, li.soft, figure, .points') && each.checkVisibility())
  .map(each => [each.innerText.trim() || each.getAttribute('aria-label'), each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < 43.5 || box.height < 43.5))
  .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """() => [...document.querySelectorAll('main :is(p, h1, h2, h3, span, button, label, legend, a, li, td)')]
  .filter(each => each.checkVisibility() && !each.closest('.unseen, svg, .row'))
  .filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== 'visible')
  .map(each => each.innerText.slice(0, 40))"""


@pytest.fixture(scope="module", name="product")
def _product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(tmp_path_factory.mktemp("keys")) as product:
        yield product


@pytest.fixture(name="page")
def _page(product: Product, browser: Playwright, tmp_path: Path) -> Iterator[Page]:
    options = {**DESK, "is_mobile": False, "has_touch": False, "reduced_motion": "reduce"}
    context = phone(browser, tmp_path / "desk", device_scale_factor=1, **options)
    page = context.pages[0]
    page.goto(product.url)
    assert_arrived(page, "Lumps")
    yield page
    context.close()


def assert_arrived(page: Page, heading: str) -> None:
    """A new screen is read from its name on."""
    found = page.get_by_role("heading", name=heading, level=1, exact=True)
    expect(found).to_be_focused()


def tab_to(page: Page, name: str) -> None:
    """Forward with the tabulator until what has this name has the focus; that it is seen there is part of it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if re.match(name, page.evaluate(FOCUSED)):
            assert page.evaluate("() => document.activeElement.matches(':focus-visible')"), name
            return
    raise AssertionError(f"{name} is not reached by keyboard; the last was {page.evaluate(FOCUSED)!r}")


def press(page: Page, name: str, key: str = "Enter") -> None:
    tab_to(page, name)
    page.keyboard.press(key)


def test_a_lump_is_added_checked_and_closed_by_keyboard_alone(page: Page) -> None:
    press(page, "Add a lump")
    assert_arrived(page, "Where is it?")
    choose_on_the_drawing(page)
    press(page, "Next")
    assert_arrived(page, "How big is it?")
    say_the_size(page)
    press(page, "Next")
    assert_arrived(page, "Any of these?")
    answer_the_questions(page)
    press(page, "Save")
    assert_arrived(page, "Upper arm, right side")
    expect(
        page.get_by_role("status").filter(has_text="Saved on this phone")
    ).to_be_visible()  # said without moving focus
    expect(page.get_by_role("article", name="No rule matched. This is not a check-up.")).to_be_visible()
    press(page, "Why, and from where")
    expect(page.get_by_text("What would change this")).to_be_visible()
    log_a_check(page)
    press(page, "Close this lump")
    press(page, "It is gone")
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()


def choose_on_the_drawing(page: Page) -> None:
    """Each view is one stop, arrows move from place to place, and each says its name and whether it is chosen."""
    for view in ("Front", "Back"):
        expect(page.get_by_role("group", name=view, exact=True)).to_be_visible()
    tab_to(page, ".*")
    for _ in range(60):
        if page.evaluate(FOCUSED) == "Upper arm, right side":
            break
        in_front = page.evaluate("() => !!document.activeElement.closest('[aria-label=Front]')")
        page.keyboard.press("ArrowRight" if in_front else "Tab")
    assert page.evaluate(FOCUSED) == "Upper arm, right side"
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Upper arm, right side", exact=True, pressed=True)).to_be_attached()
    expect(page.get_by_role("heading", name="Upper arm, right side")).to_be_visible()
    expect(page.get_by_role("radio", name="Right")).to_be_checked()


def say_the_size(page: Page) -> None:
    tab_to(page, "Longest size, slider")
    slider = page.get_by_role("slider", name="Longest size, slider")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^12\smm$"))
    expect(page.get_by_role("textbox", name="Longest size", exact=True)).to_have_value("12")
    press(page, "Today", "Space")
    expect(page.get_by_role("radio", name="Today")).to_be_checked()


def answer_the_questions(page: Page) -> None:
    """A tick is a checkbox with its question as name; the button that answers the rest says that it has."""
    box = page.get_by_role("checkbox", name=re.compile("^Fever"))
    tab_to(page, "Fever")
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    expect(page.get_by_role("button", name="Only these")).to_be_visible()
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()
    press(page, "None of these")
    expect(page.get_by_role("button", name="None of these", pressed=True)).to_be_visible()


def log_a_check(page: Page) -> None:
    press(page, "Log a check")
    assert_arrived(page, "How is it now?")
    tab_to(page, "Same")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Same")).to_be_checked()
    tab_to(page, "Longest size$")
    page.keyboard.type("7000")
    field = page.get_by_role("textbox", name="Longest size", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    described = field.get_attribute("aria-describedby")
    expect(page.locator(f"[id='{described}']")).to_contain_text("Choose a size from")
    page.keyboard.press("Control+A")
    page.keyboard.type("13")
    press(page, "Save")
    assert_arrived(page, "Upper arm, right side")


def test_an_error_at_signing_in_is_announced_and_tied_to_the_form(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/#/sign-in")
    assert_arrived(page, "Sign in")
    tab_to(page, "Email")
    page.keyboard.type("ada@example.org")
    tab_to(page, "Password")
    page.keyboard.type("not the password at all")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text=re.compile(r"\w"))).to_be_visible()


def test_what_a_lump_says_to_a_screen_reader(page: Page) -> None:
    press(page, "Add a lump")
    assert_arrived(page, "Where is it?")
    choose_on_the_drawing(page)
    for heading in ("How big is it?", "Any of these?"):
        press(page, "Next")
        assert_arrived(page, heading)
    press(page, "Save")
    assert_arrived(page, "Upper arm, right side")
    expect(page.get_by_role("main")).to_match_aria_snapshot(
        """
        - button "Back"
        - heading "Upper arm, right side" [level=1]
        - article "No rule matched. This is not a check-up.":
          - heading "No rule matched. This is not a check-up." [level=2]
        - region "Please answer these first":
          - heading "Please answer these first" [level=2]
          - group:
            - list:
              - listitem:
                - button "Yes"
          - button "None of these"
          - button "Don't know"
        - region "Size":
          - heading "Size" [level=2]
        - region "What happened":
          - heading "What happened" [level=2]
        """
    )
    expect(page.get_by_role("navigation", name="Main places")).to_match_aria_snapshot(
        """
        - navigation "Main places":
          - link "Lumps"
          - link "Advice"
          - link "You"
          - link "Check"
        """
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_lost_at_320_pixels_and_with_text_twice_as_large(
    product: Product, browser: Playwright, tmp_path: Path, scheme: str
) -> None:
    context = phone(browser, tmp_path / "narrow", device_scale_factor=1, color_scheme=scheme, **SMALL_AND_LARGE)
    page = context.pages[0]
    page.add_init_script("addEventListener('DOMContentLoaded', () => document.documentElement.style.fontSize = '200%')")
    for place in ("", "add", "rules", "advice", "you", "sign-up", "sign-in"):
        page.goto(f"{product.url}/#/{place}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate(TOO_WIDE) <= 0, place
        assert page.evaluate(CUT_OFF) == [], place
        assert page.evaluate(SMALL_TARGETS) == [], place
    context.close()
