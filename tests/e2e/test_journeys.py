"""The journeys that people make on a phone, against their budgets in taps, screens and seconds; without network too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.journeys import first_log, log_days_ago, on, opened, sign_up
from tests.e2e.product import Product
from tests.e2e.thumb import Thumb

pytestmark = [pytest.mark.e2e]

NETWORKS = ("online", "offline")


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
        expect(page.get_by_text("Everything has reached the server.")).to_be_visible()
        kept = page.evaluate("async () => (await (await fetch('/api/v1/lumps/')).json()).results")
        assert [(lump["site"], lump["side"]) for lump in kept] == [("lower_back", "right")]
        page.goto(f"{product.url}/#/")
        page.get_by_role("link", name=re.compile("Lower back")).tap()
        page.get_by_text("Why, and from where").tap()
        expect(page.get_by_role("article")).to_contain_text("Worked out on the server")


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
        expect(page.get_by_text("Everything has reached the server.")).to_be_visible()
        page.goto(f"{product.url}/#/")
        on("offline", page)
        expect(page.get_by_text("No connection.")).to_be_visible()  # it moves down what is tapped next
        page.get_by_role("button", name="Same", exact=True).tap()
        expect(page.get_by_text("1 entry is saved on this phone and will be sent later")).to_be_visible()
        expect(page.get_by_text("Saved on this phone, waiting to be sent")).to_be_visible()
        page.context.set_offline(False)
        expect(page.get_by_text("waiting to be sent")).to_have_count(0)
        sent = page.evaluate("async () => (await (await fetch('/api/v1/observations/')).json()).results.length")
        assert sent == 2
