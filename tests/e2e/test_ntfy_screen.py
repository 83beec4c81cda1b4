"""ntfy as a way to be told, where whoever runs the server offers it: given, tested, refused, removed."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.journeys import opened, sign_up
from tests.e2e.phone import until
from tests.e2e.product import Product, running_product
from tests.test_wording import HEALTH_WORDS

pytestmark = [pytest.mark.e2e]

TOPIC = "a-topic-that-is-long-enough"


@pytest.fixture(name="ntfy")
def _ntfy() -> Iterator[tuple[str, list[dict[str, Any]]]]:  # Any: JSON
    """Its address, and every message that was published to it."""
    taken: list[dict[str, Any]] = []  # Any: JSON

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_port}", taken
    web.shutdown()
    web.server_close()


@pytest.fixture(name="home")
def _home(tmp_path: Path, ntfy: tuple[str, list[dict[str, Any]]]) -> Iterator[Product]:  # Any: JSON
    with running_product(tmp_path / "data", settings={"NTFY_HOSTS": ntfy[0]}) as product:
        yield product


def test_a_topic_is_given_tested_and_removed(
    home: Product,
    browser: Playwright,
    ntfy: tuple[str, list[dict[str, Any]]],  # Any: JSON
    tmp_path: Path,
) -> None:
    origin, taken = ntfy
    with opened(browser, home, tmp_path / "phone") as page:
        sign_up(page, home, "ada@example.org")
        page.goto(f"{home.url}/#/you")
        card = page.get_by_role("region", name="By ntfy")
        topic = card.get_by_label("Address of your topic")
        topic.fill(f"https://elsewhere.example.org/{TOPIC}")
        card.get_by_role("button", name="Save the topic").click()
        expect(card.get_by_role("alert")).to_have_text(re.compile(r"\w"))
        assert taken == []

        topic.fill(f"{origin}/{TOPIC}")
        card.get_by_role("button", name="Save the topic").click()
        expect(card.get_by_text("Messages go there.")).to_be_visible()
        expect(card.get_by_text(TOPIC)).to_be_visible()
        card.get_by_role("button", name="Send a test").click()
        expect(page.get_by_text("Test sent.")).to_be_visible()
        told = until(lambda: taken)[-1]
        assert told["topic"] == TOPIC
        assert HEALTH_WORDS.findall(json.dumps(told)) == []

        card.get_by_role("button", name="Remove the topic").click()
        expect(topic).to_have_value("")
        expect(card.get_by_text(TOPIC)).to_have_count(0)
