"""Moments nobody plans for: time passes, the phone is full, a reminder is pressed or does not come."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.journeys import first_log, log_days_ago, opened, sign_up
from tests.e2e.phone import until
from tests.e2e.product import Product
from tests.e2e.thumb import Thumb

pytestmark = [pytest.mark.e2e]

TWO_WEEKS_LATER = timedelta(days=13)
LATEST_SWEEP = "SELECT at FROM triage_heartbeat WHERE name = 'sweep'"
NEWS = "A lump for two weeks"
# What a browser does when the disk is full. Chromium looks at the room there is too seldom to be made full by a quota.
FULL = """() => {
  window.isFull = true;
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...said) {
    if (!window.isFull || this.name !== 'records') return put.apply(this, said);
    this.transaction.abort();
    throw new DOMException('no room', 'QuotaExceededError');
  };
}"""


# What is told or planned about lumps, each step by name with its state, as the server has it.
STEPS = """async () => {
  const {results} = await (await fetch('/api/v1/episodes/?open=true')).json();
  return Object.fromEntries(results.flatMap(({id, steps}) =>
    steps.map(({step, channel, state}) => [`${id} ${step} ${channel}`, state])));
}"""


def advised(page: Page) -> None:
    first_log(Thumb(page))
    expect(page.get_by_role("article").first).to_contain_text("No rule matched")


def only(state: str, steps: dict[str, str]) -> set[str]:
    return {name for name, found in steps.items() if found == state}


def test_time_alone_changes_the_advice_on_an_open_screen(product: Product, browser: Playwright, tmp_path: Path) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        page.clock.install(time=timezone.now())
        page.reload()
        advised(page)
        page.clock.fast_forward(int(TWO_WEEKS_LATER.total_seconds()) * 1000)
        expect(page.get_by_role("article").first).to_contain_text(NEWS)


def test_an_app_that_slept_judges_anew_when_it_is_looked_at(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        advised(page)
        page.clock.set_system_time(timezone.now() + TWO_WEEKS_LATER)
        expect(page.get_by_role("article").first).not_to_contain_text(NEWS)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.get_by_role("article").first).to_contain_text(NEWS)


def test_a_reminder_to_check_leads_to_the_lump_that_is_due(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        log_days_ago(page, 16)
        page.goto(f"{product.url}/#/due")
        expect(page.get_by_role("heading", name="Lower back, right side", level=1)).to_be_visible()
        page.get_by_role("button", name="Same", exact=True).tap()
        expect(page.get_by_role("button", name="Undo")).to_be_visible()
        page.goto(f"{product.url}/#/due")
        expect(page.get_by_role("heading", name="Lumps", exact=True, level=1)).to_be_visible()


def test_a_full_phone_keeps_the_form_and_says_what_to_do(product: Product, browser: Playwright, tmp_path: Path) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        first_log(Thumb(page), save=False)
        page.evaluate(FULL)
        page.get_by_role("button", name="Save", exact=True).tap()
        expect(page.get_by_role("alert").filter(has_text="no room left")).to_be_in_viewport()
        page.evaluate("window.isFull = false")
        page.get_by_role("button", name="Save", exact=True).tap()
        expect(page.get_by_role("heading", name="Lower back, right side", level=1)).to_be_visible()
        expect(page.get_by_role("alert").filter(has_text="no room left")).to_have_count(0)


def test_whether_reminders_are_looked_after_and_arrive_is_shown(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        sign_up(page, product, "ada+reminders@example.org")
        page.goto(f"{product.url}/#/you")
        reminders = page.get_by_role("region", name="Do reminders arrive?")
        expect(reminders).to_contain_text(re.compile("Reminders last checked: .+"))
        reminders.get_by_role("button", name="Test my reminders").tap()
        expect(reminders).to_contain_text("Last test")
        contact = page.get_by_role("region", name="Somebody you trust")
        expect(contact).to_contain_text("no mail set up")  # this installation has no mail server
        with page.expect_response("**/notifications/opened/") as said:
            page.goto(f"{product.url}/#/due")  # as a push or mail leads
        assert (said.value.request.method, said.value.status) == ("POST", 204)
        for _ in range(2):  # the second time the advice is there already, as when a push is pressed on it
            with page.expect_response("**/notifications/opened/") as said:
                page.evaluate("location.assign('/#/open')")
            assert said.value.status == 204
            assert '"address":"open"' in (said.value.request.post_data or "")
            expect(page).to_have_url(f"{product.url}/#/advice")
        page.goto(f"{product.url}/#/")
        assert_list_says_that_reminders_are_late(page, product)


def assert_list_says_that_reminders_are_late(page: Page, product: Product) -> None:
    late = page.get_by_role("status").filter(has_text="Reminders may not come")
    expect(page.get_by_role("heading", name="Lumps", exact=True, level=1)).to_be_visible()
    expect(late).to_have_count(0)
    with nobody_looks_after_reminders(product):
        page.reload()
        expect(late.get_by_role("link")).to_have_attribute("href", "#/you")
    page.reload()
    expect(page.get_by_role("heading", name="Lumps", exact=True, level=1)).to_be_visible()
    expect(late).to_have_count(0)


@contextmanager
def nobody_looks_after_reminders(product: Product) -> Iterator[None]:
    """The last sweep ended an hour ago, and no later one is written down."""
    with closing(sqlite3.connect(product.data / "lumptracker.sqlite3", timeout=30)) as database:
        old = (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
        database.execute("UPDATE triage_heartbeat SET at = ? WHERE name = 'sweep'", [old])
        database.execute(
            "CREATE TRIGGER stopped BEFORE UPDATE ON triage_heartbeat WHEN old.name = 'sweep'"
            " BEGIN SELECT RAISE(IGNORE); END"
        )
        database.commit()
        try:
            yield
        finally:
            database.execute("DROP TRIGGER stopped")
            database.commit()
            # A page that is read before the next sweep would still call it late.
            until(lambda: database.execute(LATEST_SWEEP).fetchone()[0] > old)


def test_a_planned_step_is_stopped_where_the_lump_is_and_the_others_stay(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        sign_up(page, product, "ada+steps@example.org")
        page.goto(f"{product.url}/#/")
        first_log(Thumb(page), tick="Very hard to breathe")
        until(lambda: {"sent", "written"} & set(page.evaluate(STEPS).values()))  # the first step is told, not planned
        before = only("planned", page.evaluate(STEPS))
        page.reload()
        steps = page.get_by_role("region", name="What you are told, and when")
        steps.get_by_text("All steps, told and planned").tap()
        planned = steps.get_by_role("listitem").filter(has_text="Planned.")
        planned.first.get_by_role("button", name="Stop this step").tap()
        expect(page.get_by_text("This step is stopped")).to_be_visible()
        stopped = steps.get_by_role("listitem").filter(has_text="Stopped.")
        expect(stopped).to_have_count(1)
        expect(stopped.get_by_role("button", name="Stop this step")).to_have_count(0)
        after = page.evaluate(STEPS)
        [taken_out] = only("stopped", after)
        others = before - {taken_out}
        assert others
        assert others <= only("planned", after)
