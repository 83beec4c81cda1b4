"""The twelve histories of `manage.py demo --twelve` on a fixed day, so that every date and span on a page is known."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any, TypedDict

import pytest
import time_machine
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

AT = datetime(2026, 11, 22, 14, tzinfo=UTC)  # a Sunday afternoon


class Told(TypedDict):
    """A link as its owner was told of it."""

    url: str
    code: str
    passcode: str


class Demo(Told):
    """What the command prints."""

    links: dict[str, Told]


@pytest.fixture(name="demo")
def demo_on_a_day(
    live_server: Any,  # Any: pytest-django's server
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Demo]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop in this thread
    settings.STORAGE_DIR, settings.PUBLIC_URL = tmp_path / "storage", live_server.url
    with time_machine.travel(AT):
        out = StringIO()
        call_command("demo", "--twelve", stdout=out)
        told: Demo = json.loads(out.getvalue())
        yield told


def open_with_code(page: Page, link: Told, *, language: str = "en") -> None:
    """At the door, as somebody who was told on the telephone; returns when the page and its pictures are there."""
    page.goto(f"{link['url'].partition('#')[0]}?lang={language}")
    page.fill("#code", link["code"].lower())
    page.fill("#passcode", link["passcode"])
    page.click("#by-code button")
    page.wait_for_url("**/s/view/**")
