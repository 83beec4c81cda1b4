"""Twelve very unlike histories on the clinician's page, without JavaScript: five questions answered in one screen."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

from lumptracker.demo.account import write_story
from tests.e2e.browser import DESK, desk, playwright
from tests.lumptracker.twelve import TWELVE
from tracking.models import User
from tracking.sharing import ShareWish, create_share_link

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SCREEN = DESK["viewport"]["height"]
PAPERS = ("A4", "Letter")
# Where the page answers: site, how long, how fast, red flags, what has been done.
PLACES = (
    ".facts div >> nth=0",
    ".facts div >> nth=1",
    ".facts div >> nth=3",
    ".right .flags >> nth=0",
    ".done",
)


@pytest.fixture(name="codes")
def _codes(live_server: Any, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Name of the history → the code that opens its link."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop in this thread
    settings.STORAGE_DIR, settings.PUBLIC_URL = tmp_path / "storage", live_server.url
    user, at = User.objects.create_user("ada@example.org", time_zone="Europe/London"), timezone.now()
    lumps = {name: write_story(user, one.person, one.story, at=at) for name, one in TWELVE.items()}
    wishes = {name: ShareWish(lumps=(lump,), passcode="") for name, lump in lumps.items()}
    return {name: create_share_link(user, uuid4(), wish, at=at).code for name, wish in wishes.items()}


@pytest.fixture(name="browser")
def _browser() -> Iterator[Any]:
    with playwright() as started:
        yield started


def opened(page: Page, base: str, code: str, *, language: str) -> None:
    page.goto(f"{base}/s/?lang={language}")
    page.fill("#code", code)
    page.click("#by-code button")
    page.wait_for_load_state("networkidle")


def below(page: Page, place: str) -> float:
    box = page.locator(place).first.bounding_box()
    assert box is not None, place
    return box["y"] + box["height"]


def sheets_of(page: Page, paper: str) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper)))


def test_each_answers_the_five_questions_in_the_first_screen_and_prints_on_one_sheet(
    codes: dict[str, str], browser: Any, live_server: Any
) -> None:
    context = desk(browser, java_script_enabled=False)
    page = context.new_page()
    wrong: list[str] = []
    for language in ("en", "es"):
        for name, code in codes.items():
            opened(page, live_server.url, code, language=language)
            if pictures := os.environ.get("LOOK"):
                page.screenshot(path=Path(pictures) / f"{language}-{name.replace(' ', '-')}.png")
            who = f"{language}, {name}"
            said = [page.locator(place).first.inner_text() for place in PLACES]
            if language == "en":
                pairs = zip(TWELVE[name].answers, said, strict=True)
                wrong += [f"{who}: {words} in {text}" for words, text in pairs if not re.search(words, text)]
            wrong += [
                f"{who}: nothing in {place}" for place, text in zip(PLACES, said, strict=True) if not text.strip()
            ]
            wrong += [f"{who}: {place} ends at {end:.0f}" for place in PLACES if (end := below(page, place)) > SCREEN]
            if (end := below(page, "footer")) > SCREEN:
                wrong.append(f"{who}: the page ends at {end:.0f}")
            if (size := len(page.content().encode())) > 100_000:
                wrong.append(f"{who}: {size} bytes")
            for paper in PAPERS:
                if (sheets := sheets_of(page, paper)) != 1:
                    wrong.append(f"{who}: {sheets} sheets of {paper}")
    assert not wrong, "\n".join(wrong)
