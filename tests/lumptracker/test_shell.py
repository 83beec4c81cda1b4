"""What is public before anybody signs in: a manifest under a neutral name, packed, and one page for search engines."""

from __future__ import annotations

import gzip
import json
from urllib.robotparser import RobotFileParser

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.test_wording import HEALTH_WORDS


def test_the_manifest_travels_packed_and_names_the_app_as_the_hoster_did(client: Client, settings: Settings) -> None:
    settings.APP_NAME = "Evening notes"
    answer = client.get("/manifest.webmanifest", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "no-cache"
    text = gzip.decompress(answer.content).decode()
    assert json.loads(text)["name"] == "Evening notes"
    assert not HEALTH_WORDS.search(text)


@pytest.mark.parametrize("path", ["/assets/app.js", "/s/", "/api/v1/docs/", "/admin/"])
def test_search_engines_are_kept_from_everything_behind_the_start_page(client: Client, path: str) -> None:
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").content.decode().splitlines())
    assert not rules.can_fetch("anybody", path)


def test_the_start_page_alone_is_open_to_search_engines(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert [line for line in lines if line.startswith("Allow:")] == ["Allow: /$"]  # RFC 9309: `$` ends the path
