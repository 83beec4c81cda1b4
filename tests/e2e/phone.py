"""What a thumb does in the phone app, in the words on its screens."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import BrowserContext, Page, expect

from tests.sinks import MailSink, PushService

T = TypeVar("T")

# The vendor's push service cannot be reached from a test, so the one call that needs it is answered here.
SUBSCRIBE = """
(() => {
  const answer = %s;
  const subscription = {...answer, toJSON: () => answer, unsubscribe: async () => true, getKey: () => null,
                        options: {userVisibleOnly: true}};
  PushManager.prototype.subscribe = async () => subscription;
})()
"""


def until(what: Callable[[], T | None], *, seconds: float = 150) -> T:
    """Wait for something outside the browser; fails by name."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"still not after {seconds} s: {what}")


@dataclass
class Phone:
    """Ada's phone with the app open."""

    context: BrowserContext
    page: Page
    url: str

    @classmethod
    def opened(cls, context: BrowserContext, url: str, vendor: PushService) -> Phone:
        context.add_init_script(SUBSCRIBE % json.dumps(vendor.subscribe("phone")))
        page = context.pages[0] if context.pages else context.new_page()
        page.goto(url)
        expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
        return cls(context, page, url)

    def press(self, name: str, *, role: Any = "button") -> None:  # Any: Playwright's list of roles
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def choose(self, name: str) -> None:
        """One of several chips."""
        self.page.get_by_role("radio", name=name, exact=True).check()

    def go(self, place: str) -> None:
        """One of the three places of the bar, from any screen."""
        self.page.goto(f"{self.url}/#/{'' if place == 'Lumps' else place.lower()}")
        expect(self.page.get_by_role("heading", name=place, exact=True, level=1)).to_be_visible()

    def sign_up(self, email: str, password: str) -> None:
        self.page.goto(f"{self.url}/#/sign-up")
        self.page.get_by_label("Email", exact=True).fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.press("Create account")
        expect(self.page.get_by_role("heading", name="Where is it?")).to_be_visible()

    def confirm_address(self, mail: MailSink) -> None:
        """Enter the code that came by mail."""
        body = until(lambda: mail.mails[0].get_body(("plain",)) if mail.mails else None)
        code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", body.get_content(), re.MULTILINE)
        assert code, body.get_content()
        self.go("You")
        self.page.get_by_label("Code", exact=True).fill(code.group(1))
        self.press("Confirm address")
        expect(self.page.get_by_text("Reminders go to")).to_be_visible()

    def turn_on_notifications(self) -> None:
        self.go("You")
        self.press("Turn on notifications")
        expect(self.page.get_by_role("button", name="Send a test")).to_be_visible()

    def add_lump(self, *, place: str, side: str, noticed: date, size_mm: int) -> None:
        self.page.goto(f"{self.url}/#/add")
        self.choose("List")
        self.page.get_by_label("Search for a place").fill(place)
        self.page.get_by_text(place, exact=True).first.click()
        self.choose(side)
        self.press("Next")
        self.page.get_by_label("Longest size", exact=True).fill(str(size_mm))
        self.page.get_by_label("Or the day, if you know it").fill(noticed.isoformat())
        self.press("Next")
        self.press("Save")
        expect(self.page.get_by_role("link", name="Log a check")).to_be_visible()

    def log_check(self, *, day: date, size_mm: int, photo: Path | None = None, trend: str = "") -> None:
        self.press("Log a check", role="link")
        if trend:
            self.choose(trend)
        self.page.get_by_label("Longest size", exact=True).fill(str(size_mm))
        if photo:
            self.page.get_by_label("Choose a photo").set_input_files(photo)
        self.page.get_by_label("Day of this check").fill(day.isoformat())
        self.press("Save")
        expect(self.page.get_by_role("link", name="Log a check")).to_be_visible()

    def everything_sent(self) -> None:
        self.go("You")
        expect(self.page.get_by_text("Everything has reached the server.")).to_be_visible(timeout=60_000)

    def share_link(self) -> tuple[str, str]:
        """Address and passcode of a new link to the first lump."""
        self.press("Share with a clinician", role="link")
        passcode = self.page.get_by_label("Passcode").input_value()
        self.press("Make a link")
        expect(self.page.get_by_text("Code to say")).to_be_visible()
        address = self.page.get_by_text(re.compile(r"/s/#shlink:/")).inner_text().strip()
        return address, passcode

    def show_push(self, payload: dict[str, Any]) -> list[dict[str, str]]:  # Any: JSON
        """Hand a decrypted push to the service worker, as the browser would; returns the notifications it shows."""
        session = self.context.new_cdp_session(self.page)
        known: list[dict[str, Any]] = []  # Any: as DevTools tells it
        session.on("ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"]))
        session.send("ServiceWorker.enable")
        until(lambda: self._after_a_moment(known), seconds=10)
        shown = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
                   .map(({title, body, tag}) => ({title, body, tag}))"""

        def delivered() -> list[dict[str, str]]:
            """Said again while nothing shows: a worker that is just starting may miss it. The tag keeps it one."""
            message = {"origin": self.url, "registrationId": known[-1]["registrationId"], "data": json.dumps(payload)}
            session.send("ServiceWorker.deliverPushMessage", message)
            return list(self._after_a_moment(self.page.evaluate(shown)))

        return until(delivered, seconds=20)

    def _after_a_moment(self, what: T) -> T:
        """The browser tells its news only while the page is waited on."""
        self.page.wait_for_timeout(200)
        return what
