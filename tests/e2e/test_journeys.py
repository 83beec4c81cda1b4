"""The journeys that people make on a phone, against their budgets in taps, screens and seconds; without network too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.browser import playwright
from tests.e2e.journeys import first_log, listed, log_days_ago, on, opened, put_lumps, sign_up, touch_lower_back
from tests.e2e.phone import until
from tests.e2e.product import Product, running_product
from tests.e2e.thumb import Thumb

pytestmark = [pytest.mark.e2e]

NETWORKS = ("online", "offline")


@pytest.fixture(scope="module", name="demo")
def _demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, dict[str, str]]]:
    """One installation for all: the example account first, which has weeks of sizes, photos, advice and care."""
    with running_product(tmp_path_factory.mktemp("journeys"), settings={"RATE_LIMITS": "off"}) as product:
        yield product, json.loads(product.manage("demo").splitlines()[-1])


@pytest.fixture(scope="module", name="product")
def _product(demo: tuple[Product, dict[str, str]]) -> Product:
    return demo[0]


@pytest.fixture(scope="module", name="browser")
def _browser() -> Iterator[Playwright]:
    with playwright() as started:
        yield started


@pytest.mark.parametrize("network", NETWORKS)
def test_a_first_log_takes_three_screens_and_eight_taps_and_is_advised_upon_at_once(
    product: Product, browser: Playwright, tmp_path: Path, network: str
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        on(network, page)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
        thumb = Thumb(page)
        first_log(thumb)
        advice = page.get_by_role("article")
        expect(advice).to_contain_text("No rule matched. This is not a check-up.")
        thumb.assert_within(taps=8, screens=3, seconds=60)
        expect(page.get_by_role("status").filter(has_text="Saved on this phone")).to_be_visible()
        advice.get_by_text("Why, and from where").tap()
        expect(advice).to_contain_text("Worked out on this phone")
        assert asked == []  # nothing leaves the phone before there is an account


def test_an_emergency_fills_the_screen_with_the_number_to_call_without_any_network(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        on("offline", page)
        first_log(Thumb(page), tick="Very hard to breathe")
        alert = page.get_by_role("alert").get_by_role("article")
        call = alert.get_by_role("link", name="Call 999")
        expect(call).to_be_in_viewport()
        assert call.get_attribute("href") == "tel:999"
        assert alert.get_by_role("link").or_(alert.get_by_role("button")).first.inner_text().strip() == "Call 999"
        box = alert.bounding_box()
        assert box is not None
        assert box["height"] >= 0.6 * 844
        alert.get_by_text("Why, and from where").tap()
        expect(alert).to_contain_text("Very hard to breathe")
        expect(alert.get_by_role("link", name=re.compile("NHS|nidirect|Scottish")).first).to_be_visible()


def test_an_urgent_question_that_was_passed_over_is_asked_and_its_answer_judged_at_once(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        on("offline", page)
        first_log(Thumb(page), answer_all=False)
        expect(page.get_by_role("heading", name="Please answer these first")).to_be_visible()
        first = page.get_by_role("region", name="Please answer these first")
        question = first.get_by_role("listitem").filter(has_text="very hard to breathe")
        first.get_by_role("button", name="Don't know").tap()
        expect(question).to_have_count(0)
        page.reload()
        question.get_by_role("button", name="Yes", exact=True).tap()
        expect(page.get_by_role("alert").get_by_role("link", name="Call 999")).to_be_visible()
        page.get_by_role("button", name="Undo").tap()
        expect(page.get_by_role("link", name="Call 999")).to_have_count(0)


def test_what_was_logged_before_the_account_moves_into_it(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        first_log(Thumb(page))
        expect(page.get_by_role("article").first).to_be_visible()
        sign_up(page, product, "ada+new@example.org")
        page.goto(f"{product.url}/#/you")
        expect(page.get_by_text("Everything has reached the server.")).to_be_visible(timeout=30_000)
        kept = page.evaluate("async () => (await (await fetch('/api/v1/lumps/')).json()).results")
        assert [(lump["site"], lump["side"]) for lump in kept] == [("lower_back", "right")]
        page.goto(f"{product.url}/#/")
        page.get_by_role("link", name=re.compile("Lower back")).tap()
        page.get_by_text("Why, and from where").tap()
        expect(page.get_by_role("article")).to_contain_text("Worked out on the server", timeout=30_000)


@pytest.mark.parametrize(("network", "answer"), [("online", "Same"), ("offline", "Smaller")])
def test_a_recheck_takes_two_taps_and_can_be_undone(
    product: Product, browser: Playwright, tmp_path: Path, network: str, answer: str
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        log_days_ago(page, 16)
        on(network, page)
        thumb = Thumb(page)
        thumb.tap(page.get_by_role("link", name=re.compile("Lower back")))
        thumb.sees("Lower back, right side")
        expect(page.get_by_text("20 mm", exact=False).first).to_be_visible()  # the last values stand there
        thumb.tap(page.get_by_role("button", name=answer, exact=True))
        expect(page.get_by_role("status").filter(has_text="Saved on this phone")).to_be_visible()
        thumb.assert_within(taps=3, screens=2, seconds=20)
        expect(page.get_by_role("listitem").filter(has_text="Check without a size")).to_have_count(1)
        page.get_by_role("button", name="Undo").tap()
        expect(page.get_by_role("listitem").filter(has_text="Check without a size")).to_have_count(0)


def test_a_due_lump_is_answered_on_its_card_with_one_tap_however_often_it_is_tapped(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        log_days_ago(page, 16)
        thumb = Thumb(page)
        expect(page.get_by_text("Check due")).to_be_visible()
        same = page.get_by_role("group", name="Lower back, right side: since the last check").get_by_role(
            "button", name="Same"
        )
        same.evaluate("button => { button.click(); button.click(); }")
        thumb.taps += 1
        expect(page.get_by_role("status").filter(has_text="Saved on this phone")).to_be_visible()
        thumb.assert_within(taps=1, screens=1, seconds=20)
        page.get_by_role("link", name=re.compile("Lower back")).tap()
        expect(page.get_by_role("listitem").filter(has_text="Check without a size")).to_have_count(1)


def test_bigger_is_saved_at_once_and_leads_to_measuring(product: Product, browser: Playwright, tmp_path: Path) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        log_days_ago(page, 16)
        on("offline", page)
        thumb = Thumb(page)
        thumb.tap(page.get_by_role("button", name="Bigger", exact=True))
        thumb.sees("How big is it?")
        expect(page.get_by_text("Last time: 20 mm")).to_be_visible()
        thumb.assert_within(taps=3, screens=2, seconds=20)
        size = page.get_by_label("Longest size", exact=True)
        size.fill("240")
        page.get_by_role("button", name="I meant 24 mm").tap()  # a slip of units is caught before it is kept
        page.get_by_role("button", name="Save", exact=True).tap()
        advice = page.get_by_role("article")
        expect(advice).to_contain_text("getting bigger")
        expect(page.get_by_role("row").filter(has_text="24 mm")).to_be_visible()


def test_without_network_it_is_said_what_waits_and_where(product: Product, browser: Playwright, tmp_path: Path) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        sign_up(page, product, "bea@example.org")
        log_days_ago(page, 16)
        page.goto(f"{product.url}/#/you")
        expect(page.get_by_text("Everything has reached the server.")).to_be_visible(timeout=30_000)
        page.goto(f"{product.url}/#/")
        on("offline", page)
        page.get_by_role("button", name="Same", exact=True).tap()
        expect(page.get_by_text("1 entry is saved on this phone and will be sent later")).to_be_visible()
        expect(page.get_by_text("Saved on this phone, waiting to be sent")).to_be_visible()
        page.context.set_offline(False)
        expect(page.get_by_text("waiting to be sent")).to_have_count(0, timeout=30_000)
        sent = page.evaluate("async () => (await (await fetch('/api/v1/observations/')).json()).results.length")
        assert sent == 2


@pytest.fixture(name="ada")
def _ada(browser: Playwright, demo: tuple[Product, dict[str, str]], tmp_path: Path) -> Iterator[Page]:
    """Ada's phone, signed in, everything fetched."""
    product, account = demo
    with opened(browser, product, tmp_path / "ada") as page:
        page.goto(f"{product.url}/#/sign-in")
        page.get_by_label("Email", exact=True).fill(account["email"])
        page.get_by_label("Password", exact=True).fill(account["password"])
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text("Lower back").first).to_be_visible(timeout=30_000)
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


def test_care_is_followed_from_telling_to_treatment_and_the_reminders_with_it(
    demo: tuple[Product, dict[str, str]], ada: Page
) -> None:
    product, _ = demo
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
    expect(ada.get_by_text("Everything has reached the server.")).to_be_visible(timeout=30_000)
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
        page.get_by_text("1 closed").tap()
        expect(page.get_by_role("article").filter(has_text="It is gone")).to_be_visible()
