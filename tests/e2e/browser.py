"""Debian's Chromium, driven by Playwright, as a phone or as a desk computer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Playwright, expect, sync_playwright

from tests.servers import without

PATIENCE_MS = 30_000  # how long an expectation waits on a busy machine; budgets of time are counted by themselves
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: dict[str, Any] = {  # Any: Playwright's options are of several types
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
    "timezone_id": "Europe/London",
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}, "locale": "en-GB", "timezone_id": "Europe/London"}


def chromium() -> str:
    """The browser's path; without one the test stops, loudly."""
    path = shutil.which("chromium")
    if path is None:
        without("Chromium is not installed (Debian: apt-get install chromium)")
    return path


@contextmanager
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as started:
        yield started


def phone(started: Playwright, profile: Path, **options: Any) -> BrowserContext:  # Any: as above
    """A phone that keeps its profile: service workers, storage and notifications work as when installed."""
    return started.chromium.launch_persistent_context(
        str(profile), executable_path=chromium(), args=ARGUMENTS, permissions=["notifications"], **{**PHONE, **options}
    )


def desk(started: Playwright, **options: Any) -> BrowserContext:  # Any: as above
    """A clean browser without cookies on a desk computer."""
    browser = started.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    return browser.new_context(**{**DESK, **options})
