"""The clinician's page in a real browser without JavaScript: one screen, one sheet of paper, readable by everybody."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

from tests.e2e.browser import DESK, PHONE, desk, playwright

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(name="demo")
def _demo(live_server: Any, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop in this thread
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.PUBLIC_URL = live_server.url
    out = StringIO()
    call_command("demo", stdout=out)
    told: dict[str, str] = json.loads(out.getvalue())
    return told


@pytest.fixture(name="page")
def _page(demo: dict[str, str]) -> Iterator[Page]:
    """Opened with the code, as somebody on the telephone would."""
    with playwright() as started:
        context = desk(started, java_script_enabled=False)
        page = context.new_page()
        page.goto(demo["url"].partition("#")[0])
        page.fill("#code", demo["code"].lower())
        page.fill("#passcode", demo["passcode"])
        page.click("#by-code button")
        page.wait_for_load_state("networkidle")
        yield page
        context.close()


def test_the_first_screen_answers_the_five_questions_and_the_paper_is_one_sheet(page: Page) -> None:
    for place, words in (
        (".facts", "Left lower back"),
        (".facts", "9 weeks"),
        (".facts", "volume doubling"),
        (".right .flags >> nth=0", "Pain at night or at rest"),
        (".done", "Booked an appointment"),
    ):
        part = page.locator(place)
        box = part.bounding_box()
        assert words in part.inner_text()
        assert box is not None
        assert box["y"] + box["height"] <= DESK["viewport"]["height"]
    footer = page.locator("footer").bounding_box()
    assert footer is not None
    assert footer["y"] + footer["height"] <= DESK["viewport"]["height"]
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) == 1, paper


def test_door_and_page_have_no_barrier_that_axe_knows(demo: dict[str, str]) -> None:
    with playwright() as started:
        for viewport in (DESK["viewport"], PHONE["viewport"]):
            context = desk(started, viewport=viewport, bypass_csp=True)
            page = context.new_page()
            page.goto(demo["url"])
            assert Axe().run(page).violations_count == 0
            page.fill("#link-passcode", demo["passcode"])
            page.click("#by-link button")
            page.wait_for_load_state("networkidle")
            assert page.url.endswith("/s/view/")
            assert Axe().run(page).violations_count == 0
            context.close()
